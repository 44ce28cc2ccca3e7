"""The engine as the speaker: Panda3D's own audio plays, as in a game."""

from __future__ import annotations

from stereosync_panda3d.player import AHEAD_MS, NoSoundError, PandaPlayer, open_manager
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.player import Player, Take


class EngineSound:
    """Makes players that belong to Panda3D. `delay_s` is the time between taking a sample and its hand-over."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s

    def player(self, take: Take, sample_rate_hz: int) -> Player:
        """A player; another thread may pump it than the one that made it."""
        return PandaPlayer(take, sample_rate_hz)


def open_engine_sound() -> tuple[EngineSound | None, str]:
    """The engine's sound, or None and one sentence that says why nothing is played aloud.

    Raises:
        AuditionError: Panda3D is not installed.
    """
    try:
        open_manager()
    except ImportError as error:
        raise AuditionError("--speaker engine needs Panda3D: pip install 'stereosync[scenes]'.") from error
    except NoSoundError as error:
        return None, f"Nothing is played aloud: {error}."
    return EngineSound(AHEAD_MS / 1000), ""
