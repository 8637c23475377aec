# SPDX-License-Identifier: Apache-2.0
"""The serial line between a simulated recorder and a host: one stable TCP port, a cable that can be plugged, and a rate.

The host opens `url` with pyserial at any time, as it would a port. Bytes sent while the cable is out, or while nobody has
the port open, are lost, as on a real line. Only one program may have the port open: a second one is hung up on.
"""

import selectors
import socket
import threading
import time
from collections.abc import Callable

CHUNK = 65536
# A line that this machine served too late may catch up so much, and no more.
LATEST_S = 0.1


class Way:
    """One direction: what was read and not yet written, at most one chunk, at the line's rate."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.rate: float | None = None  # bytes a second; None: as fast as the machine
        self.change: Callable[[bytes], bytes] | None = None  # a fault on the line
        self.passed = 0
        self._sent_until = time.monotonic()  # when the last byte that passed had left a real line

    def allowed(self) -> int:
        """Bytes that may pass now."""
        if self.rate is None:
            return len(self.waiting)
        now = time.monotonic()
        self._sent_until = max(self._sent_until, now - LATEST_S)
        return min(len(self.waiting), int((now - self._sent_until) * self.rate))

    def take(self, data: bytes) -> None:
        """Bytes enter the line; one that was idle begins with them now."""
        if not self.waiting:
            self._sent_until = max(self._sent_until, time.monotonic())
        self.waiting += self.change(data) if self.change else data

    def sent(self, count: int) -> None:
        del self.waiting[:count]
        self.passed += count
        if self.rate is not None:
            self._sent_until += count / self.rate


class Line:
    """`up` is recorder to host, `down` host to recorder."""

    def __init__(self) -> None:
        self.up = Way()
        self.down = Way()
        self._front = _listener()
        self._back = _listener()
        self.url = f"socket://127.0.0.1:{self._front.getsockname()[1]}"
        self.recorder_port: int = self._back.getsockname()[1]
        self._host: socket.socket | None = None
        self._recorder: socket.socket | None = None
        self._selector = selectors.DefaultSelector()
        self._stop, self._wake = socket.socketpair()
        self._closing = False
        for item in (self._front, self._back, self._stop):
            self._selector.register(item, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        self._wake.send(b"x")
        self._thread.join(timeout=5)
        for item in (self._host, self._recorder, self._front, self._back, self._stop, self._wake):
            if item is not None:
                item.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select(self._arm()):
                if key.fileobj is self._front:
                    self._accept_host()
                elif key.fileobj is self._back:
                    self._accept_recorder()
            self._pump()

    def _arm(self) -> float | None:
        """Asks the selector for what can make progress; returns how long it may wait."""
        throttled = False
        for end, source, sink in ((self._host, self.down, self.up), (self._recorder, self.up, self.down)):
            if end is None:
                continue
            events = 0 if len(source.waiting) >= CHUNK else selectors.EVENT_READ
            if sink.waiting:
                if sink.allowed():
                    events |= selectors.EVENT_WRITE
                else:
                    throttled = True
            self._watch(end, events)
        return 0.001 if throttled else None

    def _watch(self, end: socket.socket, events: int) -> None:
        known = self._selector.get_map().get(end)
        if known is None:
            if events:
                self._selector.register(end, events)
        elif not events:
            self._selector.unregister(end)
        elif known.events != events:
            self._selector.modify(end, events)

    def _pump(self) -> None:
        if self._recorder is not None and not self._move(self._recorder, self.up, self.down):
            self._recorder = None
            self.down.waiting.clear()
        if self._host is not None and not self._move(self._host, self.down, self.up):
            self._host = None
        if self._host is None:
            self.up.waiting.clear()
        if self._recorder is None:
            self.down.waiting.clear()

    def _move(self, end: socket.socket, source: Way, sink: Way) -> bool:
        """Reads from and writes to one end; False when it hung up."""
        try:
            if len(source.waiting) < CHUNK:
                data = _receive(end)
                if data == b"":
                    raise ConnectionResetError
                if data:
                    source.take(data)
            count = sink.allowed()
            if count:
                sink.sent(end.send(sink.waiting[:count]))
        except BlockingIOError:
            return True
        except OSError:
            self._watch(end, 0)
            end.close()
            return False
        return True

    def _accept_host(self) -> None:
        end = _accept(self._front)
        if self._host is not None and _receive_gone(self._host):
            self._watch(self._host, 0)
            self._host.close()
            self._host = None
        if self._host is not None:
            end.close()
            return
        self.up.waiting.clear()
        self._host = end

    def _accept_recorder(self) -> None:
        end = _accept(self._back)
        if self._recorder is not None:
            self._watch(self._recorder, 0)
            self._recorder.close()
        self._recorder = end


def _listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=4)


def _accept(listener: socket.socket) -> socket.socket:
    end, _ = listener.accept()
    end.setblocking(False)
    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return end


def _receive(end: socket.socket) -> bytes | None:
    """None: nothing now; b"": hung up."""
    try:
        return end.recv(CHUNK)
    except BlockingIOError:
        return None


def _receive_gone(end: socket.socket) -> bool:
    """True when the other side has closed and everything from it was read."""
    try:
        return end.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
