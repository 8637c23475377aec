# SPDX-License-Identifier: Apache-2.0
"""What a thief finds in a recorder whose part has ended: nothing that opens it. Searched are flash, key store, card and memory.

The test knows every secret: the station opens the content key, the key store's chip shows the epoch's seed while it is in use, and a
test-only start of the application tells the X25519 secrets, masked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sealdock import sealing
from sealdock.archive import media
from sealdock.home import Home
from sealdock.station import Station
from sealproto import derive
from sealsim.recorder import RECORD, Event
from tests.scenario.dockside import Dockside
from tests.scenario.test_rotation_cuts import seeds

MASK = 0x5A
IN_USE = {"part 0 content key", "part 0 tag key, padded with 36", "part 0 tag key, padded with 5c"}
APPLICATION = Path(__file__).with_name("app_secrets.py")


def memory(pid: int) -> Iterator[tuple[str, bytes]]:
    """Every readable, writable mapping of a process: its name and its bytes."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            words = line.split()
            if not words[1].startswith("rw"):
                continue
            start, end = (int(word, 16) for word in words[0].split("-"))
            mem.seek(start)
            try:
                yield words[5] if len(words) > 5 else "anonymous", mem.read(end - start)
            except OSError:
                continue


@dataclass
class Secrets:
    """Name -> bytes of what may be nowhere any more."""

    past: dict[str, bytes] = field(default_factory=dict)

    def part(self, content: bytes, number: int, segments: int) -> None:
        name = f"part {number}"
        self.past[f"{name} content key"] = content
        self.past[f"{name} tag key"] = derive.tag_key(sealing.expand, content)
        for segment in range(segments):
            key = sealing.segment_key(content, segment)
            self.past[f"{name} segment {segment} key"] = key
            for kind, value in zip(("cipher", "IV"), derive.cipher_keys(sealing.expand, key), strict=True):
                self.past[f"{name} segment {segment} {kind} key"] = value
            self._padded(f"{name} segment {segment} IV key")
        self._padded(f"{name} tag key")

    def _padded(self, name: str) -> None:
        """As HMAC keeps it (RFC 2104)."""
        for mask in (0x36, 0x5C):
            self.past[f"{name}, padded with {mask:02x}"] = bytes(byte ^ mask for byte in self.past[name])

    def found(self, table: Dockside) -> dict[str, list[str]]:
        """Where each of them lies: by 16 bytes of it, so that no half is overlooked."""
        out: dict[str, list[str]] = {}
        places = [(path.name, path.read_bytes()) for path in sorted(table.recorder.home.glob("*.bin"))]
        places += list(memory(table.recorder.pid))
        for name, secret in self.past.items():
            hits = [f"{place}+{at:x}" for place, data in places for half in (secret[:16], secret[-16:]) if (at := data.find(half)) >= 0]
            if hits:
                out[name] = hits
        return out


@pytest.fixture
def table(tmp_path: Path, micropython: Path) -> Iterator[Dockside]:
    with Dockside.create(tmp_path) as made:
        made.recorder.application = APPLICATION
        with made.switched_off():
            pass
        made.enrol()
        yield made


def scalars(events: list[Event]) -> dict[str, bytes]:
    told = [e["details"][0] for e in events if e.name == "trace" and e["what"] == "scalar"]
    return {f"X25519 secret {n}": bytes(byte ^ MASK for byte in bytes.fromhex(text)) for n, text in enumerate(told)}


def changes(events: list[Event]) -> list[list[str]]:
    """What the machine did: event, state before, state after."""
    return [event["details"] for event in events if event.name == "trace" and event["what"] == "event"]


def content_keys(table: Dockside) -> dict[int, bytes]:
    """Of the last session, by part."""
    with Station.open(Home(table.home)) as station:
        (row,) = station.archive.recorders()
        segments = media.segments(station.archive, chain=row.chain)
        last = segments[-1].session
        found = {}
        for segment in segments:
            if segment.session == last:
                key = media.content_key(station.archive, segment, station.recipient)
                assert key
                found[segment.part] = key
        return found


def learn(table: Dockside, events: list[Event], epochs: dict[int, bytes]) -> Secrets:
    """Everything secret of parts and epochs that are over."""
    secrets = Secrets(scalars(events))
    secrets.past |= {f"epoch {number} seed": seed for number, seed in epochs.items()}
    for part, content in content_keys(table).items():
        secrets.part(content, part, 12)
    return secrets


def test_nothing_is_left_of_a_part_that_ended(table: Dockside) -> None:
    recorder = table.recorder
    recorder.events.clear()
    epochs: dict[int, bytes] = {}
    images: list[tuple[str, list[tuple[str, bytes]]]] = []

    def look(name: str) -> None:
        epochs.update(seeds(recorder.home))
        files = [(path.name, path.read_bytes()) for path in sorted(recorder.home.glob("*.bin"))]
        images.append((name, files + list(memory(recorder.pid))))

    recorder.press(RECORD, 300)
    recorder.run_for(12_000)
    look("while recording")
    recorder.set_battery(3400)
    recorder.run_for(4000)
    look("interrupted")
    recorder.press(RECORD, 300)
    recorder.run_for(3000)  # too little power: it says so, and the session stays interrupted
    recorder.set_battery(4000)
    recorder.run_for(6000)
    recorder.press(RECORD, 300)
    recorder.run_for(15_000)
    assert changes(recorder.events)[-1] == ["record-pressed", "interrupted", "recording"]  # or the search would prove nothing
    look("while recording again")
    recorder.press(RECORD, 300)
    recorder.run_for(5000)
    assert changes(recorder.events)[-1] == ["record-pressed", "recording", "interrupted"]
    look("closed")
    now = max(seeds(recorder.home))
    epochs.pop(now, None)
    told = list(recorder.events)
    table.sync()
    secrets = learn(table, told, epochs)
    assert len(epochs) >= 2 and len([name for name in secrets.past if name.startswith("X25519")]) >= 2
    assert {0, 1} == set(content_keys(table))

    def left(name: str, matching: Callable[[str], bool]) -> dict[str, list[str]]:
        places = next(found for known, found in images if known == name)
        out = {}
        for secret, value in secrets.past.items():
            hits = [place for place, data in places for half in (value[:16], value[-16:]) if matching(secret) and half in data]
            if hits:
                out[secret] = hits
        return out

    # The positive control: while it records, its keys are in memory, and the search sees them; on no chip.
    recording = left("while recording", lambda name: name in IN_USE)
    assert set(recording) == IN_USE
    assert not [place for places in recording.values() for place in places if place.endswith(".bin")]
    first = {name for name in secrets.past if name.startswith(("part 0", "X25519 secret 0"))}
    first |= {f"epoch {number} seed" for number in sorted(epochs)[:1]}
    assert left("interrupted", lambda name: name in first) == {}
    assert left("closed", lambda name: True) == {}


def test_nothing_is_left_of_a_docking(table: Dockside) -> None:
    table.record(6)
    table.recorder.events.clear()
    table.sync()
    told = scalars(table.recorder.events)
    table.recorder.run_for(3000)
    assert told
    assert Secrets(told).found(table) == {}
