# SPDX-License-Identifier: Apache-2.0
"""CBOR sequences (RFC 8742): files of items one behind the other."""

from collections.abc import Iterator

from sealproto import cbor


def places(data: bytes) -> Iterator[tuple[int, int, object]]:
    """Its items with their places: (start, end, value). CborError at the first that is none."""
    at = 0
    while at < len(data):
        value, end = cbor.decode_at(data, at)
        yield at, end, value
        at = end


def items(data: bytes) -> list[bytes]:
    """Its items, each as its bytes. CborError."""
    return [data[start:end] for start, end, _ in places(data)]
