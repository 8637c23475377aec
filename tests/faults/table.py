# SPDX-License-Identifier: Apache-2.0
"""A station and several enrolled recorders with something recorded, all real but the hardware."""

from hashlib import sha256
from pathlib import Path

from sealdock import enrol, setup
from sealdock.archive import media
from sealdock.card.image import Card
from sealdock.home import Home
from sealdock.prompts.build import build
from sealdock.promptstore import install
from sealdock.station import Station
from sealsim import reel
from sealsim.hardware import LEAF_BLOCK, MIB, Hardware
from sealsim.recorder import MARK, MENU, RECORD, Recorder

from . import demand

SLOT_LEAVES = 20


class Table:
    """Close it. Recorders are switched on, plugged in, and live in virtual time."""

    def __init__(self, folder: Path, count: int) -> None:
        self.home = Home(folder / "station")
        setup.init(self.home, "luoping")
        with Station.open(self.home, write=True) as station:
            install(station, build(station.profile))
        self.recorders = [self._recorder(folder / f"recorder{number}", number) for number in range(count)]
        for recorder in self.recorders:
            self._enrol(recorder)

    @staticmethod
    def _recorder(folder: Path, number: int) -> Recorder:
        hardware = Hardware(name=f"recorder {number}", card_bytes=6 * MIB, slot_bytes=SLOT_LEAVES * LEAF_BLOCK, seed=number + 1)
        made = Recorder.create(folder, hardware, reel=reel.quiet())
        made.start()
        made.run_for(1500)
        return made

    def _enrol(self, recorder: Recorder) -> None:
        recorder.press(MENU, 2500)
        recorder.run_for(4000)
        url = recorder.plug()
        recorder.real()
        begun = len(recorder.events)

        def hear() -> str:
            digits = recorder.wait_for("trace", 20, begun, what="digits")
            recorder.press(RECORD, 300)
            return str(digits["details"][0])

        with Station.open(self.home, write=True) as station:
            enrol.enrol(station, url, hear)
        recorder.gate()
        recorder.run_for(20_000)

    def record(self, recorder: Recorder, ms: int) -> None:
        recorder.press(RECORD, 300)
        recorder.run_for(ms)
        recorder.press(RECORD, 300)
        recorder.run_for(3000)
        recorder.press(MARK, 300)  # the first reason that is offered: the activity has ended
        recorder.run_for(2000)
        with Card(recorder.home / "card.bin") as card:
            told = [event for event in recorder.events if event.name in ("trace", "died")][-8:]
            demand(any(slot.copy for slot in card.slots()), f"{recorder.hardware.name} recorded nothing: {told}")

    def close(self) -> None:
        for recorder in list(self.recorders):
            recorder.close()

    def check(self) -> int:
        """That the archive holds, under receipts, exactly what lies on every card; the bytes of media. Broken otherwise."""
        total = 0
        with Station.open(self.home) as station:
            for recorder in self.recorders:
                total += check_card(station, recorder.home / "card.bin")
        return total


def check_card(station: Station, path: Path) -> int:
    """The bytes of a card's sealed segments, each of which the archive holds as it lies there and states in a receipt."""
    total = 0
    with Card(path) as card:
        for slot in card.slots():
            if slot.copy is None:
                continue
            held = media.of_record(station.archive, card.super.chain, slot.copy.seq)
            demand(held is not None and held.held is not None, f"segment of record {slot.copy.seq} is lost")
            assert held is not None
            demand(held.receipt is not None, f"no receipt states record {slot.copy.seq}")
            there, here = b"".join(slot.leaves(held.stored_bytes or 0)), media.stored_bytes(station.archive, held)
            demand(sha256(there).digest() == sha256(here).digest(), f"other bytes than on the card: record {slot.copy.seq}")
            total += len(here)
    demand(total > 0, "nothing was recorded")
    return total
