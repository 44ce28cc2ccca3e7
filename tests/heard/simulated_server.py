"""A server in simulated time that paces as the service does. Times are seconds of its own clock."""

from __future__ import annotations

from stereosync_bridge import wire
from stereosync_bridge.conformance.script import CHUNK, RATE_HZ, VERSIONS, tone
from stereosync_bridge.errors import HELLO_FIRST, UNKNOWN_SESSION
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.messages import AudioMessage, ErrorMessage, Hello, Ping, Playback, Pong, Reset, Welcome
from stereosync_bridge.peer import MISSES
from stereosync_runtime.pacing import Playhead

TARGET = 800  # samples, 100 ms
HEARTBEAT_S = 1.0


class SimulatedServer:
    """One client's stream, paced by its reports; `open_loop` sends by the server's own clock, as a control."""

    def __init__(self, open_loop: bool = False) -> None:
        self._open_loop = open_loop
        self._begin_stream(0)
        self.session = ""
        self.received = 0
        self.resets = 0
        self._heard_s = 0.0  # when the client last said something

    def _begin_stream(self, epoch: int) -> None:
        self._epoch, self._next_sample, self._begun_s = epoch, 0, None
        self._playhead = Playhead(RATE_HZ)

    def take(self, message: wire.Message, now_s: float) -> list[wire.Message]:
        """The answers to a message that arrives at `now_s`, on its own lane if they are errors, else on control."""
        self._forget_the_silent(now_s)
        self._heard_s = now_s
        if not self.session and not isinstance(message, Hello):
            code = UNKNOWN_SESSION if isinstance(message, FrameMessage) else HELLO_FIRST
            return [ErrorMessage(code, "session", "say HELLO", fatal=True, **VERSIONS)]
        match message:
            case Hello():
                self.session, self.received = message.session, 0
                self._begin_stream(0)
                return [_welcome(message, now_s)]
            case Ping():
                self._hear(message.playback, now_s)
                return [Pong(message.sent_client_s, now_s, now_s, self.received + 1)]
            case FrameMessage() if message.session == self.session:
                self.received += 1
                self._begun_s = now_s if self._begun_s is None else self._begun_s
                self._hear(message.playback, now_s)
                return [AudioMessage(0, 0, 0, self.received + 1)]
            case Reset():
                self.resets += 1
                self._begin_stream(self._epoch + 1)
        return []

    def _forget_the_silent(self, now_s: float) -> None:
        if self.session and now_s - self._heard_s > MISSES * HEARTBEAT_S:
            self.session = ""
            self._begin_stream(0)

    def _hear(self, playback: Playback, now_s: float) -> None:
        if playback.epoch == self._epoch:
            self._playhead = self._playhead.told(min(playback.played_samples, self._next_sample), now_s)

    def due(self, now_s: float) -> list[AudioMessage]:
        """The chunks that are to be sent at `now_s`."""
        self._forget_the_silent(now_s)
        chunks = []
        while self._begun_s is not None and self._is_due(self._begun_s, now_s):
            pcm = tone(self._next_sample, CHUNK, self._epoch).astype("<f4").tobytes()
            chunks.append(AudioMessage(self._epoch, self._next_sample, CHUNK, self.received + 1, pcm=pcm))
            self._next_sample += CHUNK
        return chunks

    def _is_due(self, begun_s: float, now_s: float) -> bool:
        if self._open_loop:
            return self._next_sample < (now_s - begun_s) * RATE_HZ + TARGET
        return self._playhead.due_s(self._next_sample, TARGET / RATE_HZ, now_s) == now_s


def _welcome(hello: Hello, now_s: float) -> Welcome:
    return Welcome(
        session=hello.session,
        capabilities={},
        sample_rate_hz=RATE_HZ,
        chunk_samples=CHUNK,
        target_buffer_ms=1000 * TARGET / RATE_HZ,
        epoch=0,
        heartbeat_s=HEARTBEAT_S,
        frames_port=5751,
        credit=1,
        bundle="simulated",
        picture_width_px=0,
        picture_height_px=0,
        sent_client_s=hello.sent_client_s,
        received_server_s=now_s,
        sent_server_s=now_s,
        **VERSIONS,
    )
