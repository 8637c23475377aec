# SPDX-License-Identifier: Apache-2.0
"""Lets other commands reach the recorder that `sealdock sim up` keeps running.

The one that runs it answers JSON lines on a loopback port: {"token", "do", ...} -> {...} or {"error", "exit_code"}. Port and token are in
running.json in the recorder's folder, readable by its owner only.
"""

import json
import os
import secrets
import socket
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sealdock.errors import ExitCode, SealdockError

Handler = Callable[[dict[str, Any]], dict[str, Any]]
FILE = "running.json"
LIMIT_S = 60


class Server:
    """Calls the handler for one request at a time, on a thread of its own."""

    def __init__(self, home: Path, handler: Handler, **facts: Any) -> None:
        token = secrets.token_hex(16)
        lock = threading.Lock()

        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    with lock:
                        self.wfile.write(json.dumps(_answer(line, token, handler), ensure_ascii=False).encode() + b"\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self._server.daemon_threads = True
        self._path = home / FILE
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"port": self._server.server_address[1], "token": token, "pid": os.getpid(), **facts}, file)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server.shutdown()
        self._server.server_close()


def _answer(line: bytes, token: str, handler: Handler) -> dict[str, Any]:
    try:
        request = json.loads(line)
        if not secrets.compare_digest(str(request.pop("token", "")), token):
            raise SealdockError("wrong token")
        return handler(request)
    except SealdockError as error:
        return {"error": str(error), "exit_code": int(error.exit_code)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"error": f"cannot understand the request: {error}", "exit_code": int(ExitCode.ERROR)}


def running(home: Path) -> bool:
    """True while some process keeps this recorder running."""
    try:
        facts = json.loads((home / FILE).read_text(encoding="utf-8"))
        with socket.create_connection(("127.0.0.1", facts["port"]), timeout=1):
            return True
    except (OSError, ValueError, KeyError):
        return False


def ask(home: Path, do: str, **details: Any) -> dict[str, Any]:
    """Sends one request to the recorder in `home`. SealdockError when it does not run or refuses."""
    try:
        facts = json.loads((home / FILE).read_text(encoding="utf-8"))
        with socket.create_connection(("127.0.0.1", facts["port"]), timeout=LIMIT_S) as link, link.makefile("rwb") as stream:
            stream.write(json.dumps({"token": facts["token"], "do": do, **details}).encode() + b"\n")
            stream.flush()
            answer: dict[str, Any] = json.loads(stream.readline())
    except (OSError, ValueError, KeyError):
        raise SealdockError(f"no recorder runs in {home}: start one with sealdock sim up") from None
    if "error" in answer:
        raise SealdockError(answer["error"], ExitCode(answer["exit_code"]))
    return answer
