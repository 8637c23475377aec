# SPDX-License-Identifier: Apache-2.0
"""The station's end of a link: a thread that keeps a port and a Transport going while the rest of the program works.

The thread is needed: a recorder takes a silent station for gone after some seconds, and checking or storing may take longer than that.
"""

import secrets
import select
import socket
import threading
import time
from types import TracebackType

from sealdock.errors import ExitCode, SealdockError
from sealdock.link.serialport import SerialPort
from sealdock.text import say
from sealproto.limits import OPEN_FOR_MS
from sealproto.transport import CONNECTING, LOST, OPEN, OTHER_VERSION, Transport

_KEPT = 1 << 20  # bytes received and not yet taken; then the recorder has to wait
_SHOWN = 512  # bytes of a strange device's talk that are looked at
_LAST_WORD_S = 0.5


class LinkLost(SealdockError):
    """The cable is out or the recorder went silent. What arrived is kept; another run carries on."""

    exit_code = ExitCode.PARTIAL


class Line:
    """A byte stream to a recorder. `received` counts its bytes on the wire, for progress."""

    def __init__(self, url: str) -> None:
        """Opens the port and waits until a recorder answers. SealdockError in one line within 5 s otherwise."""
        self.url = url
        self.received = 0
        self._port = SerialPort(url)
        self._changed = threading.Condition()
        self._inbox = bytearray()
        self._wanted = 0  # bytes that somebody waits for
        self._sending = False  # somebody waits for room
        self._talk = b""
        self._failed: OSError | None = None
        self._closing = False
        self._stop, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._transport = Transport(True, secrets.randbits(32), _now(), send=65536, receive=65536)
        self._state = CONNECTING  # that the program was told of
        self._thread = threading.Thread(target=self._run, name=f"link {url}", daemon=True)
        self._thread.start()
        try:
            self._await_recorder()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # For the program

    def send(self, data: bytes) -> None:
        """Gives bytes to the stream, waiting for room. LinkLost."""
        view = memoryview(data)
        with self._changed:
            while view:
                self._check()
                view = view[self._transport.send(view) :]
                self._sending = bool(view)
                if view:
                    self._changed.wait(1)
                else:
                    self._poke()

    def receive(self, count: int, timeout_s: float | None = None, until: float | None = None) -> bytes:
        """Exactly so many bytes, fewer than _KEPT. LinkLost, also when nothing comes for so long, or not all until time.monotonic()."""
        with self._changed:
            self._await(count, timeout_s, until)
            data = bytes(self._inbox[:count])
            full = len(self._inbox) >= _KEPT
            del self._inbox[:count]
            if full:
                self._poke()
        return data

    def _await(self, count: int, timeout_s: float | None, until: float | None) -> None:
        self._wanted = count  # the thread wakes nobody for less
        here, since = len(self._inbox), time.monotonic()
        while len(self._inbox) < count:
            self._check()
            self._changed.wait(1)
            if len(self._inbox) > here:
                here, since = len(self._inbox), time.monotonic()
            elif timeout_s is not None and time.monotonic() >= since + timeout_s:
                raise LinkLost(say("link-lost", port=self.url))
            if until is not None and time.monotonic() >= until:
                raise LinkLost(say("link-lost", port=self.url))

    def close(self) -> None:
        """Tells the recorder and lets go of the port."""
        with self._changed:
            self._transport.close()
            self._closing = True
        self._poke()
        self._thread.join()
        self._port.close()
        self._stop.close()
        self._wake.close()

    # Waiting and failing

    def _await_recorder(self) -> None:
        until = time.monotonic() + OPEN_FOR_MS / 1000 + 0.25
        with self._changed:
            while self._transport.state == CONNECTING and self._failed is None and time.monotonic() < until:
                self._changed.wait(0.1)
            if self._transport.state != OPEN:
                raise SealdockError(self._diagnosis())

    def _diagnosis(self) -> str:
        if self._transport.reason == OTHER_VERSION:
            return say("link-version", port=self.url)
        if b">>>" in self._talk or b"MicroPython" in self._talk:
            return say("link-repl", port=self.url)
        lines = self._talk.upper().split()
        if b"OK" in lines or b"ERROR" in lines or b"RING" in lines:
            return say("link-modem", port=self.url)
        if self._failed is not None:
            return say("port-hung-up", port=self.url)
        return say("link-strange" if self._talk else "link-nobody", port=self.url)

    def _check(self) -> None:
        if self._failed is not None or self._transport.state != OPEN:
            raise LinkLost(say("link-lost", port=self.url))

    # The thread

    def _poke(self) -> None:
        try:
            self._wake.send(b"x")
        except BlockingIOError:  # it is awake
            return

    def _run(self) -> None:
        try:
            while not self._closing:
                self._wait(*self._step())
            self._say_last_word()
        except OSError as error:
            self._failed = error
        with self._changed:
            self._changed.notify_all()

    def _step(self) -> tuple[bool, float | None]:
        """Moves what can be moved now. Whether the port is full, and how long nothing more can happen without news, in s."""
        data = self._port.read()
        with self._changed:
            now = _now()
            if data:
                self._take(data, now)
            self._transport.tick(now)
            self._drain()
            full = self._write(now)
            if self._transport.state == LOST:
                self._closing = True
            if self._sending or len(self._inbox) >= self._wanted or self._transport.state != self._state:
                self._state = self._transport.state
                self._changed.notify_all()
            due = self._transport.due(now)
        return full, None if due is None else max(0, due - now) / 1000

    def _take(self, data: bytes, now: int) -> None:
        self.received += len(data)
        if self._transport.state == CONNECTING and len(self._talk) < _SHOWN:
            self._talk += data[:_SHOWN]
        self._transport.feed(data, now)

    def _drain(self) -> None:
        while self._transport.ready() and len(self._inbox) < _KEPT:
            self._inbox += self._transport.receive()

    def _write(self, now: int) -> bool:
        while True:
            out = self._transport.output(now)
            if not out:
                return False
            count = self._port.write(out)
            self._transport.sent(count)
            if count < len(out):
                return True

    def _wait(self, full: bool, seconds: float | None) -> None:
        port, stop = self._port.descriptor, self._stop.fileno()
        readable, _, _ = select.select([port, stop], [port] if full else [], [], seconds)
        if stop in readable:
            self._stop.recv(4096)

    def _say_last_word(self) -> None:
        until = time.monotonic() + _LAST_WORD_S
        while time.monotonic() < until:
            with self._changed:
                full = self._write(_now())
            if not full:
                return
            time.sleep(0.01)


def _now() -> int:
    return time.monotonic_ns() // 1_000_000
