# SPDX-License-Identifier: Apache-2.0
"""A station with recorders that are enrolled, furnished and checked out: made once for a profile, copied for each story."""

import json
import shutil
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sealdock import clock, enrol, profile, promptstore, setup
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.prompts.build import build
from sealdock.station import Station
from sealsim import reel
from sealsim.hardware import LEAF_BLOCK, MIB, Hardware
from sealsim.recorder import MENU, RECORD, Recorder
from sealsim.world import World

OFFICER = 17
SPEED = 4  # times the machine's clock while a host is on the line
SETTLE_MS = 1500
CHECKED_OUT_MS = 25_000  # longer than the spoken check at check-out
SLOT_LEAVES = 60


@dataclass(frozen=True)
class Wanted:
    """What a story needs: a profile by name or path, how many recorders, what differs from usual hardware."""

    profile: str
    recorders: int = 1
    hardware: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        path = Path(self.profile)
        source = path.read_text(encoding="utf-8") if path.suffix == ".toml" else self.profile
        return sha256(json.dumps([source, self.recorders, self.hardware], sort_keys=True).encode()).hexdigest()[:16]


class Kits:
    """Makes kits in a folder, and copies of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stories = 0

    def copy(self, wanted: Wanted) -> tuple[Path, int]:
        """A kit of one's own and the world's time in it."""
        made = self.folder / wanted.key
        if not (made / "world.json").exists():
            shutil.rmtree(made, ignore_errors=True)
            _make(made, wanted)
        self._stories += 1
        mine = self.folder / f"story-{self._stories}"
        shutil.copytree(made, mine)
        now: int = json.loads((mine / "world.json").read_text(encoding="utf-8"))
        return mine, now


def recorder_home(kit: Path, number: int) -> Path:
    return kit / f"recorder-{number}"


def _make(folder: Path, wanted: Wanted) -> None:
    usual = Hardware(card_bytes=96 * MIB, slot_bytes=SLOT_LEAVES * LEAF_BLOCK)
    world = World()
    recorders: list[Recorder] = []
    try:
        clock.use(lambda: max(recorder.now_ms() for recorder in recorders))
        for number in range(1, wanted.recorders + 1):
            changed = {**asdict(usual), "name": f"recorder-{number}", "seed": number, **wanted.hardware}
            recorders.append(Recorder.create(recorder_home(folder, number), Hardware(**changed), reel=reel.quiet(), world=world))
        home = Home(folder / "station")
        setup.init(home, wanted.profile, "采集站")
        with Station.open(home, write=True) as station:
            promptstore.install(station, build(profile.load(wanted.profile)))
            for number, recorder in enumerate(recorders, OFFICER):
                _enrol(station, recorder, number)
        for recorder in recorders:
            recorder.power_cut()
        (folder / "world.json").write_text(str(world.now_ms), encoding="utf-8")
    finally:
        clock.use(None)
        for recorder in recorders:
            recorder.close()


def _enrol(station: Station, recorder: Recorder, officer: int) -> None:
    """Enrolment with the spoken digits, profile and prompts, an officer, and the spoken check."""
    recorder.start()
    recorder.run_for(SETTLE_MS)
    recorder.press(MENU, 1800)
    recorder.run_for(2500)
    url = recorder.plug()
    recorder.real(speed=SPEED)
    enrol.enrol(station, url, lambda: _digits(recorder))
    enrol.assign(station, url, officer, f"{officer} 号执法人员")
    recorder.gate()
    recorder.unplug()
    recorder.run_for(CHECKED_OUT_MS)


def _digits(recorder: Recorder) -> str:
    event = recorder.wait_for("trace", 20.0, what="digits")
    recorder.press(RECORD, 1000)
    digits = str(event["details"][0])
    if len(digits) != 6:
        raise SealdockError(f"{recorder.hardware.name} spoke {digits!r} where six digits belong")
    return digits
