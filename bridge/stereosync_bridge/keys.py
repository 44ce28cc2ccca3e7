"""`stereosync-keys`: make the CURVE keys of a server and its clients, and say which clients may connect."""

from __future__ import annotations

import argparse
import os
import stat
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import zmq.auth

from stereosync.errors import StereoSyncError, file_troubles
from stereosync.writing import write_text
from stereosync_bridge.security import ClientCurve, SecurityError, ServerCurve, key_text, read_keys

SERVER_NAME = "server"
ALLOW_DIR = "clients"


def make_server_keys(folder: Path) -> ServerCurve:
    """Make `server.key`, `server.key_secret` and the empty allow-list `clients` in `folder`.

    Raises:
        SecurityError: the keys exist already.
    """
    allow_dir = folder / ALLOW_DIR
    allow_dir.mkdir(parents=True, exist_ok=True)
    return ServerCurve(_make_pair(folder, SERVER_NAME), allow_dir)


def make_client_keys(folder: Path, name: str) -> ClientCurve:
    """Make `NAME.key` and `NAME.key_secret` in `folder` and put the public one on the allow-list.

    Raises:
        SecurityError: the keys exist already, or the name cannot name a file.
    """
    if name == SERVER_NAME or not name.replace("-", "").replace("_", "").isalnum():
        raise SecurityError(f"{name!r} cannot name a client: use letters, digits, - and _, and not {SERVER_NAME!r}")
    _refuse_existing(folder / ALLOW_DIR / f"{name}.key")
    secret_key_file = _make_pair(folder, name)
    allow_client(folder, secret_key_file.with_suffix(".key"))
    return ClientCurve(secret_key_file, folder / f"{SERVER_NAME}.key")


def allow_client(folder: Path, public_key_file: Path) -> Path:
    """Put a client's public key file on the allow-list of `folder`; a running server sees it at once.

    Raises:
        SecurityError: the file holds no public key, or a secret one, or another key of that name is on the list.
    """
    if public_key_file.suffix != ".key" or not public_key_file.is_file():
        raise SecurityError(f"{public_key_file} is no public key file: pass the client's file that ends in .key")
    allow_dir = folder / ALLOW_DIR
    allow_dir.mkdir(parents=True, exist_ok=True)
    listed = allow_dir / public_key_file.name
    key = _public_key_in(public_key_file)
    if listed.is_file() and _public_key_in(listed) == key:
        return listed
    _refuse_existing(listed)
    write_text(listed, key_text(public_key_file))
    return listed


def _public_key_in(path: Path) -> bytes:
    """The key (Z85) of a file that holds no secret one."""
    public, secret = read_keys(path)
    if secret is not None:
        raise SecurityError(f"{path} holds a secret key, which is its client's alone: pass the one that ends in .key")
    return public


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise SecurityError(f"{path} exists already: remove it first if it is to be replaced")


def _make_pair(folder: Path, name: str) -> Path:
    """Both files of a new key; nobody else can read the secret one at any moment."""
    secret_key_file, public_key_file = folder / f"{name}.key_secret", folder / f"{name}.key"
    for path in (secret_key_file, public_key_file):
        _refuse_existing(path)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as closed:  # its owner's alone
        public, secret = map(Path, zmq.auth.create_certificates(closed, name))
        secret.chmod(0o600)
        secret.rename(secret_key_file)
        public.rename(public_key_file)
    return secret_key_file


def readable_by_others(path: Path) -> bool:
    """True where other users of this machine may read a file; on Windows, which keeps that elsewhere, False."""
    return os.name == "posix" and path.is_file() and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stereosync-keys", description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("keys"), help="folder of the keys (default: keys)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("server", help="make the server's keys and an empty allow-list")
    client = commands.add_parser("client", help="make a client's keys and put it on the allow-list")
    client.add_argument("name")
    allow = commands.add_parser("allow", help="put a client's public key on the allow-list")
    allow.add_argument("public_key_file", type=Path)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with file_troubles():
            print(_run(options))
    except StereoSyncError as error:
        print(f"stereosync-keys: {error}", file=sys.stderr)
        return 2
    return 0


def _run(options: argparse.Namespace) -> str:
    if options.command == "server":
        keys = make_server_keys(options.dir)
        return f"server: {keys.secret_key_file} (keep it here), {options.dir / 'server.key'} (give it to the clients)"
    if options.command == "client":
        client = make_client_keys(options.dir, options.name)
        return f"client: move {client.secret_key_file} to the client, with a copy of {client.server_key_file}"
    return f"allowed: {allow_client(options.dir, options.public_key_file)}"
