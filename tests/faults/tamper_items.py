# SPDX-License-Identifier: Apache-2.0
"""Changes of whole items: records, certificates and media left out, moved, doubled, or taken from elsewhere."""

from collections.abc import Callable

from sealdock.package import layout
from tests.packages import split

from .tampered import Files, Kind, Mutate, Target

Change = Callable[[list[bytes], int, list[bytes]], None]


def _items(change: Change, donor: str = "strange") -> Mutate:
    def mutate(target: Target, position: int) -> Files:
        file, at = target.item_places[position]
        items = list(target.items[file])
        change(items, at, split(getattr(target, donor)[file]))
        return {**target.files, file: b"".join(items)}

    return mutate


def _drop(items: list[bytes], at: int, _: list[bytes]) -> None:
    items.pop(at)


def _double(items: list[bytes], at: int, _: list[bytes]) -> None:
    items.insert(at, items[at])


def _swap(items: list[bytes], at: int, _: list[bytes]) -> None:
    following = (at + 1) % len(items)
    items[at], items[following] = items[following], items[at]


def _to_end(items: list[bytes], at: int, _: list[bytes]) -> None:
    items.append(items.pop(at))


def _to_front(items: list[bytes], at: int, _: list[bytes]) -> None:
    items.insert(0, items.pop(at))


def _replace(items: list[bytes], at: int, donor: list[bytes]) -> None:
    items[at] = donor[min(at, len(donor) - 1)]


def _insert(items: list[bytes], at: int, donor: list[bytes]) -> None:
    items.insert(at, donor[min(at, len(donor) - 1)])


ITEMS = {"left out": _drop, "doubled": _double, "swapped": _swap, "moved to the end": _to_end, "moved to the front": _to_front}


def _records_only(change: Change, donor: str = "strange") -> Mutate:
    """Records changed by whoever signs the manifest anew."""

    def mutate(target: Target, position: int) -> Files:
        if change is _drop and target.may_be_withheld(position):
            return target.files
        items = list(target.items[layout.RECORDS])
        change(items, position, split(getattr(target, donor)[layout.RECORDS]))
        return target.with_records(items)

    return mutate


# Media


def _pairs(change: Callable[[Target, Files, str, str], None]) -> Kind:
    def mutate(target: Target, position: int) -> Files:
        count = len(target.media)
        first, second = target.media[position // count], target.media[position % count]
        files = dict(target.files)
        change(target, files, first, second)
        return target.signed(files)

    return Kind(f"media {change.__name__[1:].replace('_', ' ')}", lambda target: len(target.media) ** 2, mutate)


def _swapped_names(target: Target, files: Files, first: str, second: str) -> None:
    files[first], files[second] = files[second], files[first]


def _swapped_with_their_keys(target: Target, files: Files, first: str, second: str) -> None:
    _swapped_names(target, files, first, second)
    keys = layout.Keys.decode(files[layout.KEYS])
    a, b = target.media.index(first), target.media.index(second)
    keys.segments[a], keys.segments[b] = keys.segments[b], keys.segments[a]
    files[layout.KEYS] = keys.encode()


def _shown_twice(target: Target, files: Files, first: str, second: str) -> None:
    files[first] = files[second]


def _of_another_recorder(target: Target, files: Files, first: str, second: str) -> None:
    files[first] = target.strange[second]


def _and_key_of_a_later_session(target: Target, files: Files, first: str, second: str) -> None:
    files[first] = target.later[second]
    keys, theirs = layout.Keys.decode(files[layout.KEYS]), layout.Keys.decode(target.later[layout.KEYS])
    keys.segments[target.media.index(first)] = theirs.segments[target.media.index(second)]
    files[layout.KEYS] = keys.encode()


def _left_out(target: Target, files: Files, first: str, second: str) -> None:
    files.pop(first)
    files.pop(second, None)


def kinds() -> list[Kind]:
    """A position is an item; of media, a pair of segments."""
    donors = ("strange", "later")
    return [
        *(Kind(f"item {name}", lambda t: len(t.item_places), _items(change)) for name, change in ITEMS.items()),
        *(Kind(f"item replaced by a {of} one", lambda t: len(t.item_places), _items(_replace, of)) for of in donors),
        *(Kind(f"a {of} item put in", lambda t: len(t.item_places), _items(_insert, of)) for of in donors),
        *(Kind(f"record {name}, manifest signed anew", lambda t: len(t.records), _records_only(change)) for name, change in ITEMS.items()),
        *(
            Kind(f"record replaced by a {of} one, manifest signed anew", lambda t: len(t.records), _records_only(_replace, of))
            for of in donors
        ),
        *(Kind(f"a {of} record put in, manifest signed anew", lambda t: len(t.records), _records_only(_insert, of)) for of in donors),
        *(_pairs(change) for change in (_swapped_names, _swapped_with_their_keys, _shown_twice, _left_out)),
        *(_pairs(change) for change in (_of_another_recorder, _and_key_of_a_later_session)),
    ]
