"""The wheel holds every file of every package, and serves a chunk from a fresh environment without torch."""

import json
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [ROOT / path for path in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]
NEED_NO_TORCH = ("stereosync", "stereosync_bridge", "stereosync_runtime", "stereosync_tools.audition")


def run(*command: str | Path) -> str:
    """Standard output of a command that must succeed; run elsewhere, so that only what is installed counts."""
    done = subprocess.run([str(word) for word in command], cwd=Path(sys.prefix), capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the working tree as scripts/build.py builds it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, ROOT / "scripts" / "build.py", folder)
    (built,) = folder.glob("*.whl")
    return built


def test_every_file_of_every_package_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for package in PACKAGES:
        files = [file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
        expected = {file.relative_to(package.parent).as_posix() for file in files}
        assert f"{package.name}/py.typed" in expected
        assert expected <= inside, sorted(expected - inside)


def test_nothing_else_lands_in_site_packages(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {package.name for package in PACKAGES}


def test_commands_and_licence_are_declared(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = archive.namelist()
    (entry_points,) = [name for name in names if name.endswith("entry_points.txt")]
    text = archive.read(entry_points).decode()
    for command, target in PROJECT["project"]["scripts"].items():
        assert f"{command} = {target}" in text
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.install
@pytest.mark.timeout(900)
def test_a_fresh_environment_without_torch_serves_a_chunk(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "fresh", with_pip=True)
    scripts = tmp_path / "fresh" / ("Scripts" if sys.platform == "win32" else "bin")
    python = shutil.which("python", path=str(scripts))
    assert python is not None
    run(python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel)
    check_client_alone(python, scripts)
    run(python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", f"{wheel}[cpu]")
    run(python, "-m", "pip", "check")
    run(python, "-c", "import " + ", ".join(NEED_NO_TORCH))
    assert int(run(python, ROOT / "tests" / "install" / "serve_one_chunk.py").split()[-1]) > 0
    for command in ("stereosync-serve", "stereosync-audition", "stereosync-keys", "stereosync-tape"):
        run(scripts / command, "--help")


def check_client_alone(python: str, scripts: Path) -> None:
    """Without extras there is what a game's client needs and no more, and a command that needs more says what."""
    listed = json.loads(run(python, "-m", "pip", "list", "--format", "json"))
    assert {one["name"] for one in listed} - {"pip", "setuptools"} == {
        "msgpack", "numpy", "opencv-python", "pillow", "pyzmq", "stereosync",
    }  # fmt: skip
    run(python, "-c", "import stereosync; stereosync.BridgeClient, stereosync.ClientStream")
    refused = subprocess.run([scripts / "stereosync-serve"], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.endswith('is not installed: pip install "stereosync[cpu]"\n')
