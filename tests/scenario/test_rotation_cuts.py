# SPDX-License-Identifier: Apache-2.0
"""Power fails at every write of a change of keys, on the simulated board's own chips: one usable key stays, and the chain goes on."""

from pathlib import Path

import pytest

from sealdock import chain
from sealdock.chain import ChainError, Position
from sealdock.keys import SigningKey
from sealproto import records as rec
from sealsim import reel
from sealsim.hardware import FLASH_BLOCK, MIB, Hardware
from sealsim.recorder import RECORD, Recorder
from tests.known_secrets import epoch_seeds

APPLICATION = Path(__file__).with_name("app_rotation.py")
SMALL = Hardware(card_bytes=MIB, flash_bytes=MIB, keystore_blocks=3)
TORN = (0, 21, 4000)  # bytes of the write that went through


def traces(recorder: Recorder, what: str) -> list[list[str]]:
    return [event["details"] for event in recorder.events if event.name == "trace" and event["what"] == what]


def seeds(home: Path) -> dict[int, bytes]:
    """Every epoch seed that lies anywhere on the key store's chip, by epoch: what a thief of the recorder reads."""
    return epoch_seeds((home / "keystore.bin").read_bytes(), FLASH_BLOCK)


def follow(raws: list[bytes]) -> Position:
    at = chain.begin(raws[0])[1]
    for raw in raws[1:]:
        at = chain.follow(at, raw)[1]
    return at


class Bench:
    def __init__(self, folder: Path, application: Path = APPLICATION) -> None:
        self.recorder = Recorder.create(folder, SMALL, reel=reel.quiet(), application=application)
        self.recorder.start()  # makes the chain
        self.recorder.run_for(100)
        self.recorder.power_cut()
        self.kept = {name: (folder / name).read_bytes() for name in ("flash.bin", "flash.wear", "keystore.bin")}

    def cut(self, part: str, after: int, torn: int) -> tuple[bool, list[bytes]]:
        """Cuts the power within the rotation, at that write; (whether it came to that, the chain after the next boot)."""
        recorder = self.recorder
        for name, raw in self.kept.items():
            (recorder.home / name).write_bytes(raw)
        recorder.start()
        recorder.run_for(100)
        recorder.events.clear()
        recorder.op("cut", part=part, after=after, torn=torn)
        recorder.press(RECORD, 50)
        recorder.run_for(1000)
        cut = not recorder.on
        recorder.power_cut()
        recorder.start()
        recorder.run_for(100)
        recorder.power_cut()
        return cut, [bytes.fromhex(details[0]) for details in traces(recorder, "record")]

    def check(self, raws: list[bytes]) -> None:
        """The chain verifies, its last record is by the one key whose secret is there, and no other secret is."""
        assert not traces(self.recorder, "hard-fault")
        at = follow(raws)
        left = seeds(self.recorder.home)
        assert list(left) == [at.epoch]
        assert SigningKey(left[at.epoch]).public == at.key
        assert rec.Record(raws[-1]).type == rec.BOOT


@pytest.mark.parametrize("part", ["keystore", "flash"])
def test_one_usable_key_after_a_cut_at_every_write(tmp_path: Path, micropython: Path, part: str) -> None:
    bench = Bench(tmp_path / "recorder")
    epochs = set()
    with bench.recorder:
        for after in range(60):
            cuts = 0
            for torn in TORN:
                cut, raws = bench.cut(part, after, torn)
                bench.check(raws)
                epochs.add(follow(raws).epoch)
                assert cut or follow(raws).epoch == 1
                cuts += cut
            if not cuts:
                break
    assert after >= 3, "the cut came within nothing"
    assert epochs == {0, 1}, "cuts fell only before the change, or only after it"


def test_a_rotation_in_the_wrong_order_is_caught(tmp_path: Path, micropython: Path) -> None:
    """The positive control: a recorder that erases the old key before the chain names the new one is left without a key."""
    hasty = tmp_path / "app_hasty.py"
    hasty.write_text(APPLICATION.read_text().replace("HASTY = False", "HASTY = True"))
    bench = Bench(tmp_path / "recorder", hasty)
    caught = 0
    with bench.recorder:
        for after in range(12):
            _, raws = bench.cut("flash", after, 0)
            try:
                bench.check(raws)
            except (AssertionError, ChainError, IndexError):
                caught += 1
    assert caught
