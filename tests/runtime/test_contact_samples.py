"""The decoder is told when feet come down: in samples from its latent's first, those of all characters, once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import told_toy
from toy_graphs import Arrays, Toy, decoder

from stereosync.bundle import BundleError, TensorSpec
from stereosync.clock import Clock
from stereosync.told import KnownContact, Told
from stereosync_runners.fake import FakeRunner
from stereosync_runtime.foresight import Foresight, contact_samples
from stereosync_runtime.graph_shapes import most_contacts
from stereosync_runtime.stream import CueTokens, Part
from stereosync_runtime.told_plan import Planned

LATENT = Clock().samples_per_latent
FRAME_S, MOST = 10.0, 3


def told_at(*plans: tuple[float, ...], start_s: float = FRAME_S, count: int = MOST) -> list[float]:
    """What the decoder is given where characters 0, 1, ... have contacts planned at these times."""
    planned = {character: tuple(map(Planned, times_s)) for character, times_s in enumerate(plans)}
    made = contact_samples(Clock(), Foresight(planned=planned), start_s, range(len(plans)), count)
    assert made.shape == (1, count)
    assert made.dtype == np.float32
    return made[0].tolist()


def test_contacts_of_all_characters_are_told_in_order_in_samples() -> None:
    assert told_at((10.02, 10.5), (10.001,)) == [48, 960, -1]
    assert told_at() == [-1, -1, -1]


def test_what_was_made_and_what_is_far_is_not_told() -> None:
    assert told_at((9.999, 10.04, 11.0)) == [-1, -1, -1]
    assert told_at((10.0 - 1e-9, 10.0399)) == [0, 2 * LATENT - 5, -1]


def test_of_too_many_the_next_are_told() -> None:
    assert told_at((10.01,), (10.02,), (10.03,), (10.0,)) == [0, 480, 960]


def test_characters_that_are_not_in_the_frame_are_not_told() -> None:
    plan = Foresight(planned={5: (Planned(10.01),)})
    assert contact_samples(Clock(), plan, 10.0, (4,), 2).tolist() == [[-1, -1]]


@pytest.fixture
def listening(telling_toy: Toy) -> tuple[Toy, list[list[float]]]:
    """The toy that can be told, with a decoder that notes the contacts of every latent that it makes."""
    noted: list[list[float]] = []

    def note(arrays: Arrays) -> dict[str, np.ndarray]:
        noted.extend(arrays["contact_samples"].tolist())
        return decoder(arrays)

    old = telling_toy.bundle.graphs["decoder"]
    spec = replace(old, inputs=(*old.inputs, TensorSpec("contact_samples", (1, MOST))))
    bundle = replace(telling_toy.bundle, graphs=telling_toy.bundle.graphs | {"decoder": spec})
    runners = telling_toy.runners | {"decoder": FakeRunner(note, spec, telling_toy.clock.wait)}
    return Toy(bundle, telling_toy.clock, runners), noted


def frame(*contacts_s: float) -> CueTokens:
    """A frame at 10 s that tells contacts of its only character."""
    arrays = told_toy.cue_encoder(
        {"present": np.ones((1, told_toy.SLOTS), np.float32), "numbers": np.zeros((1, told_toy.SLOTS, 10), np.float32)}
    )
    contacts = tuple(KnownContact(time_s, "left") for time_s in contacts_s)
    return CueTokens(arrays, FRAME_S, (7,), Told(contacts={7: contacts}))


def test_each_latent_of_each_stream_is_told_its_own(listening: tuple[Toy, list[list[float]]]) -> None:
    toy, noted = listening
    pipeline = toy.pipeline()
    parts = [
        Part(pipeline.initial(seed), tokens, (0.1, 0.12)) for seed, tokens in enumerate((frame(10.125), frame(10.105)))
    ]
    pipeline.step_batch(parts, 1)
    assert noted == [[1200, -1, -1], [240, -1, -1], [240, -1, -1], [-1, -1, -1]]  # of each latent, each stream


def test_a_contact_that_is_told_late_is_in_what_is_still_to_come(
    listening: tuple[Toy, list[list[float]]],
) -> None:
    toy, noted = listening
    pipeline = toy.pipeline()
    state, _ = pipeline.step(pipeline.initial(0), frame(), (0.1,), 1)
    pipeline.step(state, frame(10.11), (0.12,), 1)
    assert noted == [[-1, -1, -1], [0, -1, -1]]


def test_a_bundle_whose_decoder_takes_no_contacts_runs_as_before(telling_toy: Toy) -> None:
    assert most_contacts(telling_toy.bundle) == 0
    pipeline = telling_toy.pipeline()
    _, samples = pipeline.step(pipeline.initial(0), frame(10.11), (0.1,), 1)
    assert samples.shape == (LATENT, 2)


def test_contacts_of_another_shape_are_refused(listening: tuple[Toy, list[list[float]]]) -> None:
    toy, _ = listening
    old = toy.bundle.graphs["decoder"]
    for shape in ((1, 2, 3), (1,), ()):
        spec = replace(old, inputs=(*old.inputs[:-1], TensorSpec("contact_samples", shape)))
        toy.bundle = replace(toy.bundle, graphs=toy.bundle.graphs | {"decoder": spec})
        with pytest.raises(BundleError, match="decoder wants 'contact_samples' as"):
            toy.pipeline()
