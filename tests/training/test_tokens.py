"""Tokens of the walks: both sides of every clip through the frozen cue encoder, kept until what made them changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from stereosync_model.config import ModelConfig
from stereosync_model.model import Model
from stereosync_training import tokens as tokens_module
from stereosync_training.tokens import TokenData, encode_walks
from stereosync_training.walk_data import CUES, Clip, WalkData, mirror_cues, shards_in

CLOSE = {"atol": 5e-3, "rtol": 5e-3}  # tokens are kept at half precision


def direct(walks: WalkData, model: Model, clip: int, mirrored: bool) -> dict[str, Tensor]:
    """Tokens of every frame of a clip with the picture that it has, by the encoder's own forward."""
    count = walks.clips[clip].frames
    parts = walks.clips[clip].cues(np.arange(count), np.arange(count) // 6)
    if mirrored:
        mirror_cues(parts)
    arrays = (torch.from_numpy(np.ascontiguousarray(parts[name])) for name in CUES[:-1])
    picture, crops, numbers, tracks = arrays
    with torch.no_grad():
        made = model.generator.cue_encoder(picture, crops, numbers, tracks.float())
    pictures = torch.cat([made.picture, made.whole[:, None]], dim=1)[::6]
    return {"pictures": pictures, **{name: getattr(made, name) for name in ("characters", "forecast", "placement")}}


@pytest.mark.parametrize("clip", [0, 1])
@pytest.mark.parametrize("mirrored", [False, True])
def test_tokens_are_those_of_the_cue_encoder_frame_by_frame(
    walks: WalkData, tokens: TokenData, tiny_model: Model, clip: int, mirrored: bool
) -> None:
    made, expected = tokens.clips[clip][mirrored], direct(walks, tiny_model, clip, mirrored)
    shown = made.present > 0
    assert shown.shape == (56, 3)
    assert shown.sum(0).tolist() == [56, 26, 0]
    assert made.times_s.shape == (56,)
    torch.testing.assert_close(made.pictures.float(), expected["pictures"], **CLOSE)
    for name in ("characters", "placement"):
        torch.testing.assert_close(getattr(made, name)[shown].float(), expected[name][shown], **CLOSE)
    assert not made.characters[~shown].any()


def test_latents_are_those_of_the_sound_and_of_its_mirror(
    walks: WalkData, tokens: TokenData, tiny_model: Model
) -> None:
    patches = tiny_model.patches
    for clip, (plain, mirrored) in enumerate(tokens.clips):
        expected = patches(walks.clips[clip].waveform()[None])[0]
        assert expected.shape == (100, patches.codec.components)
        torch.testing.assert_close(plain.latents.float() * tokens.std, expected, **CLOSE)
        torch.testing.assert_close(mirrored.latents.float() * tokens.std, patches.swapped(expected), **CLOSE)


def test_a_mirrored_view_is_on_the_other_side_at_the_same_distance(tokens: TokenData) -> None:
    plain, mirrored = tokens.clips[0]
    turned = torch.tensor([-1.0, -1.0, 1.0, 1.0])  # azimuth and its rate, log distance and its rate
    torch.testing.assert_close(mirrored.placement, plain.placement * turned)
    torch.testing.assert_close(mirrored.present, plain.present)
    assert (mirrored.characters - plain.characters).abs().max() > 1e-2


Encoder = Callable[[str, str], TokenData]


@pytest.fixture
def encode(walk_folder: Path, tiny_model: Model, tmp_path: Path) -> Encoder:
    """`encode(name, key)`: tokens of the clips with this key, kept in the file of this name."""

    def encode_into(name: str, key: str) -> TokenData:
        encoder, patches = tiny_model.generator.cue_encoder, tiny_model.patches
        return encode_walks(shards_in([walk_folder]), tiny_model.config, encoder, patches, tmp_path / name, key)

    return encode_into


def test_tokens_are_kept_until_what_made_them_changes(
    tokens: TokenData, encode: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    read_shard = tokens_module.read_shard

    def counted(path: Path, config: ModelConfig) -> list[Clip]:
        read.append(path.name)
        return read_shard(path, config)

    monkeypatch.setattr(tokens_module, "read_shard", counted)
    again = encode("tokens.pt", "tiny")
    assert read == []
    for first, second in zip(tokens.clips, again.clips, strict=True):
        for one, other in zip(first, second, strict=True):
            assert all(torch.equal(value, getattr(other, name)) for name, value in vars(one).items())
    encode("tokens.pt", "another codec")
    assert read == ["shard-0000"]
    assert not list(tmp_path.glob("*.part"))


def test_every_view_has_its_own_draw_of_what_is_left_out(encode: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    draws: list[float] = []

    def nothing(rng: np.random.Generator) -> tuple[str, ...]:
        draws.append(rng.random())
        return ()

    monkeypatch.setattr(tokens_module, "drawn_drops", nothing)
    for name in ("first.pt", "second.pt"):
        encode(name, "tiny")
    assert len(set(draws[:4])) == 4
    assert draws[:4] == draws[4:]


def test_what_a_view_goes_without_its_tokens_do_not_tell(encode: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "drawn_drops", lambda _rng: ("pictures",))
    view = encode("blind.pt", "tiny").clips[0][0]
    torch.testing.assert_close(view.pictures, view.pictures[:1].expand_as(view.pictures))
    shown = view.characters[view.present > 0]
    assert (shown - shown[:1]).abs().max() > 1e-2
