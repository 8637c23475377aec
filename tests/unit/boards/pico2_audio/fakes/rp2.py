# SPDX-License-Identifier: Apache-2.0
"""`rp2` as the port has it, as far as the board uses it: PIO programs as lists of steps, DMA rings that time moves, NOR flash."""

from array import array

import uctypes
from world import WORLD

_PAGE = 256
_BLOCK = 4096
_SAMPLES = 1 << 14
_ERASE_US = 45_000  # W25Q32: typically 45 ms for 4 KiB, at most 400
_PROGRAM_US = 400


class PIO:
    OUT_LOW = 2
    SHIFT_LEFT = 0
    JOIN_NONE, JOIN_TX, JOIN_RX = 0, 1, 2


class _Step:
    """One instruction: its name, operands and what it puts on the side-set pins."""

    def __init__(self, name: str, operands: tuple) -> None:
        self.name = name
        self.operands = operands
        self.pins = None

    def side(self, pins: int) -> None:
        self.pins = pins


class Program:
    def __init__(self, settings: dict) -> None:
        self.settings = settings
        self.steps: list[_Step] = []
        self.labels: dict = {}

    def names(self) -> dict:
        found = {name: name for name in ("pins", "x", "x_dec")}
        found["label"] = self._label
        for name in ("set", "nop", "in_", "out", "jmp"):
            found[name] = self._maker(name)
        return found

    def _label(self, name: str) -> None:
        self.labels[name] = len(self.steps)

    def _maker(self, name: str):
        def make(*operands):
            self.steps.append(_Step(name, operands))
            return self.steps[-1]

        return make


def asm_pio(**settings):
    def assemble(function):
        program = Program(settings)
        names = function.__globals__
        kept = dict(names)
        names.update(program.names())
        function()
        for name in program.names():
            del names[name]
        names.update(kept)
        return program

    return assemble


class StateMachine:
    def __init__(self, number: int, program: Program, freq: int, in_base=None, out_base=None, set_base=None, sideset_base=None) -> None:
        if 150_000_000 * 256 % freq:
            raise ValueError(f"{freq} Hz is not divided from 150 MHz without a remainder")
        self.number = number
        self.freq = freq
        self.running = False
        WORLD.wired["sm", number] = self

    def active(self, on: int) -> None:
        self.running = bool(on)
        for channel in WORLD.wired["dma"]:
            if channel.machine is self:
                channel.clock(self.running)

    def restart(self) -> None:
        pass

    def rx_fifo(self) -> int:
        return 0

    def get(self) -> int:
        raise RuntimeError("would wait for ever")


class DMA:
    """A channel between a ring and a state machine, at 16 kHz. `source(n)`: sample number n of the microphone; `played`: what the
    amplifier got.
    """

    def __init__(self) -> None:
        self.machine = None
        self.source = lambda number: number * 7 & 0x7FFF
        self.played = array("H")
        self._on = False
        self._since = None
        WORLD.wired.setdefault("dma", []).append(self)

    def pack_ctrl(self, **fields) -> dict:
        return fields

    def config(self, read, write, count: int, ctrl: dict, trigger: bool) -> None:
        self._inward = isinstance(read, StateMachine)
        self.machine = read if self._inward else write
        base = write if self._inward else read
        if base % (1 << ctrl["ring_size"]) or ctrl["ring_sel"] != self._inward or ctrl["size"] != 1:
            raise ValueError("the ring is not where the hardware looks for it")
        expected = 4 + self.machine.number if self._inward else 8 + self.machine.number % 4
        if ctrl["treq_sel"] != expected or count >> 28 != 15:
            raise ValueError("paced by the wrong request, or not endless")
        self._base = base
        self._ring = uctypes.bytearray_at(base, 2 * _SAMPLES)
        self._done = 0
        self._since = None
        self._on = trigger

    def clock(self, running: bool) -> None:
        self._since = WORLD.us if running else None

    def active(self, on: int | None = None) -> bool:
        if on is not None:
            self._on = bool(on)
        return self._on

    def _moved(self) -> int:
        total = (WORLD.us - self._since) * 16 // 1000 if self._since is not None and self._on else self._done
        if self._inward:
            self._fill(max(self._done, total - _SAMPLES), total)
        else:
            self._play(total)
        self._done = total
        return self._base + 2 * (total % _SAMPLES)

    def _fill(self, first: int, after: int) -> None:
        for number in range(first, after):
            place = 2 * (number % _SAMPLES)
            sample = self.source(number)
            self._ring[place] = sample & 255
            self._ring[place + 1] = sample >> 8 & 255

    def _play(self, after: int) -> None:
        for number in range(self._done, after):
            place = 2 * (number % _SAMPLES)
            self.played.append(self._ring[place] | self._ring[place + 1] << 8)

    @property
    def write(self) -> int:
        return self._moved()

    @property
    def read(self) -> int:
        return self._moved()


class Flash:
    """3 MiB of NOR flash behind the firmware: programs whole pages, clears bits only, and stops all interrupts meanwhile."""

    chip = bytearray(b"\xff" * (768 * _BLOCK))
    worn = None  # a byte that sticks when it is erased or programmed

    def __init__(self, start: int = 0, len: int = 768 * _BLOCK) -> None:
        self._start = start
        self._len = len
        if start % _BLOCK or len % _BLOCK or start + len > 768 * _BLOCK:
            raise ValueError()

    def _at(self, block: int, offset: int, count: int) -> int:
        at = block * _BLOCK + offset
        if not 0 <= at <= at + count <= self._len:
            raise RuntimeError("outside the region")
        return self._start + at

    def readblocks(self, block: int, buf, offset: int = 0) -> None:
        at = self._at(block, offset, len(buf))
        buf[:] = memoryview(Flash.chip)[at : at + len(buf)]

    def writeblocks(self, block: int, buf, offset: int | None = None) -> None:
        if offset is None:
            raise RuntimeError("this form erases first")
        if offset % _PAGE or len(buf) % _PAGE:
            raise RuntimeError("the chip programs whole pages only")
        at = self._at(block, offset, len(buf))
        WORLD.call("program", at, len(buf))
        self._off(_PROGRAM_US * (len(buf) // _PAGE))
        for place, byte in enumerate(bytes(buf)):
            if byte != 255:
                Flash.chip[at + place] &= byte
        self._stick()

    def ioctl(self, op: int, arg: int) -> int:
        if op == 4:
            return self._len // _BLOCK
        if op == 5:
            return _BLOCK
        if op == 6:
            at = self._at(arg, 0, _BLOCK)
            WORLD.call("erase", at)
            self._off(_ERASE_US)
            Flash.chip[at : at + _BLOCK] = b"\xff" * _BLOCK
            self._stick()
        return 0

    def _off(self, us: int) -> None:
        WORLD.interrupts_off += 1
        WORLD.spend(us)
        WORLD.interrupts_off -= 1

    def _stick(self) -> None:
        if Flash.worn is not None:
            Flash.chip[Flash.worn] = 0
