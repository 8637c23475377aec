# SPDX-License-Identifier: Apache-2.0
"""`mpremote cp` of a file from a board's REPL over the same throttled cable: what taking recordings without a protocol of their own costs.

The board is the simulated Cortex-M3 of sealsim.qemu with a file in its memory; its processor runs as fast as the machine lets it, so the
line and what is said on it decide.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sealsim import qemu
from sealsim.qemu.machine import PSRAM, TEST_HEAP_KIB
from sealsim.qemu.romfs import image
from tests.bench.relay import RATE, Relay, noise, open_pty

FILE_BYTES = 1_000_000
LIMIT_S = 300
_MOUNT = """
import vfs, uctypes
vfs.mount(vfs.VfsRom(uctypes.bytearray_at({psram:#x}, {size})), "/media")
"""


def mpremote() -> float:
    """The share of the clean line that becomes file."""
    content = noise(FILE_BYTES)
    with tempfile.TemporaryDirectory(prefix="sealdock-mpremote-") as folder:
        rom, out = Path(folder) / "rom", Path(folder) / "media.bin"
        rom.write_bytes(image({"media.bin": content}))
        with qemu.Machine(qemu.firmware(), heap_kib=TEST_HEAP_KIB, jump=False, counted=False, rom=rom) as board:
            board.run(_MOUNT.format(psram=PSRAM, size=rom.stat().st_size))
            spent = _copy(board, out)
        if out.read_bytes() != content:
            raise RuntimeError("mpremote delivered something else")
    return FILE_BYTES / spent / RATE


def _copy(board: qemu.Machine, out: Path) -> float:
    """Seconds of one copy, with the connection that it needs."""
    end = board.console.hand_over()
    master, slave, path = open_pty()
    relay = Relay(master, end.fileno())
    try:
        begun = time.monotonic()
        command = [sys.executable, "-m", "mpremote", "connect", path, "resume", "fs", "cp", ":/media/media.bin", os.fspath(out)]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=LIMIT_S)
        return time.monotonic() - begun
    finally:
        relay.close()
        end.setblocking(True)
        os.close(master)
        os.close(slave)


if __name__ == "__main__":
    print(f"line.mpremote {mpremote():.4f}")
