"""One client's stream: its newest frame, cue state, stream state, position and quality.

Threads: the worker makes every call, except those on `inbox`. Time is passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from stereosync.clock import Clock
from stereosync.scene import Chunk, Float32Array, SceneFrame
from stereosync_runtime.budget import CONCEAL, ChunkWork, Quality, StageCosts, choose
from stereosync_runtime.cushion import START_S
from stereosync_runtime.inbox import Inbox
from stereosync_runtime.knowledge import Basis
from stereosync_runtime.notices import Notices
from stereosync_runtime.pace import Pace
from stereosync_runtime.pacing import latent_ages
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.replies import GrantCredit, SendAudio, Warn
from stereosync_runtime.sight import aged, look, unsighted
from stereosync_runtime.stream import Made, Part, StreamState, middle_s
from stereosync_runtime.telemetry import ChunkMade, Telemetry

NEW_FRAME = ChunkWork(steps=0, latents=0, new_frame=True)  # nothing but a frame's tokens

Reply: TypeAlias = GrantCredit | Warn


@dataclass(frozen=True)
class StreamOptions:
    """Options that all streams of a service share."""

    ladder: tuple[int, ...]  # step counts, most first
    chunk_latents: int
    target_s: float = START_S  # how much sound waits at a client before anything was measured
    lead_s: float | None = None  # None: from the client's reports
    together: int = 1  # sessions that are made at once, at most


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
class Due:
    """When a session's next chunk is due, and in how many seconds its client runs out of sound."""

    at_s: float
    left_s: float


@dataclass(frozen=True)
class Turn:
    """A chunk that is decided and not yet made."""

    part: Part  # what the pipeline makes it of
    steps: int  # of the sampler, or CONCEAL
    started_s: float
    heard_at_s: float
    late_at_s: float  # when the client runs out of sound
    expected_s: float  # how long it should take


class Session:
    """A client's stream. In turn: `collect`, `due`, `prepare` while there is time, `turn`, `finish`."""

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
        self._frame: SceneFrame | None = None  # received, not yet looked at
        self._sight = unsighted(self._bundle.cue_spec)
        self.state = self._shared.pipeline.initial(self._seed)
        self._quality = Quality(self._shared.options.ladder[0])
        self._pace.restart()
        self.basis: Basis | None = None  # of the newest chunk; any thread may read it

    @property
    def target_s(self) -> float:
        """How much sound should wait at the client; any thread may ask."""
        return self._pace.target_s

    def collect(self) -> list[Reply]:
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
            self._shared.telemetry.count("dropped_frames", self._frame is not None)
            self._frame = mail.frame
        return [GrantCredit(self.session_id)] if mail.reset and mail.frame is None else []

    def due(self, now_s: float) -> Due | None:
        """When the next chunk is due; None before the first frame, or while only a report can tell."""
        if not self._sight.looked and self._frame is None:
            return None
        at_s = self._pace.due_s(now_s)
        return None if at_s is None else Due(at_s, self._pace.left_s(now_s))

    def look(self) -> list[Reply]:
        """Make cues of the received frame; the client may then send the next, and hears of what looks wrong."""
        if self._frame is None:
            return []
        started_s = self._shared.clock()
        self._sight, self._frame = look(self._bundle.cue_spec, self._sight, self._frame), None
        self._shared.timed("cues", self._shared.clock() - started_s)
        told = self._sight.cues.told
        self._shared.telemetry.count("unknown_words", len(told.unknown_words))
        self._shared.telemetry.count("contacts_out_of_time", told.out_of_time)
        return [GrantCredit(self.session_id), *self._notices.of(told)]

    def prepare(self, wait_s: float, alone: bool) -> list[Reply] | None:
        """Work ahead while nothing is due for `wait_s`: look at a frame, or make its tokens; None if there is nothing.

        Tokens of several sessions are made together, at less cost, when their chunks are: only one that is `alone`
        makes its own ahead.
        """
        if self._frame is not None:
            return self.look()
        missing = self._sight.looked and self._sight.tokens is None
        if not (alone and missing and wait_s > self._shared.costs.mean_s(NEW_FRAME)):
            return None
        started_s = self._shared.clock()
        self._sight = replace(self._sight, tokens=self._shared.pipeline.encode(self._sight.cues))
        self._shared.telemetry.work(self._shared.clock() - started_s)
        return []

    def turn(self, streams: int = 1) -> Turn:
        """Decide on the next chunk, as good as the time left allows when `streams` are made at once."""
        started_s = self._shared.clock()
        self._pace.begin(started_s)
        self._sight = aged(self._sight, started_s)
        steps = self._choose_steps(started_s, streams)
        heard_at_s = self._pace.heard_s(started_s)
        return Turn(
            part=self._part(heard_at_s, steps),
            steps=steps,
            started_s=started_s,
            heard_at_s=heard_at_s,
            late_at_s=self._pace.ends_s(started_s),
            expected_s=streams * self._shared.costs.mean_s(self._work(steps)),
        )

    def finish(self, turn: Turn, made: Made | None, streams: int = 1) -> SendAudio:
        """The chunk of a turn, of which `streams` were made at once; where nothing was made, it is concealed."""
        if made is None:
            latents = self._shared.options.chunk_latents
            self.state, samples = self._shared.pipeline.conceal(self.state, latents)
        else:
            self.state, samples = made.state, made.samples
            self._sight = replace(self._sight, tokens=made.tokens)
            moment_s = middle_s(made.tokens, turn.part.ages_s)
            self.basis = Basis(self._sight.cues, made.tokens, made.state.foresight, moment_s)
        finished_s = self._shared.clock()
        chunk = self._chunk(turn, samples, finished_s)
        best = ChunkWork(self._shared.options.ladder[0], self._shared.options.chunk_latents, new_frame=True)
        self._pace.finish(len(samples), finished_s, self._shared.costs.chunk_s(best, streams))
        late = finished_s > turn.late_at_s
        self._shared.telemetry.count("late_chunks", late)
        if late or turn.steps == CONCEAL:
            self._pace.too_late(finished_s)
        self._count_chunk(chunk, finished_s, streams)
        return SendAudio(self.session_id, chunk, self._sight.cues.capture_time_s)

    def move(self, state: StreamState) -> None:
        """The same stream on other runners; the tokens of the old ones are made anew."""
        self.state, self._sight = state, replace(self._sight, tokens=None)

    def _part(self, heard_at_s: float, steps: int) -> Part:
        captured_s = self._sight.captured_s(heard_at_s)
        latents = self._shared.options.chunk_latents
        ages_s, bounded = latent_ages(heard_at_s, captured_s, latents, self._clock.latent_s, self._bundle.max_lead_s)
        self._shared.telemetry.count("ages_bounded", bounded and steps != CONCEAL)
        return Part(self.state, self._sight.newest, ages_s)

    def _chunk(self, turn: Turn, samples: Float32Array, finished_s: float) -> Chunk:
        age_s = turn.heard_at_s - self._sight.cues.capture_time_s
        took_ms = (finished_s - turn.started_s) * 1000
        return Chunk(self.epoch, self._pace.next_sample, samples, age_s, turn.steps, took_ms)

    def _choose_steps(self, now_s: float, streams: int) -> int:
        costs, ladder, left_s = self._shared.costs, self._shared.options.ladder, self._pace.left_s(now_s)

        def cost_s(steps: int) -> float:
            return costs.chunk_s(self._work(steps), streams)

        least_s = streams * costs.mean_s(self._work(ladder[-1]))
        self._quality, steps = choose(self._quality, ladder, left_s, least_s, cost_s)
        return steps

    def _work(self, steps: int) -> ChunkWork:
        return ChunkWork(steps, self._shared.options.chunk_latents, new_frame=self._sight.tokens is None)

    def _count_drops(self) -> None:
        dropped = self.inbox.dropped_frames
        self._shared.telemetry.count("dropped_frames", dropped - self._dropped_frames)
        self._dropped_frames = dropped

    def _count_chunk(self, chunk: Chunk, finished_s: float, streams: int) -> None:
        telemetry, steps, stale = self._shared.telemetry, chunk.steps, self._sight.stale
        telemetry.count("concealed_chunks", steps == CONCEAL)
        telemetry.count("degraded_chunks", CONCEAL < steps < self._shared.options.ladder[0])
        telemetry.chunk(
            ChunkMade(
                audio_s=self._clock.seconds(len(chunk.samples)),
                compute_s=chunk.compute_ms / 1000,
                streams=streams,
                frame_to_chunk_s=None if stale else finished_s - self._sight.cues.capture_time_s,
                lead_s=None if stale else chunk.age_s,
            )
        )
