"""The C++ core under the compiler's own watchmen, with CURVE over libzmq, and the depth that it sends."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import programs
import pytest
import zmq.auth
from conversing import expect_python_s_decisions

from stereosync_bridge.conformance.scripts import scripts
from stereosync_bridge.events import ClientJoined
from stereosync_bridge.keys import make_client_keys, make_server_keys
from stereosync_bridge.security import ClientCurve
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo

LIMIT_S = 100
BROKEN_ONES = ("broken_messages", "chunk_sizes", "fuzz_1", "newer_minor_version")
INFO = StreamInfo(48_000, 1920, 60.0, bundle="curve")


@pytest.fixture(scope="module")
def thread_watched_program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return programs.build_cpp(tmp_path_factory.mktemp("thread"), ["-fsanitize=thread", "-g1", "-O0"])


@pytest.fixture(scope="module")
def libzmq_program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    if not Path("/usr/include/zmq.h").exists():
        programs.missing("zmq.h", "libzmq3-dev")
    return programs.build_cpp(tmp_path_factory.mktemp("libzmq"), ["-DSTEREOSYNC_LIBZMQ=1"], ["-lzmq"])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", BROKEN_ONES)
def test_hostile_messages_find_nothing_wrong(watched_program: list[str], name: str) -> None:
    expect_python_s_decisions(watched_program, name, scripts()[name])


@pytest.mark.timeout(300)
def test_threads_of_the_worker_do_not_race(thread_watched_program: list[str], tmp_path: Path) -> None:
    """A session with sound, a pause and an end, watched; the server answers with silence."""
    with BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"), time.monotonic) as server:
        options = ["--control", server.control_address, "--record", str(tmp_path / "record")]
        program = subprocess.Popen(
            [*thread_watched_program, "carry", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert program.stdin is not None
        end_s = time.monotonic() + 1.5
        while time.monotonic() < end_s:
            for event in server.poll(5):
                if isinstance(event, ClientJoined):
                    server.welcome(event.session_id, INFO)
            program.stdin.write(b"TPRX")
            program.stdin.flush()
            time.sleep(0.01)  # as often as a game could, and not so often that the server takes it for a flood
        out, error = program.communicate(timeout=LIMIT_S)
    assert program.returncode == 0, error.decode()[-3000:]
    assert b"state connected" in out
    assert b"sessions=1" in out


def test_half_floats_are_those_of_numpy(cpp_program: list[str]) -> None:
    rng = np.random.default_rng(3)
    edges = [0.0, -0.0, 1.5, 65504, 65519.99, 65520, 1e9, np.inf, -np.inf, 6e-8, 5.9e-8, 2**-24, 2**-25]
    steps = np.arange(2000, dtype=np.uint32) * 0x1000 + 0x38000000
    bits = np.concatenate([rng.integers(0, 2**32, 20_000, np.uint32), np.array(edges, "<f4").view(np.uint32), steps])
    values = bits.view(np.float32)
    text = "".join(f"{number:08x}\n" for number in bits)
    done = subprocess.run(
        [*cpp_program, "convert"], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=True
    )
    got = np.array(done.stdout.split(), dtype=np.uint16).view(np.float16)
    with np.errstate(over="ignore"):
        wanted = values.astype(np.float16)
    known = ~np.isnan(values)
    assert np.isnan(got[~known]).all()
    np.testing.assert_array_equal(got[known].view(np.uint16), wanted[known].view(np.uint16))


def z85(path: Path, key: str) -> str:
    """A key of a certificate file that stereosync-keys wrote."""
    public, secret = zmq.auth.load_certificate(path)
    found = public if key == "public" else secret
    assert found is not None
    return found.decode()


def key_options(client: ClientCurve, server_key_file: Path) -> list[str]:
    own = client.secret_key_file
    server = z85(server_key_file, "public")
    return ["--public-key", z85(own, "public"), "--secret-key", z85(own, "secret"), "--server-key", server]


def said_until(program: list[str], server: BridgeServer, keys: list[str], word: str, record: Path) -> str:
    """What `carry` says up to a word, while the server welcomes whoever joins."""
    options = ["--control", server.control_address, "--record", str(record), "--seconds", "6", *keys]
    process = subprocess.Popen([*program, "carry", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")))  # type: ignore[union-attr]
    reader.start()
    end_s = time.monotonic() + 6
    while time.monotonic() < end_s and not any(word in line for line in lines):
        for event in server.poll(10):
            if isinstance(event, ClientJoined):
                server.welcome(event.session_id, INFO)
    process.kill()
    process.communicate()
    reader.join()
    return "".join(lines)


def test_allowed_keys_connect_and_others_are_told_why(libzmq_program: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    curve, client = make_server_keys(folder), make_client_keys(folder, "game")
    make_server_keys(tmp_path / "elsewhere")
    with BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*", curve=curve), time.monotonic) as server:
        right, wrong = (
            key_options(client, folder / "server.key"),
            key_options(client, tmp_path / "elsewhere" / "server.key"),
        )
        record = tmp_path / "record"
        assert "state connected" in said_until(libzmq_program, server, right, "connected", record)
        assert "allow-list" in said_until(libzmq_program, server, wrong, "unanswered", record)
        short = [*right[:5], "too short"]
        assert "not 40 characters" in said_until(libzmq_program, server, short, "refused", record)


def test_keys_without_libzmq_are_refused_in_a_sentence(cpp_program: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    make_server_keys(folder)
    keys = key_options(make_client_keys(folder, "game"), folder / "server.key")
    with BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"), time.monotonic) as server:
        assert "STEREOSYNC_LIBZMQ" in said_until(cpp_program, server, keys, "refused", tmp_path / "record")
