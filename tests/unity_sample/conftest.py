"""The Unity layer under mono, compiled once."""

from __future__ import annotations

import pytest
from unity_layer import build_layer


@pytest.fixture(scope="session")
def layer(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The program of the layer's checks."""
    return build_layer(tmp_path_factory.mktemp("layer"))
