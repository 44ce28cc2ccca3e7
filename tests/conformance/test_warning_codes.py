"""A warning that a client does not know would be shown as a frame that was refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from stereosync_bridge.errors import WARNING_CODES

ROOT = Path(__file__).parents[2]
CLIENTS = {
    "csharp": "unity_sample/com.stereosync.bridge/Runtime/Core/Wire/WireException.cs",
    "cpp": "unreal_sample/StereoSync/Source/StereoSyncCore/Private/WorkerKeeper.cpp",
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("code", WARNING_CODES)
def test_every_warning_is_one_to_the_client(client: str, code: str) -> None:
    source = (ROOT / CLIENTS[client]).read_text(encoding="utf-8")
    assert f'"{code}"' in source or f"errors::{code}" in source
