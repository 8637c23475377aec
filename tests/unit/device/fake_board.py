# SPDX-License-Identifier: Apache-2.0
"""Chips in RAM for the recorder's modules, each with the one knob that its tests turn.

>>> cut = Cut(after=7)                      # power fails within the 8th write or erase of any chip that shares it
>>> flash = Flash(64, cut); keys = Keystore(cut)
>>> try: something(flash, keys)
>>> except PowerCut: flash, keys = flash.after_cut(), keys.after_cut()
"""

import errno

BLOCK = 4096


class PowerCut(BaseException):
    """The power failed: no code of the recorder may catch it.

    Raised once. Afterwards a chip does nothing and says nothing, since files that are collected later still call it, with the
    heap locked.
    """


class Cut:
    """Counts writes and erases of all chips that share it; the one after so many stops half-way. None: never."""

    def __init__(self, after: int | None = None, torn: bool = True) -> None:
        self.after = after
        self.torn = torn
        self.count = 0
        self.dead = False

    def step(self) -> bool:
        """True when this operation must be torn."""
        self.count += 1
        if self.after is not None and self.count > self.after:
            self.dead = True
        return self.dead


class Flash:
    """NOR flash as littlefs wants it. `good_for`: so many more writes succeed, all others fail; None: all succeed."""

    def __init__(self, blocks: int, cut: Cut | None = None, data: bytearray | None = None) -> None:
        self.data = bytearray(b"\xff" * (blocks * BLOCK)) if data is None else data
        self.cut = cut or Cut()
        self.good_for: int | None = None

    def after_cut(self) -> "Flash":
        return Flash(0, None, self.data)

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> int:
        at = block * BLOCK + offset
        if self.cut.dead:
            return 0
        buf[:] = memoryview(self.data)[at : at + len(buf)]
        return 0

    def writeblocks(self, block: int, buf: bytearray, offset: int = 0) -> int:
        if self.cut.dead:
            return 0
        if self._broken():
            return -errno.EIO
        self._put(block * BLOCK + offset, buf)
        return 0

    def _broken(self) -> bool:
        if self.good_for is not None:
            self.good_for -= 1
        return self.good_for is not None and self.good_for < 0

    def ioctl(self, op: int, arg: int) -> int:
        if op == 4:
            return len(self.data) // BLOCK
        if op == 5:
            return BLOCK
        if op == 6:
            if self.cut.dead:
                return 0
            if self._broken():
                return -errno.EIO
            self._put(arg * BLOCK, b"\xff" * BLOCK)
        return 0

    def _put(self, at: int, data: bytes) -> None:
        torn = self.cut.step()
        size = (len(data) // 2 if self.cut.torn else 0) if torn else len(data)
        self.data[at : at + size] = data[:size]
        if torn:
            raise PowerCut()


class Keystore:
    """Raw erase blocks. A write to a block that was not erased fails, as on a chip."""

    BLOCK_BYTES = BLOCK

    def __init__(self, cut: Cut | None = None, blocks: int = 2, data: list | None = None) -> None:
        self.BLOCKS = blocks if data is None else len(data)
        self.blocks = [bytearray(b"\xff" * BLOCK) for _ in range(blocks)] if data is None else data
        self.cut = cut or Cut()

    def after_cut(self) -> "Keystore":
        return Keystore(None, 0, self.blocks)

    def read(self, block: int) -> bytes:
        return bytes(self.blocks[block])

    def write(self, block: int, data: bytes) -> None:
        if self.blocks[block][: len(data)] != b"\xff" * len(data):
            raise OSError(errno.EIO)
        self._put(block, data)

    def erase(self, block: int) -> None:
        self._put(block, b"\xff" * BLOCK)

    def _put(self, block: int, data: bytes) -> None:
        torn = self.cut.step()
        size = (len(data) // 2 if self.cut.torn else 0) if torn else len(data)
        self.blocks[block][:size] = data[:size]
        if torn:
            raise PowerCut()


FIRST = 2048  # sectors before it are not kept: partition table and README are not what these tests are about


class Card:
    """A card of so many sectors from FIRST on. `flips`: stores a bit wrong. `gone`: pulled out. `refuses`: writes fail."""

    def __init__(self, sectors: int, cut: Cut | None = None, data: bytearray | None = None) -> None:
        self.data = bytearray(sectors * 512) if data is None else data
        self.cut = cut or Cut()
        self.flips = self.gone = self.refuses = False

    def after_cut(self) -> "Card":
        return Card(0, None, self.data)

    def present(self) -> bool:
        return not self.gone

    def sectors(self) -> int:
        self._demand()
        return FIRST + len(self.data) // 512

    def read(self, sector: int, buf: bytearray) -> None:
        self._demand()
        at = (sector - FIRST) * 512
        buf[:] = bytes(len(buf)) if at < 0 else memoryview(self.data)[at : at + len(buf)]

    def write(self, sector: int, buf: bytes) -> None:
        self._demand()
        if sector < FIRST:
            return
        at = (sector - FIRST) * 512
        if self.refuses or len(buf) % 512 or at + len(buf) > len(self.data):
            raise OSError(errno.EIO)
        torn = self.cut.step()
        size = len(buf) // 1024 * 512 if torn else len(buf)
        self.data[at : at + size] = memoryview(buf)[:size]
        if torn:
            raise PowerCut()
        if self.flips:
            self.data[at + len(buf) // 2] ^= 1

    def _demand(self) -> None:
        if self.gone:
            raise OSError(errno.ENODEV)


class Clock:
    """The calendar clock; None until it is set."""

    def __init__(self) -> None:
        self.utc = None

    def read_ms(self) -> int | None:
        return self.utc

    def set_ms(self, utc: int) -> None:
        self.utc = utc


class Microphone:
    """Gives what `ready` holds: bytes of PCM, each sample its own number, so that a gap shows."""

    def __init__(self, rate: int = 16000) -> None:
        self.RATE = rate
        self.started = False
        self.ready = 0
        self.given = 0
        self.lost_samples = 0
        self.broken = False

    def start(self) -> None:
        self.started = True

    def stop(self) -> None:
        self.started = False

    def lost(self) -> int:
        return self.lost_samples

    def readinto(self, buf: memoryview) -> int:
        if self.broken:
            raise OSError(errno.EIO)
        count = min(self.ready, len(buf) // 2)
        for place in range(count):
            number = (self.given + place) & 0x7FFF
            buf[2 * place] = number & 255
            buf[2 * place + 1] = number >> 8
        self.given += count
        self.ready -= count
        return 2 * count


class Camera:
    """Gives frames of `jpeg` while `ready` says so; `number` may be moved on to lose some."""

    WIDTH, HEIGHT, FRAMES_PER_S = 64, 48, 10

    def __init__(self, board: "Board", jpeg: bytes) -> None:
        self._board = board
        self.jpeg = jpeg
        self.ready = 0
        self.number = 0
        self.broken = False

    def start(self) -> None:
        self.number = 0

    def stop(self) -> None:
        pass

    def capture(self, buf: memoryview) -> tuple | None:
        if self.broken:
            raise OSError(errno.EIO)
        if not self.ready:
            return None
        self.ready -= 1
        self.number += 1
        buf[: len(self.jpeg)] = self.jpeg
        return len(self.jpeg), self.number - 1, self._board.ticks_ms()


class Board:
    """Time moves only by `pass_ms`; ticks wrap soon after the start."""

    NAME = "fake"
    RTC_BACKED = True

    def __init__(self, card: Card | None = None, jpeg: bytes | None = None, rate: int = 16000) -> None:
        self.ms = 0
        self.clock = Clock()
        self.card = card
        self.microphone = Microphone(rate)
        self.camera = Camera(self, jpeg) if jpeg else None
        self.traced: list[tuple] = []

    def ticks_ms(self) -> int:
        return (self.ms + (1 << 30) - 3000) & ((1 << 30) - 1)

    def pass_ms(self, ms: int) -> None:
        """Time passes, and what the sensors would have made of it is ready."""
        self.ms += ms
        self.microphone.ready += ms * self.microphone.RATE // 1000
        if self.camera:
            self.camera.ready += ms * self.camera.FRAMES_PER_S // 1000
        if self.clock.utc is not None:
            self.clock.utc += ms

    def trace(self, event: str, *details: object) -> None:
        self.traced.append((event, details))
