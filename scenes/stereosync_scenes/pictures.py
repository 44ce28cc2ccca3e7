"""Pictures for people: contact sheets of plans, drawn at moments of contact with boxes and the contact's place."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from stereosync.scene import Camera, SceneFrame, UInt8Array
from stereosync_scenes.engine import Engine
from stereosync_scenes.plan import Plan, make_plan
from stereosync_scenes.truth import walk_truth
from stereosync_scenes.walk import Contact

BOX_RGB = (255, 230, 0)
CONTACT_RGB = (255, 0, 60)
TEXT_RGB = (255, 255, 255)
CAPTION_PX = 16


def project(camera: Camera, point_m: tuple[float, float, float], width_px: int, height_px: int) -> tuple[float, float]:
    """Picture coordinates in pixels of a camera-space point before the camera (z > 0)."""
    x, y, z = point_m
    across, above = x / z / camera.tan_half_horizontal, y / z / camera.tan_half_vertical
    return (1 + across) / 2 * width_px, (1 - above) / 2 * height_px


def annotated(frame: SceneFrame, contact: Contact | None, caption: str) -> UInt8Array:
    """The frame's picture (H + CAPTION_PX, W, 3) with its boxes, one contact and a line of text above."""
    picture = cv2.copyMakeBorder(frame.picture, CAPTION_PX, 0, 0, 0, cv2.BORDER_CONSTANT, value=(20, 20, 20))
    for box in frame.boxes:
        near, far = (round(box.x0), round(box.y0) + CAPTION_PX), (round(box.x1), round(box.y1) + CAPTION_PX)
        cv2.rectangle(picture, near, far, BOX_RGB, 1)
    if contact is not None and contact.position_m[2] > frame.camera.near_m:
        x, y = project(frame.camera, contact.position_m, frame.width_px, frame.height_px)
        cv2.drawMarker(picture, (round(x), round(y) + CAPTION_PX), CONTACT_RGB, cv2.MARKER_CROSS, 11, 1)
    cv2.putText(picture, caption, (3, CAPTION_PX - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.35, TEXT_RGB, 1, cv2.LINE_AA)
    return np.asarray(picture, dtype=np.uint8)


def _spread(contacts: tuple[Contact, ...], count: int) -> list[Contact | None]:
    """`count` contacts evenly through the walk; None where there are too few."""
    if not contacts:
        return [None] * count
    chosen = np.linspace(0, len(contacts) - 1, count).round().astype(int)
    return [contacts[index] for index in chosen]


def strip(plan: Plan, columns: int, width_px: int, height_px: int) -> UInt8Array:
    """One row of frames of a plan, each at the moment of a contact."""
    cells = []
    with Engine(plan, width_px, height_px) as engine:
        for column, contact in enumerate(_spread(walk_truth(plan).contacts, columns)):
            time_s = contact.time_s if contact else plan.duration_s * (column + 0.5) / columns
            what = f"{contact.foot} on {contact.ground} x{contact.force:.1f}" if contact else "no contact"
            caption = f"#{plan.seed} {plan.place} {time_s:.2f} s {what}"
            cells.append(annotated(engine.frame(time_s, column), contact, caption))
    return np.hstack(cells)


def contact_sheet(
    first_seed: int, rows: int, columns: int, seconds: float, width_px: int = 384, height_px: int = 216
) -> UInt8Array:
    """RGB picture of `rows` plans from `first_seed` on, `columns` moments of contact each."""
    strips = [strip(make_plan(first_seed + row, seconds), columns, width_px, height_px) for row in range(rows)]
    return np.vstack(strips)


def save_png(path: Path, picture: UInt8Array) -> None:
    """Write an RGB picture. Raises ValueError when `path` cannot be written as a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() not in (".png", ".jpg") or not cv2.imwrite(str(path), picture[..., ::-1]):
        raise ValueError(f"cannot write {path}: name a .png or .jpg file in a folder that can be written to")


def columns_for(rows: int) -> int:
    """So many columns that the sheet is about as wide as it is high on a wide screen."""
    return max(3, min(6, math.ceil(rows * 0.75)))
