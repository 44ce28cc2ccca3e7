"""The report, the walks it is made on, the rows beside the model, and the command."""

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stereosync.errors import UserError
from stereosync.scene import Box, Camera, Float32Array, SceneFrame
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate.cli import main, open_model, parser
from stereosync_training.evaluate.evidence import Judges
from stereosync_training.evaluate.figures import Conditions, evaluate, replace_figure
from stereosync_training.evaluate.keys import KEYS, ROWS
from stereosync_training.evaluate.rows import SEEDS_APART, codec_sounds, model_sound, panned_by_box, shuffled, to_mono
from stereosync_training.evaluate.run import Model, Options, run, write_report
from stereosync_training.evaluate.show import draw_report, report_table, timbre_table
from stereosync_training.evaluate.told import TELLING
from stereosync_training.evaluate.walks import WARM_UP_S, Walk, load_walk, nearest_azimuths, save_walk, walks_in
from stereosync_training.measures.av_align import sight_of
from stereosync_training.measures.bias_skill import heard_sides
from stereosync_training.sounds import SoundLibrary, StepRecording, mix_walk, random_truth
from stereosync_training.sounds.recording import make_recording

RATE_HZ = 48_000
SetOfWalks = tuple[list[WalkTruth], list[Float32Array]]
CONDITIONS = Conditions(bundle="none", set="made up", steps=2, lead_ms=100.0)


def a_step() -> StepRecording:
    """Noise that fades in 20 ms."""
    time_s = np.arange(9600) / RATE_HZ
    burst = 0.5 * np.random.default_rng(0).standard_normal(9600) * np.exp(-time_s / 0.02)
    return make_recording("made up", "none", burst.astype(np.float32))


@pytest.fixture(scope="module")
def library() -> SoundLibrary:
    return SoundLibrary("test", {ground: (a_step(),) for ground in GROUNDS}, {}, frozenset())


@pytest.fixture(scope="module")
def set_of_walks(library: SoundLibrary) -> SetOfWalks:
    truths = [random_truth(seed, 3.0) for seed in range(5)]
    return truths, [mix_walk(truth, library, 0) for truth in truths]


def test_report_has_the_form(set_of_walks: SetOfWalks) -> None:
    truths, sounds = set_of_walks
    rows = {"truth": sounds, "model": sounds, "mono": [to_mono(sound) for sound in sounds]}
    report = evaluate(rows, truths, CONDITIONS, rtf={"model": 0.3}, absent={"codec": "no checkpoint"}, resamples=20)
    top = {"bundle", "set", "clips", "seconds", "steps", "lead_ms", "boxes", "rows"}
    top |= {"intervals", "missing", "surfaces", "timbre"}
    assert set(report) == top
    assert set(report["rows"]) == set(rows)
    assert (report["clips"], report["seconds"]) == (5, 15.0)
    for row in ROWS:
        present = set(report["rows"].get(row, {}))
        assert present | set(report["missing"][row]) == set(KEYS)
        assert not present & set(report["missing"][row])
        assert set(report["intervals"].get(row, {})) <= present
    assert report["rows"]["model"]["rtf"] == 0.3
    assert "rtf" in report["missing"]["truth"]
    assert set(report["missing"]["codec"].values()) == {"no checkpoint"}
    assert report["rows"]["model"]["biasskill"] > 90
    assert report["rows"]["mono"]["biasskill"] == pytest.approx(0)
    low, high = report["intervals"]["model"]["onset_f1"]
    assert low <= report["rows"]["model"]["onset_f1"] <= high


def test_steps_of_the_wrong_colour_show_in_the_row_and_on_their_ground(set_of_walks: SetOfWalks) -> None:
    truths, sounds = set_of_walks
    halved = [0.5 * sound for sound in sounds]
    report = evaluate({"truth": sounds, "model": halved}, truths, CONDITIONS, resamples=5)
    assert report["rows"]["truth"]["band_error_db"] == 0
    assert report["rows"]["model"]["band_error_db"] == pytest.approx(6.02, abs=0.05)
    assert report["rows"]["model"]["rise_ms"] == pytest.approx(report["rows"]["truth"]["rise_ms"])
    by_ground = report["timbre"]["model"]
    assert by_ground["all"]["contacts"] == sum(row["contacts"] for row in by_ground.values()) / 2 > 0
    table = timbre_table(report)
    assert table.row_count == len(by_ground)
    assert [str(column.header) for column in table.columns] == ["ground", "contacts", "model", "truth"]


def test_figures_with_a_judge_are_there_when_it_is(set_of_walks: SetOfWalks) -> None:
    truths, sounds = set_of_walks
    seen = Judges([sight_of(frames_of(truth), truth.duration_s) for truth in truths], None, embedding=True)
    backwards = [sound[::-1] for sound in sounds]
    report = evaluate({"truth": sounds, "model": backwards}, truths, CONDITIONS, judges=seen, resamples=5)
    assert 0 <= report["rows"]["model"]["av_align"] <= 1
    assert report["rows"]["model"]["fd"] > report["rows"]["truth"]["fd"]
    assert "ground classifier" in report["missing"]["model"]["surface_accuracy"]


def test_a_figure_that_was_measured_anew_takes_the_old_ones_place(set_of_walks: SetOfWalks) -> None:
    truths, sounds = set_of_walks
    report = evaluate({"truth": sounds, "model": sounds}, truths, CONDITIONS, resamples=5)
    replace_figure(report, "silence_dbfs", {"model": -70.0})
    assert report["rows"]["model"]["silence_dbfs"] == -70.0
    assert "silence_dbfs" not in report["rows"]["truth"] | report["intervals"]["truth"] | report["intervals"]["model"]
    assert "--still" in report["missing"]["truth"]["silence_dbfs"]


def test_equal_input_gives_equal_reports(set_of_walks: SetOfWalks) -> None:
    truths, sounds = set_of_walks[0][:2], set_of_walks[1][:2]
    rows = {"truth": sounds, "model": shuffled(sounds)}
    reports = [evaluate(rows, truths, CONDITIONS, seed=7, resamples=5) for _ in range(2)]
    assert reports[0] == reports[1]


def test_shuffled_sound_fits_its_walk_in_neither_time_nor_place(set_of_walks: SetOfWalks) -> None:
    truths, sounds = set_of_walks
    report = evaluate({"truth": sounds, "model": sounds, "shuffled": shuffled(sounds)}, truths, CONDITIONS, resamples=5)
    model, dealt = report["rows"]["model"], report["rows"]["shuffled"]
    assert dealt["onset_f1"] < 0.4 < model["onset_f1"]
    assert dealt["ild_corr"] < 0.4 < model["ild_corr"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"model": 1}, "'truth' is missing"),
        ({"truth": 1, "maodel": 1}, "unknown row 'maodel'"),
        ({"truth": 1, "model": 0}, "0 clips for 1 walks"),
    ],
)
def test_rows_that_do_not_fit_are_refused(rows: dict[str, int], says: str) -> None:
    sound = np.zeros((6 * RATE_HZ, 2), dtype=np.float32)
    with pytest.raises(ValueError, match=says):
        evaluate({row: [sound] * count for row, count in rows.items()}, [random_truth(0)], CONDITIONS)


def frames_of(truth: WalkTruth) -> tuple[SceneFrame, ...]:
    """A box that crosses a tiny picture from left to right, and a higher one farther away that stays."""
    camera = Camera(math.radians(50), 16 / 9)
    picture, depth = np.zeros((9, 16, 3), np.uint8), np.full((9, 16), 5.0, np.float32)
    times_s = np.arange(-WARM_UP_S, truth.duration_s, 0.1)
    frames = []
    for index, time_s in enumerate(times_s.tolist()):
        x = 2 + 12 * (time_s + WARM_UP_S) / (truth.duration_s + WARM_UP_S)
        near = Box(0, "person", x - 1, 2, x + 1, 8, position_m=(0.0, -1.0, 3.0))
        far = Box(1, "person", 0, 0, 1, 9, position_m=(0.0, -1.0, 20.0))
        frames.append(SceneFrame(index, time_s, camera, picture, depth, (far, near)))
    return tuple(frames)


def test_a_walk_comes_back_from_its_file(tmp_path: Path) -> None:
    before = Walk(random_truth(0), frames_of(random_truth(0)))
    save_walk(before, tmp_path / "walk-0-x.npz")
    after = load_walk(walks_in(tmp_path)[0])
    assert after.truth == before.truth
    assert [frame.boxes for frame in after.frames] == [frame.boxes for frame in before.frames]
    assert after.frames[3].capture_time_s == pytest.approx(before.frames[3].capture_time_s)
    np.testing.assert_array_equal(after.frames[0].depth_m, before.frames[0].depth_m)


def test_a_damaged_walk_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "walk-0-x.npz").write_bytes(b"PK nothing")
    with pytest.raises(ValueError, match="delete it"):
        load_walk(tmp_path / "walk-0-x.npz")
    with pytest.raises(FileNotFoundError, match="--set test"):
        walks_in(tmp_path / "elsewhere")


def test_panning_by_box_follows_the_nearest_character() -> None:
    times_s, azimuths_rad = nearest_azimuths(frames_of(random_truth(0)))
    assert np.all(np.diff(azimuths_rad) > 0)
    noise = np.repeat(np.random.default_rng(0).standard_normal((6 * RATE_HZ, 1)), 2, axis=1).astype(np.float32)
    sides = heard_sides(0.1 * panned_by_box(noise, times_s, azimuths_rad))
    np.testing.assert_array_equal(sides[[0, -1]], [-1, 1])
    assert np.mean(panned_by_box(noise, times_s, azimuths_rad) ** 2) == pytest.approx(np.mean(noise**2), rel=0.02)


def test_the_model_gets_a_past_and_is_heard_from_the_walks_beginning() -> None:
    truth = random_truth(0)

    def play(frames: Iterable[SceneFrame], duration_s: float, seed: int) -> Float32Array:
        assert seed == 3 * SEEDS_APART + truth.seed
        times_s = [frame.capture_time_s for frame in frames]
        assert times_s[0] == pytest.approx(0)
        assert duration_s == truth.duration_s + WARM_UP_S
        ramp = np.arange(round(duration_s * RATE_HZ), dtype=np.float32) / RATE_HZ
        return np.stack([ramp, ramp], axis=1)

    sound, factor = model_sound(play, truth, frames_of(truth), seed=3)
    assert sound.shape == (round(truth.duration_s * RATE_HZ), 2)
    assert sound[0, 0] == pytest.approx(WARM_UP_S)
    assert factor > 0


@pytest.fixture
def folder_of_walks(tmp_path: Path) -> Path:
    for seed in range(2):
        save_walk(Walk(random_truth(seed, 3.0), frames_of(random_truth(seed, 3.0))), tmp_path / f"walk-{seed}-x.npz")
    return tmp_path


def options(folder: Path, controls: bool) -> Options:
    return Options(
        str(folder),
        clips=5,
        steps=2,
        lead_ms=100.0,
        seed=0,
        cache=folder,
        controls=controls,
        embedding=controls,
        lessons=2,
        resamples=5,
    )


def test_a_run_makes_every_row_it_can_and_says_why_one_is_absent(folder_of_walks: Path, library: SoundLibrary) -> None:
    def play(frames: Iterable[SceneFrame], duration_s: float, seed: int) -> Float32Array:
        assert list(frames)
        return np.random.default_rng(seed).normal(0, 0.01, (round(duration_s * RATE_HZ), 2)).astype(np.float32)

    out, report = run(options(folder_of_walks, controls=True), Model("noise", 1920, play), library)
    assert set(report["rows"]) == set(ROWS) - {"codec", "training_recordings", *TELLING} | {"model"}
    assert "--checkpoint" in report["missing"]["codec"]["onset_f1"]
    assert report["clips"] == 2
    assert report["rows"]["model"]["rtf"] > 0
    assert report["rows"]["truth"]["fd"] == pytest.approx(0, abs=1e-6)
    assert report["rows"]["mono"]["fd_side"] > report["rows"]["mono"]["fd"]
    assert report["rows"]["truth"]["av_align_chance"] > 0
    assert report["rows"]["model"]["fd_embedding"] == "yamnet"
    assert set(report["surfaces"]) == set(report["rows"])
    assert report["reference"]["fd_spoilt_in_order"] in (True, False)
    path = write_report(folder_of_walks / "report", report)
    assert json.loads(path.read_text("utf-8")) == report
    draw_report(folder_of_walks / "report" / "report.png", out.rows, out.truths, "noise")
    assert (folder_of_walks / "report" / "report.png").stat().st_size > 10_000
    assert report_table(report, "noise").row_count == len({key for row in report["rows"].values() for key in row})
    _, bare = run(options(folder_of_walks, controls=False), Model("noise", 1920, play), library)
    assert set(bare["rows"]) == {"truth", "model"}


def test_the_command_line_has_the_promised_options() -> None:
    line = "walk --set test --clips 8 --steps 4 --lead-ms 50 --controls --report out --seed 3"
    given = parser().parse_args(line.split())
    assert (given.bundle, given.set, given.clips, given.steps, given.lead_ms) == ("walk", "test", 8, 4, 50.0)
    assert (given.controls, given.report, given.seed) == (True, Path("out"), 3)


def test_no_sounds_is_one_sentence_with_the_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["none", "--report", str(tmp_path), "--sounds", str(tmp_path / "nowhere")]) == 1
    assert "fetch_sounds.py" in "".join(capsys.readouterr().out.split())


def test_steps_that_the_bundle_lacks_are_told() -> None:
    with pytest.raises(UserError, match="bundle walk has no schedule for 3 steps: choose one of 1, 2, 4"):
        open_model(parser().parse_args(["walk", "--report", "out", "--steps", "3"]))


def test_nonsense_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["walk", "--report", "out", "--clips", "0"])
    assert "must be 1 or more" in capsys.readouterr().err


def test_the_codec_row_has_the_truths_length_and_repeats(tmp_path: Path, set_of_walks: SetOfWalks) -> None:
    torch = pytest.importorskip("torch")
    from stereosync_model.checkpoint import save_checkpoint
    from stereosync_model.config import ModelConfig
    from stereosync_model.model import Model as Network

    torch.manual_seed(0)
    save_checkpoint(tmp_path / "codec.safetensors", Network(ModelConfig()), {})
    truth, short = set_of_walks[0][0], set_of_walks[1][0][:-500]
    bare = replace(truth, contacts=())
    (once,), (again,), (unknowing,) = (
        codec_sounds(tmp_path / "codec.safetensors", [short], [known]) for known in (truth, truth, bare)
    )
    assert once.shape == short.shape
    assert np.isfinite(once).all()
    np.testing.assert_array_equal(once, again)
    assert truth.contacts
    assert not np.array_equal(once, unknowing)  # the decoder is told the contacts
