"""The Unreal plugin's files fit each other and the engine's rules, as far as can be told without the engine."""

from __future__ import annotations

import json
import re
from pathlib import Path

import programs
import pytest
import unreal_build

from stereosync_bridge.version import PACKAGE

PLUGIN = programs.UNREAL_PLUGIN
MODULES = ("StereoSyncCore", "StereoSync")
MODULE_SOURCES = [*sorted(unreal_build.MODULE.rglob("*.h")), *sorted(unreal_build.MODULE.rglob("*.cpp"))]
# Without the engine's big headers, which Unreal does not give, a source must include what it uses whole.
DEFINED_IN = {
    r"USceneCaptureComponent2D\* \w+ = NewObject|Capture->FOVAngle": "Components/SceneCaptureComponent2D.h",
    r"GetOwner\(\)->|\bSpawnActor<AActor>|\bActor\.Get|\bActor->|Owner\.GetWorld": "GameFramework/Actor.h",
    r"GetWorld\(\)->": "Engine/World.h",
    r"GEngine": "Engine/Engine.h",
    r"ENQUEUE_RENDER_COMMAND": "RenderingThread.h",
    r"FRHIGPUTextureReadback": "RHIGPUReadback.h",
    r"FRHITransitionInfo": "RHICommandList.h",
    r"GetRenderTargetTexture": "TextureResource.h",
    r"InitCustomFormat": "Engine/TextureRenderTarget2D.h",
    r"\bView(?:->|\.)[A-Z]": "Camera/CameraTypes.h",
    r"GetCameraCacheView": "Camera/PlayerCameraManager.h",
    r"PlayerCameraManager ==|SetViewTarget": "GameFramework/PlayerController.h",
    r"CreateDefaultSubobject<UStaticMeshComponent>|Part->Get|Plane->": "Components/StaticMeshComponent.h",
    r"USkeletalMeshComponent\*>": "Components/SkeletalMeshComponent.h",
    r"SkeletalBodySetups": "PhysicsEngine/PhysicsAsset.h",
    r"CalcAABB": "PhysicsEngine/AggregateGeom.h",
    r"FObjectFinder": "UObject/ConstructorHelpers.h",
    r"\bFApp::": "Misc/App.h",
    r"FFileHelper": "Misc/FileHelper.h",
    r"FPaths::": "Misc/Paths.h",
    r"SetSkeletalMeshAsset": "Engine/SkeletalMesh.h",
    r"FEngineVersion": "Misc/EngineVersion.h",
    r"FTSTicker": "Containers/Ticker.h",
    r"LoadObject<UStaticMesh>": "Engine/StaticMesh.h",
    r"GetLightComponent\(\)->": "Components/LightComponent.h",
    r"LineTraceSingleByChannel|OriginLocation|GetAudioDeviceRaw": "Engine/World.h",
    r"FCollisionQueryParams": "CollisionQueryParams.h",
    r"FHitResult Hit": "Engine/HitResult.h",
    r"UPhysicalMaterial::|NewObject<UPhysicalMaterial>|Material\.GetName": "PhysicalMaterials/PhysicalMaterial.h",
    r"UPhysicsSettings::": "PhysicsEngine/PhysicsSettings.h",
    r"FAudioPlatformSettings|Device->": "AudioDevice.h",
    r"CreateDefaultSubobject<UBoxComponent>|Box->": "Components/BoxComponent.h",
    r"FPlatformTime::": "HAL/PlatformTime.h",
    r"UAnimInstance&? Graph|Graph->": "Animation/AnimInstance.h",
    r"FAnimTickRecord& Player|FAnimGroupInstance&": "Animation/AnimationAsset.h",
    r"->Notifies|\.Notifies|RateScale\b": "Animation/AnimSequence.h",
    r"Cast<UBlendSpace>": "Animation/BlendSpace.h",
    r"public UAnimNotify": "Animation/AnimNotifies/AnimNotify.h",
    r"GetMirrorDataTable": "Animation/AnimNotifyQueue.h",
    r"ECollisionChannel": "Engine/EngineTypes.h",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_of(path: Path) -> str:
    """Without comments and texts."""
    without_comments = re.sub(r"//[^\n]*|/\*.*?\*/", "", text_of(path), flags=re.DOTALL)
    return re.sub(r'"[^"\n]*"', '""', without_comments)


def includes_of(path: Path) -> list[str]:
    return re.findall(r'^#include [<"]([^>"]+)[>"]', text_of(path), flags=re.MULTILINE)


def test_the_descriptor_names_modules_that_exist() -> None:
    descriptor = json.loads(text_of(PLUGIN / "StereoSync.uplugin"))
    assert descriptor["FileVersion"] == 3
    assert descriptor["VersionName"] == PACKAGE
    assert [module["Name"] for module in descriptor["Modules"]] == list(MODULES)
    for module in descriptor["Modules"]:
        assert module["Type"] == "Runtime"
        assert (PLUGIN / "Source" / module["Name"] / f"{module['Name']}.Build.cs").is_file()


@pytest.mark.parametrize("module", MODULES)
def test_each_module_has_rules_and_one_entry_of_its_name(module: str) -> None:
    folder = PLUGIN / "Source" / module
    rules = text_of(folder / f"{module}.Build.cs")
    assert re.search(rf"public class {module} : ModuleRules", rules)
    assert re.search(rf"public {module}\(ReadOnlyTargetRules Target\) : base\(Target\)", rules)
    assert rules.count("{") == rules.count("}")
    entries = [
        path for path in folder.rglob("*.cpp") if re.search(rf"IMPLEMENT_MODULE\(\w+, {module}\)", text_of(path))
    ]
    assert len(entries) == 1


def test_the_core_knows_nothing_of_unreal_outside_of_its_guard() -> None:
    for path in sorted(unreal_build.CORE.rglob("*.h")) + sorted(unreal_build.CORE.rglob("*.cpp")):
        if path.name != "StereoSyncCoreModule.cpp":
            assert not set(includes_of(path)) & {
                name for names in unreal_build.ENGINE_HEADERS.values() for name in names
            }
    entry = text_of(unreal_build.CORE / "Private" / "StereoSyncCoreModule.cpp")
    assert re.search(r"#if defined\(STEREOSYNC_IN_UNREAL\).*#include.*#endif", entry, flags=re.DOTALL)
    assert "STEREOSYNC_IN_UNREAL=1" in text_of(unreal_build.CORE / "StereoSyncCore.Build.cs")


@pytest.mark.parametrize("header", unreal_build.module_headers(), ids=lambda path: path.stem)
def test_the_generated_header_comes_last_and_every_reflected_type_is_whole(header: Path) -> None:
    text = code_of(header)
    assert includes_of(header)[-1] == f"{header.stem}.generated.h"
    marks = len(re.findall(r"^(?:UCLASS|USTRUCT)\(", text, flags=re.MULTILINE))
    found = unreal_build.reflected_types(header)
    assert marks == len(found) == text.count("GENERATED_BODY()")
    assert found or "UENUM(" in text


def test_every_reflected_type_has_a_generated_header() -> None:
    marked = {path for path in MODULE_SOURCES if re.search(r"^(?:UCLASS|USTRUCT|UENUM)\(", code_of(path), re.MULTILINE)}
    assert marked == set(unreal_build.module_headers())


def test_public_types_are_exported_and_named_as_unreal_wants_them() -> None:
    for header in unreal_build.module_headers():
        for one in unreal_build.reflected_types(header):
            prefix = "A" if one.base in ("AActor", "AGameModeBase") else "U" if one.base else "F"
            assert one.name.startswith(prefix)
            exported = re.search(rf"(?:class|struct) STEREOSYNC_API {one.name}\b", text_of(header)) is not None
            assert exported == ("Public" in header.parts), one.name


def test_properties_that_a_person_edits_have_tooltips() -> None:
    for header in unreal_build.module_headers():
        text = text_of(header)
        for match in re.finditer(
            r"^(.*)\n\s*U(?:PROPERTY|FUNCTION)\((?:Edit|Blueprint|Visible)", text, flags=re.MULTILINE
        ):
            assert match.group(1).strip().endswith("*/"), text[match.start() : match.end()]


def test_pointers_to_objects_that_are_kept_are_properties() -> None:
    """What the garbage collector does not see, it takes."""
    for header in unreal_build.module_headers():
        for match in re.finditer(r"^(.*)\n\s*(?:TObjectPtr|TArray<TObjectPtr)<", text_of(header), flags=re.MULTILINE):
            assert "UPROPERTY(" in match.group(1), text_of(header)[match.start() : match.end()]


@pytest.mark.parametrize("path", MODULE_SOURCES, ids=lambda path: path.name)
def test_nothing_that_unreal_builds_without(path: Path) -> None:
    code = code_of(path)
    for word in ("throw", "try", "dynamic_cast", "typeid", "std::cout", "printf("):
        assert not re.search(rf"\b{re.escape(word)}", code.replace("std::snprintf(", "")), f"{path.name}: {word}"


@pytest.mark.parametrize("path", MODULE_SOURCES, ids=lambda path: path.name)
def test_includes_are_there(path: Path) -> None:
    engine = {name for names in unreal_build.ENGINE_HEADERS.values() for name in names}
    places = [unreal_build.MODULE / "Public", unreal_build.MODULE / "Private", unreal_build.CORE / "Public"]
    for name in re.findall(r'^#include "([^"]+)"', text_of(path), flags=re.MULTILINE):
        own = any((place / name).is_file() for place in places)
        assert own or name in engine or name == f"{path.stem}.generated.h", name


def all_includes(path: Path) -> set[str]:
    """What a source includes, directly and through the module's own headers."""
    names, waiting = set(), [path]
    while waiting:
        for name in includes_of(waiting.pop()):
            own = [place / name for place in (unreal_build.MODULE / "Public", unreal_build.MODULE / "Private")]
            waiting += [one for one in own if one.is_file() and name not in names]
            names.add(name)
    return names


@pytest.mark.parametrize("path", [path for path in MODULE_SOURCES if path.suffix == ".cpp"], ids=lambda path: path.name)
def test_each_source_includes_what_it_uses(path: Path) -> None:
    used = {header for pattern, header in DEFINED_IN.items() if re.search(pattern, code_of(path))}
    assert used <= all_includes(path)


def test_the_table_of_headers_matches_sources() -> None:
    code = "\n".join(code_of(path) for path in MODULE_SOURCES)
    assert [pattern for pattern in DEFINED_IN if not re.search(pattern, code)] == []


def test_the_core_is_included_in_one_way() -> None:
    """Unreal's macros of ordinary names would break its headers."""
    direct = [path.name for path in MODULE_SOURCES if any(name.startswith("StereoSync/") for name in includes_of(path))]
    assert direct == ["CoreClient.h"]


def test_no_binary_file() -> None:
    for path in sorted(PLUGIN.rglob("*")):
        if path.is_file():
            assert "\0" not in path.read_text(encoding="utf-8")
