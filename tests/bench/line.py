# SPDX-License-Identifier: Apache-2.0
"""How much of a serial line becomes media: `python -m tests.bench.line`, part of `make bench`.

One run measures our sync (real recorder under MicroPython, real station; handshake to receipt, verification and fsync included) at
several bit error rates; and over the same cable `mpremote cp` from the simulated Cortex-M3's REPL, and ZMODEM between two processes.
Figures are shares of the line's capacity.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sealdock import clock
from sealdock.cli.base import Env
from sealdock.cli.sync import Shown, sync_port
from sealdock.home import Home
from sealdock.station import Station
from sealsim import reel
from sealsim.demo.narrator import Narrator
from sealsim.demo.story import Story
from sealsim.recorder import MARK, RECORD, Recorder
from tests.bench.mpremote import mpremote
from tests.bench.relay import RATE, Relay, noise, open_pty

MEDIA_BYTES = 8_000_000
ERROR_RATES = {"line.clean": 0.0, "line.ber1e-5": 1e-5, "line.ber1e-4": 1e-4, "line.ber1e-3": 1e-3}
ALIVE = {"line.ber3e-3": 3e-3}


class Bench:
    """One enrolled recorder and its station; each measurement records anew."""

    def __init__(self, folder: Path) -> None:
        self.asked = 0.0  # the share of its line that the station used in the last throttled sync
        self.story = Story(folder, reel.default(), Narrator(Env()))
        self.story.set_up_station()
        self.story.enrol()
        self.story.check_out()

    def record(self, size: int) -> None:
        """A session of at least `size` bytes of media."""
        recorder = self.story.recorder
        recorder.press(RECORD, 200)
        before = recorder.op("look")["card_bytes"]
        while recorder.op("look")["card_bytes"] - before < size * 1.04:
            recorder.run_for(1000)
        recorder.press(RECORD, 200)
        recorder.run_for(3000)
        recorder.press(MARK, 200)  # the first reason that is offered: the activity has ended
        recorder.run_for(2000)

    def sync(self, bit_errors: float, seed: int) -> tuple[int, float]:
        """(media bytes, seconds) of one sync over a throttled pty."""
        url = self.story.recorder.plug()
        with cable(url, bit_errors, seed) as (port, relay):
            size, spent = self._sync(port)
            self.asked = relay.down.passed / spent / RATE
        return size, spent

    def sync_unthrottled(self) -> tuple[int, float]:
        """(media bytes, seconds) of one sync over a pty that carries what both ends can."""
        with direct(self.story.recorder) as port:
            return self._sync(port)

    def _sync(self, port: str) -> tuple[int, float]:
        recorder = self.story.recorder
        recorder.real()
        with Station.open(Home(self.story.home), write=True) as station:
            time.sleep(1)  # a recorder looks for a cable twice a second; nobody's sync begins in that moment
            begun = time.monotonic()
            with Shown(Env()) as shown:
                result = sync_port(station, port, shown)
            spent = time.monotonic() - begun
        recorder.gate()
        recorder.unplug()
        recorder.run_for(1000)
        if result.problems or result.receipt is None:
            raise RuntimeError(f"the sync failed: {result.problems}")
        return result.bytes, spent

    def close(self) -> None:
        self.story.__exit__()
        clock.use(None)


@contextmanager
def direct(recorder: Recorder) -> Iterator[str]:
    """A pty whose far end is the recorder's own connection, with nothing of the simulator between."""
    master, slave, path = open_pty()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        recorder.op("plug", port=listener.getsockname()[1])
        far, _ = listener.accept()
    far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ends = (master, far.fileno())
    wire = subprocess.Popen([sys.executable, "-m", "tests.bench.wire", *map(str, ends)], pass_fds=ends)
    try:
        yield path
    finally:
        wire.kill()
        wire.wait()
        far.close()
        os.close(master)
        os.close(slave)


@contextmanager
def cable(url: str, bit_errors: float, seed: int) -> Iterator[tuple[str, Relay]]:
    """A pty whose far end is the recorder's socket; gives the pty's path, and what moves the bytes."""
    master, slave, path = open_pty()
    host, port = url.removeprefix("socket://").split(":")
    far = socket.create_connection((host, int(port)))
    relay = Relay(master, far.fileno(), bit_errors, seed)
    try:
        yield path, relay
    finally:
        relay.close()
        far.close()
        os.close(master)
        os.close(slave)


def zmodem(size: int = MEDIA_BYTES) -> float:
    """The share of the clean line that lrzsz turns into file."""
    folder = Path(tempfile.mkdtemp(prefix="sealdock-zmodem-"))
    (folder / "out").mkdir()
    (folder / "media.bin").write_bytes(noise(size))
    a, slave_a, _ = open_pty()
    b, slave_b, _ = open_pty()
    relay = Relay(a, b)
    try:
        begun = time.monotonic()
        receiver = subprocess.Popen(["rz", "--quiet"], stdin=slave_a, stdout=slave_a, stderr=subprocess.DEVNULL, cwd=folder / "out")
        sender = ["sz", "--quiet", "--binary", "media.bin"]
        subprocess.run(sender, stdin=slave_b, stdout=slave_b, stderr=subprocess.DEVNULL, cwd=folder, check=True, timeout=300)
        receiver.wait(timeout=30)
        spent = time.monotonic() - begun
        if (folder / "out" / "media.bin").read_bytes() != noise(size):
            raise RuntimeError("ZMODEM delivered something else")
        return size / spent / RATE
    finally:
        relay.close()
        for end in (a, slave_a, b, slave_b):
            os.close(end)
        shutil.rmtree(folder, ignore_errors=True)


def measure(progress: bool = True) -> dict[str, float]:
    """All figures of the line. Takes about a quarter of an hour: the line is as slow as a real one."""
    figures: dict[str, float] = {}
    folder = Path(tempfile.mkdtemp(prefix="sealdock-line-"))
    shutil.rmtree(folder)
    folder.mkdir()
    bench = Bench(folder)
    try:
        for seed, (name, bit_errors) in enumerate((ERROR_RATES | ALIVE).items(), 1):
            bench.record(MEDIA_BYTES if name in ERROR_RATES else MEDIA_BYTES // 16)
            size, spent = bench.sync(bit_errors, seed * 100)
            figures[name] = round(size / spent / RATE, 4)
            figures[f"{name}.asked"] = round(bench.asked, 4)
            if progress:
                share = f"{figures[name]:.4f} of the line, {bench.asked:.4f} of the other way"
                print(f"{name}: {size} bytes in {spent:.1f} s, {share}", flush=True)
        bench.record(MEDIA_BYTES * 8)
        size, spent = bench.sync_unthrottled()
        figures["line.unthrottled.mb_per_s"] = round(size / spent / 1e6, 1)
        if progress:
            print(f"line.unthrottled: {size} bytes in {spent:.1f} s, {figures['line.unthrottled.mb_per_s']} MB/s", flush=True)
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)
    figures["line.mpremote"] = round(mpremote(), 4)
    figures["line.zmodem"] = round(zmodem(), 4)
    return figures


if __name__ == "__main__":
    print(measure())
    sys.exit(0)
