"""What is known of a frame: each told thing takes the place of one array, and of nothing else; the rest is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import told_toy
from made_scenes import SceneAt, SceneMaker
from toy_graphs import Array, Toy

from stereosync.bundle import BundleError, TensorSpec
from stereosync.cues import CueState, encode
from stereosync.scene import Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync.told import NOTHING_TOLD, KnownContact, Told
from stereosync_runtime.foresight import Foresight
from stereosync_runtime.known import LEAST_AMOUNT, known_arrays
from stereosync_runtime.stream import CueTokens, Part
from stereosync_runtime.told_plan import Planned

IDS = (7, 3)
KNOWN = ("contacts", "grounds", "force", "place", "room")


def tokens(told: Told) -> CueTokens:
    """What is seen of two characters."""
    arrays = told_toy.cue_encoder(
        {"present": np.ones((1, told_toy.SLOTS), np.float32), "numbers": np.zeros((1, told_toy.SLOTS, 10), np.float32)}
    )
    return CueTokens(arrays, 10.0, IDS, told)


def known(toy: Toy, told: Told, *steps: Planned, moment_s: float = 10.1) -> dict[str, Array]:
    """The arrays of a frame in which the first character has these steps planned."""
    return dict(known_arrays(toy.bundle, Foresight(planned={7: steps} if steps else {}), tokens(told), moment_s))


def test_what_is_not_told_is_what_was_seen(telling_toy: Toy) -> None:
    arrays, seen = known(telling_toy, NOTHING_TOLD), tokens(NOTHING_TOLD).arrays
    assert not arrays.pop("contacts").any()
    assert set(arrays) == set(seen)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, seen[name], name)


def test_a_ground_that_is_told_is_one_characters_and_that_of_a_contact_wins(telling_toy: Toy) -> None:
    told = Told(grounds={7: "wood"})
    for steps, ground in (((), 2), ((Planned(10.1, ground="gravel"),), 1), ((Planned(10.1),), 2)):
        grounds = known(telling_toy, told, *steps)["grounds"]
        np.testing.assert_array_equal(grounds[0, 0], np.eye(3)[ground])
        np.testing.assert_allclose(grounds[0, 1:], [told_toy.SEEN_GROUNDS] * 5, rtol=1e-6)
    later = (Planned(10.1, ground="stone"), Planned(10.6, ground="gravel"))
    assert known(telling_toy, told, *later, moment_s=10.2)["grounds"][0, 0].argmax() == 0
    assert known(telling_toy, told, *later, moment_s=10.5)["grounds"][0, 0].argmax() == 1


def test_a_ground_that_the_bundle_does_not_know_is_no_hint(telling_toy: Toy) -> None:
    grounds = known(telling_toy, Told(grounds={7: "ice"}))["grounds"]
    np.testing.assert_allclose(grounds[0, 0], told_toy.SEEN_GROUNDS, rtol=1e-6)


def test_force_is_that_of_the_contact_around_the_moment(telling_toy: Toy) -> None:
    steps = (Planned(10.1, octaves=1.0), Planned(10.5))
    assert known(telling_toy, NOTHING_TOLD, *steps)["force"][0, :, 0].tolist() == [1.0] + [told_toy.SEEN_FORCE] * 5
    assert known(telling_toy, NOTHING_TOLD, *steps, moment_s=10.4)["force"][0, 0, 0] == told_toy.SEEN_FORCE
    assert known(telling_toy, NOTHING_TOLD, Planned(10.1, octaves=99.0))["force"][0, 0, 0] == 2.0


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (Told(place="forest", amount=0.9), [0, 1, 0.9]),
        (Told(place="forest"), [0, 1, LEAST_AMOUNT]),
        (Told(place="forest", amount=0.0), [0, 1, 0]),
        (Told(place="sea"), told_toy.SEEN_PLACE),  # not of this bundle
        (Told(amount=0.9), [*told_toy.SEEN_PLACE[:2], 0.9]),
        (Told(place=""), [0, 0, 0]),
        (Told(place="forest", amount=0.9, ambience=False), [0, 0, 0]),
    ],
)
def test_a_place_that_is_told_takes_the_place_of_what_is_seen(telling_toy: Toy, told: Told, place: list[float]) -> None:
    np.testing.assert_allclose(known(telling_toy, told)["place"], [place], rtol=1e-6)


def test_a_room_that_is_told_is_heard_with_or_without_ambience(telling_toy: Toy) -> None:
    told = Told(room=ToldRoom(9.0, 0.8), ambience=False)
    np.testing.assert_allclose(known(telling_toy, told)["room"], [[np.log(10.0), 0.8]], rtol=1e-6)
    np.testing.assert_allclose(known(telling_toy, Told(ambience=False))["room"], [told_toy.SEEN_ROOM], rtol=1e-6)


def test_a_bundle_without_the_arrays_is_told_nothing_and_runs(toy: Toy) -> None:
    told = Told(contacts={7: (KnownContact(10.2, "left"),)}, grounds={7: "wood"}, place="forest")
    seen = CueTokens({"tokens": np.zeros((1, 6, 10), np.float32)}, 10.0, IDS, told)
    assert dict(known_arrays(toy.bundle, Foresight(), seen, 10.1)) == seen.arrays
    pipeline = toy.pipeline()
    pipeline.step(pipeline.initial(0), seen, (0.1,), 2)


def told_frame(scene: SceneAt, time_s: float, index: int) -> SceneFrame:
    """A frame that tells everything."""
    frame = scene(time_s, index)
    feet = (Foot("left", (0.0, 0.1, time_s)), Foot("right", (0.3, 0.2, time_s), surface="gravel"))
    box = replace(frame.boxes[0], feet=feet, contacts=(ToldContact("left", time_s + 0.15, 0.75),), surface="PM_Wood_01")
    return replace(frame, boxes=(box,), scene=ToldScene("forest", 0.7, ToldRoom(4.0, 0.5)))


def sounds(toy: Toy, streams: Sequence[SceneAt]) -> list[np.ndarray]:
    """What each of some streams of frames sounds like, made together."""
    pipeline, spec = toy.pipeline(), toy.bundle.cue_spec
    states = [pipeline.initial(seed) for seed in range(len(streams))]
    cue_states, pieces = [CueState() for _ in streams], [[] for _ in streams]
    for turn in range(12):
        seen = []
        for number, frames in enumerate(streams):
            cue_states[number], cues = encode(spec, cue_states[number], frames(10.0 + turn / 25, turn))
            seen.append(cues)
        parts = [
            Part(state, token, (0.1, 0.12)) for state, token in zip(states, pipeline.encode_batch(seen), strict=True)
        ]
        ends = pipeline.step_batch(parts, 2)
        states = [made.state for made in ends]
        for piece, made in zip(pieces, ends, strict=True):
            piece.append(made.samples)
    return [np.concatenate(piece) for piece in pieces]


def test_streams_that_tell_and_streams_that_do_not_sound_in_one_batch_as_each_alone(
    telling_toy: Toy, scene: SceneMaker
) -> None:
    def telling(time_s: float, index: int) -> SceneFrame:
        return told_frame(scene, time_s, index)

    together = sounds(telling_toy, [telling, scene])
    alone = [sounds(telling_toy, [telling])[0], sounds(telling_toy, [scene, scene])[1]]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_array_equal(one, other)
    untold = sounds(telling_toy, [scene])[0]
    assert np.abs(together[0] - untold).max() > 1e-3


def test_the_backbone_and_the_cue_encoder_are_given_what_is_told(telling_toy: Toy, scene: SceneMaker) -> None:
    pipeline = telling_toy.pipeline()
    _, cues = encode(telling_toy.bundle.cue_spec, CueState(), told_frame(scene, 10.0, 0))
    seen: list[np.ndarray] = []
    encoder = telling_toy.runners["cue_encoder"]
    encoder.function = lambda arrays: (seen.append(arrays["feet"]), told_toy.cue_encoder(arrays))[1]
    pipeline.step(pipeline.initial(0), pipeline.encode(cues), (0.1,), 2)
    np.testing.assert_array_equal(seen[0][0], cues.feet)
    backbone = telling_toy.runners["backbone"].function
    assert isinstance(backbone, told_toy.Backbone)
    (given,) = backbone.given
    assert set(KNOWN) <= set(given)
    assert given["contacts"][0, 0].argmax() == pytest.approx((0.15 + 0.06) / 0.02, abs=1)
    assert given["grounds"][0, 0].argmax() == 1
    assert given["force"][0, 0, 0] == 1.0
    assert given["place"][0].tolist() == pytest.approx([0, 1, 0.7])


@pytest.mark.parametrize(
    ("graph", "tensor", "words"),
    [
        ("cue_encoder", TensorSpec("grounds", (1, 6, 4)), "must give 'grounds'"),
        ("cue_encoder", TensorSpec("force", (1, 6, 2)), "must give 'force'"),
        ("cue_encoder", TensorSpec("place", (1, 2)), "must give 'place'"),
        ("cue_encoder", TensorSpec("room", (1, 3)), "must give 'room'"),
        ("backbone", TensorSpec("place", (1, 9)), "wants 'place'"),
    ],
)
def test_arrays_of_another_shape_are_refused(telling_toy: Toy, graph: str, tensor: TensorSpec, words: str) -> None:
    spec = telling_toy.bundle.graphs[graph]
    side = "outputs" if graph == "cue_encoder" else "inputs"
    changed = tuple(tensor if one.name == tensor.name else one for one in getattr(spec, side))
    graphs = telling_toy.bundle.graphs | {graph: replace(spec, **{side: changed})}
    telling_toy.bundle = replace(telling_toy.bundle, graphs=graphs)
    with pytest.raises(BundleError, match=words):
        telling_toy.pipeline()
