"""Draw the tape that ships with the audition: one walk that crosses the picture and comes near.

Run from the repository: `python scripts/make_demo_tape.py`. Needs the scenes extra; the same seed gives the same tape.
With `--search N` it lists the seeds that suit best instead.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from stereosync.scene import SceneFrame
from stereosync_bridge.tape import TapeWriter
from stereosync_runtime.offline import demo_tape_path
from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Plan
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.telling import told, told_feet
from stereosync_scenes.truth import character_position, walk_truth
from stereosync_scenes.walk import WalkTruth

FIRST_SEED = 700_000  # of the search; no training walk has seeds like these
SEED = 702_645  # over gravel and metal at a harbour, from one side to the other, far and near
DURATION_S = 12.0
FPS = 25
WIDTH_PX, HEIGHT_PX = 320, 180
DEPTH_WIDTH_PX, DEPTH_HEIGHT_PX = 80, 45  # half the picture would be 8 MB of depth alone
JPEG_QUALITY = 55
LARGEST_BYTES = 5_000_000
PLAIN_GROUNDS = ("wood", "gravel", "stone", "tile", "snow", "metal")  # whose steps are loud


@dataclass(frozen=True)
class Candidate:
    """Figures of a seed's walk: how well it shows what the project does."""

    seed: int
    ground: str
    place: str
    contacts: int
    left_share: float  # of the contacts more than 10 degrees to the left
    right_share: float
    nearest_m: float
    farthest_m: float

    @property
    def score(self) -> float:
        sides = min(self.left_share, self.right_share) / 0.35
        return min(sides, 1.2) + min(self.farthest_m / self.nearest_m / 2.5, 1.3) + min(self.contacts / 20, 1.0)


def frames(plan: Plan) -> Iterator[tuple[float, SceneFrame]]:
    """The walk in pictures, with all that an engine knows of it, depth thinned to what a tape has room for."""
    renderer, truth = Renderer(plan, WIDTH_PX, HEIGHT_PX), walk_truth(plan)
    for index in range(round(DURATION_S * FPS)):
        frame = told(renderer.frame(index / FPS, index), truth, told_feet(plan, index / FPS))
        depth = cv2.resize(frame.depth_m, (DEPTH_WIDTH_PX, DEPTH_HEIGHT_PX), interpolation=cv2.INTER_NEAREST)
        yield index / FPS, replace(frame, depth_m=np.asarray(depth, dtype=np.float32))


def metadata(plan: Plan, truth: WalkTruth) -> dict[str, Any]:
    """The truth of the walk, for the picture at the end; no service reads it."""
    times_s = [index / 10 for index in range(round(DURATION_S * 10))]
    return {
        "name": "demo",
        "made_by": f"scripts/make_demo_tape.py, seed {plan.seed}",
        "duration_s": DURATION_S,
        "place": plan.place,
        "contacts": [
            {
                "time_s": contact.time_s,
                "box_id": contact.character_id,
                "foot": contact.foot,
                "azimuth_rad": math.atan2(contact.position_m[0], contact.position_m[2]),
                "distance_m": math.hypot(*contact.position_m),
                "ground": contact.ground,
            }
            for contact in truth.contacts
        ],
        "positions": {
            str(character.id): [[time_s, *character_position(plan, character.id, time_s)] for time_s in times_s]
            for character in plan.characters
        },
    }


def candidate(seed: int) -> Candidate | None:
    """The seed's walk, if it is one person's before a camera that stands still, in daylight and inside the picture."""
    plan = make_plan(seed, DURATION_S)
    camera_moves = np.ptp(plan.shot.track.position_m, axis=0).max() + np.ptp(plan.shot.track.heading_rad)
    contacts = walk_truth(plan).contacts
    if len(plan.characters) != 1 or camera_moves > 0 or plan.place == "night" or not contacts:
        return None
    degrees = [math.degrees(math.atan2(contact.position_m[0], contact.position_m[2])) for contact in contacts]
    away_m = [math.hypot(*contact.position_m) for contact in contacts]
    half_view_deg = math.degrees(math.atan(plan.shot.camera(WIDTH_PX / HEIGHT_PX).tan_half_horizontal))
    grounds = {contact.ground for contact in contacts}
    if max(map(abs, degrees)) > half_view_deg or not grounds <= set(PLAIN_GROUNDS):
        return None
    ground = "+".join(sorted(grounds))
    left = sum(angle < -10 for angle in degrees) / len(degrees)
    right = sum(angle > 10 for angle in degrees) / len(degrees)
    return Candidate(seed, ground, plan.place, len(contacts), left, right, min(away_m), max(away_m))


def search(count: int) -> None:
    """Print the ten best of `count` seeds."""
    found = [one for seed in range(FIRST_SEED, FIRST_SEED + count) if (one := candidate(seed)) is not None]
    for one in sorted(found, key=lambda one: -one.score)[:10]:
        print(f"{one.score:.2f}", one)


def write(path: Path, seed: int) -> None:
    """Draw the walk of `seed` onto a tape."""
    plan = make_plan(seed, DURATION_S)
    with TapeWriter(path, metadata(plan, walk_truth(plan))) as tape:
        for time_s, frame in frames(plan):
            tape.add_frame(time_s, frame, picture_format="jpeg", jpeg_quality=JPEG_QUALITY)
    size = path.stat().st_size
    print(f"{path}: {size / 1e6:.2f} MB")
    if size > LARGEST_BYTES:
        raise SystemExit(f"The tape must stay below {LARGEST_BYTES / 1e6:g} MB; lower JPEG_QUALITY or FPS.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=demo_tape_path())
    parser.add_argument("--search", type=int, metavar="N")
    given = parser.parse_args()
    if given.search:
        search(given.search)
    else:
        write(given.out, given.seed)


if __name__ == "__main__":
    main()
