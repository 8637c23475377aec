# SPDX-License-Identifier: Apache-2.0
"""What is around a recorder and stays when its power goes: battery, card, cable, scene, people, the officer's fingers."""

from pathlib import Path
from typing import Any

from sealsim.hardware import Hardware
from sealsim.line import Line
from sealsim.registry import Entry
from sealsim.voices import Voices

RECORD, MARK, MENU = 1, 2, 4


class Surroundings:
    """Each change reaches the recorder at once when it is on, else at its next start. Base of `Recorder`."""

    def __init__(self, home: Path, hardware: Hardware, reel: Path, reel_epoch_ms: int) -> None:
        self.hardware = hardware
        self.reel = reel
        self.reel_epoch_ms = reel_epoch_ms
        self.voices = Voices(home)
        self.line = Line()
        self.battery_points: list[list[int]] = [[0, hardware.battery_curve[0][0]]]
        self.temperature = hardware.temperature
        self.entropy_fault: str | None = None  # that the next start begins with; while it runs, op "entropy"
        self._own_card = home / "card.bin"
        self._card: Path | None = self._own_card
        self._plugged = False
        self._neighbours: list[list[Any]] = []
        self._entry: Entry | None = None

    @property
    def on(self) -> bool:
        raise NotImplementedError

    def now_ms(self) -> int:
        raise NotImplementedError

    def op(self, name: str, **details: Any) -> dict[str, Any]:
        raise NotImplementedError

    def press(self, buttons: int, ms: int = 200, after_ms: int = 0) -> None:
        """Only while it is on."""
        self.op("press", button=buttons, ms=ms, after_ms=after_ms)

    def set_battery(self, mv: int | None = None, *, points: list[list[int]] | None = None, temperature: int | None = None) -> None:
        """A steady voltage, or points (world ms, mV) as world.discharge() gives them."""
        if mv is not None or points is not None:
            self.battery_points = points or [[0, mv or 0]]
        if temperature is not None:
            self.temperature = temperature
        if self.on:
            self.op("battery", points=self.battery_points, temperature=self.temperature)

    def remove_card(self) -> None:
        self._card = None
        if self.on:
            self.op("card", remove=True)

    def insert_card(self, path: Path | None = None) -> None:
        """The recorder's own card, or another card image."""
        self._card = path.resolve() if path else self._own_card
        if self.on:
            self.op("card", insert=str(self._card))

    def plug(self) -> str:
        """The cable goes in; returns the port's URL, the same for the recorder's whole life."""
        self._plugged = True
        if self._entry is None:
            self._entry = Entry(self.hardware.name, self.line.url)
        if self.on:
            self.op("plug", port=self.line.recorder_port)
        return self.line.url

    def unplug(self) -> None:
        self._plugged = False
        self._withdraw()
        if self.on:
            self.op("unplug")

    def say(self, pcm: bytes, what: str, gain: int = 256) -> int:
        """Somebody near the recorder speaks from now on: 16 kHz mono signed 16-bit. Returns the length in ms. Only while it is on."""
        path = self.voices.keep(pcm, self.now_ms(), what, gain)
        return int(self.op("say", path=str(path), gain=gain)["ms"])

    def set_neighbours(self, logs: list[Path], gain: int, delay_ms: int) -> None:
        """Recorders close by, as World.near() tells."""
        self._neighbours = [[str(log), gain, delay_ms] for log in logs]
        if self.on:
            self.op("near", neighbours=self._neighbours)

    def greet(self) -> None:
        """Tells a recorder that just started what its settings do not."""
        if self._plugged:
            self.op("plug", port=self.line.recorder_port)
        if self._neighbours:
            self.op("near", neighbours=self._neighbours)

    def situation(self) -> dict[str, Any]:
        """The part of a start's settings that is known here."""
        return {
            "reel": str(self.reel),
            "reel_epoch_ms": self.reel_epoch_ms,
            "card": str(self._card) if self._card else None,
            "battery_points": self.battery_points,
            "temperature": self.temperature,
            "entropy_fault": self.entropy_fault,
        }

    def close(self) -> None:
        self._withdraw()
        self.line.close()

    def _withdraw(self) -> None:
        if self._entry is not None:
            self._entry.close()
            self._entry = None
