"""The codec's section, minutes of one stream, still scenes, bars and the page."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stereosync.scene import Float32Array, SceneFrame
from stereosync.stereo import pan_gains
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.foreign.cameras import kind_of
from stereosync_training.evaluate.bars import verdicts
from stereosync_training.evaluate.codec import codec_report
from stereosync_training.evaluate.long import drift_report, median_levels, silence_report
from stereosync_training.evaluate.page import write_page
from stereosync_training.evaluate.reference import onset_chance
from stereosync_training.evaluate.run import Rendered, add_controls
from stereosync_training.evaluate.sets import SETS, still_walk, walks_of_set
from stereosync_training.evaluate.walks import WARM_UP_S
from stereosync_training.measures.timbre import BANDS
from stereosync_training.sounds import SoundLibrary, mix_walk, random_truth
from stereosync_training.sounds.recording import make_recording

RATE_HZ = 48_000


@pytest.fixture(scope="module")
def library() -> SoundLibrary:
    burst = np.random.default_rng(0).standard_normal(9600) * np.exp(-np.arange(9600) / 960)
    step = make_recording("made up", "none", (0.5 * burst).astype(np.float32))
    return SoundLibrary("test", dict.fromkeys(GROUNDS, (step,)), {}, frozenset())


def noise(azimuth_rad: float, seed: int = 0, loud: float = 0.1) -> Float32Array:
    sound = np.random.default_rng(seed).standard_normal((RATE_HZ, 1)) * loud * pan_gains(azimuth_rad)
    return sound.astype(np.float32)


def test_a_perfect_codec_differs_by_nothing() -> None:
    true = [noise(-0.3), noise(0.4)]
    found = codec_report(true, true, true)
    assert (found["log_mel_l1"], found["ild_mae_db"], found["log_mel_l1_of_two_draws"]) == (0, 0, 0)
    assert found["ild_corr"] == pytest.approx(1)
    assert found["loud_windows"] == 24


def test_a_codec_that_is_softer_and_narrower_is_told_by_how_much() -> None:
    true, made = [noise(-0.3), noise(0.4)], [noise(-0.15), noise(0.2)]
    found = codec_report(true, made, [noise(-0.15, seed=1), noise(0.2, seed=1)])
    assert found["ild_mae_db"] == pytest.approx(2.55, abs=0.5)
    assert found["log_mel_l1_of_two_draws"] > 0.1
    halved = codec_report(true, [0.5 * sound for sound in true], true)
    assert halved["log_mel_l1"] == pytest.approx(math.log(2), abs=0.01)
    assert set(halved["log_mel_l1_by_channel"]) == {"left", "right", "mid", "side"}


def test_silence_is_no_loud_window() -> None:
    quiet = [noise(0.0, loud=1e-4)]
    found = codec_report(quiet, quiet, quiet)
    assert found["loud_windows"] == 0
    assert "ild_mae_db" not in found


def rising(frames: Iterable[SceneFrame], duration_s: float, seed: int) -> Float32Array:
    """Noise that gets 6 dB louder a minute; it asks for no frame."""
    assert iter(frames) is frames
    time_s = np.arange(round(duration_s * RATE_HZ), dtype=np.float32) / RATE_HZ
    sound = 0.01 * np.random.default_rng(seed).standard_normal(len(time_s), dtype=np.float32) * 2 ** (time_s / 60)
    return np.stack([sound, sound], axis=1)


def test_minutes_of_one_stream_are_told_beside_the_truths(library: SoundLibrary) -> None:
    found = drift_report(rising, 2, library, seed=0)
    assert found["rows"]["model"]["drift_db"] == pytest.approx(6.02, abs=0.1)
    assert len(found["rows"]["truth"]["minutes_dbfs"]) == 2
    assert abs(found["rows"]["truth"]["drift_db"]) < 5
    assert found["rows"]["model"]["over_full_scale"] == 0


def test_nothing_is_true_where_nobody_moves(library: SoundLibrary) -> None:
    levels = silence_report(rising, 2, library, seed=0)
    assert levels["truth"] == [-120.0, -120.0]
    assert median_levels(levels)["model"] == pytest.approx(-40, abs=0.5)
    truth, _ = still_walk(0)
    assert (truth.contacts, truth.place) == ((), "")


@pytest.mark.usefixtures("graphics")
def test_a_still_scene_shows_somebody_from_before_its_beginning_on() -> None:
    _, frames = still_walk(0, duration_s=0.5)
    first, *_, last = frames
    assert first.boxes
    assert (first.capture_time_s, last.capture_time_s) == pytest.approx((-WARM_UP_S, 0.5 - 1 / 30))


def test_sets_are_known_by_name(tmp_path: Path) -> None:
    assert {"test", "valid", "test-varied", "test-floors", "test-shift", "test-foreign", "test-close"} <= set(SETS)
    assert len(walks_of_set("test", 3, tmp_path)) == 3
    seeds = [chosen.first_seed for chosen in SETS.values()]
    assert min(seeds) >= 800_000


def test_the_close_walks_are_those_of_the_foreign_set_from_close_behind() -> None:
    close, foreign = SETS["test-close"], SETS["test-foreign"]
    assert close.source == foreign.source
    seeds = range(close.first_seed, close.first_seed + 4 * close.step, close.step)
    assert {kind_of(seed) for seed in seeds} == {"close"}
    assert kind_of(foreign.first_seed) != kind_of(foreign.first_seed + foreign.step)


def test_chance_of_onsets_is_far_below_truth(library: SoundLibrary) -> None:
    truths = [random_truth(seed, 3.0) for seed in range(4)]
    assert onset_chance([mix_walk(truth, library, 0) for truth in truths], truths) < 0.5


def test_walks_are_also_told_in_the_training_recordings(library: SoundLibrary) -> None:
    truths = [random_truth(seed, 3.0) for seed in range(2)]
    nothing = SoundLibrary("train", {}, {}, frozenset())
    for trained, there in ((None, False), (nothing, False), (library, True)):
        out = Rendered(truths=truths)
        out.rows["truth"] = out.rows["model"] = [mix_walk(truth, library, 0) for truth in truths]
        add_controls(out, None, trained)
        assert ("training_recordings" in out.rows) is there
        assert ("training_recordings" in out.absent) is not there
        if there:
            assert np.array_equal(out.rows["training_recordings"][1], mix_walk(truths[1], library, truths[1].seed))


def report(**rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "bundle": "b", "set": "s", "boxes": "tight", "lead_ms": 100.0, "rows": rows, "reference": {"grounds": ["snow"]},
        "intervals": {row: {} for row in rows}, "missing": {"model": {"fd": "no <embedding>"}}, "surfaces": {},
    }  # fmt: skip


def test_bars_are_judged_and_what_is_not_measured_is_not_passed() -> None:
    judged = {one.bar.name: one for one in verdicts(report(model={"ild_mae_db": 1.5, "fd": 3.0}, codec={"fd": 2.0}))}
    assert judged["level difference, mean error, dB"].passed
    assert not judged["level difference, mean error, dB"].reached_goal
    assert judged["FD over the codec's"].value == 1.5
    absent = judged["BiasSkill, %"]
    assert math.isnan(absent.value)
    assert not absent.passed
    assert "onset F1 at a lead up to 100 ms" in judged


def test_timbre_has_a_bar_of_its_own_where_the_ground_is_told() -> None:
    row = {"band_error_db": 3.0, "rise_ms": 2.9}
    judged = {one.bar.name: one for one in verdicts(report(model=row, told=row))}
    assert judged["level by band, mean error, dB"].passed
    assert not judged["all told: level by band, mean error, dB"].passed
    assert judged["rise of a step, ms"].passed
    assert judged["all told: rise of a step, ms"].passed


@pytest.mark.parametrize(("change", "bar"), [({"lead_ms": 0.0}, 0.8), ({"boxes": "loose"}, 0.7)])
def test_what_onsets_must_reach_depends_on_lead_and_boxes(change: dict[str, Any], bar: float) -> None:
    assert verdicts(report(model={}) | change)[0].bar.bar == bar


def test_the_page_is_one_file_with_its_pictures(tmp_path: Path, library: SoundLibrary) -> None:
    truths = [random_truth(seed, 2.0) for seed in range(2)]
    sounds = [mix_walk(truth, library, 0) for truth in truths]
    row = {"onset_f1": 0.5, "fd_embedding": "yamnet"}
    told = report(model=row, truth=row) | {"surfaces": {"model": [[3]], "truth": [[3]]}}
    told["timbre"] = {"model": {"snow": {"contacts": 2, BANDS[4]: 10.7, "band_error_db": 3.3}}}
    told["kinds"] = {"gait": {"run": {"contacts": 7, "rows": {"model": {"onset_f1": 0.25, "onset_f1_100_ms": 0.75}}}}}
    told["agreement"] = {"rest": {"onset_f1": 0.875, "onset_f1_100_ms": 1.0, "rows": {"model": {"onset_f1": 0.5}}}}
    told["drift"] = {"minutes": 2, "rows": {name: {"minutes_dbfs": [-30.0, -31.0]} for name in ("model", "truth")}}
    write_page(tmp_path / "report.html", told, {"truth": sounds, "model": sounds}, truths, "under <this>")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("data:image/png;base64,") == 5
    assert "no &lt;embedding&gt;" in page
    assert "under &lt;this&gt;" in page
    assert "missed" in page
    assert "<td>snow</td><td>2</td>" in page
    assert "<td>gait run</td><td>7</td><td>0.25 / 0.75</td>" in page
    assert "<td>rest</td><td>0.875 / 1</td><td>0.5 / -</td>" in page
    assert "<td>10.7</td><td>3.3</td><td>-</td>" in page
    assert "://" not in page
