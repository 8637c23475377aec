# SPDX-License-Identifier: Apache-2.0
"""An SD card over SPI (SD Physical Layer Simplified Specification, chapters 4 and 7): checksums on, every wait bounded.

Only SDHC and SDXC cards (version 2, addressed by sector). What the card says that it stored is checked by its status after
each write; that it also kept it, the caller finds out by reading back.
"""

import errno
import struct

from pico2_parts.sdcrc import crc7, crc16

SECTOR = 512
_SLOW, _FAST = 400_000, 20_000_000
_GO_IDLE, _SEND_IF_COND, _SEND_CSD, _STOP, _SEND_STATUS = 0, 8, 9, 12, 13
_READ, _READ_MANY, _WRITE, _WRITE_MANY, _APP, _READ_OCR, _CRC_ON = 17, 18, 24, 25, 55, 58, 59
_APP_OP_COND = 41
_START, _START_MANY, _STOP_MANY = b"\xff\xfe", b"\xff\xfc", b"\xff\xfd\xff"  # each after the byte of rest that the card wants
_TOKEN = 0xFE
_IDLE = 1
_R1_CRC = 0x08
_ACCEPTED, _CRC_WRONG = 0x05, 0x0B
_READ_MS, _BUSY_MS, _START_MS = 100, 500, 1000
_CALL_MS = 900  # of one read or write in all: the microphone's ring holds 1,024
_TRIES = 3
_TICKS = 0x3FFF_FFFF


class Garbled(Exception):
    """A checksum was wrong on the way; the same again may succeed."""


class SdSpi:
    """One card, from `begin` on. Every method raises OSError(ENODEV) when nothing answers, EIO when the card refuses or stalls."""

    def __init__(self, spi, select, ticks_ms) -> None:
        self._spi = spi
        self._select = select
        self._ticks = ticks_ms
        self._frame = bytearray(6)
        self._one = bytearray(1)
        self._two = bytearray(2)
        self._until = 0
        self.retries = 0  # blocks and commands that were repeated after a wrong checksum

    def begin(self) -> int:
        """Wakes the card; its number of sectors."""
        self._limit(_START_MS)
        self._spi.init(baudrate=_SLOW)
        self._select.value(1)
        self._spi.write(b"\xff" * 10)  # at least 74 clocks
        try:
            self._wake()
            self._spi.init(baudrate=_FAST)
            csd = bytearray(16)
            self._again(self._read_csd, 0, csd)
        finally:
            self._release()
        if csd[0] >> 6 != 1:
            raise OSError(errno.ENODEV)
        return ((csd[7] & 0x3F) << 16 | csd[8] << 8 | csd[9]) + 1 << 10

    def read(self, sector: int, buf: memoryview) -> None:
        self._call(self._read, sector, buf)

    def write(self, sector: int, buf: memoryview) -> None:
        self._call(self._write, sector, buf)

    # --- commands ---------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        for _ in range(10):
            if self._command(_GO_IDLE, 0) == _IDLE:
                break
        else:
            raise OSError(errno.ENODEV)
        if self._command(_SEND_IF_COND, 0x1AA) != _IDLE or self._tail() & 0xFFF != 0x1AA:
            raise OSError(errno.ENODEV)
        if self._command(_CRC_ON, 1) != _IDLE:
            raise OSError(errno.ENODEV)
        while True:
            self._command(_APP, 0)
            if self._command(_APP_OP_COND, 0x4000_0000) == 0:
                break
            self._check_time()
        if self._command(_READ_OCR, 0) or not self._tail() & 0x4000_0000:
            raise OSError(errno.ENODEV)

    def _command(self, index: int, argument: int) -> int:
        """R1. OSError(ENODEV) when nothing answers, Garbled when the card saw a wrong checksum."""
        struct.pack_into(">BI", self._frame, 0, 0x40 | index, argument)
        self._frame[5] = crc7(self._frame, 5)
        if index != _STOP:  # which comes in the middle of a transfer
            self._release()
            self._select.value(0)
            if index != _GO_IDLE:
                self._ready(_BUSY_MS)
        self._spi.write(self._frame)
        if index == _STOP:
            self._byte()  # of what was being sent
        for _ in range(9):
            answer = self._byte()
            if not answer & 0x80:
                if answer & _R1_CRC:
                    raise Garbled()
                return answer
        if index == _GO_IDLE:
            return 0xFF
        raise OSError(errno.ENODEV)

    def _tail(self) -> int:
        """The four bytes that follow R1 in R3 and R7."""
        value = 0
        for _ in range(4):
            value = value << 8 | self._byte()
        return value

    def _good(self, index: int, argument: int) -> None:
        if self._command(index, argument):
            raise OSError(errno.EIO)

    # --- blocks -----------------------------------------------------------------------------------------------------------

    def _call(self, work, sector: int, buf: memoryview) -> None:
        self._limit(_CALL_MS)
        try:
            self._again(work, sector, memoryview(buf))
        finally:
            self._release()

    def _again(self, work, sector: int, buf) -> None:
        for _ in range(_TRIES):
            try:
                return work(sector, buf)
            except Garbled:
                self.retries += 1
        raise OSError(errno.EIO)

    def _read_csd(self, _: int, buf) -> None:
        self._good(_SEND_CSD, 0)
        self._block_in(buf)

    def _read(self, sector: int, buf: memoryview) -> None:
        if len(buf) == SECTOR:
            self._good(_READ, sector)
            return self._block_in(buf)
        self._good(_READ_MANY, sector)
        try:
            for at in range(0, len(buf), SECTOR):
                self._block_in(buf[at : at + SECTOR])
        finally:
            self._command(_STOP, 0)
            self._ready(_BUSY_MS)

    def _write(self, sector: int, buf: memoryview) -> None:
        if len(buf) == SECTOR:
            self._good(_WRITE, sector)
            self._block_out(_START, buf)
        else:
            self._write_many(sector, buf)
        if self._command(_SEND_STATUS, 0) | self._byte():
            raise OSError(errno.EIO)

    def _write_many(self, sector: int, buf: memoryview) -> None:
        self._good(_WRITE_MANY, sector)
        try:
            for at in range(0, len(buf), SECTOR):
                self._block_out(_START_MANY, buf[at : at + SECTOR])
        except (Garbled, OSError):
            self._command(_STOP, 0)
            self._ready(_BUSY_MS)
            raise
        self._spi.write(_STOP_MANY)
        self._ready(_BUSY_MS)

    def _block_in(self, buf) -> None:
        until = self._ticks() + _READ_MS
        token = 0xFF
        while token == 0xFF:
            token = self._byte()
            if token == 0xFF:
                self._check_time(until)
        if token != _TOKEN:
            raise OSError(errno.EIO)
        self._spi.readinto(buf, 0xFF)
        self._spi.readinto(self._two, 0xFF)
        if crc16(buf, len(buf)) != self._two[0] << 8 | self._two[1]:
            raise Garbled()

    def _block_out(self, token: bytes, buf: memoryview) -> None:
        struct.pack_into(">H", self._two, 0, crc16(buf, len(buf)))
        self._spi.write(token)
        self._spi.write(buf)
        self._spi.write(self._two)
        answer = self._byte() & 0x1F
        if answer == _CRC_WRONG:
            self._ready(_BUSY_MS)
            raise Garbled()
        if answer != _ACCEPTED:
            raise OSError(errno.EIO)
        self._ready(_BUSY_MS)

    # --- bus --------------------------------------------------------------------------------------------------------------

    def _byte(self) -> int:
        self._spi.readinto(self._one, 0xFF)
        return self._one[0]

    def _ready(self, ms: int) -> None:
        """Waits while the card holds the line low."""
        until = self._ticks() + ms
        while self._byte() != 0xFF:
            self._check_time(until)

    def _release(self) -> None:
        self._select.value(1)
        self._byte()  # the card lets go of the line one clock later

    def _limit(self, ms: int) -> None:
        self._until = self._ticks() + ms

    def _check_time(self, until: int | None = None) -> None:
        now = self._ticks()
        for limit in (self._until, until):
            if limit is not None and (limit - now) & _TICKS > _TICKS // 2:
                raise OSError(errno.EIO)
