# SPDX-License-Identifier: Apache-2.0
"""Lies that leave every signature right: told by whoever holds the station's key, or hidden in what a package may say freely."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from tests.chainbuilder import ChainBuilder
from tests.packages import Made, split
from tests.unit.verify.attacks import Files

from sealdock import trust
from sealdock.cli.base import Env
from sealdock.cli.verify import show
from sealdock.package.layout import Proofs
from sealdock.verify import Verdict, verify, verify_files
from sealproto import cbor, codes, cose, merkle, objects
from sealproto import records as rec

DAY = 86_400_000


def short(**options: object) -> Made:
    """A session of two segments with its announcement, not yet closed."""
    made = Made(**options)  # type: ignore[arg-type]
    made.begin()
    made.open()
    made.announce()
    made.segment()
    made.segment(100)
    return made


def closed(made: Made) -> Files:
    made.builder.close()
    made.builder.receipt()
    return made.files()


def judged(made: Made, files: Files | None = None) -> Verdict:
    return verify_files(files if files is not None else closed(made), made.root)


def codes_of(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def article(verdict: Verdict, number: str) -> set[str]:
    return {entry.verdict for entry in verdict.articles if entry.article == number}


# What a station does not hold


def test_a_segment_that_was_given_up_is_a_gap_that_the_receipt_names() -> None:
    """Also when its media lies in the package after all: no receipt holds it."""
    made = short()
    made.builder.close()
    victim = max(made.builder.stored)
    made.builder.receipt(given_up=victim)
    verdict = judged(made, made.files())
    (found,) = [finding for finding in verdict.findings if finding.code == "segment-given-up"]
    assert (found.record, found.segment) == (victim, 1) and "written off" in found.text
    assert (verdict.total, verdict.completeness) == ("incomplete", "gaps unexplained")
    assert "segment-uncovered" not in codes_of(verdict)
    later = short()
    later.builder.close()
    later.builder.receipt()
    assert "segment-given-up" not in codes_of(judged(later, later.files()))


# Gaps that only look explained


@pytest.mark.parametrize(
    ("stated_by", "cause"),
    [
        (codes.STATED_BY_DEVICE, codes.CAUSE_BAD_WEATHER),
        (200, codes.CAUSE_BAD_WEATHER),
        (codes.STATED_BY_OFFICER_MENU, 9999),
        (codes.STATED_BY_OFFICER_VOICE, codes.CAUSE_NOT_STATED),
    ],
)
def test_a_note_explains_only_what_an_officer_stated_and_this_version_knows(stated_by: int, cause: int) -> None:
    made = short()
    b = made.builder
    b.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {})
    b.reboot()
    made.resume()
    b.record(
        rec.REASON_NOTE, session=b.session, part=b.part, interrupt=b.last_interrupt, cause=cause, stated_by=stated_by,
        first_sample=None, samples=None,
    )  # fmt: skip
    made.segment(50)
    assert "gap-unexplained" in codes_of(judged(made))


def test_a_note_about_another_interruption_explains_nothing() -> None:
    made = short()
    b = made.builder
    b.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {})
    b.reboot()
    made.resume()
    b.last_interrupt = (b.last_interrupt or 0) + 1
    b.reason_note(codes.CAUSE_DEVICE_FAULT)
    made.segment(50)
    assert "gap-unexplained" in codes_of(judged(made))


def test_a_cause_of_a_later_vocabulary_explains_nothing_here() -> None:
    made = short()
    made.builder.interrupt(codes.FACT_STOP_PRESSED, 9999, {})
    made.builder.reboot()
    made.resume()
    made.segment(50)
    assert "gap-unexplained" in codes_of(judged(made))


def test_a_segment_lost_at_a_stop_by_hand_is_a_gap() -> None:
    """A stop by hand before the close is the session's end; what was begun and never sealed is still missing."""
    for lost in (False, True):
        made = short()
        made.builder.number += lost
        made.builder.interrupt(codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {})
        verdict = judged(made)
        assert verdict.completeness == ("gaps unexplained" if lost else "complete")


# Time that nobody hears


def test_a_microphone_that_stood_still_is_found_though_its_samples_count_on() -> None:
    made = short()
    made.builder.advance(10_000)
    made.segment(50)
    verdict = judged(made)
    (found,) = [finding for finding in verdict.findings if finding.code == "media-short"]
    assert found.segment == 2 and "10." in found.text and verdict.completeness == "gaps unexplained"


def test_a_microphone_that_lags_again_and_again_is_found_and_told_once() -> None:
    made = short()
    for _ in range(6):
        made.builder.advance(700)
        made.segment(50)
    assert [finding.code for finding in judged(made).findings].count("media-short") == 1


def test_samples_that_the_recorder_counted_as_lost_are_not_short_too() -> None:
    made = short()
    made.builder.advance(10_000)
    made.segment(50, lost_samples=160_000)
    assert {"media-lost"} == {finding.code for finding in judged(made).findings if finding.code.startswith("media")}


def test_time_unheard_before_a_signed_interruption_belongs_to_it() -> None:
    made = short()
    made.builder.advance(10_000)
    made.segment(50)
    made.builder.interrupt(codes.FACT_SENSOR_LOST, codes.CAUSE_DEVICE_FAULT, {})
    made.builder.reboot()
    made.resume()
    made.segment(50)
    assert judged(made).completeness == "gaps explained"


def test_time_unheard_in_a_session_that_stays_open_is_told() -> None:
    made = short()
    made.builder.advance(10_000)
    made.segment(50)
    made.builder.receipt()
    assert "media-short" in codes_of(judged(made, made.files()))


def test_time_unheard_before_an_interruption_that_nobody_resumed_belongs_to_it() -> None:
    made = short()
    made.builder.advance(10_000)
    made.segment(50)
    made.builder.interrupt(codes.FACT_SENSOR_LOST, codes.CAUSE_DEVICE_FAULT, {})
    made.builder.receipt()
    found = codes_of(judged(made, made.files()))
    assert "session-open-ended" in found and "media-short" not in found


# Time


def test_a_clock_that_steps_with_no_station_is_not_anchored() -> None:
    for jump, back in ((3 * DAY, 0), (-20 * 60_000, 20 * 60_000), (60_000, 0)):
        made = short()
        made.builder.utc += jump
        made.segment(50)
        made.builder.utc += back
        assert judged(made).time == "drifted"


THIEF = b"a thief."  # key id of a station that was revoked


@pytest.mark.parametrize("when", ["before", "within", "after"])
def test_a_clock_set_by_a_revoked_station_anchors_nothing(when: str) -> None:
    """Nor does it make an honest clock look wrong, when it was set behind the session."""
    made = Made()
    b = made.builder

    def lie() -> None:
        b.record(rec.CLOCK_SET, before=b.utc, after=b.utc + 90_000, uncertainty_ms=0, drift_ppb=None, station=THIEF)

    made.begin()
    if when == "before":
        lie()
    made.open()
    made.announce()
    made.segment()
    if when == "within":
        b.interrupt()
        lie()
        b.reboot(60_000)
        made.resume()
        made.segment()
    b.close()
    if when == "after":
        lie()
    b.receipt()
    made.bureau.revocations = trust.issue_revocations(made.bureau.root, 2, b.utc, [[THIEF, None, None, 2]])
    verdict = judged(made, made.files())
    expected = ("anchored", False) if when == "after" else ("unset", True)
    assert (verdict.time, "clock-revoked" in codes_of(verdict)) == expected


def test_nothing_is_anchored_where_no_session_can_be_believed() -> None:
    made = short()
    files = closed(made)
    files["records.cbor"] = b""
    assert judged(made, files).time == "unset"


def test_a_clock_that_falls_back_from_boot_to_boot_is_not_anchored() -> None:
    made = short()
    made.builder.interrupt()
    made.builder.reboot()
    made.resume()
    made.builder.interrupt()
    made.builder.reboot(-30_000)
    made.builder.stopped_utc = made.builder.utc
    made.resume()
    made.segment(50)
    assert judged(made).time == "drifted"


def backdated(made: Made, files: Files, log: bool) -> None:
    """A receipt of the same records made once more, 20 days earlier, in another log or in the same; the recorder's own copy left out."""
    proofs = Proofs.decode(files["proofs.cbor"])
    raw, hashes = proofs.receipts[-1]
    values = objects.read(cose.RECEIPT, raw)[1]
    values.pop("version")
    values["utc"] -= 20 * DAY
    entries = [b"a log begun anew" if log else made.builder.log.entries[0], objects.log_entry(values)]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    values.update(log=leaves[0], log_size=2, log_root=merkle.root(leaves), log_index=1, log_proof=merkle.inclusion_proof(leaves, 1))
    station = made.bureau.station
    proofs.receipts[-1] = (objects.make(cose.RECEIPT, station.kid, station.sign, **values), hashes)
    files["proofs.cbor"] = proofs.encode()
    files["records.cbor"] = b"".join(split(files["records.cbor"])[:-1])
    made.sign(files)


def late() -> tuple[Made, Files]:
    made = short()
    made.builder.close()
    made.builder.utc += 20 * DAY
    made.builder.receipt()
    return made, made.files()


def test_a_backdated_receipt_meets_no_deadline() -> None:
    made, files = late()
    honest = judged(made, files)
    assert "met" not in article(honest, "LP14")
    backdated(made, files, log=False)
    verdict = judged(made, files)
    assert "met" not in article(verdict, "LP14")
    assert "receipt-unwitnessed" in codes_of(verdict)


def test_a_receipt_handed_over_late_meets_no_deadline_by_itself() -> None:
    """Signed with an early time, but the recorder's clock says when it came."""
    made = short()
    made.builder.close()
    raw = made.builder.make_receipt()
    made.builder.receipts.append(raw)
    made.builder.advance(20 * DAY)
    made.builder.record(rec.RECEIPT, receipt=raw)
    assert article(judged(made, made.files()), "LP14") == {"needs_judgement"}


def test_a_second_log_under_one_station_key_is_a_fork() -> None:
    made, files = late()
    backdated(made, files, log=True)
    assert "log-fork" in codes_of(judged(made, files))


def test_a_checkpoint_of_another_log_under_the_same_key_is_a_fork() -> None:
    made = short()
    files = closed(made)
    station = made.bureau.station
    proofs = Proofs.decode(files["proofs.cbor"])
    proofs.checkpoint = objects.make(
        cose.CHECKPOINT, station.kid, station.sign, log=bytes(32), size=1, root=bytes(32), utc=made.builder.utc
    )
    proofs.consistency = [[] for _ in proofs.receipts]
    files["proofs.cbor"] = proofs.encode()
    made.sign(files)
    assert judged(made, files).integrity == "forked"


# Keys


def test_a_recorder_whose_certificate_ran_out_is_not_trusted() -> None:
    made = short()
    b = made.builder
    b.close()
    about = {"chain": b.chain, "genesis": sha256(b.records[0]).digest(), "board": "unix", "abilities": b.abilities}
    b.certificate = trust.issue(
        made.bureau.station, objects.RECORDER, b.identity.public, serial=1, valid_from=made.bureau.since,
        until=b.utc, **about,
    )  # fmt: skip
    b.advance(2 * DAY)
    b.receipt()
    assert judged(made, made.files()).key == "untrusted"


def test_a_station_key_revoked_for_one_chain_and_all_certifies_no_new_recorder() -> None:
    made = Made()
    old = ChainBuilder(made.bureau)
    kid = made.bureau.station.kid
    entries = [[kid, None, None, 1], [kid, old.chain, 5, 1]]
    made.bureau.revocations = trust.issue_revocations(made.bureau.root, 2, made.bureau.since, entries)
    made.story()
    assert judged(made, made.files()).key == "revoked"


# What is said of the announcement


def told(verdict: Verdict) -> str:
    return next(entry.verdict for entry in verdict.articles if entry.article == "LP12")


def test_an_announcement_whose_clips_are_withheld_meets_nothing() -> None:
    """Where nothing was to be heard, leaving out the clips would leave out the finding as well."""
    for withheld in (lambda raw: split(raw)[0] + cbor.encode([]), lambda raw: b""):
        made = short()
        files = closed(made)
        assert told(judged(made, files)) == "met"
        files["prompts.cbor"] = withheld(files["prompts.cbor"])
        made.sign(files)
        verdict = judged(made, files)
        assert told(verdict) == "needs_judgement"
        assert "not-looked-for" in codes_of(verdict)


# What steers a terminal, and what fills the memory

STEERING = "media/\x1b[2J\x1b[H\x1b[32mAuthentic\u202e\x9b"


def test_names_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    made = short()
    files = closed(made)
    files[STEERING] = b"x"
    verdict = judged(made, files)
    show(Env(), verdict)
    said = capsys.readouterr().out
    assert not any(c in said for c in ("\x1b[2J", "\u202e", "\x9b"))
    assert "\\u001b" in said


def test_a_file_of_a_terabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    made = short()
    for name, data in closed(made).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    with open(tmp_path / "records.cbor", "r+b") as file:
        os.truncate(file.fileno(), 1 << 40)
    verdict = verify(tmp_path, made.root)
    assert verdict.total == "unreadable"
    assert "larger than any file" in verdict.findings[-1].text
