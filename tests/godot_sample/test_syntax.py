"""Every script for Godot 4 parses, by gdtoolkit's grammar of GDScript 2; the core uses only what Godot 3 has too."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from programs import GODOT_PROJECT

SCRIPTS = sorted([*GODOT_PROJECT.rglob("*.gd"), *Path(__file__).with_name("project4").rglob("*.gd")])
SHARED = sorted([*(GODOT_PROJECT / "addons" / "stereosync" / "core").glob("*.gd"), GODOT_PROJECT / "walking_gait.gd"])
ONE_VERSION_ONLY = re.compile(
    r"^\s*(@|class_name|signal|yield|await)|\b(setget|instance\(|instantiate\(|remove_at|is_empty\(|\.empty\(|\.slice\(|"
    r"PoolByteArray|PackedByteArray|TYPE_REAL|TYPE_FLOAT|deg2rad|deg_to_rad|File\.new|FileAccess|func\(|-> )",
    re.MULTILINE,
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_parses_as_gdscript_2(script: Path) -> None:
    try:
        from gdtoolkit.parser import parser
    except ImportError:
        reason = "gdtoolkit IS NOT INSTALLED, SO THE SCRIPTS FOR GODOT 4 ARE NOT PARSED: pip install 'gdtoolkit>=4,<5'"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    parser.parse(script.read_text(encoding="utf-8"))


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) > 20


@pytest.mark.parametrize("script", SHARED, ids=lambda path: path.name)
def test_shared_script_keeps_to_both_versions(script: Path) -> None:
    if re.fullmatch(r"platform_\d\.gd", script.name):
        return
    found = ONE_VERSION_ONLY.search(script.read_text(encoding="utf-8"))
    assert found is None, found


def test_every_path_in_the_scene_exists() -> None:
    for name in ("walk.tscn", "project.godot", "addons/stereosync/plugin.cfg"):
        text = (GODOT_PROJECT / name).read_text(encoding="utf-8")
        for path in re.findall(r'"res://([^"]+)"', text):
            assert (GODOT_PROJECT / path).is_file(), path
