# SPDX-License-Identifier: Apache-2.0
"""A station and a recorder on one table, and a person who types commands: both real, each in its own process.

    with Dockside.create(folder) as table:
        table.enrol()
        table.record(20)
        done = table.seal("sync", "--port", table.url)
        assert (done.code, done.errors) == (0, [])

The recorder lives in virtual time but while a command runs; then time follows the machine's clock, as the command's own does.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sealdock import enrol
from sealdock.home import Home
from sealdock.station import Station
from sealproto import messages
from sealsim import reel
from sealsim.hardware import LEAF_BLOCK, MIB, Hardware
from sealsim.recorder import MARK, MENU, RECORD, Event, Recorder
from sealsim.world import World

HARDWARE = Hardware(card_bytes=16 * MIB, slot_bytes=20 * LEAF_BLOCK)
SETTLED_MS = 1500
MARK_EVERY_MS = 250


@dataclass(frozen=True)
class Done:
    """How a command ended: exit code, what it printed, and how long it took."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()

    @property
    def values(self) -> list[dict[str, Any]]:
        """Its lines, where it was asked for JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


def command(*arguments: object) -> list[str]:
    """The command line of sealdock, in English."""
    return [sys.executable, "-m", "sealdock", "--lang", "en", *map(str, arguments)]


def seal(*arguments: object, stdin: str = "", limit: float = 60, inside: Sequence[str] = ()) -> Done:
    """Runs one command to its end; `inside`: a program and its arguments that run it."""
    begun = time.monotonic()
    done = subprocess.run([*inside, *command(*arguments)], input=stdin, capture_output=True, text=True, timeout=limit, check=False)
    return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - begun)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its SHA-256, and every folder, but for the empty file that is a station's lock."""
    found = {}
    for path in sorted(set(folder.rglob("*")) - {folder / "lock"}):
        found[str(path.relative_to(folder))] = sha256(path.read_bytes()).digest() if path.is_file() else b""
    return found


class Dockside:
    """One station's home and one recorder. Close it."""

    def __init__(self, folder: Path) -> None:
        """Both as they lie in the folder."""
        self.folder = folder
        self.home = folder / "station"
        world = World(time.time_ns() // 1_000_000)
        self.recorder = Recorder(folder / "recorder", reel=reel.quiet(), world=world)
        self.recorder.start()
        self.recorder.run_for(SETTLED_MS)
        self.url = self.recorder.plug()

    @classmethod
    def create(cls, folder: Path) -> "Dockside":
        """A new station beside a recorder that nobody has enrolled."""
        assert seal("--home", folder / "station", "station", "init", "--profile", "luoping").code == 0
        HARDWARE.build(folder / "recorder")
        return cls(folder)

    @contextmanager
    def switched_off(self) -> Iterator[None]:
        self.recorder.power_cut()
        try:
            yield
        finally:
            self.recorder.start()
            self.recorder.run_for(SETTLED_MS)

    def __enter__(self) -> "Dockside":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.recorder.close()

    # The command line

    def seal(self, *arguments: object, home: Path | None = None, **options: Any) -> Done:
        """Runs one command while the recorder's time passes. Options as for seal()."""
        with self.real_time():
            return seal("--home", home or self.home, *arguments, **options)

    @contextmanager
    def real_time(self) -> Iterator[None]:
        self.recorder.real()
        try:
            yield
        finally:
            if self.recorder.on:
                self.recorder.gate()

    @contextmanager
    def started(self, *arguments: object) -> Iterator[subprocess.Popen[str]]:
        """A command that runs while the caller does something to it; ended with the block."""
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        line = command("--home", self.home, *arguments)
        with self.real_time(), subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
            try:
                yield process
            finally:
                process.kill()

    def sync(self) -> dict[str, Any]:
        """A sync that must be good; its last line."""
        done = self.seal("--json", "sync", "--port", self.url)
        assert done.code == 0, done
        result = done.values[-1]
        assert result["problems"] == []
        return result

    # The officer and the custodian

    def hold_menu(self) -> None:
        """The officer allows the next station to enrol the recorder."""
        self.recorder.press(MENU, 2500)
        self.recorder.run_for(4000)

    def digits(self, since: int = 0) -> str:
        """What the custodian hears the recorder say."""
        event: Event = self.recorder.wait_for("trace", 20, since, what="digits")
        return str(event["details"][0])

    def enroll(self, heard: str | None = None, confirm: bool = True, limit: float = 30) -> Done:
        """Types what was heard, or something else; then the officer confirms, or does not."""
        begun, since = time.monotonic(), len(self.recorder.events)
        with self.started("--json", "enroll", "--port", self.url) as process:
            assert process.stdin and process.stdout
            out = process.stdout.readline()
            if "digits" in out:
                process.stdin.write((self.digits(since) if heard is None else heard) + "\n")
                process.stdin.flush()
                out += process.stdout.readline()
            if confirm and "confirm" in out:
                self.recorder.press(RECORD, 300)
            rest, err = process.communicate(timeout=limit)
        return Done(process.returncode, out + rest, err, time.monotonic() - begun)

    def enrol(self) -> None:
        """Enrolment and check-out that must be good."""
        self.hold_menu()
        done = self.enroll()
        assert done.code == 0, done
        self.recorder.run_for(5000)
        assert self.seal("assign", "--port", self.url, "--officer", "officer").code == 0
        self.recorder.run_for(20_000)

    def record(self, seconds: float, marks: int = 0) -> None:
        """A session of so many seconds, with marks from its beginning on."""
        self.recorder.press(RECORD, 300)
        for _ in range(marks):
            self.recorder.run_for(MARK_EVERY_MS)
            self.recorder.press(MARK, 100)
        self.recorder.run_for(max(0, round(seconds * 1000) - MARK_EVERY_MS * marks))
        self.recorder.press(RECORD, 300)
        self.recorder.run_for(3000)
        self.recorder.press(MARK, 300)  # the first reason that is offered: the activity has ended
        self.recorder.run_for(2000)

    # What is in the archive

    def recorder_status(self) -> dict[str, Any]:
        """What the recorder says of itself to its station."""
        with self.real_time(), Station.open(Home(self.home)) as station, enrol.dock(station, self.url) as client:
            return client.request(messages.STATUS)


def archived(home: Path) -> dict[str, bytes]:
    """Stored media and records of the only recorder in an archive, by name."""
    media = {str(path.relative_to(home)): path.read_bytes() for path in sorted((home / "archive" / "media").rglob("*.seg"))}
    with Station.open(Home(home)) as station:
        (row,) = station.archive.recorders()
        return {**media, **{f"record {seq:03}": raw for seq, raw in enumerate(station.archive.records(row.chain))}}


def unfinished(home: Path) -> list[str]:
    """Names of what an interrupted run left beside what is whole: files without their final name, and parts of media."""
    return [str(path.relative_to(home)) for path in sorted(home.rglob("*")) if path.name.startswith(".") or path.parent.name == "partial"]
