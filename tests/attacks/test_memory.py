"""A message that never ends: libzmq keeps its parts, so the process's growth is what is bounded."""

from __future__ import annotations

import pytest
from beside import Beside
from served import until
from zmtp_peer import ZmtpPeer, part

from stereosync_bridge.server import ServerOptions

OVERSHOOT_MIB = 256.0  # what may come in before a look and the end of a connection
LEFT_MIB = 128.0  # the C library keeps some until it is asked again


@pytest.mark.parametrize("size", [0, 1 << 16], ids=["empty parts", "parts of 64 KiB"])
def test_a_message_that_never_ends_gives_its_memory_back(beside: Beside, size: int) -> None:
    """It is sent on the frame lane by strangers, who come again when they are ended."""
    before_mib = beside.service.resident_mib
    most_mib = before_mib
    piece = part(bytes(size), more=True) * max((1 << 20) // (size + 9), 1)
    peer = ZmtpPeer(beside.service.frames_port)
    with beside.unharmed(3.0) as span:
        while span.goes_on():
            if not peer.send(piece):
                peer.close()
                peer = ZmtpPeer(beside.service.frames_port)
            most_mib = max(most_mib, beside.service.resident_mib)
        peer.close()
    assert most_mib - before_mib < ServerOptions.growth_mib + OVERSHOOT_MIB
    assert until(lambda: beside.service.resident_mib - before_mib < LEFT_MIB), beside.service.resident_mib
