"""The one place where benches ask the runtime for runners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stereosync.bundle import Bundle
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import RunnerError

BUNDLES_CHOICE = "default"  # the precision that the bundle prefers for the device


@dataclass(frozen=True)
class Setting:
    """The way the graphs are run. `sessions`: how many streams the device must keep the states of; `cuda_graphs` None:
    as the runtime chooses."""

    device: str = "cpu"
    precision: str = BUNDLES_CHOICE
    threads: int = 1
    sessions: int = 1
    cuda_graphs: bool | None = None

    def __str__(self) -> str:
        threads = f" {self.threads} thread{'s' if self.threads > 1 else ''}" if self.device == "cpu" else ""
        graphs = {None: "", True: " with CUDA graphs", False: " without CUDA graphs"}[self.cuda_graphs]
        return f"{self.device} {self.precision}{threads}{graphs}"

    def options(self) -> dict[str, Any]:
        """The options for the runtime beyond device and threads: only what differs from its own choice."""
        precision = None if self.precision == BUNDLES_CHOICE else self.precision
        asked = {"precision": precision, "cuda_graphs": self.cuda_graphs}
        sessions = {"sessions": self.sessions} if self.sessions > 1 else {}
        return {**{name: value for name, value in asked.items() if value is not None}, **sessions}


def runners_for(bundle: Bundle, setting: Setting) -> Mapping[str, Any]:
    """Runners as the service would load them.

    Raises:
        RunnerError, TypeError: the device or the precision does not serve, or the runtime has no such option.
    """
    return load_runners(bundle, RunnerRequest(setting.device, setting.threads, **setting.options()), silent)


def silent(_text: str) -> None:
    """A console that nobody reads."""


def why(error: BaseException) -> str:
    """An error as a table shows it."""
    first = (str(error).strip().splitlines() or [""])[0]
    return first if isinstance(error, RunnerError) else f"{type(error).__name__}: {first}"
