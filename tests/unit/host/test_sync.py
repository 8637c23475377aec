# SPDX-License-Identifier: Apache-2.0
"""Sync against a chain made in Python: what arrives, what is refused, what survives a break at any point."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from recorder_double import CablePulled, RecorderDouble
from stations import make_builder, make_home, record_story
from tests.chainbuilder import ChainBuilder

from sealdock import chain, clock, log, sealing, text
from sealdock.archive import media, receipts, sessions
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.keys import load_agreement
from sealdock.station import Station, now_ms
from sealdock.sync import run
from sealdock.sync import run_sync as sync
from sealdock.sync.branches import Refused
from sealdock.sync.dock import ClockFailed, ClockReading
from sealdock.sync.progress import Quiet
from sealdock.writeoff import write_off
from sealproto import cose, merkle, objects
from sealproto import records as rec
from sealproto.limits import CLOCK_END_MS, CLOCK_FIRST_MS
from sealproto.slot import Trailer


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path)


@pytest.fixture
def builder(home: Home) -> ChainBuilder:
    made = make_builder(home)
    record_story(made)
    return made


@pytest.fixture
def station(home: Home, builder: ChainBuilder) -> Iterator[Station]:
    with Station.open(home, write=True) as opened:
        yield opened


def assert_all_archived(station: Station, builder: ChainBuilder) -> None:
    assert list(station.archive.records(builder.chain)) == builder.records
    held = media.segments(station.archive, chain=builder.chain)
    assert len(held) == len(builder.stored) + 1
    for segment in held:
        assert segment.held
        if segment.sealed:
            assert media.stored_bytes(station.archive, segment) == builder.stored[segment.seq]
            assert media.playable(station.archive, segment, station.recipient) == builder.plain[segment.seq]
        else:
            assert media.playable(station.archive, segment, station.recipient) == b"t" * 40_000
    media.tidy(station.archive, builder.chain)  # the next sync does it
    assert not list((station.archive.folder / "partial").iterdir())
    assert not [path for path in (station.archive.folder / "media").rglob(".*")]


def assert_receipts_hold(station: Station, builder: ChainBuilder) -> None:
    covered: list[int] = []
    given_up: set[int] = set()
    for counter, raw in enumerate(receipts.receipts(station.archive, builder.chain), 1):
        receipt = station.trust.read(cose.RECEIPT, raw)
        assert receipt["counter"] == counter
        leaf = merkle.leaf_hash(objects.log_entry(receipt))
        assert merkle.root_from_inclusion(leaf, receipt["log_index"], receipt["log_size"], receipt["log_proof"]) == receipt["log_root"]
        assert receipt["log"] == station.log.id
        seqs = [seq for first, last in receipt["segments"] for seq in range(first, last + 1)]
        assert objects.segments_root([builder.records[seq] for seq in seqs]) == receipt["root"]
        covered += seqs
        given_up |= {seq for first, last, _ in receipt["given_up"] or [] for seq in range(first, last + 1)}
    assert sorted(covered) == sorted(set(covered))
    tails = [seq for seq, raw in enumerate(builder.records) if rec.Record(raw).type == rec.TAIL_FOUND]
    assert set(covered) | given_up == {*builder.stored, *tails}


def test_everything_arrives_and_the_receipt_covers_it(station: Station, builder: ChainBuilder) -> None:
    before = len(builder.records)
    result = sync(station, RecorderDouble(builder))
    assert (result.segments, result.receipt, result.problems) == (6, 1, [])
    assert result.records == before + 1  # and the record of the receipt
    assert_all_archived(station, builder)
    assert_receipts_hold(station, builder)
    about = sessions.describe(station.archive, sessions.sessions(station.archive)[0])
    assert (about["state"], about["parts"], about["held"], about["officer"]) == ("complete", 2, 6, 7)
    assert [(i["fact"], i["cause"]) for i in about["interruptions"]] == [("power_lost", "device_fault")]
    assert len(about["announcements"]) == 2


def test_second_sync_takes_nothing_and_gives_no_receipt(station: Station, builder: ChainBuilder) -> None:
    sync(station, RecorderDouble(builder))
    size = station.log.size
    result = sync(station, RecorderDouble(builder))
    assert (result.records, result.segments, result.receipt) == (0, 0, None)
    assert station.log.size == size


def test_escrow_opens_what_the_station_holds(home: Home, station: Station, builder: ChainBuilder) -> None:
    sync(station, RecorderDouble(builder))
    escrow = load_agreement(home.escrow_key)
    for segment in media.segments(station.archive, chain=builder.chain):
        assert media.playable(station.archive, segment, escrow)


def test_cable_pulled_after_every_answer_loses_and_doubles_nothing(station: Station, builder: ChainBuilder) -> None:
    leaves_asked: set[tuple] = set()
    for attempt in range(200):
        double = RecorderDouble(builder, breaks_after=attempt % 9 + 4)
        try:
            sync(station, double)
        except CablePulled:
            taken = [step for step in double.asked[:-1] if step[0] == "leaf"]
            leaves_asked.update(taken)
            continue
        break
    assert attempt > 3
    assert_all_archived(station, builder)
    assert_receipts_hold(station, builder)


@pytest.mark.parametrize("at_once", [1, 2, 32])
def test_transfer_resumes_at_the_leaf_where_it_broke(
    station: Station, builder: ChainBuilder, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(run, "LEAVES_AT_ONCE", at_once)
    first = RecorderDouble(builder, breaks_after=11)
    with pytest.raises(CablePulled):
        sync(station, first)
    got = [step for step in first.asked[:-1] if step[0] == "leaf"]
    second = RecorderDouble(builder)
    sync(station, second)
    again = [step for step in second.asked if step[0] == "leaf"]
    assert got
    assert not set(got) & set(again)


def test_receipt_made_but_not_handed_over_is_handed_over_next_time(station: Station, builder: ChainBuilder) -> None:
    class Deaf(RecorderDouble):
        def put_receipt(self, raw: bytes) -> None:
            raise CablePulled("the cable was pulled")

    with pytest.raises(CablePulled):
        sync(station, Deaf(builder))
    size = station.log.size
    assert sync(station, RecorderDouble(builder)).receipt == 1
    assert station.log.size == size
    assert_receipts_hold(station, builder)


def test_crash_between_log_and_receipt_is_finished_with_the_same_entry(station: Station, builder: ChainBuilder) -> None:
    sync(station, RecorderDouble(builder))
    builder.boot()
    sync(station, RecorderDouble(builder))
    size = station.log.size
    with station.archive.transaction() as db:
        db.execute("UPDATE receipt SET raw = NULL, log_index = NULL, handed_over = NULL WHERE counter = 2")
    sync(station, RecorderDouble(builder))
    assert station.log.size == size
    assert_receipts_hold(station, builder)


def test_wrong_media_is_reported_not_held_and_not_receipted(station: Station, builder: ChainBuilder) -> None:
    seq = min(builder.stored)
    good = builder.stored[seq]
    builder.stored[seq] = good[:-1] + bytes([good[-1] ^ 1])
    result = sync(station, RecorderDouble(builder))
    assert result.segments == 5
    assert result.problems and "segment 0" in result.problems[0]
    builder.stored[seq] = good
    assert sync(station, RecorderDouble(builder)).segments == 1
    assert_all_archived(station, builder)
    assert_receipts_hold(station, builder)


def test_tail_with_a_forged_leaf_is_cut_before_it(station: Station, builder: ChainBuilder) -> None:
    # Older bytes in the slot: hashed and signed by the next boot in good faith, but without a tag of this part.
    double = RecorderDouble(builder)
    sector, leaf = builder.tail_leaves[-1]
    builder.tail_leaves[-1] = (Trailer.unpack(sector)[0].sector(bytes(16)), leaf)
    result = sync(station, double)
    tail = next(s for s in media.segments(station.archive, chain=builder.chain) if not s.sealed)
    assert result.problems == []
    assert tail.stored_bytes == 2 * merkle.LEAF_BYTES
    assert media.playable(station.archive, tail, station.recipient) == b"t" * 2 * merkle.LEAF_BYTES


@pytest.mark.parametrize("at", [0, 1])
def test_tail_altered_before_its_last_leaf_is_named(station: Station, builder: ChainBuilder, at: int) -> None:
    sector, leaf = builder.tail_leaves[at]
    builder.tail_leaves[at] = (Trailer.unpack(sector)[0].sector(bytes(16)), leaf)
    result = sync(station, RecorderDouble(builder))
    assert result.problems and f"from block {at} of 3" in result.problems[0]
    tail = next(s for s in media.segments(station.archive, chain=builder.chain) if not s.sealed)
    assert (tail.stored_bytes or 0) == at * merkle.LEAF_BYTES


def test_tail_of_which_nothing_is_proven_does_not_block_its_slot(station: Station, builder: ChainBuilder) -> None:
    builder.tail_leaves[0] = (Trailer.unpack(builder.tail_leaves[0][0])[0].sector(bytes(16)), builder.tail_leaves[0][1])
    sync(station, RecorderDouble(builder))
    tail = next(s for s in media.segments(station.archive, chain=builder.chain) if not s.sealed)
    assert (tail.held, tail.given_up, tail.receipt) == (None, objects.GIVEN_UP_UNPROVEN, 1)
    (raw,) = receipts.receipts(station.archive, builder.chain)
    receipt = objects.read(cose.RECEIPT, raw)[1]
    assert receipt["given_up"] == [[tail.seq, tail.seq, objects.GIVEN_UP_UNPROVEN]]
    assert not any(first <= tail.seq <= last for first, last in receipt["segments"])
    assert_receipts_hold(station, builder)


def test_what_a_custodian_writes_off_is_stated_as_given_up(station: Station, builder: ChainBuilder) -> None:
    seqs = sorted(builder.stored)
    whole = builder.stored.pop(seqs[1])
    assert sync(station, RecorderDouble(builder)).problems
    (session,) = sessions.sessions(station.archive)
    segment = media.of_record(station.archive, builder.chain, seqs[1])
    assert segment is not None and (segment.wrong, segment.receipt) == (1, None)
    for number, why in ((0, "is in the archive"), (99, "no segment 99")):
        with pytest.raises(SealdockError, match=why):
            write_off(station, session, number, "because")
    with pytest.raises(SealdockError, match="a reason is needed"):
        write_off(station, session, segment.number, " ")
    size = station.log.size
    index = write_off(station, session, segment.number, "the card is broken there")
    assert station.log.entry(index)[:3] == [log.WRITTEN_OFF, builder.chain, segment.seq] and station.log.size == size + 1
    with pytest.raises(SealdockError, match="given up already: the card is broken"):
        write_off(station, session, segment.number, "again")
    assert sync(station, RecorderDouble(builder)).receipt == 2
    receipt = objects.read(cose.RECEIPT, receipts.receipts(station.archive, builder.chain)[-1])[1]
    assert (receipt["segments"], receipt["given_up"]) == ([], [[segment.seq, segment.seq, objects.GIVEN_UP_WRITTEN_OFF]])
    assert sync(station, RecorderDouble(builder)).receipt is None
    # It is found after all, on a card: then the next receipt holds it.
    media.add_leaves(station.archive, segment, 0, sealing.leaves(whole))
    media.complete(station.archive, segment, now_ms())
    assert sync(station, RecorderDouble(builder)).receipt == 3
    receipt = objects.read(cose.RECEIPT, receipts.receipts(station.archive, builder.chain)[-1])[1]
    assert (receipt["segments"], receipt["given_up"]) == ([[segment.seq, segment.seq]], None)
    builder.stored[segment.seq] = whole
    assert_receipts_hold(station, builder)


def test_what_no_sync_tried_is_not_written_off(station: Station, builder: ChainBuilder) -> None:
    dock = RecorderDouble(builder, breaks_after=14)
    with pytest.raises(CablePulled):
        sync(station, dock)
    (session,) = sessions.sessions(station.archive)
    with pytest.raises(SealdockError, match="no sync has failed"):
        write_off(station, session, 2, "in a hurry")


def test_tail_that_is_not_what_the_boot_signed_is_not_taken(station: Station, builder: ChainBuilder) -> None:
    sector, leaf = builder.tail_leaves[0]
    builder.tail_leaves[0] = (sector, bytes(len(leaf)))
    result = sync(station, RecorderDouble(builder))
    assert result.problems
    assert next(s for s in media.segments(station.archive, chain=builder.chain) if not s.sealed).held is None


def test_rolled_back_recorder_is_refused_and_kept_as_evidence(station: Station, builder: ChainBuilder) -> None:
    sync(station, RecorderDouble(builder))
    del builder.records[-4:]
    with pytest.raises(Refused, match="rolled back"):
        sync(station, RecorderDouble(builder))
    assert list((station.archive.folder / "branches").iterdir())
    with pytest.raises(Refused, match="refused"):
        sync(station, RecorderDouble(builder))


@pytest.mark.parametrize("extra", [1, 4, 9])
def test_fork_is_refused_and_both_branches_kept(station: Station, builder: ChainBuilder, extra: int) -> None:
    parting = len(builder.records)
    clone = copy.copy(builder)
    clone.records = list(builder.records)
    for _ in range(3):
        builder.mark_outside()
    sync(station, RecorderDouble(builder))
    archived = list(station.archive.records(builder.chain))
    clone.advance(50)
    for _ in range(extra):
        clone.mark_outside()
    with pytest.raises(Refused, match=f"forks from the archive at record {parting}"):
        sync(station, RecorderDouble(clone))
    kept = next((station.archive.folder / "branches").iterdir()).read_bytes()
    assert kept == b"".join(clone.records[parting:])
    assert list(station.archive.records(builder.chain)) == archived
    assert station.log.entry(station.log.size - 1)[0] == log.ALARM


@pytest.mark.parametrize("extra", [1, 6])
def test_fork_is_seen_although_both_branches_changed_their_keys(station: Station, builder: ChainBuilder, extra: int) -> None:
    parting = len(builder.records)
    clone = copy.copy(builder)
    clone.records = list(builder.records)
    builder.rotate()
    builder.mark_outside()
    sync(station, RecorderDouble(builder))
    clone.advance(50)
    clone.rotate()
    for _ in range(extra):
        clone.mark_outside()
    with pytest.raises(Refused, match=f"forks from the archive at record {parting}"):
        sync(station, RecorderDouble(clone))
    assert next((station.archive.folder / "branches").iterdir()).read_bytes() == b"".join(clone.records[parting:])


def test_altered_record_is_refused_before_it_is_archived(station: Station, builder: ChainBuilder) -> None:
    raw = bytearray(builder.records[5])
    raw[-1] ^= 1
    builder.records[5] = bytes(raw)
    with pytest.raises(SealdockError) as refused:
        sync(station, RecorderDouble(builder))
    assert refused.value.exit_code == 3
    assert station.archive.position(builder.chain) is None


@pytest.mark.parametrize("place", [-1, 40])
def test_forged_head_is_refused_although_nothing_follows_it(station: Station, builder: ChainBuilder, place: int) -> None:
    raw = bytearray(builder.records[-1])
    raw[place] ^= 1  # in the signature; in the kid
    builder.records[-1] = bytes(raw)
    with pytest.raises(SealdockError) as refused:
        sync(station, RecorderDouble(builder))
    assert refused.value.exit_code == 3


def test_record_by_the_identity_key_instead_of_its_epochs_is_refused(station: Station, builder: ChainBuilder) -> None:
    builder.epoch_key = builder.identity
    builder.mark_outside()
    with pytest.raises(SealdockError, match="not signed by the key of its epoch"):
        sync(station, RecorderDouble(builder))


def test_unset_clock_is_set_and_the_signed_record_taken(station: Station, builder: ChainBuilder) -> None:
    sync(station, RecorderDouble(builder, offset=None))
    assert rec.CLOCK_SET in [rec.Record(raw).type for raw in station.archive.records(builder.chain)]


class ClockDead(RecorderDouble):
    """Its clock does not answer."""

    def set_clock(self, reading: ClockReading, drift_ppb: int | None) -> None:
        raise ClockFailed("the clock failed")


@pytest.mark.parametrize("offset", [None, 90_000])
def test_a_clock_that_cannot_be_set_keeps_nothing_back(station: Station, builder: ChainBuilder, offset: int | None) -> None:
    told = Told()
    sync(station, ClockDead(builder, offset=offset), told)
    assert_all_archived(station, builder)
    assert "clock-failed" in told.keys and "clock-unset" not in told.keys
    row = station.archive.db.execute("SELECT was_set FROM clock WHERE chain = ?", (builder.chain,)).fetchone()
    assert row["was_set"] == 0


class Told(Quiet):
    """Keeps the keys of what a sync notes."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def note(self, key: str, **values: object) -> None:
        self.keys.append(key)


@pytest.mark.parametrize("utc", [CLOCK_FIRST_MS - 1, CLOCK_END_MS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stations_clock_that_no_recorder_could_show_is_named(utc: int, language: str) -> None:
    clock.use(lambda: utc)
    text.use(language)
    try:
        with pytest.raises(SealdockError, match=str(1999 if utc < CLOCK_END_MS else 2100)):
            clock.settable_ms()
    finally:
        clock.use(None)
        text.use("en")


def test_unknown_recorder_is_not_taken(station: Station, tmp_path: Path) -> None:
    stranger = ChainBuilder()
    stranger.boot()
    with pytest.raises(SealdockError, match="not enrolled"):
        sync(station, RecorderDouble(stranger))


def test_media_on_a_card_that_is_out_is_said_and_asked_for_again(station: Station, builder: ChainBuilder) -> None:
    seq = max(builder.stored)
    stored = builder.stored.pop(seq)
    result = sync(station, RecorderDouble(builder))
    assert result.problems
    builder.stored[seq] = stored
    assert sync(station, RecorderDouble(builder)).problems == []
    assert_all_archived(station, builder)
    assert_receipts_hold(station, builder)


def test_media_that_another_station_took_is_given_up(station: Station, builder: ChainBuilder) -> None:
    builder.receipt()  # into the builder's own log: another station's
    seq = max(builder.stored)
    builder.stored.pop(seq)
    result = sync(station, RecorderDouble(builder))
    assert result.problems == []
    assert media.segments(station.archive, chain=builder.chain)[-1].lost
    assert result.receipt == 2  # it follows the counter of the one that stands in the chain


def test_receipt_that_came_too_late_is_withdrawn_and_stated_anew(station: Station, builder: ChainBuilder) -> None:
    class Deaf(RecorderDouble):
        def put_receipt(self, raw: bytes) -> None:
            raise CablePulled("the cable was pulled")

    with pytest.raises(CablePulled):
        sync(station, Deaf(builder))
    builder.receipt()  # at another station, meanwhile
    assert sync(station, RecorderDouble(builder)).receipt == 2
    assert_all_archived(station, builder)
    ours = station.trust.read(cose.RECEIPT, receipts.receipts(station.archive, builder.chain)[0])
    theirs = objects.read(cose.RECEIPT, builder.receipts[0])[1]
    covered = [[seq for first, last in r["segments"] for seq in range(first, last + 1)] for r in (theirs, ours)]
    assert ours["counter"] == 2
    assert set(builder.stored) <= set(covered[0])
    assert not set(covered[0]) & set(covered[1])  # a recorder refuses what was covered before


def test_receipt_taken_by_a_run_that_died_is_not_handed_over_again(station: Station, builder: ChainBuilder) -> None:
    sync(station, RecorderDouble(builder))
    with station.archive.transaction() as db:
        db.execute("UPDATE receipt SET handed_over = NULL")
        db.execute("DELETE FROM carried_receipt")
        last = len(builder.records) - 1
        db.execute("DELETE FROM record WHERE seq = ?", (last,))
        before = chain.Position(*[0] * 8)  # type: ignore[arg-type]
        for raw in builder.records[:last]:
            before = (chain.follow(before, raw) if before.seq else chain.begin(raw))[1]
        size = sum(map(len, builder.records[:last]))
        db.execute("UPDATE position SET seq = ?, head = ?, ms = ?, bytes = ?", (before.seq, before.head, before.ms, size))
    double = RecorderDouble(builder)
    assert sync(station, double).receipt is None
    assert "put-receipt" not in [step[0] for step in double.asked]
