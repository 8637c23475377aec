# SPDX-License-Identifier: Apache-2.0
"""A station under CPython and a recorder under MicroPython, real cryptography on both sides, over a socket:// port."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import peers
import pytest

from sealdock.errors import ExitCode, SealdockError
from sealdock.link import line as host_line
from sealdock.link.client import Client, RecorderError, connect, receive
from sealdock.link.line import LinkLost
from sealdock.link.serialport import SerialPort
from sealproto import messages
from sealproto.channel import Splitter, head
from sealproto.handshake import ENROL
from sealproto.handshake_recorder import refusal
from sealproto.handshake_station import StationHandshake
from sealproto.limits import ATTEMPTS_PER_MINUTE, PIPELINE
from sealsim.line import Line

UNIT = Path(__file__).parent.parent
ROOT = UNIT.parent.parent
LEAVES = 200


class Recorder:
    """The process and the line that it hangs on."""

    def __init__(self, micropython: Path) -> None:
        self.line = Line()
        self.url = self.line.url
        self._micropython = micropython
        self.start()

    def start(self) -> None:
        environment = {**os.environ, "MICROPYPATH": "tests/unit/link:device:protocol:.frozen"}
        command = [str(self._micropython), "-X", "heapsize=2m", "tests/unit/link/recorder_app.py"]
        self._process = subprocess.Popen([*command, str(self.line.recorder_port), str(LEAVES)], cwd=ROOT, env=environment)

    def power_cut(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.power_cut()
        self.line.close()

    def connect(self, station: peers.Signer = peers.STATION) -> Client:
        crypto = peers.RealCrypto()
        return connect(self.url, station, peers.Rules(crypto), crypto=crypto)


@pytest.fixture
def recorder(micropython: Path) -> Iterator[Recorder]:
    made = Recorder(micropython)
    yield made
    made.close()


def leaf(index: int) -> bytes:
    return sha256(index.to_bytes(4, "little")).digest() * 512


def test_requests_and_media(recorder: Recorder) -> None:
    with recorder.connect() as client:
        assert client.session.peer == peers.IDENTITY.public
        assert client.request(messages.STATUS)["board"] == "test"
        assert list(client.records(3, 39, 2000)) == [bytes([at]) * 300 for at in range(3, 40)]
        wanted = [(12, at, 10) for at in range(0, LEAVES, 10)]
        got = list(client.leaves(wanted))
        assert [(item.place, item.index) for item in got] == [(12, at) for at in range(LEAVES)]
        assert all(item.data == leaf(item.index) and not item.trailer for item in got)
        (tail,) = client.tails([(5, 0, 1)])
        assert (tail.place, tail.index, len(tail.trailer), tail.data) == (5, 0, 512, leaf(0))


def test_refusals_are_codes(recorder: Recorder) -> None:
    with recorder.connect() as client:
        with pytest.raises(RecorderError) as error:
            list(client.leaves([(12, 0, 1), (13, 0, 1), (12, 0, 1)]))
        assert error.value.code == messages.NOT_HELD
        with pytest.raises(RecorderError) as error:
            client.request(messages.PREFLIGHT, speak=False)
        assert error.value.code == messages.UNKNOWN_TYPE
        with pytest.raises(RecorderError) as error:
            client.request(messages.PUT, kind=3, hash=bytes(32), total=9, offset=0, data=b"")
        assert error.value.code == messages.STORAGE
        assert client.request(messages.PUT, kind=3, hash=bytes(32), total=9000, offset=0, data=b"x" * 8192)["have"] == 8192


def test_many_requests_under_way(recorder: Recorder) -> None:
    with recorder.connect() as client:
        numbers = [client.submit(messages.STATUS) for _ in range(3 * PIPELINE)]
        assert [client.result(number)["boot"] for number in reversed(numbers)] == [1] * len(numbers)


def test_a_stranger_is_refused_in_one_line(recorder: Recorder) -> None:
    started = time.monotonic()
    with pytest.raises(SealdockError, match="refuses this station") as error:
        recorder.connect(peers.STRANGER)
    assert error.value.exit_code == ExitCode.ERROR
    assert 0.4 < time.monotonic() - started < 5
    with recorder.connect() as client:  # and the rightful one is served at once
        client.request(messages.STATUS)


def test_garbage_after_the_handshake_ends_the_link(recorder: Recorder) -> None:
    client = recorder.connect()
    client.line.send(head(40) + b"\x00" * 40)
    with pytest.raises(LinkLost):
        client.request(messages.STATUS)
    client.close()
    with recorder.connect() as again:
        again.request(messages.STATUS)


def test_power_cut_in_mid_transfer_and_on_with_the_next(recorder: Recorder) -> None:
    client = recorder.connect()
    got = []
    with pytest.raises(LinkLost) as error:
        for item in client.leaves([(12, 0, LEAVES)]):
            got.append(item.index)
            if len(got) == 20:
                recorder.power_cut()
                recorder.start()
    assert error.value.exit_code == ExitCode.PARTIAL
    client.close()
    with recorder.connect() as again:
        got += [item.index for item in again.leaves([(12, len(got), LEAVES - len(got))])]
    assert got == list(range(LEAVES))


def test_a_noisy_line_is_byte_exact(recorder: Recorder) -> None:
    random = peers.Random(5)

    def noise(data: bytes) -> bytes:
        hurt = bytearray(data)
        for _ in range(len(data) // 3000 + (random.below(3000) < len(data) % 3000)):
            hurt[random.below(len(hurt))] ^= 1 << random.below(8)
        return bytes(hurt)

    recorder.line.up.change = recorder.line.down.change = noise
    with recorder.connect() as client:
        for item in client.leaves([(12, 0, 40), (12, 40, 40)]):
            assert item.data == leaf(item.index)
    assert client.line._transport.noise()[1] > 10


def test_speed_of_a_full_size_line(recorder: Recorder) -> None:
    """921,600 baud both ways: the line is full, and acknowledgements stay small."""
    recorder.line.up.rate = recorder.line.down.rate = 92160
    with recorder.connect() as client:
        down = recorder.line.down.passed
        up = recorder.line.up.passed
        started = time.monotonic()
        size = sum(len(item.data) for item in client.leaves([(12, 0, 20)]))
        seconds = time.monotonic() - started
        assert size / (92160 * seconds) > 0.9
        assert (recorder.line.down.passed - down) / (recorder.line.up.passed - up) < 0.02


def _offer(recorder: Recorder) -> bytes:
    """What the recorder answers to a hello; then the line is dropped."""
    crypto = peers.RealCrypto()
    shake = StationHandshake(crypto, peers.STATION, peers.Rules(crypto), None, ENROL)
    line = host_line.Line(recorder.url)
    try:
        hello = shake.hello()
        line.send(head(len(hello)) + hello)
        return receive(line, Splitter(), 5)
    finally:
        line.close()


def test_dropped_attempts_are_counted(recorder: Recorder) -> None:
    """Whoever sees an offer knows what digits would follow; he may not draw offers until he likes one."""
    offers = [_offer(recorder) for _ in range(ATTEMPTS_PER_MINUTE)]
    assert refusal() not in offers and len(set(offers)) == ATTEMPTS_PER_MINUTE
    assert _offer(recorder) == refusal()


class Device:
    """Something else on the port: answers what it gets, or talks by itself."""

    def __init__(self, answer: bytes, endless: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._answer = answer
        self._endless = endless
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        end, _ = self._listener.accept()
        with end:
            try:
                while self._endless or end.recv(4096):
                    end.sendall(self._answer)
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()
        self._thread.join(2)


STRANGE = (
    (b"", False, "no recorder answers"),
    (b"\r\nMicroPython v1.26.1 on 2025-09-11\r\n>>> ", False, "MicroPython prompt"),
    (b"AT\r\r\nERROR\r\n", False, "modem"),
    (b"\x00\x12\xff garbage \x00 zero", False, "not a recorder"),
    (b"GPS,1,2,3\r\n" * 300, True, "not a recorder"),
)


def _try(answer: bytes, endless: bool) -> tuple[SealdockError, float]:
    device = Device(answer, endless)
    started = time.monotonic()
    with pytest.raises(SealdockError) as error:
        connect(device.url, peers.STATION, peers.Rules(peers.RealCrypto()))
    device.close()
    return error.value, time.monotonic() - started


def test_strange_devices_are_named_within_five_seconds() -> None:
    with ThreadPoolExecutor() as pool:
        tried = [pool.submit(_try, answer, endless) for answer, endless, _ in STRANGE]
    for (_, _, text), future in zip(STRANGE, tried, strict=True):
        error, seconds = future.result()
        assert text in str(error)
        assert "\n" not in str(error)
        assert error.exit_code == ExitCode.ERROR
        assert seconds < 5


def test_no_such_port() -> None:
    with pytest.raises(SealdockError, match="there is no port"):
        connect("/dev/ttyNOT0", peers.STATION, peers.Rules(peers.RealCrypto()))
    with pytest.raises(SealdockError, match="there is no port"):
        connect("socket://127.0.0.1:1", peers.STATION, peers.Rules(peers.RealCrypto()))
    with pytest.raises(SealdockError, match="names no port"):
        connect("nonsense://x", peers.STATION, peers.Rules(peers.RealCrypto()))
    with pytest.raises(SealdockError, match="is no serial port"):
        connect("/etc/passwd", peers.STATION, peers.Rules(peers.RealCrypto()))


def test_a_busy_port() -> None:
    master, slave = os.openpty()
    port = SerialPort(os.ttyname(slave))
    with pytest.raises(SealdockError, match="in use"):
        SerialPort(os.ttyname(slave))
    port.close()
    os.close(master)
    os.close(slave)
