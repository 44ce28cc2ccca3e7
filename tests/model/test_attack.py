"""The attack: what rises in the frames of a step begins at its contact, in pieces as in the whole, and nowhere else."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from stereosync_model.attack import LOUDEST_GAIN, NONE, Attack
from stereosync_model.codec import Decoder
from stereosync_model.config import CodecConfig, ModelConfig
from stereosync_model.model import Model
from stereosync_model.patches import Patches

HOP, OVERLAP, WINDOW, LATENT = 240, 3, 720, 960
LATENTS = 9
AT = 4 * LATENT  # a border between latents


@pytest.fixture(scope="module")
def decoder(tiny_model: Model) -> Decoder:
    return tiny_model.decoder


@pytest.fixture(scope="module")
def attack() -> Attack:
    return Attack(HOP, OVERLAP, 48_000)


def draw(decoder: Decoder) -> tuple[Tensor, Tensor]:
    """Components (2, T, R) and noise."""
    random = torch.Generator().manual_seed(0)
    latents = torch.randn(2, LATENTS, decoder.codec.components, generator=random)
    return latents, torch.randn(2, *decoder.noise_shape(LATENTS), generator=random)


def coming(contacts: list[int], start: int, most: int = 4) -> Tensor:
    """Contacts as a stream is told them at a latent that begins at `start`: (2, most), the same for both."""
    places = [contact - start for contact in contacts if 0 <= contact - start < 2 * LATENT]
    return torch.tensor([places + [NONE] * (most - len(places))]).expand(2, -1)


CONTACTS = {
    "at a latent's border": [AT],
    "just before it": [AT - 1],
    "in the frames that reach over it": [AT - HOP + 7],
    "just after it": [AT + 1],
    "a frame's last sample": [AT + WINDOW - 1],
    "in the middle": [AT + 500],
    "two in one frame": [AT - 100, AT + 150],
    "two in one latent": [AT + 20, AT + 800],
    "at the stream's beginning": [0],
}


@pytest.mark.parametrize("contacts", CONTACTS.values(), ids=CONTACTS.keys())
@pytest.mark.parametrize("cut", [1, 3])
def test_pieces_with_contacts_equal_the_whole(decoder: Decoder, contacts: list[int], cut: int) -> None:
    latents, noise = draw(decoder)
    whole = decoder.decode(latents, noise, torch.tensor([contacts] * 2))
    assert not torch.equal(whole, decoder.decode(latents, noise))
    history, pieces = decoder.initial(2), []
    for first in range(0, LATENTS, cut):
        frames = slice(first * decoder.codec.frames_per_latent, (first + cut) * decoder.codec.frames_per_latent)
        told = torch.tensor([contacts] * 2) - first * LATENT if cut > 1 else coming(contacts, first * LATENT)
        sound, history = decoder(latents[:, first : first + cut], noise[:, frames], history, told)
        pieces.append(sound)
    torch.testing.assert_close(torch.cat(pieces, dim=-1), whole, atol=1e-5 * float(whole.abs().max()), rtol=1e-4)


def test_without_a_contact_no_bit_changes(decoder: Decoder) -> None:
    latents, noise = draw(decoder)
    plain = decoder.decode(latents, noise)
    for none in (torch.full((2, 4), NONE), torch.full((2, 4), 1e6)):
        assert torch.equal(decoder.decode(latents, noise, none), plain)


def test_a_contact_changes_nothing_but_the_frames_that_it_falls_into(decoder: Decoder) -> None:
    latents, noise = draw(decoder)
    contact = AT + 500
    changed = decoder.decode(latents, noise, torch.tensor([[contact]] * 2)) - decoder.decode(latents, noise)
    reach = (contact // HOP - OVERLAP + 1) * HOP, contact // HOP * HOP + WINDOW
    assert not changed[..., : reach[0]].any()
    assert not changed[..., reach[1] :].any()
    assert changed[..., reach[0] : reach[1]].abs().max() > 0


def bursts(clips: int, latents: int, quiet: float, seed: int) -> tuple[Tensor, list[int]]:
    """Noise (clips, samples, 2) that grows loud at a sample of its own in each clip."""
    random = torch.Generator().manual_seed(seed)
    noise = torch.randn(clips, latents * LATENT, 2, generator=random)
    starts = torch.randint(2 * LATENT, 3 * LATENT, (clips, 1), generator=random)
    loud = torch.arange(latents * LATENT) >= starts
    return noise * torch.where(loud, 0.3, quiet).unsqueeze(-1), starts[:, 0].tolist()


def test_a_step_is_no_louder_before_its_contact_than_before_the_step() -> None:
    torch.manual_seed(1)
    config = ModelConfig(codec=CodecConfig(width=32, latent_width=32, blocks=1))
    patches = Patches(config)
    patches.fit(patches.patches(bursts(150, 6, 0.003, seed=0)[0]).flatten(0, 1))
    decoder = Decoder(config, patches).requires_grad_(False)
    true, starts = bursts(8, 6, 0.003, seed=1)
    noise = torch.randn(8, *decoder.noise_shape(6), generator=torch.Generator().manual_seed(2))
    plain, made = (decoder.decode(patches(true), noise, told) for told in (None, torch.tensor(starts)[:, None]))
    early = [made[clip, :, start - HOP : start].std() for clip, start in enumerate(starts)]
    too_early = [plain[clip, :, start - HOP : start].std() for clip, start in enumerate(starts)]
    assert max(early) < 0.03
    assert min(too_early) > 0.05
    after = [made[clip, :, start : start + WINDOW].std() for clip, start in enumerate(starts)]
    assert torch.stack(after).mean() == pytest.approx(0.3, rel=0.2)


def test_the_place_of_a_contact_in_each_frame(attack: Attack) -> None:
    contacts = torch.tensor([[700.0, NONE], [250.0, 300.0], [5000.0, NONE], [-240.0, 0.0]])
    assert attack.places(contacts, 4).tolist() == [
        [700, 460, 220, NONE],
        [300, 60, NONE, NONE],  # the later of two
        [NONE] * 4,
        [0, NONE, NONE, NONE],
    ]


@pytest.mark.parametrize("place", [0, 100, 360, 480])
def test_a_window_is_silent_before_its_contact_and_keeps_the_energy(attack: Attack, place: int) -> None:
    window = attack.windows(torch.tensor([[float(place)]]))[0, 0]
    assert not window[: place + 1].any()
    assert float(window.max()) <= LOUDEST_GAIN
    kept = float((window.square() * attack.taper).sum())
    assert 0.45 < kept < 1.001  # less where the gain is bounded
    assert (attack.windows(torch.tensor([[NONE]])) == 1).all()


@pytest.mark.parametrize(("place", "frames_back"), [(719, 1), (480, 1), (479, 2), (240, 2), (239, 3), (0, 3)])
def test_a_rise_is_counted_from_the_last_frame_before_the_step(attack: Attack, place: int, frames_back: int) -> None:
    loudness = torch.tensor([0.1, 0.2, 0.5, 1.0]).reshape(1, 4, 1)
    rises = attack.rises(loudness[:, 3:], loudness[:, :3], torch.tensor([[float(place)]]))
    assert float(rises) == pytest.approx(1 - float(loudness[0, 3 - frames_back, 0]))
    falls = attack.rises(loudness[:, :1], loudness[:, 1:], torch.tensor([[float(place)]]))
    assert not falls.any()
