"""The live service: clients on one side, the pipeline on the other.

Threads: the thread that calls `run` is the I/O thread; it owns the sockets, and nothing else touches `BridgeServer`.
`run` starts one worker thread, which owns every `Session` but its inbox, the pipeline and the stage costs. They meet in
the inboxes (one place for each kind, the newest wins), in a bounded outbox, and in the telemetry, which has its own
lock. Neither waits for a client: a send that would block is dropped and counted by the bridge.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from collections.abc import Callable

from stereosync.bundle import Bundle
from stereosync_bridge.errors import SERVICE_FAILED
from stereosync_bridge.events import (
    ClientJoined,
    ClientLeft,
    Event,
    FrameReceived,
    InvalidMessage,
    PlaybackReported,
    ResetRequested,
)
from stereosync_bridge.ids import short
from stereosync_bridge.messages import Hello
from stereosync_bridge.peer import OBSERVER
from stereosync_bridge.seldom import Seldom
from stereosync_bridge.server import BridgeServer, StreamInfo, Told
from stereosync_runtime.graph_shapes import takes_feet
from stereosync_runtime.knowledge import Knowledge, knowledge, values_of
from stereosync_runtime.observers import Observers
from stereosync_runtime.replies import EndSession, GrantCredit, Outgoing, RejectFrame, SendAudio, Warn
from stereosync_runtime.session import Session, Shared
from stereosync_runtime.telemetry import BRIDGE_COUNTERS, Telemetry
from stereosync_runtime.watchdog import Watchdog
from stereosync_runtime.worker import Worker

log = logging.getLogger("stereosync.runtime")

BUSY_POLL_MS = 2.0  # how long a finished chunk may wait for the sockets
IDLE_POLL_MS = 50.0
OUTBOX = 256
SECOND_S = 1.0
CROP_DETAIL = 2  # the crops around characters show more than the whole picture at model size


class Service:
    """Joins a bridge server to a pipeline.

    Args:
        seed: of every stream; None gives each session another.
        tick: called about once a second by the I/O thread.
    """

    def __init__(
        self, server: BridgeServer, shared: Shared, seed: int | None = None, tick: Callable[[], None] = lambda: None
    ) -> None:
        self._server = server
        self._shared = shared
        self._seed = seed
        self._tick = tick
        self._sessions: dict[str, Session] = {}
        self._observers = Observers(server)
        self._outbox: queue.Queue[Outgoing] = queue.Queue(OUTBOX)
        self._told: dict[str, int] = {}
        self._seldom = Seldom(shared.clock)
        self._watchdog = Watchdog(shared.clock)
        self.worker = Worker(shared, self._post)

    @property
    def telemetry(self) -> Telemetry:
        return self._shared.telemetry

    @property
    def bundle(self) -> str:
        """The name in the bundle's manifest."""
        return self._shared.pipeline.bundle.name

    @property
    def control_address(self) -> str:
        return self._server.control_address

    @property
    def frames_address(self) -> str:
        return self._server.frames_address

    def run(self, stop: threading.Event, seconds: float | None = None) -> None:
        """Serve until `stop` is set or `seconds` have passed."""
        ended = threading.Event()
        thread = threading.Thread(target=self._work, args=(ended,), name="stereosync-worker")
        thread.start()
        threading.Thread(target=self._watchdog.run, args=(ended,), name="stereosync-watchdog", daemon=True).start()
        started_s = ticked_s = self._shared.clock()
        try:
            while not (stop.is_set() or ended.is_set()):
                self._watchdog.beat("I/O")
                self.io_once(BUSY_POLL_MS if self._sessions else IDLE_POLL_MS)
                now_s = self._shared.clock()
                if now_s - ticked_s >= SECOND_S:
                    ticked_s = now_s
                    self.tick(now_s - started_s)
                if seconds is not None and now_s - started_s >= seconds:
                    break
        finally:
            failed = ended.is_set()
            ended.set()
            self.worker.wake()
            thread.join()
            self.tick(self._shared.clock() - started_s)
        if failed:
            raise RuntimeError("the worker thread failed; its traceback stands above")

    def tick(self, elapsed_s: float) -> None:
        """Bring the telemetry up to date and tell whoever wants to know."""
        self._count("frames_over_credit", "dropped_frames")
        for name in BRIDGE_COUNTERS:
            self._count(name, name)
        self.telemetry.tick(elapsed_s, len(self._sessions))
        known = {session_id: found for session_id in self._sessions if (found := self._knowledge(session_id))}
        self.telemetry.know(tuple(known.values()))
        values, now_s = self.telemetry.values(), self._shared.clock()
        for session_id, session in self._sessions.items():
            session.arrivals.tick(now_s)
            own = {"target_ms": 1000 * session.target_s} | session.arrivals.age()
            if session_id in known:
                own |= values_of(known[session_id])
            self._server.send_stats(session_id, values | own)
        self._observers.tell(values, {session_id: _seen(session) for session_id, session in self._sessions.items()})
        self._tick()

    def _knowledge(self, session_id: str) -> Knowledge | None:
        basis = self._sessions[session_id].basis
        return None if basis is None else knowledge(self._shared.pipeline.bundle, basis)

    def _count(self, told_by_bridge: str, name: str) -> None:
        told = self._server.counters[told_by_bridge]
        self.telemetry.count(**{name: told - self._told.get(told_by_bridge, 0)})
        self._told[told_by_bridge] = told

    def io_once(self, timeout_ms: float) -> None:
        """Receive for at most `timeout_ms`, then send what the worker made."""
        for event in self._server.poll(timeout_ms):
            self._take(event)
            self._send_all()
        self._send_all()

    def _send_all(self) -> None:
        """Finished chunks wait for nobody's messages."""
        while not self._outbox.empty():
            self._send(self._outbox.get_nowait())

    def _work(self, ended: threading.Event) -> None:
        """The worker thread; if it fails, the service ends and does not go on in silence."""
        try:
            self.worker.run(ended, lambda: self._watchdog.beat("worker"))
        finally:
            ended.set()

    def _post(self, outgoing: Outgoing) -> None:
        try:
            self._outbox.put_nowait(outgoing)
        except queue.Full:
            self.telemetry.count(errors=1)

    def _take(self, event: Event) -> None:
        if isinstance(event, ClientJoined):
            self._join(event.session_id, event.hello)
        elif isinstance(event, ClientLeft):
            log.info("session %s left: %s", short(event.session_id), event.reason)
            self._forget(event.session_id)
        elif isinstance(event, InvalidMessage):
            self._count_invalid(event)
        elif (session := self._sessions.get(event.session_id)) is not None:
            self._deliver(session, event)
            self.worker.wake()

    def _count_invalid(self, event: InvalidMessage) -> None:
        """Errors are those of sessions; a stranger's rubbish is counted apart."""
        self.telemetry.count(invalid_messages=1, errors=event.session_id is not None)
        if self._seldom.may_say((event.session_id, event.error.code)):
            sender = (
                "a connection without a session" if event.session_id is None else f"session {short(event.session_id)}"
            )
            log.warning("%s was refused a message: %s", sender, ascii(str(event.error)))

    def _deliver(self, session: Session, event: FrameReceived | PlaybackReported | ResetRequested) -> None:
        if isinstance(event, FrameReceived):
            session.arrivals.frame(event)
            session.arrivals.playback(event.message.playback)
            session.inbox.put_playback(event.message.playback, event.received_s)
            session.inbox.put_frame(event)
        elif isinstance(event, PlaybackReported):
            session.arrivals.playback(event.playback)
            session.inbox.put_playback(event.playback, self._shared.clock())
        else:
            session.inbox.put_reset()

    def _join(self, session_id: str, hello: Hello) -> None:
        if not self._server.welcome(session_id, _stream_info(self._shared)):
            return
        if hello.capabilities.get(OBSERVER):
            self._observers.add(session_id)
            log.info("observer %s joined: %s", short(session_id), hello.client or "?")
            return
        seed = secrets.randbits(63) if self._seed is None else self._seed
        session = self._sessions[session_id] = Session(session_id, seed, self._shared)
        log.info("session %s joined: %s, engine %s", short(session_id), hello.client or "?", hello.engine or "?")
        self.worker.add(session)

    def _send(self, outgoing: Outgoing) -> None:
        if outgoing.session_id not in self._sessions:
            return
        if isinstance(outgoing, SendAudio):
            self._server.send_audio(outgoing.session_id, outgoing.chunk, outgoing.capture_time_s)
        elif isinstance(outgoing, GrantCredit):
            self._server.grant_credit(outgoing.session_id)
        elif isinstance(outgoing, RejectFrame):
            self._server.reject_frame(outgoing.session_id, outgoing.error)
            self._count_invalid(InvalidMessage(outgoing.session_id, outgoing.error))
        elif isinstance(outgoing, Warn):
            self._server.warn(outgoing.session_id, outgoing.code, outgoing.field, outgoing.rule)
        elif isinstance(outgoing, EndSession):
            self._server.refuse(outgoing.session_id, SERVICE_FAILED, outgoing.rule)
            self._forget(outgoing.session_id)

    def _forget(self, session_id: str) -> None:
        self._observers.remove(session_id)
        self._sessions.pop(session_id, None)
        self.worker.remove(session_id)


def _stream_info(shared: Shared) -> StreamInfo:
    """A new stream, for WELCOME."""
    bundle, options = shared.pipeline.bundle, shared.options
    clock, cue = bundle.clock, bundle.cue_spec
    return StreamInfo(
        sample_rate_hz=clock.sample_rate_hz,
        chunk_samples=options.chunk_latents * clock.samples_per_latent,
        target_buffer_ms=options.target_s * 1000,
        bundle=bundle.name,
        picture_width_px=CROP_DETAIL * cue.picture_width_px,
        picture_height_px=CROP_DETAIL * cue.picture_height_px,
        told=can_be_told(bundle),
    )


def _seen(session: Session) -> dict[str, float]:
    """The figures of a session for an observer."""
    return {
        "target_ms": 1000 * session.target_s,
        "decode_ms": 1000 * session.decode_s,
        **session.arrivals.values(),
    }


def can_be_told(bundle: Bundle) -> Told:
    """The words that clients may tell, as WELCOME says."""
    contacts = bundle.forecast is not None
    return Told(
        feet=contacts or takes_feet(bundle),
        contacts=contacts,
        surface=bool(bundle.grounds),
        scene=bool(bundle.places),
    )
