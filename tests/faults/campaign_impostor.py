# SPDX-License-Identifier: Apache-2.0
"""Malformed messages at the station: a recorder that the bureau certified and that has turned hostile spoils one message of a sync.

Each message of the handshake and each answer, cut at each byte, with each byte and each field changed, twice, too long. The sync must end
in time, whole or with one line for people; the archive holds nothing but what the recorder's chain signed, under receipts for just that.
"""

import copy
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from line_double import LineDouble
from stations import make_builder, make_home, record_story

from sealdock.archive import media
from sealdock.cli.sync import sync_port
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.station import Station
from sealdock.sync import Quiet
from sealproto import cbor, cose, objects
from sealproto.channel import Channel
from tests.chainbuilder import ChainBuilder

from . import Broken, demand, progress
from .malform import malformed, refielded

SIZE, SAMPLE = 1_000, 10
LONG_BYTES = 2_000
# Each case syncs files a dozen times; what a disk makes of that is not looked for here.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
HANG_S = 5.0  # beyond a good sync: on a machine that does other things meanwhile
GROWTH_MAX_KIB = 40_000
Change = Callable[[bytes], bytes]


class Impostor(LineDouble):
    """Counts its messages and changes one: `inside` its seal, or as it is sent."""

    def __init__(self, builder: ChainBuilder, number: int = -1, change: Change = bytes, inside: bool = False) -> None:
        super().__init__(builder)
        self.plain: list[bytes] = []  # of each message; for one that is not sealed the message itself
        self._plain: bytes | None = None  # of what is sealed now
        self._number, self._change, self._inside = number, change, inside

    def _send(self, data: bytes) -> None:
        body = data[4:]
        if len(self.plain) == self._number and not self._inside:
            body = self._change(body)
        self.plain.append(data[4:] if self._plain is None else self._plain)
        self._plain = None
        super()._send(len(body).to_bytes(4, "little") + body)

    def seal(self, sealed: Channel, plain: bytes) -> bytes:
        if len(self.plain) == self._number and self._inside:
            plain = self._change(plain)
        self._plain = plain
        return sealed.seal(plain)


class Case:
    """One station's folder and one chain, copied for each attempt."""

    def __init__(self, folder: Path) -> None:
        self.home = make_home(folder)
        self.story = make_builder(self.home)
        record_story(self.story)
        self._copies = folder / "copies"

    def attempt(self, number: int, change: Change, inside: bool, break_it: Callable[[Home], None] | None = None) -> tuple[str, float]:
        """(how it ended, seconds). Broken when something is archived that was not signed."""
        folder = self._copies / "one"
        shutil.copytree(self.home.path, folder)
        try:
            home = Home(folder)
            begun = time.monotonic()
            with Impostor(self._copy(), number, change, inside) as line, Station.open(home, write=True) as station:
                ended = _sync(station, line.url)
            spent = time.monotonic() - begun
            if break_it is not None:
                break_it(home)
            self._check(home)
            return ended, spent
        finally:
            shutil.rmtree(folder)

    def messages(self) -> list[bytes]:
        """What a good recorder says in a sync, in clear."""
        folder = self._copies / "one"
        shutil.copytree(self.home.path, folder)
        with Impostor(self._copy()) as line, Station.open(Home(folder), write=True) as station:
            demand(_sync(station, line.url) == "whole", "a good sync did not end well")
        shutil.rmtree(folder)
        return line.plain

    def _copy(self) -> ChainBuilder:
        return copy.deepcopy(self.story)  # a sync appends to it

    def _check(self, home: Home) -> None:
        with Station.open(home) as station:
            (row,) = station.archive.recorders()
            records = list(station.archive.records(row.chain))
            signed = self.story.records
            common = min(len(records), len(signed))
            demand(records[:common] == signed[:common], "records that nobody signed are in the archive")
            for segment in media.segments(station.archive, chain=row.chain):
                if segment.held and segment.sealed:
                    demand(media.stored_bytes(station.archive, segment) == self.story.stored[segment.seq], "other media than were signed")
                demand(segment.receipt is None or segment.held is not None, "a receipt for what is not held")
            for (raw,) in station.archive.db.execute("SELECT raw FROM receipt WHERE raw NOT NULL"):
                covered = objects.read(cose.RECEIPT, raw)[1]["segments"]
                held = {s.seq for s in media.segments(station.archive, chain=row.chain) if s.held}
                demand(all(seq in held for first, last in covered for seq in range(first, last + 1)), "a receipt for what is not held")


def _sync(station: Station, url: str) -> str:
    try:
        result = sync_port(station, url, Quiet())  # type: ignore[arg-type]
    except SealdockError as error:
        demand("\n" not in str(error), f"several lines: {error}")
        return type(error).__name__
    return "whole" if not result.problems else "problems"


def cases(said: list[bytes]) -> Iterator[tuple[str, int, Change, bool]]:
    """For each message: what, its number, the change, whether inside its seal."""
    for number, plain in enumerate(said):
        inside = number > 1 and plain[:1] not in (b"\x01", b"\x02")  # an answer's map; else a handshake message, MEDIA or TAIL
        changes = list(malformed(plain))
        if len(plain) > LONG_BYTES:  # leaves and batches of records are of one kind from end to end
            changes = changes[:64] + changes[64 :: len(plain) // 32]
        if inside or number < 2:
            changes += [change for change in refielded(plain)] if isinstance(cbor.decode(plain), dict) else []
        for what, changed in changes:
            yield f"message {number} {what}", number, (lambda _, changed=changed: changed), inside
        if inside:
            for what, change in _outside():
                yield f"sealed message {number} {what}", number, change, False


def _outside() -> Iterator[tuple[str, Change]]:
    """Of a body that is not there yet."""
    for at in (1, 2, 15, 16, 17, 33):
        yield f"cut by {at}", lambda raw, at=at: raw[:-at] or raw[:1]
    for at in range(0, 60, 7):
        yield f"byte {at} changed", lambda raw, at=at: raw[: at % len(raw)] + bytes([raw[at % len(raw)] ^ 1]) + raw[at % len(raw) + 1 :]
    yield "twice", lambda raw: raw + raw
    yield "empty", lambda raw: b""
    yield "too long", lambda raw: raw + bytes(70_000)


def run(size: int, seed: int = 0, break_it: Callable[[Home], None] | None = None) -> dict[str, int | float]:
    """So many cases in an order of the seed; all when there are no more."""
    ends: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="sealdock-impostor-", dir=MEMORY) as folder:
        case = Case(Path(folder))
        begun = time.monotonic()
        todo = list(cases(case.messages()))
        good = time.monotonic() - begun
        random.Random(seed).shuffle(todo)
        memory, slowest = 0, 0.0
        for done, (what, number, change, inside) in enumerate(todo[:size], 1):
            try:
                ended, spent = case.attempt(number, change, inside, break_it)
                demand(spent < good + HANG_S, f"it took {spent:.1f} s")
            except Broken as error:
                raise Broken(f"{what}: {error}") from error
            ends[ended] = ends.get(ended, 0) + 1
            slowest = max(slowest, spent)
            if done == min(50, size):
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            progress("impostor", done, min(size, len(todo)), 250)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    demand(grown < GROWTH_MAX_KIB, f"memory grew by {grown} KiB")
    return {
        "impostor.cases": min(size, len(todo)),
        "impostor.all_cases": len(todo),
        "impostor.whole": ends.get("whole", 0),
        "impostor.slowest_s": round(slowest, 2),
        "impostor.growth_kib": grown,
    }


def _spoil(home: Home) -> None:
    """What a station would archive that believed everything."""
    for path in (home.archive / "records").iterdir():
        raw = bytearray(path.read_bytes())
        raw[200] ^= 1
        path.write_bytes(bytes(raw))


CONTROLS = (lambda: run(4, break_it=_spoil),)
