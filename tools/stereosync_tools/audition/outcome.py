"""The outcome of an audition, live or offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stereosync_tools.audition.performance import Performance


@dataclass(frozen=True)
class Outcome:
    """`report` is the service's live report; `lag_ms` holds the lag's percentiles, none offline."""

    title: str
    performance: Performance
    report: Mapping[str, Any]
    lag_ms: Mapping[str, float]
    notices: tuple[str, ...] = ()
