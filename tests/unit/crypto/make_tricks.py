# SPDX-License-Identifier: Apache-2.0
"""Makes tricks.json: signatures that lax verifiers accept. Run it from the project's root; the output never changes."""

import json
from collections.abc import Iterator
from hashlib import sha512
from pathlib import Path

from oracle import BASE, L, P, order_eight, plus, times, with_y


def encode(point: tuple[int, int]) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


TORSION = order_eight()
SECRET = int.from_bytes(sha512(b"tricks").digest(), "little") % L
NONCE = int.from_bytes(sha512(b"nonce").digest(), "little") % L
GOOD = encode(times(SECRET, BASE))


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(r + public + message).digest(), "little") % L


def signed(public: bytes, message: bytes, r: bytes, nonce: int, secret: int, more: int = 0) -> bytes:
    s = (nonce + challenge(r, public, message) * secret) % L + more
    return r + s.to_bytes(32, "little")


def dividing(public: bytes, r: bytes) -> bytes:
    """A message whose challenge is a multiple of 8, so that the torsion of the key vanishes from the equation."""
    return next(m for m in (b"message %d" % i for i in range(1000)) if challenge(r, public, m) % 8 == 0)


def trick(name: str, public: bytes, message: bytes, signature: bytes, valid: bool = False) -> dict[str, object]:
    return {"name": name, "public": public.hex(), "message": message.hex(), "signature": signature.hex(), "valid": valid}


def small_order_keys() -> Iterator[dict[str, object]]:
    """Every point of small order as a key, in every encoding: such a key signs anything."""
    r = encode(times(NONCE, BASE))
    encodings = {}
    for i in range(8):
        point = times(i, TORSION)
        name = f"key of small order, {i} times the generator"
        encodings[name] = encode(point)
        if point[1] < 19:
            encodings[f"{name}, y + p"] = (point[1] + P | (point[0] & 1) << 255).to_bytes(32, "little")
        if point[0] == 0:
            encodings[f"{name}, -0"] = (point[1] | 1 << 255).to_bytes(32, "little")
            if point[1] < 19:
                encodings[f"{name}, y + p, -0"] = (point[1] + P | 1 << 255).to_bytes(32, "little")
    for name, public in encodings.items():
        message = dividing(public, r)
        yield trick(name, public, message, signed(public, message, r, NONCE, 0))


def strange_r() -> Iterator[dict[str, object]]:
    """R of small order, with small-order part, or not canonical, under a good key."""
    message = b"message"
    neutral = {"neutral": 1, "neutral, -0": 1 | 1 << 255, "neutral, y + p": 1 + P, "neutral, y + p, -0": 1 + P | 1 << 255}
    for name, value in neutral.items():
        r = value.to_bytes(32, "little")
        yield trick(f"R is {name}", GOOD, message, signed(GOOD, message, r, 0, SECRET))
    for i in range(1, 8):
        torsion = times(i, TORSION)
        r = encode(torsion)
        yield trick(f"R of small order, {i} times the generator", GOOD, message, signed(GOOD, message, r, 0, SECRET))
        r = encode(plus(times(NONCE, BASE), torsion))
        yield trick(f"R of mixed order, {i}", GOOD, message, signed(GOOD, message, r, NONCE, SECRET))


def tricks() -> Iterator[dict[str, object]]:
    message = b"message"
    r = encode(times(NONCE, BASE))
    good = signed(GOOD, message, r, NONCE, SECRET)
    yield trick("good", GOOD, message, good, valid=True)
    yield trick("good, message empty", GOOD, b"", signed(GOOD, b"", r, NONCE, SECRET), valid=True)
    for n in range(1, 8):
        yield trick(f"S + {n}L", GOOD, message, signed(GOOD, message, r, NONCE, SECRET, n * L))
    yield trick("S with its highest bit", GOOD, message, good[:63] + bytes([good[63] | 128]))
    yield trick("another message", GOOD, b"massage", good)
    yield trick("another key", encode(times(SECRET + 1, BASE)), message, good)
    yield trick("all zero", bytes(32), message, bytes(64))
    mixed = encode(plus(times(SECRET, BASE), TORSION))
    yield trick("key of mixed order", mixed, dividing(mixed, r), signed(mixed, dividing(mixed, r), r, NONCE, SECRET))
    off = next(y for y in range(2, 100) if with_y(y) is None).to_bytes(32, "little")
    yield trick("key off the curve", off, message, signed(off, message, r, NONCE, SECRET))
    high = next(y for y in range(2, 19) if with_y(y) is not None)
    for name, value in (("p + small", high + P), ("largest", 2**255 - 1), ("largest, sign", 2**256 - 1)):
        public = value.to_bytes(32, "little")
        yield trick(f"key not canonical, {name}", public, message, signed(public, message, r, NONCE, SECRET))
    negative = (P - times(SECRET, BASE)[0]) & 1
    flipped = (times(SECRET, BASE)[1] | negative << 255).to_bytes(32, "little")
    yield trick("key negated", flipped, message, signed(flipped, message, r, NONCE, SECRET))
    yield from small_order_keys()
    yield from strange_r()


def text() -> str:
    return "[\n" + ",\n".join(json.dumps(trick) for trick in tricks()) + "\n]\n"


if __name__ == "__main__":
    (Path(__file__).parent / "tricks.json").write_text(text(), encoding="ascii")
