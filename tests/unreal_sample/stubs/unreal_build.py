"""Builds the Unreal plugin's module with g++ against hand-made stubs of the engine, in a folder of the test's own.

The engine's header names and the `*.generated.h` files, which in Unreal its own header tool writes, are
made here.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import programs

STUBS = Path(__file__).resolve().parent
SOURCE = programs.UNREAL_PLUGIN / "Source"
CORE = SOURCE / "StereoSyncCore"
MODULE = SOURCE / "StereoSync"
PURE = MODULE / "Private" / "Pure"

# The headers of Unreal 5.3 to 5.6 that the module may include, and the stub that stands for each.
ENGINE_HEADERS = {
    "stub_core.h": [
        "CoreMinimal.h",
        "Containers/Ticker.h",
        "HAL/PlatformTime.h",
        "Logging/LogMacros.h",
        "Modules/ModuleManager.h",
    ],
    "stub_animation.h": [
        "Animation/AnimInstance.h",
        "Animation/AnimNotifies/AnimNotify.h",
        "Animation/AnimNotifyQueue.h",
        "Animation/AnimSequence.h",
        "Animation/AnimationAsset.h",
        "Animation/BlendSpace.h",
    ],
    "stub_physics.h": [
        "CollisionQueryParams.h",
        "Engine/HitResult.h",
        "PhysicalMaterials/PhysicalMaterial.h",
        "PhysicsEngine/PhysicsSettings.h",
    ],
    "stub_engine.h": [
        "Camera/CameraActor.h",
        "Camera/CameraTypes.h",
        "Camera/PlayerCameraManager.h",
        "Components/ActorComponent.h",
        "Components/BoxComponent.h",
        "Components/LightComponent.h",
        "Components/SceneComponent.h",
        "Components/SkeletalMeshComponent.h",
        "Components/StaticMeshComponent.h",
        "Engine/DirectionalLight.h",
        "Engine/Engine.h",
        "Engine/EngineTypes.h",
        "Engine/SkeletalMesh.h",
        "Engine/StaticMesh.h",
        "Engine/StaticMeshActor.h",
        "Engine/World.h",
        "GameFramework/Actor.h",
        "GameFramework/GameModeBase.h",
        "GameFramework/PlayerController.h",
        "GameFramework/SpectatorPawn.h",
        "Misc/App.h",
        "Misc/EngineVersion.h",
        "Misc/FileHelper.h",
        "Misc/Paths.h",
        "PhysicsEngine/AggregateGeom.h",
        "PhysicsEngine/PhysicsAsset.h",
        "PhysicsEngine/SkeletalBodySetup.h",
        "UObject/ConstructorHelpers.h",
    ],
    "stub_render.h": [
        "Components/SceneCaptureComponent2D.h",
        "Engine/TextureRenderTarget2D.h",
        "RHICommandList.h",
        "RHIGPUReadback.h",
        "RenderingThread.h",
        "TextureResource.h",
    ],
    "stub_audio.h": ["AudioDevice.h", "Components/SynthComponent.h"],
}

WARNINGS = ["-Wall", "-Wextra", "-Werror"]


@dataclass(frozen=True)
class Reflected:
    """A class or struct of a header that the engine's header tool would see; `line` is that of its GENERATED_BODY()."""

    name: str
    base: str
    line: int


def reflected_types(header: Path) -> list[Reflected]:
    """The UCLASS and USTRUCT types of a header, in order."""
    found, name, base = [], "", ""
    for number, line in enumerate(header.read_text(encoding="utf-8").splitlines(), start=1):
        match = re.match(r"(?:class|struct)\s+(?:[A-Z]+_API\s+)?(\w+)(?:\s+final)?(?:\s*:\s*public\s+(\w+))?\s*$", line)
        if match:
            name, base = match.group(1), match.group(2) or ""
        if line.strip() == "GENERATED_BODY()":
            found.append(Reflected(name, base, number))
    return found


def module_headers() -> list[Path]:
    """The headers that have a generated one."""
    return [
        path for path in sorted(MODULE.rglob("*.h")) if f"{path.stem}.generated.h" in path.read_text(encoding="utf-8")
    ]


def write_engine_headers(folder: Path) -> None:
    """Files with the engine's names that include the stubs, and the generated headers of the module."""
    for stub, names in ENGINE_HEADERS.items():
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'#pragma once\n#include "{STUBS / stub}"\n', encoding="utf-8")
    for header in module_headers():
        (folder / f"{header.stem}.generated.h").write_text(_generated(header), encoding="utf-8")


def _generated(header: Path) -> str:
    file_id = f"{header.stem}_h"
    lines = [f"#ifdef {file_id}_DONE", "#error included twice", "#endif", f"#define {file_id}_DONE"]
    lines += ["#undef CURRENT_FILE_ID", f"#define CURRENT_FILE_ID {file_id}"]
    lines += [f"#define {file_id}_{one.line}_GENERATED_BODY {_body(one)}" for one in reflected_types(header)]
    return "\n".join(lines) + "\n"


def _body(one: Reflected) -> str:
    if not one.base:
        return "public: static bool StubIsStruct() { return true; }"
    static_class = f'static UClass* StaticClass() {{ static UClass Class{{"{one.name}"}}; return &Class; }}'
    return f"public: using Super = {one.base}; using ThisClass = {one.name}; {static_class} private:"


def module_includes(folder: Path) -> list[str]:
    """Include options as Unreal's build tool gives them: both folders of the module, the public one of the core."""
    own = [MODULE / "Public", MODULE / "Private", CORE / "Public"]
    return ["-isystem", str(folder), *(f"-I{place}" for place in own)]


def build_programs(folder: Path, names: list[str]) -> list[Path]:
    """The programs of `stubs/NAME.cpp`, each with the module, the core and the stubs."""
    write_engine_headers(folder)
    compiler = programs.require_tool("g++", "g++")
    options = ["-std=c++17", "-O0", *WARNINGS, "-fno-exceptions", "-pthread"]
    includes = [*module_includes(folder), "-isystem", str(STUBS), f"-I{CORE / 'Private'}"]
    library = [*sorted((MODULE / "Private").rglob("*.cpp")), *sorted((CORE / "Private").rglob("*.cpp"))]

    def compiled(source: Path) -> Path:
        made = folder / f"{source.parent.name}_{source.stem}.o"
        shadow = ["-Wshadow"] if MODULE in source.parents else []  # in Unreal a hidden name is an error
        programs.build([compiler, *options, *shadow, *includes, "-c", str(source), "-o", str(made)])
        return made

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compiled, [*library, *(STUBS / f"{name}.cpp" for name in names)]))
    shared = [str(one) for one in objects[: len(library)]]
    for name, own in zip(names, objects[len(library) :], strict=True):
        programs.build([compiler, *shared, str(own), "-pthread", "-o", str(folder / name)])
    return [folder / name for name in names]
