"""The bundle: opened or not, and what it says of itself."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from judging import Judge

from stereosync.bundle import BundleError, GraphForm, WeightsFile
from stereosync_runtime.bundles import open_bundle
from stereosync_tools.doctor.bundle import check_bundle, check_licences, check_parity, files_of, look_at_bundle

FIGURES = {"backbone": {"cpu fp32": {"relative": 1e-6, "limit": 1e-3}, "cuda fp16": {"relative": 4e-3, "limit": 1e-2}}}


def test_a_bundle_is_told_with_its_size_and_forms(judge: Judge, toy_folder: Path) -> None:
    findings, bundle = check_bundle(lambda: open_bundle(str(toy_folder)))
    assert bundle is not None
    rows = {one.topic: one for one in findings}
    judge(rows["bundle"], "ok", "toy 0, 4 files, 0.0 MiB, all hashes hold")
    judge(rows["graph backbone"], "ok", "fp32 opset 20")
    judge(rows["parity"], "warn", "does not say", "stereosync-export")
    judge(rows["licences"], "warn", "names none", "stereosync-export")


def test_variants_and_weights_are_told_and_counted(toy_folder: Path) -> None:
    bundle = open_bundle(str(toy_folder))
    half = GraphForm("half.onnx", "", "fp16", 20, ("cuda", "rtx"), pooled=True)
    graphs = bundle.graphs | {"decoder": replace(bundle.graphs["decoder"], variants=(half,))}
    more = replace(bundle, graphs=graphs, weights=WeightsFile("weights.bin", ""), folder=toy_folder)
    assert files_of(more) == files_of(bundle) | {"half.onnx", "weights.bin"}


def test_a_form_is_told_with_its_devices(toy_folder: Path) -> None:
    bundle = open_bundle(str(toy_folder))
    decoder = bundle.graphs["decoder"]
    half = GraphForm(decoder.file, "", "fp16", 23, ("cuda", "rtx"))
    changed = replace(bundle, graphs=bundle.graphs | {"decoder": replace(decoder, variants=(half,))})
    rows = {one.topic: one.text for one in check_bundle(lambda: changed)[0]}
    assert rows["graph decoder"] == "fp32 opset 20; fp16 opset 23 for cuda, rtx"


def test_a_bundle_that_does_not_open_keeps_the_service_from_starting(judge: Judge) -> None:
    def broken() -> Any:
        raise BundleError("decoder.onnx has the hash 12...: copy the whole folder again")

    findings, bundle = check_bundle(broken)
    assert bundle is None
    judge(findings[0], "fail", "decoder.onnx has the hash", "pip install --force-reinstall stereosync")
    judge(look_at_bundle("nothing-of-that-name")[0][0], "fail", "there is no bundle", "stereosync-export")


@pytest.mark.parametrize(
    ("parity", "verdict", "cause"),
    [
        ({"graphs": FIGURES}, "ok", "2 figures within limits; nearest backbone as cuda fp16: 4.0e-03 of 1e-02"),
        ({"graphs": {"decoder": 1e-6}, "limit": 1e-4}, "ok", "1 figures within limits; nearest decoder: 1.0e-06"),
        ({"graphs": {"decoder": 1e-3}, "limit": 1e-4}, "warn", "past its limits: decoder 1.0e-03 of 1e-04"),
        ({"graphs": {"decoder": float("nan")}, "limit": 1e-4}, "warn", "past its limits: decoder nan"),
        ({}, "warn", "does not say"),
    ],
)
def test_parity_is_held_against_its_limits(judge: Judge, parity: dict[str, Any], verdict: str, cause: str) -> None:
    judge(check_parity(parity), verdict, cause)


def test_licences_are_listed_once(judge: Judge) -> None:
    entries = ({"licence": "CC0-1.0"}, {"licence": "CC-BY-3.0"}, {"licence": "CC0-1.0"}, {"author": "?"})
    judge(check_licences(entries), "ok", "4 entries: CC-BY-3.0, CC0-1.0, unnamed")
