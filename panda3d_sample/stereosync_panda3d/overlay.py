"""The status, and what is told, at the lower edge of the window. The task's thread."""

from __future__ import annotations

from typing import Any


class Overlay:
    """Shows a text; does nothing while it stays the same."""

    def __init__(self) -> None:
        from direct.gui.OnscreenText import OnscreenText
        from panda3d.core import TextNode

        self._shown = ""
        self._text: Any = OnscreenText(
            text="", pos=(-1.3, -0.91), scale=0.045, fg=(1, 1, 1, 1), shadow=(0, 0, 0, 1), align=TextNode.ALeft,
            wordwrap=56, mayChange=True,
        )  # fmt: skip

    def show(self, line: str) -> None:
        if line != self._shown:
            self._shown = line
            self._text.setText(line)

    def close(self) -> None:
        self._text.destroy()
