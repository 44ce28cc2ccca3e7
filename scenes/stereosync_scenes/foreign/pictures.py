"""Contact sheets of walks of foreign bodies, drawn at moments of contact, and videos of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stereosync.scene import UInt8Array
from stereosync_scenes.foreign.cast import foreign_plan
from stereosync_scenes.foreign.catalogue import Split
from stereosync_scenes.foreign.plan import ForeignPlan
from stereosync_scenes.foreign.renderer import ForeignRenderer
from stereosync_scenes.foreign.truth import foreign_truth
from stereosync_scenes.pictures import annotated
from stereosync_scenes.videos import HEIGHT_PX, WIDTH_PX, VideoRow, write_rows


def title(plan: ForeignPlan) -> str:
    """A plan in a few words."""
    return f"#{plan.scene.seed} {plan.kind} {' '.join(walker.name for walker in plan.walkers)}"


def strip(plan: ForeignPlan, columns: int) -> UInt8Array:
    """One row of frames of a plan, each at the moment of a contact of the first walker."""
    own = [contact for contact in foreign_truth(plan).contacts if contact.character_id == plan.walkers[0].id]
    chosen = np.linspace(0, len(own) - 1, columns).round().astype(int)
    cells = []
    with ForeignRenderer(plan, WIDTH_PX, HEIGHT_PX) as renderer:
        for column, which in enumerate(chosen):
            contact = own[which]
            caption = title(plan) if column == 0 else f"{plan.scene.setting.kind} {plan.scene.place}"
            caption += f" {contact.time_s:.2f}s {contact.foot[0]} {contact.ground}"
            cells.append(annotated(renderer.frame(contact.time_s, column), contact, caption))
    return np.hstack(cells)


def contact_sheet(first_seed: int, rows: int, columns: int, seconds: float, split: Split) -> UInt8Array:
    """RGB picture of `rows` plans from `first_seed` on."""
    return np.vstack([strip(foreign_plan(first_seed + row, seconds, split), columns) for row in range(rows)])


def save_video(path: Path, first_seed: int, rows: int, seconds: float, split: Split) -> None:
    """The same plans, one per row, as a video; raises ValueError for a name without .mp4."""
    plans = [foreign_plan(first_seed + row, seconds, split) for row in range(rows)]
    strips = [
        VideoRow(title(plan), foreign_truth(plan).contacts, ForeignRenderer(plan, WIDTH_PX, HEIGHT_PX))
        for plan in plans
    ]
    write_rows(path, strips, seconds)
