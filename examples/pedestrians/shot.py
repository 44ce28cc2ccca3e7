"""The video as frames of an engine: boxes and depth beside the picture, with boxes as they are, mirrored, or none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ground import Ground, depth_plane
from stereosync.scene import Box, Camera, Float32Array, SceneFrame, UInt8Array
from stereosync_bridge.tape import TapeReader, TapeWriter
from stereosync_bridge.tape import frames as tape_frames
from stereosync_training.measures.onsets import FloatArray
from tracks import BoxTrack
from video import Video

LARGEST_SIDE_PX = 640  # the runtime shows the model no more
PLANE_SHARE = 4  # depth has this part of the picture's rows and columns
JPEG_QUALITY = 85
DEPTHS = ("ground", "flat", "none")


@dataclass(frozen=True)
class Shot:
    """A piece of a video with all that goes into frames; `begin_s` is the video's time at time 0 of the frames."""

    video: Video
    tracks: tuple[BoxTrack, ...]
    ground: Ground
    camera: Camera
    depth: str
    begin_s: float
    seconds: float
    fps: float

    @property
    def times_s(self) -> FloatArray:
        """Capture times (t,) of the frames."""
        return np.arange(round(self.seconds * self.fps)) / self.fps

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the frames' pictures."""
        scale = min(LARGEST_SIDE_PX / max(self.video.width_px, self.video.height_px), 1.0)
        return round(self.video.width_px * scale), round(self.video.height_px * scale)

    def corners(self, time_s: float) -> dict[int, FloatArray]:
        """Box corners (4,) in pixels of the video by id at a time of the frames."""
        place = min((self.begin_s + time_s) * self.video.pictures_per_s, self.video.pictures - 1.0)
        found = {track.id: track.at(place) for track in self.tracks}
        return {number: corners for number, corners in found.items() if corners is not None}


def pictures(shot: Shot) -> Iterator[tuple[float, UInt8Array]]:
    """Each frame's time with the nearest picture of the video in time."""
    rate, last = shot.video.pictures_per_s, shot.video.pictures - 1
    wanted = [min(math.floor((shot.begin_s + time_s) * rate + 0.5), last) for time_s in shot.times_s]
    source = shot.video.read(wanted[0])
    number, picture = wanted[0], next(source)
    for time_s, want in zip(shot.times_s, wanted, strict=True):
        while number < want:
            number, picture = number + 1, next(source, picture)  # a file may end before it says
        yield float(time_s), picture


def frames(shot: Shot, boxes: str = "true") -> Iterator[SceneFrame]:
    """Frames at `fps`; `boxes` is "true", "mirrored" (left and right exchanged, the picture stays) or "none"."""
    width, height = shot.size_px
    scale = np.array([width / shot.video.width_px, height / shot.video.height_px] * 2)
    for index, (time_s, picture) in enumerate(pictures(shot)):
        corners = {number: box * scale for number, box in shot.corners(time_s).items() if boxes != "none"}
        if boxes == "mirrored":
            corners = {
                number: np.array([width - x1, y0, width - x0, y1]) for number, (x0, y0, x1, y1) in corners.items()
            }
        small = np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
        seen = tuple(_box(number, box) for number, box in corners.items())
        yield SceneFrame(index, time_s, shot.camera, small, _depth(shot, list(corners.values())), seen)


def _box(number: int, corners: FloatArray) -> Box:
    x0, y0, x1, y1 = map(float, corners)
    return Box(number, "person", x0, y0, x1, y1, tight=False)


def _depth(shot: Shot, corners: Sequence[FloatArray]) -> Float32Array:
    """Depth (h, w) beside boxes (n, 4) in pixels of the frame."""
    width, height = shot.size_px
    plane = (width // PLANE_SHARE, height // PLANE_SHARE)
    if shot.depth == "none":
        return np.full(plane[::-1], np.nan, dtype=np.float32)
    ground = _scaled(shot.ground, height / shot.video.height_px)
    if shot.depth == "flat":
        return np.full(plane[::-1], ground.depth_m(height * 0.5), dtype=np.float32)
    return depth_plane(ground, np.array(corners).reshape(-1, 4), shot.size_px, plane)


def _scaled(ground: Ground, scale: float) -> Ground:
    return Ground(ground.height_m, ground.tilt_rad, ground.focal_px * scale, ground.middle_row_px * scale)


def write_tape(shot: Shot, path: Path) -> None:
    """The true frames as a tape that `stereosync-audition --tape` plays."""
    about = {"name": shot.video.path.stem, "made_by": "examples/pedestrians", "duration_s": shot.seconds}
    with TapeWriter(path, about) as tape:
        for frame in frames(shot):
            tape.add_frame(frame.capture_time_s, frame, picture_format="jpeg", jpeg_quality=JPEG_QUALITY)


def read_tape(path: Path) -> Iterator[SceneFrame]:
    """A tape's frames at the times of the tape."""
    for time_s, frame in tape_frames(TapeReader(path)):
        yield frame.stamped(time_s)
