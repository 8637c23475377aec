# SPDX-License-Identifier: Apache-2.0
"""The simulated Cortex-M3: it starts, answers, keeps time, and is gone when stopped."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.targets import NOT_ON_QEMU, ROOT

from sealsim.qemu import Machine, MachineError, firmware
from sealsim.qemu.machine import PSRAM, PSRAM_BYTES

TIMER = "from machine import mem32\ndef now():\n    return -mem32[0x40000004] & 0xFFFFFFFF\n"


@pytest.fixture(scope="module")
def elf() -> Path:
    return firmware()


@pytest.fixture
def machine(elf: Path) -> Generator[Machine]:
    with Machine(elf) as machine:
        yield machine


def test_it_is_a_cortex_m3_with_a_recorder_in_flash(machine: Machine) -> None:
    said = machine.run(
        "import sys\nprint(sys.implementation._machine)\nimport sealcam, sealproto\nprint(sealcam.__file__, sealproto.__file__)"
    )
    assert said.split("\n")[:2] == ["mps2-an385 with Cortex-M3", "sealcam/__init__.py sealproto/__init__.py"]


def test_what_a_recorder_needs_is_there(machine: Machine) -> None:
    machine.run(
        "import asyncio, time, select, vfs, hashlib, binascii, sys, os\nvfs.VfsLfs2\nhashlib.sha256\nbinascii.crc32\nsys.stdin.buffer"
    )
    assert machine.run("import os\nprint(len(os.urandom(40)), os.urandom(16) != os.urandom(16))") == "40 True\n"


def test_there_is_no_aes(machine: Machine) -> None:
    assert machine.run("from sealcam.media import leafkeys\nprint(leafkeys.ENCRYPTED)") == "False\n"


def test_a_sleep_takes_no_time_and_is_exact(machine: Machine) -> None:
    said = machine.run("import time\nt = time.ticks_ms()\ntime.sleep_ms(600000)\nprint(time.ticks_diff(time.ticks_ms(), t))", limit_s=20)
    assert 600000 <= int(said) <= 600001


def test_counting_instructions_repeats_to_the_tick(elf: Path) -> None:
    work = TIMER + "import hashlib\nb = bytearray(4096)\na = now()\nhashlib.sha256(b)\nprint((now() - a) & 0xFFFFFFFF)"
    counts = []
    for _ in range(2):
        with Machine(elf) as machine:
            counts.append(int(machine.run(work)))
    assert abs(counts[0] - counts[1]) <= 1 and 50 < 40 * counts[0] / 4096 < 100


def test_a_board_goes_on_while_nobody_reads_its_console(machine: Machine) -> None:
    machine.console.start("from mps2 import UART\nfor number in range(100):\n    print('line', number, 'of many')\nUART(1).write(b'!')")
    machine.line.settimeout(20)
    assert machine.line.recv(1) == b"!"
    assert [machine.console.line(5) for _ in range(100)] == [f"line {number} of many" for number in range(100)]


def test_an_error_is_told_with_its_traceback(machine: Machine) -> None:
    with pytest.raises(MachineError, match="ZeroDivisionError"):
        machine.run("1 / 0")
    assert machine.run("print('still there')") == "still there\n"


def test_a_board_that_hangs_is_given_up(machine: Machine) -> None:
    with pytest.raises(MachineError, match="did not answer in time"):
        machine.run("while True:\n    pass", limit_s=0.5)


def test_a_processor_fault_is_told(machine: Machine) -> None:
    with pytest.raises(MachineError, match="crashed"):
        machine.run("from machine import mem32\nmem32[0xF0000000] = 1")


def test_a_board_that_goes_is_noticed(machine: Machine) -> None:
    with pytest.raises(MachineError, match="ended by itself"):
        machine.run("import machine\nmachine.reset()")


def test_nothing_runs_after_a_stop(elf: Path) -> None:
    with Machine(elf) as machine:
        pid = machine.pid
        machine.run("pass")
    assert not os.path.exists(f"/proc/{pid}")


def test_chips_keep_what_was_written_when_power_goes(elf: Path, tmp_path: Path) -> None:
    chips = tmp_path / "chips, with a comma"
    chips.write_bytes(bytes(PSRAM_BYTES))
    with Machine(elf, chips=chips) as machine:
        machine.run(f"from machine import mem32\nmem32[{PSRAM + 64}] = 0x12345678")
    assert chips.read_bytes()[64:68] == b"\x78\x56\x34\x12"
    with Machine(elf, chips=chips) as machine:
        assert machine.run(f"from machine import mem32\nprint(hex(mem32[{PSRAM + 64}]))") == "0x12345678\n"


def test_the_fullest_collection_is_remembered(machine: Machine) -> None:
    said = machine.run("import gc, mps2\nmps2.heap()\nb = bytearray(50000)\ngc.collect()\nb = None\ngc.collect()\nprint(*mps2.heap())")
    total, peak = map(int, said.split())
    assert 50000 < peak < 60000 and 139000 < total < 141000


def test_what_is_left_out_is_there() -> None:
    assert [path for path in NOT_ON_QEMU if not (ROOT / path).is_file()] == []
