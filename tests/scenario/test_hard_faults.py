# SPDX-License-Identifier: Apache-2.0
"""What may never record: a key store that is damaged or lost, a chain without its keys, a random source that failed. It says so aloud."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sealdock import heard
from sealdock.prompts import adpcm
from sealproto import clips
from sealproto import records as rec
from sealsim import reel
from sealsim.hardware import FLASH_BLOCK, MIB, Hardware
from sealsim.recorder import MENU, RECORD, Recorder
from sealsim.sound import played
from tests.scenario.dockside import Dockside, archived

RATE = 16000


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory, micropython: Path) -> Path:
    """The folder of a station and of a recorder that it enrolled."""
    folder = tmp_path_factory.mktemp("hard faults")
    with Dockside.create(folder) as table:
        table.enrol()
    return folder


def clip(home: Path, number: int) -> bytes:
    """A clip of the firmware as PCM, read from the recorder's own file."""
    raw = (home / "firmware.clips").read_bytes()
    count = int.from_bytes(raw[4:6], "little")
    at = 6 + 10 * count
    for row in range(6, at, 10):
        known, samples, size = (int.from_bytes(raw[row + a : row + b], "little") for a, b in ((0, 2), (2, 6), (6, 10)))
        if known == number:
            return adpcm.decode(raw[at : at + size], samples)
        at += size
    raise AssertionError("no such clip")


def says_that_it_cannot_record(recorder: Recorder) -> bool:
    """Whether both halves of the sentence were really heard, in turn, in what the speaker played since it was switched on."""
    sound = b"".join(item.samples.tobytes() for item in played(recorder.home))
    parts = [heard.find(sound, clip(recorder.home, number), RATE) for number in (clips.CANNOT_RECORD, clips.CHANGE_DEVICE)]
    return all(part.heard for part in parts) and parts[0].offset_s < parts[1].offset_s


def damage(at: int) -> Callable[[bytearray], None]:
    def change(raw: bytearray) -> None:
        used = next(n for n in range(0, len(raw), FLASH_BLOCK) if raw[n] != 0xFF)
        raw[used + at] ^= 0x10

    return change


def erase(raw: bytearray) -> None:
    raw[:] = b"\xff" * len(raw)


DAMAGE = {"in the magic": damage(0), "in the generation": damage(5), "in a secret": damage(30), "in the check": damage(-1), "all": erase}


def nothing_but_a_warning(recorder: Recorder, keys: bytes) -> None:
    """It speaks, shows it, answers buttons so, and makes no key."""
    (recorder.home / "sound.log").write_bytes(b"")
    recorder.start()
    recorder.run_for(6000)
    assert [e for e in recorder.events if e.name == "trace" and e["what"] == "hard-fault"]
    assert says_that_it_cannot_record(recorder)
    (recorder.home / "sound.log").write_bytes(b"")
    for button, ms in ((RECORD, 300), (MENU, 2500), (RECORD, 300)):
        recorder.press(button, ms)
        recorder.run_for(8000)
    assert says_that_it_cannot_record(recorder)
    assert recorder.on and recorder.op("look")["lights"] == [0, 3, 3]
    recorder.power_cut()
    assert (recorder.home / "keystore.bin").read_bytes() == keys


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_key_store_says_so_and_makes_no_new_identity(enrolled: Path, tmp_path: Path, kind: str) -> None:
    with Dockside(enrolled) as table, table.switched_off():
        home = table.recorder.home
        whole = (home / "keystore.bin").read_bytes()
        raw = bytearray(whole)
        if kind == "in the check":
            used = next(n for n in range(0, len(raw), FLASH_BLOCK) if raw[n] != 0xFF)
            end = max(n for n in range(used, used + FLASH_BLOCK) if raw[n] != 0xFF)
            raw[end] ^= 0x10
        else:
            DAMAGE[kind](raw)
        other = tmp_path / "recorder"
        Hardware.load(home).build(other)
        for name in ("flash.bin", "flash.wear", "card.bin"):
            (other / name).write_bytes((home / name).read_bytes())
        (other / "keystore.bin").write_bytes(raw)
    with Recorder(other, reel=reel.quiet()) as recorder:
        nothing_but_a_warning(recorder, bytes(raw))
        (other / "keystore.bin").write_bytes(whole)  # whoever could put the keys back finds the chain as it was
        begun = len(recorder.events)
        recorder.start()
        recorder.run_for(1000)
        assert not [e for e in recorder.events[begun:] if e.name == "trace" and e["what"] == "hard-fault"]


@pytest.mark.parametrize("fault", ["off", "stuck", "repeat"])
def test_a_random_source_that_fails_at_boot_latches(tmp_path: Path, micropython: Path, fault: str) -> None:
    with Recorder.create(tmp_path / "recorder", Hardware(card_bytes=4 * MIB), reel=reel.quiet()) as recorder:
        recorder.entropy_fault = fault
        recorder.start()
        recorder.run_for(6000)
        (said,) = [e["details"][0] for e in recorder.events if e.name == "trace" and e["what"] == "hard-fault"]
        assert said.startswith("OSError" if fault == "off" else "HealthFault")
        assert says_that_it_cannot_record(recorder)
        assert (recorder.home / "keystore.bin").read_bytes() == b"\xff" * 8 * FLASH_BLOCK


@pytest.mark.parametrize("fault", ["off", "stuck", "repeat"])
def test_a_random_source_that_fails_before_enrolment_makes_no_identity(tmp_path: Path, micropython: Path, fault: str) -> None:
    with Dockside.create(tmp_path) as table:
        recorder = table.recorder
        table.hold_menu()
        recorder.op("entropy", fault=fault)
        done = table.enroll()
        assert done.code != 0
        recorder.run_for(6000)
        assert says_that_it_cannot_record(recorder)
        assert not [e for e in recorder.events if e.name == "trace" and e["what"] == "digits"]
        recorder.op("entropy", fault=None)
        with table.switched_off():
            pass
        table.enrol()  # the fault went away: nothing is left of the attempt


def test_a_source_that_fails_later_is_signed_and_the_next_boot_refuses(enrolled: Path, tmp_path: Path) -> None:
    shutil.copytree(enrolled, tmp_path, dirs_exist_ok=True)
    with Dockside(tmp_path) as table:
        recorder = table.recorder
        recorder.op("entropy", fault="stuck")
        table.record(140, marks=270)  # each signature asks the generator, which asks the source every 256th time
        recorder.op("entropy", fault=None)
        table.sync()
        signed = [rec.Record(raw) for name, raw in archived(table.home).items() if name.startswith("record")]
        faults = [r.fields["code"] for r in signed if r.type == rec.FAULT and r.fields]
        assert faults == [5]
        boots = [r.fields["entropy"] for r in signed if r.type == rec.BOOT and r.fields]
        assert set(boots) == {"operating system"}
        recorder.entropy_fault = "stuck"
        with table.switched_off():
            pass
        assert [e for e in recorder.events if e.name == "trace" and e["what"] == "hard-fault"]
