"""`stereosync-serve` without budgets of connections, for the fuzzer: they would end whoever sends such messages.

Takes the options of `stereosync-serve`.
"""

from __future__ import annotations

import math
import sys

from stereosync_bridge import server
from stereosync_bridge.connections import Limits
from stereosync_runtime import serve

if __name__ == "__main__":
    server.CONTROL_LIMITS = server.FRAME_LIMITS = Limits(
        messages_per_s=math.inf, waste_bytes_per_s=math.inf, refusals_per_s=math.inf, accepted_per_s=math.inf
    )
    sys.exit(serve.main())
