# SPDX-License-Identifier: Apache-2.0
"""The chain through every power cut and a flash that fails: what was synced stays, numbers never repeat, links never break."""

import gc
from hashlib import sha256

import vfs
from fake_board import Cut, Flash, PowerCut

from sealcam.chain.chain import Chain, ChainError
from sealcam.chain.flash import mount
from sealproto import cose, records

COUNT = 15  # enough for a second file
CHAIN = bytes(32)


class Seen:
    """A history that only remembers sequence numbers."""

    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.chain = None

    def see(self, record) -> None:
        self.seqs.append(record.seq)


def make(seq: int, prev: bytes, size: int = 1400) -> bytes:
    """A record whose signature nobody checks here."""
    body = records.body(records.ASSIGN, assignment=bytes([seq & 255]) * size)
    payload = records.payload(CHAIN, seq, prev, 0, seq, None, records.ASSIGN, body)
    return cose.sign1(cose.RECORD, bytes(8), payload, lambda message: bytes(64))


def made(count: int) -> list:
    out = []
    prev = records.ZERO_HASH
    for seq in range(count):
        out.append(make(seq, prev))
        prev = sha256(out[-1]).digest()
    return out


RAWS = made(COUNT)


class Mounted:
    """A littlefs over the fake flash at /cut, for one boot."""

    def __init__(self, flash) -> None:
        self.flash = flash

    def __enter__(self) -> Chain:
        mount(self.flash, "/cut", False)
        self.seen = Seen()
        try:
            self.chain = Chain("/cut/chain", self.seen)
        except BaseException:
            vfs.umount("/cut")
            raise
        return self.chain

    def __exit__(self, kind, error, trace) -> None:
        try:
            self.chain.close()
        except OSError:
            assert self.flash.cut.dead
        vfs.umount("/cut")
        gc.collect()


def formatted(cut: Cut) -> Flash:
    flash = Flash(64)
    vfs.VfsLfs2.mkfs(flash)
    flash.cut = cut
    return flash


def append(chain, raw: bytes) -> None:
    chain.append(raw, chain.seq + 1, sha256(raw).digest())


def write_all(flash, synced: list) -> None:
    with Mounted(flash) as chain:
        for raw in RAWS:
            append(chain, raw)
            synced.append(chain.seq)


def cut_at(after: int, torn: bool) -> bool:
    """One life with a cut; True when it never came."""
    flash = formatted(Cut(after, torn))
    synced: list[int] = []
    try:
        write_all(flash, synced)
        done = True
    except (PowerCut, OSError):
        assert flash.cut.dead
        done = False
    flash = flash.after_cut()
    mounted = Mounted(flash)
    with mounted as chain:
        last = synced[-1] if synced else -1
        assert last <= chain.seq <= last + 1, (after, last, chain.seq)
        assert list(chain.read(0)) == RAWS[: chain.seq + 1]
        assert mounted.seen.seqs == list(range(chain.seq + 1))
        for raw in RAWS[chain.seq + 1 :]:
            append(chain, raw)
    with Mounted(flash) as chain:
        assert list(chain.read(0)) == RAWS
    return done


def test_what_was_synced_stays_at_every_cut():
    after = 0
    while not cut_at(after, True):
        after += 1
    assert after > 60
    for few in range(0, after, 5):  # and where the write that the cut hits does nothing at all
        cut_at(few, False)


def fails_after(good_for: int, first: int) -> bool:
    """Flash fails from a write on while a record is made, and recovers; True when the record was made before it failed."""
    flash = formatted(Cut())
    with Mounted(flash) as chain:
        for raw in RAWS[:first]:
            append(chain, raw)
        flash.good_for = good_for
        made = False
        for _ in range(3):
            try:
                append(chain, make(first, sha256(RAWS[first - 1]).digest(), 900))
                made = True
                break
            except OSError:
                pass
        flash.good_for = None
        if made:
            return True
        assert chain.seq == first - 1
        for raw in RAWS[first : first + 2]:
            append(chain, raw)
    with Mounted(flash.after_cut()) as chain:
        assert list(chain.read(0)) == RAWS[: first + 2], (good_for, first)
    return False


def test_a_flash_that_fails_for_a_while_breaks_no_link():
    for first in (3, 11, 12, 13):  # the second file begins at record 12
        good_for = 0
        while not fails_after(good_for, first):
            good_for += 1
        assert good_for > 0


def test_reading_from_the_middle():
    flash = formatted(Cut())
    write_all(flash, [])
    with Mounted(flash.after_cut()) as chain:
        for first in (0, 1, 11, 12, 13, COUNT - 1):
            assert list(chain.read(first)) == RAWS[first:]
            assert chain.get(first) == RAWS[first]
        assert chain.get(COUNT) is None and list(chain.read(COUNT)) == []


def refused(flash) -> bool:
    try:
        with Mounted(flash):
            return False
    except ChainError:
        return True


def test_a_chain_that_does_not_hold_together_is_refused():
    for harm in (_cut_file, _swap_files, _other_link, _remove_file):
        flash = formatted(Cut())
        write_all(flash, [])
        mount(flash.after_cut(), "/cut", False)
        harm()
        vfs.umount("/cut")
        assert refused(flash.after_cut()), harm.__name__


def _files() -> list:
    import os

    return ["/cut/chain/" + name[0] for name in sorted(os.ilistdir("/cut/chain"))]


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def _cut_file() -> None:
    _write(_files()[0], _read(_files()[0])[:-7])


def _swap_files() -> None:
    first, second = _files()[:2]
    one, two = _read(first), _read(second)
    _write(first, two)
    _write(second, one)


def _other_link() -> None:
    data = _read(_files()[1])
    at = data.find(RAWS[-1][60:100])
    _write(_files()[1], data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def _remove_file() -> None:
    import os

    files = _files()
    assert len(files) >= 2
    os.remove(files[0])
    _write(files[0], b"")
