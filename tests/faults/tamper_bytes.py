# SPDX-License-Identifier: Apache-2.0
"""Changes of bytes: anywhere in a package by somebody without any key, and in what was sealed by the station's thief."""

import random
from collections.abc import Callable

from sealdock.package import layout

from .tampered import Files, Kind, Mutate, Target, put

Bytes = Callable[[bytes, int, random.Random], bytes]

BYTES: dict[str, Bytes] = {
    "byte inverted": lambda d, at, r: put(d, at, bytes([d[at] ^ 255]), 1),
    "byte zeroed": lambda d, at, r: put(d, at, b"\0", 1),
    "byte all ones": lambda d, at, r: put(d, at, b"\xff", 1),
    "byte one more": lambda d, at, r: put(d, at, bytes([(d[at] + 1) & 255]), 1),
    "byte one less": lambda d, at, r: put(d, at, bytes([(d[at] - 1) & 255]), 1),
    "byte by chance": lambda d, at, r: put(d, at, r.randbytes(1), 1),
    "byte left out": lambda d, at, r: put(d, at, b"", 1),
    "zero put in": lambda d, at, r: put(d, at, b"\0", 0),
    "byte put in": lambda d, at, r: put(d, at, r.randbytes(1), 0),
    "byte doubled": lambda d, at, r: put(d, at, d[at : at + 1], 0),
    "neighbours swapped": lambda d, at, r: put(d, at, d[at : at + 2][::-1], 2),
    "swapped with another": lambda d, at, r: _swapped(d, at, r.randrange(len(d))),
    "16 bytes zeroed": lambda d, at, r: put(d, at, bytes(len(d[at : at + 16])), 16),
    "16 bytes by chance": lambda d, at, r: put(d, at, r.randbytes(len(d[at : at + 16])), 16),
    "16 bytes left out": lambda d, at, r: put(d, at, b"", 16),
    "16 bytes put in": lambda d, at, r: put(d, at, r.randbytes(16), 0),
    "32 bytes from elsewhere": lambda d, at, r: put(d, at, _some(d, r, len(d[at : at + 32])), 32),
    "32 bytes doubled": lambda d, at, r: put(d, at, d[at : at + 32], 0),
    "8 bytes turned round": lambda d, at, r: put(d, at, d[at : at + 8][::-1], 8),
    "end cut off": lambda d, at, r: d[:at],
    "beginning cut off": lambda d, at, r: d[at + 1 :],
    "end repeated": lambda d, at, r: d + d[at:],
}  # fmt: skip


def _swapped(data: bytes, a: int, b: int) -> bytes:
    out = bytearray(data)
    out[a], out[b] = out[b], out[a]
    return bytes(out)


def _some(data: bytes, r: random.Random, size: int) -> bytes:
    at = r.randrange(len(data) - size + 1)
    return data[at : at + size]


def _of_bytes(name: str, change: Bytes) -> Kind:
    def mutate(target: Target, position: int) -> Files:
        file, at = target.places[position]
        return {**target.files, file: change(target.files[file], at, random.Random(f"{name} {position}"))}

    return Kind(name, lambda target: len(target.places), mutate)


def _bit(target: Target, position: int) -> Files:
    file, at = target.places[position // 8]
    data = target.files[file]
    return {**target.files, file: put(data, at, bytes([data[at] ^ 1 << position % 8]), 1)}


def _sealed_bit(target: Target, position: int) -> Files:
    file, at = target.sealed[position]
    data = target.files[file]
    return target.signed({**target.files, file: put(data, at, bytes([data[at] ^ 1 << at % 8]), 1)})


def _sealed_cut(target: Target, position: int) -> Files:
    file, at = target.sealed[position]
    items = target.items[layout.RECORDS]
    if file == layout.RECORDS and at == sum(map(len, items[:-1])) and target.may_be_withheld(len(items) - 1):
        return target.files  # nothing is gone but what a station may withhold
    return target.signed({**target.files, file: target.files[file][:at]})


def _spliced(of: str) -> Mutate:
    """The same file of another package from here on."""

    def mutate(target: Target, position: int) -> Files:
        file, at = target.places[position]
        donor: Files = getattr(target, of)
        return {**target.files, file: target.files[file][:at] + donor.get(file, b"")[at:]}

    return mutate


def kinds() -> list[Kind]:
    """A position is a byte; of single bits, a bit."""
    return [
        Kind("bit flipped", lambda t: 8 * len(t.places), _bit),
        *(_of_bytes(name, change) for name, change in BYTES.items()),
        *(Kind(f"spliced with a {of} file", lambda t: len(t.places), _spliced(of)) for of in ("strange", "later")),
        Kind("file left out", lambda t: len(t.files), lambda t, n: {k: v for k, v in t.files.items() if k != sorted(t.files)[n]}),
        Kind("file added", lambda t: len(t.files), lambda t, n: {**t.files, sorted(t.files)[n] + "x": b"x"}),
        Kind("sealed bit flipped, manifest signed anew", lambda t: len(t.sealed), _sealed_bit),
        Kind("sealed end cut off, manifest signed anew", lambda t: len(t.sealed), _sealed_cut),
    ]
