# SPDX-License-Identifier: Apache-2.0
"""The handshake between real keys: what a stranger learns (nothing), what a changed byte does (the end), and what both sides agree on."""

import peers
from line_model import Random
from peers import IDENTITY, STRANGER, SUITES, Signer, pair, shake

from sealproto import cose, messages
from sealproto.cbor import encode
from sealproto.channel import Channel
from sealproto.handshake import DOCK, ENROL, RECORDER, STATION, Keys
from sealproto.handshake_recorder import refusal
from sealproto.handshake_station import Refused
from sealproto.limits import MESSAGE_MAX_BEFORE
from sealproto.suites import AES_CBC, HMAC_STREAM, Seal, SealError, sealed_bytes


def refused(recorder, body: bytes) -> bool:
    """Whether a message gets exactly the constant refusal, and nothing of the recorder was touched."""
    rules = recorder._rules
    answer = recorder.take(body)
    return answer == refusal() and recorder.failed and recorder.session is None and not rules.touched


def raises(kind, call, *arguments) -> bool:
    try:
        call(*arguments)
    except kind:
        return True
    return False


def up_to_proof(seed: int = 1, **what) -> tuple:
    station, recorder = pair(seed, **what)
    hello = station.hello()
    return station, recorder, hello, station.take(recorder.take(hello))


def test_both_agree():
    offers = [(AES_CBC, HMAC_STREAM), (HMAC_STREAM,)]
    if AES_CBC in SUITES:
        offers.append((AES_CBC,))
    for suites in offers:
        station, recorder = pair(suites=suites)
        all_messages = shake(station, recorder)
        assert station.session.digits == recorder.session.digits
        assert len(station.session.digits) == 6 and int(station.session.digits) < 1000000
        assert station.session.peer == IDENTITY.public
        assert recorder.session.peer == peers.STATION.public
        assert max([len(message) for message in all_messages]) <= MESSAGE_MAX_BEFORE
        for first, second in (peers.channels(station, recorder), peers.channels(recorder, station)):
            for text in (b"x", b"y" * 1000, b"z" * 16):
                assert second.open(first.seal(text)) == text


def test_answers_have_one_size():
    sizes = set()
    for suites in [(suite,) for suite in SUITES]:
        for identity in (IDENTITY, Signer(9, [b"x" * 300]), Signer(9)):
            _, recorder, _, proof = up_to_proof(suites=suites, identity=identity)
            sizes.add(len(recorder.take(proof)))
    assert sizes == {len(refusal())}


def test_nothing_repeats_from_attempt_to_attempt():
    first = shake(*pair(1))
    second = shake(*pair(2))
    for one, other in zip(first, second):
        assert one != other
    assert len(first[1]) == len(second[1])


def test_an_uncertified_station_learns_nothing():
    station, recorder, _, proof = up_to_proof(station=STRANGER)
    assert refused(recorder, proof)
    assert raises(Refused, station.take, refusal())
    _, recorder, _, proof = up_to_proof(revocations=b"list with " + peers.STATION.kid)
    assert refused(recorder, proof)


def test_a_stolen_certificate_does_not_help():
    thief = Signer(4, peers.STATION.certificates)
    _, recorder, _, proof = up_to_proof(station=thief)
    assert refused(recorder, proof)
    thief.kid = peers.STATION.kid
    _, recorder, _, proof = up_to_proof(station=thief)
    assert refused(recorder, proof)


def test_a_share_chosen_after_the_offer_is_refused():
    station, recorder = pair()
    offer = recorder.take(station.hello())
    station._nonce = bytes(32)
    assert refused(recorder, station.take(offer))


def proof_signed_as(station, recorder, sign):
    """The recorder's answer to a proof whose signature sign(keys) made."""
    offer = recorder.take(station.hello())
    real = Keys.sign
    Keys.sign = lambda keys, role, identity: sign(keys)
    try:
        return station.take(offer)
    finally:
        Keys.sign = real


def test_a_signature_counts_in_its_handshake_only():
    """Whatever a certified station signed elsewhere, or for something else, opens nothing here."""
    kept = []
    station, recorder = pair(1)

    def good(keys):
        return cose.sign1(
            cose.HANDSHAKE, peers.STATION.kid, payload(keys, STATION, keys._mac(STATION, peers.STATION.kid)), peers.STATION.sign
        )

    def payload(keys, role, mac):
        return encode({0: role, 1: keys.transcript, 2: mac})

    def keep(keys):
        kept.append(good(keys))
        return kept[0]

    assert recorder.take(proof_signed_as(station, recorder, keep)) != refusal()
    for sign in (
        lambda keys: kept[0],
        lambda keys: cose.sign1(cose.HANDSHAKE, peers.STATION.kid, payload(keys, STATION, bytes(32)), peers.STATION.sign),
        lambda keys: cose.sign1(
            cose.HANDSHAKE, peers.STATION.kid, payload(keys, RECORDER, keys._mac(STATION, peers.STATION.kid)), peers.STATION.sign
        ),
        lambda keys: good(keys).replace(b"handshake+cbor", b"receiptxx+cbor"),
    ):
        station, recorder = pair(2)
        assert refused(recorder, proof_signed_as(station, recorder, sign))


def test_a_recorder_must_hold_the_key_of_its_certificate():
    clone = Signer(7, IDENTITY.certificates)
    clone.public = IDENTITY.public
    clone.kid = IDENTITY.kid
    station, recorder, _, proof = up_to_proof(identity=clone)
    assert raises(ValueError, station.take, recorder.take(proof))
    assert station.session is None


def test_a_station_refuses_unknown_recorders():
    stranger = Signer(7, IDENTITY.certificates)
    station, recorder, _, proof = up_to_proof(identity=stranger)
    assert raises(ValueError, station.take, recorder.take(proof))
    assert station.session is None


def test_every_flipped_byte_of_a_hello_or_proof_is_refused():
    hello = pair(1)[0].hello()
    for at in range(len(hello)):
        station, recorder = pair(1)
        station.hello()
        changed = bytearray(hello)
        changed[at] ^= 1
        answer = recorder.take(bytes(changed))
        if answer != refusal():  # it may still be a hello, but then the proof is of another one
            assert refused(recorder, station.take(answer))
    _, _, _, proof = up_to_proof(1)
    for at in list(range(0, 90)) + list(range(90, len(proof), 13)) + [len(proof) - 1]:
        changed = bytearray(proof)
        changed[at] ^= 0x10
        _, recorder, _, _ = up_to_proof(1)
        assert refused(recorder, bytes(changed)), at


def test_every_flipped_byte_of_an_offer_or_answer_is_refused():
    station, recorder, hello, proof = up_to_proof(1)
    answer = recorder.take(proof)
    for at in list(range(20)) + list(range(20, len(answer), 31)):
        changed = bytearray(answer)
        changed[at] ^= 1
        station, _, _, _ = up_to_proof(1)
        assert raises(ValueError, station.take, bytes(changed)), at
        assert station.session is None
        assert raises(ValueError, station.take, answer)  # one attempt, one answer
    offer = pair(1)[1].take(hello)
    for at in range(len(offer)):
        changed = bytearray(offer)
        changed[at] ^= 1
        station, recorder = pair(1)
        recorder.take(station.hello())
        try:
            proof = station.take(bytes(changed))
        except ValueError:
            continue
        assert refused(recorder, proof), at


def test_truncated_lengthened_and_repeated():
    _, recorder, hello, proof = up_to_proof(1)
    for size in list(range(len(hello))) + [len(hello) + 1]:
        assert refused(pair(1)[1], (hello + b"\0")[:size])
    for size in list(range(0, len(proof), 29)) + [len(proof) - 1, len(proof) + 1]:
        _, recorder, _, _ = up_to_proof(1)
        assert refused(recorder, (proof + b"\0")[:size])
    _, recorder, _, _ = up_to_proof(1)
    assert refused(recorder, hello)
    assert refused(recorder, proof)  # the attempt is over, whatever comes now
    assert refused(pair(1)[1], proof)
    _, recorder, _, _ = up_to_proof(2)
    assert refused(recorder, proof)  # replayed into another attempt


def test_nothing_in_common():
    good = {0: 1, 1: [1], 2: [1, 2], 3: bytes(32), 4: 0}
    assert pair()[1].take(encode(good)) != refusal()
    for key, value in (
        (1, [2]),
        (1, []),
        (1, [1] * 9),
        (1, [b"1"]),
        (1, [True]),
        (2, [3]),
        (2, []),
        (3, bytes(31)),
        (4, 2),
        (5, 0),
        (0, 2),
    ):
        bad = dict(good)
        bad[key] = value
        assert refused(pair()[1], encode(bad)), (key, value)


def test_no_downgrade():
    station, recorder = pair(suites=(AES_CBC, HMAC_STREAM))
    hello = station.hello()
    weaker = hello.replace(b"\x02\x82\x01\x02", b"\x02\x81\x02", 1)
    assert weaker != hello
    assert refused(recorder, station.take(recorder.take(weaker)))


def test_small_order_shares():
    for share in (bytes(32), b"\x01" + bytes(31)):
        station, recorder = pair()
        station._share = share
        assert refused(recorder, station.take(recorder.take(station.hello())))
        station, recorder = pair()
        offer = recorder.take(station.hello())
        assert raises(ValueError, station.take, offer.replace(offer[9:41], share))


def test_mode_is_bound():
    station, recorder = pair(mode=ENROL)
    shake(station, recorder)
    assert recorder.session.mode == ENROL
    station, recorder = pair(mode=DOCK)
    hello = station.hello()
    changed = hello[:-1] + bytes([ENROL])
    assert refused(recorder, station.take(recorder.take(changed)))


def test_a_man_in_the_middle_hears_other_digits():
    """He shakes hands with both sides, with a key of his own: the digits that both speak differ."""
    station, his_recorder = pair(1)
    his_station, recorder = pair(5)
    shake(station, his_recorder)
    shake(his_station, recorder)
    assert station.session.digits != recorder.session.digits


def test_nobody_can_try_answers_until_the_digits_fit():
    """Somebody in between who plays recorder has all secrets of his half before he sends the last message: it must not move the digits."""
    spoken = set()
    for answerer in (IDENTITY, Signer(7), Signer(7, [b"x"]), Signer(7, [b"y"])):
        station, recorder = pair(1, identity=answerer)
        station._rules.recorder = lambda mode, certificates, key: None
        shake(station, recorder)
        assert station.session.digits == recorder.session.digits
        spoken.add(station.session.digits)
    assert len(spoken) == 1


def test_fuzzed_messages():
    random = Random(11)
    _, _, hello, proof = up_to_proof(1)
    for turn in range(300):
        good = hello if turn & 1 else proof
        bad = bytearray(good)
        for _ in range(1 + random.below(4)):
            at = random.below(len(bad))
            if random.below(3):
                bad[at] = random.below(256)
            else:
                bad[at : at + random.below(9)] = random.bytes(random.below(9))
        recorder = pair(1)[1]
        if good is proof:
            recorder.take(hello)
        answer = recorder.take(bytes(bad))
        assert answer == refusal() or len(answer) == 77 or bytes(bad) == good
        assert not recorder._rules.touched or bytes(bad) == good


def test_sealed_messages_in_order_only():
    crypto = peers.make_crypto(Random(1))
    keys = bytes(range(96))
    for suite in SUITES:
        sender = Seal(crypto, suite, keys)
        sealed = [sender.close(bytes([i]) * i) for i in range(40)]
        assert [len(item) for item in sealed] == [sealed_bytes(suite, i) for i in range(40)]
        receiver = Seal(crypto, suite, keys)
        for i, item in enumerate(sealed):
            assert raises(SealError, receiver.open, sealed[(i + 1) % 40])
            assert raises(SealError, receiver.open, item[:-1])
            assert raises(SealError, receiver.open, b"")
            assert raises(SealError, receiver.open, item[:-1] + bytes([item[-1] ^ 1]))
            assert receiver.open(item) == bytes([i]) * i
            assert raises(SealError, receiver.open, item)


def test_directions_have_their_own_keys():
    station, recorder = pair()
    shake(station, recorder)
    ours, theirs = peers.channels(station, recorder)
    sealed = ours.seal(b"hello")
    assert raises(ValueError, Channel(station.session).open, sealed)
    assert theirs.open(sealed) == b"hello"


def test_messages_match_their_tables():
    raw = messages.write(messages.REQUESTS, messages.LEAVES, 7, segment=12, first=0, count=3)
    assert messages.read(messages.REQUESTS, raw) == (messages.LEAVES, 7, {"segment": 12, "first": 0, "count": 3})
    assert set(messages.REQUESTS) | {messages.ERROR} == set(messages.ANSWERS)
    assert set(messages.NAMES) == set(messages.REQUESTS)
    for raw, code, number in (
        (b"", messages.MALFORMED, None),
        (encode({0: 1, 1: 2, 2: {0: 1}}), messages.MALFORMED, 2),
        (encode({0: 3, 1: 2, 2: {0: 1}}), messages.MALFORMED, 2),
        (encode({0: 99, 1: 2, 2: {}}), messages.UNKNOWN_TYPE, 2),
        (encode({0: 1, 1: 2, 2: {}, 3: 0}), messages.MALFORMED, 2),
    ):
        try:
            messages.read(messages.REQUESTS, raw)
        except messages.MessageError as error:
            assert (error.code, error.number) == (code, number)
        else:
            raise AssertionError(raw)
