"""Known walks in memory: true arrays of every frame beside latents of unit variance; reading them resumes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from stereosync.acoustics import hardness
from stereosync.vocabulary import GROUNDS
from stereosync_model.model import Model
from stereosync_training.data import known_data
from stereosync_training.data.known_data import KnownData, mirrored, read_known
from stereosync_training.data.walk_data import KINDS_OF_PLACE, shards_in

CLIPS, DRAWN, CHARACTERS = 2, 56, 3
CONTACT_S = 1.0  # the only step of the made-up truth: character 4, on grass, twice as hard as an ordinary one


def read(folder: Path, model: Model, kept: Path, key: str = "tiny") -> KnownData:
    return read_known(shards_in([folder]), model.config, model.patches, kept, key)


def test_a_clip_has_the_arrays_of_its_frames(known: KnownData, known_folder: Path) -> None:
    assert len(known) == CLIPS
    for number, clip in enumerate(known.clips):
        stored = {path.stem: np.load(path)[number] for path in (known_folder / "shard-0000").glob("*.npy")}
        assert clip.times_s.tolist() == stored["times_s"][:DRAWN].tolist()  # the empty slots after it are gone
        np.testing.assert_allclose(clip.placement, stored["placement"][:DRAWN], atol=2e-3)
        np.testing.assert_array_equal(clip.present, stored["present"][:DRAWN])
        assert clip.contacts.shape == (DRAWN, CHARACTERS, known.config.generator.forecast_steps)
        assert clip.latents.shape[:2] == (2, 100)


def test_contacts_grounds_and_force_are_those_of_the_truth(known: KnownData) -> None:
    clip, generator = known.clips[0], known.config.generator
    frame = int((clip.times_s - (CONTACT_S - 0.1)).abs().argmin())
    place = (CONTACT_S - float(clip.times_s[frame]) - generator.forecast_start_s) / generator.forecast_step_s
    row = clip.contacts[frame, 0].float()
    assert float(row.sum()) == pytest.approx(1, abs=1e-2)
    assert float((row * torch.arange(len(row))).sum()) == pytest.approx(place, abs=0.02)
    assert not clip.contacts[:, 1:].any()
    assert clip.grounds[frame].tolist() == [GROUNDS.index("grass"), -1, -1]
    assert clip.force[frame].tolist() == [1.0, 0.0, 0.0]


def test_place_and_room_are_those_of_the_truth(known: KnownData) -> None:
    clip = known.clips[1]
    assert KINDS_OF_PLACE[clip.place] == "rain"
    assert clip.amount == 0.7
    assert clip.room.tolist() == pytest.approx([np.log(5), hardness(4.0, 0.4)])


def test_latents_have_unit_variance_and_the_scale_is_told(known: KnownData, tiny_model: Model) -> None:
    latents = torch.cat([clip.latents.flatten(0, 1).float() for clip in known.clips])
    moving = known.std > known_data.SMALLEST_STD
    assert moving.any()
    assert latents.std(0)[moving].tolist() == pytest.approx([1.0] * int(moving.sum()), abs=5e-3)
    assert (latents.std(0) < 1.01).all()  # what hardly moves is not blown up
    assert len(known.std) == tiny_model.config.codec.components


def test_the_second_latents_are_those_of_the_sound_with_its_ears_exchanged(
    known: KnownData, known_folder: Path, tiny_model: Model
) -> None:
    sound = torch.from_numpy(np.load(known_folder / "shard-0000" / "sound.npy")[0] / 32767.0).float()
    with torch.no_grad():
        plain, other = (tiny_model.patches(one[None])[0] / known.std for one in (sound, sound.flip(1)))
    torch.testing.assert_close(known.clips[0].latents[0].float(), plain, atol=2e-2, rtol=1e-2)
    torch.testing.assert_close(known.clips[0].latents[1].float(), other, atol=2e-2, rtol=1e-2)
    assert (plain - other).abs().max() > 0.1


def test_a_mirror_exchanges_left_and_right_alone(known: KnownData) -> None:
    clip = known.clips[0]
    turned = mirrored(clip)
    assert torch.equal(turned.latents[0], clip.latents[1])
    signs = torch.tensor([-1.0, -1.0, 1.0, 1.0])  # azimuth and its rate; log distance and its rate
    assert torch.equal(turned.placement.float(), clip.placement.float() * signs)
    for name in ("contacts", "grounds", "force", "present", "room", "times_s"):
        assert torch.equal(getattr(turned, name), getattr(clip, name)), name
    again = mirrored(turned)
    for name in ("latents", "placement"):
        assert torch.equal(getattr(again, name), getattr(clip, name)), name


def test_what_was_kept_is_read_again(
    known: KnownData, known_folder: Path, tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_data, "_read_shard", None)
    again = read(known_folder, tiny_model, tmp_path / "kept")
    assert torch.equal(again.std, known.std)
    for one, two in zip(known.clips, again.clips, strict=True):
        for name, value in vars(one).items():
            other = getattr(two, name)
            assert torch.equal(value, other) if isinstance(value, torch.Tensor) else value == other, name


def test_under_another_codec_it_is_made_anew(
    known: KnownData, known_folder: Path, tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    read_shard = known_data._read_shard

    def counted(folder: Path, *more: Any) -> Any:
        made.append(folder.name)
        return read_shard(folder, *more)

    monkeypatch.setattr(known_data, "_read_shard", counted)
    for key, expected in (("tiny", 0), ("another", 1), ("another", 1), ("tiny", 2)):
        assert len(read(known_folder, tiny_model, tmp_path / "kept", key)) == len(known)
        assert len(made) == expected, key


def test_another_shard_of_the_same_name_is_made_anew(known_folder: Path, tiny_model: Model, tmp_path: Path) -> None:
    before = read(known_folder, tiny_model, tmp_path / "kept").clips
    truth = next(known_folder.rglob("truth.json"))
    truth.write_text(truth.read_text(encoding="utf-8").replace('"rain"', '"sea"'), encoding="utf-8")
    after = read(known_folder, tiny_model, tmp_path / "kept").clips
    assert {clip.place for clip in before} != {clip.place for clip in after}


def test_reading_that_was_stopped_goes_on_with_the_shards_that_are_missing(
    known_folder: Path, tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(known_folder / "shard-0000", known_folder / "shard-0001")
    read_shard = known_data._read_shard

    def broken(folder: Path, *more: Any) -> Any:
        if folder.name == "shard-0001":
            raise OSError("the disk is gone")
        return read_shard(folder, *more)

    with monkeypatch.context() as patch:
        patch.setattr(known_data, "_read_shard", broken)
        with pytest.raises(OSError, match="the disk is gone"):
            read(known_folder, tiny_model, tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["known-shard-0000.pt"]
    assert len(read(known_folder, tiny_model, tmp_path / "kept")) == 2 * CLIPS
    assert not list((tmp_path / "kept").glob("*.part"))


def test_a_clip_in_which_nobody_steps_is_no_error(known: KnownData) -> None:
    quiet = replace(known.clips[0], contacts=torch.zeros_like(known.clips[0].contacts))
    assert mirrored(quiet).contacts.sum() == 0
