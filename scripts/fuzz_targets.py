"""What reads bytes of strangers, and how each is fed: one function a target, of a random generator and the corpus.

A target returns whether the input was used; it may raise the error of its format, and nothing else.
"""

from __future__ import annotations

import io
import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgpack
import numpy as np
from commands import ROOT
from mutation import mutated_bytes, mutated_tree

from stereosync.bundle import MANIFEST, BundleError, read_bundle
from stereosync.cue_spec import CueSpec
from stereosync.cues import CueState, encode
from stereosync_bridge import wire
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.golden import unpack
from stereosync_bridge.plausibility import odd
from stereosync_bridge.scene_codec import to_scene_frame
from stereosync_bridge.tape_file import TapeError, read_prefix, read_records

CORPUS = ROOT / "tests" / "attacks" / "corpus"
EXPECTED = (WireError, TapeError, BundleError)
SPECIAL = (np.inf, -np.inf, np.nan, 0.0, -0.0, -1.0, 1.0005, 6e-8, 65504.0)
SPEC = CueSpec()

Target = Callable[[random.Random], bool]


@cache
def seeds(pattern: str) -> tuple[bytes, ...]:
    """The corpus files of a name's pattern, in order."""
    found = tuple(path.read_bytes() for path in sorted(CORPUS.glob(pattern)))
    if not found:
        raise FileNotFoundError(f"no {pattern} in {CORPUS}: write the corpus with --write-corpus")
    return found


def header(rng: random.Random) -> bool:
    """Any message with another header; a FRAME is looked at as the service does."""
    first, *payloads = unpack(rng.choice(seeds("*.bin")))
    return _received([_mutated_header(rng, first), *payloads])


def picture(rng: random.Random) -> bool:
    """A FRAME whose JPEG is damaged, with its length declared."""
    message, data = _jpeg_frame(), mutated_bytes(rng, rng.choice(seeds("*.jpg")))
    spec = replace(message.picture, format="jpeg", n_bytes=max(len(data), 1))
    return _looked_at(replace(message, picture=spec, picture_bytes=data))


def depth(rng: random.Random) -> bool:
    """A FRAME of any encoding with numbers in its depth that are none."""
    message = rng.choice(_frames())
    if message.depth.dtype in ("float16", "float32"):
        values = np.frombuffer(message.depth_bytes, message.depth.dtype).copy()
        values[rng.randrange(len(values)) :: rng.randint(1, 3)] = rng.choice(SPECIAL)
        message = replace(message, depth_bytes=values.tobytes())
    first = msgpack.unpackb(wire.encode(message)[0])
    first["depth"] = mutated_tree(rng, first["depth"])
    return _received([msgpack.packb(first), bytes(message.picture_bytes), bytes(message.depth_bytes)])


def tape(rng: random.Random) -> bool:
    """A tape that is damaged, each message on it read."""
    file = io.BytesIO(mutated_bytes(rng, rng.choice(seeds("*.tape"))))
    read_prefix(file, "fuzz")
    for record in read_records(file, "fuzz"):
        wire.decode(record.parts)
    return True


def manifest(rng: random.Random) -> bool:
    """A bundle whose manifest is damaged or says something else."""
    data = rng.choice(seeds("bundle.json"))
    if rng.random() < 0.3:
        data = mutated_bytes(rng, data)
    else:
        data = json.dumps(mutated_tree(rng, json.loads(data)), default=str).encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / MANIFEST).write_bytes(data)
        read_bundle(Path(folder))
    return True


TARGETS: dict[str, Target] = {one.__name__: one for one in (header, picture, depth, tape, manifest)}


def mutated_frame(rng: random.Random, message: FrameMessage) -> list[bytes]:
    """The parts of a FRAME with another header, for a live service; its claim often stays."""
    first, *payloads = wire.encode(message)
    return [_mutated_header(rng, first), *map(bytes, payloads)]


def mutated_parts(rng: random.Random, session: str) -> list[bytes]:
    """The parts of a message of any kind with another header, often in the name of a session."""
    first, *payloads = unpack(rng.choice(seeds("*.bin")))
    header = msgpack.unpackb(first)
    if "session" in header and rng.random() < 0.9:
        first = msgpack.packb(header | {"session": session})
    return [_mutated_header(rng, first), *payloads]


def _mutated_header(rng: random.Random, first: bytes) -> bytes:
    if rng.random() < 0.2:
        return mutated_bytes(rng, first)
    try:
        return bytes(msgpack.packb(mutated_tree(rng, msgpack.unpackb(first))))
    except (OverflowError, ValueError, TypeError):
        return mutated_bytes(rng, first)


def _received(parts: list[bytes]) -> bool:
    wire.claim_of(parts[0])
    message = wire.decode(parts)
    return not isinstance(message, FrameMessage) or _looked_at(message)


def _looked_at(message: FrameMessage) -> bool:
    frame = to_scene_frame(message)
    odd(message, frame)
    state = CueState()
    for later_s in (0.0, 0.03):
        state, cues = encode(SPEC, state, frame.stamped(frame.capture_time_s + later_s))
        for name in ("numbers", "tracks", "feet"):
            if not np.isfinite(getattr(cues, name)).all():
                raise AssertionError(f"cues.{name} is not finite")
    return True


@cache
def _frames() -> tuple[FrameMessage, ...]:
    messages = [wire.decode(unpack(data)) for data in seeds("frame*.bin")]
    return tuple(message for message in messages if isinstance(message, FrameMessage))


@cache
def _jpeg_frame() -> FrameMessage:
    return next(message for message in _frames() if message.picture.format == "jpeg")
