"""TensorRT's rows: built or not, run or not, and how far it strays, by runners that stand for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
import pytest
from judging import Judge
from toy_graphs import Array, Toy

from stereosync.bundle import Bundle
from stereosync_runners.fake import FakeRunner
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import RunnerError
from stereosync_tools.doctor import tensorrt_build
from stereosync_tools.doctor.finding import Finding
from stereosync_tools.doctor.replay import Run, Strayed, record, replay
from stereosync_tools.doctor.tensorrt import BuiltGraph, TensorRTAccess, check_installed, check_tensorrt
from stereosync_tools.doctor.tensorrt_build import build_ahead, installed_devices, look_at_tensorrt

Say = Callable[[str], None]
Ahead = Callable[[Bundle, str, Say], Sequence[BuiltGraph]]


class Look(Protocol):
    """The fixture `look`."""

    def __call__(self, has_gpu: bool = True, error: str = "", ahead: Ahead | None = None) -> list[Finding]: ...


def silent(_text: str) -> None:
    """Says nothing."""


@pytest.fixture
def others(toy: Toy) -> dict[str, FakeRunner]:
    """Engines that stand for those on a card: the same functions."""
    return {name: type(runner)(runner.function, runner.spec, toy.clock.wait) for name, runner in toy.runners.items()}


@pytest.fixture
def look(toy: Toy, others: dict[str, FakeRunner]) -> Look:
    """The rows of a device."""

    def rows(has_gpu: bool = True, error: str = "", ahead: Ahead | None = None) -> list[Finding]:
        def runners(bundle: Bundle, device: str, say: Say) -> dict[str, FakeRunner]:
            assert (bundle, device) == (toy.bundle, "rtx")
            say("building")
            if error:
                raise RunnerError(error)
            return others

        said: list[str] = []
        runs = record(toy.bundle, toy.runners, toy.clock)
        found = check_tensorrt(toy.bundle, "rtx", TensorRTAccess(runners, ahead), runs, has_gpu, toy.clock, said.append)
        assert said[0] == "building"
        return found

    return rows


def test_a_recorded_second_has_every_run(toy: Toy) -> None:
    runs = record(toy.bundle, toy.runners, toy.clock)
    assert {name: len(some) for name, some in runs.items()} == {
        "cue_encoder": len(runs["cue_encoder"]), "backbone": 50, "flow_head": 100, "decoder": 50,
    }  # fmt: skip
    assert len(runs["cue_encoder"]) > 10
    assert set(runs["backbone"][0].inputs) == {"age_s", "tokens"}  # what is no state


def test_a_replay_on_states_of_its_own_gives_the_same_and_is_timed(toy: Toy, others: dict[str, FakeRunner]) -> None:
    runs = record(toy.bundle, toy.runners, toy.clock)
    others["backbone"].cost_s = 0.004
    strayed = replay(others["backbone"], runs["backbone"], stateful=True, clock=toy.clock)
    assert strayed.largest == 0
    assert strayed.p50_ms == pytest.approx(4.0)


def test_the_worst_output_counts_and_what_is_no_number_is_the_worst(toy: Toy) -> None:
    good = {name: np.ones((1, 2), np.float32) for name in "abc"}
    runs = [Run({"x": good["a"]}, good)] * 4

    def strayed(**changed: float) -> Strayed:
        made = {name: array * np.float32(changed.get(name, 1.0)) for name, array in good.items()}
        return replay(Answering(made), runs, stateful=False, clock=toy.clock)

    assert strayed(b=1.5).relative == pytest.approx(0.5)
    assert np.isnan(strayed(b=np.nan).relative)


class Answering:
    """A runner that always answers the same."""

    def __init__(self, made: dict[str, Array]) -> None:
        self.made = made

    def run(self, _inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        assert states == []
        return self.made, []


def test_every_graph_that_agrees_is_ok_with_its_figures(judge: Judge, look: Look) -> None:
    rows = look()
    assert [one.topic for one in rows] == ["rtx cue_encoder", "rtx backbone", "rtx flow_head", "rtx decoder"]
    judge(rows[1], "ok", "fp32, 50 runs: largest difference 0.0e+00, relative 0.0e+00 of 1e-03 allowed, p50 0.00 ms")


@pytest.mark.parametrize("spoiled", [0.9, np.nan])
def test_a_graph_that_strays_fails_and_is_to_be_reported(
    judge: Judge, look: Look, others: dict[str, FakeRunner], spoiled: float
) -> None:
    others["backbone"].spoil = lambda out: {name: array * np.float32(spoiled) for name, array in out.items()}
    rows = {one.topic: one for one in look()}
    judge(rows["rtx backbone"], "fail", "it strays too far", "report it")
    assert rows["rtx decoder"].verdict == "ok"


def test_a_graph_that_does_not_run_fails(judge: Judge, look: Look, others: dict[str, FakeRunner]) -> None:
    def refuse(_out: dict[str, Array]) -> dict[str, Array]:
        raise RunnerError("the card fails")

    others["decoder"].spoil = refuse
    judge(look()[3], "fail", "built, and does not run: the card fails", "--device cuda")


def test_a_card_that_is_refused_fails_with_the_reason(judge: Judge, look: Look) -> None:
    (found,) = look(error="tensorrt_rtx does not serve compute capability 9.0")
    judge(found, "fail", "compute capability 9.0", "report it")


def test_without_a_card_it_says_what_was_done_and_what_not(judge: Judge, look: Look) -> None:
    built, run = look(False, "no driver", lambda _bundle, _device, _say: [BuiltGraph("decoder", 1.5, 3 << 20)])
    judge(built, "ok", "built: yes, for cards that are not here: decoder 1.5 s 3.0 MiB")
    judge(run, "fail", "run: no, there is no NVIDIA GPU here (no driver)", "on a machine with an NVIDIA GPU")


def test_without_a_card_a_build_may_fail_or_be_impossible(judge: Judge, look: Look) -> None:
    def fails(_bundle: Bundle, _device: str, _say: Say) -> list[BuiltGraph]:
        raise RunnerError("operator Odd is not known")

    built, run = look(False, "no driver", fails)
    judge(built, "fail", "built: no (operator Odd is not known)", "report it")
    assert run.verdict == "fail"
    judge(look(False, "no driver", None)[0], "fail", "built: no, this library builds only where its card is", "run")


def test_without_either_library_it_says_what_installs_them(judge: Judge) -> None:
    assert check_installed(("rtx",)) == []
    judge(check_installed(())[0], "fail", "neither", 'pip install "stereosync[tensorrt]" or pip install "stereosync[rt')


def test_a_bundle_without_forms_for_cards_is_not_built(toy: Toy) -> None:
    assert set(installed_devices()) <= {"tensorrt", "rtx"}
    with pytest.raises(RunnerError, match="has no form of graph"):
        build_ahead(toy.bundle, "rtx", silent)


def test_a_card_is_compared_with_the_processor_in_full_precision(
    toy: Toy, others: dict[str, FakeRunner], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RunnerRequest] = []

    def load(_bundle: Bundle, request: RunnerRequest, _say: Say) -> dict[str, FakeRunner]:
        asked.append(request)
        return toy.runners

    monkeypatch.setattr(tensorrt_build, "load_runners", load)
    monkeypatch.setattr(tensorrt_build, "installed_devices", lambda: ("rtx", "tensorrt"))
    monkeypatch.setattr(tensorrt_build, "tensorrt_runners", lambda *_: others)
    rows = look_at_tensorrt(toy.bundle, True, silent)
    assert asked == [RunnerRequest("cpu", precision="fp32")]
    assert [one.topic.split()[0] for one in rows] == ["rtx"] * 4 + ["tensorrt"] * 4
    assert {one.verdict for one in rows} == {"ok"}
