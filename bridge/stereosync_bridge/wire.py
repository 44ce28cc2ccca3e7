"""Messages to multipart bytes and back: `[msgpack header, payload, payload, ...]`. Pure; no sockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgpack

from stereosync_bridge.errors import BAD_HEADER, UNKNOWN_TYPE, WireError
from stereosync_bridge.frame_message import MAX_PAYLOAD_BYTES, FrameMessage, Payload
from stereosync_bridge.messages import (
    AudioMessage,
    Bye,
    Credit,
    ErrorMessage,
    Hello,
    Ping,
    Pong,
    Reset,
    StatsMessage,
    Welcome,
)
from stereosync_bridge.rules import Integer, plain, read_record
from stereosync_bridge.version import check_version

MAX_HEADER_BYTES = 128 * 1024
MAX_CONTROL_BYTES = 32 * 1024
CLAIM_BYTES = 1024  # of a header, in which `session` and `sent` must stand
MAX_PART_BYTES = max(MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES)  # what the sockets refuse to receive

Message: TypeAlias = (
    Hello | Welcome | ErrorMessage | FrameMessage | AudioMessage | Credit | Ping | Pong | StatsMessage | Reset | Bye
)
MESSAGES: tuple[type[Message], ...] = (
    Hello,
    Welcome,
    ErrorMessage,
    FrameMessage,
    AudioMessage,
    Credit,
    Ping,
    Pong,
    StatsMessage,
    Reset,
    Bye,
)
_BY_TYPE: dict[str, type[Message]] = {message.TYPE: message for message in MESSAGES}


def _payload_names(message: type[Message]) -> tuple[str, ...]:
    return getattr(message, "PAYLOADS", ())


def encode(message: Message) -> list[bytes]:
    """The message's parts, ready for `send_multipart`. The same message always gives the same bytes."""
    header: bytes = msgpack.packb({"type": message.TYPE, **plain(message)})
    return [header, *(getattr(message, name) for name in _payload_names(type(message)))]


def decode(parts: Sequence[Payload]) -> Message:
    """The message of `parts`, with every declared length checked against the real bytes.

    Raises:
        WireError: anything at all is wrong with the parts; no other exception leaves this function.
    """
    header = _unpack_header(parts)
    message = _message_type(header)
    names = _payload_names(message)
    if len(parts) != 1 + len(names):
        raise WireError(BAD_HEADER, "parts", f"{message.TYPE} takes {1 + len(names)} parts, got {len(parts)}")
    if message in (Hello, Welcome):
        check_version(header)
    return read_record(message, header, **dict(zip(names, parts[1:], strict=True)))


def _message_type(header: Mapping[Any, object]) -> type[Message]:
    name = header.get("type")
    if not isinstance(name, str) or name not in _BY_TYPE:
        raise WireError(UNKNOWN_TYPE, "type", f"must be one of {', '.join(_BY_TYPE)}")
    return _BY_TYPE[name]


def _unpack_header(parts: Sequence[Payload]) -> Mapping[Any, object]:
    if not parts or len(parts[0]) > MAX_HEADER_BYTES:
        raise WireError(BAD_HEADER, "header", f"must be there and at most {MAX_HEADER_BYTES} bytes long")
    try:
        header = msgpack.unpackb(bytes(parts[0]))
    except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(BAD_HEADER, "header", f"is not msgpack: {type(error).__name__}") from error
    if not isinstance(header, Mapping):
        raise WireError(BAD_HEADER, "header", "must be a msgpack map")
    return header


class Claim(NamedTuple):
    """The type, the session and the count of frames that a FRAME names, before anything else of it is read."""

    type: str = ""
    session: str | None = None
    sent: int = 0


def claim_of(header: bytes) -> Claim:
    """The claim at the beginning of a header; empty where there is none in its first `CLAIM_BYTES`."""
    unpacker = msgpack.Unpacker()
    unpacker.feed(header[:CLAIM_BYTES])
    found: dict[str, Any] = {}
    try:
        for _ in range(unpacker.read_map_header()):
            key, value = unpacker.unpack(), unpacker.unpack()
            if key in Claim._fields:
                found[key] = value
            if len(found) == len(Claim._fields):
                break
    except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException):
        pass  # nothing else is claimed
    kind, session, sent = (found.get(name) for name in Claim._fields)
    try:
        count = Integer().read(sent, "sent")
    except WireError:
        count = 0
    return Claim(kind if isinstance(kind, str) else "", session if isinstance(session, str) else None, count)
