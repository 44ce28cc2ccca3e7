"""Pictures for people: contact sheets of plans, drawn at moments of contact with boxes and the contact's place.

Tiles show what the model sees: 128x72 pixels, enlarged.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from stereosync.errors import UserError
from stereosync.scene import Camera, SceneFrame, UInt8Array
from stereosync.writing import named, whole_file
from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Plan
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.truth import walk_truth
from stereosync_scenes.walk import Contact

BOX_RGB = (255, 230, 0)
CONTACT_RGB = (255, 0, 60)
TEXT_RGB = (255, 255, 255)
CAPTION_PX = 16
SEEN_PX = (128, 72)  # width and height of the cues' picture
ENLARGED = 3


def project(camera: Camera, point_m: tuple[float, float, float], width_px: int, height_px: int) -> tuple[float, float]:
    """Picture coordinates in pixels of a camera-space point before the camera (z > 0)."""
    x, y, z = point_m
    across, above = x / z / camera.tan_half_horizontal, y / z / camera.tan_half_vertical
    return (1 + across) / 2 * width_px, (1 - above) / 2 * height_px


def annotated(frame: SceneFrame, contact: Contact | None, caption: str) -> UInt8Array:
    """The frame as a tile (216 + CAPTION_PX, 384, 3) with its boxes, one contact and a line of text above."""
    small = cv2.resize(frame.picture, SEEN_PX, interpolation=cv2.INTER_AREA)
    wide, high = SEEN_PX[0] * ENLARGED, SEEN_PX[1] * ENLARGED
    picture = cv2.resize(small, (wide, high), interpolation=cv2.INTER_NEAREST)
    picture = cv2.copyMakeBorder(picture, CAPTION_PX, 0, 0, 0, cv2.BORDER_CONSTANT, value=(20, 20, 20))
    scale = wide / frame.width_px
    for box in frame.boxes:
        corners = [round(scale * value) for value in (box.x0, box.y0, box.x1, box.y1)]
        cv2.rectangle(picture, (corners[0], corners[1] + CAPTION_PX), (corners[2], corners[3] + CAPTION_PX), BOX_RGB, 1)
    if contact is not None and contact.position_m[2] > frame.camera.near_m:
        x, y = project(frame.camera, contact.position_m, wide, high)
        cv2.drawMarker(picture, (round(x), round(y) + CAPTION_PX), CONTACT_RGB, cv2.MARKER_CROSS, 11, 1)
    cv2.putText(picture, caption, (3, CAPTION_PX - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.35, TEXT_RGB, 1, cv2.LINE_AA)
    return np.asarray(picture, dtype=np.uint8)


def _spread(contacts: tuple[Contact, ...], count: int) -> list[Contact | None]:
    """`count` contacts evenly through the walk; None where there are too few."""
    if not contacts:
        return [None] * count
    chosen = np.linspace(0, len(contacts) - 1, count).round().astype(int)
    return [contacts[index] for index in chosen]


def title(plan: Plan) -> str:
    """A plan in a few words."""
    what = f"{plan.place} {plan.amount:.1f}" if plan.place else "quiet"
    blocked = f" {plan.blockers[0].look}s" if plan.blockers else ""
    return f"#{plan.seed} {what} {plan.setting.kind} {plan.shot.style}{blocked}"


def strip(plan: Plan, columns: int, width_px: int, height_px: int) -> UInt8Array:
    """One row of frames of a plan, each at the moment of a contact."""
    cells = []
    with Renderer(plan, width_px, height_px) as renderer:
        for column, contact in enumerate(_spread(walk_truth(plan).contacts, columns)):
            time_s = contact.time_s if contact else plan.duration_s * (column + 0.5) / columns
            what = f"{contact.foot[0]} on {contact.ground} x{contact.force:.1f}" if contact else "no contact"
            what += f" hidden {contact.occlusion:.1f}" if contact and contact.occlusion else ""
            caption = f"{title(plan)} {time_s:.1f}s {what}"
            cells.append(annotated(renderer.frame(time_s, column), contact, caption))
    return np.hstack(cells)


def contact_sheet(
    first_seed: int,
    rows: int,
    columns: int,
    seconds: float,
    width_px: int = 256,
    height_px: int = 144,
    variety: str = "plain",
) -> UInt8Array:
    """RGB picture of `rows` plans from `first_seed` on, `columns` moments of contact each."""
    plans = [make_plan(first_seed + row, seconds, variety=variety) for row in range(rows)]
    strips = [strip(plan, columns, width_px, height_px) for plan in plans]
    return np.vstack(strips)


def save_png(path: Path, picture: UInt8Array) -> None:
    """Write an RGB picture. Raises ValueError when `path` cannot be written as a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() not in (".png", ".jpg"):
        raise UserError(f"cannot write {path}: name a .png or .jpg file")
    encoded = cv2.imencode(path.suffix.lower(), picture[..., ::-1])[1]
    with whole_file(path) as part, named(path):
        part.write_bytes(encoded.tobytes())


def columns_for(rows: int) -> int:
    """The number of columns with which the sheet is about as wide as it is high on a wide screen."""
    return max(3, min(6, math.ceil(rows * 0.75)))
