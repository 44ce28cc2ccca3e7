"""The card of a fitted bundle: the old one, and before it to whom it was fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_training.fit.fitting import Fit, FitFigures, FitOptions
from stereosync_training.fit.scores import LEADS_S

NOTICE = (
    "The forecasts of contacts were fitted to the bodies below after everything else was trained. Figures of this "
    "bundle on walks of these bodies are those of a fitted model and never stand under a set's own name: call them "
    '"fitted to", with the bodies. All measures further down are those of the bundle that it was fitted from.'
)


def provenance_of(cycles: Sequence[BodyCycle], fit: Fit, options: FitOptions) -> dict[str, Any]:
    """One fit as the manifest has it."""
    bodies = sorted({cycle.body for cycle in cycles})
    gaits = [f"{cycle.body} {cycle.name}" for cycle in cycles]
    figures = {
        f"{when}_f1_{round(1000 * lead_s)}_ms": {"game": game, "own": own}
        for when, found in (("before", fit.before), ("after", fit.after))
        for lead_s, game, own in zip(LEADS_S, found.game, found.own, strict=True)
    }
    return {"bodies": bodies, "gaits": gaits, "minutes": options.minutes, "seed": options.seed, "simulated": figures}


def fitted_card(old: str, cycles: Sequence[BodyCycle], fit: Fit) -> str:
    """Markdown."""
    gaits = "\n".join(f"* {cycle.body}: {cycle.name}" for cycle in cycles)
    return f"# Fitted\n\n{NOTICE}\n\n{gaits}\n\n{table(fit)}\n\n{old}".rstrip() + "\n"


def table(fit: Fit) -> str:
    """F1 within 50 ms on simulated courses, as a Markdown table."""
    leads = [f"{round(1000 * lead_s)} ms ahead" for lead_s in LEADS_S]
    lines = ["| F1 on simulated courses | " + " | ".join(leads) + " |", "|---" * (len(leads) + 1) + "|"]
    for name, figures in (("before", fit.before), ("after", fit.after)):
        lines += [_line(f"{whose}, {name}", found) for whose, found in _named(figures)]
    return "\n".join(lines)


def _named(figures: FitFigures) -> tuple[tuple[str, tuple[float, ...]], ...]:
    return (("these bodies", figures.game), ("own figures", figures.own))


def _line(name: str, found: Sequence[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.2f}" for value in found) + " |"
