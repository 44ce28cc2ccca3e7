"""The scripts of the conformance suite: each makes a server and a game do one kind of thing to a client."""

from __future__ import annotations

from collections.abc import Callable

from stereosync_bridge.conformance import broken_scripts, session_scripts, sound_scripts, told_scripts
from stereosync_bridge.conformance.fuzz import fuzz
from stereosync_bridge.conformance.script import Script

ALL: tuple[Callable[[Script], None], ...] = (
    sound_scripts.first_sound,
    sound_scripts.too_loud,
    sound_scripts.late_audio,
    sound_scripts.lost_chunk,
    sound_scripts.remade,
    sound_scripts.new_epoch,
    sound_scripts.underruns,
    sound_scripts.shrink,
    sound_scripts.other_rate,
    session_scripts.credit,
    session_scripts.lost_credit,
    session_scripts.frames_never_answered,
    session_scripts.heartbeats,
    session_scripts.connection_breaks,
    session_scripts.last_word_before_the_break,
    session_scripts.unanswered,
    session_scripts.refusals,
    broken_scripts.wrong_version_told,
    broken_scripts.wrong_version_seen,
    broken_scripts.newer_minor_version,
    broken_scripts.broken_messages,
    session_scripts.full_buffers,
    session_scripts.clock_offset,
    sound_scripts.pauses,
    session_scripts.goodbyes,
    sound_scripts.restart_amid_a_fade,
    sound_scripts.chunk_sizes,
    told_scripts.told_frames,
    told_scripts.credit_alone,
    told_scripts.device_latency,
    told_scripts.older_server,
    told_scripts.whole_floats,
    told_scripts.broken_floats,
)
FUZZ_SEEDS = (1, 2, 3, 4, 5, 6)


def scripts() -> dict[str, list[str]]:
    """The commands of every script by its name; the first line of each says what it is about."""
    written: dict[str, list[str]] = {}
    for write in ALL:
        script = Script()
        write(script)
        written[write.__name__] = [f"# {write.__doc__}", *script.lines]
    for seed in FUZZ_SEEDS:
        written[f"fuzz_{seed}"] = [f"# {fuzz.__doc__}", *fuzz(seed)]
    return written
