"""Makes the modules beside the stubs importable; builds the module on the stubs, and the core with sanitizers."""

from __future__ import annotations

import sys
from pathlib import Path

import programs
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "stubs"))

WATCHED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g1")


@pytest.fixture(scope="session")
def watched_objects(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Objects of the core, watched for faults of addresses and undefined behaviour."""
    return programs.compile_cpp(tmp_path_factory.mktemp("watched"), [], WATCHED)


@pytest.fixture(scope="session")
def watched_program(watched_objects: list[str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The test program of bridge/CONFORMANCE.md, watched: a fault ends it with another status than 0."""
    sources = sorted((programs.ROOT / "unreal_sample" / "conformance").rglob("*.cpp"))
    return watched(watched_objects, sources, tmp_path_factory.mktemp("watched_program"))


@pytest.fixture(scope="session")
def parts(watched_objects: list[str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The program of `core/Parts.cpp`, watched."""
    return watched(watched_objects, [HERE / "core" / "Parts.cpp"], tmp_path_factory.mktemp("parts"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The programs of `stubs/` that hold the module, by their names."""
    import unreal_build

    names = ["play", "boxes", "sample", "told", "gaits"]
    return dict(zip(names, unreal_build.build_programs(tmp_path_factory.mktemp("unreal"), names), strict=True))


def watched(core_objects: list[str], sources: list[Path], folder: Path) -> list[str]:
    own = programs.compile_sources(folder, sources, WATCHED)
    return programs.link_cpp(folder, [*core_objects, *own], WATCHED)
