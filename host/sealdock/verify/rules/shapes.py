# SPDX-License-Identifier: Apache-2.0
"""The inside of a record's arrays and maps, which its field table leaves open (protocol/sealdock.cddl has it in full).

A signed record with anything else inside was made by a recorder that this version does not know: it is not understood, and none of
its fields are used.
"""

from collections.abc import Callable

from sealproto import records as rec

MAX_UTC = 253_402_300_799_999  # the last millisecond of the year 9999


def well_formed(record: rec.Record) -> bool:
    """Whether the fields of a record, and its time, can be used without looking inside them again."""
    if record.utc is not None and not (_count(record.utc, 3) and record.utc[0] <= MAX_UTC):
        return False
    fields = record.fields or {}
    return all(check(fields[name]) for name, check in _CHECKS.items() if name in fields)


def _count(value: object, length: int | None = None) -> bool:
    """An array of unsigned integers."""
    return isinstance(value, list) and (length is None or len(value) == length) and all(_unsigned(item) for item in value)


def _unsigned(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _media(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    video, sound = value
    return (video is None or (_count(video, 3) and video[2] > 0)) and (sound is None or (_count(sound, 3) and sound[0] > 0))


def _items(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == 3 and _unsigned(row[0]) and isinstance(row[1], bool) and isinstance(row[2], int | None)
        for row in value
    )


def _measured(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, int) and not isinstance(item, bool) for item in value.values())


def _utc(value: object) -> bool:
    return value is None or (isinstance(value, int) and value <= MAX_UTC)


_CHECKS: dict[str, Callable[[object], bool]] = {
    "media": _media,
    "check": _items,
    "items": _items,
    "clips": _count,
    "slots": _count,
    "measured": _measured,
    "from_utc": _utc,
    "before": _utc,
    "after": _utc,
}
