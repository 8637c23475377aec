# SPDX-License-Identifier: Apache-2.0
"""An SDHC card in SPI mode, byte by byte, by the SD specification: it checks what it is sent and is busy as long as data sheets say.

Knobs: `busy_ms` after each block; `garble_reads`, `garble_writes`, `garble_commands`: so many wrong checksums to come; `refuses`: every
block; `status`: the second byte of the status; `stuck`: busy for ever; `gone`: pulled out; `drops`: says yes and stores nothing.
"""

from world import WORLD

_PIN_CS = 5
_READY_US = 200_000
_ACCESS_US = 300


def crc7(data: bytes) -> int:
    crc = 0
    for byte in data:
        for bit in range(7, -1, -1):
            top = crc >> 6 & 1 ^ byte >> bit & 1
            crc = crc << 1 & 0x7F
            if top:
                crc ^= 0x09
    return crc << 1 | 1


_TABLE = []
for _byte in range(256):
    _crc = _byte << 8
    for _ in range(8):
        _crc = (_crc << 1 ^ 0x1021 if _crc & 0x8000 else _crc << 1) & 0xFFFF
    _TABLE.append(_crc)


def crc16(data: bytes) -> bytes:
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFF00) ^ _TABLE[crc >> 8 ^ byte]
    return bytes((crc >> 8, crc & 255))


class SdCard:
    def __init__(self, sectors: int) -> None:
        self.data = bytearray(sectors * 512)
        self.busy_ms = 1
        self.garble_reads = self.garble_writes = self.garble_commands = self.status = 0
        self.refuses = self.stuck = self.gone = self.drops = False
        self.commands: list[int] = []
        self.power_on()

    def power_on(self) -> None:
        self._clocks = 0
        self._idle = self._spi_mode = self._checks = self._app = False
        self._since = None
        self._frame = b""
        self._out = b""
        self._busy_until = 0
        self._reading = None
        self._writing = None
        self._block = None

    # --- the bus ----------------------------------------------------------------------------------------------------------

    def take(self, data: bytes, baudrate: int) -> None:
        if self.gone or WORLD.pins[_PIN_CS].level:
            if baudrate <= 400_000:
                self._clocks += 8 * len(data)
            return
        if self._block is not None and len(data) == 512:
            self._block += data
            return
        for byte in data:
            self._in(byte)

    def give(self, buf, fill: int) -> None:
        if self.gone or WORLD.pins[_PIN_CS].level:
            buf[:] = b"\xff" * len(buf)
            return
        if len(buf) > 2 and len(self._out) >= len(buf):
            buf[:] = self._out[: len(buf)]
            self._out = self._out[len(buf) :]
            return
        for place in range(len(buf)):
            buf[place] = self._next()
            self._in(fill)

    def _next(self) -> int:
        if self._out:
            byte = self._out[0]
            self._out = self._out[1:]
            return byte
        if self.stuck or WORLD.us < self._busy_until:
            return 0
        if self._reading is not None and WORLD.us >= self._due:
            self._send_block()
        return 0xFF

    def _in(self, byte: int) -> None:
        if self._block is not None:
            self._block += bytes((byte,))
            if len(self._block) >= 514:
                self._end_block()
        elif self._frame or byte & 0xC0 == 0x40:
            self._frame += bytes((byte,))
            if len(self._frame) == 6:
                frame, self._frame = self._frame, b""
                self._command(frame)
        elif self._writing is not None and byte in (0xFE, 0xFC):
            self._block = b""
        elif self._writing is not None and byte == 0xFD:
            self._writing = None
            self._busy_until = WORLD.us + self.busy_ms * 1000

    # --- commands ---------------------------------------------------------------------------------------------------------

    def _command(self, frame: bytes) -> None:
        index, argument = frame[0] & 63, int.from_bytes(frame[1:5], "big")
        self.commands.append(index)
        if index == 0 and self._clocks < 74:
            return
        wrong = crc7(frame[:5]) != frame[5]
        if self.garble_commands and self._checks:
            self.garble_commands -= 1
            wrong = True
        if wrong and (self._checks or index in (0, 8)):
            self._out = b"\xff\xff" + bytes((0x08 | self._idle,))
            return
        if index != 0 and not self._spi_mode:
            return
        app, self._app = self._app, False
        answer = self._app_command(index) if app else self._plain(index, argument)
        self._out = b"\xff" + answer

    def _app_command(self, index: int) -> bytes:
        if index == 41:
            self._since = self._since or WORLD.us
            self._idle = WORLD.us - self._since < _READY_US
        return bytes((self._idle,))

    def _plain(self, index: int, argument: int) -> bytes:
        r1 = bytes((self._idle,))
        if index == 0:
            self._spi_mode = self._idle = True
            return b"\x01"
        if index == 8:
            return r1 + argument.to_bytes(4, "big")
        if index == 58:
            return r1 + b"\xc0\xff\x80\x00"
        if index == 59:
            self._checks = bool(argument & 1)
        elif index == 55:
            self._app = True
        elif index == 9:
            return r1 + b"\xff\xff\xfe" + self._csd() + crc16(self._csd())
        elif index == 13:
            return r1 + bytes((self.status,))
        elif index == 12:
            self._reading = self._writing = None
            return b"\xff" + r1
        elif index in (17, 18, 24, 25):
            return self._transfer(index, argument)
        return r1

    def _transfer(self, index: int, sector: int) -> bytes:
        if self._idle or sector >= len(self.data) // 512:
            return b"\x40"
        if index in (17, 18):
            self._reading, self._many = sector, index == 18
            self._due = WORLD.us + _ACCESS_US
        else:
            self._writing = sector
        return b"\x00"

    def _csd(self) -> bytes:
        size = len(self.data) // 512 // 1024 - 1
        return bytes((0x40, 0, 0, 0, 0, 0, 0, size >> 16, size >> 8 & 255, size & 255, 0, 0, 0, 0, 0, 1))

    # --- blocks -----------------------------------------------------------------------------------------------------------

    def _send_block(self) -> None:
        at = self._reading * 512
        block = bytes(self.data[at : at + 512])
        check = crc16(block)
        if self.garble_reads:
            self.garble_reads -= 1
            block = bytes((block[0] ^ 1,)) + block[1:]
        self._out = b"\xfe" + block + check
        self._reading = self._reading + 1 if self._many else None
        self._due = WORLD.us + _ACCESS_US

    def _end_block(self) -> None:
        block, check = self._block[:512], self._block[512:]
        self._block = None
        wrong = crc16(block) != check
        if self.garble_writes:
            self.garble_writes -= 1
            wrong = True
        if wrong or self.refuses:
            self._out = b"\xeb" if wrong else b"\xed"
            return
        if not self.drops:
            self.data[self._writing * 512 : self._writing * 512 + 512] = block
        self._writing += 1
        self._out = b"\xe5"
        self._busy_until = WORLD.us + self.busy_ms * 1000
