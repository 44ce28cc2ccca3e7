"""The cost of the same sound elsewhere: this runtime, PyTorch with the same weights, and a small text-to-audio model.

    python bench/peers.py [--peers runtime eager compiled small] [--threads 1 2] [--rounds 3] [--out FILE.json]

All make the same length of sound on the same machine, in turns, round after round. The first three run the very same
pipeline and differ in its runners alone. The last one is Stable Audio Open Small's architecture through diffusers
(`pip install diffusers`), with random weights: a figure of speed only. Where its numbers come from is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comparison import PEERS, TITLES, Made, Options, Peer, compare, threads_told
from conditions import machine, told
from one_stream import StreamPlan
from setting import BUNDLES_CHOICE
from small import SOURCES, SmallSizes
from tables import console, median, ratio, table, write_json

from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle

CHECKPOINT = Path(__file__).resolve().parents[1] / "checkpoints" / "walk.safetensors"
TINY = SmallSizes(latents=8, layers=1, heads=2, head_dim=32, decoder_channels=8, multiples=(1, 2, 2, 2, 2), steps=2)


def rows(peers: Sequence[Peer]) -> list[list[object]]:
    """RTF, its ratio to the runtime's on as many threads, time to the first sound and to the end of the warm-up."""
    bases = {peer.threads: peer.rounds for peer in peers if peer.name == "runtime" and peer.rounds}
    return [_row(peer, bases.get(peer.threads, ())) for peer in peers if peer.rounds]


def _row(peer: Peer, base: Sequence[Made]) -> list[object]:
    slower = ratio([one.rtf for one in peer.rounds], [one.rtf for one in base]) if base else None
    first = median(one.first_sound_s for one in peer.rounds) * 1000
    audio_s, rtf = peer.rounds[0].audio_s, median(one.rtf for one in peer.rounds)
    return [TITLES[peer.name], peer.threads, round(audio_s, 2), rtf, slower, first, peer.warm_up_s]


COLUMNS = ("what", "threads", "audio s", "RTF", "x runtime", "first sound ms", "load and warm up s")


def notes(peers: Sequence[Peer]) -> list[str]:
    """The peers that were not measured, and where the last peer's numbers come from."""
    reasons = [
        f"not measured: {TITLES[one.name]}, {threads_told(one.threads)}: {one.reason}" for one in peers if one.reason
    ]
    small = any(peer.name == "small" and peer.rounds for peer in peers)
    return [*reasons, *(f"Small, {name}: {source}" for name, source in SOURCES.items() if small)]


def as_json(peer: Peer) -> dict[str, Any]:
    """A peer as the file has it."""
    rounds = [
        {"rtf": one.rtf, "first_sound_ms": one.first_sound_s * 1000, "audio_s": one.audio_s} for one in peer.rounds
    ]
    return {
        "name": peer.name,
        "title": TITLES[peer.name],
        "threads": peer.threads,
        "warm_up_s": peer.warm_up_s,
        "reason": peer.reason,
        "median": {name: median(one[name] for one in rounds) for name in rounds[0]} if rounds else {},
        "rounds": rounds,
    }


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(description="What the same sound costs elsewhere.")
    out.add_argument("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH")
    out.add_argument("--checkpoint", type=Path, default=CHECKPOINT, help="the bundle's weights; default: %(default)s")
    out.add_argument("--precision", default=BUNDLES_CHOICE, help=f"of the runtime: fp32, int8 or {BUNDLES_CHOICE}")
    out.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    out.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    out.add_argument("--steps", type=int, default=2)
    out.add_argument("--rounds", type=int, default=3)
    out.add_argument("--tiny", action="store_true", help="a second of sound and a toy for the last peer, to try it out")
    out.add_argument("--out", type=Path, metavar="FILE.json")
    return out


def main() -> int:
    """Compare and print."""
    found, screen = parser().parse_args(), console()
    sizes = TINY if found.tiny else SmallSizes()
    plan = StreamPlan(1.0 if found.tiny else sizes.audio_s, found.steps)
    options = Options(open_bundle(found.bundle), found.checkpoint, plan, sizes, found.precision)
    asked = {name: getattr(found, name) for name in ("precision", "steps", "rounds", "tiny")}
    conditions = machine(bundle=options.bundle.name, seconds=round(plan.seconds, 2), chunk_ms=plan.chunk_ms, **asked)
    screen.print(told(conditions), highlight=False)
    peers = compare(found.peers, found.threads, found.rounds, options, screen)
    screen.print(table("The same length of sound, medians over the rounds", COLUMNS, rows(peers), notes(peers)))
    write_json(found.out, {"conditions": conditions, "sources": SOURCES, "peers": [as_json(peer) for peer in peers]})
    return 0 if any(peer.rounds for peer in peers) else 1


if __name__ == "__main__":
    sys.exit(main())
