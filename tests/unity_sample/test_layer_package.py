"""The Unity package as Unity would take it: its manifest, assemblies, meta files, scene and shader."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import programs
import pytest

PACKAGE = programs.UNITY_PACKAGE
STUBS = Path(__file__).parent / "stubs"
ASSEMBLIES = {path.stem: path for path in PACKAGE.rglob("*.asmdef")}
ORDER = (
    "StereoSync.Bridge.Core",
    "StereoSync.Bridge.Unity",
    "StereoSync.Bridge.Editor",
    "StereoSync.Bridge.NetMQ",
    "StereoSync.Samples.Walk",
)


def definition(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(ASSEMBLIES[name].read_text())
    return read


@pytest.fixture(scope="module")
def make_meta() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_meta", PACKAGE.parent / "make_meta.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Assemblies


def compile_library(target: Path, sources: list[Path], references: list[Path], defines: list[str]) -> Path:
    """Warnings are errors: what a user would see in the console is seen here."""
    compiler = programs.require_tool("mcs", "mono-mcs")
    options = ["-target:library", "-langversion:7", "-warnaserror", "-r:System.dll", "-r:System.Core.dll"]
    options += [f"-define:{word}" for word in defines] + [f"-r:{path}" for path in references]
    programs.build([compiler, *options, f"-out:{target}", *map(str, sources)])
    return target


def sources_of(name: str) -> list[Path]:
    """The sources below an assembly definition, without those of another one further below."""
    folder = ASSEMBLIES[name].parent
    others = [path.parent for path in ASSEMBLIES.values() if path.parent != folder and folder in path.parents]
    return [path for path in sorted(folder.rglob("*.cs")) if not any(other in path.parents for other in others)]


UNITY_6 = ["UNITY_2022_2_OR_NEWER", "UNITY_6000_0_OR_NEWER"]  # classes and methods that have another name there


@pytest.mark.parametrize(
    "defines",
    [
        ["UNITY_EDITOR"],
        [],
        ["UNITY_EDITOR", *UNITY_6],
        ["UNITY_EDITOR", "STEREOSYNC_NETMQ"],
        ["STEREOSYNC_NETMQ"],
    ],
)
def test_each_assembly_compiles_with_what_its_definition_refers_to(tmp_path: Path, defines: list[str]) -> None:
    engine = compile_library(tmp_path / "UnityEngine.dll", sorted(STUBS.glob("*.cs")), [], defines)
    built: dict[str, Path] = {}
    for name in ORDER:
        read = definition(name)
        left_out = not set(read["defineConstraints"]) <= set(defines)
        if left_out or ("Editor" in read["includePlatforms"] and "UNITY_EDITOR" not in defines):
            continue
        references = [] if read["noEngineReferences"] else [engine]
        references += [built[other] for other in read["references"]]
        built[name] = compile_library(tmp_path / f"{name}.dll", sources_of(name), references, defines)
    assert len(built) == 3 + ("UNITY_EDITOR" in defines) + ("STEREOSYNC_NETMQ" in defines)


def test_assembly_definitions_agree_with_their_files() -> None:
    assert set(ASSEMBLIES) == set(ORDER)
    for name, path in ASSEMBLIES.items():
        read = definition(name)
        assert read["name"] == name == path.stem
        assert set(read["references"]) <= set(ORDER)
        assert not (read["includePlatforms"] and read["excludePlatforms"])
    assert definition("StereoSync.Bridge.Core")["noEngineReferences"]
    assert definition("StereoSync.Bridge.Editor")["includePlatforms"] == ["Editor"]
    assert definition("StereoSync.Bridge.NetMQ")["defineConstraints"] == ["STEREOSYNC_NETMQ"]


def test_every_script_belongs_to_an_assembly() -> None:
    covered = {path for name in ORDER for path in sources_of(name)}
    assert covered == set(PACKAGE.rglob("*.cs"))


def test_a_component_lies_in_a_file_of_its_name() -> None:
    found = 0
    for path in PACKAGE.rglob("*.cs"):
        for component in re.findall(r"class (\w+) : (?:MonoBehaviour|ScriptableObject)", path.read_text()):
            found += 1
            assert component == path.stem, "Unity finds a component by its file's name"
    assert found >= 5


def test_friends_of_the_layer_exist() -> None:
    text = (PACKAGE / "Runtime/Unity/AssemblyInfo.cs").read_text()
    friends = re.findall(r'InternalsVisibleTo\("([^"]+)"\)', text)
    assert friends
    assert set(friends) <= set(ORDER)


# Manifest


def test_manifest_has_what_the_package_manager_needs() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text())
    assert manifest["name"] == PACKAGE.name == "com.stereosync.bridge"
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["unity"] == "2021.3"
    assert all(name.startswith("com.unity.modules.") for name in manifest["dependencies"]), "nothing to download"
    for sample in manifest["samples"]:
        assert sample["displayName"]
        assert sample["description"]
        assert (PACKAGE / sample["path"]).is_dir()
    assert f"[{manifest['version']}]" in (PACKAGE / "CHANGELOG.md").read_text()
    options = (PACKAGE / "Runtime/Core/Client/ClientOptions.cs").read_text()
    assert f'Package = "{manifest["version"]}"' in options


def test_link_file_names_assemblies_that_exist() -> None:
    named = re.findall(r'assembly fullname="([^"]+)"', (PACKAGE / "link.xml").read_text())
    assert set(named) - {"AsyncIO", "NetMQ"} <= set(ORDER)
    assert named


def test_pages_say_what_was_never_run() -> None:
    words = "never run inside Unity; it is compiled against hand-made stubs"
    pages = [PACKAGE / "README.md", PACKAGE / "Documentation~/index.md", PACKAGE.parent / "README.md"]
    for page in [*pages, programs.ROOT / "docs/clients/unity.md"]:
        assert words in " ".join(page.read_text().split()), page


# Meta files, scene, shader


def test_meta_files_are_there_and_right(make_meta: ModuleType) -> None:
    assert make_meta.wrong() == [], "run python unity_sample/make_meta.py"


def test_a_missing_or_stray_meta_file_is_noticed(
    make_meta: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "com.example"
    (package / "Runtime").mkdir(parents=True)
    (package / "Runtime" / "A.cs").write_text("class A { }")
    (package / "Gone.cs.meta").write_text("guid: 0")
    monkeypatch.setattr(make_meta, "PACKAGE", package)
    names = {path.name for path in make_meta.wrong()}
    assert names == {"Gone.cs.meta", "Runtime.meta", "A.cs.meta"}
    make_meta.write()
    assert make_meta.wrong() == []
    assert "MonoImporter" in (package / "Runtime" / "A.cs.meta").read_text()


def guids() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in PACKAGE.rglob("*.meta"):
        match = re.search(r"^guid: ([0-9a-f]{32})$", path.read_text(), re.MULTILINE)
        assert match is not None, path
        assert match[1] not in found, f"{path} and {found.get(match[1])} have one GUID"
        found[match[1]] = path
    return found


def test_guids_are_unique_and_the_scene_refers_to_a_script_of_the_sample() -> None:
    known = guids()
    scene = (PACKAGE / "Samples~/Walk/Walk.unity").read_text()
    referred = re.findall(r"m_Script: {fileID: 11500000, guid: ([0-9a-f]{32}), type: 3}", scene)
    assert [known[guid].name for guid in referred] == ["WalkSample.cs.meta"]


def test_scene_is_whole() -> None:
    scene = (PACKAGE / "Samples~/Walk/Walk.unity").read_text()
    assert scene.startswith("%YAML 1.1\n%TAG !u! tag:unity3d.com,2011:\n")
    objects = set(re.findall(r"^--- !u!\d+ &(\d+)$", scene, re.MULTILINE))
    referred = set(re.findall(r"{fileID: (\d+)}", scene)) - {"0"}
    assert referred <= objects
    script = (PACKAGE / "Samples~/Walk/WalkSample.cs").read_text()
    assert re.findall(r"\[SerializeField\] string (\w+)", script) == ["serviceAddress"]
    assert "  serviceAddress: tcp://127.0.0.1:5750\n" in scene


def test_shader_turns_both_kinds_of_depth_into_metres() -> None:
    text = (PACKAGE / "Shaders/Resources/StereoSyncLinearDepth.shader").read_text()
    formulas = re.findall(r"float metres = ([^;]+);", text)
    assert re.findall(r"#if defined\((\w+)\)\n +bool sky = stored (.. [\d.]+);", text) == [
        ("UNITY_REVERSED_Z", "<= 0.0")
    ]
    near, far = 0.3, 1000.0
    metres = np.array([0.3, 1.0, 7.5, 400.0])
    backwards = (near * far / metres - near) / (far - near)
    standard = (far - near * far / metres) / (far - near)
    for stored, formula in zip((backwards, standard), formulas, strict=True):
        found = eval(formula, {}, {"nearM": near, "farM": far, "stored": stored})
        assert np.allclose(found, metres, rtol=1e-6)
    assert text.count("{") == text.count("}")


def test_layer_finds_its_shader_and_parameters_by_name() -> None:
    camera = (PACKAGE / "Runtime/Unity/CaptureCamera.cs").read_text()
    name = re.findall(r'ShaderName = "(\w+)"', camera)[0]
    shader = PACKAGE / f"Shaders/Resources/{name}.shader"
    planes = re.findall(r'PlanesName = "(\w+)"', camera)[0]
    assert f"float4 {planes};" in shader.read_text()
    assert shader.read_text().count("Pass\n") == 2
