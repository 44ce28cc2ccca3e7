"""A session driven by hand: runners that take time, a client that plays, and what becomes of frames and deadlines."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from by_hand import RATE, Loop, drain
from made_scenes import SceneMaker, arrived
from toy_graphs import Toy

from stereosync_bridge.messages import Playback
from stereosync_runtime.replies import EndSession, GrantCredit, Outgoing, SendAudio


def test_a_stream_keeps_up_and_stays_fresh(toy: Toy, scene: SceneMaker) -> None:
    toy.runners["decoder"].cost_s = 0.005
    loop = Loop(toy)
    drain(loop.run(3.0, scene))
    (player,) = loop.players
    ahead_s = (player.received - player.played()) / RATE
    assert 0.02 < ahead_s < 0.12
    assert {chunk.steps for chunk in player.chunks} == {2}
    report = loop.telemetry.report()
    assert [report[name] for name in ("late_chunks", "degraded_chunks", "concealed_chunks", "errors")] == [0] * 4
    assert report["frame_to_chunk_ms"]["p50"] < 60
    assert 0.03 < np.median([chunk.age_s for chunk in player.chunks[5:]]) < 0.1
    assert report["lead_ms"] == pytest.approx(np.median([chunk.age_s for chunk in player.chunks]) * 1000, abs=1)


def test_the_age_is_that_of_the_moment_the_sound_is_heard(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy)
    drain(loop.run(1.0, scene))
    (player,) = loop.players
    player.report()
    capture_s = loop.clock.now_s
    player.session.inbox.put_frame(arrived(scene(capture_s)))
    next_sample = player.received
    while player.received == next_sample:
        loop.work()
        loop.clock.now_s += 0.001
    assert player.started_s is not None
    truly_heard_s = player.started_s + next_sample / RATE
    assert player.chunks[-1].age_s == pytest.approx(truly_heard_s - capture_s, abs=0.005)


def test_short_time_takes_fewer_steps_then_conceals_and_recovers(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, steps=4)
    drain(loop.run(1.0, scene))
    toy.runners["flow_head"].cost_s = 0.006  # a chunk of 2 latents: 48 ms at 4 steps, 24 ms at 2
    drain(loop.run(2.0, scene))
    assert {chunk.steps for chunk in loop.players[0].chunks[-20:]} <= {2, 1}
    assert loop.count("degraded_chunks") > 10
    toy.runners["backbone"].cost_s = 0.05  # nothing fits any more
    drain(loop.run(2.0, scene))
    assert loop.count("concealed_chunks") > 5
    toy.runners["flow_head"].cost_s = toy.runners["backbone"].cost_s = 0.0
    drain(loop.run(6.0, scene, fps=15))
    assert [chunk.steps for chunk in loop.players[0].chunks[-10:]] == [4] * 10


def test_a_stale_scene_is_heard_as_an_empty_one(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy)
    seen: list[float] = []
    real = toy.runners["backbone"].function
    toy.runners["backbone"].function = lambda arrays: (
        seen.append(float(np.abs(arrays["tokens"]).sum())),
        real(arrays),
    )[1]
    drain(loop.run(0.5, scene))
    assert seen[-1] > 0
    drain(loop.run(2.0, None))
    assert seen[-1] == 0
    assert loop.players[0].played() > 2 * RATE


def test_nothing_is_made_before_the_first_frame_and_little_before_the_client_plays(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy)
    loop.work()
    assert loop.players[0].received == 0
    loop.players[0].session.inbox.put_frame(arrived(scene(loop.clock.now_s)))
    loop.work()
    loop.clock.now_s += 10.0
    loop.work()
    assert loop.players[0].received == 2 * 1920  # the target of 60 ms is reached, and no report came


def test_a_client_that_claims_to_have_played_all_gets_no_more_than_its_share(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, sessions=2)
    greedy = loop.players[1]
    greedy.report = lambda: greedy.session.inbox.put_playback(  # type: ignore[method-assign]
        Playback(10**12 + greedy.received), loop.clock.now_s
    )
    drain(loop.run(2.0, scene))
    assert greedy.received <= 2 * 2.1 * RATE
    assert loop.players[0].played() > 1.9 * RATE
    assert loop.count("late_chunks") <= len(greedy.chunks)


def test_the_newest_frame_wins_and_credit_comes_after_it_was_seen(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy)
    session = loop.players[0].session
    for index in range(3):
        session.inbox.put_frame(arrived(scene(100.0, index)))
    loop.worker.work_once()
    assert [type(outgoing) for outgoing in loop.sent] == [GrantCredit, SendAudio]
    assert loop.count("dropped_frames") == 2


def test_a_reset_starts_the_stream_again_in_a_new_epoch(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy)
    drain(loop.run(0.5, scene))
    player = loop.players[0]
    first = player.chunks[0].samples
    player.session.inbox.put_frame(arrived(scene(loop.clock.now_s)))
    player.session.inbox.put_reset()
    player.received, player.started_s = 0, None
    loop.worker.work_once()
    assert GrantCredit("0") in loop.sent
    player.session.inbox.put_playback(Playback(24_000, epoch=0), loop.clock.now_s)  # of the old epoch
    player.session.inbox.put_frame(arrived(scene(loop.clock.now_s)))
    loop.work()
    loop.clock.now_s += 0.02
    loop.work()
    assert player.chunks[-1].epoch == 1
    assert player.received == 2 * 1920
    assert player.chunks[-1].samples.shape == first.shape


def test_a_failing_session_ends_alone(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, sessions=2)
    drain(loop.run(0.5, scene))
    loop.players[0].session.turn = lambda _streams: 1 / 0  # type: ignore[method-assign,assignment]
    ended: list[Outgoing] = []
    deliver = loop.deliver
    loop.deliver = lambda: (ended.extend(o for o in loop.sent if isinstance(o, EndSession)), deliver())[0]  # type: ignore
    before = loop.players[1].received
    drain(loop.run(1.0, scene))
    assert [end.session_id for end in ended if isinstance(end, EndSession)] == ["0"]
    assert "division by zero" in ended[0].rule  # type: ignore[union-attr]
    assert loop.players[1].received - before > 0.9 * RATE
    assert loop.count("errors") == 1


def test_two_streams_sound_as_each_would_alone(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, sessions=2)
    drain(loop.run(1.0, scene))
    sounds = [np.concatenate([chunk.samples for chunk in player.chunks]) for player in loop.players]
    assert len(sounds[0]) == len(sounds[1])
    assert np.array_equal(*sounds)


def runs_of(toy: Toy, graph: str) -> list[int]:
    """Notes the size of each batch that a graph runs."""
    sizes: list[int] = []
    run = toy.runners[graph].run

    def noted(inputs: Any, states: Any = ()) -> Any:
        sizes.append(len(next(iter(inputs.values()))))
        return run(inputs, states)

    toy.runners[graph].run = noted
    return sizes


def test_sessions_that_are_due_together_share_each_run_and_hear_what_each_alone_would(
    toy: Toy, scene: SceneMaker
) -> None:
    alone, together = Loop(toy, sessions=3), Loop(toy, sessions=3, together=4)
    drain(alone.run(1.0, scene))
    sizes = runs_of(toy, "backbone")
    drain(together.run(1.0, scene))
    assert max(sizes) == 3
    assert sum(sizes) == sum(len(player.chunks) for player in together.players) * 2
    for player, other in zip(together.players, alone.players, strict=True):
        first = [chunk.samples for chunk in player.chunks[:1]]
        np.testing.assert_allclose(first, [chunk.samples for chunk in other.chunks[:1]], atol=1e-6)
    assert together.count("late_chunks") == 0


def test_a_batch_is_no_larger_than_allowed(toy: Toy, scene: SceneMaker) -> None:
    sizes = runs_of(toy, "backbone")
    drain(Loop(toy, sessions=5, together=2).run(0.5, scene))
    assert max(sizes) == 2


def test_compute_that_is_shared_is_counted_once(toy: Toy, scene: SceneMaker) -> None:
    toy.runners["decoder"].cost_s = 0.002
    loop = Loop(toy, sessions=3, together=4)
    drain(loop.run(1.0, scene))
    report = loop.telemetry.report()
    chunks = sum(len(player.chunks) for player in loop.players)
    runs = len([None for player in loop.players[:1] for _ in player.chunks]) * 2
    assert report["rtf"] == pytest.approx(runs * 0.002 / (chunks * 0.04), rel=0.35)


def test_streams_move_to_runners_that_are_offered(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, sessions=2, together=4)
    drain(loop.run(0.5, scene))
    before = [player.received for player in loop.players]
    better = {name: replace(runner, cost_s=0.0) for name, runner in toy.runners.items()}
    used = [0]

    def counted(inputs: Any, states: Any = ()) -> Any:
        used[0] += 1
        return toy.runners["decoder"].run(inputs, states)

    better["decoder"].run = counted
    loop.worker.offer(better)
    drain(loop.run(0.5, scene))
    assert used[0] > 10
    assert all(player.received > start for player, start in zip(loop.players, before, strict=True))
    assert loop.count("errors") == 0


def test_who_comes_due_before_a_batch_is_done_joins_it(toy: Toy, scene: SceneMaker) -> None:
    """Two streams half a chunk apart: when a chunk takes longer than that, waiting would only make the other late."""
    toy.runners["decoder"].cost_s = 0.012
    sizes = runs_of(toy, "backbone")
    loop = Loop(toy, sessions=2, together=4)
    loop.players[0].session.inbox.put_frame(arrived(scene(loop.clock.now_s, 0)))
    loop.work()
    loop.clock.now_s += 0.02
    drain(loop.run(1.0, scene))
    assert sizes.count(2) > 10
    assert loop.count("late_chunks") == 0


def test_who_comes_due_later_does_not_wait_and_is_not_made_early(toy: Toy, scene: SceneMaker) -> None:
    sizes = runs_of(toy, "backbone")  # the toy takes no time: nobody would ever wait
    loop = Loop(toy, sessions=2, together=4)
    loop.players[0].session.inbox.put_frame(arrived(scene(loop.clock.now_s, 0)))
    loop.work()
    loop.clock.now_s += 0.015
    drain(loop.run(0.5, scene))
    assert sizes.count(1) > sizes.count(2)


def test_one_slow_batch_counts_once_however_many_it_served(toy: Toy, scene: SceneMaker) -> None:
    """A hiccup that four sessions share is one hiccup: nobody loses quality for it."""
    loop = Loop(toy, sessions=4, together=4)
    drain(loop.run(1.0, scene))
    toy.runners["decoder"].cost_s = 0.018  # twice a chunk, once
    sizes = runs_of(toy, "decoder")
    while len(sizes) < 2:
        if loop.worker.work_once() > 0:
            loop.clock.now_s += 0.002
    loop.deliver()
    assert sizes == [4, 4]
    toy.runners["decoder"].cost_s = 0.0
    drain(loop.run(1.0, scene))
    assert loop.count("late_chunks") == 0
    assert loop.count("degraded_chunks") == 0


def test_a_client_that_does_not_say_what_it_plays_hears_no_gap(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, chunk_latents=1)
    (player,) = loop.players
    player.silent = True
    shortest = float("inf")
    for _ in loop.run(4.0, scene):
        if player.started_s is not None:
            played = (loop.clock.now_s - player.started_s) * RATE
            shortest = min(shortest, (player.received - played) / RATE)
    assert 0.005 < shortest < 0.08
    assert player.received == pytest.approx(4.0 * RATE, abs=0.1 * RATE)


def test_one_that_falls_silent_for_a_while_is_believed_to_play_on_and_then_to_have_stopped(
    toy: Toy, scene: SceneMaker
) -> None:
    loop = Loop(toy, chunk_latents=1)
    (player,) = loop.players
    player.silent = True
    drain(loop.run(1.0, scene))
    player.report = lambda: None  # type: ignore[method-assign]
    before = player.received
    drain(loop.run(4.0, None))
    assert (player.received - before) / RATE == pytest.approx(1.5, abs=0.1)


def test_the_buffer_shrinks_to_what_is_needed_and_grows_when_the_machine_is_busy(toy: Toy, scene: SceneMaker) -> None:
    toy.runners["decoder"].cost_s = 0.002
    loop = Loop(toy, chunk_latents=1)
    (player,) = loop.players
    drain(loop.run(8.0, scene))
    calm_s = player.session.target_s
    assert calm_s < 0.025
    toy.runners["decoder"].cost_s = 0.014
    drain(loop.run(3.0, scene))
    assert player.session.target_s > calm_s + 0.004
    settled = len(player.chunks)
    drain(loop.run(3.0, scene))
    assert {chunk.steps for chunk in player.chunks[settled:]} == {2}
    assert loop.count("concealed_chunks") == 0


def test_a_reset_forgets_the_stream_and_not_what_was_measured(toy: Toy, scene: SceneMaker) -> None:
    loop = Loop(toy, chunk_latents=1)
    (player,) = loop.players
    drain(loop.run(6.0, scene))
    calm_s = player.session.target_s
    player.session.inbox.put_reset()
    loop.work()
    assert player.session.epoch == 1
    assert player.session.target_s == calm_s


def test_a_frame_is_looked_at_while_nothing_is_due_and_that_work_is_counted(toy: Toy, scene: SceneMaker) -> None:
    toy.runners["cue_encoder"].cost_s = 0.005
    alone, two = Loop(toy), Loop(toy, sessions=2)
    for loop, waits in ((alone, False), (two, True)):
        drain(loop.run(3.0, scene))
        took_ms = np.median([chunk.compute_ms for chunk in loop.players[0].chunks])
        assert (took_ms > 4) == waits
        assert loop.telemetry.report()["rtf"] > 0.1
