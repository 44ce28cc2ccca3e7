"""A session's stream, and the messages that are made from it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from stereosync.scene import Chunk
from stereosync_bridge.errors import WireError
from stereosync_bridge.messages import AudioMessage, Credit, ErrorMessage, Welcome
from stereosync_bridge.peer import OBSERVER, Peer
from stereosync_bridge.version import MIN_WIRE, PACKAGE, WIRE

CAPABILITIES = {"jpeg": True, "reset": True, "stats": True, "credit": True, "device_ms": True}


@dataclass(frozen=True)
class Told:
    """Words that the stream's model can be told; WELCOME announces them. Anything else that is told is ignored."""

    feet: bool = False
    contacts: bool = False
    surface: bool = False
    scene: bool = False


@dataclass(frozen=True)
class StreamInfo:
    """The stream as WELCOME tells it. Picture size 0: any size is as good."""

    sample_rate_hz: int
    chunk_samples: int
    target_buffer_ms: float
    epoch: int = 0
    bundle: str = ""
    picture_width_px: int = 0
    picture_height_px: int = 0
    told: Told = Told()


def welcome_message(peer: Peer, info: StreamInfo, heartbeat_s: float, frames_port: int, now_s: float) -> Welcome:
    """The answer to a HELLO."""
    return Welcome(
        session=peer.session_id,
        wire=WIRE,
        min_wire=MIN_WIRE,
        package=PACKAGE,
        capabilities=CAPABILITIES | asdict(info.told) | ({OBSERVER: True} if peer.observes else {}),
        sample_rate_hz=info.sample_rate_hz,
        chunk_samples=info.chunk_samples,
        target_buffer_ms=info.target_buffer_ms,
        epoch=info.epoch,
        heartbeat_s=heartbeat_s,
        frames_port=frames_port,
        credit=peer.granted,
        bundle=info.bundle,
        picture_width_px=info.picture_width_px,
        picture_height_px=info.picture_height_px,
        sent_client_s=peer.hello.sent_client_s,
        received_server_s=peer.hello_received_s,
        sent_server_s=now_s,
    )


def credit_message(peer: Peer) -> Credit | AudioMessage:
    """The credit alone, in the words that the client knows."""
    if peer.takes_credit:
        return Credit(peer.granted)
    return AudioMessage(epoch=0, start_sample=0, n_samples=0, credit=peer.granted)


def audio_message(chunk: Chunk, capture_time_s: float | None, peer: Peer) -> AudioMessage:
    """A chunk for one client; `capture_time_s` is in the server's clock, None before the first frame."""
    return AudioMessage(
        epoch=chunk.epoch,
        start_sample=chunk.start_sample,
        n_samples=len(chunk.samples),
        credit=peer.granted,
        capture_client_s=None if capture_time_s is None else capture_time_s - peer.clock_offset_s,
        age_s=chunk.age_s,
        steps=chunk.steps,
        compute_ms=chunk.compute_ms,
        pcm=np.ascontiguousarray(chunk.samples, dtype="<f4").tobytes(),
    )


def error_message(error: WireError, fatal: bool) -> ErrorMessage:
    """The ERROR for a broken rule, as much of its words as it takes."""
    return ErrorMessage(error.code, error.field[:128], error.rule[:512], fatal)
