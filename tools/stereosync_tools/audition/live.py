"""Live: a source as the client of the real service, by the wall clock, until the time is over or Ctrl-C is pressed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from stereosync.clock import Clock
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.messages import Welcome
from stereosync_tools.audition.engine_sound import EngineSound, open_engine_sound
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.feed import ClockS, Feed, PacedFeed, RenderFeed
from stereosync_tools.audition.gauges import percentiles
from stereosync_tools.audition.host import ServiceProcess
from stereosync_tools.audition.loop import ClientLoop
from stereosync_tools.audition.options import AuditionOptions
from stereosync_tools.audition.outcome import Outcome
from stereosync_tools.audition.panel import open_panel
from stereosync_tools.audition.performance import Keeper
from stereosync_tools.audition.player import DevicePlayer, NullPlayer, Player, PlayerProcess, Pump, Take, open_process
from stereosync_tools.audition.recorder import Recorder, Writer
from stereosync_tools.audition.report import merge
from stereosync_tools.audition.saving import open_sink
from stereosync_tools.audition.sources import Source

CONNECT_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Stage:
    """Everything that is open before the run begins."""

    service: ServiceProcess | None
    client: BridgeClient
    welcome: Welcome
    speaker: PlayerProcess | EngineSound | None
    feed: Feed

    @property
    def delay_s(self) -> float:
        return self.speaker.delay_s if self.speaker else 0.0

    def player(self, take: Take) -> Player:
        if isinstance(self.speaker, EngineSound):
            return self.speaker.player(take, self.welcome.sample_rate_hz)
        if self.speaker is not None:
            return DevicePlayer(take, self.speaker)
        return NullPlayer(take, self.welcome.sample_rate_hz)

    def stages_ms(self) -> dict[str, float]:
        """Median times of the service's stages; unknown for a service that this audition did not start."""
        stages = {} if self.service is None else self.service.report().get("stages", {})
        return {stage: times["p50_ms"] for stage, times in stages.items()}

    def check_service(self) -> None:
        """Raises AuditionError when the service of this audition has ended."""
        if self.service is not None and not self.service.alive:
            raise AuditionError(f"The service ended; {self.service.last_words}")


def service_arguments(options: AuditionOptions) -> list[str]:
    """The command line of the service that an audition starts."""
    arguments = ["--bundle", options.bundle]
    chosen = {"--steps": options.steps, "--lead-ms": options.lead_ms, "--seed": options.seed}
    for flag, value in chosen.items():
        arguments += [] if value is None else [flag, str(value)]
    return arguments


def audition_live(options: AuditionOptions, source: Source, console: Console, clock: ClockS) -> Outcome:
    """Run, play, write.

    Raises:
        AuditionError, BridgeConnectError, SecurityError: there is no service to hear, or it was lost.
    """
    seconds = options.seconds or source.duration_s
    notices: list[str] = []
    with ExitStack() as opened:
        stage = _open_stage(options, source, clock, opened, notices)
        rate_hz = stage.welcome.sample_rate_hz
        sink = None if options.save is None else open_sink(options.save, rate_hz, stage.delay_s)
        recorder = Recorder(writer := Writer(Keeper(rate_hz, stage.delay_s), sink))
        loop = ClientLoop(stage.client, stage.feed, recorder, clock, clock(), rate_hz, stage.delay_s)
        try:
            _perform(stage, loop, source.title, seconds, console, clock, notices)
        finally:
            ran_s = min(loop.time_s, seconds)
            stage.feed.close()
            recorder.close()
        replaced = stage.client.counters["frames_replaced"]
        stage.client.close()
        served = stage.service.close() if stage.service is not None else {}
    if recorder.frames_left_out:
        notices.append(f"{recorder.frames_left_out} pictures were left out of the file: encoding was too slow.")
    report = _report(served, stage.welcome, loop, ran_s, replaced)
    performance = writer.keeper.performance(source.contacts(ran_s))
    return Outcome(source.title, performance, report, loop.gauges.lag_ms(), tuple(notices))


def _open_stage(
    options: AuditionOptions, source: Source, clock: ClockS, opened: ExitStack, notices: list[str]
) -> Stage:
    feed: Feed = RenderFeed(source, clock) if options.tape is None else PacedFeed(source)
    opened.callback(feed.close)
    service = None
    if options.connect is None:
        service = opened.enter_context(ServiceProcess(service_arguments(options)))
    addresses = (
        (service.control_address, service.frames_address) if service else (options.connect, options.frames_connect)
    )
    speaker, notice = _open_speaker(options)
    notices += [notice] if notice else []
    # The client connects last: a session that is not polled for a few heartbeats is taken for dead.
    client = opened.enter_context(BridgeClient(_client_options(addresses[0] or "", addresses[1], options), clock))
    return Stage(service, client, client.connect(CONNECT_TIMEOUT_S), speaker, feed)


def _open_speaker(options: AuditionOptions) -> tuple[PlayerProcess | EngineSound | None, str]:
    """The speaker, or None and one sentence that says why nothing is played aloud. Raises AuditionError."""
    if not options.play:
        return None, ""
    return open_engine_sound() if options.speaker == "engine" else open_process(Clock().sample_rate_hz)


def _client_options(control: str, frames: str | None, options: AuditionOptions) -> ClientOptions:
    engine = "panda3d" if options.tape is None else "tape"
    return ClientOptions(control, frames, insecure=options.insecure, name="stereosync-audition", engine=engine)


def _perform(
    stage: Stage,
    loop: ClientLoop,
    title: str,
    seconds: float,
    console: Console,
    clock: Callable[[], float],
    notices: list[str],
) -> None:
    stage.feed.begin(loop.start_s)
    pump = Pump(stage.player(loop.take), loop.take, stage.welcome.sample_rate_hz, clock)
    try:
        with pump, open_panel(console, f"{title} · {stage.welcome.bundle}", seconds) as panel:
            while loop.time_s < seconds:
                loop.tick()
                stage.check_service()
                panel.show(loop.time_s, lambda: loop.reading(stage.stages_ms()))
    except KeyboardInterrupt:
        notices.append(f"Ended by Ctrl-C after {loop.time_s:.1f} s; what was heard so far is kept.")
    if pump.notice:
        notices.append(pump.notice)


def _report(
    served: dict[str, Any], welcome: Welcome, loop: ClientLoop, seconds: float, frames_replaced: int
) -> dict[str, Any]:
    known = {
        "bundle": welcome.bundle,
        "chunk_ms": 1000 * welcome.chunk_samples / welcome.sample_rate_hz,
        "late_chunks": loop.gauges.counts["late"],
        "concealed_chunks": loop.gauges.counts["concealed"],
        "errors": loop.gauges.counts["errors"],
    }
    measured = {
        "seconds": round(seconds, 3),
        "frame_to_chunk_ms": percentiles(loop.gauges.frame_to_chunk_ms),
        "dropped_frames": served.get("dropped_frames", 0) + frames_replaced,
        "underruns": loop.underruns,
    }
    return merge({**known, **served}, measured, "the service was not started by this audition; see its --stats file")
