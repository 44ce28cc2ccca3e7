"""The bundle: whole, licensed, as true to PyTorch as it was allowed to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stereosync.bundle import Bundle, BundleError
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_tools.doctor.finding import Finding

AGAIN = "export it again with stereosync-export, or take the packaged one: pip install --force-reinstall stereosync"
MIB = 1 << 20


def check_bundle(opened: Callable[[], Bundle]) -> tuple[list[Finding], Bundle | None]:
    """Rows and the bundle. `opened` reads it and compares all hashes.

    Whatever a bundle lacks besides its graphs is no hindrance for a service.
    """
    try:
        bundle = opened()
    except BundleError as error:
        return [Finding("bundle", "fail", str(error), AGAIN)], None
    return [
        _check_whole(bundle),
        *(_check_graph(bundle, name) for name in bundle.graphs),
        check_parity(bundle.parity),
        check_licences(bundle.licences),
    ], bundle


def files_of(bundle: Bundle) -> set[str]:
    """The files that the manifest names."""
    graphs = {spec.file for spec in bundle.graphs.values()}
    forms = {form.file for spec in bundle.graphs.values() for form in spec.variants}
    return graphs | forms | ({bundle.weights.file} if bundle.weights else set())


def _check_whole(bundle: Bundle) -> Finding:
    files = files_of(bundle)
    size_mib = sum((bundle.folder / file).stat().st_size for file in files) / MIB
    text = f"{bundle.name} {bundle.version}, {len(files)} files, {size_mib:.1f} MiB, all hashes hold; {bundle.folder}"
    return Finding("bundle", "ok", text)


def _check_graph(bundle: Bundle, name: str) -> Finding:
    spec = bundle.graphs[name]
    forms = [f"{form.precision} opset {form.opset} for {', '.join(form.devices)}" for form in spec.variants]
    return Finding(f"graph {name}", "ok", "; ".join([f"{spec.precision} opset {spec.opset}", *forms]))


def check_parity(parity: Mapping[str, Any]) -> Finding:
    """The errors against PyTorch, measured when the bundle was made, beside their limits."""
    figures = list(_figures(parity))
    if not figures:
        return Finding("parity", "warn", "the bundle does not say how true it is to PyTorch", AGAIN)
    past = [f"{what} {error:.1e} of {limit:.0e}" for what, error, limit in figures if not error <= limit]
    if past:
        return Finding("parity", "warn", f"past its limits: {', '.join(past)}", AGAIN)
    what, error, limit = max(figures, key=lambda figure: figure[1] / figure[2])
    return Finding("parity", "ok", f"{len(figures)} figures within limits; nearest {what}: {error:.1e} of {limit:.0e}")


def _figures(parity: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Name, relative error and limit of each figure; schema 1.0 has one figure a graph and one limit for all."""
    for name, found in parity.get("graphs", {}).items():
        if isinstance(found, Mapping):
            for candidate, figure in found.items():
                yield f"{name} as {candidate}", float(figure["relative"]), float(figure["limit"])
        else:
            yield name, float(found), float(parity["limit"])


def check_licences(licences: tuple[Mapping[str, str], ...]) -> Finding:
    """The licences of the sounds that the bundle learned from."""
    if not licences:
        return Finding("licences", "warn", "the bundle names none, so it should not be passed on", AGAIN)
    kinds = sorted({entry.get("licence", "unnamed") for entry in licences})
    return Finding("licences", "ok", f"{len(licences)} entries: {', '.join(kinds)}")


def look_at_bundle(name_or_path: str | None) -> tuple[list[Finding], Bundle | None]:
    """The bundle that a service would open."""
    return check_bundle(lambda: open_bundle(name_or_path or DEFAULT_BUNDLE))
