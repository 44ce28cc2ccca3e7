"""Videos for people: walks below each other, what is drawn beside what the model sees; contacts flash."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from stereosync.errors import UserError
from stereosync.scene import SceneFrame, UInt8Array
from stereosync.writing import whole_file
from stereosync_scenes.casting import make_plan
from stereosync_scenes.pictures import CAPTION_PX, annotated, title
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.truth import walk_truth
from stereosync_scenes.walk import Contact

RATE_HZ = 25
FLASH_S = 0.12
WIDTH_PX, HEIGHT_PX = 384, 216


class WalkRenderer(Protocol):
    """A renderer of a walk: an own scene or a level."""

    def frame(self, time_s: float, index: int = 0) -> SceneFrame: ...
    def close(self) -> None: ...


class VideoRow:
    """One walk of a video; `renderer` draws it at 384x216."""

    def __init__(self, caption: str, contacts: Sequence[Contact], renderer: WalkRenderer) -> None:
        self._title, self._contacts, self.renderer = caption, contacts, renderer

    def at(self, time_s: float) -> UInt8Array:
        """Both pictures of a moment (216 + CAPTION_PX, 768, 3)."""
        frame = self.renderer.frame(time_s)
        now = [one for one in self._contacts if 0 <= time_s - one.time_s < FLASH_S]
        return np.hstack([_plain(frame, self._title), annotated(frame, now[-1] if now else None, _words(now))])


def _words(now: list[Contact]) -> str:
    return ", ".join(f"{one.character_id} {one.foot} on {one.ground} x{one.force:.1f}" for one in now)


def _plain(frame: SceneFrame, caption: str) -> UInt8Array:
    picture = cv2.copyMakeBorder(frame.picture, CAPTION_PX, 0, 0, 0, cv2.BORDER_CONSTANT, value=(20, 20, 20))
    cv2.putText(picture, caption, (3, CAPTION_PX - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (255, 255, 255), 1, cv2.LINE_AA)
    return np.asarray(picture, dtype=np.uint8)


def save_video(path: Path, first_seed: int, rows: int, seconds: float, variety: str = "plain") -> None:
    """Write the walks of `rows` seeds from `first_seed` on, one per row. Raises ValueError for a name without .mp4."""
    plans = [make_plan(first_seed + row, seconds, variety=variety) for row in range(rows)]
    write_rows(
        path,
        [VideoRow(title(plan), walk_truth(plan).contacts, Renderer(plan, WIDTH_PX, HEIGHT_PX)) for plan in plans],
        seconds,
    )


def write_rows(path: Path, rows: Sequence[VideoRow], seconds: float) -> None:
    """Write a video of some walks below each other, and close their renderers. Raises ValueError as `save_video`."""
    if path.suffix.lower() != ".mp4":
        raise UserError(f"cannot write {path}: name a .mp4 file")
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part, av.open(str(part.absolute()), "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = 2 * WIDTH_PX, len(rows) * (HEIGHT_PX + CAPTION_PX), "yuv420p"
        for index in range(max(round(seconds * RATE_HZ), 1)):
            picture = np.vstack([row.at(index / RATE_HZ) for row in rows])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    for row in rows:
        row.renderer.close()
