"""One client's stream: its newest frame, cue state, stream state, position and quality.

Threads: the worker makes every call, except those on `inbox`. Time is passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stereosync.clock import Clock
from stereosync.cues import Cues, CueState, encode
from stereosync.scene import Chunk, Float32Array, SceneFrame
from stereosync_runtime.budget import CONCEAL, ChunkWork, Quality, StageCosts, choose
from stereosync_runtime.cushion import START_S
from stereosync_runtime.empty_scene import nothing, without_characters
from stereosync_runtime.inbox import Inbox
from stereosync_runtime.knowledge import Basis
from stereosync_runtime.notices import Notices
from stereosync_runtime.pace import Pace
from stereosync_runtime.pacing import STALE_S, latent_ages
from stereosync_runtime.picture_size import shrunk
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.replies import GrantCredit, SendAudio, Warn
from stereosync_runtime.stream import CueTokens, Part, StreamState
from stereosync_runtime.telemetry import ChunkMade, Telemetry


@dataclass(frozen=True)
class StreamOptions:
    """How streams are made. `ladder`: step counts, most first; `target_s`: how much sound waits at a client before
    anything was measured; `lead_s` None: from the client's reports; `together`: how many sessions that are due are made
    at once."""

    ladder: tuple[int, ...]
    chunk_latents: int
    target_s: float = START_S
    lead_s: float | None = None
    together: int = 1


@dataclass(frozen=True)
class Shared:
    """What all sessions of a worker use."""

    pipeline: Pipeline
    options: StreamOptions
    costs: StageCosts
    telemetry: Telemetry
    clock: Callable[[], float]

    def timed(self, stage: str, seconds: float) -> None:
        """A stage outside the pipeline took `seconds`."""
        self.costs.record(stage, seconds)
        self.telemetry.stage(stage, seconds)


@dataclass(frozen=True)
class Turn:
    """A chunk that a session is about to make: decided, not yet made. `late_at_s`: when its client runs out of sound;
    `expected_s`: how long it should take."""

    steps: int
    started_s: float
    heard_at_s: float
    late_at_s: float
    expected_s: float


class Session:
    """A client's stream."""

    def __init__(self, session_id: str, seed: int, shared: Shared) -> None:
        self.session_id = session_id
        self.inbox = Inbox()
        self.epoch = 0
        self._seed = seed
        self._shared = shared
        self._bundle = shared.pipeline.bundle
        self._clock: Clock = self._bundle.clock
        self._dropped_frames = 0
        options = shared.options
        chunk_s = options.chunk_latents * self._clock.latent_s
        self._pace = Pace(self._clock.sample_rate_hz, chunk_s, options.target_s, options.lead_s)
        self._notices = Notices(session_id)
        self._start()

    def _start(self) -> None:
        self.frame: SceneFrame | None = None  # received, not yet seen
        self._cue_state = CueState()
        self._cues = nothing(self._bundle.cue_spec)
        self._tokens: CueTokens | None = None  # of `_cues`, once they are needed
        self._seen = self._stale = False
        self._state = self._shared.pipeline.initial(self._seed)
        self._quality = Quality(self._shared.options.ladder[0])
        self._pace.restart()
        self.basis: Basis | None = None  # of the newest chunk; any thread may read it

    def collect(self) -> GrantCredit | None:
        """Take what came in. After a reset the client owes a frame, so it gets the credit for one."""
        mail = self.inbox.take()
        self._count_drops()
        if mail.reset:
            self.epoch += 1
            self._start()
        if mail.playback is not None:
            same_epoch = mail.playback.epoch == self.epoch
            self._shared.telemetry.count("underruns", self._pace.hear(mail.playback, same_epoch, mail.told_s))
        elif mail.silent:
            self._pace.hear_nothing(mail.told_s)
        if mail.frame is not None:
            self._shared.telemetry.count("dropped_frames", self.frame is not None)
            self.frame = mail.frame
        return GrantCredit(self.session_id) if mail.reset and mail.frame is None else None

    def due_s(self, now_s: float) -> float | None:
        """When the next chunk is due; None before the first frame, or while only a report can tell."""
        if not self._seen and self.frame is None:
            return None
        return self._pace.due_s(now_s)

    def left_s(self, now_s: float) -> float:
        """Seconds until the client runs out of sound."""
        return self._pace.left_s(now_s)

    @property
    def target_s(self) -> float:
        """How much sound should wait at the client; any thread may ask."""
        return self._pace.target_s

    def see(self) -> list[GrantCredit | Warn]:
        """Make cues of the received frame; the client may then send the next, and hears of what looks wrong."""
        if self.frame is None:
            return []
        started_s = self._shared.clock()
        self._cue_state, self._cues = encode(self._bundle.cue_spec, self._cue_state, shrunk(self.frame))
        self.frame, self._tokens = None, None
        self._seen, self._stale = True, False
        self._shared.timed("cues", self._shared.clock() - started_s)
        told = self._cues.told
        self._shared.telemetry.count("unknown_words", len(told.unknown_words))
        self._shared.telemetry.count("contacts_out_of_time", told.out_of_time)
        return [GrantCredit(self.session_id), *self._notices.of(told)]

    @property
    def unseen_cues(self) -> Cues | None:
        """The cues that the pipeline has not made tokens of; None before the first frame."""
        return self._cues if self._seen and self._tokens is None else None

    def take_tokens(self, tokens: CueTokens) -> None:
        """The tokens of `unseen_cues`."""
        self._tokens = tokens

    @property
    def state(self) -> StreamState:
        return self._state

    def move(self, state: StreamState) -> None:
        """The same stream on other engines; what the old ones saw is seen anew."""
        self._state, self._tokens = state, None

    def turn(self, streams: int = 1) -> Turn:
        """Decide on the next chunk, as good as the time left allows when `streams` are made at once."""
        started_s = self._shared.clock()
        self._pace.begin(started_s)
        self._age(started_s)
        steps = self._choose_steps(started_s, streams)
        return Turn(
            steps=steps,
            started_s=started_s,
            heard_at_s=self._pace.heard_s(started_s),
            late_at_s=self._pace.ends_s(started_s),
            expected_s=streams * self._shared.costs.mean_s(self._work(steps)),
        )

    def conceal(self, turn: Turn) -> SendAudio:
        """The chunk of a turn that has no time left."""
        self._state, samples = self._shared.pipeline.conceal(self._state, self._shared.options.chunk_latents)
        return self._send(turn, samples, self._shared.clock(), 1)

    def part(self, turn: Turn) -> Part:
        """What the pipeline makes the chunk of; its tokens must have been taken."""
        assert self._tokens is not None
        latents = self._shared.options.chunk_latents
        capture_s = turn.heard_at_s if self._stale else self._cues.capture_time_s
        ages_s, bounded = latent_ages(
            turn.heard_at_s, capture_s, latents, self._clock.latent_s, self._bundle.max_lead_s
        )
        self._shared.telemetry.count("ages_bounded", bounded)
        return Part(self._state, self._tokens, ages_s)

    def finish(self, turn: Turn, part: Part, state: StreamState, samples: Float32Array, streams: int) -> SendAudio:
        """The chunk that was made of `part`, with `streams` in all at once."""
        self._state = state
        self.basis = Basis(self._cues, part.tokens, state.foresight, part.middle_s)
        return self._send(turn, samples, self._shared.clock(), streams)

    def _send(self, turn: Turn, samples: Float32Array, finished_s: float, streams: int) -> SendAudio:
        age_s = turn.heard_at_s - self._cues.capture_time_s
        took_ms = (finished_s - turn.started_s) * 1000
        chunk = Chunk(self.epoch, self._pace.next_sample, samples, age_s, turn.steps, took_ms)
        best = ChunkWork(self._shared.options.ladder[0], self._shared.options.chunk_latents, new_frame=True)
        self._pace.finish(len(samples), finished_s, self._shared.costs.chunk_s(best, streams))
        late = finished_s > turn.late_at_s
        self._shared.telemetry.count("late_chunks", late)
        if late or turn.steps == CONCEAL:
            self._pace.too_late(finished_s)
        self._tell(chunk, finished_s, streams)
        return SendAudio(self.session_id, chunk, self._cues.capture_time_s)

    def _age(self, now_s: float) -> None:
        """Of a scene that is too old, only the place remains."""
        if not self._stale and now_s - self._cues.capture_time_s > STALE_S:
            self._cues, self._tokens, self._stale = without_characters(self._cues), None, True

    def _choose_steps(self, now_s: float, streams: int) -> int:
        costs, ladder, left_s = self._shared.costs, self._shared.options.ladder, self.left_s(now_s)

        def cost_s(steps: int) -> float:
            return costs.chunk_s(self._work(steps), streams)

        least_s = streams * costs.mean_s(self._work(ladder[-1]))
        self._quality, steps = choose(self._quality, ladder, left_s, least_s, cost_s)
        return steps

    def _work(self, steps: int) -> ChunkWork:
        return ChunkWork(steps, self._shared.options.chunk_latents, new_frame=self._tokens is None)

    def _count_drops(self) -> None:
        dropped = self.inbox.dropped_frames
        self._shared.telemetry.count("dropped_frames", dropped - self._dropped_frames)
        self._dropped_frames = dropped

    def _tell(self, chunk: Chunk, finished_s: float, streams: int) -> None:
        telemetry, steps = self._shared.telemetry, chunk.steps
        telemetry.count("concealed_chunks", steps == CONCEAL)
        telemetry.count("degraded_chunks", CONCEAL < steps < self._shared.options.ladder[0])
        telemetry.chunk(
            ChunkMade(
                audio_s=self._clock.seconds(len(chunk.samples)),
                compute_s=chunk.compute_ms / 1000,
                streams=streams,
                frame_to_chunk_s=None if self._stale else finished_s - self._cues.capture_time_s,
                lead_s=None if self._stale else chunk.age_s,
            )
        )
