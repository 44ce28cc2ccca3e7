"""Fetch the bodies that `stereosync_scenes.foreign` reads, from a Debian package that it does not install.

    python scripts/fetch_foreign.py [--out FOLDER]

Needs `apt-get` and `dpkg-deb` (Debian, Ubuntu, or WSL on Windows), no root. The package, megaglest-data, is 242 MB;
the walks of its characters, their pictures and its credits are kept, 40 MB. What is there already is left alone, so a
broken run can be repeated. MegaGlest's data are under CC-BY-SA 3.0; nothing of them is part of this project.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fetching import run
from tqdm import tqdm

from stereosync_scenes.foreign.game import FACTIONS_FOLDER, INSTALLED, PACKAGE, default_folder

LICENCE = "copyright"  # in the folder, written last: who made the bodies, and under which terms
TERMS = "Creative Commons Attribution-ShareAlike 3.0, by the MegaGlest and Glest teams"


def fetch(out: Path) -> int:
    """Download the package and keep what is wanted of it under `out`; returns the number of files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(["apt-get", "download", PACKAGE], folder)
        root = folder / "root"
        run(["dpkg-deb", "-x", str(next(folder.glob(f"{PACKAGE}_*.deb"))), str(root)], folder)
        game = root / INSTALLED.relative_to("/")
        files = list(wanted(game / FACTIONS_FOLDER))
        for file in tqdm(files, unit="file"):
            keep(file, out / file.relative_to(game))
        keep(root / "usr" / "share" / "doc" / PACKAGE / "copyright", out / LICENCE)
    return len(files)


def wanted(factions: Path) -> Iterator[Path]:
    """The walks of all units, and the pictures beside them."""
    for models in sorted(factions.glob("*/units/*/models")):
        walks = sorted(models.glob("*_walk*.g3d"))
        yield from walks
        yield from sorted(models.glob("*.png")) if walks else ()


def keep(source: Path, target: Path) -> None:
    """Copy a file; it is there only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"partial_{target.name}.tmp")
    shutil.copyfile(source, partial)
    partial.replace(target)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=default_folder(), help="default: %(default)s")
    out = parser.parse_args().out
    if not (out / LICENCE).exists():
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            print("apt-get and dpkg-deb were not found; run this on Debian, Ubuntu or WSL", file=sys.stderr)
            return 2
        print(f"{fetch(out)} files fetched")
    print(f"MegaGlest's bodies are in {out}: {TERMS}; credits are in {out / LICENCE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
