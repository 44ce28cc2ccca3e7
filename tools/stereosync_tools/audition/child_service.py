"""`stereosync-serve` as the child of a demo: it ends when the demo does, also when that is killed."""

from __future__ import annotations

import sys

from stereosync_runtime.serve import main
from stereosync_tools.audition.parent_watch import end_with_stdin

if __name__ == "__main__":
    end_with_stdin()
    sys.exit(main())
