# SPDX-License-Identifier: Apache-2.0
"""Makes running simulated recorders findable: one small JSON file each, {"url", "pid", "name"}.

host/sealdock/link/ports.py names and reads the folder, for `sealdock devices` and `--port auto`; the station never asks the simulator.
"""

import json
import os

from sealdock.link.ports import recorders_folder, simulated_ports


class Entry:
    """The file of one running recorder; gone when closed. A file whose process has ended is stale and means nothing."""

    def __init__(self, name: str, url: str) -> None:
        port = url.rsplit(":", 1)[1]
        self._path = recorders_folder() / f"{os.getpid()}-{port}.json"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({"url": url, "pid": os.getpid(), "name": name}), encoding="utf-8")
        fresh.replace(self._path)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)


def list_urls() -> list[str]:
    """URLs of the recorders that run now."""
    return [port.url for port in simulated_ports()]
