"""Capture: the same picture, depth and boxes as the training world's, at the pace that was asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stereosync.scene import MAX_BOXES, SceneFrame, ToldContact, ToldScene
from stereosync_panda3d.capture import Capture, CaptureError
from stereosync_panda3d.feet import JointError
from stereosync_panda3d.lens import LensError, camera_of
from stereosync_panda3d.options import CaptureOptions, PandaOptions, Telling
from stereosync_scenes.casting import make_plan
from stereosync_scenes.graphics import canvas, panda
from stereosync_scenes.renderer import Renderer

pytestmark = pytest.mark.usefixtures("graphics")


class HandClock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Stage:
    """A room with a red cuboid, drawn by the shared graphics context, and the capture of its camera."""

    def __init__(self, size: float = 1.0, **options: Any) -> None:
        core = panda()
        self.clock = HandClock()
        self.root = core.NodePath("room")
        lens = core.PerspectiveLens()
        lens.setFov(70, 45)
        lens.setNearFar(0.1 * size, 50 * size)
        self.camera = self.root.attachNewNode(core.Camera("eye", lens))
        self.camera.setPos(0, 0, 1.5 * size)
        self.body = self.root.attachNewNode("body")
        self.host = canvas(256, 144).readback.buffer
        self.capture = Capture(self.host, self.camera, self.clock, CaptureOptions(**options))
        maker = core.CardMaker("card")
        maker.setFrame(-0.3 * size, 0.3 * size, 0, 1.8 * size)
        self.body.attachNewNode(maker.generate()).setColor(1, 0, 0, 1)
        self.body.setPos(1 * size, 6 * size, 0)

    def frame(self) -> SceneFrame | None:
        self.capture.before_render()
        self.host.getEngine().renderFrame()
        return self.capture.after_render()

    def seen(self) -> SceneFrame:
        """The frame of a moment at which one is due."""
        frame = self.frame()
        assert frame is not None
        return frame


@pytest.fixture
def stage() -> Iterator[Callable[..., Stage]]:
    opened: list[Stage] = []

    def open_stage(size: float = 1.0, **options: Any) -> Stage:
        opened.append(Stage(size, **options))
        return opened[-1]

    yield open_stage
    for one in opened:
        one.capture.close()


def test_a_game_is_seen_as_the_training_world_is() -> None:
    """Another kind of buffer rounds otherwise: a level of colour here and there, and nothing else."""
    with Renderer(make_plan(3), 256, 144) as engine:
        drawn = engine.frame(1.7)
        options = CaptureOptions(256, 144, depth_stride=1)
        capture = Capture(engine.canvas.readback.buffer, engine._eye, HandClock(), options)
        capture.before_render()
        engine.canvas.engine.renderFrame()
        captured = capture.after_render()
        capture.close()
    assert captured is not None
    assert np.abs(captured.picture.astype(int) - drawn.picture).mean() < 0.05
    assert (np.isfinite(captured.depth_m) == np.isfinite(drawn.depth_m)).mean() > 0.999
    close = np.isclose(captured.depth_m, drawn.depth_m, rtol=1e-3)
    assert close.mean() > 0.998
    upside_down = np.isclose(captured.depth_m[::-1], drawn.depth_m, rtol=1e-3)
    assert upside_down.mean() < 0.9
    assert drawn.picture.std() > 5


def test_the_box_is_around_what_is_drawn(stage: Callable[..., Stage]) -> None:
    there = stage()
    number = there.capture.add_character(there.body, label="guard")
    frame = there.seen()
    red = (frame.picture[..., 0] > 200) & (frame.picture[..., 1] < 50)
    rows, columns = np.nonzero(red)
    (box,) = frame.boxes
    assert (box.id, box.label, box.tight) == (number, "guard", True)
    assert (box.x0, box.x1) == pytest.approx((columns.min(), columns.max() + 1), abs=0.6)
    assert (box.y0, box.y1) == pytest.approx((rows.min(), rows.max() + 1), abs=0.6)
    assert box.x0 > frame.width_px / 2
    assert box.position_m == pytest.approx((1.0, -1.5, 6.0), abs=1e-4)
    np.testing.assert_allclose(frame.depth_m[red[::2, ::2]], 6.0, rtol=1e-3)
    assert np.isinf(frame.depth_m[0, 0])


def test_a_game_in_centimetres_is_told_in_metres(stage: Callable[..., Stage]) -> None:
    frames = []
    for size, metres_per_unit in ((1.0, 1.0), (100.0, 0.01)):
        there = stage(size, metres_per_unit=metres_per_unit)
        there.capture.add_character(there.body)
        frames.append(there.seen())
    one, other = frames
    assert other.camera.near_m == pytest.approx(one.camera.near_m)
    assert other.boxes[0].position_m == pytest.approx(one.boxes[0].position_m, abs=1e-4)
    assert other.boxes[0].x0 == pytest.approx(one.boxes[0].x0, abs=1e-3)
    np.testing.assert_allclose(other.depth_m, one.depth_m, rtol=1e-3)


def test_frames_come_at_the_pace_and_bear_the_time_of_their_rendering(stage: Callable[..., Stage]) -> None:
    there = stage(frames_per_s=30.0)
    stamps = []
    for step in range(60):
        there.clock.now_s = 5.0 + step / 60
        frame = there.frame()
        there.clock.now_s += 0.001
        stamps += [] if frame is None else [frame.capture_time_s]
    assert len(stamps) in (30, 31)
    assert stamps[0] == 5.0
    assert {round(step_s * 60) for step_s in np.diff(stamps)} <= {1, 2, 3}


def test_after_a_hitch_frames_do_not_come_in_a_burst(stage: Callable[..., Stage]) -> None:
    there = stage(frames_per_s=30.0)
    there.frame()
    there.clock.now_s = 3.0
    taken = 0
    for _ in range(10):
        taken += there.frame() is not None
        there.clock.now_s += 0.001
    assert taken <= 2


def test_characters_come_and_go(stage: Callable[..., Stage]) -> None:
    there = stage()
    first = there.capture.add_character(there.body)
    second = there.capture.add_character(there.body.getChild(0))
    assert [box.id for box in there.seen().boxes] == [first, second]
    there.capture.remove_character(first)
    there.capture.remove_character(99)
    there.clock.now_s = 1.0
    assert [box.id for box in there.seen().boxes] == [second]
    there.body.stash()
    there.clock.now_s = 2.0
    assert there.seen().boxes == ()
    there.body.unstash()
    there.clock.now_s = 3.0
    assert len(there.seen().boxes) == 1
    there.body.removeNode()
    there.clock.now_s = 4.0
    assert there.seen().boxes == ()


def test_more_characters_than_a_frame_tells_are_refused(stage: Callable[..., Stage]) -> None:
    there = stage()
    for _ in range(MAX_BOXES):
        there.capture.add_character(there.body)
    with pytest.raises(CaptureError, match="64 characters"):
        there.capture.add_character(there.body)


def test_frames_tell_feet_contacts_and_the_place_of_their_moment(stage: Callable[..., Stage]) -> None:
    there = stage()
    foot = there.body.attachNewNode("foot")
    number = there.capture.add_character(there.body, telling=Telling(left=(foot,)))
    there.capture.teller.tell_contact(number, ToldContact("left", 0.2))
    there.capture.scene = ToldScene(place="")
    told = []
    for time_s in (0.0, 0.25, 0.5):
        there.clock.now_s = time_s
        foot.setZ(time_s)
        told.append(there.seen())
    assert [frame.boxes[0].feet[0].world_m for frame in told] == [(1, 0, 6), (1, 0.25, 6), (1, 0.5, 6)]
    assert [len(frame.boxes[0].contacts) for frame in told] == [1, 1, 0]
    assert {frame.scene for frame in told} == {ToldScene(place="")}


def test_a_joint_that_is_not_there_leaves_no_character_behind(stage: Callable[..., Stage]) -> None:
    there = stage()
    with pytest.raises(JointError):
        there.capture.add_character(there.body, telling=Telling(left=("foot.L",)))
    assert there.seen().boxes == ()


def test_loose_boxes_say_so(stage: Callable[..., Stage]) -> None:
    there = stage(bounds="loose")
    there.capture.add_character(there.body)
    assert not there.seen().boxes[0].tight


def test_several_drawing_threads_are_refused() -> None:
    engine = SimpleNamespace(getThreadingModel=lambda: SimpleNamespace(isSingleThreaded=lambda: False))
    host = SimpleNamespace(getEngine=lambda: engine)
    with pytest.raises(CaptureError, match="threading-model"):
        Capture(host, None, HandClock(), CaptureOptions())


def test_the_lens_is_told_as_it_is() -> None:
    core = panda()
    lens = core.PerspectiveLens()
    lens.setAspectRatio(4 / 3)
    lens.setMinFov(50)
    lens.setNearFar(0.2, math.inf)
    camera = camera_of(lens, 2.0)
    assert math.degrees(camera.vertical_fov_rad) == pytest.approx(50, abs=1e-3)
    assert camera.aspect == pytest.approx(4 / 3)
    assert (camera.near_m, camera.far_m) == (pytest.approx(0.4), 2e9)


def test_other_lenses_are_refused() -> None:
    core = panda()
    with pytest.raises(LensError, match="PerspectiveLens"):
        camera_of(core.OrthographicLens())
    shifted = core.PerspectiveLens()
    shifted.setFilmOffset(0.1, 0)
    with pytest.raises(LensError, match="film offset"):
        camera_of(shifted)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"width_px": 0}, "width_px"),
        ({"frames_per_s": 0.0}, "frames_per_s"),
        ({"depth_stride": 9}, "depth_stride"),
        ({"metres_per_unit": 0.0}, "metres_per_unit"),
        ({"bounds": "wide"}, "bounds must be one of tight, parts, loose"),
    ],
)
def test_options_out_of_their_rule_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        CaptureOptions(**options)
    with pytest.raises(ValueError, match="ahead_ms"):
        PandaOptions(ahead_ms=5)
    with pytest.raises(ValueError, match="volume"):
        PandaOptions(volume=2)
    with pytest.raises(ValueError, match="device_ms"):
        PandaOptions(device_ms=-1)
