"""Tables, percentiles and conditions: what a bench prints is what was measured."""

import json
import math
from pathlib import Path

import pytest
from conditions import machine, told
from rich.console import Console
from tables import cell, median, median_of, percentiles_ms, ratio, table, tracked, write_json


def test_percentiles_are_in_milliseconds_and_named_by_their_point() -> None:
    found = percentiles_ms((number / 1000 for number in range(101)), (0, 50, 99, 100))
    assert found == {"p0_ms": 0.0, "p50_ms": 50.0, "p99_ms": 99.0, "p100_ms": 100.0}


def test_no_times_have_no_percentiles() -> None:
    assert percentiles_ms(()) == {}


def test_medians_are_taken_name_by_name() -> None:
    rounds = [{"rtf": 0.1, "p50_ms": 9.0}, {"rtf": 0.3, "p50_ms": 2.0}, {"rtf": 0.2, "p50_ms": 3.0}]
    assert median_of(rounds) == {"rtf": 0.2, "p50_ms": 3.0}
    assert median_of([]) == {}
    assert math.isnan(median([]))


def test_a_ratio_compares_each_round_with_its_own_base() -> None:
    slow_round = 10.0
    assert ratio([2.0, 2.0 * slow_round, 2.0], [1.0, slow_round, 1.0]) == 2.0


def test_rounds_that_do_not_pair_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="longer"):
        ratio([1.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (math.nan, "-"), (0.12345, "0.123"), (12345.6, "12346"), (7, "7"), ("held", "held")],
)
def test_a_cell_shows_three_digits_and_what_was_not_measured(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_a_table_has_its_rows_and_notes() -> None:
    screen = Console(width=80)
    with screen.capture() as said:
        screen.print(table("title", ("what", "ms"), [["one", 1.5]], ["not measured: two"]))
    shown = said.get()
    assert all(word in shown for word in ("title", "what", "one", "1.5", "not measured: two"))


def test_progress_in_a_log_names_every_item() -> None:
    screen = Console(width=80, force_terminal=False)
    with screen.capture() as said:
        items = list(tracked([1, 2], lambda item: f"item {item}", screen))
    assert items == [1, 2]
    assert said.get().splitlines() == ["1/2 item 1", "2/2 item 2"]


def test_a_report_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    write_json(tmp_path / "new" / "report.json", {"held": 2})
    assert json.loads((tmp_path / "new" / "report.json").read_text("utf-8")) == {"held": 2}
    write_json(None, {})


def test_conditions_name_the_machine_and_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conditions.LOOK_S", None)
    found = machine(chunk_ms=40)
    assert {"processor", "cores", "system", "numpy", "load_percent_before"} <= found.keys()
    assert told(found).endswith("chunk ms 40")
