"""The Unity layer at work under mono, on stand-ins for Unity: each part by itself, and the sample against a server."""

from __future__ import annotations

import itertools
import math
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from unity_layer import ask, numbers, sentence

from stereosync.scene import Chunk
from stereosync_bridge.errors import (
    BAD_VALUE,
    CONTACTS_OUT_OF_TIME,
    DEPTH_LOOKS_REVERSED,
    DEPTH_OUT_OF_SCALE,
    FEET_LOOK_LIKE_CENTIMETRES,
    FEET_LOOK_Z_UP,
    FRAMES_LOST,
)
from stereosync_bridge.events import ClientJoined, FrameReceived, ResetRequested
from stereosync_bridge.keys import make_client_keys, make_server_keys
from stereosync_bridge.server import BridgeServer, ServerOptions
from stereosync_bridge.stream import StreamInfo, Told

NOBODY = "tcp://127.0.0.1:9"  # the port of the discard service: nothing listens there
WIDTH_PX, HEIGHT_PX, FOV_DEG = 320, 180, 55.0
TONE_HZ = 440.0
WARNINGS = (
    DEPTH_LOOKS_REVERSED,
    FEET_LOOK_LIKE_CENTIMETRES,
    FEET_LOOK_Z_UP,
    CONTACTS_OUT_OF_TIME,
    DEPTH_OUT_OF_SCALE,
    FRAMES_LOST,
)
EVERYTHING = Told(feet=True, contacts=True, surface=True, scene=True)


# The sample's figure


def test_feet_stand_still_and_come_down_when_said(layer: list[str]) -> None:
    gait = ask(layer, "gait")
    for foot in ("Left", "Right"):
        assert numbers(gait, f"slide_m_{foot}")[0] < 1e-4
        lowest_m, highest_m = numbers(gait, f"ankle_m_{foot}")
        assert lowest_m == pytest.approx(0.09, abs=1e-5)
        assert 0.15 < highest_m < 0.3
        contacts = [float(words[0]) for words in gait[f"contact_{foot}"]]
        said = [float(words[0]) for words in gait[f"said_{foot}"]]
        found = [min(abs(contact - moment) for contact in contacts) for moment in said if moment > 0]
        assert max(found) < 0.005
        assert len(contacts) == pytest.approx(60 / 1.3, abs=1)


def test_bones_keep_their_length_and_knees_bend_forward(layer: list[str]) -> None:
    gait = ask(layer, "gait")
    assert numbers(gait, "bone_error_m")[0] < 1e-4
    assert numbers(gait, "knee_forward_m")[0] > 0
    assert numbers(gait, "knee_jump_m")[0] < 0.02
    assert numbers(gait, "moved_m") == pytest.approx([0.01, 0.01], abs=2e-5)
    assert numbers(gait, "round_m") == pytest.approx([-3, 3, 3.5, 8.5], abs=0.01)


def test_sample_scene_builds_itself_and_leaves_nothing(layer: list[str]) -> None:
    answers = ask(layer, "sample")
    assert answers["parts"] == [["10", "0"]], "ten meshes, and no collider that the game would bump into"
    assert answers["bridge"] == [["True", "tcp://127.0.0.1:5750", "True"]]
    assert answers["sound"] == [["True", "1"]]
    assert answers["gone"] == [["0", "False"]]
    assert all(words[0] == "True" for words in answers["box"])
    boxes = np.array([[float(word) for word in words[1:]] for words in answers["box"]])
    lowest_m, highest_m = np.array(answers["body_m"], float).T
    assert np.abs(lowest_m).max() < 0.02, "the lower foot is on the ground"
    assert 1.5 < highest_m.min() < highest_m.max() < 1.9
    middle_px, height_px = (boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3] - boxes[:, 1]
    assert middle_px.min() < 100
    assert middle_px.max() > 220
    assert height_px.max() / height_px.min() > 2
    width_px = boxes[:, 2] - boxes[:, 0]
    slow = np.convolve(width_px, np.ones(27) / 27, mode="same")  # 27 frames are half a stride
    assert np.std((width_px - slow)[30:-30]) > 0.5, "a tight box breathes with the legs"


# Boxes


def turn(angle_deg: float, axis: str) -> np.ndarray:
    """Unity's rotation: left-handed, a positive angle about y turns forward to the right, about x downwards."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]] if axis == "y" else [[1, 0, 0], [0, c, -s], [0, s, c]])


def project(points_m: np.ndarray, eye_m: tuple[float, ...], pitch_deg: float = 0, yaw_deg: float = 0) -> list[float]:
    """x0, y0, x1, y1 in pixels of points (N, 3) of the world, all before the near plane."""
    rotation = turn(yaw_deg, "y") @ turn(pitch_deg, "x")
    x, y, z = ((points_m - np.array(eye_m)) @ rotation).T
    tangent = math.tan(math.radians(FOV_DEG) / 2)
    u = (1 + x / (z * tangent * 16 / 9)) / 2 * WIDTH_PX
    v = (1 - y / (z * tangent)) / 2 * HEIGHT_PX
    return [u.min(), v.min(), u.max(), v.max()]


def corners(place: tuple[float, ...], size: tuple[float, ...], turn_deg: float = 0) -> np.ndarray:
    signs = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    return np.asarray((signs * np.array(size)) @ turn(turn_deg, "y").T + np.array(place))


def test_boxes_enclose_what_is_drawn(layer: list[str]) -> None:
    found = ask(layer, "boxes")
    eye = (0.0, 1.5, 0.0)
    body = corners((-1, 1, 6), (0.4, 1, 0.3))
    foot = corners((-1.5, 0.2, 6.2), (0.1, 0.1, 0.1))
    slab = corners((1, 1, 4), (2, 2, 0.2), 45)
    loose = np.array([[x, y, z] for x in slab[:, 0] for y in slab[:, 1] for z in slab[:, 2]])
    skin = np.array([0.5, 0, 8]) + np.array([[-0.6, 0, 0], [0.6, 0.2, 0.1], [0, 3.4, 0]])  # whatever the scale
    expected = {
        "two_parts": project(np.vstack([body, foot]), eye),
        "one_hidden": project(body, eye),
        "tight": project(slab, eye),
        "loose": project(loose, eye),
        "partly": project(corners((5.5, 1, 6), (1.5, 1, 1)), eye),
        "skinned": project(skin, eye),
        "turned": project(corners((2, 1, 5), (0.5, 1.8, 0.4), 30), (1, 2, -1), 10, 25),
    }
    for name, box in expected.items():
        assert numbers(found, name) == pytest.approx(box, abs=0.01), name
    assert numbers(found, "loose")[2] > numbers(found, "tight")[2] + 1
    assert found["behind"] == found["outside"] == [["none"]]


def test_box_of_a_body_through_the_near_plane_is_cut_there(layer: list[str]) -> None:
    box = numbers(ask(layer, "boxes"), "through_near_plane")
    cut = corners((0.5, 1.5, 2.15), (0.2, 0.2, 3.7))  # what is left of it from 0.3 to 4 m
    assert box == pytest.approx(project(cut, (0, 1.5, 0)), abs=1.0)


def test_positions_and_ids(layer: list[str]) -> None:
    found = ask(layer, "boxes")
    seen = (np.array([2, 1, 5]) - np.array([1, 2, -1])) @ (turn(25, "y") @ turn(10, "x"))
    assert numbers(found, "position") == pytest.approx(seen.tolist(), abs=1e-4)
    assert found["many"] == [["64", "64", "64"]]
    assert "More than 64" in sentence(found, "many_fault")
    assert found["twice"] == [["2"]]
    assert "have the id" in sentence(found, "twice_fault")
    assert found["stable"] == [["True", "True", "True"]]
    assert found["disabled"] == [["False"]]


# Capture


def test_capture_stamps_at_the_request_and_keeps_two_under_way(layer: list[str]) -> None:
    capture = ask(layer, "capture")
    assert capture["before_rows_known"] == [["0", "0"]]
    assert capture["targets"] == [["ARGB32:320x180", "Depth:160x90"]]
    assert capture["formats"] == [["RGBA32", "RHalf"]]
    assert capture["in_flight"] == [["4", "2", "1"]]
    assert capture["half_done"] == [["0"]]
    time_s, index, boxes, x0_px = numbers(capture, "stamped")
    assert (time_s, index, boxes) == (10, 0, 1)
    assert x0_px < 160, "the walker had not moved yet"
    fov_deg, axis, *_, aspect = capture["camera"][0]
    assert (fov_deg, axis, float(aspect)) == ("50", "vertical", pytest.approx(16 / 9))


def test_capture_says_rows_sizes_and_sky(layer: list[str]) -> None:
    capture = ask(layer, "capture")
    assert capture["picture"] == [["rgba8", "320", "180", str(320 * 180 * 4), "bottom"]]
    assert capture["depth"] == [["linear", "float16", "160", "90", "bottom"]]
    assert capture["odd"] == [["top", "top", "161", "91"]]
    assert capture["sky"] == [["0", str(0x7C)]]
    assert capture["halves"] == [["7c00", "3c00", "7bff", "7c00", "7c00", "7c00", "7c00", "7c00", "0001", "0000"]]


def test_failed_readback_drops_the_frame_and_dispose_waits_for_the_rest(layer: list[str]) -> None:
    capture = ask(layer, "capture")
    assert capture["after_error"] == [["1", "1"]]
    assert capture["goes_on"] == [["2"]]
    assert capture["disposed"] == [["0", "3", "0", "1"]]


def test_what_cannot_be_captured_is_said_with_its_cure(layer: list[str]) -> None:
    capture = ask(layer, "capture")
    assert "asynchronous readback" in sentence(capture, "no_readback")
    assert "HDRP" in sentence(capture, "hdrp")
    assert "shader" in sentence(capture, "no_shader")
    assert capture["urp"] == [["nil"]]


def test_pace_follows_the_wish_or_the_screen(layer: list[str]) -> None:
    capture = ask(layer, "capture")
    paces = {float(screen_hz): float(found) for screen_hz, found in capture["pace"]}
    assert paces == pytest.approx({144: 30, 60: 30, 30.2: 30, 29.8: 29.8, 20: 20}, abs=0.3)
    assert capture["burst_after_pause"] == [["1"]]


# Player, lifetime, words


def test_player_needs_no_clip_and_follows_the_device(layer: list[str]) -> None:
    player = ask(layer, "player")
    assert player["source"] == [["True", "0", "True", "True", "0"]]
    assert player["silence"] == [["0", "0", "0", "0"]]
    assert player["device"] == [["44100", "True"]]
    latencies_ms = [float(words[0]) for words in player["latency"]]
    assert latencies_ms == pytest.approx([1000 * 1024 * 4 / 44_100, 1000 * 256 * 4 / 48_000])
    assert player["volume"] == [["1"]]
    assert player["off"] == [["False", "False"]]


def test_every_way_to_end_stops_the_worker(layer: list[str]) -> None:
    life = ask(layer, "lifetime", NOBODY)
    assert life["started"] == [["Connecting", "True", "True"]]
    assert life["disabled"] == [["Stopped", "True", "True", "True"]]
    assert life["again"][0][0] == "True"
    assert life["quit"] == life["next_play"] == [["Stopped"]]
    assert life["reload"] == [["Stopped", "Stopped"]]
    assert life["editor_quit"] == [["True"]]
    assert life["left"] == [["0", "False"]]


def test_pauses_add_up_and_a_players_own_object_stays(layer: list[str]) -> None:
    life = ask(layer, "lifetime", NOBODY)
    assert life["pauses"] == [["True", "True", "False"]]
    assert life["own_player"] == life["own_player_left"] == [["True", "True"]]
    assert life["wrong"][0][:3] == ["Refused", "1", "E"]
    assert "stereosync-keys" in sentence(life, "wrong")


def test_overlay_and_console_say_what_to_do(layer: list[str], tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    words = ask(layer, "words", *keys)
    assert sentence(words, "stopped").endswith("look into the console for the reason.")
    assert sentence(words, "connecting") == "StereoSync: connecting | no answer yet: start stereosync-serve"
    assert "connected, walk, round trip 0.3 ms | No character is in the picture" in sentence(words, "nobody")
    assert "62 ms buffered, 0 underruns, age 48 ms" in sentence(words, "nobody")
    assert "connected, paused" in sentence(words, "fault")
    assert "| There is no camera. |" in sentence(words, "fault")
    assert "No character" not in sentence(words, "well")
    assert "3 skipped, 1 failed" in sentence(words, "well")
    assert "| boxes[0].x1 must not be below x0 |" in sentence(words, "error")
    assert sentence(words, "seen") == "seen"
    assert sentence(words, "feet_told") == "feet, gravel - told"
    assert sentence(words, "all_told") == "feet, contacts, PM_Ice - told"
    assert "| place: quiet, outdoors - told |" in sentence(words, "old_service")
    assert sentence(words, "old_service").endswith("told, but this model goes by the picture: feet, surface, scene")
    assert "| place: forest, room 12.5 m of hardness 0.25, no ambience - told |" in sentence(words, "service")
    assert "| the service goes by: feet told, surface seen, scene seen |" in sentence(words, "service")
    assert sentence(words, "service").endswith("told, but this model goes by the picture: contacts, scene")
    assert numbers(words, "rate") == pytest.approx([0, 30, 30, 30])
    kinds = dict(words["told_as"])
    assert kinds.pop(BAD_VALUE) == "Error"
    assert kinds == dict.fromkeys(WARNINGS, "Warning")
    said = [line.split()[-1] for line in sentence(words, "console").split(" | ")]
    assert said == ["Unanswered", "Connected", "Unanswered", "Error", "Lost", "fault"]


def make_keys(folder: Path) -> tuple[str, str]:
    make_server_keys(folder)
    client = make_client_keys(folder, "unity")
    return str(client.secret_key_file), str(client.server_key_file)


def test_key_files_of_stereosync_keys_are_read(layer: list[str], tmp_path: Path) -> None:
    client_file, server_file = make_keys(tmp_path)
    words = ask(layer, "words", client_file, server_file)
    public, secret, server = words["keys"][0]
    assert f'public-key = "{public}"' in Path(client_file).read_text()
    assert f'secret-key = "{secret}"' in Path(client_file).read_text()
    assert f'public-key = "{server}"' in Path(server_file).read_text()
    assert "Client Key File" in sentence(words, "no_file")
    assert "secret-key" in sentence(words, "no_secret")


# The sample against a server


class ToneServer:
    """Welcomes, answers each frame with a credit, and sends a tone: 0.5 on the left, 0.25 on the right."""

    def __init__(self) -> None:
        self.server = BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"), time.monotonic)
        self.frames: list[FrameReceived] = []
        self.resets: list[ResetRequested] = []
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        session, began_s, sent = "", 0.0, 0
        while not self.ends.is_set():
            for event in self.server.poll(5):
                if isinstance(event, ClientJoined):
                    session, began_s = event.session_id, time.monotonic()
                    self.server.welcome(session, StreamInfo(48_000, 960, 60.0, bundle="tone", told=EVERYTHING))
                elif isinstance(event, FrameReceived):
                    self.frames.append(event)
                    self.server.grant_credit(event.session_id)
                elif isinstance(event, ResetRequested):
                    self.resets.append(event)
            while session and sent / 48_000 < time.monotonic() - began_s + 0.12:
                self.server.send_audio(session, self.chunk(sent), None)
                sent += 960

    def chunk(self, start: int) -> Chunk:
        tone = np.sin(2 * np.pi * TONE_HZ * np.arange(start, start + 960) / 48_000)
        return Chunk(0, start, np.stack([0.5 * tone, 0.25 * tone], axis=1).astype(np.float32), age_s=0.05, steps=2)

    def __enter__(self) -> ToneServer:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        self.thread.join()
        self.server.close()


@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_sample_sends_frames_and_plays_what_comes_back(layer: list[str], rate_hz: int) -> None:
    with ToneServer() as tone:
        found = ask(layer, "play", tone.server.control_address, "3", str(rate_hz))
    state, sent, rejected, chunks, underruns, failed = found["state"][0]
    assert (state, rejected, underruns, failed) == ("Connected", "0", "0", "0")
    assert int(chunks) > 100, found["overlay"]
    assert int(sent) > 50, found["overlay"]
    samples, first, left, right, crossings_hz = numbers(found, "heard")
    assert samples > 2.5 * rate_hz
    assert 0 < first < 1.5 * rate_hz
    assert (left, right) == pytest.approx((0.5, 0.25), abs=0.01)
    assert crossings_hz == pytest.approx(TONE_HZ, rel=0.01)
    paused_samples, paused_peak = numbers(found, "paused")
    assert paused_samples > 0
    assert paused_peak == 0
    assert [event.reason for event in tone.resets] == ["resumed"]
    assert found["left"] == [["0", "0"]]
    assert "StereoSync: connected, tone" in sentence(found, "overlay")
    assert "| feet, contacts, stone - told" in sentence(found, "overlay")
    check_frames(tone.frames)
    check_told(tone.frames)


def check_frames(frames: list[FrameReceived]) -> None:
    last = frames[-1].frame
    assert last.picture.shape == (180, 320, 3)
    assert last.depth_m[-1, 0] == pytest.approx(5.0), "the first row that is read back is the lowest"
    assert np.count_nonzero(np.isfinite(last.depth_m) & (last.depth_m > 0)) == 1
    assert math.degrees(last.camera.vertical_fov_rad) == pytest.approx(55.0)
    assert [(box.label, box.tight, box.id < 0) for box in last.boxes] == [("walker", True, True)]
    ages_s = [event.received_s - event.frame.capture_time_s for event in frames[5:]]
    assert 0 <= np.median(ages_s) < 0.15
    intervals_s = np.diff([event.frame.capture_time_s for event in frames])
    assert np.median(intervals_s) == pytest.approx(1 / 30, abs=0.01)


def check_told(frames: list[FrameReceived]) -> None:
    """Feet, ground and contacts of the sample's figure, and the latency of the device."""
    playback = frames[-1].playback
    assert playback is not None
    assert playback.device_ms > 80, "four blocks of 1024 samples"
    for event in frames:
        (box,) = event.frame.boxes
        assert box.surface == "stone"
        assert [foot.side for foot in box.feet] == ["left", "right"]
        assert all(-0.1 < contact.time_s - event.frame.capture_time_s < 0.5 for contact in box.contacts)
    told = sorted((c.side, c.time_s) for event in frames for box in event.frame.boxes for c in box.contacts)
    steps = [[told[0]]]
    for before, contact in itertools.pairwise(told):
        same = contact[0] == before[0] and contact[1] - before[1] < 0.2
        steps[-1].append(contact) if same else steps.append([contact])
    assert len(steps) >= 4, "at 1.2 m/s each foot comes down every 1.08 s"
    assert max(len(step) for step in steps) > 5, "told again and again before it comes"
    assert max(step[-1][1] - step[0][1] for step in steps) < 0.06, "and for the same moment"
