"""`stereosync-audition`: hear a bundle."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from stereosync.commands import run
from stereosync.errors import StereoSyncError, file_troubles
from stereosync_tools.audition.ignoring import IgnoringSource
from stereosync_tools.audition.interrupts import ended_as_by_ctrl_c
from stereosync_tools.audition.live import audition_live
from stereosync_tools.audition.offline import audition_offline
from stereosync_tools.audition.options import AuditionOptions, parse_options
from stereosync_tools.audition.outcome import Outcome
from stereosync_tools.audition.picture import save_comparison, save_picture
from stereosync_tools.audition.report import save_report
from stereosync_tools.audition.sources import ENGINE_DEFAULT_S, EngineSource, MirroredSource, Source, TapeSource
from stereosync_tools.audition.summary import summary_table


def open_source(options: AuditionOptions) -> Source:
    """The source that the options name. Raises AuditionError when it cannot be opened."""
    source: Source
    if options.tape is None:
        source = EngineSource(options.seed or 0, options.seconds or ENGINE_DEFAULT_S)
    else:
        source = TapeSource(options.tape)
    if options.mirror_boxes:
        source = MirroredSource(source)
    return IgnoringSource(source, options.ignore) if options.ignore else source


def audition(options: AuditionOptions, console: Console) -> list[Outcome]:
    """Hear what the options ask for and leave the files they name; a second outcome is that of a comparison."""
    if options.compare_ignore and options.seed is None:
        options = replace(options, seed=0)  # what differs must not be the noise that was drawn
    outcomes = [_run(options, console)]
    if options.report is not None:
        save_report(options.report, outcomes[0].report)
    if options.compare_ignore:
        ignore = tuple(dict.fromkeys((*options.ignore, *options.compare_ignore)))
        outcomes.append(_run(replace(options, ignore=ignore, save=None), console))
    if options.picture_path is not None:
        _draw(options.picture_path, outcomes)
    return outcomes


def _run(options: AuditionOptions, console: Console) -> Outcome:
    source = open_source(options)
    if options.offline:
        return audition_offline(options, source, console)
    return audition_live(options, source, console, time.monotonic)


def _draw(path: Path, outcomes: Sequence[Outcome]) -> None:
    titles = [f"{outcome.title} · {outcome.report.get('bundle', '')}" for outcome in outcomes]
    if len(outcomes) == 1:
        save_picture(path, outcomes[0].performance, titles[0])
    else:
        performances = (outcome.performance for outcome in outcomes)
        save_comparison(path, dict(zip(titles, performances, strict=True)))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when it went well, 1 with one sentence on stderr when it did not."""
    options = parse_options(arguments)
    console = Console()
    try:
        with ended_as_by_ctrl_c(), file_troubles():
            outcomes = audition(options, console)
    except StereoSyncError as error:
        Console(stderr=True).print(f"stereosync-audition: {error}", style="red", soft_wrap=True, markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Ended by Ctrl-C before anything was heard.")
        return 130
    for outcome in outcomes:
        console.print(summary_table(outcome))
        for notice in outcome.notices:
            console.print(notice, markup=False)
    for path in (options.save, options.picture_path, options.report):
        if path is not None:
            console.print(f"Wrote {path}", markup=False, highlight=False, soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(run("stereosync-audition"))
