# SPDX-License-Identifier: Apache-2.0
"""What a thief finds in the whole memory of a simulated Cortex-M3 whose session has ended: RAM, registers, flash, card, key store.

The firmware of this board has no AES, so that nothing is encrypted; here it gets one before the application starts (board_aes.py), and
then makes content keys as any recorder. The test knows every secret: the station opens the content key, the key store shows each epoch's
seed while it is in use, records tell their nonces to whoever has the seed, and the board tells its X25519 secrets, masked.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from tests.board_table import BoardTable
from tests.known_secrets import Secrets, epoch_key, epoch_seeds, part_keys
from tests.leftovers import found

from sealdock.archive import media
from sealdock.station import Station
from sealsim.qemu import firmware
from sealsim.qemu.recorder import MARK, RECORD

MASK = 0x5A
ROTATE_MS = 8000
SETTLED_S = 2.0
BLOCK_BYTES = 1024  # of the key store
MATROSKA = bytes.fromhex("1a45dfa3")
_TELL = """
import sealcam.chain.signer, sealcam.x25519
sealcam.chain.signer.ROTATE_MS = {rotate}
secret = sealcam.x25519.public
def tell(scalar):
    print("trace scalar", bytes([byte ^ {mask} for byte in scalar]).hex())
    return secret(scalar)
sealcam.x25519.public = tell
"""
BEFORE = Path(__file__).with_name("board_aes.py").read_text(encoding="utf-8") + _TELL.format(rotate=ROTATE_MS, mask=MASK)
CHIPS = ("firmware's files", "key store", "flash", "card")


class Thief:
    """Looks into the recorder now and then: `images` by name, and each epoch's seed while the key store has it."""

    def __init__(self, table: BoardTable) -> None:
        self._recorder = table.recorder
        self.images: dict[str, Mapping[str, bytes]] = {}
        self.seeds: dict[int, bytes] = {}
        self.present: dict[str, int] = {}  # image -> the epoch of then

    def look(self, name: str) -> None:
        self.images[name] = self._recorder.memory()
        now = epoch_seeds(self.images[name]["key store"], BLOCK_BYTES)
        self.present[name] = max(now)
        self.seeds |= now

    def wait_for_rotation(self) -> None:
        """Until the key store has a later epoch than ever, and no other: for a moment it holds both."""
        known = max(self.seeds)
        until = time.monotonic() + 60
        while len(held := epoch_seeds(self._recorder.memory()["key store"], BLOCK_BYTES)) > 1 or known >= max(held):
            assert time.monotonic() < until
            time.sleep(0.2)


def learn(table: BoardTable, thief: Thief, told: list[list[str]]) -> Secrets:
    """Everything secret that was ever in the recorder since it was switched on, by what its trace told and by what the station has."""
    secrets = Secrets()
    for number, line in enumerate(line for line in told if line[0] == "scalar"):
        secrets.add_agreement(f"X25519 secret {number}", bytes(byte ^ MASK for byte in bytes.fromhex(line[1])))
    assert secrets
    with Station.open(table.home) as station:
        secrets.add_last_session(station, thief.seeds)
        segment = media.segments(station.archive, chain=station.archive.recorders()[0].chain)[0]
        assert media.playable(station.archive, segment, station.recipient).startswith(MATROSKA)  # encrypted as the station expects it
    assert len(thief.seeds) >= 5 and len([name for name in secrets if "nonce of" in name]) >= 10
    return secrets


def test_nothing_is_left_of_a_session_that_ended(tmp_path: Path) -> None:
    with BoardTable(tmp_path, firmware()) as table:
        table.enrol()
        recorder = table.recorder
        recorder.told.clear()
        thief = Thief(table)
        recorder.start(jump=False, counted=False, before=BEFORE)
        recorder.wait_for("hears")
        thief.look("waiting")
        recorder.press(RECORD)
        recorder.wait_for("event", details="record-pressed idle recording")
        thief.wait_for_rotation()
        thief.look("recording, with a new key")
        thief.wait_for_rotation()
        time.sleep(SETTLED_S)
        thief.look("recording")
        recorder.press(RECORD)
        recorder.wait_for("event", details="record-pressed recording interrupted")
        time.sleep(SETTLED_S)
        thief.look("interrupted")
        recorder.press(MARK)  # the first reason that is offered: the activity has ended
        recorder.wait_for("event", details="activity-ended interrupted idle")
        time.sleep(SETTLED_S)
        thief.look("closed")
        thief.wait_for_rotation()
        time.sleep(SETTLED_S)
        thief.look("closed, with a new key")
        told = list(recorder.told)
        table.sync()
        secrets = learn(table, thief, told)
    # The positive control: what is in use is in memory, and the search sees it. Of a key that signed before, nothing is.
    recording = found(secrets, thief.images["recording"]).keys()
    assert recording >= part_keys(0) | epoch_key(thief.present["recording"])
    assert {name for name in recording if name.startswith("epoch")} == epoch_key(thief.present["recording"])
    for name in ("interrupted", "closed", "closed, with a new key"):
        assert found(secrets, thief.images[name]).keys() == epoch_key(thief.present[name]), name
    for name, image in thief.images.items():
        on_chips = found(secrets, {place: image[place] for place in CHIPS})
        assert on_chips == {f"epoch {thief.present[name]} seed": ["key store, as it is"]}, name
