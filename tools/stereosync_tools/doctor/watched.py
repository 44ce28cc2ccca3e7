"""The figures of a watched session, and the sentences for what is odd in them. Pure.

Names as in the section "Observers" of `bridge/PROTOCOL.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from stereosync_bridge.errors import ODD_FRAMES
from stereosync_runtime.budget import LEAST_FPS, MOST_LOOK_S
from stereosync_runtime.replies import WARNINGS, clock_rule, cost_rule

Figures = Mapping[str, float]
SETTLED_S = 3.0  # of a session, before which rates and rings say nothing
OF_A_SESSION = re.compile(r"([0-9a-f]{8})\.(.+)")
SENTENCES = ODD_FRAMES | WARNINGS  # of warnings that have no figures


def by_session(values: Figures) -> dict[str, dict[str, float]]:
    """The figures of each session of a STATS message, by the beginning of its id; none in one about the service."""
    sessions: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        if match := OF_A_SESSION.fullmatch(name):
            sessions.setdefault(match[1], {})[match[2]] = value
    return sessions


def word(figures: Figures, kind: str) -> str:
    """The word that a session uses of a kind, as its depth's encoding; "" if it sent none yet."""
    return next((name.removeprefix(f"{kind}.") for name in figures if name.startswith(f"{kind}.")), "")


def warned(figures: Figures) -> list[str]:
    """The codes of the warnings that the client was told."""
    return sorted(name.removeprefix("warned.") for name in figures if name.startswith("warned."))


def odd(now: Figures, before: Figures) -> dict[str, str]:
    """By topic a sentence with cause and cure for what is odd in a session's figures, now and a second before."""
    found = {code: ": ".join(SENTENCES[code]) for code in warned(now) if code in SENTENCES}
    settled = now.get("session_s", 0) >= SETTLED_S and bool(before)
    sentences = {topic: check(now, before) for topic, check in CHECKS.items()} if settled else {}
    return found | {topic: sentence for topic, sentence in sentences.items() if sentence}


def _clock(now: Figures, _before: Figures) -> str:
    if "frame_age_ms" not in now:
        return ""
    rule = clock_rule((now["frame_age_ms"] - now.get("clock_ahead_ms", 0)) / 1000)
    return f"capture_client_s: {rule}" if rule else ""


def _cost(now: Figures, before: Figures) -> str:
    decode_ms = min(one.get("decode_ms", 0) for one in (now, before))  # of the better second
    if not decode_ms / 1000 > MOST_LOOK_S:
        return ""
    size = f"{now.get('picture_width_px', 0):.0f} x {now.get('picture_height_px', 0):.0f}"
    return cost_rule(f"{word(now, 'picture_format')} picture of {size}", decode_ms)


def _lost(now: Figures, before: Figures) -> str:
    if _rise("frames_lost", now, before) <= 0:
        return ""
    return (
        f"{now['frames_lost']:.0f} frames were sent and never came: is the port of the frame lane reachable "
        "(stereosync-serve --frames-bind), and is each picture and depth buffer below 16 MiB?"
    )


def _credit(now: Figures, before: Figures) -> str:
    rise = _rise("frames_over_credit", now, before)
    if rise <= 0:
        return ""
    return f"{rise:.0f} frames in a second came without a credit and were dropped: send while frames_sent < credit"


def _rate(now: Figures, before: Figures) -> str:
    per_s = max(one.get("frames_per_s", 0) for one in (now, before))  # of the better second
    if per_s >= LEAST_FPS or _lost(now, before) or _cost(now, before):
        return ""
    if not per_s:
        return "no frame arrives: is the game paused, does it offer its frames, and has it set up the frame lane?"
    return (
        f"{per_s:.1f} frames arrive a second, and steps need {LEAST_FPS:.0f}: offer each rendered frame and poll "
        "as often; the next one is sent when the credit for it came back"
    )


def _boxes(now: Figures, _before: Figures) -> str:
    if now.get("boxes", 1):
        return ""
    return "boxes: there are none, so nobody is heard walking: send a box for each character in the picture"


def _ring(now: Figures, before: Figures) -> str:
    if not now.get("frames_per_s"):
        return ""
    if "buffered_ms" not in now:
        return "playback: is left out, so nobody knows what the client plays: send it with FRAME and PING"
    if _rise("underruns", now, before) > 0:
        return (
            f"the ring ran dry, {now['underruns']:.0f} times since the session began: the service is too slow "
            "(stereosync-doctor measures it), or the client polls too seldom"
        )
    if now.get("played_per_s") or before.get("played_per_s"):
        return ""
    if not now["buffered_ms"]:
        return "the ring stays empty: does the client write the chunks of AUDIO into it?"
    return f"the ring holds {now['buffered_ms']:.0f} ms and is not read: does the sound device run?"


def _rise(name: str, now: Figures, before: Figures) -> float:
    return now.get(name, 0) - before.get(name, 0)


CHECKS: dict[str, Callable[[Figures, Figures], str]] = {
    "clock": _clock,
    "cost": _cost,
    "lost": _lost,
    "credit": _credit,
    "rate": _rate,
    "boxes": _boxes,
    "ring": _ring,
}
