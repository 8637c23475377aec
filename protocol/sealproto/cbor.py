# SPDX-License-Identifier: Apache-2.0
"""Deterministic CBOR (RFC 8949 section 4.2.1), strict in both directions.

The subset that signed bytes need: integers of 64 bits, byte and text strings, arrays, maps, false, true, null, and tag 18.
Map keys are the integers 0 to 23, rising, so both canonical orders of RFC 8949 agree. Anything that would not come out
byte for byte the same when encoded again is refused: there is one spelling of each value, so one signature of it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 12
TAG_SIGN1 = 18  # COSE_Sign1, RFC 9052 section 4.2


class CborError(ValueError):
    """The bytes are not the one deterministic encoding of an allowed value."""


class Tag:
    """A tagged value; only tag 18 exists here."""

    def __init__(self, number: int, value: object) -> None:
        self.number = number
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tag) and self.number == other.number and self.value == other.value


def head(major: int, n: int) -> bytes:
    """The shortest initial bytes of an item: major type 0 to 7, argument n below 2**64."""
    major <<= 5
    if n < 24:
        return bytes((major | n,))
    if n < 0x100:
        return bytes((major | 24, n))
    if n < 0x10000:
        return bytes((major | 25, n >> 8, n & 255))
    if n < 0x100000000:
        return bytes((major | 26,)) + n.to_bytes(4, "big")
    if n < 0x10000000000000000:
        return bytes((major | 27,)) + n.to_bytes(8, "big")
    raise CborError("integer over 64 bits")


def encode(value: object) -> bytes:
    """The deterministic encoding of value. CborError for a type or key that has none."""
    out = bytearray()
    _encode(value, out, 0)
    return bytes(out)


def _encode(value: object, out: bytearray, depth: int) -> None:
    """The two most common types by identity: isinstance costs a recorder as much as the rest."""
    if depth > MAX_DEPTH:
        raise CborError("nested too deep")
    if type(value) is int:
        if 0 <= value < 24:
            out.append(value)
        else:
            out.extend(head(0, value) if value >= 0 else head(1, -1 - value))
    elif type(value) is bytes:
        out.extend(head(2, len(value)))
        out.extend(value)
    elif isinstance(value, dict):
        _encode_map(value, out, depth)
    elif isinstance(value, (list, tuple)):
        out.extend(head(4, len(value)))
        for item in value:
            _encode(item, out, depth + 1)
    elif isinstance(value, Tag) and value.number == TAG_SIGN1:
        out.append(0xD2)
        _encode(value.value, out, depth + 1)
    else:
        _encode_single(value, out)


def _encode_single(value: object, out: bytearray) -> None:
    if value is None:
        out.append(0xF6)
    elif isinstance(value, bool):  # before int: a bool is one
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        out.extend(head(0, value) if value >= 0 else head(1, -1 - value))
    elif isinstance(value, (bytes, bytearray, memoryview)):
        out.extend(head(2, len(value)))
        out.extend(value)
    elif isinstance(value, str):
        raw = value.encode()
        out.extend(head(3, len(raw)))
        out.extend(raw)
    else:
        raise CborError("no encoding for " + type(value).__name__)


def _encode_map(value: dict, out: bytearray, depth: int) -> None:
    out.extend(head(5, len(value)))
    for key in value:
        if (type(key) is not int and (isinstance(key, bool) or not isinstance(key, int))) or not 0 <= key < 24:
            raise CborError("map key is not an integer from 0 to 23")
    for key in sorted(value):
        out.append(key)
        _encode(value[key], out, depth + 1)


def decode(data: bytes) -> object:
    """The value that data encodes, all of it. CborError otherwise. Byte strings come back as bytes."""
    value, end = decode_at(data, 0)
    if end != len(data):
        raise CborError("bytes after the end")
    return value


def decode_rows(data: bytes, key: int, begin: "Callable[[int], Callable[[object], None]]") -> dict:
    """Like decode() of a map, but the array under `key` is never whole in memory: `begin(count)` gives the function that takes its items
    one by one, and in the map it is empty. What was taken counts only when this returns.
    """
    items: dict[int, object] = {}
    last = -1
    n, at = _open(data, 0, 5)
    for _ in range(n):
        if at >= len(data):
            raise CborError("cut off")
        now = data[at]
        if not last < now < 24:
            raise CborError("map keys are not rising integers from 0 to 23")
        last = now
        if now == key:
            at = _rows(data, at + 1, begin)
            items[now] = ()
        else:
            items[now], at = _decode(data, at + 1, 1)
    if at != len(data):
        raise CborError("bytes after the end")
    return items


def _rows(data: bytes, at: int, begin: "Callable[[int], Callable[[object], None]]") -> int:
    n, at = _open(data, at, 4)
    if n > len(data) - at:  # each item takes a byte: refuse before anything is allocated for them
        raise CborError("cut off")
    take = begin(n)
    for _ in range(n):
        item, at = _decode(data, at, 2)
        take(item)
    return at


def _open(data: bytes, at: int, major: int) -> tuple[int, int]:
    """The count of an array or a map that must begin here, and the offset of its first item."""
    if at >= len(data) or data[at] >> 5 != major:
        raise CborError("another kind of item was to come")
    n = data[at] & 31
    return (n, at + 1) if n < 24 else _argument(data, at + 1, n)


def decode_at(data: bytes, at: int) -> tuple[object, int]:
    """One item of a CBOR sequence (RFC 8742) that starts at offset `at`, and the offset behind it."""
    return _decode(data, at, 0)


def _argument(data: bytes, at: int, info: int) -> tuple[int, int]:
    if info > 27:
        raise CborError("indefinite length or reserved argument")
    width = 1 << (info - 24)
    end = at + width
    if end > len(data):
        raise CborError("cut off")
    n = int.from_bytes(data[at:end], "big")
    if n < (24 if width == 1 else 1 << (width * 4)):
        raise CborError("argument is not in its shortest form")
    return n, end


def _decode(data: bytes, at: int, depth: int) -> tuple[object, int]:
    if depth > MAX_DEPTH:
        raise CborError("nested too deep")
    if at >= len(data):
        raise CborError("cut off")
    first = data[at]
    major = first >> 5
    if major == 7:
        return _simple(first), at + 1
    n = first & 31
    at += 1
    if n > 23:
        n, at = _argument(data, at, n)
    if major == 0:
        return n, at
    if major == 1:
        return -1 - n, at
    if major == 2:
        end = at + n
        if end > len(data):
            raise CborError("cut off")
        return bytes(data[at:end]), end
    if major == 3:
        return _text(data, at, n)
    if major == 4:
        return _array(data, at, n, depth)
    if major == 5:
        return _map(data, at, n, depth)
    if n != TAG_SIGN1:
        raise CborError("unknown tag")
    value, at = _decode(data, at, depth + 1)
    return Tag(n, value), at


def _simple(first: int) -> object:
    if first == 0xF6:
        return None
    if first == 0xF4:
        return False
    if first == 0xF5:
        return True
    raise CborError("float or unknown simple value")


def _text(data: bytes, at: int, n: int) -> tuple[str, int]:
    end = at + n
    if end > len(data):
        raise CborError("cut off")
    raw = bytes(data[at:end])
    check_utf8(raw)
    return raw.decode(), end


def _array(data: bytes, at: int, n: int, depth: int) -> tuple[object, int]:
    if n > len(data) - at:  # each item takes a byte: refuse before allocating
        raise CborError("cut off")
    items = []
    for _ in range(n):
        item, at = _decode(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, n: int, depth: int) -> tuple[object, int]:
    items: dict[int, object] = {}
    last = -1
    size = len(data)
    if n > 24:
        raise CborError("map is too large")
    for _ in range(n):
        if at >= size:
            raise CborError("cut off")
        key = data[at]
        if key > 23:
            raise CborError("map key is not an integer from 0 to 23")
        if key <= last:
            raise CborError("map keys are not rising")
        last = key
        at += 1
        if at < size and data[at] < 24 and depth < MAX_DEPTH:  # most values of records are small numbers: no call for them
            items[key] = data[at]
            at += 1
        else:
            items[key], at = _decode(data, at, depth + 1)
    return items, at


def check_utf8(raw: bytes) -> None:
    """CborError unless raw is UTF-8 as RFC 3629 has it; MicroPython's own decoder lets overlong forms and surrogates through."""
    if not raw or max(raw) < 0x80:  # nearly all text: names and content types
        return
    at = 0
    size = len(raw)
    while at < size:
        first = raw[at]
        if first < 0x80:
            at += 1
            continue
        follow, low = _utf8_lead(first)
        if at + follow >= size:
            raise CborError("text is not UTF-8")
        point = first & (0x3F >> follow)
        for byte in raw[at + 1 : at + 1 + follow]:
            if byte & 0xC0 != 0x80:
                raise CborError("text is not UTF-8")
            point = point << 6 | byte & 0x3F
        if point < low or point > 0x10FFFF or 0xD800 <= point < 0xE000:
            raise CborError("text is not UTF-8")
        at += 1 + follow


def _utf8_lead(first: int) -> tuple[int, int]:
    """Of a lead byte: how many bytes follow, and the least code point that needs them."""
    if 0xC2 <= first < 0xE0:
        return 1, 0x80
    if 0xE0 <= first < 0xF0:
        return 2, 0x800
    if 0xF0 <= first < 0xF5:
        return 3, 0x10000
    raise CborError("text is not UTF-8")
