# SPDX-License-Identifier: Apache-2.0
"""How keys follow from the content key of one part of a session. HMAC and HKDF (RFC 5869) are given in by the caller.

One way only: a segment's key opens that segment and nothing else.
"""

import struct

from .cbor import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

A256KW_ALG = -5  # RFC 9053 section 6.2
_ECDH_ES_A256KW = b"\xa1\x01\x38\x1e"  # protected header {1: -31}, RFC 9053 section 6.4.1


def kek_info(session: bytes, part: int) -> bytes:
    """COSE_KDF_Context (RFC 9053 section 5.2) for the key that wraps a content key, bound to the session and its part.

    The key is HKDF-SHA-256 of the X25519 secret with an empty salt and this as info, 32 bytes.
    """
    other = session + struct.pack(">H", part)
    return encode([A256KW_ALG, [None, None, None], [None, None, None], [256, _ECDH_ES_A256KW, other]])


def segment_key(expand: "Callable[[bytes, bytes, int], bytes]", content_key: bytes, number: int) -> bytes:
    """The 32-byte key of segment `number`: what a case package may disclose."""
    return expand(content_key, b"sealdock segment key" + struct.pack(">I", number), 32)


def cipher_keys(expand: "Callable[[bytes, bytes, int], bytes]", key: bytes) -> tuple[bytes, bytes]:
    """Of a segment key: the AES-256 key and the key of the leaf IVs."""
    okm = expand(key, b"sealdock leaf cipher", 64)
    return okm[:32], okm[32:]


def leaf_iv(hmac: "Callable[..., bytes]", iv_key: bytes, index: int) -> bytes:
    """The CBC initialisation vector of leaf `index`, 16 bytes."""
    return hmac(iv_key, struct.pack(">I", index))[:16]


def tag_key(expand: "Callable[[bytes, bytes, int], bytes]", content_key: bytes) -> bytes:
    """The key of the leaf tags of one part."""
    return expand(content_key, b"sealdock leaf tag", 32)


def leaf_tag(hmac: "Callable[..., bytes]", key: bytes, trailer: bytes, leaf_hash: bytes) -> bytes:
    """The tag over a leaf's trailer fields and hash, 16 bytes."""
    return hmac(key, trailer, leaf_hash)[:16]
