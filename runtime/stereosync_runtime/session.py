"""One client's stream: its newest frame, cue state, stream state, position and quality.

Threads: the worker makes every call, except those on `inbox` and `arrivals`. Time is passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from stereosync.clock import Clock
from stereosync.scene import Chunk, Float32Array
from stereosync_bridge.errors import WireError
from stereosync_bridge.events import FrameReceived
from stereosync_runtime.budget import CONCEAL, ChunkWork, Looks, Price, Quality, StageCosts, choose
from stereosync_runtime.cushion import START_S
from stereosync_runtime.inbox import Inbox
from stereosync_runtime.knowledge import Basis
from stereosync_runtime.observers import Arrivals
from stereosync_runtime.pacing import Due, Pace, Window
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.replies import GrantCredit, Notices, RejectFrame, SendAudio, Warn
from stereosync_runtime.sight import aged, latent_ages, look, unsighted
from stereosync_runtime.stream import Made, Part, StreamState, middle_s
from stereosync_runtime.telemetry import ChunkMade, Telemetry

NEW_FRAME = ChunkWork(steps=0, latents=0, new_frame=True)  # nothing but a frame's tokens

Reply: TypeAlias = GrantCredit | RejectFrame | Warn


@dataclass(frozen=True)
class StreamOptions:
    """Options that all streams of a service share."""

    ladder: tuple[int, ...]  # step counts, most first
    chunk_latents: int
    target_s: float = START_S  # how much sound waits at a client before anything was measured
    lead_s: float | None = None  # None: from the client's reports
    together: int = 1  # sessions that are made at once, at most

    @property
    def best_work(self) -> ChunkWork:
        """A chunk of full quality and a new frame."""
        return ChunkWork(self.ladder[0], self.chunk_latents, new_frame=True)


@dataclass(frozen=True)
class Shared:
    """The parts that all sessions of a worker use."""

    pipeline: Pipeline
    options: StreamOptions
    costs: StageCosts
    telemetry: Telemetry
    clock: Callable[[], float]


@dataclass(frozen=True)
class Turn:
    """A chunk that is decided and not yet made."""

    part: Part  # what the pipeline makes it of
    steps: int  # of the sampler, or CONCEAL
    started_s: float
    window: Window
    expected_s: float  # how long it should take
    best: Price  # of a chunk of full quality
    ages_bounded: int  # latents whose frame is older than the model knows


class Session:
    """A client's stream. In turn: `collect`, `due`, `prepare` while there is time, `turn`, `finish`."""

    def __init__(self, session_id: str, seed: int, shared: Shared) -> None:
        self.session_id = session_id
        self.inbox = Inbox()
        self.arrivals = Arrivals(shared.clock())
        self.epoch = 0
        self._seed = seed
        self._shared = shared
        self._bundle = shared.pipeline.bundle
        self._clock: Clock = self._bundle.clock
        options = shared.options
        self._latent_s = self._clock.latent_s
        chunk_s = options.chunk_latents * self._latent_s
        self._pace = Pace(self._clock.sample_rate_hz, chunk_s, options.target_s, options.lead_s)
        self._notices = Notices(session_id)
        self.looks = Looks()
        self.begun_s = float("-inf")  # its newest chunk that was made: one that is concealed is no service
        self._start()

    def _start(self) -> None:
        self._frame: FrameReceived | None = None  # not yet looked at
        self._sight = unsighted(self._bundle.cue_spec)
        self.state = self._shared.pipeline.initial(self._seed)
        self._quality = Quality(self._shared.options.ladder[0])
        self._pace.restart()
        self.basis: Basis | None = None  # of the newest chunk; any thread may read it

    @property
    def target_s(self) -> float:
        """Seconds of sound that should wait at the client; any thread may ask."""
        return self._pace.target_s

    @property
    def decode_s(self) -> float:
        """Seconds that it takes to read a frame, smoothed; any thread may ask."""
        return self.looks.mean_s

    def collect(self) -> list[Reply]:
        """Take what came in. After a reset the client owes a frame, so it gets the credit for one."""
        mail = self.inbox.take()
        dropped, underruns = mail.dropped_frames, 0
        if mail.reset:
            self.epoch += 1
            self._start()
        if mail.playback is not None:
            underruns = self._pace.hear(mail.playback, mail.playback.epoch == self.epoch, mail.told_s)
        elif mail.silent:
            self._pace.hear_nothing(mail.told_s)
        if mail.frame is not None:
            dropped += self._frame is not None
            self._frame = mail.frame
        if dropped or underruns:
            self._shared.telemetry.count(dropped_frames=dropped, underruns=underruns)
        return [GrantCredit(self.session_id)] if mail.reset and mail.frame is None else []

    def due(self, now_s: float) -> Due | None:
        """The next chunk's due; None before the first frame, or while only a report can tell."""
        if not self._sight.looked and self._frame is None:
            return None
        return self._pace.due(now_s)

    def look(self, spare_s: float, sessions: int = 1) -> list[Reply]:
        """Decode the received frame and make cues of it, if it is this session's turn and there is time to spare.

        The client may then send the next frame, and hears of what looks wrong in this one.
        """
        received, started_s = self._frame, self._shared.clock()
        if received is None or not self.looks.may_look(started_s, received.received_s, spare_s):
            return []
        self._frame = None
        try:
            self._sight = look(self._bundle.cue_spec, self._sight, received.frame)
        except WireError as error:
            return [RejectFrame(self.session_id, error)]
        finally:
            took_s = self._shared.clock() - started_s
            self.looks = self.looks.after(started_s, took_s, sessions)
            self._shared.costs.record([("cues", took_s)])
        told = self._sight.cues.told
        if told.unknown_words or told.out_of_time:
            self._shared.telemetry.count(unknown_words=len(told.unknown_words), contacts_out_of_time=told.out_of_time)
        return [GrantCredit(self.session_id), *self._notices.of(received, told, self.looks)]

    def look_due_s(self) -> float:
        """The moment from which the received frame may be looked at; never, without one."""
        return float("inf") if self._frame is None else self.looks.next_s

    def prepare(self, wait_s: float, sessions: int) -> list[Reply] | None:
        """Work ahead while nothing is due for `wait_s`: look at a frame, or make its tokens; None if there is nothing.

        Tokens of several sessions are made together, at less cost, when their chunks are: only one that is alone
        makes its own ahead.
        """
        replies = self.look(wait_s, sessions)
        if replies:
            return replies
        missing = self._sight.looked and self._sight.tokens is None
        if not (sessions == 1 and missing and wait_s > self._shared.costs.mean_s(NEW_FRAME)):
            return None
        started_s = self._shared.clock()
        self._sight = replace(self._sight, tokens=self._shared.pipeline.encode(self._sight.cues))
        self._shared.telemetry.work(self._shared.clock() - started_s)
        return []

    def turn(self, streams: int = 1) -> Turn:
        """Decide on the next chunk, as good as the time left allows when `streams` are made at once."""
        costs, ladder, latents = self._shared.costs, self._shared.options.ladder, self._shared.options.chunk_latents
        started_s = self._shared.clock()
        # 1. The scene, which may have grown too old.
        self._sight = aged(self._sight, started_s)
        # 2. The time that there is, and the steps that fit into it.
        window = self._pace.begin(started_s)
        prices = costs.prices(ladder, latents, self._sight.tokens is None, streams)
        best = costs.price(self._shared.options.best_work, streams)
        self._quality, steps = choose(self._quality, prices, window.left_s)
        if steps != CONCEAL:
            self.begun_s = started_s
        # 3. How old the scene will be when each latent is heard.
        captured_s = self._sight.captured_s(window.heard_at_s)
        ages_s, bounded = latent_ages(window.heard_at_s, captured_s, latents, self._latent_s, self._bundle.max_lead_s)
        return Turn(
            part=Part(self.state, self._sight.newest, ages_s),
            steps=steps,
            started_s=started_s,
            window=window,
            expected_s=0.0 if steps == CONCEAL else prices[steps].mean_s,
            best=best,
            ages_bounded=0 if steps == CONCEAL else bounded,
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
        self._pace.finish(len(samples), finished_s, turn.best.cautious_s)
        late = finished_s > turn.window.late_at_s
        if late or turn.steps == CONCEAL:
            self._pace.too_late(finished_s)
        self._shared.telemetry.chunk(
            ChunkMade(
                audio_s=len(samples) / self._clock.sample_rate_hz,
                compute_s=finished_s - turn.started_s,
                streams=streams,
                frame_to_chunk_s=None if self._sight.stale else finished_s - self._sight.cues.capture_time_s,
                lead_s=None if self._sight.stale else chunk.age_s,
                late=late,
                concealed=turn.steps == CONCEAL,
                degraded=CONCEAL < turn.steps < self._shared.options.ladder[0],
                ages_bounded=turn.ages_bounded,
                broken=0 if made is None else made.broken,
            )
        )
        return SendAudio(self.session_id, chunk, self._sight.cues.capture_time_s)

    def move(self, state: StreamState) -> None:
        """The same stream on other runners; the tokens of the old ones are made anew."""
        self.state, self._sight = state, replace(self._sight, tokens=None)

    def _chunk(self, turn: Turn, samples: Float32Array, finished_s: float) -> Chunk:
        age_s = turn.window.heard_at_s - self._sight.cues.capture_time_s
        took_ms = (finished_s - turn.started_s) * 1000
        return Chunk(self.epoch, self._pace.next_sample, samples, age_s, turn.steps, took_ms)
