# SPDX-License-Identifier: Apache-2.0
"""What a thief finds in a recorder whose part has ended: nothing that opens it. Searched are flash, key store, card and memory.

The test knows every secret: the station opens the content key, the key store's chip shows the epoch's seed while it is in use, and a
test-only start of the application tells the X25519 secrets, masked.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdock.home import Home
from sealdock.station import Station
from sealsim.recorder import RECORD, Event
from tests.known_secrets import Secrets, epoch_key, part_keys
from tests.leftovers import found
from tests.scenario.dockside import Dockside
from tests.scenario.test_rotation_cuts import seeds

MASK = 0x5A
APPLICATION = Path(__file__).with_name("app_secrets.py")


def memory(pid: int) -> Iterator[tuple[str, bytes]]:
    """Every readable, writable mapping of a process: its name and place, and its bytes."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            words = line.split()
            if not words[1].startswith("rw"):
                continue
            start, end = (int(word, 16) for word in words[0].split("-"))
            mem.seek(start)
            try:
                yield f"{words[5] if len(words) > 5 else 'anonymous'} at {start:x}", mem.read(end - start)
            except OSError:
                continue


@pytest.fixture
def table(tmp_path: Path, micropython: Path) -> Iterator[Dockside]:
    with Dockside.create(tmp_path) as made:
        made.recorder.application = APPLICATION
        with made.switched_off():
            pass
        made.enrol()
        yield made


def places(table: Dockside) -> dict[str, bytes]:
    """Chips and process."""
    files = {path.name: path.read_bytes() for path in sorted(table.recorder.home.glob("*.bin"))}
    return files | dict(memory(table.recorder.pid))


def scalars(events: list[Event]) -> Secrets:
    told = [e["details"][0] for e in events if e.name == "trace" and e["what"] == "scalar"]
    secrets = Secrets()
    for number, text in enumerate(told):
        secrets.add_agreement(f"X25519 secret {number}", bytes(byte ^ MASK for byte in bytes.fromhex(text)))
    return secrets


def changes(events: list[Event]) -> list[list[str]]:
    """What the machine did: event, state before, state after."""
    return [event["details"] for event in events if event.name == "trace" and event["what"] == "event"]


def learn(table: Dockside, events: list[Event], epochs: dict[int, bytes]) -> Secrets:
    """Everything secret of the session and of the epochs that were seen."""
    secrets = scalars(events)
    with Station.open(Home(table.home)) as station:
        secrets.add_last_session(station, epochs)
    return secrets


def test_nothing_is_left_of_a_part_that_ended(table: Dockside) -> None:
    recorder = table.recorder
    recorder.events.clear()
    epochs: dict[int, bytes] = {}
    images: dict[str, dict[str, bytes]] = {}
    present: dict[str, int] = {}

    def look(name: str) -> None:
        now = seeds(recorder.home)
        epochs.update(now)
        present[name] = max(now)
        images[name] = places(table)

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
    told = list(recorder.events)
    table.sync()
    secrets = learn(table, told, epochs)
    assert len(epochs) >= 3 and len([name for name in secrets if name.startswith("X25519")]) >= 4
    assert part_keys(0) | part_keys(1) <= secrets.keys() and len([name for name in secrets if "nonce of" in name]) >= 8

    # The positive control: while it records, its keys are in memory, and the search sees them; on no chip but the key store's.
    assert found(secrets, images["while recording"]).keys() >= part_keys(0) | epoch_key(present["while recording"])
    assert found(secrets, images["while recording again"]).keys() >= part_keys(1) | epoch_key(present["while recording again"])
    for name in ("interrupted", "closed"):
        assert found(secrets, images[name]).keys() == epoch_key(present[name]), name
    for name, image in images.items():
        on_chips = found(secrets, {place: data for place, data in image.items() if place.endswith(".bin")})
        assert on_chips == {f"epoch {present[name]} seed": ["keystore.bin, as it is"]}, name


def test_nothing_is_left_of_a_docking(table: Dockside) -> None:
    table.record(6)
    table.recorder.events.clear()
    table.sync()
    told = scalars(table.recorder.events)
    table.recorder.run_for(3000)
    assert told
    assert found(told, places(table)) == {}
