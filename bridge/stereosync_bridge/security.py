"""Permission to connect: loopback is free; any other address needs CURVE keys, or an explicit `insecure`."""

from __future__ import annotations

import codecs
import ipaddress
import logging
import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import zmq

from stereosync.errors import StereoSyncError

log = logging.getLogger("stereosync.bridge")

ZAP_DOMAIN = b"stereosync"
KEY_LINE = re.compile(r'^\s*(public|secret)-key\s*=\s*"([!-~]{40})"', re.MULTILINE)


class SecurityError(StereoSyncError, ValueError):
    """The address or the keys do not allow a safe connection; the sentence says what to change."""


class AddressError(StereoSyncError, OSError):
    """The address cannot be bound or used; the sentence says why and what to do."""


@dataclass(frozen=True)
class ServerCurve:
    """The server's secret key file, and the folder of public key files of the clients that may connect."""

    secret_key_file: Path
    allow_dir: Path


@dataclass(frozen=True)
class ClientCurve:
    """The client's secret key file and the server's public key file."""

    secret_key_file: Path
    server_key_file: Path


def host_of(address: str) -> str:
    """The host of a `tcp://host:port` address.

    Raises:
        SecurityError: the address is of another form.
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that is not closed
        raise SecurityError(_no_address(address)) from None
    host, _, port = parts.netloc.rpartition(":")
    bare_ipv6 = ":" in host and not host.startswith("[")
    if parts.scheme != "tcp" or not host or bare_ipv6 or parts.path or not _is_port(port):
        raise SecurityError(_no_address(address))
    return host


def _is_port(text: str) -> bool:
    return text == "*" or (text.isascii() and text.isdigit() and int(text) <= 65_535)


def _no_address(address: str) -> str:
    return (
        f"{address!r} is not an address: write tcp://HOST:PORT, for example tcp://127.0.0.1:5750 "
        "or, for IPv6, tcp://[::1]:5750"
    )


def needs_ipv6(address: str) -> bool:
    """True where a socket has to be opened for IPv6: the host is in brackets, or a name that has no other address.

    Not for every socket: where IPv6 is switched off, libzmq then finds no address at all.

    Raises:
        SecurityError: it is no address.
    """
    host = host_of(address)
    return host.startswith("[") or (not _is_literal(host) and _has_ipv6_alone(host))


def _is_literal(host: str) -> bool:
    try:
        return host == "*" or bool(ipaddress.ip_address(host))
    except ValueError:
        return False


@lru_cache(maxsize=64)  # asked once a name: looking one up may take seconds, and a client connects again and again
def _has_ipv6_alone(name: str) -> bool:
    try:
        families = {family for family, *_ in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):  # there is no such name; connecting will tell
        return False
    return families == {socket.AF_INET6}


def is_loopback(address: str) -> bool:
    """True of an address that only this machine can reach."""
    host = host_of(address)
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_address(address: str, curve: ServerCurve | ClientCurve | None, insecure: bool) -> None:
    """Refuse an address beyond this machine that nothing protects.

    Raises:
        SecurityError: neither CURVE keys nor `insecure` are given.
    """
    if is_loopback(address) or curve is not None or insecure:
        return
    raise SecurityError(
        f"{address} reaches beyond this machine: make keys with stereosync-keys and pass them, "
        "or pass --insecure if everyone on that network may listen and send"
    )


def secure_server(lane: zmq.Socket[bytes], curve: ServerCurve | None) -> None:
    """Make a server socket demand CURVE; call before `bind`.

    Raises:
        SecurityError: the key file cannot be used.
    """
    if curve is None:
        return
    lane.curve_publickey, lane.curve_secretkey = _load_secret(curve.secret_key_file)
    lane.curve_server = True
    lane.zap_domain = ZAP_DOMAIN


def secure_client(lane: zmq.Socket[bytes], curve: ClientCurve | None) -> None:
    """Give a client socket its own keys and the server's public one; call before `connect`.

    Raises:
        SecurityError: a key file cannot be used.
    """
    if curve is None:
        return
    lane.curve_publickey, lane.curve_secretkey = _load_secret(curve.secret_key_file)
    lane.curve_serverkey = _load_public(curve.server_key_file)


def allowed_keys(allow_dir: Path) -> frozenset[bytes]:
    """The public keys (Z85) in a folder; files that hold none are passed over, and named in the log."""
    keys = set()
    for path in sorted(allow_dir.glob("*.key")):
        try:
            keys.add(_load_public(path))
        except SecurityError as error:
            log.warning("the allow-list has a file of no use: %s", error)
    return frozenset(keys)


def _load_secret(path: Path) -> tuple[bytes, bytes]:
    public, secret = read_keys(path)
    if secret is None:
        raise SecurityError(f"{path} holds no secret key: pass the file that ends in .key_secret")
    return public, secret


def _load_public(path: Path) -> bytes:
    return read_keys(path)[0]


def read_keys(path: Path) -> tuple[bytes, bytes | None]:
    """Public and secret key (Z85) of a file in the form of CZMQ's certificates; None where it holds no secret one.

    Raises:
        SecurityError: it holds no public key, or cannot be read.
    """
    try:
        text = key_text(path)
    except OSError as error:
        raise SecurityError(f"no key can be read from {path}: make one with stereosync-keys ({error})") from error
    keys = {name: value.encode() for name, value in KEY_LINE.findall(text)}
    if "public" not in keys:
        raise SecurityError(f"{path} holds no key that can be read: make one with stereosync-keys")
    return keys["public"], keys.get("secret")


def key_text(path: Path) -> str:
    """A key file as editors of any system may have saved it, with the line ends of this one.

    Raises:
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return "\n".join(data.decode(encoding, errors="replace").splitlines()) + "\n"
