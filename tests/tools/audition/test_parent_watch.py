"""A process that watches its standard input, and what becomes of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap

import pytest

WATCHING = textwrap.dedent(
    """
    import signal, sys, time
    from stereosync_tools.audition.parent_watch import end_with_stdin

    {handler}
    end_with_stdin()
    print("ready", flush=True)
    time.sleep(60)
    """
)
HANDLER = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))"


def start(handler: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WATCHING.format(handler=handler)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("handler", [HANDLER, ""])
def test_it_ends_when_its_standard_input_closes(handler: str) -> None:
    with start(handler) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("words that mean nothing\n")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.stdin.close()
        code = process.wait(10)
    assert code == 7 if handler else code in (-signal.SIGTERM, 3, signal.SIGTERM)
