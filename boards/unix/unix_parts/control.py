# SPDX-License-Identifier: Apache-2.0
"""The channel to the simulator: one JSON object a line over a loopback TCP connection. It is no part of a real recorder.

Operations come in ({"op": name, "id": n, ...}) and are answered ({"ev": "done", "id": n, "t": ms, ...}, with "error" when
refused); events go out ({"ev": name, "t": ms of the world, ...}). sim/README.md lists both.
"""

import json
import socket

_LOST = 75  # exit code when the simulator went away
_TCP, _NODELAY = 6, 1


class Control:
    def __init__(self, port, world):
        self.world = world
        self.until = world.now  # the gate: virtual time does not pass it
        self.socket = socket.socket()
        self.socket.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
        self.socket.setsockopt(_TCP, _NODELAY, 1)
        self._ops = {}
        self._buffer = b""
        self._gated = False
        self.on("real", self._real)
        self.on("gate", self._gate_op)

    def on(self, name, handler):
        """handler(op) -> dict of answers or None; OSError, ValueError, KeyError become an "error" answer."""
        if name in self._ops:
            raise ValueError(name)
        self._ops[name] = handler

    def event(self, name, **details):
        self.event_at(self.world.refresh(), name, details)

    def event_at(self, when, name, details):
        """An event that happened at another moment than now."""
        message = {"ev": name, "t": when}
        message.update(details)
        self._send(message)

    def gate(self):
        """Says where the recorder stands and serves operations until one lets it go on."""
        self._gated = True
        self.event("at")
        while self._gated:
            if not self.pending():
                self.receive()
            self._serve_one()

    def halt(self, name, **details):
        """The power is gone: nothing of this process may run on. The simulator ends it."""
        self.event(name, **details)
        while True:
            self.receive()
            self._buffer = b""

    def pending(self):
        return b"\n" in self._buffer

    def serve_pending(self):
        while self.pending():
            self._serve_one()

    def receive(self):
        """Waits for bytes. Ends the process when the simulator is gone."""
        data = self.socket.recv(4096)
        if not data:
            raise SystemExit(_LOST)
        self._buffer += data

    def _serve_one(self):
        if not self.pending():
            return
        line, self._buffer = self._buffer.split(b"\n", 1)
        op = json.loads(line)
        if op["op"] == "run":  # answered by "at"
            self.until = op["until"]
            self._gated = False
            return
        answer = {"ev": "done", "id": op.get("id")}
        try:
            answer.update(self._ops[op["op"]](op) or {})
        except (OSError, ValueError, KeyError) as error:
            answer["error"] = "%s: %s" % (type(error).__name__, error)
        answer["t"] = self.world.refresh()
        self._send(answer)

    def _send(self, message):
        try:
            self.socket.write(json.dumps(message) + "\n")
        except OSError:
            raise SystemExit(_LOST)

    def _real(self, op):
        self.world.follow_real(op.get("speed", 1.0))
        self._gated = False

    def _gate_op(self, op):
        self.world.stand_still()
        self.until = self.world.now
