"""The sound card. The service needs none: the client plays."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from stereosync_runners.captured_output import captured_output, first_line
from stereosync_tools.doctor.finding import Finding

RATE_HZ = 48_000
SLOW_S = 0.1
TOPIC = "sound card"
LIBRARY = {
    "linux": "apt-get install libportaudio2 (Debian, Ubuntu) or dnf install portaudio (Fedora)",
    "darwin": "pip install --force-reinstall sounddevice, or brew install portaudio",
}
REINSTALL = "pip install --force-reinstall sounddevice"


@dataclass(frozen=True)
class Output:
    """The default output: its own rate, its latency when that is to be low, and whether it takes ours."""

    name: str
    rate_hz: float
    latency_s: float
    takes_ours: bool


def check_sound(look: Callable[[], Output], system: str) -> Finding:
    """The default output, or why there is none. `system` as `sys.platform`."""
    try:
        found = look()
    except ImportError:
        return Finding(TOPIC, "warn", "sounddevice is not installed, so nothing can be played here", REINSTALL)
    except OSError:
        text = "the PortAudio library is missing, so nothing can be played here"
        return Finding(TOPIC, "warn", text, LIBRARY.get(system, REINSTALL))
    except Exception as error:  # PortAudio's own has no base but this, and its module may not load
        text = f"no output can be used ({first_line(str(error))})"
        return Finding(TOPIC, "absent", text, "to hear it here, connect a sound card and choose it in the system")
    return _check_output(found)


def _check_output(found: Output) -> Finding:
    text = f"{found.name}, {found.rate_hz / 1000:g} kHz, {found.latency_s * 1000:.0f} ms"
    if not found.takes_ours:
        cure = f"set it to {RATE_HZ} Hz and stereo in the system's sound settings"
        return Finding(TOPIC, "warn", f"{text}; it does not take {RATE_HZ} Hz in stereo", cure)
    if found.latency_s > SLOW_S:
        cure = "use an output with a cable, and on Windows one of WASAPI or ASIO"
        return Finding(TOPIC, "warn", f"{text}; steps will be heard late", cure)
    return Finding(TOPIC, "ok", text)


def look_at_sound() -> list[Finding]:
    """Check this machine's sound devices."""
    with captured_output():  # the drivers below PortAudio print pages
        return [check_sound(default_output, sys.platform)]


def default_output() -> Output:
    """The default output.

    Raises:
        ImportError, OSError, sounddevice.PortAudioError: the package, its library or a card is missing.
    """
    import sounddevice

    device = sounddevice.query_devices(kind="output")
    try:
        sounddevice.check_output_settings(samplerate=RATE_HZ, channels=2, dtype="float32")
    except sounddevice.PortAudioError:
        takes_ours = False
    else:
        takes_ours = True
    return Output(device["name"], device["default_samplerate"], device["default_low_output_latency"], takes_ours)
