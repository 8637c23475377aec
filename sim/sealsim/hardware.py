# SPDX-License-Identifier: Apache-2.0
"""A simulated recorder's hardware: a folder of chips, each a file, and what was soldered and printed on the board.

The folder holds flash.bin, flash.wear, keystore.bin, card.bin, rtc.json (the clock's state), sound.log (what the
speaker played), firmware.clips (what it can say without a station), console.log (the application's standard output),
hardware.json (this class) and, while it runs, sim.json.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from sealdock.errors import SealdockError
from sealdock.prompts.firmware import firmware_clips

FLASH_BLOCK = 4096
SECTOR = 512
LEAF_BLOCK = 16 * 1024 + SECTOR
MIB = 1024 * 1024


@dataclass
class Hardware:
    """What does not change while a recorder runs. Times in ms, voltages in mV, gains in 1/256."""

    name: str = "recorder"
    camera: bool = True
    rtc_backed: bool = True
    keystore_physical_erase: bool = True
    bootloader_locked: bool = True
    developer_build: bool = True
    flash_bytes: int = 4 * MIB
    keystore_blocks: int = 8
    card_bytes: int = 1024 * MIB
    slot_bytes: int = 125 * LEAF_BLOCK
    flash_free_stop_bytes: int = 256 * 1024
    battery_curve: list[list[int]] = field(
        default_factory=lambda: [
            [4180, 100],
            [4060, 90],
            [3980, 80],
            [3920, 70],
            [3870, 60],
            [3820, 50],
            [3790, 40],
            [3770, 30],
            [3740, 20],
            [3680, 10],
            [3500, 3],
            [3300, 0],
        ]
    )
    battery_warn_mv: int = 3680
    battery_stop_mv: int = 3500
    battery_ripple_mv: int = 6
    temperature: int | None = 24
    echo_ms: int = 12
    echo_gain: int = 128
    heap: str = "4m"
    seed: int = 1
    # None: real randomness. A text: every boot draws the same stream, so that a run repeats itself byte for byte.
    entropy_seed: str | None = None
    ticks_start: int = 2**30 - 60_000

    @classmethod
    def load(cls, home: Path) -> "Hardware":
        try:
            facts = json.loads((home / "hardware.json").read_text(encoding="utf-8"))
            return cls(**{key: facts[key] for key in (item.name for item in fields(cls))})
        except (OSError, ValueError, KeyError) as error:
            raise SealdockError(f"no simulated recorder in {home}: {error}") from error

    def build(self, home: Path) -> None:
        """New hardware: erased flash and key store, an empty card, a clock that was never set."""
        if (home / "hardware.json").exists():
            raise SealdockError(f"{home} already holds a simulated recorder")
        home.mkdir(parents=True, exist_ok=True)
        _erased(home / "flash.bin", self.flash_bytes)
        (home / "flash.wear").write_bytes(bytes(4 * (self.flash_bytes // FLASH_BLOCK)))
        _erased(home / "keystore.bin", self.keystore_blocks * FLASH_BLOCK)
        new_card(home / "card.bin", self.card_bytes)
        (home / "rtc.json").write_bytes(b"")
        (home / "sound.log").write_bytes(b"")
        (home / "firmware.clips").write_bytes(firmware_clips())
        (home / "hardware.json").write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    def settings(self, home: Path, **situation: Any) -> dict[str, Any]:
        """What boards/unix reads at boot: the hardware, the files and the situation of this start."""
        home = home.resolve()
        files = {
            "flash": str(home / "flash.bin"),
            "wear": str(home / "flash.wear"),
            "keystore": str(home / "keystore.bin"),
            "rtc": str(home / "rtc.json"),
            "sound_log": str(home / "sound.log"),
            "firmware_clips": str(home / "firmware.clips"),
        }
        return {**asdict(self), **files, **situation}


def new_card(path: Path, size: int) -> None:
    """A card of zeros; takes no room on the disk until written."""
    with path.open("wb") as file:
        file.truncate(size // SECTOR * SECTOR)


def _erased(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for _ in range(size // FLASH_BLOCK):
            file.write(b"\xff" * FLASH_BLOCK)
