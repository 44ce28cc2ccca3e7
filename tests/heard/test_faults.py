"""Faults in real time: each client's program on real sockets, and what its audio callback took meanwhile."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from carrying import Carrier, on_timeline, perform
from game import FADE_STEP, TONE_STEP, Game, between, impurity_db, largest_step, now_s, stretches, tone_server
from heard_figures import longest_gap
from heard_run import BLOCK, BUNDLE
from heard_walks import quiet_walk
from made_scenes import SceneMaker
from tone_server import LEFT_HZ, RATE_HZ
from turns import converting_clients, every_client, twice

from stereosync.scene import Float32Array
from stereosync.stereo import level_db
from stereosync_runtime.sight import STALE_S
from stereosync_scenes.truth import walk_truth
from stereosync_tools.audition.host import ServiceProcess
from stereosync_training.measures.onsets import count_onsets, detect_onsets, onset_scores

DEVICE_HZ = 44_100
WALKS_S, HIDDEN_S = 4.0, 4.5
RINGS_S = 2.5  # the model may go on for so long once it is shown nobody
QUIETER_DB = 15  # 0.4.0 kept 40; 0.5.1 hears a little in a quiet place that a small JPEG shows (21 to 25 dB below)


@every_client
def test_a_service_that_is_killed_and_comes_back_is_heard_again(
    program: list[str], scene: SceneMaker, tmp_path: Path
) -> None:
    def run() -> None:
        with tone_server() as (service, control, frames), Carrier(program, control, tmp_path / "heard.f32") as carrier:
            carrier.wait_for("state", "connected")
            with Game(carrier, scene) as game:
                time.sleep(1.2)
                service.kill()
                service.wait()
                killed_s = now_s()
                lost = carrier.wait_for("state", "lost")
                time.sleep(0.8)
                known = len(carrier.lines)
                with tone_server(control, frames):
                    back_s = now_s()
                    again = carrier.wait_for("state", "connected", after=known)
                    time.sleep(1.3)
                    game.stop()
                    carried = carrier.finish()
        assert lost.at_s - killed_s < 0.5, "a broken connection was not noticed"
        assert again.at_s - back_s < 2.0
        heard = stretches(between(carried, carried.playing_s, again.at_s + 1.1))
        assert [sounds for sounds, _ in heard] == [False, True, False, True]
        assert heard[1][1] > 1.0 * RATE_HZ
        assert heard[3][1] > 0.8 * RATE_HZ
        assert largest_step(carried.samples) <= TONE_STEP + FADE_STEP

    twice(run)


@every_client
def test_a_game_that_pauses_beyond_three_heartbeats_keeps_its_session(
    program: list[str], scene: SceneMaker, tmp_path: Path
) -> None:
    def run() -> None:
        with tone_server() as (_, control, _), Carrier(program, control, tmp_path / "heard.f32") as carrier:
            carrier.wait_for("state", "connected")
            with Game(carrier, scene) as game:
                time.sleep(1.2)
                game.hold()
                carrier.tell(b"P")
                paused_s = now_s()
                time.sleep(4.0)
                carrier.tell(b"R")
                game.go_on()
                resumed_s = now_s()
                time.sleep(1.2)
                game.stop()
                carried = carrier.finish()
        assert not carried.times_of("state", "lost")
        assert not between(carried, paused_s + 0.1, resumed_s).any()
        assert between(carried, paused_s - 1.0, paused_s - 0.1).any()
        resumed = stretches(between(carried, resumed_s, resumed_s + 1.0))
        assert [sounds for sounds, _ in resumed] == [False, True]
        assert resumed[0][1] < 0.3 * RATE_HZ
        assert largest_step(carried.samples) <= TONE_STEP + FADE_STEP

    twice(run)


@converting_clients
def test_a_device_of_another_rate_hears_the_same_pitch(program: list[str], scene: SceneMaker, tmp_path: Path) -> None:
    def run() -> None:
        with (
            tone_server() as (_, control, _),
            Carrier(program, control, tmp_path / "heard.f32", rate_hz=DEVICE_HZ, block=441) as carrier,
        ):
            carrier.wait_for("state", "connected")
            with Game(carrier, scene) as game:
                time.sleep(3.0)
                game.stop()
                carried = carrier.finish()
        assert carried.counters["underruns"] == 0
        sounding = stretches(carried.samples)
        assert [sounds for sounds, _ in sounding] == [False, True]
        tone = carried.samples[sounding[0][1] + 1000 :]
        assert len(tone) > 2 * DEVICE_HZ
        assert impurity_db(tone, LEFT_HZ / DEVICE_HZ) < -50
        assert impurity_db(tone, LEFT_HZ / RATE_HZ) > -3, "the wrong pitch would not be seen"

    twice(run)


def free_address() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        return f"tcp://127.0.0.1:{place.getsockname()[1]}"


def await_complaint(carrier: Carrier, control: str) -> None:
    """It says within 3 s that nobody answers at `control`."""
    started_s = now_s()
    told = carrier.wait_for("error")
    assert told.at_s - started_s < 3.0
    assert control in told.words
    assert len(told.words) > 10, "that is no sentence"


@every_client
def test_a_service_that_is_not_there_is_missed_aloud_and_found_later(program: list[str], tmp_path: Path) -> None:
    control = free_address()
    with Carrier(program, control, tmp_path / "heard.f32") as carrier:
        await_complaint(carrier, control)
        time.sleep(0.5)  # the second try is over, too
        with tone_server(control):
            carrier.wait_for("state", "connected", limit_s=4.0)
            assert not carrier.finish().samples.any()


@every_client
def test_a_service_that_takes_the_connection_and_says_nothing_is_missed_too(program: list[str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(4.0)
        control = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        with Carrier(program, control, tmp_path / "heard.f32") as carrier, mute.accept()[0]:
            await_complaint(carrier, control)
            with mute.accept()[0]:  # it tries again
                assert not carrier.finish().samples.any()


@every_client
@pytest.mark.usefixtures("graphics")
def test_a_minimised_window_keeps_its_session_and_falls_quiet(program: list[str], tmp_path: Path) -> None:
    """No frames for 4.5 s while the audio callback goes on; the service forgets a scene that is a second old."""
    plan = quiet_walk(950_156)

    def run() -> None:
        with (
            ServiceProcess(["--bundle", BUNDLE]) as service,
            Carrier(program, service.control_address, tmp_path / "heard.f32") as carrier,
        ):
            carrier.wait_for("state", "connected")
            seen_s = perform(plan, carrier, WALKS_S)
            hidden_s = now_s()
            time.sleep(HIDDEN_S)
            shown_s = perform(plan, carrier, WALKS_S)
            carried = carrier.finish()
        assert not carried.times_of("state", "lost")
        assert carried.counters["underruns"] == 0
        assert longest_gap(carried.samples) <= BLOCK
        walking_db = level_db(between(carried, seen_s + 0.5, seen_s + WALKS_S))
        hidden_db = level_db(between(carried, hidden_s + STALE_S + RINGS_S, hidden_s + HIDDEN_S))
        assert hidden_db < walking_db - QUIETER_DB
        for start_s in (seen_s, shown_s):
            assert heard_well(on_timeline(carried, start_s, WALKS_S))
            assert not heard_well(on_timeline(carried, start_s + 0.1, WALKS_S))

    def heard_well(timeline: Float32Array) -> bool:
        contacts = [contact for contact in walk_truth(plan).contacts if 0.5 < contact.time_s < WALKS_S - 0.1]
        onsets_s = detect_onsets(timeline)
        counts = count_onsets(onsets_s[(onsets_s > 0.45) & (onsets_s < WALKS_S - 0.05)], tuple(contacts))
        return onset_scores([counts])["onset_f1"] >= 0.7

    twice(run)
