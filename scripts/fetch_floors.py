"""Fetch the photo floors that `stereosync_scenes.floors` lays, from Debian packages that it does not install.

    python scripts/fetch_floors.py [--out FOLDER] [--packages NAME ...] [--sheet FILE]

Needs `apt-get` and `dpkg-deb` (Debian, Ubuntu, or WSL on Windows), no root, and 4 GB for a while. The packages are
3.0 GB (0ad-data alone 1.4 GB); pictures of their grounds are kept, 256 pixels a side, 20 MB, and who made them under
which terms. Packages that are there already are left alone, so a broken run can be repeated. The pictures are under
GPL and CC-BY-SA; nothing of them is part of this project. `--sheet` draws all that are there, to look at.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fetching import run
from PIL import Image
from tqdm import tqdm

from stereosync.writing import whole_file
from stereosync_scenes.floors.packages import PACKAGES, Package
from stereosync_scenes.floors.store import SIDE_PX, SUFFIX, default_folder

LICENCE = "copyright-{package}"  # in the folder, written last of each package: who made its pictures, on which terms
QUALITY = 92
Named = tuple[str, Callable[[], bytes]]


def fetch(name: str, out: Path) -> int:
    """Download a package and keep the pictures of its grounds under `out`; returns how many there are."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        run(["apt-get", "download", name], folder)
        archive = next(folder.glob(f"{name}_*.deb"))
        root = folder / "root"
        run(["dpkg-deb", "-x", str(archive), str(root)], folder)
        archive.unlink()
        count = keep(name, PACKAGES[name], files_of(PACKAGES[name], root), out)
        shutil.copyfile(root / "usr" / "share" / "doc" / name / "copyright", out / LICENCE.format(package=name))
    return count


def files_of(package: Package, root: Path) -> Iterator[Named]:
    """Path and content of all files in a package's folder, or in its archive, in order."""
    if package.archive:
        with zipfile.ZipFile(root / package.archive) as archive:
            for name in sorted(archive.namelist()):
                yield name, lambda name=name: archive.read(name)  # type: ignore[misc]
        return
    for file in sorted((root / package.folder).rglob("*")):
        if file.is_file():
            yield file.relative_to(root).as_posix(), file.read_bytes


def keep(name: str, package: Package, files: Iterator[Named], out: Path) -> int:
    """Write the pictures that are wanted, each once; returns how many there are."""
    seen: set[str] = set()
    for path, read in files:
        ground = package.ground_of(path)
        if ground is None:
            continue
        data = read()
        digest = hashlib.sha256(data).hexdigest()
        if digest not in seen:
            seen.add(digest)
            stem = path.removeprefix(package.folder).partition(".")[0].replace("/", "-").replace(" ", "_")
            write_photo(data, out / package.split / ground / f"{name}-{stem}{SUFFIX}")
    return len(seen)


def write_photo(data: bytes, target: Path) -> None:
    """Write a picture as a square; it is there only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(data)) as picture:
        square = picture.convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    with whole_file(target) as part:
        square.save(part, "JPEG", quality=QUALITY)


def sheet(out: Path, side_px: int = 64, columns: int = 24) -> Image.Image:
    """All pictures under `out`: for each split and ground rows of their own, named at the left."""
    from PIL import ImageDraw

    rows = [
        (f"{folder.parent.name} {folder.name}", files[at : at + columns])
        for folder in sorted(out.glob("*/*/"))
        for files in [sorted(folder.glob(f"*{SUFFIX}"))]
        for at in range(0, len(files), columns)
    ]
    picture = Image.new("RGB", ((columns + 2) * side_px, len(rows) * side_px))
    for row, (title, files) in enumerate(rows):
        ImageDraw.Draw(picture).text((4, row * side_px + 4), title)
        for column, file in enumerate(files):
            picture.paste(Image.open(file).resize((side_px, side_px)), ((column + 2) * side_px, row * side_px))
    return picture


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=default_folder(), help="default: %(default)s")
    parser.add_argument("--packages", nargs="+", metavar="NAME", choices=PACKAGES, default=list(PACKAGES))
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="draw what is there")
    chosen = parser.parse_args()
    missing = [name for name in chosen.packages if not (chosen.out / LICENCE.format(package=name)).exists()]
    if missing and not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        print("apt-get and dpkg-deb were not found; run this on Debian, Ubuntu or WSL", file=sys.stderr)
        return 2
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in tqdm(missing, unit="package"):
        tqdm.write(f"{name}: {fetch(name, chosen.out)} photos, {PACKAGES[name].licence}")
    print(f"{len(missing)} packages fetched to {chosen.out}")
    if chosen.sheet is not None:
        sheet(chosen.out).save(chosen.sheet)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
