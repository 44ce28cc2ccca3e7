"""The Unreal module compiled against hand-made stubs of the engine, and run: boxes of all kinds, and whole plays.

The core, the bridge and the server are real; the engine's ticks, scene capture, readback and audio mixer are stubs.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from engine_tone_server import RATE_HZ, ToneServer
from numpy.typing import NDArray

from stereosync.scene import SIDES
from stereosync_bridge.events import Event, FrameReceived
from stereosync_bridge.keys import make_client_keys, make_server_keys

pytestmark = pytest.mark.timeout(300)  # the first test builds the module
Array = NDArray[np.float64]
WIDTH_PX, HEIGHT_PX, NEAR_M = 320, 180, 0.1
BLOCK = 480  # frames that the stub of the mixer takes at once
TONE_HZ = (440, 330)


# Boxes


def boxes(built: dict[str, Path], *arguments: str) -> tuple[dict[int, list[str]], str]:
    """The words of each box's line by id, and what is wrong."""
    done = subprocess.run([str(built["boxes"]), *arguments], capture_output=True, text=True, timeout=20, check=True)
    lines = done.stdout.splitlines()
    return {int(line.split()[0]): line.split(maxsplit=6) for line in lines[:-1]}, lines[-1].removeprefix(
        "fault"
    ).strip()


def rotation(pitch_deg: float, yaw_deg: float) -> Array:
    """Rows: the images of X, Y and Z."""
    (cp, cy), (sp, sy) = np.cos(np.radians([pitch_deg, yaw_deg])), np.sin(np.radians([pitch_deg, yaw_deg]))
    return np.array([[cp * cy, cp * sy, sp], [-sy, cy, 0], [-sp * cy, -sp * sy, cp]])


def corners(low: list[float], high: list[float]) -> Array:
    return np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])], float)


def pixels(world_cm: Array) -> Array:
    """x0, y0, x1, y1 around points before the camera of boxes.cpp."""
    forward, right, up = rotation(-10, 20)
    offset = world_cm - [-500, 40, 170]
    z = offset @ forward
    assert z.min() > NEAR_M * 100
    x = WIDTH_PX / 2 * (1 + offset @ right / z)
    y = HEIGHT_PX / 2 * (1 - offset @ up / z * WIDTH_PX / HEIGHT_PX)
    return np.array([x.min(), y.min(), x.max(), y.max()])


BEAM = corners([-10, -15, -80], [10, 15, 80]) @ rotation(15, 30) + np.array([0, 0, 100])
CUBE = corners([-10] * 3, [10] * 3) + np.array([30, 20, 10])
BONES = [
    np.array([100, 0, 90.0]),
    np.array([100, 20, 8.0]),
]  # of a mesh that is turned to the right: its X is the world's Y
KINDS = {
    1: (True, np.vstack([BEAM, CUBE])),
    2: (False, corners([-50, -60, 0], [50, 60, 190])),
    3: (True, corners([-10, -5, -15], [10, 5, 15]) + BONES[1]),
    4: (False, np.vstack([corners([-6] * 3, [6] * 3) + bone for bone in BONES])),
    5: (False, np.vstack([corners([-6] * 3, [6] * 3) + bone for bone in BONES])),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_box_is_where_its_corners_are(built: dict[str, Path], kind: int) -> None:
    tight, world_cm = KINDS[kind]
    found = boxes(built)[0][kind]
    assert found[1] == str(int(tight))
    np.testing.assert_allclose(np.array(found[2:6], float), pixels(world_cm), atol=1e-6)


def test_who_is_behind_hidden_or_without_bodies_has_no_box(built: dict[str, Path]) -> None:
    found, fault = boxes(built)
    assert set(found) == {*KINDS, 9}
    assert fault == ""


def test_a_box_through_the_near_plane_stays_on_its_side(built: dict[str, Path]) -> None:
    x0, y0, x1, y1 = np.array(boxes(built)[0][9][2:6], float)
    assert x0 < x1
    assert y0 < y1
    assert y1 > HEIGHT_PX  # the body is below the camera: no corner behind it has flipped upwards


def test_label(built: dict[str, Path]) -> None:
    found = boxes(built)[0]
    assert found[1][6:] == ["blocks"]
    assert found[2][6:] == ["an actor"]


def test_no_more_than_64_and_no_two_of_one_id(built: dict[str, Path]) -> None:
    crowd, fault = boxes(built, "crowd")
    assert len(crowd) == 64
    assert "64" in fault
    twins, fault = boxes(built, "twins")
    assert list(twins) == [5]
    assert "Id 5" in fault


# Play


@dataclass(frozen=True)
class Played:
    """What the program wrote, what the server got, and what was heard: (n, 2) at the device's rate."""

    lines: list[str]
    log: str
    server: ToneServer
    heard: Array

    def said(self, start: str) -> list[str]:
        return [line.removeprefix(start).strip() for line in self.lines if line.startswith(start)]


Play = Callable[..., Played]


@pytest.fixture(scope="module")
def play(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Play:
    def run(
        seconds: float, address: str | None = None, kind: type[ToneServer] = ToneServer, **options: float | str | Path
    ) -> Played:
        server, record = kind(), tmp_path_factory.mktemp("play") / "heard.f32"
        arguments = [address or server.control_address, str(seconds), str(record)]
        arguments += [f"{name}={value}" for name, value in options.items()]
        command = [str(built["play"]), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        finally:
            server.kill()
        assert done.returncode == 0, done.stdout + done.stderr
        heard = np.fromfile(record, np.float32).reshape(-1, 2).astype(float)
        return Played(done.stdout.splitlines(), done.stderr, server, heard)

    return run


@pytest.fixture(scope="module")
def usual(play: Play) -> Played:
    """A play in which nothing happens."""
    return play(2.5)


def loud(heard: Array) -> NDArray[np.bool_]:
    """Whether each whole block of 10 ms sounds."""
    blocks = heard[: len(heard) // BLOCK * BLOCK].reshape(-1, BLOCK, 2)
    return np.abs(blocks).max(axis=(1, 2)) > 0.05


def main_frequency_hz(heard: Array, rate_hz: int) -> tuple[float, float]:
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))[:, None], axis=0))
    left, right = spectrum.argmax(axis=0) * rate_hz / len(heard)
    return left, right


def test_a_play_sends_what_was_drawn(usual: Played) -> None:
    server = usual.server
    assert [hello.engine for hello in server.hellos] == ["Unreal 5.3.2"]
    assert not server.invalid
    assert 55 <= len(server.frames) <= 80
    frame = server.frames[-1].frame
    assert frame.picture.shape == (90, 160, 3)  # the size that the model sees
    rows, columns = np.mgrid[:90, :160]
    np.testing.assert_array_equal(frame.picture, np.stack([np.full((90, 160), 7), rows, columns], axis=2))
    assert frame.depth_m is not None
    assert np.isinf(frame.depth_m[: 45 // 4]).all()  # sky
    np.testing.assert_allclose(frame.depth_m[45 // 4 :], np.tile(3 + np.arange(80) / 100, (45 - 45 // 4, 1)), rtol=1e-3)
    assert frame.camera.vertical_fov_rad == pytest.approx(2 * np.arctan(np.tan(np.radians(40)) * 9 / 16))
    assert frame.camera.near_m == pytest.approx(0.1)


def test_a_play_is_heard_without_a_gap(usual: Played) -> None:
    sounding = loud(usual.heard)
    first = int(sounding.argmax())
    assert first < 60
    assert sounding[first:-2].all()
    left_hz, right_hz = main_frequency_hz(usual.heard[-RATE_HZ - 4 * BLOCK : -4 * BLOCK], RATE_HZ)
    assert (left_hz, right_hz) == pytest.approx(TONE_HZ, abs=2)


def test_a_play_says_how_it_goes_and_ends_cleanly(usual: Played) -> None:
    assert usual.said("sound") == ["spatial=0 ui=1"]
    assert float(usual.said("ended")[0]) < 1.0
    assert usual.said("left") == ["components=1"]  # the bridge alone: captures and sound are gone
    assert usual.said("status")[-1].startswith("2 connected to tcp://127.0.0.1:")
    assert any("pictures a second of 160x90" in line for line in usual.said("screen"))
    assert "LogStereoSync: Display" in usual.log


def test_the_walker_is_boxed_on_the_ground_where_it_walks(play: Play) -> None:
    played = play(2.0, width=320, height=180)
    one = [frame.frame.boxes[0] for frame in played.server.frames]
    assert {box.label for box in one} == {"walker"}
    assert {box.tight for box in one} == {True}
    assert len({box.id for box in one}) == 1
    centre = np.array([(box.x0 + box.x1) / 2 for box in one])
    assert centre[0] == pytest.approx(160, abs=25)  # it begins straight ahead and goes to the right
    assert centre[-1] > centre[0] + 20
    assert max(box.x1 - box.x0 for box in one) < 60
    scale_px_m = 160 / np.tan(np.radians(40))
    for box in one:
        ground_m = 1.6 * scale_px_m / (box.y1 - 90)  # distance of the sole that is seen lowest
        assert 3.5 < ground_m < 8.5


def test_the_walker_tells_feet_ground_and_contacts_before_they_come(play: Play) -> None:
    played = play(2.5, width=320, height=180)
    scenes = [frame.frame for frame in played.server.frames]
    boxes = [scene.boxes[0] for scene in scenes]
    assert {tuple(foot.side for foot in box.feet) for box in boxes} == {("left", "right")}
    assert {foot.surface for box in boxes for foot in box.feet} == {"PM_Stone"}
    height_m = np.array([[foot.world_m[1] for foot in box.feet] for box in boxes])
    standing = np.array([[bool(foot.grounded) for foot in box.feet] for box in boxes])
    np.testing.assert_allclose(height_m[standing], 0.09, atol=1e-6)  # the ankle's
    assert height_m[~standing].max() > 0.15
    radius_m = np.hypot(*np.array([[foot.world_m[0::2] for foot in box.feet] for box in boxes]).reshape(-1, 2).T)
    assert radius_m.min() > 2.0
    assert radius_m.max() < 2.4
    assert all(
        -0.1 <= told.time_s - scene.capture_time_s <= 0.5 for scene in scenes for told in scene.boxes[0].contacts
    )
    late_s = []
    for side in range(2):
        for down in np.flatnonzero(standing[1:, side] & ~standing[:-1, side]) + 1:
            before = [told.time_s for box in boxes[:down] for told in box.contacts if told.side == SIDES[side]]
            assert len(before) > 5, "again in every frame"
            late_s.append(scenes[down].capture_time_s - before[-1])
    assert len(late_s) >= 3
    assert abs(np.median(late_s)) < 0.05  # a frame and a half
    feet, contacts, ground, place = played.said("told")[-1].split()
    assert (feet, ground, place) == ("2", "PM_Stone", "forest")
    assert int(contacts) <= 2
    (line,) = [line for line in played.said("screen") if line.startswith("told: 2 feet on PM_Stone")]
    assert line.endswith(
        "(this model has no use for feet, grounds, contacts, places)"
    )  # the server of this test is of no model


def test_the_place_of_the_camera_is_told(usual: Played, play: Play) -> None:
    scene = usual.server.frames[-1].frame.scene
    assert scene is not None
    assert (scene.place, scene.amount, scene.room, scene.ambience) == ("forest", 0.25, None, True)
    without = play(1.2, ambience=0).server.frames[-1].frame.scene
    assert without is not None
    assert (without.place, without.ambience) == ("forest", False)


@pytest.mark.parametrize(
    ("options", "device_ms"), [({}, 1000 * 2 * 1024 / 48_000), ({"latency": 180}, 180), ({"audio": 0}, 0)]
)
def test_the_audio_device_s_buffers_are_reported(play: Play, options: dict[str, float], device_ms: float) -> None:
    playback = play(1.2, **options).server.frames[-1].playback
    assert playback is not None
    assert playback.device_ms == pytest.approx(device_ms)


@pytest.mark.parametrize(("stop", "go"), [("pause", "resume"), ("hold", "go")])
def test_a_pause_is_silent_and_the_stream_begins_anew(play: Play, stop: str, go: str) -> None:
    played = play(3.0, **{stop: 1.0, go: 2.0})
    sounding = loud(played.heard)
    assert sounding[70:95].all()
    assert not sounding[115:195].any()
    assert sounding[240:-3].all()
    assert played.server.reasons == ["resumed"]
    stopped_s, gone_s = (float(played.said(name)[0]) for name in (stop, go))
    captured_s = np.array([frame.received_s for frame in played.server.frames])
    assert not ((captured_s > stopped_s + 0.15) & (captured_s < gone_s)).any()
    assert (captured_s > gone_s).sum() > 15


class WarningServer(ToneServer):
    """Finds fault with the feet of every frame."""

    def _take(self, event: Event) -> None:
        super()._take(event)
        if isinstance(event, FrameReceived):
            self._server.warn(event.session_id, "feet_look_z_up", "boxes[0].feet", "y must be up")


def test_a_warning_of_the_service_is_shown_and_no_error(play: Play) -> None:
    played = play(1.2, kind=WarningServer)
    assert len(played.server.frames) > 5
    assert any("boxes[0].feet: y must be up" in line for line in played.said("screen"))
    assert "Warning: %s boxes[0].feet: y must be up" in played.log
    assert "LogStereoSync: Error" not in played.log


def test_a_cut_is_told(play: Play) -> None:
    assert play(1.5, reset=0.8).server.reasons == ["teleport"]


def test_the_device_has_another_rate(play: Play) -> None:
    heard = play(2.0, rate=44100).heard
    left_hz, right_hz = main_frequency_hz(heard[-44100:-4410], 44100)
    assert (left_hz, right_hz) == pytest.approx(TONE_HZ, abs=2)


def test_pictures_that_never_come_are_told(play: Play) -> None:
    played = play(2.8, looks=-1)
    assert not played.server.frames
    assert any("has not handed a picture back" in line for line in played.said("screen"))


def test_no_camera_is_told(play: Play) -> None:
    played = play(0.8, camera=0)
    assert not played.server.frames
    assert any("There is no camera" in line for line in played.said("screen"))


def test_nobody_who_answers_is_told_and_play_ends_at_once(play: Play) -> None:
    played = play(2.8, address="tcp://127.0.0.1:9")
    assert not loud(played.heard).any()
    assert any("no answer from tcp://127.0.0.1:9" in line for line in played.said("screen"))
    assert float(played.said("ended")[0]) < 1.0


def test_a_key_file_that_is_none_is_refused_with_the_cure(play: Play) -> None:
    played = play(0.5, key="nowhere.key_secret")
    (begins,) = played.said("begins")
    assert begins.startswith("3 nowhere.key_secret holds no public-key")
    assert "stereosync-keys" in begins
    assert "LogStereoSync: Error" in played.log


def test_keys_need_a_build_with_libzmq(play: Play, tmp_path: Path) -> None:
    make_server_keys(tmp_path)
    make_client_keys(tmp_path, "game")
    played = play(0.5, key=tmp_path / "game.key_secret", server_key=tmp_path / "server.key")
    assert any("STEREOSYNC_LIBZMQ" in line for line in played.said("screen"))


def test_an_address_beyond_this_machine_is_refused_with_the_cure(play: Play) -> None:
    played = play(0.5, address="tcp://192.0.2.7:5750")
    assert any("CURVE keys" in line for line in played.said("screen"))


# Sample


def test_the_sample_makes_a_scene_of_an_empty_level(built: dict[str, Path]) -> None:
    done = subprocess.run([str(built["sample"])], capture_output=True, text=True, timeout=20, check=True)
    made, camera, afterwards = done.stdout.splitlines()
    assert made == "walkers=1 lights=1 floors=1 ground=PM_Stone bridges=1 characters=1"
    assert afterwards == "afterwards characters=0"
    pitch_deg, yaw_deg = (float(word.split("=")[1]) for word in camera.split()[1:])
    assert -10 < pitch_deg < -5  # at the walker, from a person's height
    assert yaw_deg == 0
