"""Mutated messages for a live service, and a healthy client beside it.

Frames that have their credit reach the model; messages of every kind, without one, come by the hundred thousand.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace
from uuid import uuid4

import zmq
from fuzz_targets import mutated_frame, mutated_parts
from served import SERVE, SERVE_UNBOUNDED, ServedProcess, healthy, served
from tqdm import tqdm

from stereosync_bridge import wire
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.golden import messages
from stereosync_bridge.messages import AudioMessage, Bye, Credit, ErrorMessage, Hello, Ping, Pong, Welcome

PATIENCE_S, FLOOD_PATIENCE_S = 0.3, 1.0
IN_STEP_EVERY = 50  # messages of a flood, then a PING is to be answered: so they were read
MOST_SILENCE = 0.25  # of the healthy client's time, on a machine that others use too


class Sender:
    """One session after another: the service ends a connection that breaks too many rules."""

    def __init__(self, service: ServedProcess) -> None:
        self._service = service
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.used = self.refused = self._flooded = 0
        self._open()

    def _open(self) -> None:
        self._control = self._dealer(self._service.control_address)
        self._frames = self._dealer(self._service.frames_address)
        self._session, self._sent, self._credit, self._ended = uuid4().hex, 0, 0, False
        self._control.send_multipart(wire.encode(Hello(self._session, capabilities={"credit": True})))
        self._opened_s = time.monotonic()

    def _dealer(self, address: str) -> zmq.Socket[bytes]:
        socket = self._context.socket(zmq.DEALER)
        socket.linger = 0
        socket.connect(address)
        return socket

    def send(self, rng: random.Random, plain: FrameMessage) -> None:
        """Send one mutated frame when there is a credit for it."""
        while not self._may_send():
            if not self._service.alive:
                return
        self._sent += 1
        message = replace(plain, session=self._session, sent=self._sent, capture_client_s=time.monotonic())
        self._frames.send_multipart(mutated_frame(rng, message))

    def flood(self, rng: random.Random) -> None:
        """Send one mutated message of any kind; whoever is ended, or not answered any more, comes again."""
        lane = rng.choice((self._control, self._frames))
        try:
            lane.send_multipart(mutated_parts(rng, self._session), zmq.NOBLOCK)
        except zmq.Again:
            self._ended = True
        self._flooded += 1
        if self._ended or (self._flooded % IN_STEP_EVERY == 0 and not self._answered()):
            self._close_sockets()
            self._open()

    def _answered(self) -> bool:
        """Ask for a PONG and wait for it."""
        self._control.send_multipart(wire.encode(Ping(time.monotonic())))
        until_s = time.monotonic() + FLOOD_PATIENCE_S
        while time.monotonic() < until_s and not self._ended:
            if self._control.poll(20):
                message = wire.decode(self._control.recv_multipart())
                self._take(message)
                if isinstance(message, Pong):
                    self.used += IN_STEP_EVERY
                    return True
        return False

    def _may_send(self) -> bool:
        """Read for a moment; a session that is stuck or ended is left for another."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s and self._sent >= self._credit and not self._ended:
            if self._control.poll(20):
                self._take(wire.decode(self._control.recv_multipart()))
        if self._ended or self._sent >= self._credit:
            self._close_sockets()
            self._open()
            return False
        return True

    def _take(self, message: wire.Message) -> None:
        if isinstance(message, Welcome | Pong | Credit | AudioMessage):
            self.used += isinstance(message, Credit)
            self._credit = max(self._credit, message.credit)
        if isinstance(message, ErrorMessage):
            self.refused += 1
            self._ended |= message.fatal
        self._ended |= isinstance(message, Bye)

    def _close_sockets(self) -> None:
        for socket in (self._control, self._frames):
            socket.close()

    def close(self) -> None:
        self._close_sockets()
        self._context.term()


def fuzz_live(
    cases: range, seed: int, seconds: float, flood: bool = False
) -> tuple[int, int, int, Counter[str], dict[str, int]]:
    """Cases, credits (of a flood, messages that were read), refusals, faults and the first case of each.

    A flood meets a service without budgets, or little of it would be read.
    """
    plain = messages()["frame_told"]
    assert isinstance(plain, FrameMessage)
    faults: Counter[str] = Counter()
    program = SERVE_UNBOUNDED if flood else SERVE
    with served(program=program) as service, healthy(service.control_address) as client:
        client.take_record()
        sender, done, until_s = Sender(service), 0, time.monotonic() + seconds
        try:
            for case in tqdm(cases, desc="live", disable=None):
                if time.monotonic() > until_s or not service.alive:
                    break
                rng = random.Random(f"{seed} live {case}")
                if flood:
                    sender.flood(rng)
                else:
                    sender.send(rng, plain)
                done += 1
        finally:
            sender.close()
        record = client.take_record() if service.alive else None
        if not service.alive:
            faults[f"the service ended with {service.process.returncode}"] += 1
        elif record and (record.disconnected or record.silence_s > MOST_SILENCE * record.seconds):
            faults[f"the healthy client was harmed: {record}"] += 1
        if "Traceback" in (log := service.log_text()):
            faults[f"a traceback in the log: {log.strip().splitlines()[-1]}"[:160]] += 1
    return done, sender.used, sender.refused, faults, dict.fromkeys(faults, cases.start + done - 1)
