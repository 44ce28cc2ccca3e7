"""Fetch the levels and characters that `stereosync_scenes.arena` reads, from Debian packages that it does not install.

    python scripts/fetch_levels.py [--out FOLDER] [--shift] [--packages NAME ...]

Needs `apt-get` and `dpkg-deb` (Debian, Ubuntu, or WSL on Windows), no root. Packages whose archives are there already
are left alone, so a broken run can be repeated. OpenArena's are 430 MB; `--shift` adds Nexuiz (720 MB), whose levels
make `test-shift`. Both games are under the GPL, version 2 or later; nothing of them is part of this project.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from fetching import run
from tqdm import tqdm

from stereosync_scenes.arena.archives import FOLDERS, PACKAGES, default_folder

DONE = "packages.txt"  # in the folder: the packages that were fetched, one a line


def fetch(package: str, out: Path) -> int:
    """Download `package` and keep its archives under `out`; returns how many there are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(["apt-get", "download", package], folder)
        root = folder / "root"
        run(["dpkg-deb", "-x", str(next(folder.glob(f"{package}_*.deb"))), str(root)], folder)
        return sum(keep(root / "usr" / "share" / "games" / own, out / own) for own in FOLDERS.values())


def keep(source: Path, target: Path) -> int:
    """Copy the archives of one game's folder; returns how many there are."""
    archives = [file for file in sorted(source.glob("*.pk3")) if file.is_file()]
    for file in archives:
        target.mkdir(parents=True, exist_ok=True)
        partial = target / f"partial_{file.name}.tmp"
        shutil.copyfile(file, partial)
        partial.replace(target / file.name)
    return len(archives)


def fetched(out: Path) -> list[str]:
    """Names of the packages that are there already."""
    file = out / DONE
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=default_folder(), help="default: %(default)s")
    parser.add_argument("--shift", action="store_true", help="also Nexuiz, for test-shift")
    parser.add_argument("--packages", nargs="+", metavar="NAME", help="only these packages")
    arguments = parser.parse_args()
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        print("apt-get and dpkg-deb were not found; run this on Debian, Ubuntu or WSL", file=sys.stderr)
        return 2
    known = [name for packages in PACKAGES.values() for name in packages.split()]
    wanted = arguments.packages or PACKAGES["openarena"].split() + PACKAGES["nexuiz"].split() * arguments.shift
    if set(wanted) - set(known):
        parser.error(f"unknown package {min(set(wanted) - set(known))}; choose from {' '.join(known)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    missing = [name for name in wanted if name not in fetched(arguments.out)]
    for package in tqdm(missing, unit="package"):
        count = fetch(package, arguments.out)
        done = "\n".join([*fetched(arguments.out), package])
        (arguments.out / DONE).write_text(done + "\n", encoding="utf-8")
        tqdm.write(f"{package}: {count} archives")
    print(f"{len(missing)} packages fetched to {arguments.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
