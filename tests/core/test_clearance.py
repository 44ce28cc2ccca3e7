"""Clearance, against bodies on a plane whose heights are known."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync.clearance import HALVES, channels, mirrored, profile
from stereosync.cues import TRACK_CHANNELS, CueSpec, CueState, encode
from stereosync.scene import Box, Camera, SceneFrame

PLACES = 7
SPEC = CueSpec(clearance_places=PLACES)
WIDTH_PX, HEIGHT_PX = 256, 144
CAMERA = Camera(0.9, WIDTH_PX / HEIGHT_PX)
EYE_M, AWAY_M, TALL_M = 1.5, 5.0, 1.8
LEFT, RIGHT = 2 * PLACES, 2 * PLACES + 1


def bars(down_rad: float, lift_m: float, tall_m: float = TALL_M) -> SceneFrame:
    """Two legs and a trunk, flat and facing the camera, over a plane; the right leg is lifted."""
    half = CAMERA.tan_half_vertical
    x = ((np.arange(WIDTH_PX) + 0.5) / WIDTH_PX * 2 - 1) * half * CAMERA.aspect
    y = ((np.arange(HEIGHT_PX) + 0.5) / HEIGHT_PX * 2 - 1)[:, None] * half
    falls = np.sin(down_rad) + y * np.cos(down_rad)  # of a ray, per depth along the axis
    depth_m = np.broadcast_to(np.where(falls > 1e-3, EYE_M / np.maximum(falls, 1e-3), np.inf), (HEIGHT_PX, WIDTH_PX))
    along = np.cos(down_rad) - y * np.sin(down_rad)  # over the ground, per depth
    body_m = AWAY_M / along  # depth of a pixel of the upright plane that the body is in
    across, high = x * body_m, EYE_M - falls * body_m
    leg = (np.abs(np.abs(across) - 0.15) < 0.08) & (high < 0.5 * tall_m) & (high > np.where(across > 0, lift_m, 0.0))
    shown = leg | ((np.abs(across) < 0.23) & (high >= 0.5 * tall_m) & (high < tall_m))
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    box = Box(1, "person", float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 90, np.uint8)
    return SceneFrame(0, 0.0, CAMERA, picture, np.where(shown, body_m, depth_m).astype(np.float32), (box,))


def seen(frame: SceneFrame) -> np.ndarray:
    """The newest clearance of the only character."""
    return encode(SPEC, CueState(), frame)[1].tracks[0, 0, len(TRACK_CHANNELS) :]


@pytest.mark.parametrize("down_rad", [0.1, 0.2, 0.3])
def test_a_lifted_foot_is_told_from_one_that_stands(down_rad: float) -> None:
    standing, lifted = seen(bars(down_rad, 0.0)), seen(bars(down_rad, 0.25))
    assert len(standing) == channels(PLACES) == 2 * PLACES + HALVES
    assert standing[LEFT] > 0.5
    assert standing[RIGHT] == pytest.approx(standing[LEFT], abs=0.25)
    assert lifted[LEFT] > 0.5
    assert lifted[RIGHT] < 0.25


def test_it_grows_as_the_foot_comes_down() -> None:
    lows = [seen(bars(0.3, lift_m))[RIGHT] for lift_m in (0.3, 0.2, 0.1, 0.0)]
    assert lows == sorted(lows)
    assert lows[-1] > lows[0] + 0.5


def test_the_same_body_elsewhere_reads_the_same() -> None:
    points = np.random.default_rng(0).uniform(0, 1, (2, 1, 60))
    heights, across = 0.5 * points[0], points[1] - 0.5
    once = profile(heights, across, np.zeros_like(across), PLACES)
    assert once == pytest.approx(profile(heights, across + 3.0, np.full_like(across, 7.0), PLACES), abs=1e-6)


def test_a_mirrored_clearance_is_that_of_the_mirrored_frame() -> None:
    frame, rng = bars(0.3, 0.2), np.random.default_rng(0)
    (box,) = frame.boxes
    turned = SceneFrame(
        0, 0.0, CAMERA, frame.picture[:, ::-1], frame.depth_m[:, ::-1],
        (Box(1, "person", WIDTH_PX - box.x1, box.y0, WIDTH_PX - box.x0, box.y1),),
    )  # fmt: skip
    assert mirrored(seen(frame)) == pytest.approx(seen(turned), abs=0.02)
    drawn = rng.random((3, channels(PLACES)))
    assert mirrored(mirrored(drawn)) == pytest.approx(drawn)


def test_nothing_is_said_where_no_ground_is_seen_or_the_feet_are_outside() -> None:
    frame = bars(0.3, 0.0)
    (box,) = frame.boxes
    unknown = SceneFrame(0, 0.0, CAMERA, frame.picture, np.full_like(frame.depth_m, np.inf), frame.boxes)
    assert not seen(unknown).any()
    low = SceneFrame(
        0, 0.0, CAMERA, frame.picture[: round(box.y1)], frame.depth_m[: round(box.y1)], frame.boxes
    )  # fmt: skip
    assert not seen(low).any()


def test_a_bundle_without_clearance_gets_the_tracks_that_it_knows() -> None:
    frame = bars(0.3, 0.1)
    plain, more = encode(CueSpec(), CueState(), frame)[1].tracks, encode(SPEC, CueState(), frame)[1].tracks
    assert plain.shape[-1] == len(TRACK_CHANNELS)
    assert np.array_equal(plain, more[..., : len(TRACK_CHANNELS)])
