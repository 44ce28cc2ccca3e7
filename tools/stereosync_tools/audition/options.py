"""The command line, checked as a whole."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stereosync.errors import UserError
from stereosync.writing import check_output, numbered
from stereosync_runtime.bundles import DEFAULT_BUNDLE
from stereosync_tools.audition.ignoring import ALL, WHAT, ignored_from
from stereosync_tools.audition.report import check_report
from stereosync_tools.audition.saving import SUFFIXES
from stereosync_tools.audition.sources import DEMO

SPEAKERS = ("device", "engine")
PICTURES = (".png", ".jpg", ".pdf", ".svg")
DEFAULT_STEPS = 2
STEP_CHOICES = (1, 2, 4)
NUMBERED = "A --save or --picture file that exists stays: the new one is numbered, as walk-2.mp4."
TOLD_AND_SEEN = "stereosync-audition --demo --offline --compare-ignore all --picture told.png"


@dataclass(frozen=True)
class AuditionOptions:
    """Options of an audition."""

    tape: str | None = DEMO  # None: the live scene
    connect: str | None = None  # control address of a service that runs; None: start one
    frames_connect: str | None = None  # None: the lane that the service names
    insecure: bool = False  # connect beyond this machine without keys
    save: Path | None = None  # .wav or .mp4
    play: bool = True
    speaker: str = "device"  # one of `SPEAKERS`
    report: Path | None = None
    picture: Path | None = None  # None: beside `save`, if that is given
    seconds: float | None = None  # None: the source's length
    steps: int | None = None  # of the sampler; None: as the service chooses
    lead_ms: float | None = None  # None: the service measures it
    seed: int | None = None  # None: as the service chooses
    bundle: str = DEFAULT_BUNDLE  # name or path
    offline: bool = False
    mirror_boxes: bool = False
    ignore: tuple[str, ...] = ()  # taken away from what is told
    compare_ignore: tuple[str, ...] = ()  # a second run ignores these too, and one picture shows both

    @property
    def picture_path(self) -> Path | None:
        """The picture's file: as asked for, or beside the saved sound."""
        if self.picture is None and self.save is not None:
            return self.save.with_suffix(".png")
        return self.picture


def build_parser() -> argparse.ArgumentParser:
    """The command line of `stereosync-audition`."""
    parser = argparse.ArgumentParser(
        prog="stereosync-audition",
        description="Hear a bundle: a tape or a live scene is sent to the service, and its sound is played and shown.",
        epilog=f"{NUMBERED}\n\ntold and seen in one picture:\n  {TOLD_AND_SEEN}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--demo", action="store_true", help="the tape that ships with the project (the default)")
    source.add_argument("--tape", metavar="PATH|demo", help="a recorded session")
    source.add_argument("--engine", action="store_true", help="the Panda3D scene, rendered live at 30 fps")
    parser.add_argument("--connect", metavar="ADDR", help="a service that is running, instead of starting one")
    parser.add_argument("--frames-connect", metavar="ADDR", help="its frames lane, when it is not the one it names")
    parser.add_argument("--insecure", action="store_true", help="allow --connect beyond this machine without keys")
    parser.add_argument("--save", type=Path, metavar="FILE.wav|FILE.mp4", help="save what was heard (and seen)")
    parser.add_argument("--no-play", action="store_true", help="play nothing aloud")
    parser.add_argument(
        "--speaker", choices=SPEAKERS, default="device", help="who plays: the sound card, or Panda3D's own audio"
    )
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the measured figures")
    parser.add_argument(
        "--picture", type=Path, metavar="FILE.png", help="the picture; beside the --save file if absent"
    )
    parser.add_argument("--seconds", type=float, metavar="S", help="how long; the tape's length if absent")
    parser.add_argument("--steps", type=int, choices=STEP_CHOICES, help=f"sampler steps (default {DEFAULT_STEPS})")
    parser.add_argument("--lead-ms", metavar="N|auto", help="how far ahead sound is predicted (default auto)")
    parser.add_argument("--seed", type=int, metavar="N", help="another performance; with --engine also another walk")
    parser.add_argument("--bundle", metavar="NAME|PATH", help=f"the trained bundle (default {DEFAULT_BUNDLE})")
    parser.add_argument("--offline", action="store_true", help="no service and no pacing; the same every time")
    parser.add_argument(
        "--mirror-boxes", action="store_true", help="a control: mirror the boxes, so the sound must move"
    )
    parser.add_argument(
        "--ignore", metavar="WHAT", help=f"play as if this had not been told: some of {','.join(WHAT)}, or {ALL}"
    )
    parser.add_argument(
        "--compare-ignore",
        metavar="WHAT",
        help="play a second time with this ignored as well, and draw both runs into one picture, what is told above "
        "and what is only seen below",
    )
    return parser


def parse_options(arguments: Sequence[str] | None = None) -> AuditionOptions:
    """Options of a command line; on a wrong one argparse prints the reason and exits with 2."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    try:
        check(given)
        _place_files(given)
        lead_ms = lead_from(given.lead_ms)
        ignore, compare = _ignored(given, "ignore"), _ignored(given, "compare_ignore")
    except ValueError as error:
        parser.error(str(error))
    return AuditionOptions(
        tape=None if given.engine else given.tape or DEMO,
        connect=given.connect,
        frames_connect=given.frames_connect,
        insecure=given.insecure,
        save=given.save,
        play=not given.no_play,
        speaker=given.speaker,
        report=given.report,
        picture=given.picture,
        seconds=given.seconds,
        steps=given.steps,
        lead_ms=lead_ms,
        seed=given.seed,
        bundle=given.bundle or DEFAULT_BUNDLE,
        offline=given.offline,
        mirror_boxes=given.mirror_boxes,
        ignore=ignore,
        compare_ignore=compare,
    )


def _ignored(given: argparse.Namespace, name: str) -> tuple[str, ...]:
    """The told parts that an option takes away. Raises ValueError naming the option and the choices."""
    try:
        return ignored_from(getattr(given, name))
    except ValueError as error:
        raise ValueError(f"--{name.replace('_', '-')}: {error}") from None


def lead_from(text: str | None) -> float | None:
    """Milliseconds, or None for `auto`. Raises ValueError for anything else."""
    if text is None or text == "auto":
        return None
    try:
        lead_ms = float(text)
    except ValueError:
        raise ValueError(f"--lead-ms must be a number or auto, got {text!r}") from None
    if not 0 <= lead_ms <= 1000:
        raise ValueError(f"--lead-ms must be 0 to 1000, got {text}")
    return lead_ms


def check(given: argparse.Namespace) -> None:
    """Refuse what is out of its rule or does not go together. Raises ValueError with the cause and the cure."""
    if given.seconds is not None and not 0 < given.seconds <= 86_400:
        raise ValueError(f"--seconds must be above 0 and at most 86400, got {given.seconds:g}")
    if given.seed is not None and not 0 <= given.seed < 2**63:
        raise ValueError(f"--seed must be 0 to 2**63 - 1, got {given.seed}")
    if given.save is not None and given.save.suffix.lower() not in SUFFIXES:
        raise ValueError(f"--save {given.save.name}: give the file the ending .wav or .mp4")
    if given.picture is not None and given.picture.suffix.lower() not in PICTURES:
        raise ValueError(f"--picture {given.picture.name}: give the file the ending .png, .jpg, .pdf or .svg")
    _check_together(given)


def _place_files(given: argparse.Namespace) -> None:
    """Number what exists, so that no recording is lost, and refuse what cannot be written. Raises UserError."""
    named = {name: getattr(given, name) for name in ("save", "picture", "report") if getattr(given, name) is not None}
    if len({path.resolve() for path in named.values()}) < len(named):
        raise UserError(f"{' and '.join(f'--{name}' for name in named)} name one file: give each its own")
    if given.report is not None:
        check_report(given.report)
    for name in ("save", "picture"):
        path = named.get(name)
        if path is not None and not path.is_dir():
            beside = (".png",) if name == "save" and given.picture is None else ()
            setattr(given, name, numbered(path, beside))
        if path is not None:
            check_output(getattr(given, name), f"--{name}")


def _check_together(given: argparse.Namespace) -> None:
    if given.compare_ignore and not (given.picture or given.save):
        raise ValueError("--compare-ignore draws a picture: give --picture FILE.png")
    if given.speaker == "engine" and (given.no_play or given.offline):
        raise ValueError("--speaker engine plays live: leave out --no-play and --offline")
    if given.offline and given.connect:
        raise ValueError("--offline uses no service: leave out --connect")
    if given.frames_connect and not given.connect:
        raise ValueError("--frames-connect needs --connect")
    if given.connect:
        belongs = [name for name in ("steps", "lead_ms", "bundle") if getattr(given, name) is not None]
        if belongs:
            flag = "--" + belongs[0].replace("_", "-")
            raise ValueError(f"{flag} belongs to the service: with --connect give it to stereosync-serve")
