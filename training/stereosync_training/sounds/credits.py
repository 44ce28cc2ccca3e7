"""Credits of the recordings that a model was trained on."""

from __future__ import annotations

import csv
from importlib import resources


def licences() -> list[dict[str, str]]:
    """One entry per package, author and licence of the manifest, with the number of files."""
    text = resources.files("stereosync_training.sounds").joinpath("manifest.tsv").read_text(encoding="utf-8")
    counts: dict[tuple[str, str, str], int] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        key = (row["package"], row["author"], row["licence"])
        counts[key] = counts.get(key, 0) + 1
    return [
        {"package": package, "author": author, "licence": licence, "files": str(count)}
        for (package, author, licence), count in sorted(counts.items())
    ]
