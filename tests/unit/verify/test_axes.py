# SPDX-License-Identifier: Apache-2.0
"""Honest recordings, good and imperfect: each axis says what happened and nothing else."""

import pytest
from tests.packages import Made, split
from tests.unit.verify.attacks import edit_records

from sealdock.verify import Verdict, verify_files
from sealdock.verify.verdict import total
from sealproto import codes, cose
from sealproto import records as rec


def judged(made: Made) -> Verdict:
    return verify_files(made.files(), made.root)


def short(**options: object) -> Made:
    """Dock, a session of two segments, not yet closed."""
    made = Made(**options)  # type: ignore[arg-type]
    made.begin()
    made.open()
    made.announce()
    made.segment()
    made.segment(100)
    return made


def closed(made: Made) -> Verdict:
    made.builder.close()
    made.builder.receipt()
    return judged(made)


def test_uninterrupted_session_is_authentic() -> None:
    verdict = closed(short())
    assert (verdict.total, verdict.integrity, verdict.completeness) == ("authentic", "intact", "complete")
    assert (verdict.key, verdict.time, verdict.simulated) == ("trusted", "anchored", True)
    assert [f.code for f in verdict.findings] == ["simulated"]


def test_real_recorder_is_not_called_simulated() -> None:
    verdict = closed(short(simulated=False))
    assert not verdict.simulated and verdict.total == "authentic"


def test_without_a_root_the_origin_stays_unverified() -> None:
    made = Made().story()
    verdict = verify_files(made.files(), None)
    assert (verdict.total, verdict.key) == ("unverified-origin", "unknown")
    assert not verdict.good


def test_the_worst_axis_is_the_total() -> None:
    assert total("intact", "complete", "trusted") == "authentic"
    assert total("intact", "gaps explained", "trusted") == "authentic-with-explained-gaps"
    assert total("intact", "gaps explained", "unknown") == "unverified-origin"
    for completeness in ("gaps unexplained", "truncated", "not understood"):
        assert total("intact", completeness, "unknown") == "incomplete"
    for key in ("trusted", "unknown", "untrusted", "revoked"):
        assert total("altered", "complete", key) == total("forked", "complete", key) == "not-authentic"
    assert total("intact", "complete", "revoked") == total("intact", "complete", "untrusted") == "not-authentic"


def interrupted(fact: int, cause: int, measured: dict | None, note: int | None = None) -> Verdict:
    made = short()
    made.builder.interrupt(fact, cause, measured)
    made.builder.reboot()
    made.resume()
    if note is not None:
        made.builder.reason_note(note)
    made.segment(50)
    return closed(made)


@pytest.mark.parametrize(
    ("fact", "cause", "measured", "note", "explained"),
    [
        (codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, {0: 3300}, None, True),
        (codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, {}, None, False),  # a cause without its measurement
        (codes.FACT_VOLTAGE_BELOW, codes.CAUSE_OBSTRUCTION, {0: 3300}, None, False),  # a cause that the fact does not prove
        (codes.FACT_SLOTS_EXHAUSTED, codes.CAUSE_STORAGE_FULL, {1: 0}, None, True),
        (codes.FACT_POWER_LOST, codes.CAUSE_BATTERY_LOW, {}, None, False),  # sudden loss proves no cause
        (codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, codes.CAUSE_BATTERY_LOW, True),  # the officer says it
        (codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, codes.CAUSE_NOT_STATED, False),
        (codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, None, False),
        (codes.FACT_STOP_PRESSED, codes.CAUSE_PLACE_CHANGE, {}, None, True),
        (codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, None, False),
        (codes.FACT_STOP_PRESSED, codes.CAUSE_ENFORCEMENT_ENDED, {}, None, False),  # it went on, so it had not ended
        (codes.FACT_CARD_FAILING, codes.CAUSE_DEVICE_FAULT, {2: 5}, None, True),
    ],
)
def test_gap_is_explained_only_by_what_proves_it(fact: int, cause: int, measured: dict, note: int | None, explained: bool) -> None:
    verdict = interrupted(fact, cause, measured, note)
    assert verdict.completeness == ("gaps explained" if explained else "gaps unexplained")
    assert verdict.total == ("authentic-with-explained-gaps" if explained else "incomplete")
    assert verdict.integrity == "intact"


def test_boot_without_an_interrupt_is_a_gap_that_nobody_signed() -> None:
    made = short()
    made.builder.reboot()
    made.segment(50)
    verdict = closed(made)
    assert verdict.completeness == "gaps unexplained"
    assert "gap-unsigned" in [f.code for f in verdict.findings]


@pytest.mark.parametrize(
    "changed",
    [{"number": 5}, {"first_frame": 101}, {"first_sample": 1}, {"lost_samples": 3}, {"lost_frames": 11}, {"part": 1}, {"number": 1}],
)
def test_segments_that_do_not_join(changed: dict) -> None:
    made = short()
    made.segment(50, **changed)
    assert closed(made).completeness == "gaps unexplained"


def test_session_without_an_end_is_truncated() -> None:
    made = short()
    made.builder.receipt()
    assert judged(made).completeness == "truncated"


def test_session_that_no_receipt_covers_is_truncated() -> None:
    made = short()
    made.builder.close()
    assert judged(made).completeness == "truncated"


def test_unknown_type_of_record_is_not_understood_and_nothing_worse() -> None:
    made = short()
    made.builder._append(200, {0: 1}, made.builder.epoch_key)
    verdict = closed(made)
    assert (verdict.integrity, verdict.completeness, verdict.total) == ("intact", "not understood", "incomplete")


def test_unknown_field_is_not_understood() -> None:
    made = short()
    body = rec.body(rec.MARK, session=made.session, part=0, code=5, first_sample=None, samples=None)
    made.builder._append(rec.MARK, {**body, 20: b"later"}, made.builder.epoch_key)
    assert closed(made).completeness == "not understood"


def test_a_session_in_the_middle_of_others_stands_alone() -> None:
    """Another session before the receipt: its records are part of the run, its media is not asked for."""
    made = short()
    made.builder.close()
    session, keys = made.session, dict(made.content_keys)
    made.open()
    made.builder.segment(b"of a later session")
    made.builder.close()
    made.builder.receipt()
    made.session, made.content_keys = session, keys
    verdict = judged(made)
    assert verdict.total == "authentic", verdict.findings


def test_unsealed_tail_is_named_and_takes_its_number() -> None:
    verdict = verify_files(*_story())
    tails = [f for f in verdict.findings if f.code == "tail-unsealed"]
    assert [f.segment for f in tails] == [3]


def _story() -> tuple[dict[str, bytes], bytes]:
    made = Made().story()
    return made.files(), made.root


# Time


def test_clock_that_was_never_set() -> None:
    verdict = closed(short(clock=False))
    assert (verdict.time, verdict.total) == ("unset", "authentic")


def test_honest_clock_step_breaks_nothing() -> None:
    """A station in the field sets the clock back by an hour in mid-session: order is by sequence, so nothing is wrong but the time."""
    made = short()
    made.builder.utc -= 3_600_000
    made.clock_set()
    made.segment(50)
    verdict = closed(made)
    assert (verdict.integrity, verdict.completeness, verdict.total) == ("intact", "complete", "authentic")
    assert verdict.time == "drifted"


def test_drift_found_at_the_next_dock() -> None:
    made = short()
    made.builder.close()
    b = made.builder
    b.record(rec.CLOCK_SET, before=b.utc, after=b.utc + 90_000, uncertainty_ms=20, drift_ppb=None, station=made.bureau.station.kid)
    b.utc += 90_000
    b.receipt()
    verdict = judged(made)
    assert verdict.time == "drifted"
    assert "90.0" in next(f.text for f in verdict.findings if f.code == "clock-drifted")


def test_small_drift_is_anchored() -> None:
    made = short()
    made.builder.close()
    b = made.builder
    b.record(rec.CLOCK_SET, before=b.utc, after=b.utc + 800, uncertainty_ms=20, drift_ppb=None, station=made.bureau.station.kid)
    b.receipt()
    assert judged(made).time == "anchored"


# Believing


def test_nothing_is_believed_of_a_record_whose_signature_failed() -> None:
    """The note that explains a gap is damaged: the gap is unexplained, and a damaged segment is missing."""
    made = Made().story()
    files = made.files()

    def damage(items: list[bytes]) -> None:
        at = next(n for n, raw in enumerate(items) if rec.Record(raw).type == rec.REASON_NOTE)
        items[at] = items[at][:-1] + bytes([items[at][-1] ^ 1])

    edit_records(files, damage)
    made.sign(files)
    verdict = verify_files(files, made.root)
    assert (verdict.integrity, verdict.completeness) == ("altered", "gaps unexplained")
    assert "gap-unexplained" in [f.code for f in verdict.findings]


def test_later_good_segments_do_not_hide_an_earlier_bad_one() -> None:
    made = Made().story()
    files = made.files()
    files["media/000000.mkv"] = b"x" + files["media/000000.mkv"][1:]
    verdict = verify_files(files, made.root)
    assert verdict.total == "not-authentic"
    found = next(f for f in verdict.findings if f.code == "media-changed")
    assert (found.file, found.segment, found.bytes) == ("media/000000.mkv", 0, (0, 16384))


def test_deletion_does_not_look_like_honest_loss() -> None:
    made = Made().story()
    honest = {f.code for f in verify_files(made.files(), made.root).findings}
    files = made.files()
    edit_records(files, lambda items: items.pop(next(n for n, raw in enumerate(items) if rec.Record(raw).type == rec.INTERRUPT)))
    made.sign(files)
    deleted = {f.code for f in verify_files(files, made.root).findings}
    assert "record-missing" in deleted - honest


def test_range_of_a_changed_record_is_named() -> None:
    made = Made().story()
    files = made.files()
    items = split(files["records.cbor"])
    start = len(b"".join(items[:9]))
    data = bytearray(files["records.cbor"])
    data[start + len(items[9]) - 5] ^= 1
    verdict = verify_files({**files, "records.cbor": bytes(data)}, made.root)
    found = next(f for f in verdict.findings if f.code == "record-signature")
    assert (found.record, found.bytes) == (rec.Record(items[9]).seq, (start, start + len(items[9])))


def test_record_under_another_content_type_is_no_record() -> None:
    made = Made().story()
    files = made.files()
    items = split(files["records.cbor"])
    record = rec.Record(items[-2])
    items[-2] = cose.sign1(cose.RECEIPT, record.kid, record.sign1.payload, made.builder.epoch_key.sign)
    files["records.cbor"] = b"".join(items)
    made.sign(files)
    assert "record-unreadable" in [f.code for f in verify_files(files, made.root).findings]


def test_json_has_exactly_the_promised_keys() -> None:
    made = Made().story()
    value = verify_files(made.files(), made.root).as_json()
    assert list(value) == ["total", "integrity", "completeness", "key", "time", "simulated", "findings", "articles"]
    assert all({"code", "record", "segment", "bytes", "text"} <= set(f) for f in value["findings"])
    assert all(set(a) == {"article", "verdict", "text"} for a in value["articles"])
