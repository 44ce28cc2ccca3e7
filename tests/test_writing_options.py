"""Every option of every command that writes, at places where something of a stranger's is: nothing of it is lost.

The options are found by walking the parsers. One that names a path has to stand below: as what it reads, or as what it
writes with a command line that gets as far as the writing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from toy_graphs import toy_bundle, toy_folder  # noqa: F401 - fixtures

from stereosync.commands import COMMANDS
from stereosync.vocabulary import GROUNDS
from stereosync_bridge.jpeg import encode_jpeg
from stereosync_bridge.keys import make_client_keys, make_server_keys
from stereosync_runtime.offline import demo_tape_path

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "bridge", "runners", "runtime", "tools", "scenes", "model", "training", "export")
MODULES = (
    *(module for module, _ in COMMANDS.values()),
    "stereosync_scenes.__main__",
    "stereosync_scenes.arena.__main__",
    "stereosync_scenes.foreign.__main__",
    "stereosync_training.sounds.__main__",
    "stereosync_training.evaluate.ablate",
    "stereosync_runtime.build_engines",
    "stereosync_export.refit",
)
PARSER_OF = {"stereosync_tools.audition.options": "stereosync_tools.audition.cli"}
FOR_THE_SUITE = ("stereosync_bridge.conformance.__main__",)  # its harness names every file
PATH_WORDS = ("PATH", "FILE", "DIR")
DEV_FULL = Path("/dev/full")
PLACES = ("file", "folder", "link", "link to a folder", "device", "missing")
REFUSED_AT_ONCE = ("file", "folder", "link", "link to a folder", "missing")  # a device would take the whole work

READ = {
    ("stereosync_runtime.serve", "--bundle"),
    ("stereosync_runtime.serve", "--keys"),
    ("stereosync_runtime.build_engines", "bundle"),
    ("stereosync_tools.doctor.cli", "--bundle"),
    ("stereosync_tools.doctor.cli", "--key"),
    ("stereosync_tools.audition.cli", "--tape"),
    ("stereosync_tools.audition.cli", "--bundle"),
    ("stereosync_bridge.keys", "allow public_key_file"),
    ("stereosync_bridge.tape_cli", "info tape"),
    ("stereosync_bridge.tape_cli", "convert folder"),
    ("stereosync_bridge.tape_cli", "repair damaged"),
    ("stereosync_export.cli", "checkpoint"),
    ("stereosync_export.cli", "--card"),
    ("stereosync_export.refit", "checkpoint"),
    ("stereosync_export.refit", "--bundle"),
    ("stereosync_training.fit.cli", "gaits"),
    ("stereosync_training.fit.cli", "--bundle"),
    ("stereosync_training.fit.cli", "--checkpoint"),
    ("stereosync_training.cli", "recipe"),
    ("stereosync_training.cli", "--sounds"),
    ("stereosync_training.cli", "--start-from"),
    ("stereosync_training.walks", "recipe"),
    ("stereosync_training.walks", "--sounds"),
    ("stereosync_training.evaluate.cli", "--set"),
    ("stereosync_training.evaluate.cli", "--checkpoint"),
    ("stereosync_training.evaluate.cli", "--sounds"),
    ("stereosync_training.evaluate.ablate", "recipe"),
    ("stereosync_training.sounds.__main__", "--sounds"),
}

ADDED_TO = {  # folders for what takes minutes to make: a walk that is there is read, one that is not is added
    ("stereosync_training.evaluate.cli", "--cache"),
    ("stereosync_training.evaluate.ablate", "--cache"),
}


@dataclass(frozen=True)
class Output:
    """The command line for an output at `{place}`, with what is prepared in `{work}`; names of what a stranger's folder
    holds there."""

    arguments: str
    name: str = "out"
    strangers: tuple[str, ...] = ("thesis.txt",)
    places: tuple[str, ...] = PLACES


SERVE = "--bundle {work}/toy --bind tcp://127.0.0.1:0 --frames-bind tcp://127.0.0.1:0 --device cpu --seconds 0.1"
AUDITION = "--bundle {work}/toy --offline --seconds 0.2"
WRITTEN = {
    ("stereosync_runtime.serve", "--record"): Output(f"{SERVE} --record {{place}}", "out.tape"),
    ("stereosync_runtime.serve", "--stats"): Output(f"{SERVE} --stats {{place}}", "out.json"),
    ("stereosync_tools.audition.cli", "--save"): Output(f"{AUDITION} --save {{place}}", "out.wav"),
    ("stereosync_tools.audition.cli", "--report"): Output(f"{AUDITION} --report {{place}}", "out.json"),
    ("stereosync_tools.audition.cli", "--picture"): Output(f"{AUDITION} --picture {{place}}", "out.png"),
    ("stereosync_tools.doctor.cli", "--json"): Output("--json {place}", "out.json", places=REFUSED_AT_ONCE),
    ("stereosync_bridge.keys", "--dir"): Output("--dir {place} server", strangers=("server.key",)),
    ("stereosync_bridge.tape_cli", "convert tape"): Output("convert {work}/pictures {place}", "out.tape"),
    ("stereosync_bridge.tape_cli", "repair tape"): Output("repair {work}/demo.tape {place}", "out.tape"),
    ("stereosync_export.cli", "--out"): Output("{work}/none.safetensors --out {place}"),
    ("stereosync_export.refit", "--out"): Output("{work}/none.safetensors --bundle {work}/toy --out {place}"),
    ("stereosync_training.fit.cli", "--out"): Output("{work}/none.json --bundle {work}/toy --out {place}"),
    ("stereosync_training.cli", "--out"): Output(
        "tiny --cache {work} --sounds {work}/recordings --out {place} --stage checkpoint",
        strangers=("codec.csv", "tiny.safetensors"),
    ),
    ("stereosync_training.cli", "--cache"): Output(
        "tiny --cache {place} --sounds {work}/recordings --out {work}/run --stage sounds"
    ),
    ("stereosync_training.walks", "--cache"): Output("tiny --cache {place} --sounds {work}/recordings"),
    ("stereosync_training.evaluate.cli", "--report"): Output(
        "{work}/none --report {place} --sounds {work}", strangers=("report.json", "report.png")
    ),
    ("stereosync_training.evaluate.ablate", "--out"): Output(
        "{work}/none.toml --out {place}", strangers=("ablation.json",)
    ),
    ("stereosync_training.sounds.__main__", "--out"): Output("--out {place} --sounds {work}/none", "out.png"),
    ("stereosync_scenes.__main__", "--out"): Output("--out {place} --rows 1 --seconds 0.1", "out.png"),
    ("stereosync_scenes.__main__", "--video"): Output("--video {place} --rows 1 --seconds 0.1", "out.mp4"),
    ("stereosync_scenes.arena.__main__", "--out"): Output("--out {place}", "out.png", places=REFUSED_AT_ONCE),
    ("stereosync_scenes.arena.__main__", "--video"): Output(
        "--out {work}/sheet.png --video {place}", "out.mp4", places=REFUSED_AT_ONCE
    ),
    ("stereosync_scenes.foreign.__main__", "--out"): Output("--out {place}", "out.png", places=REFUSED_AT_ONCE),
    ("stereosync_scenes.foreign.__main__", "--video"): Output(
        "--out {work}/sheet.png --video {place}", "out.mp4", places=REFUSED_AT_ONCE
    ),
}


class Parsed(Exception):
    """A command has come to its parser."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def parser_of(module: str) -> argparse.ArgumentParser:
    """The parser with which a command reads its command line."""

    def stop(parser: argparse.ArgumentParser, *_given: object, **_named: object) -> None:
        raise Parsed(parser)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", stop)
        with pytest.raises(Parsed) as parsed:
            importlib.import_module(module).main([])
    return parsed.value.parser


def paths_of(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """The options and arguments of a parser, and of its commands, that name a file or a folder."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inside in action.choices.items():
                yield from paths_of(inside, f"{name} ")
        elif action.type is Path or any(word in str(action.metavar) for word in PATH_WORDS):
            yield before + (action.option_strings[0] if action.option_strings else action.dest)


def test_every_parser_of_the_packages_is_walked() -> None:
    found = set()
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            if "ArgumentParser(" in file.read_text(encoding="utf-8"):
                module = ".".join(file.relative_to(ROOT / package).with_suffix("").parts)
                found.add(PARSER_OF.get(module, module))
    assert found - set(FOR_THE_SUITE) == set(MODULES)


def test_every_path_is_known_as_read_or_as_written() -> None:
    found = {(module, path) for module in MODULES for path in paths_of(parser_of(module))}
    assert found == READ | ADDED_TO | set(WRITTEN)


@pytest.fixture
def work(tmp_path: Path, toy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811 - a fixture
    """What the commands read, in the folder where they run."""
    work = tmp_path / "work"
    pictures = work / "pictures"
    pictures.mkdir(parents=True)
    shutil.copytree(toy_folder, work / "toy")
    shutil.copyfile(demo_tape_path(), work / "demo.tape")
    (pictures / "a.jpg").write_bytes(encode_jpeg(np.zeros((36, 64, 3), np.uint8), 90))
    np.save(pictures / "a.npy", np.full((18, 32), 5, np.float32))
    for ground in GROUNDS:
        file = work / "recordings" / "footsteps" / ground / "one__a.flac"
        file.parent.mkdir(parents=True)
        soundfile.write(file, np.linspace(0.5, 0, 4800) ** 2, 48_000)
    line = {"time_s": 0.0, "picture": "a.jpg", "depth": "a.npy", "fov_deg": 60}
    (pictures / "frames.jsonl").write_text(json.dumps(line), encoding="utf-8")
    monkeypatch.chdir(work)
    return work


def settle(theirs: Path, output: Output, place: str) -> Path:
    """Put what is a stranger's into `theirs`; the path that the command is given."""
    theirs.mkdir()
    at = theirs / output.name
    if place == "missing":
        return theirs / "none" / output.name
    folder = theirs / "kept" if place == "link to a folder" else at
    if "folder" in place:
        folder.mkdir()
        for name in output.strangers:
            (folder / name).write_text("two years of work", encoding="utf-8")
    target = {"link to a folder": folder, "device": DEV_FULL, "link": theirs / "kept"}.get(place)
    if place in ("file", "link"):
        (theirs / "kept" if place == "link" else at).write_text("two years of work", encoding="utf-8")
    if target is not None:
        at.symlink_to(target)
    return at


def seen(theirs: Path) -> dict[str, bytes]:
    """Everything in a stranger's folder: files by their bytes, links by their target."""
    return {
        path.relative_to(theirs).as_posix(): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in theirs.rglob("*")
        if path.is_symlink() or path.is_file()
    }


CASES = [(*option, place) for option, output in WRITTEN.items() for place in output.places]


@pytest.mark.parametrize(("module", "option", "place"), CASES)
def test_nothing_of_a_stranger_s_is_lost(
    module: str, option: str, place: str, work: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if place in ("device", "link", "link to a folder") and sys.platform == "win32":
        pytest.skip("links need a right there")
    if place == "device" and not DEV_FULL.exists():
        pytest.skip("no device that is always full")
    theirs, output = tmp_path / "theirs", WRITTEN[module, option]
    at = settle(theirs, output, place)
    before = seen(theirs)
    main: Callable[[list[str]], int] = importlib.import_module(module).main
    try:
        code = main([part.format(place=at, work=work) for part in output.arguments.split()])
    except SystemExit as ended:
        code = int(ended.code or 0)
    after, said = seen(theirs), capfd.readouterr()
    assert {path: after.get(path) for path in before} == before, said
    assert not DEV_FULL.exists() or DEV_FULL.is_char_device()
    assert not [path for path in after if ".part" in path]
    if code:
        assert "Traceback" not in said.out + said.err
        assert (said.err + said.out).strip()
    elif place != "missing":
        assert set(after) != set(before) or place in ("device", "folder", "link to a folder")


def test_what_a_client_s_keys_would_replace_stays(tmp_path: Path) -> None:
    make_server_keys(tmp_path)
    make_client_keys(tmp_path, "game")
    before = seen(tmp_path)
    for command in (["server"], ["client", "game"]):
        assert importlib.import_module("stereosync_bridge.keys").main(["--dir", str(tmp_path), *command]) == 2
    assert seen(tmp_path) == before
