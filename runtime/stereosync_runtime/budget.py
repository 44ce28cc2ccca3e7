"""How many sampler steps the time left allows: fewer when it is short, none (conceal) when nothing fits, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

CONCEAL = 0
RECOVER_CHUNKS = 25  # easy chunks in a row before more steps are tried again: about a second
RECOVER_SHARE = 0.7  # a chunk was easy if more steps would have fitted into this share of its time
MAX_CONCEALED = 2  # then one is made however late, or a cost measured in a bad moment would silence the stream for good


@dataclass(frozen=True)
class ChunkWork:
    """What a chunk takes: the stages that run for it."""

    steps: int
    latents: int
    new_frame: bool


class StageCosts:
    """A cautious estimate of a chunk's time: the smoothed mean of its stages, and two deviations of whole chunks.

    Deviations are those of chunks, because stages that are held up by other programs are not held up all at once.
    Source: the retransmission timer of RFC 6298, sections 2.2 and 2.3.
    """

    def __init__(self) -> None:
        self._means_s: dict[str, float] = {}
        self._deviation_s = 0.0

    def record(self, stage: str, seconds: float) -> None:
        """A stage took so long."""
        mean_s = self._means_s.setdefault(stage, seconds)
        self._means_s[stage] = mean_s + (seconds - mean_s) / 8

    def record_chunk(self, expected_s: float, seconds: float) -> None:
        """A chunk took so long, where `mean_s` had said `expected_s` before."""
        self._deviation_s += (abs(seconds - expected_s) - self._deviation_s) / 4

    def mean_s(self, work: ChunkWork) -> float:
        """Seconds that a chunk takes in the mean."""
        stage_s = self._means_s.get
        per_latent_s = stage_s("backbone", 0.0) + stage_s("decoder", 0.0) + work.steps * stage_s("flow_head", 0.0)
        return work.latents * per_latent_s + work.new_frame * stage_s("cue_encoder", 0.0)

    def chunk_s(self, work: ChunkWork, streams: int = 1) -> float:
        """Seconds that a chunk should be given when `streams` are made at once."""
        return streams * self.mean_s(work) + 2 * self._deviation_s


@dataclass(frozen=True)
class Quality:
    """What a stream can have now: at most `steps`; how many easy chunks came in a row, and how many concealed ones."""

    steps: int
    easy: int = 0
    concealed: int = 0


def choose(
    quality: Quality, ladder: Sequence[int], available_s: float, least_s: float, cost_s: Callable[[int], float]
) -> tuple[Quality, int]:
    """The steps of the next chunk (`CONCEAL` for none) and the quality after it.

    Args:
        ladder: the step counts allowed, most first; the first is what the user asked for.
        least_s: seconds that a chunk of the fewest steps takes in the mean. Fewer steps are taken in good time, but
            sound is given up only when it is likelier than not to be late.
        cost_s: seconds that a chunk of so many steps should be given.
    """
    fitting = [steps for steps in ladder if cost_s(steps) <= available_s]
    if least_s > available_s and quality.concealed < MAX_CONCEALED:
        return Quality(ladder[-1], concealed=quality.concealed + 1), CONCEAL
    best = fitting[0] if fitting else ladder[-1]
    if best < quality.steps or quality.steps == ladder[0]:
        return Quality(best), best
    return _recover(quality, ladder, available_s, cost_s)


def _recover(
    quality: Quality, ladder: Sequence[int], available_s: float, cost_s: Callable[[int], float]
) -> tuple[Quality, int]:
    higher = ladder[ladder.index(quality.steps) - 1]
    if cost_s(higher) > RECOVER_SHARE * available_s:
        return replace(quality, easy=0, concealed=0), quality.steps
    easy = quality.easy + 1
    if easy < RECOVER_CHUNKS:
        return replace(quality, easy=easy, concealed=0), quality.steps
    return Quality(higher), higher
