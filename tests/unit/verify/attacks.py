# SPDX-License-Identifier: Apache-2.0
"""Attacks on a case package. Each takes a made package and its files and edits them; none may pass.

Where an attacker could hold a key, the attack signs anew with it: a station's key over the manifest, a recorder's later key over
earlier records, another bureau's root over everything.
"""

from collections.abc import Callable
from hashlib import sha256

from tests.chainbuilder import Bureau
from tests.packages import Made, media, split

from sealdock import sealing, trust
from sealdock.keys import SigningKey
from sealdock.package.layout import Keys, Proofs
from sealproto import cbor, codes, cose, objects
from sealproto import records as rec
from sealproto.shape import fits

Files = dict[str, bytes]
ATTACKS: dict[str, Callable[[Made, Files], None]] = {}


def attack(function: Callable[[Made, Files], None]) -> Callable[[Made, Files], None]:
    ATTACKS[function.__name__] = function
    return function


def places(made: Made, files: Files, record_type: int) -> list[int]:
    """Indexes in records.cbor of the session's records of a type."""
    parsed = [rec.Record(raw) for raw in split(files["records.cbor"])]
    mine = [(n, r) for n, r in enumerate(parsed) if r.type == record_type]
    return [n for n, r in mine if not r.fields or r.fields.get("session", made.session) in (made.session, None)]


def edit_records(files: Files, edit: Callable[[list[bytes]], object]) -> None:
    items = split(files["records.cbor"])
    edit(items)
    files["records.cbor"] = b"".join(items)


def resign(raw: bytes, key: SigningKey, **changed: object) -> bytes:
    """The record with envelope fields changed (prev, seq, body ...), signed by key."""
    record = rec.Record(raw)
    names = ("chain", "seq", "prev", "boot", "ms", "utc", "type", "body")
    values = {name: changed.get(name, getattr(record, name)) for name in names}
    values["record_type"], values["fields"] = values.pop("type"), values.pop("body")
    return cose.sign1(cose.RECORD, key.kid, rec.payload(**values), key.sign)


def bent(record: rec.Record, **changed: object) -> dict:
    """The body of a record with fields changed by name."""
    assert record.fields
    fields = {name: value for name, value in record.fields.items() if value is not None or not _absent(record.type, name)}
    return rec.body(record.type, **{**fields, **changed})


def _absent(record_type: int, name: str) -> bool:
    return dict(rec.BODIES[record_type])[name].endswith("-")


def other(kind: str, value: object) -> object:
    """A value of the same kind that differs, so that only its meaning can give the change away."""
    if value is None:
        bare = kind.rstrip("~-")
        return bytes(int(bare[1:])) if bare[0] == "b" and bare[1:] else {"u": 7, "b": b"x", "t": "x", "a": [], "m": {}, "i": -1}[bare]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, list):
        return [*value, 1]
    assert isinstance(value, dict)
    return {**value, 23: 1}


def changed_payload(raw: bytes, record_type: int, name: str) -> bytes:
    """The record's payload with one field changed."""
    record = rec.Record(raw)
    envelope = cbor.decode(record.sign1.payload)
    assert isinstance(envelope, dict)
    table = rec.ENVELOPE if record_type < 0 else rec.BODIES[record_type]
    target = envelope if record_type < 0 else envelope[8]
    key = [field for field, _ in table].index(name)
    target[key] = other(table[key][1], target.get(key))
    assert fits(table[key][1].rstrip("~-"), target[key])
    return cbor.encode(envelope)


def unsigned(raw: bytes, record_type: int, name: str) -> bytes:
    """The record with one field of its body (of the envelope where the type is -1) changed under the signature that it has."""
    payload = rec.Record(raw).sign1.payload
    changed = changed_payload(raw, record_type, name)
    start = raw.index(payload)
    head = len(cbor.head(2, len(payload)))
    return raw[: start - head] + cbor.head(2, len(changed)) + changed + raw[start + len(payload) :]


def rewrite_from(made: Made | None, files: Files, index: int, raw: bytes, key: SigningKey | None = None) -> None:
    """Puts raw at an index and links and signs all that follows anew, each with its epoch's key, which `made` has, or all with one."""
    items = split(files["records.cbor"])
    items[index] = raw
    for n in range(index + 1, len(items)):
        record = rec.Record(items[n])
        signer = key or (made.builder.signers[record.seq] if made else None)
        assert signer
        items[n] = resign(items[n], signer, prev=sha256(items[n - 1]).digest())
    files["records.cbor"] = b"".join(items)


# The manifest and the files beside the records


@attack
def manifest_left_out(made: Made, files: Files) -> None:
    del files["manifest.cbor"]


@attack
def manifest_of_another_station(made: Made, files: Files) -> None:
    made.bureau.station = SigningKey.generate()
    made.sign(files)


@attack
def manifest_of_another_session(made: Made, files: Files) -> None:
    made.sign(files, session=bytes(16))


@attack
def manifest_of_another_chain(made: Made, files: Files) -> None:
    made.sign(files, chain=bytes(32))


@attack
def manifest_signature_with_s_plus_l(made: Made, files: Files) -> None:
    """The same signature once more, S + L: a lax verifier takes both."""
    raw = files["manifest.cbor"]
    order = 2**252 + 27742317777372353535851937790883648493
    bigger = int.from_bytes(raw[-32:], "little") + order
    files["manifest.cbor"] = raw[:-32] + bigger.to_bytes(32, "little")


@attack
def report_changed(made: Made, files: Files) -> None:
    files["report.html"] += b" "


@attack
def file_added(made: Made, files: Files) -> None:
    files["media/000099.mkv"] = media(99)


@attack
def file_added_and_listed(made: Made, files: Files) -> None:
    files["media/000099.mkv"] = media(99)
    made.sign(files)


@attack
def profile_of_another_bureau_rules(made: Made, files: Files) -> None:
    files["profile.cbor"] = made.bureau.make_profile({}, "luoping")
    made.sign(files)


@attack
def prompts_replaced(made: Made, files: Files) -> None:
    files["prompts.cbor"] = made.bureau.make_prompts([], b"") + cbor.encode([])
    made.sign(files)


@attack
def clip_replaced(made: Made, files: Files) -> None:
    files["prompts.cbor"] = split(files["prompts.cbor"])[0] + cbor.encode([[150, bytes(1024)]])
    made.sign(files)


# Media


@attack
def media_byte_changed_and_listed(made: Made, files: Files) -> None:
    data = bytearray(files["media/000000.mkv"])
    data[20_000] ^= 1
    files["media/000000.mkv"] = bytes(data)
    made.sign(files)


@attack
def media_swapped_by_name(made: Made, files: Files) -> None:
    files["media/000000.mkv"], files["media/000001.mkv"] = files["media/000001.mkv"], files["media/000000.mkv"]
    made.sign(files)


@attack
def media_swapped_with_their_keys(made: Made, files: Files) -> None:
    files["media/000000.mkv"], files["media/000001.mkv"] = files["media/000001.mkv"], files["media/000000.mkv"]
    keys = Keys.decode(files["keys.cbor"])
    keys.segments[0], keys.segments[1] = keys.segments[1], keys.segments[0]
    files["keys.cbor"] = keys.encode()
    made.sign(files)


@attack
def media_cut_short(made: Made, files: Files) -> None:
    files["media/000002.mkv"] = files["media/000002.mkv"][:-1]
    made.sign(files)


@attack
def media_lengthened_within_the_padding(made: Made, files: Files) -> None:
    files["media/000002.mkv"] += b"\0"
    made.sign(files)


@attack
def media_left_out(made: Made, files: Files) -> None:
    del files["media/000002.mkv"]
    made.sign(files)


@attack
def last_media_left_out(made: Made, files: Files) -> None:
    del files["media/000005.mkv"]
    made.sign(files)


def _garbage(made: Made, files: Files) -> Keys:
    """Another key opens the sealed bytes to garbage that encrypts back to them; a segment without padding, which would tell."""
    plain, stored = made.case().media[1].load()
    assert len(plain) == len(stored)
    key = bytes(range(32))
    files["media/000001.mkv"] = sealing.decrypt(key, stored, len(stored))
    keys = Keys.decode(files["keys.cbor"])
    keys.segments[1] = key
    return keys


@attack
def key_that_opens_to_garbage(made: Made, files: Files) -> None:
    files["keys.cbor"] = _garbage(made, files).encode()
    made.sign(files)


@attack
def key_that_opens_to_garbage_content_key_withheld(made: Made, files: Files) -> None:
    keys = _garbage(made, files)
    keys.parts.clear()
    files["keys.cbor"] = keys.encode()
    made.sign(files)


@attack
def key_withheld(made: Made, files: Files) -> None:
    keys = Keys.decode(files["keys.cbor"])
    del keys.segments[0]
    files["keys.cbor"] = keys.encode()
    made.sign(files)


# Records


@attack
def record_left_out(made: Made, files: Files) -> None:
    edit_records(files, lambda items: items.pop(places(made, files, rec.MARK)[0]))
    made.sign(files)


@attack
def segment_and_its_media_left_out(made: Made, files: Files) -> None:
    edit_records(files, lambda items: items.pop(places(made, files, rec.SEGMENT)[1]))
    del files["media/000001.mkv"]
    made.sign(files)


@attack
def records_cut_behind_the_close(made: Made, files: Files) -> None:
    close = places(made, files, rec.SESSION_CLOSE)[0]
    edit_records(files, lambda items: items.__delitem__(slice(close + 1, None)))
    made.sign(files)


@attack
def truncated_and_resumed(made: Made, files: Files) -> None:
    """Everything after the first two segments forgotten, and a close put there by whoever holds that epoch's key."""
    at = places(made, files, rec.INTERRUPT)[0]
    items = split(files["records.cbor"])
    last = rec.Record(items[at - 1])
    body = rec.body(rec.SESSION_CLOSE, session=made.session, parts=1, segments=2, frames=100, samples=160_000, fact=11, cause=16)
    seq = last.seq + 1
    values = {"seq": seq, "prev": last.hash, "type": rec.SESSION_CLOSE, "body": body}
    files["records.cbor"] = b"".join([*items[:at], resign(items[at], made.builder.signers[seq], **values)])
    for number in (2, 4, 5):
        del files[f"media/{number:06d}.mkv"]
    made.sign(files)


@attack
def rolled_back_behind_its_receipt(made: Made, files: Files) -> None:
    """The chain ends earlier than the head that the receipt names."""
    items = split(files["records.cbor"])
    files["records.cbor"] = b"".join(items[:-2])
    made.sign(files)


@attack
def receipt_left_out(made: Made, files: Files) -> None:
    proofs = Proofs.decode(files["proofs.cbor"])
    proofs.receipts.clear()
    files["proofs.cbor"] = proofs.encode()
    edit_records(files, lambda items: items.pop())
    made.sign(files)


@attack
def receipt_of_a_strange_station(made: Made, files: Files) -> None:
    stranger = SigningKey.generate()
    proofs = Proofs.decode(files["proofs.cbor"])
    raw, hashes = proofs.receipts[-1]
    values = objects.read(cose.RECEIPT, raw)[1]
    values.pop("version")
    proofs.receipts[-1] = (objects.make(cose.RECEIPT, stranger.kid, stranger.sign, **values), hashes)
    files["proofs.cbor"] = proofs.encode()
    made.sign(files)


@attack
def receipt_that_covers_less(made: Made, files: Files) -> None:
    proofs = Proofs.decode(files["proofs.cbor"])
    raw, hashes = proofs.receipts[-1]
    proofs.receipts[-1] = (raw, hashes[:-1])
    files["proofs.cbor"] = proofs.encode()
    made.sign(files)


@attack
def signatures_stripped(made: Made, files: Files) -> None:
    edit_records(files, lambda items: items.__setitem__(slice(None), [raw[:-64] + bytes(64) for raw in items]))
    made.sign(files)


@attack
def one_signature_stripped(made: Made, files: Files) -> None:
    at = places(made, files, rec.SEGMENT)[0]
    edit_records(files, lambda items: items.__setitem__(at, items[at][:-64] + bytes(64)))
    made.sign(files)


@attack
def signature_with_s_plus_l(made: Made, files: Files) -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    items = split(files["records.cbor"])
    raw = items[-1]
    items[-1] = raw[:-32] + (int.from_bytes(raw[-32:], "little") + order).to_bytes(32, "little")
    files["records.cbor"] = b"".join(items)
    made.sign(files)


@attack
def old_record_resealed_with_the_newest_key(made: Made, files: Files) -> None:
    """A thief of the recorder holds its newest epoch key and rewrites what is past."""
    at = places(made, files, rec.INTERRUPT)[0]
    record = rec.Record(split(files["records.cbor"])[at])
    body = bent(record, cause=codes.CAUSE_BAD_WEATHER)
    rewrite_from(made, files, at, resign(record.raw, made.builder.epoch_key, body=body), made.builder.epoch_key)
    made.sign(files)


@attack
def record_of_its_own_epoch_rewritten(made: Made, files: Files) -> None:
    """A thief with every key the recorder ever had, and the station's over the manifest: the receipt still pins the head."""
    at = places(made, files, rec.INTERRUPT)[0]
    record = rec.Record(split(files["records.cbor"])[at])
    rewrite_from(made, files, at, resign(record.raw, made.builder.signers[record.seq], body=bent(record, cause=codes.CAUSE_BAD_WEATHER)))
    made.sign(files)


@attack
def identity_key_signs_a_record(made: Made, files: Files) -> None:
    at = places(made, files, rec.MARK)[0]
    record = rec.Record(split(files["records.cbor"])[at])
    edit_records(files, lambda items: items.__setitem__(at, resign(record.raw, made.builder.identity)))
    made.sign(files)


@attack
def second_branch_shown_too(made: Made, files: Files) -> None:
    """Two records, both signed by the right key, at one place of the chain: proof of a clone."""
    at = places(made, files, rec.SESSION_CLOSE)[0]
    record = rec.Record(split(files["records.cbor"])[at])
    other = resign(record.raw, made.builder.signers[record.seq], ms=record.ms + 1)
    edit_records(files, lambda items: items.insert(at + 1, other))
    made.sign(files)


@attack
def records_swapped(made: Made, files: Files) -> None:
    at = places(made, files, rec.SEGMENT)[0]

    def swap(items: list[bytes]) -> None:
        items[at], items[at + 1] = items[at + 1], items[at]

    edit_records(files, swap)
    made.sign(files)


@attack
def record_twice(made: Made, files: Files) -> None:
    at = places(made, files, rec.ANNOUNCE)[0]
    edit_records(files, lambda items: items.insert(at, items[at]))
    made.sign(files)


@attack
def record_of_another_recorder(made: Made, files: Files) -> None:
    other = Made(bureau=made.bureau).story()
    at = places(made, files, rec.MARK)[0]
    edit_records(files, lambda items: items.__setitem__(at, split(other.files()["records.cbor"])[at]))
    made.sign(files)


@attack
def rotate_key_left_out(made: Made, files: Files) -> None:
    at = next(n for n, raw in enumerate(split(files["records.cbor"])) if rec.Record(raw).type == rec.ROTATE_KEY)
    edit_records(files, lambda items: items.pop(at))
    made.sign(files)


@attack
def genesis_left_out(made: Made, files: Files) -> None:
    edit_records(files, lambda items: items.pop(0))
    made.sign(files)


@attack
def genesis_of_another_recorder(made: Made, files: Files) -> None:
    other = Made(bureau=made.bureau)
    edit_records(files, lambda items: items.__setitem__(0, other.builder.records[0]))
    made.sign(files)


@attack
def session_open_left_out(made: Made, files: Files) -> None:
    edit_records(files, lambda items: items.pop(places(made, files, rec.SESSION_OPEN)[0]))
    made.sign(files)


@attack
def garbage_between_records(made: Made, files: Files) -> None:
    edit_records(files, lambda items: items.insert(4, b"\x00"))
    made.sign(files)


@attack
def garbage_behind_the_records(made: Made, files: Files) -> None:
    files["records.cbor"] += b"\xd2\x84"
    made.sign(files)


# Keys and trust


def _certificates(files: Files, role: int) -> tuple[list[bytes], int]:
    items = split(files["certificates.cbor"])
    for at, raw in enumerate(items):
        try:
            if trust.read_certificate(raw).role == role:
                return items, at
        except trust.TrustError:
            continue
    raise AssertionError("no such certificate")


@attack
def recorder_certificate_left_out(made: Made, files: Files) -> None:
    items, at = _certificates(files, objects.RECORDER)
    files["certificates.cbor"] = b"".join(items[:at] + items[at + 1 :])
    made.sign(files)


@attack
def station_certificate_left_out(made: Made, files: Files) -> None:
    items, at = _certificates(files, objects.STATION)
    files["certificates.cbor"] = b"".join(items[:at] + items[at + 1 :])


@attack
def recorder_certified_by_itself(made: Made, files: Files) -> None:
    items, at = _certificates(files, objects.RECORDER)
    real, made.bureau.station = made.bureau.station, made.builder.identity
    items[at] = made.builder.certify()
    made.bureau.station = real
    files["certificates.cbor"] = b"".join(items)
    made.sign(files)


@attack
def recorder_certificate_for_another_genesis(made: Made, files: Files) -> None:
    items, at = _certificates(files, objects.RECORDER)
    items[at] = made.builder.certify(genesis=bytes(32))
    files["certificates.cbor"] = b"".join(items)
    made.sign(files)


@attack
def recorder_enrolled_twice(made: Made, files: Files) -> None:
    """A second chain of the same identity: the identity key was cloned."""
    files["certificates.cbor"] += made.builder.certify(chain=bytes(32), genesis=bytes(32))
    made.sign(files)


@attack
def simulated_recorder_certified_as_real(made: Made, files: Files) -> None:
    items, at = _certificates(files, objects.RECORDER)
    items[at] = made.builder.certify(abilities={**made.builder.abilities, 4: False})
    files["certificates.cbor"] = b"".join(items)
    made.sign(files)


@attack
def another_root(made: Made, files: Files) -> None:
    """A whole bureau of one's own: everything is consistent, and the fingerprint is another."""
    other = Made().story()
    files.clear()
    files.update(other.files())


@attack
def another_root_beside_the_right_one(made: Made, files: Files) -> None:
    other = Made(bureau=Bureau()).story()
    own = other.files()
    own["certificates.cbor"] += made.bureau.certificates[0]
    other.sign(own)
    files.clear()
    files.update(own)


@attack
def station_revoked(made: Made, files: Files) -> None:
    entry = [made.bureau.station.kid, None, None, 1]
    files["certificates.cbor"] += trust.issue_revocations(made.bureau.root, 2, made.bureau.since, [entry])
    made.sign(files)


@attack
def recorder_revoked(made: Made, files: Files) -> None:
    entry = [made.builder.identity.kid, made.builder.chain, 3, 1]
    files["certificates.cbor"] += trust.issue_revocations(made.bureau.root, 2, made.bureau.since, [entry])
    made.sign(files)


@attack
def certificate_out_of_date(made: Made, files: Files) -> None:
    items, at = _certificates(files, objects.STATION)
    b = made.bureau
    items[at] = trust.issue(b.root, objects.STATION, b.station.public, serial=9, valid_from=b.since, until=b.since + 1)
    files["certificates.cbor"] = b"".join(items)


@attack
def checkpoint_of_a_rewritten_log(made: Made, files: Files) -> None:
    """The station's log continues another history than the one that the receipt proved."""
    log = made.builder.log
    proofs = Proofs.decode(files["proofs.cbor"])
    log.entries[1] = b"rewritten"
    log.entries.append(b"more")
    leaves = log.leaves()
    from sealproto import merkle

    station = made.bureau.station
    proofs.checkpoint = objects.make(
        cose.CHECKPOINT, station.kid, station.sign, log=log.id, size=len(leaves), root=merkle.root(leaves), utc=made.builder.utc
    )
    size = objects.read(cose.RECEIPT, proofs.receipts[-1][0])[1]["log_size"]
    proofs.consistency = [merkle.consistency_proof(leaves, size) for _ in proofs.receipts]
    files["proofs.cbor"] = proofs.encode()
    made.sign(files)
