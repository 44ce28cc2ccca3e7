"""Every depth encoding, against depths projected with 4x4 matrices that are written here from the graphics books."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from stereosync_bridge.depth import decode_depth, looks_reversed
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import DEPTH_BYTES, CameraSpec, DepthSpec
from stereosync_bridge.thinning import nearest, thinned_size

WIDTH, HEIGHT = 8, 6
ASPECT = WIDTH / HEIGHT
NEAR, FAR = 0.25, 60.0
FOV_RAD = math.radians(70.0)
CAMERA = CameraSpec(70.0, NEAR, FAR)
DEPTHS = np.random.default_rng(7).uniform(0.3, 55.0, (HEIGHT, WIDTH))  # engine units along the axis

Array = npt.NDArray[np.float64]


def opengl_projection(shift: float = 0.0) -> Array:
    """The OpenGL perspective matrix; `shift` moves the principal point (off-axis, as in virtual reality)."""
    cot = 1 / math.tan(FOV_RAD / 2)
    a, b = -(FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)
    return np.array([[cot / ASPECT, 0, shift, 0], [0, cot, -shift, 0], [0, 0, a, b], [0, 0, -1, 0]])


def to_unit(projection: Array) -> Array:
    """From clip z in [-1, 1] to [0, 1]."""
    return np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0.5, 0.5], [0, 0, 0, 1]]) @ projection


def flip(projection: Array) -> Array:
    """From z in [0, 1] to 1 - z, as engines with a reversed buffer do."""
    return np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 1], [0, 0, 0, 1]]) @ projection


def orthographic_projection() -> Array:
    """z in [0, 1] at near and far, no division."""
    scale = -1 / (FAR - NEAR)
    return np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, scale, scale * NEAR], [0, 0, 0, 1]])


def infinite_reversed_projection() -> Array:
    cot = 1 / math.tan(FOV_RAD / 2)
    return np.array([[cot / ASPECT, 0, 0, 0], [0, cot, 0, 0], [0, 0, 0, NEAR], [0, 0, -1, 0]])


def projected(projection: Array) -> Array:
    """The buffer that a renderer would hold: each pixel's point projected, z / w."""
    x = (2 * (np.arange(WIDTH) + 0.5) / WIDTH - 1) * math.tan(FOV_RAD / 2) * ASPECT
    y = (1 - 2 * (np.arange(HEIGHT) + 0.5) / HEIGHT) * math.tan(FOV_RAD / 2)
    grid_x, grid_y = np.meshgrid(x, y)
    points = np.stack([grid_x * DEPTHS, grid_y * DEPTHS, -DEPTHS, np.ones_like(DEPTHS)], axis=-1)
    clip = points @ projection.T
    return np.asarray(clip[..., 2] / clip[..., 3])


def spec(encoding: str, dtype: str = "float32", **more: object) -> DepthSpec:
    return DepthSpec(encoding, dtype, WIDTH, HEIGHT, WIDTH * HEIGHT * DEPTH_BYTES[dtype], **more)  # type: ignore[arg-type]


def decode(buffer: npt.NDArray[np.generic], depth: DepthSpec, camera: CameraSpec = CAMERA) -> npt.NDArray[np.float32]:
    little = buffer.astype(np.dtype(depth.dtype).newbyteorder("<")) if depth.encoding != "carla24" else buffer
    return decode_depth(depth, camera, little.tobytes(), ASPECT)


BUFFERS = {
    "linear": DEPTHS,
    "linear01": DEPTHS / FAR,
    "linear01_near": (DEPTHS - NEAR) / (FAR - NEAR),
    "orthographic": projected(orthographic_projection()),
    "orthographic_reversed": projected(flip(orthographic_projection())),
    "standard": projected(to_unit(opengl_projection())),
    "opengl_ndc": projected(opengl_projection()),
    "reversed": projected(flip(to_unit(opengl_projection()))),
    "reversed_infinite": projected(infinite_reversed_projection()),
}


@pytest.mark.parametrize("metres_per_unit", [1.0, 0.01])
@pytest.mark.parametrize("encoding", BUFFERS)
def test_encoding_gives_planar_metres(encoding: str, metres_per_unit: float) -> None:
    camera = replace(CAMERA, metres_per_unit=metres_per_unit)
    depth_m = decode(BUFFERS[encoding], spec(encoding), camera)
    # float32 storage of a standard buffer is only this good far away: 1 step is z^2 / (n 2^24).
    np.testing.assert_allclose(depth_m, DEPTHS * metres_per_unit, rtol=2e-5)


@pytest.mark.parametrize("encoding", BUFFERS)
def test_rows_from_the_bottom(encoding: str) -> None:
    upside_down = decode(BUFFERS[encoding][::-1], spec(encoding, row_origin="bottom"))
    np.testing.assert_array_equal(upside_down, decode(BUFFERS[encoding], spec(encoding)))


def test_inverse_projection_off_axis() -> None:
    projection = flip(to_unit(opengl_projection(shift=0.3)))
    inverse = tuple(np.linalg.inv(projection).ravel())
    pixel_x = 2 * (np.arange(WIDTH) + 0.5) / WIDTH - 1
    pixel_y = 1 - 2 * (np.arange(HEIGHT) + 0.5) / HEIGHT
    x, y = np.meshgrid(pixel_x, pixel_y)
    # View-space points that fall on each pixel's centre, whatever the shift: solve clip x and y for them.
    view_x = (x - 0.3 * -1) * DEPTHS / projection[0, 0]
    view_y = (y + 0.3 * -1) * DEPTHS / projection[1, 1]
    clip = np.stack([view_x, view_y, -DEPTHS, np.ones_like(DEPTHS)], axis=-1) @ projection.T
    np.testing.assert_allclose(clip[..., 0] / clip[..., 3], x, atol=1e-12)
    depth_m = decode(clip[..., 2] / clip[..., 3], spec("inverse_projection", inverse_projection=inverse))
    np.testing.assert_allclose(depth_m, DEPTHS, rtol=2e-5)


@pytest.mark.parametrize(("dtype", "channels"), [("rgb8", (0, 1, 2)), ("bgra8", (2, 1, 0))])
def test_carla_24_bit(dtype: str, channels: tuple[int, int, int]) -> None:
    steps = np.round(DEPTHS / 1000 * (2**24 - 1)).astype(np.int64)
    pixels = np.zeros((HEIGHT, WIDTH, DEPTH_BYTES[dtype]), np.uint8)
    for byte, channel in enumerate(channels):
        pixels[..., channel] = steps >> (8 * byte) & 255
    np.testing.assert_allclose(decode(pixels, spec("carla24", dtype)), DEPTHS, atol=1e-4)


@pytest.mark.parametrize(("fov_axis", "fov_deg"), [("vertical", 70.0), ("horizontal", None)])
def test_radial_distances(fov_axis: str, fov_deg: float | None) -> None:
    horizontal_deg = math.degrees(2 * math.atan(ASPECT * math.tan(FOV_RAD / 2)))
    camera = CameraSpec(fov_deg or horizontal_deg, NEAR, FAR, fov_axis)
    focal_px = HEIGHT / 2 / math.tan(FOV_RAD / 2)
    u, v = np.meshgrid(np.arange(WIDTH) + 0.5 - WIDTH / 2, np.arange(HEIGHT) + 0.5 - HEIGHT / 2)
    radial = DEPTHS * np.sqrt(1 + (u / focal_px) ** 2 + (v / focal_px) ** 2)
    np.testing.assert_allclose(decode(radial, spec("linear", radial=True), camera), DEPTHS, rtol=1e-6)


def test_float16_linear_metres_are_good_to_half_a_thousandth() -> None:
    np.testing.assert_allclose(decode(DEPTHS, spec("linear", "float16")), DEPTHS, rtol=5e-4)


def test_uint16_with_scale() -> None:
    millimetres = np.round(DEPTHS * 1000).astype(np.uint16)
    np.testing.assert_allclose(decode(millimetres, spec("linear", "uint16", scale=0.001)), DEPTHS, atol=6e-4)
    fractions = np.round(BUFFERS["linear01"] * 65535).astype(np.uint16)
    np.testing.assert_allclose(decode(fractions, spec("linear01", "uint16", scale=1 / 65535)), DEPTHS, atol=6e-4)


def test_sky_is_infinite() -> None:
    sky = np.full((HEIGHT, WIDTH), np.inf)
    assert np.isinf(decode(sky, spec("linear"))).all()
    assert np.isinf(decode(np.zeros((HEIGHT, WIDTH)), spec("reversed_infinite"))).all()


@pytest.mark.parametrize("encoding", BUFFERS)
def test_nan_is_refused(encoding: str) -> None:
    buffer = BUFFERS[encoding].copy()
    buffer[2, 3] = np.nan
    with pytest.raises(WireError, match="depth: must not hold NaN"):
        decode(buffer, spec(encoding))


@pytest.mark.parametrize("encoding", sorted(set(BUFFERS) - {"linear"}))
def test_values_outside_the_encoding_are_refused(encoding: str) -> None:
    for value in (1.1, np.inf, -1.1):
        buffer = BUFFERS[encoding].copy()
        buffer[0, 0] = value
        with pytest.raises(WireError, match=f"encoding {encoding} holds"):
            decode(buffer, spec(encoding))


def test_negative_metres_are_refused() -> None:
    with pytest.raises(WireError, match="encoding linear holds 0 to inf"):
        decode(-DEPTHS, spec("linear"))


def ground_buffer(projection: Array) -> Array:
    """A floor that comes nearer towards the lower edge, and open sky above, through a projection."""
    depths = np.repeat(np.linspace(50, 2, HEIGHT)[:, None], WIDTH, axis=1)
    clip = np.stack([0 * depths, 0 * depths, -depths, np.ones_like(depths)], axis=-1) @ projection.T
    return np.asarray(clip[..., 2] / clip[..., 3])


STANDARD, REVERSED = to_unit(opengl_projection()), flip(to_unit(opengl_projection()))


@pytest.mark.parametrize(
    ("projection", "declared", "wrong"),
    [
        (REVERSED, "standard", True),
        (STANDARD, "reversed", True),
        (STANDARD, "standard", False),
        (REVERSED, "reversed", False),
        (STANDARD, "linear01", True),  # device depth, read as linear
    ],
)
def test_reversed_buffer_is_noticed(projection: Array, declared: str, wrong: bool) -> None:
    depth_m = decode(ground_buffer(projection), spec(declared))
    assert looks_reversed(depth_m, spec(declared), CAMERA) == wrong


@pytest.mark.parametrize("row_origin", ["top", "bottom"])
@pytest.mark.parametrize(("encoding", "radial"), [("linear", False), ("linear", True), ("reversed", False)])
def test_a_large_buffer_is_thinned_to_the_pixels_at_the_middle_of_equal_cells(
    encoding: str, radial: bool, row_origin: str
) -> None:
    values = np.random.default_rng(1).uniform(0.01, 0.9, (1080, 1920)).astype(np.float32)
    large = DepthSpec(encoding, "float32", 1920, 1080, values.nbytes, row_origin=row_origin, radial=radial)
    thin = DepthSpec(encoding, "float32", 640, 360, 640 * 360 * 4, row_origin=row_origin, radial=radial)
    depth_m = decode_depth(large, CAMERA, values.tobytes(), 16 / 9)
    expected = decode_depth(thin, CAMERA, values[1::3, 1::3].tobytes(), 16 / 9)
    assert depth_m.shape == (360, 640)
    np.testing.assert_allclose(depth_m, expected, rtol=1e-6)


def test_thinned_sizes_and_pixels() -> None:
    assert [thinned_size(*size) for size in ((640, 640), (641, 1), (1000, 500), (2048, 64))] == [
        (640, 640),
        (640, 1),
        (640, 320),
        (640, 20),
    ]
    assert nearest(2, 5).tolist() == [1, 3]
    assert nearest(4, 4).tolist() == [0, 1, 2, 3]
    assert nearest(640, 2048)[[0, -1]].tolist() == [1, 2046]


def test_decoding_an_inverse_projection_of_a_large_buffer_knows_where_its_pixels_lie() -> None:
    values = np.full((4, 1280), 0.5, np.float32)
    matrix = (1.0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, -2, 0, 0, 0, 1)  # planar distance x + 2
    spec_ = DepthSpec("inverse_projection", "float32", 1280, 4, values.nbytes, inverse_projection=matrix)
    depth_m = decode_depth(spec_, CAMERA, values.tobytes(), 320.0)
    x = 2 * (nearest(640, 1280) + 0.5) / 1280 - 1
    np.testing.assert_allclose(depth_m[0], x + 2, rtol=1e-6)
