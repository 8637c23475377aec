# SPDX-License-Identifier: Apache-2.0
"""Tables of named fields <-> maps with integer keys.

A table is a tuple of (name, kind); a field's place in it is its map key. Kinds: `u` unsigned and `i` signed integer,
`b` bytes, `b8 b16 b32 b64` bytes of that length, `t` text, `f` boolean, `a` array, `m` map, `x` anything. A `~` behind
it allows null, a `-` allows absence.
"""


class ShapeError(ValueError):
    """A field is missing or of the wrong kind."""


def pack(fields: tuple, **values: object) -> dict:
    """The integer-key map of the named values, in the table's order. ShapeError for an unknown, missing or wrong one."""
    out: dict[int, object] = {}
    for key, (name, kind) in enumerate(fields):
        if name in values:
            item = out[key] = values.pop(name)
            if not fits(kind, item) and not (item is None and "~" in kind):
                raise ShapeError("field has the wrong kind: " + name)
        elif not kind.endswith("-"):
            raise ShapeError("field missing: " + name)
    if values:
        raise ShapeError("no such field: " + sorted(values)[0])
    return out


def unpack(fields: tuple, value: object) -> tuple[dict, list]:
    """Of an integer-key map: the values by name (absent optional ones as None), and the keys that the table does not know."""
    if not isinstance(value, dict):
        raise ShapeError("not a map")
    named: dict[str, object] = {}
    for key, (name, kind) in enumerate(fields):
        if key in value:
            item = named[name] = value[key]
            if not fits(kind, item) and not (item is None and "~" in kind):
                raise ShapeError("field has the wrong kind: " + name)
        elif kind.endswith("-"):
            named[name] = None
        else:
            raise ShapeError("field missing: " + name)
    return named, [key for key in value if key >= len(fields)]


def fits(kind: str, value: object) -> bool:
    """Whether value is of a kind, apart from being null or absent."""
    first = kind[0]
    if first == "u":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if first == "i":
        return isinstance(value, int) and not isinstance(value, bool)
    if first == "b":
        length = kind[1:].rstrip("~-")
        return isinstance(value, (bytes, bytearray)) and (not length or len(value) == int(length))
    if first == "t":
        return isinstance(value, str)
    if first == "f":
        return isinstance(value, bool)
    if first == "a":
        return isinstance(value, (list, tuple))
    if first == "m":
        return isinstance(value, dict)
    return first == "x"
