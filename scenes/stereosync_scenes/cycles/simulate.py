"""Simulated tracks: cue arrays of a body under way as the service would make them, and its contacts. Nothing is drawn:
clearance is that of the body's points, and the legs of a track, which are read from the picture, those of a body that
shows none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from stereosync.cue_spec import FARTHEST_M, NEAREST_M, CueSpec
from stereosync.scene import Box, Float32Array, SceneFrame
from stereosync.tracks import DEPTH_RANK, box_numbers, extend_track, track_array, track_point
from stereosync_panda3d.projection import box_around
from stereosync_scenes.cycles.before_camera import BeforeCamera, before_camera
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.course import Course, draw_course
from stereosync_scenes.cycles.manner import Manner, draw_manner
from stereosync_scenes.cycles.shots import Shot, draw_shot
from stereosync_scenes.cycles.shown_legs import shown_clearance
from stereosync_scenes.plan import FloatArray

DURATION_S = 5.0
PAST_S = 0.3  # of a track that is asked about, at least
SMALLEST_PX = 8.0
NO_LEGS = (0.0, 0.0, 0.0)

Seen = tuple[SceneFrame, Box, float]  # a frame, the body's box in it, and its depth in metres


@dataclass(frozen=True, eq=False)
class SimulatedClip:
    """Frames of one clip that have a box: `times_s` (F,), `numbers` (F, 10), `tracks` (F, K, 9 and clearance);
    `contacts_s` are those of the whole clip, which ends at `end_s`."""

    times_s: FloatArray
    numbers: Float32Array
    tracks: Float32Array
    contacts_s: FloatArray
    end_s: float


def simulate(
    cycle: BodyCycle,
    spec: CueSpec,
    rng: np.random.Generator,
    moments: int | None = None,
    duration_s: float = DURATION_S,
) -> SimulatedClip:
    """A clip of a body with a course, a camera and an engine's manner at random.

    Of its frames `moments` at random are kept, all by default; none where the body is never in the picture.
    """
    course = draw_course(cycle, duration_s, rng)
    return simulated_clip(course, draw_shot(course, rng), draw_manner(rng), spec, rng, moments)


def simulated_clip(
    course: Course, shot: Shot, manner: Manner, spec: CueSpec, rng: np.random.Generator, moments: int | None = None
) -> SimulatedClip:
    """A clip of this course before this camera, told in this manner."""
    end_s = float(course.times_s[-1])
    times_s = manner.times_s(end_s, rng)
    body = before_camera(course, shot, times_s)
    boxes = list(_boxes(body, shot, manner, times_s, rng))
    clearance = _clearance(body, shot, boxes, spec, rng)
    late = [number for number, (frame, _, _) in enumerate(boxes) if frame.capture_time_s >= PAST_S]
    kept = set(late if moments is None else rng.permutation(late)[:moments].tolist())
    rows, track = [], None
    for number, (frame, box, depth_m) in enumerate(boxes):
        track = extend_track(spec, track, track_point(frame, box, depth_m, NO_LEGS), clearance[number])
        if number in kept:
            rows.append((frame.capture_time_s, box_numbers(track, True, box.tight), track_array(spec, track)))
    return SimulatedClip(
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows], np.float32).reshape(-1, spec.numbers_shape[1]),
        np.array([row[2] for row in rows], np.float32).reshape(-1, *spec.tracks_shape[1:]),
        course.contacts_s(),
        end_s,
    )


def _clearance(
    body: BeforeCamera, shot: Shot, boxes: Sequence[Seen], spec: CueSpec, rng: np.random.Generator
) -> FloatArray:
    """Clearance (N, E) of the frames that have a box."""
    chosen = [frame.index for frame, _, _ in boxes]
    seen = BeforeCamera(**{one.name: getattr(body, one.name)[chosen] for one in fields(body)})
    heights_px = np.array([box.y1 - box.y0 for _, box, _ in boxes])
    of_pixel = np.array([2 * shot.camera.tan_half_vertical / frame.height_px for frame, _, _ in boxes])
    depths_m = np.array([depth_m for _, _, depth_m in boxes])
    return shown_clearance(seen, shot.camera, heights_px * of_pixel, depths_m, spec.clearance_places, rng)


def _boxes(
    body: BeforeCamera, shot: Shot, manner: Manner, times_s: FloatArray, rng: np.random.Generator
) -> Iterator[Seen]:
    """Frames with the body's box and its depth in metres."""
    width_px, height_px = round(manner.height_px * shot.camera.aspect), manner.height_px
    blank = np.broadcast_to(np.uint8(0), (height_px, width_px, 3))
    nowhere = np.zeros((0, 0), np.float32)
    told_m = {"root": body.root_m, "feet": body.feet_m}.get(manner.position)
    for index, time_s in enumerate(times_s.tolist()):
        around = body.cuboid_m if manner.static else body.points_m
        position_m = None if told_m is None else tuple(told_m[index].tolist())
        box = box_around(0, around[index], position_m, shot.camera, (width_px, height_px), manner.tight)
        if box is None or box.y1 - box.y0 < SMALLEST_PX:
            continue
        depth_m = float(np.quantile(body.points_m[index, :, 2], DEPTH_RANK))
        if box.position_m is not None and box.position_m[2] > 0:
            depth_m = box.position_m[2]
        frame = SceneFrame(index, time_s, shot.camera, blank, nowhere)
        yield frame, manner.given(box, rng), min(max(depth_m, NEAREST_M), FARTHEST_M)
