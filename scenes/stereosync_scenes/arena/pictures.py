"""Contact sheets of walks in levels, drawn at moments of contact, and videos of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stereosync.scene import UInt8Array
from stereosync_scenes.arena.cast import arena_plan
from stereosync_scenes.arena.catalogue import Split
from stereosync_scenes.arena.plan import ArenaPlan
from stereosync_scenes.arena.renderer import ArenaRenderer
from stereosync_scenes.arena.truth import arena_truth
from stereosync_scenes.pictures import annotated
from stereosync_scenes.videos import HEIGHT_PX, WIDTH_PX, VideoRow, write_rows


def strip(plan: ArenaPlan, columns: int, width_px: int, height_px: int) -> UInt8Array:
    """One row of frames of a plan, each at the moment of a contact."""
    contacts, cells = arena_truth(plan).contacts, []
    chosen = np.linspace(0, len(contacts) - 1, columns if contacts else 0).round().astype(int)
    people = " ".join(f"{walker.person}:{walker.gait}" for walker in plan.walkers)
    with ArenaRenderer(plan, width_px, height_px) as renderer:
        for column, which in enumerate(chosen):
            contact = contacts[which]
            what = [
                f"#{plan.seed} {plan.level} {plan.shot.kind}",
                people,
                f"room {plan.room.size_m:.0f} m {plan.place}",
            ]
            caption = what[column] if column < len(what) else ""
            caption += f" {contact.time_s:.2f}s {contact.foot[0]}{contact.character_id} {contact.ground}"
            caption += f" hidden {contact.occlusion:.1f}" if contact.occlusion else ""
            cells.append(annotated(renderer.frame(contact.time_s, column), contact, caption))
    return np.hstack(cells)


def contact_sheet(first_seed: int, rows: int, columns: int, seconds: float, split: Split, step: int = 1) -> UInt8Array:
    """RGB picture of `rows` plans from `first_seed` on, `step` seeds apart."""
    plans = (arena_plan(first_seed + row * step, seconds, split) for row in range(rows))
    return np.vstack([strip(plan, columns, 384, 216) for plan in plans])


def save_video(path: Path, first_seed: int, rows: int, seconds: float, split: Split, step: int = 1) -> None:
    """The same plans, one per row, as a video; raises ValueError for a name without .mp4."""
    plans = [arena_plan(first_seed + row * step, seconds, split) for row in range(rows)]
    strips = [
        VideoRow(
            f"#{plan.seed} {plan.level} {plan.shot.kind} {plan.place}",
            arena_truth(plan).contacts,
            ArenaRenderer(plan, WIDTH_PX, HEIGHT_PX),
        )
        for plan in plans
    ]
    write_rows(path, strips, seconds)
