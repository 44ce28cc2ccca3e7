"""Version of the wire, and who may talk to whom. The package's version is another number."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from stereosync_bridge.errors import WRONG_VERSION, WireError

WIRE = "1.1"
MIN_WIRE = "1.0"  # the oldest wire that this side still understands


def _package() -> str:
    try:
        return version("stereosync")
    except PackageNotFoundError:
        return "source tree"


PACKAGE = _package()


def _parse(text: object) -> tuple[int, int] | None:
    major, dot, minor = text.partition(".") if isinstance(text, str) else ("", "", "")
    digits = dot and all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (major, minor))
    return (int(major), int(minor)) if digits else None


def check_version(header: Mapping[object, object]) -> None:
    """Compare a HELLO's or WELCOME's `wire` and `min_wire` with ours; run before any other field is read.

    Raises:
        WireError: another major version, or either side is older than the other's minimum. Names both versions.
    """
    theirs, their_minimum = _parse(header.get("wire")), _parse(header.get("min_wire"))
    ours, our_minimum = _parse(WIRE), _parse(MIN_WIRE)
    if theirs is None or their_minimum is None or ours is None or our_minimum is None:
        raise WireError(WRONG_VERSION, "wire", f"wire and min_wire must be text like {WIRE}")
    if theirs[0] != ours[0] or theirs < our_minimum or ours < their_minimum:
        raise WireError(WRONG_VERSION, "wire", _cure(theirs, their_minimum))


def _cure(theirs: tuple[int, int], their_minimum: tuple[int, int]) -> str:
    other = f"the other side speaks wire {theirs[0]}.{theirs[1]} (from {their_minimum[0]}.{their_minimum[1]})"
    return f"{other}, this side {WIRE} (from {MIN_WIRE}): update the older side so that the major versions agree"
