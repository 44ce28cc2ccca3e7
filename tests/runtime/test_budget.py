"""The budget: fewer steps at once when time is short, concealment when nothing fits, and slowly back."""

from dataclasses import replace

import pytest

from stereosync_runtime.budget import (
    CONCEAL,
    EVERY_LOOK_SHARE,
    LOOK_SHARE,
    MAX_CONCEALED,
    PATIENCE_S,
    RECOVER_CHUNKS,
    ChunkWork,
    Looks,
    Price,
    Quality,
    StageCosts,
    choose,
)

LADDER = (4, 2, 1)


def prices(ladder: tuple[int, ...] = LADDER) -> dict[int, Price]:
    return {steps: Price(0.01 + 0.01 * steps, 0.01 + 0.01 * steps) for steps in ladder}


@pytest.mark.parametrize(
    ("available_s", "steps"), [(1.0, 4), (0.05, 4), (0.049, 2), (0.029, 1), (0.019, CONCEAL), (-1.0, CONCEAL)]
)
def test_the_most_steps_that_fit_are_taken(available_s: float, steps: int) -> None:
    assert choose(Quality(4), prices(), available_s)[1] == steps


def test_the_way_back_takes_a_second_and_some_room() -> None:
    quality, _ = choose(Quality(4), prices(), 0.02)
    assert quality.steps == 1
    taken = []
    for _ in range(2 * RECOVER_CHUNKS):
        quality, steps = choose(quality, prices(), 1.0)
        taken.append(steps)
    assert taken == [1] * (RECOVER_CHUNKS - 1) + [2] * RECOVER_CHUNKS + [4]
    for _ in range(2 * RECOVER_CHUNKS):
        quality, steps = choose(Quality(2), prices(), 0.06)  # 4 steps fit, yet with too little room
        assert steps == 2


def test_a_stream_is_never_silenced_for_good() -> None:
    quality, taken = Quality(2), []
    for _ in range(2 * (MAX_CONCEALED + 1)):
        quality, steps = choose(quality, prices((2, 1)), -1.0)
        taken.append(steps)
    assert taken == ([CONCEAL] * MAX_CONCEALED + [1]) * 2


def test_sound_is_not_given_up_for_caution_alone() -> None:
    likely = prices() | {1: Price(0.01, 0.02)}
    assert choose(Quality(4), likely, 0.019) == (Quality(1), 1)


def test_one_step_only() -> None:
    assert choose(Quality(1), prices((1,)), 1.0) == (Quality(1), 1)


def test_costs_follow_what_is_measured_and_stay_cautious() -> None:
    costs = StageCosts()
    work = ChunkWork(steps=2, latents=2, new_frame=True)
    assert costs.price(work).cautious_s == 0
    for _ in range(50):
        for stage, taken_s in (("cue_encoder", 0.001), ("backbone", 0.002), ("flow_head", 0.0005), ("decoder", 0.003)):
            costs.record([(stage, taken_s)])
    assert costs.price(work).cautious_s == pytest.approx(2 * (0.002 + 0.003 + 2 * 0.0005) + 0.001)
    assert costs.price(replace(work, new_frame=False)).cautious_s == pytest.approx(0.012)
    costs.record([("decoder", 0.011)])
    assert costs.mean_s(work) == pytest.approx(0.013 + 2 * 0.001)
    for _ in range(50):
        costs.record_chunk(0.015, 0.025)
    assert costs.price(work).cautious_s == pytest.approx(0.015 + 2 * 0.01, rel=1e-3)


def test_a_session_looks_no_more_than_its_share_of_the_time() -> None:
    looks, now_s, taken_s = Looks(), 100.0, 0.0
    while now_s < 110.0:
        if looks.may_look(now_s, now_s, spare_s=1.0):
            looks, taken_s = looks.after(now_s, 0.03, sessions=1), taken_s + 0.03
        now_s += 0.001
    assert taken_s <= 10 * LOOK_SHARE + 2 * 0.03
    assert looks.too_costly
    crowded = Looks(count=1).after(100.0, 0.03, sessions=8)
    assert crowded.next_s - 100.0 == pytest.approx(0.03 * 8 / EVERY_LOOK_SHARE)


def test_a_look_waits_for_time_to_spare_but_not_for_ever() -> None:
    looks = Looks().after(100.0, 0.01, sessions=1)
    assert not looks.may_look(101.0, 101.0, spare_s=0.005)
    assert looks.may_look(101.0, 101.0, spare_s=0.02)
    assert looks.may_look(101.0 + PATIENCE_S + 0.001, 101.0, spare_s=-1.0)
