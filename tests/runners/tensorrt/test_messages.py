"""What the library says: errors are kept for the sentence that is raised, phases become one share that never falls."""

import pytest

from stereosync_runners.tensorrt.messages import Phases, Said


def test_errors_are_given_once_in_one_line_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    said = Said()
    for severity in ("INFO", "VERBOSE", "WARNING"):
        said.take(severity, severity.lower())
    assert said.reason() == "it gave no reason"
    for message in ("one\n  two", "three", "three"):
        said.take("ERROR", message)
    assert said.reason() == "one two; three"
    assert said.reason() == "it gave no reason"
    assert [record.message for record in caplog.records] == ["warning", "one\n  two", "three", "three"]


def test_phases_in_phases_become_one_share() -> None:
    told: list[tuple[str, float]] = []
    phases = Phases(lambda phase, share: told.append((phase, share)))
    phases.start("all", None, 2)
    phases.start("first", "all", 4)
    phases.step("first", 0)
    phases.step("first", 1)
    assert told[-1] == ("first", 0.25)
    phases.finish("first")
    phases.step("all", 0)
    assert told[-1] == ("all", 0.5)
    phases.start("second", "all", 2)
    phases.step("second", 0)
    assert told[-1] == ("second", 0.75)
    phases.finish("all")
    assert told[-1] == ("all", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_a_phase_that_never_began_breaks_nothing() -> None:
    told: list[float] = []
    phases = Phases(lambda _, share: told.append(share))
    phases.step("lost", 3)
    phases.finish("lost")
    assert all(0 <= share <= 1 for share in told)
