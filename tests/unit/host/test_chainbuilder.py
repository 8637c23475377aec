# SPDX-License-Identifier: Apache-2.0
"""The chain builder that other tests stand on makes chains that hold."""

from tests.chainbuilder import Bureau, ChainBuilder

from sealdock import sealing
from sealdock.keys import check_signature
from sealdock.trust import TrustStore
from sealproto import codes, merkle, objects
from sealproto import records as rec
from sealproto.slot import Trailer


def story() -> ChainBuilder:
    builder = ChainBuilder()
    builder.boot()
    builder.assign()
    builder.open_session()
    builder.announce()
    builder.segment(b"media" * 9000)
    builder.segment(b"m")
    builder.interrupt()
    builder.reboot(12 * 60_000)
    builder.resume()
    builder.segment(b"more" * 5000)
    builder.reason_note()
    builder.close()
    builder.receipt()
    return builder


def test_chain_links_and_every_signature_holds() -> None:
    builder = story()
    key, prev = builder.identity.public, rec.ZERO_HASH
    for seq, raw in enumerate(builder.records):
        record = rec.Record(raw)
        assert record.understood, record.name
        assert (record.seq, record.prev, record.chain) == (seq, prev, builder.chain)
        check_signature(key, record.sign1.signed, record.sign1.signature)
        prev = record.hash
        if record.type == rec.GENESIS:
            key = record.fields["epoch_key"]
        elif record.type == rec.ROTATE_KEY:
            key = record.fields["key"]


def test_media_opens_with_station_and_escrow_key() -> None:
    builder = story()
    parsed = [rec.Record(raw) for raw in builder.records]
    for recipient in (builder.bureau.recipient, builder.bureau.escrow):
        keys = {}
        for record in parsed:
            if record.type in (rec.SESSION_OPEN, rec.RESUME):
                part = record.fields.get("part", 0)
                keys[part] = sealing.unwrap(
                    record.fields["wraps"], recipient, record.fields["session"], part, record.fields["content_key_hash"]
                )
            if record.type == rec.SEGMENT:
                stored = builder.stored[record.seq]
                assert sealing.stored_root(stored) == record.fields["root"]
                key = sealing.segment_key(keys[record.fields["part"]], record.fields["number"])
                assert sealing.decrypt(key, stored, record.fields["plain_bytes"]) == builder.plain[record.seq]
        assert len(keys) == 2


def test_receipt_leads_to_the_log_and_the_root() -> None:
    builder = story()
    store = TrustStore(builder.bureau.root.public)
    store.add_all(builder.certificates)
    receipt = store.read("application/vnd.sealdock.receipt+cbor", builder.receipts[0])
    leaf = merkle.leaf_hash(objects.log_entry(receipt))
    assert merkle.root_from_inclusion(leaf, receipt["log_index"], receipt["log_size"], receipt["log_proof"]) == receipt["log_root"]
    covered = [raw for seq, raw in enumerate(builder.records) if any(first <= seq <= last for first, last in receipt["segments"])]
    assert objects.segments_root(covered) == receipt["root"]


def test_tail_tags_hold() -> None:
    builder = ChainBuilder(Bureau())
    builder.boot()
    builder.open_session()
    for index, (sector, leaf) in enumerate(builder.tail(b"t" * 40000)):
        trailer, tag = Trailer.unpack(sector)
        assert trailer.index == index
        assert sealing.tail_tag(builder.content_key, trailer.pack(), merkle.leaf_hash(leaf)) == tag
    builder.reboot()
    builder.tail_found()
    builder.interrupt(fact=codes.FACT_POWER_LOST, cause=codes.CAUSE_NOT_STATED, late=True)
    assert all(rec.Record(raw).understood for raw in builder.records)
