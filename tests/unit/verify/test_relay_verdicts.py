# SPDX-License-Identifier: Apache-2.0
"""Recordings of recorders that relieved each other: both chains must say the same of it, and each must be told when they do not."""

import json
from pathlib import Path

import pytest
from tests.chainbuilder import Bureau
from tests.packages import Made, media
from tests.unit.host.recorder_double import RecorderDouble
from tests.unit.host.stations import make_builder, make_home

from sealdock.cli import run
from sealdock.station import Station
from sealdock.sync import run_sync
from sealdock.verify import Verdict, compare, verify_files
from sealproto import codes
from sealproto import records as rec

TOKEN = b"3145" + bytes(12)
OTHER = b"1111" + bytes(12)
CODES = ("relay-agrees", "relay-by-number", "relay-alone", "relay-contradicted", "relay-denied")


def opened(bureau: Bureau) -> Made:
    made = Made(bureau=bureau)
    made.begin()
    made.open()
    made.announce()
    made.segment()
    return made


def hand_over(made: Made, peer: bytes | None, token: bytes = TOKEN) -> None:
    made.builder.record(rec.HANDOVER_OUT, session=made.session, part=0, peer_chain=peer, token=token, samples=8000)


def take_over(made: Made, peer: bytes | None, token: bytes = TOKEN) -> None:
    made.builder.record(rec.HANDOVER_IN, session=made.session, peer_chain=peer, token=token)


def closed(*recorders: Made) -> list[Verdict]:
    for made in recorders:
        made.builder.close()
        made.builder.receipt()
    return [verify_files(made.files(), made.root) for made in recorders]


@pytest.fixture
def pair() -> tuple[Made, Made]:
    bureau = Bureau()
    return opened(bureau), opened(bureau)


def compared_with_other_records(giver: Made, taker: Made, records: bytes) -> list[Verdict]:
    """The taker's package holds these, and its manifest is signed anew."""
    files = taker.files() | {"records.cbor": records}
    taker.sign(files)
    return compare([verify_files(giver.files(), giver.root), verify_files(files, taker.root)])


def told(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings if finding.code in CODES]


def test_two_chains_that_name_each_other(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    assert giver.builder.chain != taker.builder.chain
    hand_over(giver, taker.builder.chain)
    take_over(taker, giver.builder.chain)
    verdicts = compare(closed(giver, taker))
    assert [told(verdict) for verdict in verdicts] == [["relay-agrees"]] * 2
    assert [verdict.total for verdict in verdicts] == ["authentic"] * 2
    finding = next(f for f in verdicts[0].findings if f.code == "relay-agrees")
    assert giver.builder.records[finding.record or 0] and taker.builder.chain.hex()[:12] in finding.text


def test_a_number_that_was_entered_by_ear_names_no_chain(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    hand_over(giver, None)
    take_over(taker, None)
    verdicts = compare(closed(giver, taker))
    assert [told(verdict) for verdict in verdicts] == [["relay-by-number"]] * 2 and all(verdict.good for verdict in verdicts)


def test_a_recorder_that_is_named_and_names_nobody_back(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    first, second = compare(closed(giver, taker))
    assert (told(first), first.total, first.good) == (["relay-denied"], "incomplete", False)
    assert told(second) == [] and second.good


@pytest.mark.parametrize("unset", [0, 1])
def test_who_has_no_time_denies_nothing(pair: tuple[Made, Made], unset: int) -> None:
    """What is at hand of the other recorder may be of another day."""
    giver, taker = pair
    pair[unset].builder.clock = False
    hand_over(giver, taker.builder.chain)
    first, _ = compare(closed(giver, taker))
    assert told(first) == ["relay-alone"]


@pytest.mark.parametrize(
    ("peer", "token", "expected"),
    [
        ("third", TOKEN, ["relay-contradicted"]),  # the taker names somebody else under this very number
        ("giver", OTHER, ["relay-contradicted"]),  # another number
        ("third", OTHER, ["relay-denied"]),  # something else altogether
    ],
)
def test_two_chains_that_say_different_things(pair: tuple[Made, Made], peer: str, token: bytes, expected: list[str]) -> None:
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    take_over(taker, giver.builder.chain if peer == "giver" else bytes(32), token)
    first, second = compare(closed(giver, taker))
    assert (told(first), first.total) == (expected, "incomplete")
    assert told(second) == (["relay-alone"] if expected == ["relay-denied"] else expected)


def test_a_recording_that_lacks_its_end_denies_nothing(pair: tuple[Made, Made]) -> None:
    """The record may be among what is missing; that it is missing, its own verdict says."""
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    take_over(taker, giver.builder.chain)
    closed(giver, taker)
    kept = taker.builder.records[: taker.builder.records.index(handed(taker))]
    first, second = compared_with_other_records(giver, taker, b"".join(kept))
    assert (told(first), first.good, second.completeness) == (["relay-alone"], True, "truncated")


def test_what_a_loss_of_power_kept_from_being_signed_is_not_denied(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    taker.builder.advance(2000)
    take_over(taker, giver.builder.chain)
    giver.builder.reboot(60_000)
    giver.builder.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, late=True)
    giver.resume()
    giver.announce(occasion=codes.OCCASION_RESUME)
    giver.builder.reason_note()
    giver.segment()
    first, second = compare(closed(giver, taker))
    assert (first.completeness, told(second), second.good) == ("gaps explained", ["relay-alone"], True)


def handed(made: Made) -> bytes:
    return next(raw for raw in made.builder.records if rec.Record(raw).type == rec.HANDOVER_IN)


@pytest.mark.parametrize("token", [TOKEN, OTHER])
def test_the_same_two_recorders_on_another_day(pair: tuple[Made, Made], token: bytes) -> None:
    """What is at hand of the other recorder is of the day before: true, and of another hand-over."""
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    take_over(taker, giver.builder.chain)
    closed(giver, taker)
    for made in (giver, taker):
        made.builder.advance(86_400_000)
    giver.open()
    giver.announce()
    giver.segment()
    hand_over(giver, taker.builder.chain, token)
    giver.builder.close()
    giver.builder.receipt()
    first, second = compare([verify_files(made.files(), made.root) for made in (giver, taker)])
    assert told(first) == ["relay-alone"] and first.completeness == "complete"
    assert told(second) == ["relay-alone"] and second.completeness == "complete"


def test_a_second_hand_over_within_one_recording(pair: tuple[Made, Made]) -> None:
    """Its other side lies on a recorder that has not been docked since; the first one's agrees, and is no contradiction of the second."""
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    take_over(taker, giver.builder.chain)
    taker.builder.close()
    taker.builder.receipt()
    giver.builder.advance(60_000)
    hand_over(giver, taker.builder.chain, OTHER)
    giver.builder.close()
    giver.builder.receipt()
    first, second = compare([verify_files(made.files(), made.root) for made in (giver, taker)])
    assert told(first) == ["relay-agrees", "relay-alone"] and told(second) == ["relay-agrees"]


@pytest.mark.parametrize("peer", [None, "giver"])
def test_who_has_another_root_is_no_witness(peer: str | None) -> None:
    """Anybody can play a burst back and sign that he took over."""
    giver, stranger = opened(Bureau()), opened(Bureau())
    hand_over(giver, b"n" * 32 if peer else None)
    take_over(stranger, giver.builder.chain if peer else None)
    closed(giver, stranger)
    first, second = compare([verify_files(made.files(), giver.root) for made in (giver, stranger)])
    assert told(first) == ["relay-alone"] and first.good
    assert second.key == "untrusted"


def test_without_the_other_package_nothing_is_contradicted(pair: tuple[Made, Made]) -> None:
    giver, stranger = pair
    hand_over(giver, b"n" * 32)
    first, _ = compare(closed(giver, stranger))
    assert told(first) == ["relay-alone"] and first.good
    hand_over_twice, _ = compare([first, first])
    assert hand_over_twice.good, "a recording is no witness of itself"


def test_the_same_number_between_others_says_nothing(pair: tuple[Made, Made]) -> None:
    """There are 625 of them."""
    giver, taker = pair
    hand_over(giver, b"n" * 32)
    take_over(taker, b"m" * 32)
    verdicts = compare(closed(giver, taker))
    assert [told(verdict) for verdict in verdicts] == [["relay-alone"]] * 2 and all(verdict.good for verdict in verdicts)


def test_of_what_is_no_package_nothing_is_compared(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    (first, _) = closed(giver, taker)
    broken = verify_files({}, giver.root)
    both = compare([first, broken])
    assert told(both[0]) == ["relay-alone"] and both[1].findings == broken.findings


def test_a_take_over_without_a_number_fits_nobody(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    hand_over(giver, None, rec.NO_TOKEN)
    take_over(taker, None, rec.NO_TOKEN)
    assert [told(verdict) for verdict in compare(closed(giver, taker))] == [["relay-alone"]] * 2


def test_nothing_is_believed_of_a_record_whose_signature_fails(pair: tuple[Made, Made]) -> None:
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    take_over(taker, giver.builder.chain)
    closed(giver, taker)
    records = taker.files()["records.cbor"]
    at = records.index(TOKEN)
    first, second = compared_with_other_records(giver, taker, records[:at] + b"4" + records[at + 1 :])
    assert told(first) == ["relay-alone"] and first.good, "who alters a package makes nobody else's incomplete"
    assert told(second) == [] and second.total == "not-authentic"


def test_on_the_command_line(pair: tuple[Made, Made], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    giver, taker = pair
    hand_over(giver, taker.builder.chain)
    closed(giver, taker)
    for made, name in ((giver, "one"), (taker, "two")):
        for file, data in made.files().items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    command = ["--lang", "en", "verify", str(tmp_path / "one"), str(tmp_path / "two"), "--root", giver.root.hex()]
    assert run([*command, "--json"]) == 3
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["target"], line["total"]) for line in lines] == [
        (str(tmp_path / "one"), "incomplete"),
        (str(tmp_path / "two"), "authentic"),
    ]
    assert run(command) == 3
    assert "does not name this one back" in " ".join(capsys.readouterr().out.split())
    assert run([*command[:3], str(tmp_path / "one"), "--root", giver.root.hex()]) == 0, "alone it contradicts nothing"


@pytest.mark.parametrize(("back", "expected"), [("giver", "relay-agrees"), (None, "relay-alone"), ("third", "relay-contradicted")])
def test_the_archive_is_asked_for_the_other_side(
    back: str | None, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = make_home(tmp_path)
    giver, taker = make_builder(home), make_builder(home)
    sessions = []
    for number, builder in enumerate((giver, taker)):
        builder.boot()
        sessions.append(builder.open_session())
        builder.segment(media(number), 500)
    giver.record(rec.HANDOVER_OUT, session=sessions[0], part=0, peer_chain=taker.chain, token=TOKEN, samples=8000)
    if back:
        peer = giver.chain if back == "giver" else bytes(32)
        taker.record(rec.HANDOVER_IN, session=sessions[1], peer_chain=peer, token=TOKEN)
    with Station.open(home, write=True) as station:
        root = station.trust.fingerprint
        for builder in (giver, taker):
            builder.close()
            run_sync(station, RecorderDouble(builder))
    code = run(["--home", str(home.path), "--json", "verify", sessions[0].hex(), "--root", root])
    verdict = json.loads(capsys.readouterr().out)
    assert [f["code"] for f in verdict["findings"] if f["code"] in CODES] == [expected]
    assert code == (3 if expected == "relay-contradicted" else 0), verdict
