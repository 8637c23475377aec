# SPDX-License-Identifier: Apache-2.0
"""What the recorder's code takes for granted of its interpreter, whatever its version."""

import asyncio
import hashlib
import time

import cryptolib
import micropython
import vfs

BLOCK = 4096


class Ram:
    """A block device in memory, with the extended protocol that littlefs needs."""

    def __init__(self, blocks):
        self.data = bytearray(blocks * BLOCK)

    def readblocks(self, block, buf, offset=0):
        start = block * BLOCK + offset
        buf[:] = memoryview(self.data)[start : start + len(buf)]

    def writeblocks(self, block, buf, offset=0):
        start = block * BLOCK + offset
        self.data[start : start + len(buf)] = buf

    def ioctl(self, op, arg):
        return {4: len(self.data) // BLOCK, 5: BLOCK}.get(op, 0)


@micropython.viper
def add_bytes(data: ptr8, count: int) -> int:  # noqa: F821 - a name of the native compiler
    total = 0
    for index in range(count):
        total += data[index]
    return total


def test_littlefs_keeps_what_was_written():
    device = Ram(32)
    vfs.VfsLfs2.mkfs(device)
    files = vfs.VfsLfs2(device)
    with files.open("chain", "wb") as file:
        file.write(b"record")
        file.flush()
    files.mkdir("kept")
    files.rename("chain", "kept/chain")
    with vfs.VfsLfs2(device).open("kept/chain", "rb") as file:
        assert file.read() == b"record"


def test_cbc_agrees_with_nist_sp_800_38a():
    key = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    sealed = cryptolib.aes(key, 2, bytes(range(16))).encrypt(plain)
    assert sealed.hex() == "f58c4c04d6e5f1ba779eabfb5f7bfbd6"


def test_native_code_reads_memory():
    assert add_bytes(bytes(range(100)), 100) == 4950


def test_sha256_takes_views():
    buffer = bytearray(b"xxabcxx")
    digest = hashlib.sha256(memoryview(buffer)[2:5]).digest()
    assert digest.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_asyncio_runs_tasks_side_by_side():
    order = []

    async def note(name, ms):
        await asyncio.sleep_ms(ms)
        order.append(name)

    async def both():
        await asyncio.gather(note("late", 20), note("early", 1))

    asyncio.run(both())
    assert order == ["early", "late"]


def test_ticks_have_milliseconds():
    start = time.ticks_ms()
    time.sleep_ms(5)
    assert 4 <= time.ticks_diff(time.ticks_ms(), start) < 2000
