import math

import numpy as np
import pytest

from stereosync.scene import Camera, SceneFrame, azimuth_rad

WIDE = Camera(vertical_fov_rad=math.radians(60), aspect=16 / 9)


def test_horizontal_field_of_view_follows_from_vertical_and_aspect() -> None:
    # 60 degrees high at 16:9 is 91.49 degrees wide, a figure every engine's manual agrees on.
    assert math.degrees(2 * math.atan(WIDE.tan_half_horizontal)) == pytest.approx(91.49, abs=0.01)


def test_azimuth_at_the_middle_and_at_both_edges() -> None:
    half_width_rad = math.atan(WIDE.tan_half_horizontal)
    assert azimuth_rad(WIDE, 160, 320) == 0.0
    assert azimuth_rad(WIDE, 320, 320) == pytest.approx(half_width_rad)
    assert azimuth_rad(WIDE, 0, 320) == pytest.approx(-half_width_rad)


@pytest.mark.parametrize("position_m", [(1.0, 5.0), (-3.0, 4.0), (0.2, 0.9), (-7.0, 7.5)])
def test_azimuth_of_a_projected_point_is_its_true_bearing(position_m: tuple[float, float]) -> None:
    x_m, z_m = position_m
    focal_px = 320 / 2 / WIDE.tan_half_horizontal
    assert azimuth_rad(WIDE, 160 + focal_px * x_m / z_m, 320) == pytest.approx(math.atan2(x_m, z_m))


def test_azimuth_is_not_linear_in_x() -> None:
    linear = 0.5 * math.atan(WIDE.tan_half_horizontal)
    assert math.degrees(azimuth_rad(WIDE, 240, 320) - linear) == pytest.approx(4.3, abs=0.1)


def test_frame_size_is_that_of_its_picture() -> None:
    frame = SceneFrame(0, 0.0, WIDE, np.zeros((180, 320, 3), np.uint8), np.ones((90, 160), np.float32))
    assert (frame.width_px, frame.height_px) == (320, 180)
