"""What was fetched is kept where the user says, or where the platform keeps such things."""

from pathlib import Path

import pytest

from stereosync.folders import kept_folder


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STEREOSYNC_THINGS", str(tmp_path))
    assert kept_folder("STEREOSYNC_THINGS", "things") == tmp_path


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [("win32", "LOCALAPPDATA", ""), ("linux", "XDG_CACHE_HOME", ""), ("darwin", "HOME", "Library/Caches")],
)
def test_each_platform_has_its_own_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, place: str
) -> None:
    monkeypatch.delenv("STEREOSYNC_THINGS", raising=False)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv(variable, str(tmp_path))
    assert kept_folder("STEREOSYNC_THINGS", "things") == tmp_path / place / "stereosync" / "things"
