"""The bytes that every language's tests read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stereosync_bridge import golden, wire

FILES = sorted(golden.FOLDER.glob("*.bin"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_decodes_and_encodes_to_the_same_bytes(path: Path) -> None:
    message = wire.decode(golden.unpack(path.read_bytes()))
    assert message == golden.messages()[path.stem]
    assert golden.pack(wire.encode(message)) == path.read_bytes()


def test_every_message_type_has_a_file() -> None:
    types = {wire.decode(golden.unpack(path.read_bytes())).TYPE for path in FILES}
    assert types == {message.TYPE for message in wire.MESSAGES}


def test_files_are_those_that_the_script_writes(tmp_path: Path) -> None:
    golden.write(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in golden.FOLDER.iterdir()}
    assert set(json.loads(written["messages.json"])) == set(golden.messages())
