# SPDX-License-Identifier: Apache-2.0
"""The simulator's end of the control channel to one recorder process: JSON lines over loopback TCP.

Usage:
    channel = Channel(on_event)
    ... start the recorder with channel.port ...
    channel.accept(10.0)
    channel.send({"op": "run", "until": 5000})
"""

import json
import socket
import threading
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]


class Channel:
    """Calls `on_message` from its own thread for each message, and with None when the recorder is gone."""

    def __init__(self, on_message: Callable[[Message | None], None]) -> None:
        self._on_message = on_message
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def accept(self, alive: Callable[[], bool], limit_s: float) -> bool:
        """Waits for the recorder to connect; False when it died or the limit passed."""
        self._listener.settimeout(0.1)
        for _ in range(max(1, int(limit_s / 0.1))):
            try:
                self._socket, _ = self._listener.accept()
            except TimeoutError:
                if not alive():
                    return False
                continue
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.settimeout(None)
            self._thread = threading.Thread(target=self._read, daemon=True)
            self._thread.start()
            return True
        return False

    def send(self, message: Message) -> bool:
        """False when the recorder is gone."""
        if self._socket is None:
            return False
        try:
            self._socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Call after the process has ended: what it said last is still delivered."""
        if self._thread is not None:
            self._thread.join(timeout=5)
        for item in (self._socket, self._listener):
            if item is not None:
                item.close()
        self._socket = None

    def _read(self) -> None:
        assert self._socket is not None
        with self._socket.makefile("rb") as lines:
            try:
                for line in lines:
                    # A killed process may leave half a line.
                    if line.endswith(b"\n"):
                        self._on_message(json.loads(line))
            except OSError:
                pass
        self._on_message(None)
