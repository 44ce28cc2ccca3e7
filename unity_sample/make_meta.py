"""Write Unity's .meta file beside each file and folder of the package; `--check` only says what is missing or wrong.

A GUID is the MD5 hash of the path within the package, so that it stays and a scene can refer to it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent / "com.stereosync.bridge"
TAIL = "  externalObjects: {}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
SCRIPT = (
    "  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n"
    "  icon: {instanceID: 0}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
)
SHADER = (
    "  externalObjects: {}\n  defaultTextures: []\n  nonModifiableTextures: []\n  preprocessorOverride: 0\n"
    "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
)
IMPORTERS = {
    ".cs": ("MonoImporter", SCRIPT),
    ".shader": ("ShaderImporter", SHADER),
    ".asmdef": ("AssemblyDefinitionImporter", TAIL),
    ".md": ("TextScriptImporter", TAIL),
    ".xml": ("TextScriptImporter", TAIL),
    ".unity": ("DefaultImporter", TAIL),
}


def guid(path: Path) -> str:
    """The GUID of a file or folder of the package, 32 hexadecimal digits."""
    name = f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}"
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def assets() -> Iterator[Path]:
    """What Unity imports: all but folders whose name ends in ~; samples are imported once they are copied."""
    for path in sorted(PACKAGE.rglob("*")):
        within = path.relative_to(PACKAGE)
        hidden = any(part.startswith(".") for part in within.parts) or within.parts[0] == "Documentation~"
        if not hidden and within.parts != ("Samples~",) and path.suffix != ".meta":
            yield path


def meta(path: Path) -> str:
    """The text of the .meta file of a file or folder."""
    head = f"fileFormatVersion: 2\nguid: {guid(path)}\n"
    if path.is_dir():
        return f"{head}folderAsset: yes\nDefaultImporter:\n{TAIL}"
    if path.name == "package.json":
        return f"{head}PackageManifestImporter:\n{TAIL}"
    importer, body = IMPORTERS[path.suffix]
    return f"{head}{importer}:\n{body}"


def meta_path(path: Path) -> Path:
    """Where the .meta file of a file or folder lies."""
    return path.with_name(f"{path.name}.meta")


def wrong() -> list[Path]:
    """Meta files that are missing, of no asset, or not as this script writes them."""
    wanted = {meta_path(path): meta(path) for path in assets()}
    found = {path for path in PACKAGE.rglob("*.meta") if "Documentation~" not in path.parts}
    different = [path for path, text in wanted.items() if not path.is_file() or path.read_text() != text]
    return sorted({*different, *(found - wanted.keys())})


def write() -> None:
    """Make all meta files right."""
    wanted = {meta_path(path): meta(path) for path in assets()}
    for path in wrong():
        if path in wanted:
            path.write_bytes(wanted[path].encode())
        else:
            path.unlink()


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if something is wrong")
    if not parser.parse_args().check:
        write()
    for path in wrong():
        print(f"{path.relative_to(PACKAGE)}: run python unity_sample/make_meta.py", file=sys.stderr)
    return 1 if wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
