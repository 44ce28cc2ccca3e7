"""A client's messages: golden bytes, and the rules that it holds its own frames against."""

from __future__ import annotations

import copy
import subprocess
from pathlib import Path
from typing import Any

import msgpack
import pytest

from stereosync_bridge import golden, wire
from stereosync_bridge.errors import WireError
from stereosync_bridge.rules import plain

LIMIT_S = 60


def run(program: list[str], *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, *arguments], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


def test_golden_files_are_read_and_written_alike(client_program: list[str]) -> None:
    done = run(client_program, "golden", str(golden.FOLDER))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split("\n")[:-1] == [f"{name} same" for name in sorted(golden.messages())]


def test_a_golden_file_that_differs_is_told(client_program: list[str], tmp_path: Path) -> None:
    parts = wire.encode(golden.messages()["ping"])
    longer = msgpack.packb({**msgpack.unpackb(parts[0]), "later": 1})
    (tmp_path / "ping.bin").write_bytes(golden.pack([longer]))
    (tmp_path / "pong.bin").write_bytes(golden.pack([msgpack.packb({"type": "PONG"})]))
    done = run(client_program, "golden", str(tmp_path))
    assert done.returncode == 1
    ping, pong = done.stdout.split("\n")[:-1]
    assert ping.startswith("ping byte")
    assert pong.startswith("pong missing_field sent_client_s")


def header(name: str = "frame_engine") -> dict[str, Any]:
    message = golden.messages()[name]
    return {"type": "FRAME", **copy.deepcopy(plain(message))}


def changed(path: str, value: object, name: str = "frame_engine") -> dict[str, Any]:
    """A golden frame with one field changed; numbers in the path are places in arrays."""
    whole = header(name)
    at: Any = whole
    *parents, last = path.split(".")
    for key in parents:
        at = at[int(key)] if isinstance(at, list) else at[key]
    at[int(last) if isinstance(at, list) else last] = value
    return whole


BROKEN: list[tuple[str, object]] = [
    ("index", -1),
    ("capture_client_s", float("nan")),
    ("capture_client_s", 2e12),
    ("camera.fov_deg", 1.0),
    ("camera.fov_deg", 179.0),
    ("camera.near", 0.0),
    ("camera.far", 2e9),
    ("camera.near", 1e6),
    ("camera.fov_axis", "diagonal"),
    ("camera.metres_per_unit", 0.0),
    ("camera.aspect", 0.001),
    ("camera.aspect", float("inf")),
    ("picture.format", "rgb16"),
    ("picture.width_px", 0),
    ("picture.width_px", 2049),
    ("picture.height_px", 3),
    ("picture.n_bytes", 0),
    ("picture.n_bytes", 15),
    ("picture.row_origin", "left"),
    ("depth.encoding", "linear02"),
    ("depth.encoding", "carla24"),
    ("depth.encoding", "inverse_projection"),
    ("depth.dtype", "float64"),
    ("depth.dtype", "bgra8"),
    ("depth.width_px", 3),
    ("depth.height_px", 2049),
    ("depth.n_bytes", 17),
    ("depth.row_origin", ""),
    ("depth.scale", 0.0),
    ("depth.inverse_projection", [1.0] * 15),
    ("depth.inverse_projection", [1.0] * 15 + [2e12]),
    ("boxes.0.id", 2**53 + 1),
    ("boxes.0.label", "l" * 65),
    ("boxes.0.label", "a\tb"),
    ("boxes.0.label", "a\u00a0b"),
    ("boxes.0.x0", 2e6),
    ("boxes.0.x0", 1.5),
    ("boxes.0.y1", 0.25),
    ("boxes.0.y1", float("nan")),
    ("boxes.0.position_m", [0.0, 1e10, 0.0]),
    ("box_origin", "middle"),
]
GOOD: list[tuple[str, object]] = [
    ("index", 2**53),
    ("camera.aspect", 100.0),
    ("boxes.0.id", -(2**53)),
    ("boxes.0.label", "😀" * 64),
    ("boxes.0.label", ""),
    ("boxes.0.x1", 0.0),
    ("boxes.0.hints", {"shoe": "boot"}),
    ("depth.inverse_projection", [1.0] * 16),
]
FOOT = {"side": "right", "world_m": [0.0, 0.0, 0.0]}
CONTACT = {"side": "right", "time_client_s": 1.0}
TELLS_BADLY: list[tuple[str, object]] = [
    ("boxes.0.feet", [FOOT] * 5),
    ("boxes.0.feet.1.side", "middle"),
    ("boxes.0.feet.1.world_m.0", float("nan")),
    ("boxes.0.feet.0.world_m.1", float("-inf")),
    ("boxes.0.feet.0.world_m.2", 1e10),
    ("boxes.0.contacts", [CONTACT] * 9),
    ("boxes.0.contacts.0.time_client_s", float("nan")),
    ("boxes.0.contacts.0.time_client_s", 2e12),
    ("boxes.0.contacts.0.strength", 1.5),
    ("boxes.0.contacts.0.strength", float("nan")),
    ("scene.amount", -0.1),
    ("scene.amount", float("nan")),
    ("scene.room.size_m", 10_001.0),
    ("scene.room.hardness", 1.5),
    ("playback.device_ms", 10_001.0),
    ("playback.device_ms", float("nan")),
]
TELLS_WELL: list[tuple[str, object]] = [
    ("boxes.0.feet", [FOOT] * 4),
    ("boxes.0.feet", []),
    ("boxes.0.feet.0.world_m", [-1e9, 0, 1e9]),
    ("boxes.0.feet.0.grounded", None),
    ("boxes.0.feet.0.surface", "😀" * 64),
    ("boxes.0.contacts", [CONTACT] * 8),
    ("boxes.0.contacts.0.strength", None),
    ("boxes.0.contacts.0.strength", 1),
    ("boxes.0.contacts.0.surface", "石" * 64),
    ("boxes.1.surface", "a\tb\u0000\u202e"),
    ("boxes.1.surface", ""),
    ("scene", None),
    ("scene", {}),
    ("scene.place", ""),
    ("scene.room", None),
    ("scene.room", {"size_m": 0, "hardness": 0}),
    ("playback.device_ms", 10_000),
]


def python_says(parts: list[bytes]) -> str:
    try:
        wire.decode(parts)
    except WireError as error:
        return f"{error.code} {error.field}"
    return "ok"


def both(program: list[str], headers: list[dict[str, Any]], payloads_of: str = "frame_engine") -> list[tuple[str, str]]:
    payloads = wire.encode(golden.messages()[payloads_of])[1:]
    frames = [[msgpack.packb(header), *payloads] for header in headers]
    done = run(program, "check", text="".join(golden.pack(frame).hex() + "\n" for frame in frames))
    assert done.returncode == 0, done.stderr
    return list(zip(map(python_says, frames), done.stdout.split("\n")[:-1], strict=True))


def test_a_frame_that_breaks_a_rule_is_refused_with_the_field_that_python_names(client_program: list[str]) -> None:
    for (path, value), (python, other) in zip(
        BROKEN, both(client_program, [changed(*broken) for broken in BROKEN]), strict=True
    ):
        assert python != "ok", (path, value)
        assert other in (python, "no frame"), (path, value)
        assert other != "no frame" or path == "depth.inverse_projection", "only where its own type has no other length"


def test_frames_at_the_limits_are_taken(client_program: list[str]) -> None:
    assert set(both(client_program, [changed(*good) for good in GOOD])) == {("ok", "ok")}


def test_what_is_told_against_a_rule_is_refused_with_the_field_that_python_names(client_program: list[str]) -> None:
    headers = [changed(*badly, name="frame_told") for badly in TELLS_BADLY]
    for (path, value), (python, other) in zip(TELLS_BADLY, both(client_program, headers, "frame_told"), strict=True):
        assert python != "ok", (path, value)
        assert other in (python, "no frame"), (path, value)
        assert other != "no frame" or path.endswith("side"), "only where its own type has no other words"


def test_what_is_told_at_the_limits_is_taken(client_program: list[str]) -> None:
    headers = [changed(*well, name="frame_told") for well in TELLS_WELL]
    assert set(both(client_program, headers, "frame_told")) == {("ok", "ok")}


def test_boxes_of_one_frame_have_ids_of_their_own_and_are_64_at_most(client_program: list[str]) -> None:
    twice, many = header(), header()
    twice["boxes"] *= 2
    many["boxes"] = [{**many["boxes"][0], "id": number} for number in range(65)]
    assert both(client_program, [twice, many]) == [("bad_value boxes", "bad_value boxes")] * 2


@pytest.mark.parametrize(
    ("channels", "expected"),
    [(1, "0.25 0.5"), (2, "0.5 0 1 0"), (4, "0.5 0 0 0 1 0 0 0")],
)
def test_stereo_is_spread_over_the_device_s_channels(client_program: list[str], channels: int, expected: str) -> None:
    assert run(client_program, "spread", text=f"{channels} 0.5 0 1 0\n").stdout == expected + "\n"
