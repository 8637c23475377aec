# SPDX-License-Identifier: Apache-2.0
"""Ports as slots of a rack: the number printed on a slot follows from where its plug is in the tree of hubs, not from who came first."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from serial.tools import list_ports as pyserial_ports

from sealdock.link.ports import is_on_board, simulated_ports

USB = Path("/sys/bus/usb/devices")
_LOCATION = re.compile(r"(\d+)-(\d+(?:\.\d+)*)(?::.*)?$")


@dataclass(frozen=True)
class Place:
    """One plug. `slot` is what people call it; `url` what --port takes."""

    url: str
    slot: str
    location: str = ""


def places(devices: Path = USB) -> list[Place]:
    """Serial ports and simulated recorders that are plugged in now."""
    found = [Place(p.device, slot_of(p.location or "", devices) or p.device, p.location or "") for p in pyserial_ports.comports()]
    real = clear([place for place in found if not is_on_board(place.url)])
    taken = {place.slot for place in real}
    free = (str(n) for n in range(1, 1 << 16) if str(n) not in taken)
    return real + [Place(port.url, next(free)) for port in sorted(simulated_ports(), key=lambda port: _tail_number(port.url))]


def clear(found: Iterable[Place]) -> list[Place]:
    """Places whose numbers are the same, because they hang on two racks, get their whole location instead."""
    found = list(found)
    count = Counter(place.slot for place in found)
    return [replace(place, slot=place.location) if count[place.slot] > 1 and place.location else place for place in found]


def slot_of(location: str, devices: Path = USB) -> str:
    """The slot of a USB location such as 1-1.4.2:1.0, counted through the hub on port 1 of the machine and the hubs behind it.

    A hub says how many ports it has: behind the fourth of a hub's four-port hubs, port 2 is slot 14. Without that: 4.2. "" for no location.
    """
    match = _LOCATION.match(location)
    if match is None:
        return ""
    bus, ports = match[1], [int(port) for port in match[2].split(".")]
    if len(ports) == 1:
        return str(ports[0])
    number = 0
    for depth, port in enumerate(ports[1:], 1):
        size = _ports(devices / f"{bus}-{'.'.join(map(str, ports[:depth]))}")
        if size is None or port > size:
            return ".".join(map(str, ports[1:]))
        number = number * size + port - 1
    return str(number + 1)


def _ports(hub: Path) -> int | None:
    try:
        return int((hub / "maxchild").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _tail_number(url: str) -> int:
    digits = re.search(r"(\d+)$", url)
    return int(digits[1]) if digits else 0
