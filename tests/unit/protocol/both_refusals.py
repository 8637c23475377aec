# SPDX-License-Identifier: Apache-2.0
"""What each codec refuses and no story meets: every branch that says no."""

import struct
from binascii import crc32

from sealproto import cbor, channel, cose, derive, handshake, merkle, shape, slot, suites
from sealproto.suites import AES_CBC, HMAC_STREAM, KEY_BYTES, TAG_BYTES, Seal, SealError


def raises(kind, call, *arguments) -> bool:
    try:
        call(*arguments)
    except kind:
        return True
    return False


def test_cbor_refuses_to_write_what_it_would_not_read():
    value: object = 1
    for _ in range(cbor.MAX_DEPTH):
        value = [value]
    assert cbor.decode(cbor.encode(value)) == value
    assert raises(cbor.CborError, cbor.encode, [value])


def test_cose_wants_byte_strings_of_the_right_size():
    head = cbor.encode({1: -8, 3: cose.RECORD, 4: bytes(8)})
    good = [head, {}, b"payload", bytes(64)]
    assert cose.parse(cbor.encode(cbor.Tag(18, good))).payload == b"payload"
    for place, wrong in ((0, 7), (0, None), (2, None), (2, "text"), (3, None), (3, bytes(63)), (3, bytes(65))):
        bent = list(good)
        bent[place] = wrong
        assert raises(cose.CoseError, cose.parse, cbor.encode(cbor.Tag(18, bent))), (place, wrong)


def test_merkle_proofs_of_what_is_not_there():
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(5)]
    root = merkle.root(leaves)
    for index in (-1, 5):
        assert raises(merkle.ProofError, merkle.inclusion_proof, leaves, index)
        assert raises(merkle.ProofError, merkle.root_from_inclusion, leaves[0], index, 5, [])
    for old in (0, 6):
        assert raises(merkle.ProofError, merkle.consistency_proof, leaves, old)
        assert raises(merkle.ProofError, merkle.check_consistency, old, root, 5, root, [])
    assert raises(merkle.ProofError, merkle.check_consistency, 3, merkle.root(leaves[:3]), 5, root, [])


def test_shapes():
    assert raises(shape.ShapeError, shape.unpack, (("a", "u"),), [1])
    assert shape.fits("x", object())
    assert not shape.fits("?", 1)


def test_a_card_of_a_later_version_is_not_read():
    block = slot.Superblock(bytes(16), bytes(32), 264, 9)
    raw = bytearray(block.pack())
    raw[8:12] = struct.pack("<I", 2)
    raw[-4:] = struct.pack("<I", crc32(bytes(raw[:-4])))
    assert raises(slot.SlotError, slot.Superblock.unpack, bytes(raw))
    assert slot.Superblock.unpack(block.pack()).slots == 9


class Plain:
    """Primitives that change nothing: here only the form counts, and no interpreter lacks it."""

    suites = (AES_CBC, HMAC_STREAM)

    def hmac(self, key: bytes, *parts: bytes) -> bytes:
        return bytes(32)

    def encrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        return data

    decrypt = encrypt


def test_seals_have_keys_and_padding_of_one_form():
    assert raises(ValueError, Seal, Plain(), 3, bytes(KEY_BYTES))
    assert raises(ValueError, Seal, Plain(), AES_CBC, bytes(KEY_BYTES - 1))
    tag = bytes(TAG_BYTES)
    good = b"words" + bytes([11]) * 11
    assert Seal(Plain(), AES_CBC, bytes(KEY_BYTES)).open(good + tag) == b"words"
    endings = (bytes([0]) * 16, bytes([17]) * 16, b"x" * 5 + bytes([10]) + bytes([11]) * 10)
    for hidden in (b"", b"x", good[:-1], good + b"x") + endings:
        seal = Seal(Plain(), AES_CBC, bytes(KEY_BYTES))
        assert raises(SealError, seal.open, hidden + tag), hidden
        assert seal.open(good + tag) == b"words"  # nothing had changed
    assert suites.sealed_bytes(AES_CBC, 16) == 48 and suites.sealed_bytes(HMAC_STREAM, 16) == 32


class Session:
    """Sends as it is."""

    class Out:
        def close(self, plain: bytes) -> bytes:
            return plain

    out = into = Out()


def test_messages_of_a_wrong_length_or_kind():
    splitter = channel.Splitter(100)
    assert raises(ValueError, splitter.feed, bytes(5))
    for size in (0, 101):
        assert raises(channel.ChannelError, channel.Splitter(100).feed, channel.head(size))
    link = channel.Channel(Session())
    assert raises(channel.ChannelError, link.seal, bytes(channel.MESSAGE_MAX))
    assert len(link.seal(bytes(channel.MESSAGE_MAX - 1))) == channel.MESSAGE_MAX
    assert raises(channel.ChannelError, link.open, bytes([channel.MEDIA]) + b"x")
    media = channel.media_head(channel.MEDIA, 7, 1)
    tail = channel.media_head(channel.TAIL, 7, 1)
    assert channel.read_media(media + b"leaf") == (7, 1, b"", b"leaf")
    for body in (media, tail + bytes(512), channel.media_head(3, 7, 1) + b"leaf"):
        assert raises(channel.ChannelError, channel.read_media, body)


def test_handshake_lists_and_digits():
    assert handshake.byte_strings([b"a", b"b"], 2) == [b"a", b"b"]
    for wrong in ([b"a"] * 3, [b"a", "b"], [7]):
        assert raises(handshake.HandshakeError, handshake.byte_strings, wrong, 2)

    class High:
        """Draws a number beyond the last full million, then one within it."""

        def hmac(self, key: bytes, transcript: bytes, turn: bytes) -> bytes:
            return (0xFFFFFFFF if turn == b"\x00" else 4293000042).to_bytes(4, "big") + bytes(28)

    assert handshake.digits(High(), b"", b"") == "000042"


def test_keys_that_follow_from_others_do_not_meet():
    assert derive.kek_info(bytes(16), 0) != derive.kek_info(bytes(16), 1)
