"""The messages of the wire but FRAME, as frozen dataclasses. Fields, units and rules stand beside each other.

Times ending in `client_s` or `server_s` are seconds of that side's own monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import numpy as np

from stereosync.scene import Chunk
from stereosync_bridge.errors import BAD_LENGTH, BAD_VALUE, WireError
from stereosync_bridge.rules import LEFT_OUT, MAX_INTEGER, Flag, Group, Integer, Maybe, Number, Table, Text
from stereosync_bridge.version import MIN_WIRE, PACKAGE, WIRE

MAX_CHUNK_SAMPLES = 48_000
SAMPLE_BYTES = 8  # two float32
MAX_DEVICE_MS = 10_000.0

SESSION = Text(32, "[0-9a-f]{32}")
VERSION = Text(9, r"\d{1,4}\.\d{1,4}")
REASON = Text(256)
COUNT = Integer(0, MAX_INTEGER)
TIME_S = Number(-1e12, 1e12)


@dataclass(frozen=True)
class Playback:
    """The report of the client's ring. `played_samples`: position in the epoch's stream of the next sample to be heard.

    `device_ms` lies between the ring and the ear: buffers of the device, mixers.
    """

    played_samples: Annotated[int, COUNT] = 0
    buffered_ms: Annotated[float, Number(0, 60_000)] = 0.0
    underruns: Annotated[int, COUNT] = 0
    epoch: Annotated[int, COUNT] = 0
    device_ms: Annotated[float, Number(0, MAX_DEVICE_MS), LEFT_OUT] = 0.0


@dataclass(frozen=True)
class Hello:
    """Client to server, first message of the control lane. The fields up to `package` stay as they are for ever."""

    TYPE: ClassVar[str] = "HELLO"
    session: Annotated[str, SESSION]
    wire: Annotated[str, VERSION] = WIRE
    min_wire: Annotated[str, VERSION] = MIN_WIRE
    package: Annotated[str, Text(64)] = PACKAGE
    client: Annotated[str, Text(64)] = ""
    engine: Annotated[str, Text(64)] = ""
    capabilities: Annotated[dict[str, bool], Table(Flag(), 64)] = field(default_factory=dict)
    sent_client_s: Annotated[float, TIME_S] = 0.0


@dataclass(frozen=True)
class Welcome:
    """Server to client: the session exists; these are its stream and its first credit."""

    TYPE: ClassVar[str] = "WELCOME"
    session: Annotated[str, SESSION]
    wire: Annotated[str, VERSION]
    min_wire: Annotated[str, VERSION]
    package: Annotated[str, Text(64)]
    capabilities: Annotated[dict[str, bool], Table(Flag(), 64)]
    sample_rate_hz: Annotated[int, Integer(8_000, 192_000)]
    chunk_samples: Annotated[int, Integer(1, MAX_CHUNK_SAMPLES)]
    target_buffer_ms: Annotated[float, Number(0, 10_000)]
    epoch: Annotated[int, COUNT]
    heartbeat_s: Annotated[float, Number(0.05, 60)]
    frames_port: Annotated[int, Integer(1, 65_535)]
    credit: Annotated[int, COUNT]
    bundle: Annotated[str, Text(128)]
    picture_width_px: Annotated[int, Integer(0, 4096)]  # 0: any size is as good
    picture_height_px: Annotated[int, Integer(0, 4096)]
    sent_client_s: Annotated[float, TIME_S]
    received_server_s: Annotated[float, TIME_S]
    sent_server_s: Annotated[float, TIME_S]


@dataclass(frozen=True)
class ErrorMessage:
    """Server to client: what rule was broken in which field. After a fatal one the session does not exist."""

    TYPE: ClassVar[str] = "ERROR"
    code: Annotated[str, Text(32)]
    field: Annotated[str, Text(128)]
    rule: Annotated[str, Text(512)]
    fatal: Annotated[bool, Flag()]
    wire: Annotated[str, VERSION] = WIRE
    min_wire: Annotated[str, VERSION] = MIN_WIRE
    package: Annotated[str, Text(64)] = PACKAGE


@dataclass(frozen=True)
class AudioMessage:
    """Server to client: one chunk and the credit. With `n_samples` 0, to a client of wire 1.0, the credit alone.

    `credit` is the number of frames that the session may have sent so far, so repeating it does no harm.
    `capture_client_s` is the capture time of the newest frame used, nil before the first.
    """

    TYPE: ClassVar[str] = "AUDIO"
    PAYLOADS: ClassVar[tuple[str, ...]] = ("pcm",)
    epoch: Annotated[int, COUNT]
    start_sample: Annotated[int, COUNT]
    n_samples: Annotated[int, Integer(0, MAX_CHUNK_SAMPLES)]
    credit: Annotated[int, COUNT]
    capture_client_s: Annotated[float | None, Maybe(TIME_S)] = None
    age_s: Annotated[float, TIME_S] = 0.0
    steps: Annotated[int, Integer(0, 1000)] = 0
    compute_ms: Annotated[float, Number(0)] = 0.0
    pcm: bytes = b""  # (n_samples, 2) float32, little endian, interleaved left right

    def __post_init__(self) -> None:
        if len(self.pcm) != self.n_samples * SAMPLE_BYTES:
            declared = f"{self.n_samples} samples of {SAMPLE_BYTES} bytes"
            raise WireError(BAD_LENGTH, "pcm", f"must hold {declared}, got {len(self.pcm)} bytes")

    def chunk(self) -> Chunk:
        """The chunk.

        Raises:
            WireError: a sample is not finite.
        """
        samples = np.frombuffer(self.pcm, "<f4").astype(np.float32).reshape(-1, 2)  # (n, 2)
        if not np.isfinite(samples).all():
            raise WireError(BAD_VALUE, "pcm", "samples must be finite")
        return Chunk(self.epoch, self.start_sample, samples, self.age_s, self.steps, self.compute_ms)


@dataclass(frozen=True)
class Ping:
    """Client to server once per heartbeat. `frames_sent` lets the server see that a frame was lost on its way.

    Without `playback` the client plays what it gets from the first chunk on.
    """

    TYPE: ClassVar[str] = "PING"
    sent_client_s: Annotated[float, TIME_S]
    frames_sent: Annotated[int, COUNT] = 0
    playback: Annotated[Playback | None, Maybe(Group(Playback)), LEFT_OUT] = None


@dataclass(frozen=True)
class Pong:
    """Server to client: the echo for the clock offset, and the credit once more."""

    TYPE: ClassVar[str] = "PONG"
    sent_client_s: Annotated[float, TIME_S]
    received_server_s: Annotated[float, TIME_S]
    sent_server_s: Annotated[float, TIME_S]
    credit: Annotated[int, COUNT]


@dataclass(frozen=True)
class Credit:
    """Server to client: the credit alone, for clients that announce the capability `credit`."""

    TYPE: ClassVar[str] = "CREDIT"
    credit: Annotated[int, COUNT]


@dataclass(frozen=True)
class StatsMessage:
    """Server to client: counters and times of the service, names ending in their unit."""

    TYPE: ClassVar[str] = "STATS"
    values: Annotated[dict[str, float], Table(Number(), 256)]


@dataclass(frozen=True)
class Reset:
    """Client to server: a cut (new scene, teleport). The stream starts again with a higher epoch."""

    TYPE: ClassVar[str] = "RESET"
    reason: Annotated[str, REASON] = ""


@dataclass(frozen=True)
class Bye:
    """Either side: the session ends."""

    TYPE: ClassVar[str] = "BYE"
    reason: Annotated[str, REASON] = ""
