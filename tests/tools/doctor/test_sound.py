"""The sound card, which only the client needs."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from judging import Judge

from stereosync_tools.doctor.sound import Output, check_sound, default_output


class PortAudioError(Exception):
    """Stands for sounddevice's."""


def raising(error: Exception) -> Any:
    def look() -> Output:
        raise error

    return look


@pytest.mark.parametrize(
    ("output", "verdict", "cause", "cure"),
    [
        (Output("Speakers", 48_000, 0.01, True), "ok", "Speakers, 48 kHz, 10 ms", ""),
        (Output("Speakers", 44_100, 0.01, True), "ok", "44.1 kHz", ""),
        (Output("Speakers", 44_100, 0.01, False), "warn", "does not take 48000 Hz", "set it to 48000 Hz"),
        (Output("Earbuds", 48_000, 0.25, True), "warn", "250 ms; steps will be heard late", "cable"),
    ],
)
def test_an_output_is_told_with_rate_and_latency(
    judge: Judge, output: Output, verdict: str, cause: str, cure: str
) -> None:
    judge(check_sound(lambda: output, "linux"), verdict, cause, cure)


@pytest.mark.parametrize(
    ("system", "cure"),
    [("linux", "apt-get install libportaudio2"), ("darwin", "brew"), ("win32", "--force-reinstall sounddevice")],
)
def test_a_missing_portaudio_has_a_cure_for_every_system(judge: Judge, system: str, cure: str) -> None:
    judge(check_sound(raising(OSError("PortAudio library not found")), system), "warn", "PortAudio library", cure)


def test_a_missing_package_and_a_missing_card_are_told_apart(judge: Judge) -> None:
    missing = check_sound(raising(ModuleNotFoundError("sounddevice")), "linux")
    judge(missing, "warn", "sounddevice is not installed", "pip install")
    no_card = check_sound(raising(PortAudioError("Error querying device -1")), "linux")
    judge(no_card, "absent", "Error querying device -1", "connect a sound card")


@pytest.mark.parametrize("takes_ours", [True, False])
def test_the_default_output_is_asked_for_our_rate(monkeypatch: pytest.MonkeyPatch, takes_ours: bool) -> None:
    def check(**asked: Any) -> None:
        assert asked == {"samplerate": 48_000, "channels": 2, "dtype": "float32"}
        if not takes_ours:
            raise PortAudioError("Invalid sample rate")

    device = {"name": "Card", "default_samplerate": 44_100.0, "default_low_output_latency": 0.02}
    fake = SimpleNamespace(
        PortAudioError=PortAudioError, query_devices=lambda **_kind: device, check_output_settings=check
    )
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    assert default_output() == Output("Card", 44_100.0, 0.02, takes_ours)
