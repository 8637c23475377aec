# SPDX-License-Identifier: Apache-2.0
"""How media is sealed, seen from the station: unwrapping content keys, segment keys, and the cipher over leaves.

`sealproto.derive` says how keys follow from each other; this module gives it HMAC, HKDF and AES. A segment's stored bytes are its
plain bytes, zeros up to a multiple of 16, cut into leaves of 16 KiB, each AES-256 in CBC mode with a derived IV.
"""

import hmac as stdlib_hmac
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from sealdock.errors import SealdockError
from sealdock.keys import AgreementKey, Opener
from sealdock.text import say
from sealproto import derive
from sealproto.merkle import LEAF_BYTES, leaf_hash
from sealproto.merkle import root as tree_head

BLOCK = 16  # bytes of an AES block


def hmac(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 over the joined parts (RFC 2104)."""
    return stdlib_hmac.digest(key, b"".join(parts), "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869 section 2.3)."""
    out = block = b""
    counter = 1
    while len(out) < length:
        block = hmac(key, block, info, bytes((counter,)))
        out += block
        counter += 1
    return out[:length]


def extract(salt: bytes, secret: bytes) -> bytes:
    """HKDF-Extract with SHA-256 (RFC 5869 section 2.2)."""
    return hmac(salt, secret)


def wrap(content_key: bytes, ephemeral: AgreementKey, recipients: list[bytes], kids: list[bytes], session: bytes, part: int) -> list:
    """The `wraps` of session-open or resume for recipients' X25519 public keys, in their order."""
    wrapped = [aes_key_wrap(_kek(ephemeral, public, session, part), content_key) for public in recipients]
    return [ephemeral.public, [[kid, item] for kid, item in zip(kids, wrapped, strict=True)]]


class NotForUs(SealdockError):
    """A content key was wrapped for others: another station of the bureau, escrow, or a key that is lost."""


def unwrap(wraps: list, opener: Opener, session: bytes, part: int, key_hash: bytes) -> bytes:
    """The 32-byte content key of one part. NotForUs; SealdockError when it cannot be opened or is not the one that was signed."""
    ephemeral, items = wraps
    for key_id, wrapped in items:
        recipient = opener.find(key_id)
        if recipient is not None:
            content_key = _open(wrapped, recipient, ephemeral, session, part)
            if sha256(content_key).digest() != key_hash:
                raise SealdockError(say("wrap-other"))
            return content_key
    raise NotForUs(say("not-for-us", kids=", ".join(key_id.hex() for key_id, _ in items)))


def _open(wrapped: bytes, recipient: AgreementKey, ephemeral: bytes, session: bytes, part: int) -> bytes:
    try:
        return aes_key_unwrap(_kek(recipient, ephemeral, session, part), wrapped)
    except (InvalidUnwrap, ValueError):
        raise SealdockError(say("wrap-closed")) from None


def _kek(own: AgreementKey, other: bytes, session: bytes, part: int) -> bytes:
    return expand(extract(b"", own.agree(other)), derive.kek_info(session, part), 32)


def segment_key(content_key: bytes, number: int) -> bytes:
    """The 32-byte key that opens segment `number` and no other."""
    return derive.segment_key(expand, content_key, number)


def encrypt(key: bytes, plain: bytes) -> bytes:
    """The stored bytes of a segment under its segment key."""
    padded = plain + bytes(-len(plain) % BLOCK)
    return _each_leaf(key, padded, True)


def decrypt(key: bytes, stored: bytes, plain_bytes: int) -> bytes:
    """The plain bytes of a segment. SealdockError when the lengths disagree or the padding is not zeros."""
    if len(stored) != plain_bytes + -plain_bytes % BLOCK:
        raise SealdockError(say("segment-length"))
    plain = _each_leaf(key, stored, False)
    if any(plain[plain_bytes:]):
        raise SealdockError(say("segment-padding"))
    return plain[:plain_bytes]


def _each_leaf(key: bytes, data: bytes, forward: bool) -> bytes:
    cipher_key, iv_key = derive.cipher_keys(expand, key)
    out = []
    for index, at in enumerate(range(0, len(data), LEAF_BYTES)):
        iv = derive.leaf_iv(hmac, iv_key, index)
        cipher = Cipher(algorithms.AES(cipher_key), modes.CBC(iv))
        context = cipher.encryptor() if forward else cipher.decryptor()
        out.append(context.update(data[at : at + LEAF_BYTES]) + context.finalize())
    return b"".join(out)


def leaves(stored: bytes) -> list[bytes]:
    """Stored bytes cut into leaves."""
    return [stored[at : at + LEAF_BYTES] for at in range(0, len(stored), LEAF_BYTES)]


def stored_root(stored: bytes) -> bytes:
    """The Merkle tree head that a segment record carries for its stored bytes. No leaf is copied: that would cost a tenth more."""
    view = memoryview(stored)
    return tree_head([leaf_hash(view[at : at + LEAF_BYTES]) for at in range(0, len(view), LEAF_BYTES)])


def tail_tag(content_key: bytes, trailer: bytes, hash_of_leaf: bytes) -> bytes:
    """The tag that stands in a leaf's trailer sector: 16 bytes."""
    return derive.leaf_tag(hmac, derive.tag_key(expand, content_key), trailer, hash_of_leaf)
