"""Sets this machine up, then makes sound for the walk that ships with the package: picture and sound in walk.mp4.

    python3 scripts/play.py [--venv DIR] [--no-system] [OPTIONS OF stereosync-audition]

With options, they are given to stereosync-audition in place of `--demo --save walk.mp4`. A machine needs only Python;
the second time nothing is installed.
"""

from __future__ import annotations

import subprocess
import sys

from setting_up import Job, read_options, run_command, set_up
from system_packages import OPENCV, PORTAUDIO

JOB = Job(("cpu", "dev"), ("stereosync_runtime", "onnxruntime"), (OPENCV, PORTAUDIO))
DEFAULT = ("--demo", "--save", "walk.mp4")


def main() -> int:
    options = read_options(__doc__, sys.argv[1:])
    arguments = options.rest or DEFAULT
    audition = set_up(JOB, options).program("stereosync-audition")
    print("+ stereosync-audition", *arguments, flush=True)
    return subprocess.run([audition, *arguments]).returncode


if __name__ == "__main__":
    sys.exit(run_command(main))
