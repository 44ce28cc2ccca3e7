"""The budget of time: sampler steps, fewer when it is short and none (conceal) when nothing fits; looks at frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

StageTimes = Sequence[tuple[str, float]]  # stage, and the seconds of one stream's share

CONCEAL = 0
RECOVER_CHUNKS = 25  # easy chunks in a row before more steps are tried again: about a second
RECOVER_SHARE = 0.7  # a chunk was easy if more steps would have fitted into this share of its time
MAX_CONCEALED = 2  # then one is made however late, or a cost measured in a bad moment would silence the stream for good


@dataclass(frozen=True)
class ChunkWork:
    """The stages that run for a chunk."""

    steps: int
    latents: int
    new_frame: bool


@dataclass(frozen=True)
class Price:
    """Seconds of a chunk: in the mean, and what it should be given."""

    mean_s: float
    cautious_s: float


class StageCosts:
    """A cautious estimate of a chunk's time: the smoothed mean of its stages, and two deviations of whole chunks.

    Deviations are those of chunks, because stages that are held up by other programs are not held up all at once.
    Source: the retransmission timer of RFC 6298, sections 2.2 and 2.3.

    Args:
        note: told the same times.
    """

    def __init__(self, note: Callable[[StageTimes], None] = lambda _times: None) -> None:
        self._note = note
        self._means_s: dict[str, float] = {}
        self._deviation_s = 0.0

    def record(self, times: StageTimes) -> None:
        """Runs of stages took so long."""
        for stage, seconds in times:
            mean_s = self._means_s.setdefault(stage, seconds)
            self._means_s[stage] = mean_s + (seconds - mean_s) / 8
        self._note(times)

    def record_chunk(self, expected_s: float, seconds: float) -> None:
        """A chunk took so long, where `mean_s` had said `expected_s` before."""
        self._deviation_s += (abs(seconds - expected_s) - self._deviation_s) / 4

    def mean_s(self, work: ChunkWork) -> float:
        """Seconds that a chunk takes in the mean."""
        stage_s = self._means_s.get
        per_latent_s = stage_s("backbone", 0.0) + stage_s("decoder", 0.0) + work.steps * stage_s("flow_head", 0.0)
        return work.latents * per_latent_s + work.new_frame * stage_s("cue_encoder", 0.0)

    def price(self, work: ChunkWork, streams: int = 1) -> Price:
        """The price of a chunk when `streams` are made at once."""
        mean_s = streams * self.mean_s(work)
        return Price(mean_s, mean_s + 2 * self._deviation_s)

    def prices(self, ladder: Sequence[int], latents: int, new_frame: bool, streams: int = 1) -> dict[int, Price]:
        """The price of a chunk by its steps, in the order of the ladder."""
        return {steps: self.price(ChunkWork(steps, latents, new_frame), streams) for steps in ladder}


LOOK_SHARE, EVERY_LOOK_SHARE = 0.2, 0.4  # of the worker's time, for the frames of one session and of all
PATIENCE_S = 0.1  # a frame that waited so long is looked at even where that makes others wait
LEAST_FPS = 15.0
FEW_LOOKS = 30
MOST_LOOK_S = LOOK_SHARE / LEAST_FPS


@dataclass(frozen=True)
class Looks:
    """A session's looks at frames, which take no more than its share of the worker's time."""

    mean_s: float = 0.0
    count: int = 0
    last_s: float = float("-inf")
    next_s: float = float("-inf")

    def after(self, started_s: float, took_s: float, sessions: int) -> Looks:
        """A look of one of so many sessions took so long."""
        mean_s = self.mean_s + (took_s - self.mean_s) / min(self.count + 1, 8)
        share = min(LOOK_SHARE, EVERY_LOOK_SHARE / max(sessions, 1))
        charged_s = took_s if self.count else 0.0  # the first look finds everything cold
        return Looks(mean_s, self.count + 1, started_s, started_s + charged_s / share)

    def may_look(self, now_s: float, arrived_s: float, spare_s: float) -> bool:
        """True where a frame that arrived at `arrived_s` may be looked at with `spare_s` to spare."""
        return now_s >= self.next_s and (self.mean_s <= spare_s or now_s - arrived_s > PATIENCE_S)

    @property
    def too_costly(self) -> bool:
        """So much, for a while, that fewer than `LEAST_FPS` are looked at: the first ones find everything cold."""
        return self.count > FEW_LOOKS and self.mean_s > MOST_LOOK_S


@dataclass(frozen=True)
class Quality:
    """A stream's quality: at most `steps` now; so many easy chunks came in a row, and so many concealed ones."""

    steps: int
    easy: int = 0
    concealed: int = 0


def choose(quality: Quality, prices: Mapping[int, Price], available_s: float) -> tuple[Quality, int]:
    """The steps of the next chunk (`CONCEAL` for none) and the quality after it.

    Fewer steps are taken in good time, but sound is given up only when the fewest are likelier than not to be late.

    Args:
        prices: by the step counts allowed, most first; the first is what the user asked for.
    """
    ladder = list(prices)
    fitting = [steps for steps in ladder if prices[steps].cautious_s <= available_s]
    if prices[ladder[-1]].mean_s > available_s and quality.concealed < MAX_CONCEALED:
        return Quality(ladder[-1], concealed=quality.concealed + 1), CONCEAL
    best = fitting[0] if fitting else ladder[-1]
    if best < quality.steps or quality.steps == ladder[0]:
        return Quality(best), best
    return _recover(quality, prices, available_s)


def _recover(quality: Quality, prices: Mapping[int, Price], available_s: float) -> tuple[Quality, int]:
    ladder = list(prices)
    higher = ladder[ladder.index(quality.steps) - 1]
    if prices[higher].cautious_s > RECOVER_SHARE * available_s:
        return replace(quality, easy=0, concealed=0), quality.steps
    easy = quality.easy + 1
    if easy < RECOVER_CHUNKS:
        return replace(quality, easy=easy, concealed=0), quality.steps
    return Quality(higher), higher
