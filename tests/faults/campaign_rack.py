# SPDX-License-Identifier: Apache-2.0
"""Many recorders docked at once at one `sealdock sync --watch`: everything of each arrives, under receipts of one unbroken log."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sealdock.station import Station
from sealproto import cose, merkle, objects

from . import Broken, demand
from .table import Table

SIZE, SAMPLE = 16, 3
INTERPRETER = True
SESSION_MS = 8000
LIMIT_S = 240.0


def run(size: int, forget: int | None = None) -> dict[str, int | float]:
    """`forget`: a recorder whose cable is left out, for the control."""
    with tempfile.TemporaryDirectory(prefix="sealdock-rack-") as folder:
        os.environ["SEALDOCK_RECORDERS"] = str(Path(folder) / "registry")
        table = Table(Path(folder), size)
        try:
            return _watched(table, size, forget)
        finally:
            table.close()
            del os.environ["SEALDOCK_RECORDERS"]


def _watched(table: Table, size: int, forget: int | None) -> dict[str, int | float]:
    for number, recorder in enumerate(table.recorders):
        table.record(recorder, SESSION_MS)
        if number == forget:
            recorder.unplug()
        recorder.real()
    begun = time.monotonic()
    synced = _watch(table, size - (forget is not None))
    spent = time.monotonic() - begun
    total = table.check()
    slots = {event["slot"] for event in synced}
    demand(slots == {str(number + 1) for number in range(len(synced))}, f"slots {sorted(slots)}")
    demand(all(event["problems"] == [] and event["receipt"] == 1 for event in synced), "a sync had a problem")
    _check_log(table)
    return {"rack.recorders": size, "rack.bytes": total, "rack.lost": 0, "rack.seconds": round(spent, 1)}


def _watch(table: Table, count: int) -> list[dict[str, Any]]:
    """Runs the command until so many recorders were taken, then ends it as the service does: SIGINT is ignored in a shell's background."""
    command = [sys.executable, "-m", "sealdock", "--home", str(table.home.path), "--json", "sync", "--watch"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            synced = _synced(process, count)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()  # or leaving the block would wait for ever
    demand((process.returncode, errors) == (0, ""), f"it ended with {process.returncode}: {errors}")
    return synced


def _synced(process: subprocess.Popen[str], count: int) -> list[dict[str, Any]]:
    synced: list[dict[str, Any]] = []
    until = time.monotonic() + LIMIT_S
    assert process.stdout
    for line in process.stdout:
        event = json.loads(line)
        demand(event["event"] not in ("error", "lost"), f"{event}")
        synced += [event] if event["event"] == "synced" else []
        if len(synced) == count:
            return synced
        demand(time.monotonic() < until, f"only {len(synced)} of {count} in {LIMIT_S} s")
    raise Broken(f"the station ended after {len(synced)} of {count}")


def _check_log(table: Table) -> None:
    """Each receipt's log head is a state of the one log."""
    with Station.open(table.home) as station:
        for (raw,) in station.archive.db.execute("SELECT raw FROM receipt"):
            receipt = objects.read(cose.RECEIPT, raw)[1]
            head = merkle.root(station.log.leaves[: receipt["log_size"]])
            demand(head == receipt["log_root"], "a receipt states a log that never was")


CONTROLS = (lambda: run(2, forget=1),)
