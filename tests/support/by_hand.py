"""The worker and clients on a hand-driven clock: what was made, when it came, and what was played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from made_scenes import SceneAt, arrived
from toy_graphs import Toy

from stereosync.scene import Chunk
from stereosync_bridge.messages import Playback
from stereosync_runtime.budget import StageCosts
from stereosync_runtime.replies import Outgoing, SendAudio
from stereosync_runtime.session import Session, Shared, StreamOptions
from stereosync_runtime.telemetry import RunConditions, Telemetry
from stereosync_runtime.worker import Worker

CONDITIONS = RunConditions("toy", "fake", 1, 2, 40)
RATE = 48_000


@dataclass
class Player:
    """A client by hand: plays what came, at the rate of the clock, after 30 ms of priming."""

    session: Session
    now: Callable[[], float]
    received: int = 0
    started_s: float | None = None
    chunks: list[Chunk] = field(default_factory=list)
    device_ms: float = 0.0
    silent: bool = False  # it does not say what it plays

    def take(self, chunk: Chunk) -> None:
        assert chunk.start_sample == self.received
        self.received += len(chunk.samples)
        self.chunks.append(chunk)
        if self.started_s is None and self.received >= 0.03 * RATE:
            self.started_s = self.now()

    def played(self) -> int:
        return 0 if self.started_s is None else min(int((self.now() - self.started_s) * RATE), self.received)

    def report(self) -> None:
        said = Playback(self.played(), epoch=self.session.epoch, device_ms=self.device_ms)
        self.session.inbox.put_playback(None if self.silent else said, self.now())


class Loop:
    """The worker and one or more players on a hand-driven clock."""

    def __init__(self, toy: Toy, sessions: int = 1, steps: int = 2, together: int = 1, chunk_latents: int = 2) -> None:
        self.toy, self.clock = toy, toy.clock
        self.telemetry = Telemetry(CONDITIONS)
        costs = StageCosts()
        pipeline = toy.pipeline(costs.record)
        ladder = tuple(rung for rung in pipeline.ladder if rung <= steps)
        options = StreamOptions(ladder, chunk_latents, together=together)
        shared = Shared(pipeline, options, costs, self.telemetry, toy.clock)
        self.sent: list[Outgoing] = []
        self.worker = Worker(shared, self.sent.append)
        self.players = [Player(Session(str(index), 7, shared), toy.clock) for index in range(sessions)]
        for player in self.players:
            self.worker.add(player.session)

    def work(self) -> None:
        """Work until there is nothing to do, handing out what is sent."""
        while self.worker.work_once() == 0:
            self.deliver()
        self.deliver()

    def deliver(self) -> None:
        while self.sent:
            outgoing = self.sent.pop(0)
            if isinstance(outgoing, SendAudio):
                self.players[int(outgoing.session_id)].take(outgoing.chunk)

    def run(self, seconds: float, scene: SceneAt | None, fps: int = 30) -> Iterator[None]:
        """Frames and reports at `fps`; yields after each."""
        start_s = self.clock.now_s
        for index in range(int(seconds * fps)):
            for player in self.players:
                player.report()
                if scene is not None:
                    player.session.inbox.put_frame(arrived(scene(self.clock.now_s, index)))
            while self.clock.now_s < start_s + (index + 1) / fps:
                if self.worker.work_once() > 0:
                    self.clock.now_s += 0.002
                self.deliver()
            yield

    def count(self, name: str) -> int:
        return int(self.telemetry.report()[name])


def drain(steps: Iterator[None]) -> None:
    for _ in steps:
        pass
