# SPDX-License-Identifier: Apache-2.0
"""A receipt is believed when all of it holds against the recorder's own chain; then slots are free and old files may go, and not before."""

import asyncio

from dock_bench import NOW, SESSION, Bureau, Call, Chips, Recorder, Session, Signer1, refused, unmount
from fake_board import Cut, Flash, PowerCut

from sealcam.dock.receipt import tree_before
from sealproto import handshake, merkle, messages, objects, records, slot
from sealproto.merkle import LEAF_BYTES

BUREAU = Bureau()
OTHER = Bureau(1)


def recorded(count: int = 4) -> tuple:
    """An enrolled recorder with a closed session of so many segments and a tail; [first, last] of the segments."""
    recorder = Recorder(Chips()).enrol(BUREAU)
    BUREAU.log = [b"a log"]
    recorder.open_session()
    first = recorder.segment(0)
    for number in range(1, count):
        recorder.segment(number)
    recorder.signer.sign(
        records.TAIL_FOUND,
        session=SESSION,
        part=0,
        number=count,
        slot=count,
        generation=1,
        leaves=1,
        root=bytes(32),
        last_ms=0,
        last_boot=0,
    )
    recorder.close_session()
    return recorder, [first, first + count]


def put(recorder: Recorder, raw: bytes) -> None:
    recorder.put(messages.PUT_RECEIPT, raw)


def test_a_good_receipt_frees_the_slots():
    recorder, whole = recorded()
    assert recorder.history.oldest_slot == 0
    assert recorder.ask(messages.STATUS)["receipt"] is None
    raw = BUREAU.receipt(recorder, [whole])
    put(recorder, raw)
    assert records.Record(recorder.chain.get(recorder.chain.seq)).fields["receipt"] == raw
    assert recorder.history.oldest_slot is None and recorder.events.told[-1] == "receipt"
    head = recorder.chain.seq
    put(recorder, raw)
    recorder = recorder.reboot()
    put(recorder, raw)
    assert recorder.chain.seq == head, "the same receipt is one record"
    assert recorder.ask(messages.STATUS)["receipt"] == 1
    put(recorder, BUREAU.receipt(recorder, []))
    assert recorder.history.receipt_counter == 2
    recorder.close()


def test_a_part_of_the_segments_frees_only_the_oldest():
    recorder, whole = recorded()
    put(recorder, BUREAU.receipt(recorder, [[whole[0], whole[0]], [whole[0] + 2, whole[0] + 2]]))
    assert recorder.history.oldest_slot == 1
    put(recorder, BUREAU.receipt(recorder, [[whole[0] + 1, whole[0] + 1], [whole[0] + 3, whole[1]]]))
    assert recorder.history.oldest_slot is None
    recorder.close()


def root_of(recorder: Recorder, seqs: list) -> bytes:
    return objects.segments_root([recorder.chain.get(seq) for seq in seqs])


def test_every_lie_is_refused_and_changes_nothing():
    recorder, whole = recorded()
    first, last = whole
    head = recorder.chain.seq
    other = recorder.chain.get(first - 1)
    bad = [
        {"by": OTHER.station},
        {"by": BUREAU.root},
        {"by": BUREAU.signer},
        {"chain": bytes(32)},
        {"head_hash": bytes(32)},
        {"head_seq": head - 1},
        {"root": bytes(32)},
        {"root": objects.segments_root([other])},
        {"segments": [[first, last - 1]]},
        {"segments": [[first - 1, last]]},
        {"segments": [[first, last + 1]]},
        {"segments": [[first, first], [first, last]]},
        {"segments": [[last, first]]},
        {"segments": [[first, first], [first, last]], "root": root_of(recorder, [first] + list(range(first, last + 1)))},
        {"segments": [[last, last], [first, first]], "root": root_of(recorder, [last, first])},
        {"head_seq": first, "head_hash": records.Record(recorder.chain.get(first)).hash},
        {"segments": [[first]]},
        {"segments": [first, last]},
        {"segments": [[0, 0]], "root": objects.segments_root([recorder.chain.get(0)])},
        {"segments": [[first, 1 << 40]]},
        {"late": {"log_root": bytes(32)}},
        {"late": {"log_index": 0}},
        {"late": {"log_size": 1}},
        {"late": {"log_proof": []}},
        {"late": {"log_proof": [bytes(31)]}},
        {"late": {"log_proof": [1]}},
        {"late": {"utc": NOW + 1}},
        {"late": {"root": bytes(32)}},
    ]
    for changed in bad:
        raw = BUREAU.receipt(recorder, [whole], **changed)
        refused(messages.NOT_TRUSTED, put, recorder, raw)
        assert recorder.chain.seq == head and recorder.history.oldest_slot == 0, changed
    for counter in (0, 2, 1 << 30):
        refused(messages.STALE, put, recorder, BUREAU.receipt(recorder, [whole], counter=counter))
    refused(messages.NOT_HELD, put, recorder, BUREAU.receipt(recorder, [whole], head_seq=head + 1))
    good = BUREAU.receipt(recorder, [whole])
    refused(messages.NOT_TRUSTED, put, recorder, good[:-1] + bytes([good[-1] ^ 1]))
    refused(messages.NOT_TRUSTED, put, recorder, good[:-1])
    recorder.put(messages.PUT_REVOCATIONS, BUREAU.revocations(1, [[BUREAU.station.kid, None, None, 0]]))
    refused(messages.NOT_TRUSTED, put, recorder, good)
    assert recorder.chain.seq == head
    recorder.close()


def test_what_was_covered_is_not_covered_twice():
    recorder, whole = recorded()
    put(recorder, BUREAU.receipt(recorder, [whole]))
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [[whole[0], whole[0]]]))
    older = {"head_seq": whole[0], "head_hash": records.Record(recorder.chain.get(whole[0])).hash}
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [], **older))
    recorder.close()


def test_what_is_given_up_frees_its_slot_and_is_not_held():
    recorder, whole = recorded()
    first, last = whole
    given = {"given_up": [[first, first, objects.GIVEN_UP_WRITTEN_OFF]]}
    put(recorder, BUREAU.receipt(recorder, [[first + 1, last]], **given))
    assert recorder.history.oldest_slot is None, "the ring goes on"
    assert recorder.history.covers(first) and not recorder.history.held(first)
    recorder = recorder.reboot()
    assert recorder.history.covers(first) and not recorder.history.held(first) and recorder.history.held(last)
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [], **given))
    put(recorder, BUREAU.receipt(recorder, [[first, first]]))  # it was found after all
    assert recorder.history.held(first)
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [[first, first]]))
    recorder.close()


def test_every_lie_about_what_is_given_up_is_refused():
    recorder, whole = recorded()
    first, last = whole
    head = recorder.chain.seq
    for given_up in (
        [],
        [[first, first]],
        [[first, first, 1, 1]],
        [[first, first, -1]],
        [[first, first, None]],
        [first],
        [[first - 1, first, 1]],  # no segment's record
        [[last, last + 1, 1]],
        [[last, last, 1], [first, first, 1]],  # falling
        [[first, last, 1], [first, first, 1]],
        [[last, first, 1]],
        [[head + 1, head + 1, 1]],
        [[first, 1 << 40, 1]],
        [[first + 1, first + 1, 1]],  # held by the same receipt
    ):
        raw = BUREAU.receipt(recorder, [[first + 1, first + 1]], given_up=given_up)
        refused(messages.NOT_TRUSTED, put, recorder, raw)
        assert recorder.chain.seq == head and recorder.history.oldest_slot == 0, given_up
    late = {"late": {"given_up": [[first, first, 1]]}}  # not what the log says
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [[first + 1, first + 1]], **late))
    put(recorder, BUREAU.receipt(recorder, [[first, last]]))
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [], given_up=[[first, first, 1]]))
    recorder.close()


def test_a_rewritten_log_is_seen():
    recorder, whole = recorded()
    put(recorder, BUREAU.receipt(recorder, [[whole[0], whole[0]]], more=[b"after", b"and after"]))
    rest = [[whole[0] + 1, whole[1]]]
    seen = list(BUREAU.log)
    for log in (
        seen[:1],  # shorter
        seen[:3],  # as long, another entry at its end
        [seen[0]] + [b"rewritten"] + seen[2:],  # the new entry follows another past
    ):
        refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, rest, log=log))
    put(recorder, BUREAU.receipt(recorder, rest, log=seen))
    refused(messages.NOT_TRUSTED, put, recorder, BUREAU.receipt(recorder, [], log=[b"a log begun anew under the same key"]))
    second = Signer1(77)
    recorder.trust.put_certificates([BUREAU.certify(objects.STATION, second.public)])
    put(recorder, BUREAU.receipt(recorder, [], by=second, log=[b"the log of a second station"]))
    put(recorder, BUREAU.receipt(recorder, [], log=seen))
    recorder.close()


def test_the_tree_before_an_entry_follows_from_its_proof():
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(33)]
    for size in range(2, 34):
        for index in range(1, size):
            proof = merkle.inclusion_proof(leaves[:size], index)
            assert tree_before(index, size, proof) == merkle.root(leaves[:index]), (index, size)


# Leaves


def fill(recorder: Recorder, sizes: list) -> int:
    """A segment with media on the card; the sequence number of its record."""
    store = recorder.cards
    number, generation = store.take(None, SESSION, 0, 0, recorder.signer.boot)
    plain = 0
    for index, size in enumerate(sizes):
        plain += size
        trailer = slot.Trailer(
            segment=0, generation=generation, part=0, index=index, length=size, plain=plain, ms=1, frames=0, samples=0, first_frame=0,
            first_sample=0, boot=recorder.signer.boot,
        )  # fmt: skip
        store.block.data[:] = bytes([index + 1]) * LEAF_BYTES + trailer.sector(bytes(16))
        store.block.end_leaf(store.leaf_sector(number, index), 0, True)
    return recorder.signer.sign(
        records.SEGMENT, session=SESSION, part=0, number=0, slot=number, generation=generation, plain_bytes=plain, stored_bytes=plain,
        root=bytes(32), first_frame=0, frames=0, first_sample=0, samples=0, start_ms=0, end_ms=0, lost_frames=0, lost_samples=0,
    )  # fmt: skip


def test_leaves_come_as_they_are_stored():
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.open_session()
    seq = fill(recorder, [LEAF_BYTES, 160])
    call = Call(Session(handshake.DOCK, b""))
    assert recorder.ask(messages.LEAVES, call, segment=seq, first=0, count=2) == {"sent": 2}
    assert call.sent == [(seq, 0, b"\x01" * LEAF_BYTES), (seq, 1, b"\x02" * 160)]
    call.sent.clear()
    assert recorder.ask(messages.TAIL, call, slot=0, first=1, count=1) == {"sent": 1}
    place, index, trailer, leaf = call.sent[0]
    assert (place, index, leaf) == (0, 1, b"\x02" * 160) and slot.Trailer.unpack(trailer)[0].plain == LEAF_BYTES + 160
    for kind, fields in (
        (messages.LEAVES, {"segment": seq, "first": 1, "count": 2}),
        (messages.LEAVES, {"segment": seq - 1, "first": 0, "count": 1}),
        (messages.LEAVES, {"segment": seq + 1, "first": 0, "count": 1}),
        (messages.TAIL, {"slot": 0, "first": 2, "count": 1}),
        (messages.TAIL, {"slot": 1, "first": 0, "count": 1}),
        (messages.TAIL, {"slot": 9999, "first": 0, "count": 1}),
    ):
        refused(messages.NOT_HELD, lambda: recorder.ask(kind, **fields))  # noqa: B023 - called at once
    recorder.cards.take(None, SESSION, 0, 1, 0)
    recorder.cards.next = 0
    recorder.cards.generation = 2
    recorder.cards.take(None, SESSION, 0, 2, 0)
    refused(messages.NOT_HELD, lambda: recorder.ask(messages.LEAVES, segment=seq, first=0, count=1))
    recorder.close()


def test_records_in_pieces():
    recorder, _ = recorded()
    got, at = [], 0
    while at <= recorder.chain.seq:
        answer = recorder.ask(messages.RECORDS, **{"from": at, "bytes": 1000})
        assert answer["records"] and (len(answer["records"]) == 1 or sum([len(raw) for raw in answer["records"]]) <= 1000)
        got += answer["records"]
        at = answer["next"]
    assert got == list(recorder.chain.read(0))
    assert recorder.ask(messages.RECORDS, **{"from": at, "bytes": 1000}) == {"records": [], "next": at}
    assert len(recorder.ask(messages.RECORDS, **{"from": 0, "bytes": 1})["records"]) == 1
    recorder.close()


# Files that a receipt covers


def long_chain() -> Recorder:
    """Several files of records, with key changes, an assignment and a receipt for all."""
    recorder = Recorder(Chips()).enrol(BUREAU)
    BUREAU.log = [b"a log"]
    recorder.put(messages.PUT_ASSIGNMENT, BUREAU.assignment(recorder.chain.id))
    recorder.open_session()
    first = recorder.segment(0)
    for number in range(1, 30):
        recorder.segment(number)
    recorder.signer.rotate(records.ROTATE_PERIOD)
    recorder.close_session()
    recorder.signer.rotate(records.ROTATE_CLOSE)
    for _ in range(150):
        recorder.signer.sign(records.FAULT, code=1, part=0, error=None, healed=True)
    put(recorder, BUREAU.receipt(recorder, [[first, first + 29]]))
    return recorder


def state(recorder: Recorder) -> tuple:
    history = recorder.history
    return (
        recorder.chain.id, recorder.chain.seq, recorder.chain.head, history.epoch, history.epoch_key, history.assignment,
        history.receipt_counter, history.receipt_hash, history.log, history.oldest_slot, history.last_dock_utc, history.genesis,
    )  # fmt: skip


def test_files_are_dropped_only_when_flash_is_short():
    recorder = long_chain()
    assert recorder.chain.first() == 0
    before = state(recorder)
    recorder.board.FLASH_FREE_STOP_BYTES = 1 << 20
    asyncio.run(recorder.dock.drop_covered())
    kept = recorder.chain.first()
    assert kept > 40
    assert state(recorder) == before
    recorder = recorder.reboot()
    assert state(recorder) == before
    assert recorder.ask(messages.STATUS)["first_seq"] == kept
    refused(messages.NOT_HELD, lambda: recorder.ask(messages.RECORDS, **{"from": 0, "bytes": 1000}))
    recorder.signer.rotate(records.ROTATE_PERIOD)
    put(recorder, BUREAU.receipt(recorder, []))
    recorder.board.FLASH_FREE_STOP_BYTES = 1 << 20
    asyncio.run(recorder.dock.drop_covered())
    before = state(recorder)
    recorder = recorder.reboot()
    assert state(recorder) == before
    with open("/bench/chain/kept", "rb") as file:
        raw = file.read()
    assert raw[2:].startswith(recorder.history.genesis)
    recorder.close()


def test_what_no_receipt_covers_stays():
    recorder = Recorder(Chips()).enrol(BUREAU)
    BUREAU.log = [b"a log"]
    recorder.open_session()
    first = recorder.segment(0)
    for number in range(1, 90):
        recorder.segment(number)
    recorder.board.FLASH_FREE_STOP_BYTES = 1 << 20
    asyncio.run(recorder.dock.drop_covered())
    assert recorder.chain.first() == 0, "no receipt"
    put(recorder, BUREAU.receipt(recorder, [[first + 1, first + 89]]))
    recorder.close_session()
    asyncio.run(recorder.dock.drop_covered())
    assert recorder.chain.first() == 0, "the first segment is not covered"
    put(recorder, BUREAU.receipt(recorder, [[first, first]]))
    assert recorder.chain.first() > 0
    recorder.close()


def test_dropping_survives_every_power_cut():
    recorder = long_chain()
    before = state(recorder)
    recorder.close()
    chips = recorder.chips
    whole = bytes(chips.flash.data)
    after = 0
    while True:
        cut = Cut()
        chips.flash.data[:] = whole
        chips.flash = Flash(0, cut, chips.flash.data)
        recorder = Recorder(chips)
        recorder.board.FLASH_FREE_STOP_BYTES = 1 << 20
        cut.after = cut.count + after
        try:
            asyncio.run(recorder.dock.drop_covered())
        except (PowerCut, OSError):
            assert cut.dead
            unmount()
        else:
            cut.after = None
            recorder.close()
            break
        chips.flash = chips.flash.after_cut()
        recorder = Recorder(chips)
        assert state(recorder) == before
        recorder.board.FLASH_FREE_STOP_BYTES = 1 << 20
        asyncio.run(recorder.dock.drop_covered())
        kept = [records.Record(raw).seq for raw in recorder.chain._before(recorder.chain.first())]
        assert kept == sorted(set(kept)) and kept[0] == 0, kept
        recorder = recorder.reboot()
        assert state(recorder) == before
        recorder.close()
        after += 1
    assert after > 5
