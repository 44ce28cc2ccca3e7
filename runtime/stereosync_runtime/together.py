"""Chunks of the sessions that are due together, made at once: each run of a graph serves them all.

The worker makes every call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stereosync_runtime.budget import CONCEAL, ChunkWork
from stereosync_runtime.replies import SendAudio
from stereosync_runtime.session import Session, Shared, Turn


def next_batch(shared: Shared, due_s: Mapping[Session, float], now_s: float) -> list[Session]:
    """Who is made next: those that are due, the most urgent first, and those that come due before they are done, which
    could only wait meanwhile. Nobody if none is due."""
    most, options = shared.options.together, shared.options
    batch = [session for session, moment_s in due_s.items() if moment_s <= now_s]
    batch = sorted(batch, key=lambda session: session.left_s(now_s))[:most]
    one_s = shared.costs.mean_s(ChunkWork(options.ladder[0], options.chunk_latents, new_frame=True))
    later = [session for session, moment_s in due_s.items() if moment_s > now_s]
    for session in sorted(later, key=due_s.__getitem__):
        if not batch or len(batch) >= most or due_s[session] > now_s + len(batch) * one_s:
            break
        batch.append(session)
    return batch


def make_together(shared: Shared, sessions: Sequence[Session]) -> list[SendAudio]:
    """The next chunk of each session. Those that have time for equally many steps share a batch."""
    turns = [(session, session.turn(len(sessions))) for session in sessions]
    made = [session.conceal(turn) for session, turn in turns if turn.steps == CONCEAL]
    for steps in sorted({turn.steps for _, turn in turns} - {CONCEAL}):
        made += _made(shared, [(session, turn) for session, turn in turns if turn.steps == steps], steps)
    return made


def _made(shared: Shared, turns: Sequence[tuple[Session, Turn]], steps: int) -> list[SendAudio]:
    _see(shared, [session for session, _ in turns])
    pipeline = shared.pipeline
    errors = pipeline.errors
    parts = [session.part(turn) for session, turn in turns]
    ends = pipeline.step_batch(parts, steps)
    first = turns[0][1]
    shared.costs.record_chunk(first.expected_s, shared.clock() - first.started_s)  # once: it was one piece of work
    shared.telemetry.count("errors", pipeline.errors - errors)
    return [
        session.finish(turn, part, state, samples, len(turns))
        for (session, turn), part, (state, samples) in zip(turns, parts, ends, strict=True)
    ]


def _see(shared: Shared, sessions: Sequence[Session]) -> None:
    """Tokens of the cues that have none yet."""
    unseen = [(session, cues) for session in sessions if (cues := session.unseen_cues) is not None]
    if unseen:
        tokens = shared.pipeline.encode_batch([cues for _, cues in unseen])
        for (session, _), made in zip(unseen, tokens, strict=True):
            session.take_tokens(made)
