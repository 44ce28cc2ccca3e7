"""One client's stream: its newest frame, cue state, stream state, position and quality.

Threads: the worker makes every call, except those on `inbox`. Time is passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stereosync.clock import Clock
from stereosync.cues import Cues, CueState, encode
from stereosync.scene import Chunk, Float32Array, SceneFrame
from stereosync_bridge.messages import Playback
from stereosync_runtime.absence import nothing, without_characters
from stereosync_runtime.budget import CONCEAL, ChunkWork, Quality, StageCosts, choose
from stereosync_runtime.inbox import Inbox
from stereosync_runtime.outgoing import GrantCredit, SendAudio
from stereosync_runtime.pacing import STALE_S, Playhead, available_s, buffered_samples, due_s, heard_s, latent_ages
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.shrink import shrunk
from stereosync_runtime.stream import CueTokens, Part, StreamState
from stereosync_runtime.telemetry import ChunkMade, Telemetry


@dataclass(frozen=True)
class StreamOptions:
    """How streams are made. `ladder`: step counts, most first; `lead_s` None: from the client's reports; `together`:
    how many sessions that are due are made at once."""

    ladder: tuple[int, ...]
    chunk_latents: int
    target_s: float
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
        self._underruns = 0
        self._dropped_frames = 0
        self._start()

    def _start(self) -> None:
        self.frame: SceneFrame | None = None  # received, not yet seen
        self._cue_state = CueState()
        self._cues = nothing(self._bundle.cue_spec)
        self._tokens: CueTokens | None = None  # of `_cues`, once they are needed
        self._seen = self._stale = False
        self._state = self._shared.pipeline.initial(self._seed)
        self._playhead = Playhead(self._clock.sample_rate_hz)
        self._quality = Quality(self._shared.options.ladder[0])
        self._next_sample = 0
        self._made_s = float("-inf")

    def collect(self) -> GrantCredit | None:
        """Take what came in. After a reset the client owes a frame, so it gets the credit for one."""
        mail = self.inbox.take()
        self._count_drops()
        if mail.reset:
            self.epoch += 1
            self._start()
        if mail.playback is not None:
            self._hear(mail.playback, mail.told_s)
        if mail.frame is not None:
            self._shared.telemetry.count("dropped_frames", self.frame is not None)
            self.frame = mail.frame
        return GrantCredit(self.session_id) if mail.reset and mail.frame is None else None

    def due_s(self, now_s: float) -> float | None:
        """When the next chunk is due; None before the first frame, or while only a report can tell.

        Never more than two chunks in a chunk's time, whatever a client claims to have played.
        """
        if not self._seen and self.frame is None:
            return None
        options = self._shared.options
        target = round(options.target_s * self._clock.sample_rate_hz)
        due = due_s(self._playhead, self._next_sample, target, now_s)
        return None if due is None else max(due, self._made_s + options.chunk_latents * self._clock.latent_s / 2)

    def left_s(self, now_s: float) -> float:
        """Seconds until the client runs out of sound."""
        return available_s(self._playhead, self._next_sample, now_s)

    def see(self) -> GrantCredit | None:
        """Make cues of the received frame; the client may then send the next."""
        if self.frame is None:
            return None
        started_s = self._shared.clock()
        self._cue_state, self._cues = encode(self._bundle.cue_spec, self._cue_state, shrunk(self.frame))
        self.frame, self._tokens = None, None
        self._seen, self._stale = True, False
        self._shared.timed("cues", self._shared.clock() - started_s)
        return GrantCredit(self.session_id)

    @property
    def unseen_cues(self) -> Cues | None:
        """The cues that the pipeline has not made tokens of."""
        return self._cues if self._tokens is None else None

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
        started_s = self._made_s = self._shared.clock()
        self._age(started_s)
        steps = self._choose_steps(started_s, streams)
        return Turn(
            steps=steps,
            started_s=started_s,
            heard_at_s=heard_s(self._playhead, self._next_sample, started_s, self._shared.options.lead_s),
            late_at_s=started_s
            + buffered_samples(self._playhead, self._next_sample, started_s) / self._playhead.rate_hz,
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

    def finish(self, turn: Turn, state: StreamState, samples: Float32Array, streams: int) -> SendAudio:
        """The chunk that was made, with `streams` in all at once."""
        self._state = state
        return self._send(turn, samples, self._shared.clock(), streams)

    def _send(self, turn: Turn, samples: Float32Array, finished_s: float, streams: int) -> SendAudio:
        self._shared.telemetry.count("late_chunks", finished_s > turn.late_at_s and not self._playhead.stalled)
        age_s = turn.heard_at_s - self._cues.capture_time_s
        took_ms = (finished_s - turn.started_s) * 1000
        chunk = Chunk(self.epoch, self._next_sample, samples, age_s, turn.steps, took_ms)
        self._next_sample += len(samples)
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

    def _hear(self, playback: Playback, told_s: float) -> None:
        if playback.epoch == self.epoch:
            played = min(playback.played_samples, self._next_sample)  # what was not made cannot have been heard
            self._playhead = self._playhead.told(played, told_s)
        self._shared.telemetry.count("underruns", max(playback.underruns - self._underruns, 0))
        self._underruns = playback.underruns

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
