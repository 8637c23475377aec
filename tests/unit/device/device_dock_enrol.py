# SPDX-License-Identifier: Apache-2.0
"""Enrolment is all or nothing, at every power cut, and only for what leads to one root and says what the recorder said."""

from dock_bench import Bureau, Chips, Recorder, refused, unmount
from fake_board import Cut, PowerCut

from sealcam.chain import keystore
from sealcam.dock.certificates import TrustError
from sealproto import handshake, messages, objects, records

BUREAU = Bureau()
OTHER = Bureau(1)


def raises(error, act, *values) -> None:
    try:
        act(*values)
    except error:
        return
    raise AssertionError("nothing was raised")


def test_an_enrolled_recorder_has_root_certificate_card_and_time():
    recorder = Recorder(Chips())
    genesis = recorder.begin(BUREAU, [bytes(32), 5, bytes(32)])
    assert recorder.chain.id is None and recorder.store.blank, "nothing may be stored before it is confirmed"
    assert recorder.events.told == ["123456"]
    recorder.finish(BUREAU, genesis)
    assert recorder.events.told == ["123456", "enrolled"]
    recorder = recorder.reboot()
    assert recorder.trust.enrolled and recorder.trust.root == BUREAU.root.public and not recorder.finished
    assert recorder.chain.get(0) == genesis and records.Record(genesis).fields["predecessor"] == [bytes(32), 5, bytes(32)]
    assert [records.Record(raw).type for raw in recorder.chain.read(0)] == [records.GENESIS, records.CLOCK_SET]
    assert recorder.clock.utc_ms() is not None
    assert recorder.cards.ready and recorder.cards.card_id != bytes(16)
    assert len(recorder.trust.recipients()) == 2
    identity = recorder.shake(BUREAU, handshake.DOCK)
    assert identity.public == records.Record(genesis).fields["identity"] and len(identity.certificates) == 2
    status = recorder.ask(messages.STATUS)
    assert status["enrolled"] and status["chain"] == recorder.chain.id and status["head_seq"] == 1
    recorder.close()


def test_only_while_the_officer_holds_the_button_and_only_once():
    recorder = Recorder(Chips())
    recorder.events.is_enrolling = False
    raises(TrustError, recorder.shake, BUREAU)
    raises(TrustError, recorder.shake, BUREAU, handshake.DOCK)
    recorder.events.is_enrolling = True
    refused(messages.NOT_NOW, recorder.ask, messages.ENROL_BEGIN, mode=handshake.ENROL, utc=0, predecessor=None)
    refused(messages.WRONG_MODE, recorder.ask, messages.STATUS, mode=handshake.ENROL)
    recorder.enrol(BUREAU)
    raises(TrustError, recorder.shake, BUREAU)
    refused(messages.WRONG_MODE, recorder.ask, messages.ENROL_BEGIN, utc=0, predecessor=None)
    recorder.close()


def test_what_does_not_fit_is_refused_and_leaves_nothing():
    recorder = Recorder(Chips())
    genesis = recorder.begin(BUREAU)
    certify = BUREAU.certify_recorder
    bad = [
        {"root": OTHER.root_certificate},
        {"root": BUREAU.station_certificate},
        {"root": BUREAU.certify(objects.ROOT, BUREAU.root.public, OTHER.root)},
        {"root": BUREAU.certify(objects.ROOT, OTHER.root.public)},
        {"certificates": BUREAU.certificates[:2]},
        {"certificates": BUREAU.certificates[:3] + [OTHER.certificates[3]]},
        {"certificates": BUREAU.certificates + [BUREAU.root_certificate]},
        {"certificate": certify(genesis, by=BUREAU.root)},
        {"certificate": certify(genesis, by=OTHER.station)},
        {"certificate": certify(genesis, key=OTHER.root.public)},
        {"certificate": certify(genesis, chain=bytes(32))},
        {"certificate": certify(genesis, **{"genesis": bytes(32)})},
        {"certificate": certify(genesis, board="other")},
        {"certificate": certify(genesis, abilities={})},
        {"certificate": certify(genesis, predecessor=[bytes(32), 1, bytes(32)])},
        {"certificate": BUREAU.certify(objects.STATION, records.Record(genesis).fields["identity"], BUREAU.station)},
        {"revocations": BUREAU.revocations(1, [[BUREAU.station.kid, None, None, 0]])},
        {"revocations": BUREAU.revocations(1, [], OTHER.root)},
        {"revocations": b"\x00"},
    ]
    for changed in bad:
        refused(messages.NOT_TRUSTED, lambda: recorder.finish(BUREAU, genesis, **changed))  # noqa: B023 - called at once
        assert recorder.store.blank and recorder.chain.id is None, changed
    recorder.finish(BUREAU, genesis, revocations=BUREAU.revocations(1, [[OTHER.station.kid, None, None, 0]]))
    assert recorder.trust.revocations.number == 1
    recorder.close()


def test_without_the_officers_word_nothing_is_stored():
    recorder = Recorder(Chips())
    genesis = recorder.begin(BUREAU)
    recorder.events.confirms = False
    refused(messages.NOT_CONFIRMED, recorder.finish, BUREAU, genesis)
    assert recorder.store.blank and recorder.chain.id is None
    recorder = recorder.reboot()
    recorder.enrol(BUREAU)
    recorder.close()


def test_each_identity_is_another():
    recorder = Recorder(Chips())
    one, two = recorder.shake(BUREAU).public, recorder.shake(BUREAU).public
    assert one != two
    recorder.close()


def test_a_power_cut_leaves_it_enrolled_or_able_to_be():
    after, outcomes = 0, []
    while True:
        cut = Cut()
        chips = Chips(cut=cut)
        recorder = Recorder(chips)
        genesis = recorder.begin(BUREAU)
        cut.after = cut.count + after
        try:
            recorder.finish(BUREAU, genesis)
        except (PowerCut, OSError):  # a file that is closed after the cut fails in its own way
            assert cut.dead
            unmount()
        else:
            cut.after = None
            recorder.close()
            break
        recorder = Recorder(chips.after_cut())
        outcomes.append((recorder.chain.id is not None, recorder.finished))
        if recorder.chain.id is None:
            recorder.events.is_enrolling = True
            recorder.enrol(OTHER)
        else:
            assert recorder.trust.enrolled and recorder.chain.get(0) == genesis
        recorder.signer.sign(records.FAULT, code=1, part=0, error=None, healed=True)
        recorder = recorder.reboot()
        assert recorder.trust.enrolled and recorder.cards.ready and recorder.chain.seq >= 1
        recorder.close()
        after += 1
    assert (False, False) in outcomes and (True, True) in outcomes, outcomes
    assert after > 20


def test_a_store_that_lost_the_identity_is_not_enrolled():
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.store.change({keystore.IDENTITY: bytes(32)})
    recorder.trust.load()
    assert not recorder.trust.enrolled
    recorder.close()
