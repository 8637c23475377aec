# SPDX-License-Identifier: Apache-2.0
"""The search of a recorder's whole memory for what is left of secrets.

A secret is sought by each 8 bytes of it, at every place, in each shape that the recorder's arithmetic, HMAC and hash give it: as it is,
the other way round, with words turned, masked as by HMAC, and with each byte in a word of its own.
"""

from collections.abc import Iterable, Mapping

import numpy as np

PIECE = 8  # bytes of a secret that must stand together to be found
_WORD = 4
_HMAC_MASKS = (0x36, 0x5C)


def found(secrets: Mapping[str, bytes], places: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Those of the named secrets of which something lies in a place: name -> where, and in which shape."""
    pieces = _pieces(secrets)
    values = np.array(sorted(pieces), dtype="<u8")
    out: dict[str, set[str]] = {}
    for place, data in places.items():
        for stream in (data, *(data[first::_WORD] for first in range(_WORD))):
            for value in _matches(stream, values):
                name, shape = pieces[value]
                out.setdefault(name, set()).add(f"{place}, {shape}")
    return {name: sorted(where) for name, where in out.items()}


def _pieces(secrets: Mapping[str, bytes]) -> dict[int, tuple[str, str]]:
    return {
        int.from_bytes(raw[at : at + PIECE], "little"): (name, shape)
        for name, secret in secrets.items()
        for shape, raw in _shapes(secret)
        for at in range(0, len(raw), PIECE)
    }


def _shapes(secret: bytes) -> Iterable[tuple[str, bytes]]:
    yield "as it is", secret
    yield "turned", secret[::-1]
    yield "words turned", b"".join(secret[at : at + _WORD][::-1] for at in range(0, len(secret), _WORD))
    for mask in _HMAC_MASKS:
        yield f"masked with {mask:02x}", bytes(byte ^ mask for byte in secret)


def _matches(data: bytes, values: np.ndarray) -> set[int]:
    """Which of the sorted values stand anywhere in data."""
    matched: set[int] = set()
    for shift in range(min(PIECE, max(0, len(data) - PIECE + 1))):
        words = np.frombuffer(data, "<u8", (len(data) - shift) // PIECE, shift)
        words = words[(words != 0) & (words != 0xFFFFFFFFFFFFFFFF)]
        at = np.minimum(np.searchsorted(values, words), len(values) - 1)
        matched.update(int(value) for value in words[values[at] == words])
    return matched
