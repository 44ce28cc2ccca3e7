"""Imports point one way, stand at the top of a file when another package of ours is meant, and do no work."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from stereosync.commands import COMMANDS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MAY_IMPORT: dict[str, set[str]] = {
    "stereosync": set(),
    "stereosync_bridge": {"stereosync"},
    "stereosync_runners": {"stereosync"},
    "stereosync_runtime": {"stereosync", "stereosync_bridge", "stereosync_runners"},
    "stereosync_panda3d": {"stereosync", "stereosync_bridge"},
    "stereosync_scenes": {"stereosync", "stereosync_panda3d"},
    "stereosync_tools": {
        "stereosync",
        "stereosync_bridge",
        "stereosync_runners",
        "stereosync_runtime",
        "stereosync_panda3d",
        "stereosync_scenes",
    },
    "stereosync_model": {"stereosync"},
    "stereosync_training": {
        "stereosync",
        "stereosync_runners",
        "stereosync_runtime",
        "stereosync_model",
        "stereosync_scenes",
    },
    "stereosync_export": {
        "stereosync",
        "stereosync_bridge",
        "stereosync_runners",
        "stereosync_runtime",
        "stereosync_model",
    },
}
FRONT_DOOR = ("stereosync", "__init__.py")  # names the homes of what it hands on, and opens none before it is asked for
TOP = ""  # of stereosync_training: what a whole run is
ROOMS: dict[str, set[str]] = {  # of stereosync_training, each with the rooms that it may import
    "sounds": set(),
    "embeddings": set(),
    "measures": {"sounds", "embeddings"},
    "data": {"sounds"},
    "stages": {"data"},
    TOP: {"sounds", "data", "stages"},
    "evaluate": {"sounds", "embeddings", "measures", "data", "stages", TOP},
    "fit": {"data", "stages", "evaluate", TOP},
}
WITHOUT_TORCH = tuple(
    package for package in MAY_IMPORT if package not in ("stereosync_model", "stereosync_training", "stereosync_export")
)
HEAVY = ("torch", "onnx", "onnxruntime", "onnxscript", "panda3d", "direct", "sounddevice", "av", "matplotlib", "scipy")


class Import(NamedTuple):
    """One imported module: its dotted name and the line."""

    module: str
    line: int


def package_folders() -> dict[str, Path]:
    """Each package's name and its folder, as the wheel has them."""
    return {Path(path).name: ROOT / path for path in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}


def imports_of(source: str) -> Iterator[Import]:
    """Every absolute import of a file, also lazy ones and `import_module("name")`."""
    yield from _imports_below(ast.parse(source))


def lazy_imports_of(source: str) -> list[Import]:
    """Those that wait inside a function, by their lines."""
    functions = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted({found for one in functions for found in _imports_below(one)}, key=lambda found: found.line)


def _imports_below(top: ast.AST) -> Iterator[Import]:
    for node in ast.walk(top):
        for module in _modules(node):
            yield Import(module, node.lineno)  # type: ignore[attr-defined]


def _modules(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(name)), *_]):
            return [name] if called in ("import_module", "__import__", "find_spec") else []
    return []


def breaches(package: str, file: Path, source: str) -> list[str]:
    """What a file imports against the rules, in words; `file` is relative to its package."""
    return [
        f"{package}/{file.as_posix()}:{found.line} imports {found.module}"
        for found in imports_of(source)
        if not _allowed(package, file, found)
    ]


def _allowed(package: str, file: Path, found: Import) -> bool:
    top = found.module.partition(".")[0]
    if (package, file.as_posix()) == FRONT_DOOR:
        return top in {"stereosync", "stereosync_bridge", "stereosync_runtime"} | sys.stdlib_module_names
    if top.startswith("stereosync"):
        return top in MAY_IMPORT[package] | {package}
    if package == "stereosync":
        return top == "numpy" or top in sys.stdlib_module_names
    return not (top == "torch" and package in WITHOUT_TORCH)


def lazy_breaches(package: str, file: Path, source: str) -> list[str]:
    """Imports of other packages of ours that wait inside a function, in words; `file` is relative to its package."""
    others = set(MAY_IMPORT) - {package}
    return [
        f"{package}/{file.as_posix()}:{found.line} imports {found.module} inside a function"
        for found in lazy_imports_of(source)
        if found.module.partition(".")[0] in others and (package, file.as_posix()) != FRONT_DOOR
    ]


def room_breaches(file: Path, source: str) -> list[str]:
    """Imports of a file of stereosync_training that go from its room into one that it may not know, in words."""
    room = _room(file.parts)
    others = ((found, _room(found.module.split(".")[1:])) for found in imports_of(source) if _of_training(found))
    return [
        f"{file.as_posix()}:{found.line} imports {found.module}"
        for found, other in others
        if other not in ROOMS[room] | {room}
    ]


def _room(parts: Sequence[str]) -> str:
    return parts[0] if parts and parts[0] in ROOMS else TOP


def _of_training(found: Import) -> bool:
    return found.module.partition(".")[0] == "stereosync_training"


def test_every_package_of_the_wheel_has_a_rule() -> None:
    assert set(package_folders()) == set(MAY_IMPORT)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    folder = package_folders()[package]
    files = sorted(folder.rglob("*.py"))
    assert files
    found = [line for file in files for line in breaches(package, file.relative_to(folder), file.read_text("utf-8"))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_other_packages_of_ours_are_imported_at_the_top(package: str) -> None:
    """Only a package that an extra installs may wait until it is needed."""
    folder = package_folders()[package]
    files = [(file.relative_to(folder), file.read_text("utf-8")) for file in sorted(folder.rglob("*.py"))]
    found = [line for file, source in files for line in lazy_breaches(package, file, source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def later():\n    from stereosync_scenes.renderer import Renderer", 1),
        ("class A:\n    def f(self):\n        def g():\n            import stereosync_scenes.renderer", 1),
        ("from stereosync_scenes.renderer import Renderer", 0),
        ("if TYPE_CHECKING:\n    from stereosync_scenes.renderer import Renderer", 0),
        ("def later():\n    import panda3d\n    from stereosync_tools.doctor import machine", 0),
    ],
)
def test_the_checker_finds_another_package_inside_a_function(source: str, count: int) -> None:
    assert len(lazy_breaches("stereosync_tools", Path("audition/cli.py"), source)) == count


def test_rooms_of_training_point_one_way() -> None:
    folder = package_folders()["stereosync_training"]
    rooms = {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()}
    assert rooms == set(ROOMS) - {TOP}
    files = sorted(folder.rglob("*.py"))
    found = [line for file in files for line in room_breaches(file.relative_to(folder), file.read_text("utf-8"))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("data/walk_data.py", "from stereosync_training.stages.codec import Codec"),
        ("stages/forecast.py", "def later():\n    from stereosync_training.run import Run"),
        ("run.py", "from stereosync_training.evaluate.rows import to_mono"),
        ("measures/onsets.py", "import stereosync_training.data.excerpts"),
    ],
)
def test_the_checker_finds_a_way_back_between_rooms(file: str, source: str) -> None:
    assert len(room_breaches(Path(file), source)) == 1


@pytest.mark.parametrize(
    ("package", "file", "source"),
    [
        ("stereosync", "cues.py", "import zmq"),
        ("stereosync", "cues.py", "from stereosync_bridge.wire import encode"),
        ("stereosync_bridge", "server.py", "def later():\n    from stereosync_runtime import serve"),
        ("stereosync_bridge", "server.py", "import torch.nn as nn"),
        ("stereosync_runtime", "serve.py", "def later():\n    import torch"),
        ("stereosync_runtime", "serve.py", "import importlib\nimportlib.import_module('torch.onnx')"),
        ("stereosync_runtime", "serve.py", "def later():\n    import stereosync_scenes.renderer"),
        ("stereosync_runners", "devices.py", "def later():\n    from stereosync_tools.doctor import providers"),
        ("stereosync_runners", "devices.py", "from stereosync_runtime.pipeline import Pipeline"),
        ("stereosync_runtime", "serve.py", "from stereosync_tools.audition import cli"),
        ("stereosync_runtime", "serve.py", "if TYPE_CHECKING:\n    from stereosync_export import parity"),
        ("stereosync_export", "parity/stream.py", "from stereosync_tools.audition.sources import TapeSource"),
        ("stereosync_model", "codec.py", "class A:\n    def f(self):\n        import stereosync_training"),
        ("stereosync_scenes", "render.py", "try:\n    import torch\nexcept ImportError:\n    pass"),
    ],
)
def test_the_checker_finds_a_breach(package: str, file: str, source: str) -> None:
    assert len(breaches(package, Path(file), source)) == 1


@pytest.mark.parametrize(
    ("package", "file", "source"),
    [
        ("stereosync", "cues.py", "import json\nimport numpy as np\nfrom stereosync.scene import Box"),
        ("stereosync_tools", "audition/cli.py", "from stereosync_scenes.renderer import Renderer"),
        ("stereosync_runtime", "serve.py", "import onnxruntime\nfrom . import pacing"),
        ("stereosync_export", "parity/stream.py", "from stereosync_runtime.pipeline import Pipeline"),
        ("stereosync_training", "loop.py", "import torch\nfrom stereosync_model.codec import Codec"),
        ("stereosync_runtime", "serve.py", "print('import torch')"),
    ],
)
def test_the_checker_lets_lawful_imports_pass(package: str, file: str, source: str) -> None:
    assert breaches(package, Path(file), source) == []


def run_python(code: str) -> str:
    """Standard output of a fresh interpreter; whatever it prints besides is part of the failure."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("command", PROJECT["project"]["scripts"])
def test_a_command_starts_without_heavy_imports(command: str) -> None:
    module, _ = COMMANDS[command]
    loaded = run_python(f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])")
    assert loaded.split() == []


def modules_of(packages: tuple[str, ...]) -> list[str]:
    """Dotted names of all modules of the packages."""
    folders = package_folders()
    return [
        ".".join((package, *file.relative_to(folders[package]).with_suffix("").parts)).removesuffix(".__init__")
        for package in packages
        for file in sorted(folders[package].rglob("*.py"))
        if file.name != "__main__.py"
    ]


def test_live_packages_import_without_torch_and_do_no_work() -> None:
    modules = modules_of(WITHOUT_TORCH)
    out = run_python(
        "import sys, threading, importlib\n"
        "sys.modules['torch'] = None\n"
        f"for name in {modules}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1, threading.enumerate()"
    )
    assert out == ""


def test_all_packages_import_and_do_no_work() -> None:
    out = run_python(
        "import threading, importlib\n"
        f"for name in {modules_of(tuple(MAY_IMPORT))}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1, threading.enumerate()"
    )
    assert out == ""
