# SPDX-License-Identifier: Apache-2.0
"""Files for the simulated board as a ROMFS image, which MicroPython reads in place (its documentation, "ROMFS filesystem format").

A record is a kind, a length and as many bytes of payload. Numbers are base 128, most significant group first.
"""

_MAGIC = b"\xd2\xcd\x31"
_DATA, _FOLDER, _FILE = 2, 4, 5


def image(files: dict[str, bytes]) -> bytes:
    """files: path with slashes to content."""
    body = _folder(files)
    size = _number(len(body))
    if (len(_MAGIC) + len(size) + len(body)) % 2:  # the whole has an even length
        size = b"\x80" + size
    return _MAGIC + size + body


def _folder(files: dict[str, bytes]) -> bytes:
    folders: dict[str, dict[str, bytes]] = {}
    body = b""
    for path in sorted(files):
        name, _, rest = path.partition("/")
        if rest:
            folders.setdefault(name, {})[rest] = files[path]
        else:
            body += _record(_FILE, _named(name, _record(_DATA, files[path])))
    return body + b"".join(_record(_FOLDER, _named(name, _folder(inside))) for name, inside in folders.items())


def _named(name: str, payload: bytes) -> bytes:
    return _number(len(name.encode())) + name.encode() + payload


def _record(kind: int, payload: bytes) -> bytes:
    return _number(kind) + _number(len(payload)) + payload


def _number(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.insert(0, 0x80 | value & 0x7F)
    return bytes(groups)
