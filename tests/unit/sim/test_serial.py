# SPDX-License-Identifier: Apache-2.0
"""The dock line with the library that the host uses."""

import time
from errno import ENODEV

import pytest
import serial
from tests.unit.sim.conftest import Build, traces

from sealsim.recorder import Recorder
from sealsim.registry import list_urls


@pytest.fixture
def docked(build: Build) -> Recorder:
    recorder = build("line")
    recorder.start()
    recorder.plug()
    recorder.real()
    return recorder


def talk(port: serial.Serial, words: bytes) -> bytes:
    port.write(words)
    return port.read(len(words))


def test_echo_and_unplug(docked: Recorder) -> None:
    assert list_urls() == [docked.line.url]
    with serial.serial_for_url(docked.line.url, timeout=5) as port:
        assert talk(port, b"hello") == b"HELLO"
        started = time.monotonic()
        for _ in range(100):
            assert talk(port, b"ping") == b"PING"
        assert time.monotonic() - started < 2
        data = bytes(range(256)) * 2000
        port.write(data)
        assert port.read(len(data)) == data
        docked.unplug()
        docked.wait_for("trace", 5, what="gone")
        assert traces(docked, "gone") == [[ENODEV]]
        assert list_urls() == []
        port.timeout = 0.1
        assert talk(port, b"nobody") == b""
        docked.plug()
        port.timeout = 5
        assert talk(port, b"again") == b"AGAIN"


def test_one_program_at_a_time_and_any_order(docked: Recorder) -> None:
    with serial.serial_for_url(docked.line.url, timeout=5) as port:
        assert talk(port, b"first") == b"FIRST"
        with serial.serial_for_url(docked.line.url, timeout=1) as second, pytest.raises(serial.SerialException):
            talk(second, b"second")
        assert talk(port, b"first") == b"FIRST"
    with serial.serial_for_url(docked.line.url, timeout=5) as port:
        assert talk(port, b"third") == b"THIRD"


def test_the_line_outlives_a_power_cut(docked: Recorder) -> None:
    with serial.serial_for_url(docked.line.url, timeout=5) as port:
        assert talk(port, b"before") == b"BEFORE"
        docked.power_cut()
        docked.start(real=True)
        assert talk(port, b"after") == b"AFTER"


def test_a_rate_holds_both_ways(docked: Recorder) -> None:
    data = bytes(40_000)
    with serial.serial_for_url(docked.line.url, timeout=5) as port:
        port.write(data)
        assert port.read(len(data)) == data
        docked.line.up.rate = docked.line.down.rate = 92_160
        started = time.monotonic()
        port.write(data)
        assert port.read(len(data)) == data
        took = time.monotonic() - started
    assert 0.40 < took < 0.9


def test_virtual_time_serves_the_line_too(build: Build) -> None:
    recorder = build("line")
    recorder.start()
    recorder.plug()
    recorder.run_for(100)
    with serial.serial_for_url(recorder.line.url, timeout=5) as port:
        port.write(b"hello")
        for _ in range(100):
            recorder.run_for(10)
            if port.in_waiting:
                break
            time.sleep(0.01)
        assert port.read(5) == b"HELLO"
