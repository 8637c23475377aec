# SPDX-License-Identifier: Apache-2.0
"""A package to be attacked, and what a way to change it is.

Three attackers. The *editor* changes files and holds no key. The *station's thief* signs the manifest anew over what he changed; he may
leave out what a station may always withhold (clips, rules, proofs), so he only changes records, media and keys. The
*recorder's thief* also signs records, with every key that does not belong there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sealdock.package import layout
from sealproto import records as rec
from tests.packages import Made, split

SEQUENCES = (layout.RECORDS, layout.CERTIFICATES, layout.PROFILE, layout.PROMPTS)

Files = dict[str, bytes]
Mutate = Callable[["Target", int], Files]


class Target:
    """The package that is attacked, and what an attacker may take from elsewhere: another recorder's and another session's package."""

    def __init__(self) -> None:
        self.made = _recorded(Made())
        self.files = self.made.files()
        self.strange = _recorded(Made(bureau=self.made.bureau)).files()
        self.root = self.made.root
        self._signed_at = self.made.builder.utc
        session, keys = self.made.session, dict(self.made.content_keys)
        _session(self.made)
        self.later = self.made.files()
        self.made.session, self.made.content_keys = session, keys

    @cached_property
    def places(self) -> list[tuple[str, int]]:
        """Every byte of every file."""
        return [(name, at) for name in sorted(self.files) for at in range(len(self.files[name]))]

    @cached_property
    def sealed(self) -> list[tuple[str, int]]:
        """Every byte of what a recorder sealed or its sealing rests on: records, media, keys."""
        return [place for place in self.places if place[0] in (layout.RECORDS, layout.KEYS) or place[0].startswith("media/")]

    @cached_property
    def items(self) -> dict[str, list[bytes]]:
        return {name: split(self.files[name]) for name in SEQUENCES}

    @cached_property
    def item_places(self) -> list[tuple[str, int]]:
        return [(name, n) for name, items in self.items.items() for n in range(len(items))]

    @cached_property
    def records(self) -> list[rec.Record]:
        return [rec.Record(raw) for raw in self.items[layout.RECORDS]]

    def may_be_withheld(self, at: int) -> bool:
        """Whether a station can leave the record out and only lose by it: a clock setting, an assignment, the receipt at the end."""
        return self.records[at].type in (rec.CLOCK_SET, rec.ASSIGN) or at == len(self.records) - 1

    @cached_property
    def media(self) -> list[str]:
        return sorted(name for name in self.files if name.startswith("media/"))

    def signed(self, files: Files) -> Files:
        """With the manifest signed anew, as the station's thief can."""
        self.made.sign(files, utc=self._signed_at)
        return files

    def with_records(self, items: list[bytes]) -> Files:
        return self.signed({**self.files, layout.RECORDS: b"".join(items)})

    def with_record(self, at: int, raw: bytes) -> Files:
        items = list(self.items[layout.RECORDS])
        items[at] = raw
        return self.with_records(items)


def _recorded(made: Made) -> Made:
    made.begin()
    _session(made)
    return made


def _session(made: Made) -> None:
    """Small, since every byte of it is a position: five segments in two parts, one of them of two leaves."""
    made.open()
    made.announce()
    made.segment(100, 100)
    made.builder.mark()
    made.segment(17_000, 100)
    made.builder.interrupt()
    made.builder.reboot(60_000)
    made.resume()
    for _ in range(3):
        made.segment(100, 100)
    made.builder.close()
    made.builder.receipt()


@dataclass(frozen=True)
class Kind:
    """One way to change a package; `count` positions of it."""

    name: str
    count: Callable[[Target], int]
    mutate: Mutate


def put(data: bytes, at: int, new: bytes, over: int) -> bytes:
    """`new` at an offset, in place of `over` bytes."""
    return data[:at] + new + data[at + over :]
