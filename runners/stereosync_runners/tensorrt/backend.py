"""The two libraries that build and run engines: one interface, two modules.

`tensorrt` serves data-centre and workstation cards and builds on the card itself. `tensorrt_rtx` serves RTX cards and
builds without any.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from stereosync_runners.runner import RunnerError

NATIVE: tuple[int, ...] = ()  # build for the card that is here


@dataclass(frozen=True)
class Backend:
    """A library: its module, the extra that installs it, and the compute capabilities that it serves, as 86 for 8.6;
    none are named where it serves every card that it can be installed for. `ahead`: it builds without a card. On cards
    of `halves` it has no products in float32."""

    module: str
    extra: str
    ahead: bool = False
    capabilities: tuple[int, ...] = ()
    halves: tuple[int, ...] = ()


BACKENDS = {  # by the name of the device
    "tensorrt": Backend("tensorrt", "tensorrt"),
    "rtx": Backend("tensorrt_rtx", "rtx", ahead=True, capabilities=(75, 80, 86, 89, 120, 121), halves=(75,)),
}


def import_library(backend: Backend) -> Any:
    """The library's module.

    Raises:
        RunnerError: it is not installed, or does not load.
    """
    return import_or_refuse(backend.module, backend.extra)


def import_or_refuse(module: str, extra: str) -> Any:
    """A module that an extra installs.

    Raises:
        RunnerError: it is not installed, or does not load.
    """
    try:
        return importlib.import_module(module)
    except (ImportError, OSError) as error:  # a library that lacks another is an OSError on some systems
        raise RunnerError(f'{module} does not load ({error}): pip install "stereosync[{extra}]"') from error


def check_capability(backend: Backend, capability: int, card: str = "a card") -> None:
    """Refuse a compute capability that the library does not serve.

    Raises:
        RunnerError: the message says what it serves.
    """
    if backend.capabilities and capability not in backend.capabilities:
        served = ", ".join(map(in_words, backend.capabilities))
        raise RunnerError(
            f"{backend.module} does not serve {card} of compute capability {in_words(capability)}, only {served}: "
            "use --device tensorrt or cuda"
        )


def precision_for(backend: Backend, capability: int, precision: str | None) -> str | None:
    """The precision to run in on a card: the one asked for, or fp16 where the library has no other.

    Raises:
        RunnerError: float32 was asked for where there is none.
    """
    if capability not in backend.halves or precision == "fp16":
        return precision
    if precision is None:
        return "fp16"
    raise RunnerError(
        f"{backend.module} has no float32 products for compute capability {in_words(capability)}: "
        "leave --precision out, or use --precision fp16, --device tensorrt or cuda"
    )


def check_request(backend: Backend, capabilities: tuple[int, ...]) -> None:
    """Refuse to build for cards that the library cannot build for here.

    Raises:
        RunnerError: a capability is not served, or the library builds for the card that is here only.
    """
    for capability in capabilities:
        check_capability(backend, capability)
    if capabilities and not backend.ahead:
        raise RunnerError(f"{backend.module} builds for the card that is here: leave out --sm, or use --device rtx")


def parse_capabilities(text: str) -> tuple[int, ...]:
    """Compute capabilities of a text like "86,89"; "native" is the card that is here.

    Raises:
        RunnerError: it is neither.
    """
    if text == "native":
        return NATIVE
    parts = [part.strip().replace(".", "") for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise RunnerError(f"--sm takes native or compute capabilities like 86,89, got {text!r}")
    return tuple(sorted({int(part) for part in parts}))


def in_words(capability: int) -> str:
    """8.6 for 86."""
    return f"{capability // 10}.{capability % 10}"
