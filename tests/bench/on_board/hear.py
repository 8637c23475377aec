# SPDX-License-Identifier: Apache-2.0
"""Runs on MicroPython's unix port: `hear.py burst FILE` writes a burst, `hear.py FILE` counts bursts heard and beginnings."""

import sys

from sealcam.sound.tone_listener import Listener
from sealcam.sound.tones import OFFER, Burst

TOKEN, CHAIN = bytes(range(16)), bytes(range(100, 132))


def write(path: str) -> None:
    burst, buf = Burst(OFFER, TOKEN, CHAIN), memoryview(bytearray(1024))
    with open(path, "wb") as file:
        size = burst.readinto(buf)
        while size:
            file.write(buf[:size])
            size = burst.readinto(buf)


def count(path: str) -> None:
    listener, buf, right = Listener(), memoryview(bytearray(4096)), 0
    with open(path, "rb") as file:
        size = file.readinto(buf)
        while size:
            listener.feed(buf[:size])
            heard = listener.take()
            if heard:
                assert heard == (OFFER, TOKEN, CHAIN)
                right += 1
            size = file.readinto(buf)
    print(right, listener.locks)


if sys.argv[1] == "burst":
    write(sys.argv[2])
else:
    count(sys.argv[1])
