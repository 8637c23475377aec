# SPDX-License-Identifier: Apache-2.0
"""Corners of transport and handshake that a bad line or a hostile peer reaches, one by one."""

from peers import Signer, pair, shake

from sealproto.channel import Splitter, head
from sealproto.frame import ACK, DATA, DATA_HEADER, PING, RESET, SYN, SYN_ACK, Encoder
from sealproto.handshake import (
    ANSWER_FIELDS,
    OFFER_FIELDS,
    RECORDER,
    RECORDER_FIELDS,
    HandshakeError,
    write,
)  # fmt: skip
from sealproto.handshake_recorder import refusal
from sealproto.inbound import Inbound
from sealproto.limits import MESSAGE_MAX_BEFORE, PAYLOAD_MAX
from sealproto.outbound import PACKETS_MAX, Outbound
from sealproto.suites import AES_CBC, TAG_BYTES
from sealproto.transport import BROKEN, CONNECTING, ENDED, LISTENING, LOST, OPEN, OTHER_VERSION, Transport


def frame(kind: int, connection: int, body: bytes) -> bytes:
    """Line bytes of a sound frame, whatever it says."""
    encoder = Encoder(PAYLOAD_MAX)
    encoder.raw[0] = kind | connection << 4
    encoder.raw[1 : 1 + len(body)] = body
    out = bytearray(2 * PAYLOAD_MAX)
    return bytes(out[: encoder.close(1 + len(body), out, 0)])


def opening(kind: int, token: int, version: int = 1) -> bytes:
    body = token.to_bytes(4, "little") + bytes([version])
    return frame(kind, 0, body + b"".join([n.to_bytes(2, "little") for n in (4096, 4096, 0)]))


def opened() -> tuple:
    """(host, recorder), open, with nothing under way."""
    host, recorder = Transport(True, 7, 0), Transport(False, 0, 0)
    for now in range(0, 400, 100):
        for one, other in ((host, recorder), (recorder, host)):
            one.tick(now)
            data = bytes(one.output(now))
            one.sent(len(data))
            other.feed(data, now)
    assert host.state == recorder.state == OPEN
    return host, recorder


# Transport


def test_room_is_only_on_an_open_link():
    host, recorder = opened()
    assert host.room() > 0 and Transport(True, 7, 0).room() == 0
    recorder.close()
    assert recorder.room() == 0 and recorder.reason == ENDED
    recorder.listen(1000)
    assert recorder.state == LISTENING


def test_openings_of_another_form_open_nothing():
    recorder = Transport(False, 0, 0)
    recorder.feed(frame(SYN, 0, bytes(4)), 0)
    assert recorder.state == LISTENING
    host = Transport(True, 7, 0)
    host.feed(opening(SYN_ACK, 8) + opening(SYN, 7), 0)
    assert host.state == CONNECTING
    host.feed(opening(SYN_ACK, 7, version=2), 0)
    assert (host.state, host.reason) == (LOST, OTHER_VERSION)


def test_a_frame_against_the_rules_ends_the_link_and_says_so():
    for kind, body in ((9, b"what"), (ACK, b"abc"), (PING, b"long"), (DATA, b"abc"), (ACK, b"\xff\x00" + bytes(6))):
        host, recorder = opened()
        recorder.feed(frame(kind, recorder._connection, body), 500)
        assert recorder.state == LOST, kind
        assert recorder.due(500) == 500
        host.feed(bytes(recorder.output(500)), 500)
        assert (host.state, host.reason) == (LOST, BROKEN)


def test_a_reset_is_never_answered():
    recorder = opened()[1]
    recorder.feed(frame(RESET, (recorder._connection + 1) & 15, b"\x00"), 500)
    assert recorder.state == OPEN and recorder.due(500) != 500


# What comes in


def test_what_has_no_room_counts_as_lost():
    inbound = Inbound(4096)
    assert inbound.take(0, 0, memoryview(bytes(4000)))
    assert not inbound.take(1, 4000, memoryview(bytes(97)))
    assert inbound.take(1, 4000, memoryview(bytes(96)))
    assert not inbound.take(2, 4096, memoryview(b"x"))
    assert inbound.ready() == 4096


def test_the_same_frame_again_changes_nothing():
    inbound = Inbound(4096)
    for number in (0, 1, 0, 1):
        assert inbound.take(number, 10 * number, memoryview(bytes([number] * 10)))
    assert inbound.receive(4096) == bytes(10) + b"\x01" * 10
    assert inbound.due() is not None


def test_room_that_opens_again_is_told():
    inbound = Inbound(4096)
    assert inbound.take(0, 0, memoryview(bytes(4000)))
    inbound.acknowledge(bytearray(64))
    assert inbound.due() is None
    inbound.receive(1000)
    assert inbound.due() is None
    inbound.receive(2000)
    assert inbound.due() is not None


# What goes out


def sending(count: int) -> Outbound:
    """One that sent so many frames of 32 bytes, none confirmed."""
    outbound = Outbound(4096)
    outbound.restart(32, 4096, 0)
    outbound.append(bytes(4096))
    raw = bytearray(64)
    for _ in range(count):
        assert outbound.packet(raw, 100) == DATA_HEADER + 32
    return outbound


def test_acknowledgements_old_and_impossible():
    outbound = sending(4)
    assert outbound.confirmed(1, 64, 4096, b"\x01", 200)
    assert outbound.confirmed(1, 64, 4096, b"\x01", 210)  # once more: nothing new
    assert outbound.confirmed(0, 32, 4096, b"", 220)  # an older one that came late
    assert outbound.confirmed(0, 64, 4096, b"", 230)  # old about frames only
    assert not outbound.confirmed(3, 4000, 4096, b"", 240)  # bytes that were never sent
    assert not outbound.confirmed(9, 64, 4096, b"", 250)  # frames that were never sent
    assert outbound.confirmed(3, 128, 4096, b"\x01", 260)


def test_an_answer_that_comes_when_all_was_given_up_still_counts():
    outbound = sending(2)
    for now in (1000, 2000):
        outbound.silent(now)
    assert outbound.confirmed(1, 64, 4096, b"\x01", 3000)
    assert outbound._base == 64


def test_losses_too_scattered_to_remember_send_the_window_again():
    outbound = sending(100)
    for n in range(PACKETS_MAX):
        outbound._lose(64 * n, 32)
    assert len(outbound._lost) == 2 * PACKETS_MAX
    outbound._lose(64 * PACKETS_MAX, 32)
    assert outbound._lost == [0, 3200]


# Handshake


def refuses(call, *arguments) -> bool:
    try:
        call(*arguments)
    except HandshakeError:
        return True
    return False


def test_a_share_of_small_order_ends_the_attempt():
    station = pair()[0]
    station.hello()
    offer = write(OFFER_FIELDS, type=2, version=1, suite=station._crypto.suites[0], share=bytes(32), nonce=bytes(32))
    assert refuses(station.take, offer)


def test_a_list_too_long_for_its_message_goes_over_afterwards():
    station, recorder = pair(revocations=bytes(MESSAGE_MAX_BEFORE))
    messages = shake(station, recorder)
    assert max([len(message) for message in messages]) <= MESSAGE_MAX_BEFORE
    assert recorder.session.peer == station._identity.public


def test_certificates_too_long_for_the_answer_refuse():
    _, recorder = two = pair(identity=Signer(9, [b"x" * MESSAGE_MAX_BEFORE]))
    station = two[0]
    assert recorder.take(station.take(recorder.take(station.hello()))) == refusal()
    assert recorder.failed and recorder.session is None


def test_an_answer_that_is_not_padded_with_zeros_is_refused():
    station, recorder = pair()

    def answer(keys, salt):
        identity = recorder._rules.identity(recorder._mode, salt)
        plain = write(RECORDER_FIELDS, certificates=identity.certificates, signature=keys.sign(RECORDER, identity), key=identity.public)
        size = (len(refusal()) - 16 - TAG_BYTES - (1 if recorder._suite == AES_CBC else 0)) & ~15
        padded = len(plain).to_bytes(2, "little") + plain
        padded += bytes(size - len(padded) - 1) + b"\x01"
        return write(ANSWER_FIELDS, type=4, sealed=keys.handshake_seal(RECORDER).close(padded))

    recorder._answer = answer
    last = recorder.take(station.take(recorder.take(station.hello())))
    assert refuses(station.take, last)
    assert station.session is None


def test_a_body_in_pieces_is_the_body():
    splitter = Splitter()
    line = head(5) + b"hello"
    for at in range(len(line) - 1):
        assert splitter.feed(line[at : at + 1]) is None
    assert splitter.feed(line[-1:]) == b"hello"
