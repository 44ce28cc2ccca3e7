"""Bundles are found by the name of a packaged one, or by the path of a folder."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from stereosync.bundle import MANIFEST, Bundle, BundleError, read_bundle
from stereosync.clock import Clock

DEFAULT_BUNDLE = "walk"


def packaged_folder() -> Path:
    """The folder of the bundles that come with the package."""
    return Path(str(resources.files("stereosync_runtime").joinpath("bundles")))


def packaged_names() -> tuple[str, ...]:
    """Names of the bundles that come with the package."""
    return tuple(sorted(manifest.parent.name for manifest in packaged_folder().glob(f"*/{MANIFEST}")))


def find_bundle(name_or_path: str) -> Path:
    """The folder of a bundle; a packaged name wins over a folder of the same name here.

    Raises:
        BundleError: there is no such bundle.
    """
    if name_or_path in packaged_names():
        return packaged_folder() / name_or_path
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    known = ", ".join(packaged_names()) or "none"
    raise BundleError(
        f"there is no bundle {name_or_path!r}: packaged ones are {known}; else give the path of an exported folder"
    )


def open_bundle(name_or_path: str, clock: Clock | None = None) -> Bundle:
    """Find, read and check a bundle; it must run at the rates of `clock` (by default the project's own).

    Raises:
        BundleError: it is not there, or something in it is missing or disagrees.
    """
    return read_bundle(find_bundle(name_or_path), clock or Clock())
