"""Key files: what is read of one, and that no good key is lost to a bad file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stereosync_bridge import keys
from stereosync_bridge.keys import allow_client, make_client_keys, make_server_keys
from stereosync_bridge.security import SecurityError, allowed_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A server's keys and one client's, who is allowed."""
    make_server_keys(tmp_path / "keys")
    make_client_keys(tmp_path / "keys", "first")
    return tmp_path / "keys"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "clients").iterdir())


@pytest.mark.parametrize("content", ["", "this is no key\n", 'public-key = "short"\n'])
@pytest.mark.parametrize("name", ["first.key", "second.key"])
def test_a_file_without_a_key_is_refused_and_costs_nobody_theirs(
    folder: Path, tmp_path: Path, name: str, content: str
) -> None:
    good = (folder / "clients" / "first.key").read_bytes()
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(SecurityError, match="holds no key that can be read"):
        allow_client(folder, tmp_path / name)
    assert names(folder) == ["first.key"]
    assert (folder / "clients" / "first.key").read_bytes() == good


def test_a_secret_key_under_a_public_name_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "third.key").write_bytes((folder / "first.key_secret").read_bytes())
    with pytest.raises(SecurityError, match=r"third\.key holds a secret key"):
        allow_client(folder, tmp_path / "third.key")
    assert names(folder) == ["first.key"]


def test_another_key_of_a_client_s_name_is_refused(folder: Path, tmp_path: Path) -> None:
    good = (folder / "clients" / "first.key").read_bytes()
    make_server_keys(tmp_path / "other")
    make_client_keys(tmp_path / "other", "first")
    with pytest.raises(SecurityError, match=r"first\.key exists already"):
        allow_client(folder, tmp_path / "other" / "first.key")
    assert (folder / "clients" / "first.key").read_bytes() == good
    assert allow_client(folder, folder / "first.key") == folder / "clients" / "first.key"


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "old Mac": lambda data: data.replace(b"\n", b"\r"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "tabs": lambda data: data.replace(b"    ", b"\t"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_an_editor_made_of_a_key_file_is_read(folder: Path, tmp_path: Path, change: str) -> None:
    expected = allowed_keys(folder / "clients")
    listed = folder / "clients" / "first.key"
    (tmp_path / "first.key").write_bytes(CHANGES[change](listed.read_bytes()))
    listed.unlink()
    allow_client(folder, tmp_path / "first.key")
    assert allowed_keys(folder / "clients") == expected


def test_keys_that_exist_stay(folder: Path) -> None:
    (folder / "clients" / "late.key").write_text("somebody's", encoding="utf-8")
    (folder / "later.key").write_text("somebody's", encoding="utf-8")
    for name in ("late", "later", "first"):
        with pytest.raises(SecurityError, match="exists already"):
            make_client_keys(folder, name)
    assert sorted(path.name for path in folder.iterdir() if "late" in path.name) == ["later.key"]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_secret_key_is_its_owner_s_from_the_beginning(folder: Path) -> None:
    assert (folder / "first.key_secret").stat().st_mode & 0o777 == 0o600
    assert not keys.readable_by_others(folder / "first.key_secret")
    (folder / "first.key_secret").chmod(0o640)
    assert keys.readable_by_others(folder / "first.key_secret")
