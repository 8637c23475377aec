# SPDX-License-Identifier: Apache-2.0
"""The memory card: a file of sectors that can be pulled, slow, worn out, or lie about what it stored."""

import errno

from unix_parts.rawfile import RawFile

_SECTOR = 512


class Card:
    """Faults: `fault` "read", "write" (EIO), or None; `lie` "drop" (acknowledges, stores nothing), "flip" (stores one bit
    wrong), "wrap" (has only `real_sectors`, higher addresses fall back to the beginning), or None. `switch`: the contact that
    tells whether a card is in does not answer.
    """

    def __init__(self, path, cut, world, control):
        self._cut = cut
        self._world = world
        self._chip = None
        self._sectors = 0
        self._slow_ms = 0
        self._fault = None
        self._lie = None
        self._real_sectors = 0
        self._switch = False
        self.reads = 0
        self.written = 0
        if path:
            self._insert(path)
        control.on("card", self._control)

    def present(self):
        if self._switch:
            raise OSError(errno.EIO)
        return self._chip is not None

    def sectors(self):
        self._demand()
        return self._sectors

    def read(self, sector, buf):
        self._check(sector, buf)
        if self._fault == "read":
            raise OSError(errno.EIO)
        self.reads += 1
        self._chip.read(self._address(sector), buf, len(buf))

    def write(self, sector, buf):
        self._check(sector, buf)
        if self._slow_ms:
            self._world.spend(self._slow_ms)
        if self._fault == "write":
            raise OSError(errno.EIO)
        self.written += len(buf)
        if self._lie == "drop":
            return
        if self._lie == "flip":
            buf = bytearray(buf)
            buf[len(buf) // 2] ^= 1
        self._chip.write(self._address(sector), buf)

    def _address(self, sector):
        if self._lie == "wrap":
            sector %= self._real_sectors
        return sector * _SECTOR

    def _demand(self):
        if self._chip is None:
            raise OSError(errno.ENODEV)

    def _check(self, sector, buf):
        self._demand()
        if len(buf) % _SECTOR:
            raise OSError(errno.EINVAL)
        if sector < 0 or sector + len(buf) // _SECTOR > self._sectors:
            raise OSError(errno.EIO)

    def _insert(self, path):
        self._remove()
        self._chip = RawFile(path, "card", self._cut)
        self._sectors = self._chip.size() // _SECTOR

    def _remove(self):
        if self._chip is not None:
            self._chip.close()
        self._chip = None

    def _control(self, op):
        """{"op": "card", "insert": path | "remove": true | "slow_ms": n | "fault": ... | "switch": bool | "lie": ..., "real_sectors": n}"""
        if op.get("remove"):
            self._remove()
        if "insert" in op:
            self._insert(op["insert"])
        if "slow_ms" in op:
            self._slow_ms = op["slow_ms"]
        if "fault" in op:
            self._fault = op["fault"]
        if "switch" in op:
            self._switch = op["switch"]
        if "lie" in op:
            self._lie = op["lie"]
            self._real_sectors = op.get("real_sectors", 0)
            if self._lie == "wrap" and not self._real_sectors:
                raise ValueError("a card that wraps needs real_sectors")
