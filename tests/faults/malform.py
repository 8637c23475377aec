# SPDX-License-Identifier: Apache-2.0
"""Every way to malform one message: cut at each byte, each byte changed, said twice, lengthened, with each field replaced."""

from collections.abc import Iterator

from sealproto import cbor

_STRANGE = (None, 0, 1 << 63, -1, b"", bytes(33), "x", [], {}, True)


def malformed(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(what was done, the bytes); none is the message itself."""
    for size in range(1, len(raw)):
        yield f"cut to {size} bytes", raw[:size]
    for at in range(len(raw)):
        yield f"byte {at} changed", raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]
    yield "said twice", raw + raw
    yield "one byte longer", raw + b"\0"
    yield "lengthened", raw + bytes(400)


def refielded(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The same for the fields of a map, whose encoding stays sound: each of another type or size, left out, one too many."""
    whole = cbor.decode(raw)
    assert isinstance(whole, dict)
    for path, fields in _maps((), whole):
        for key in fields:
            for value in _STRANGE:
                if value != fields[key] or type(value) is not type(fields[key]):
                    yield f"{[*path, key]} is {value!r}", cbor.encode(_with(whole, path, {**fields, key: value}))
            yield f"without {[*path, key]}", cbor.encode(_with(whole, path, {k: v for k, v in fields.items() if k != key}))
        yield f"one more field in {[*path]}", cbor.encode(_with(whole, path, {**fields, len(fields): 0}))


def _maps(path: tuple[int, ...], value: dict[int, object]) -> Iterator[tuple[tuple[int, ...], dict[int, object]]]:
    yield path, value
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _maps((*path, key), inner)


def _with(whole: dict[int, object], path: tuple[int, ...], fields: dict[int, object]) -> dict[int, object]:
    if not path:
        return fields
    inner = whole[path[0]]
    assert isinstance(inner, dict)
    return {**whole, path[0]: _with(inner, path[1:], fields)}
