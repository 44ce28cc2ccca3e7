"""The folder of an evaluation's report: its files are replaced by those of the next, and no others."""

from __future__ import annotations

from pathlib import Path

from stereosync.errors import UserError
from stereosync.writing import check_output, json_with

REPORT, PAGE, PICTURE = "report.json", "report.html", "report.png"


def check_report_folder(folder: Path) -> None:
    """Refuse a folder in which a file of the report's names is another's; called before any work.

    Raises:
        UserError: names the file.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--report {folder} is a file: name a folder")
    is_report = json_with("bundle", "rows")
    for name in (REPORT, PAGE, PICTURE) if folder.is_dir() else ():
        check_output(folder / name, "--report", lambda _path: is_report(folder / REPORT))
