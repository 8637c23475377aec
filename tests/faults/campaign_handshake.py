# SPDX-License-Identifier: Apache-2.0
"""Fuzzed handshake messages give nothing away: whatever a stranger sends, he sees an offer of random bytes or the refusal, never more.

Real cryptography on both sides. Strangers here know the protocol: they take part with keys of their own and change what is inside the seal.
Figures: kinds and sizes of all answers, and how long the recorder's side worked on the slowest, which must be far below the step of
ANSWER_STEP_MS at which every refusal leaves; campaign_answers.py measures that step at a recorder.
"""

import random
import time
from collections import Counter
from collections.abc import Callable

import peers

from sealproto import objects
from sealproto.handshake import DOCK, ENROL, HELLO_FIELDS, PROOF, PROOF_FIELDS, STATION, STATION_FIELDS, write
from sealproto.handshake_recorder import RecorderHandshake, refusal
from sealproto.handshake_station import StationHandshake
from sealproto.limits import ANSWER_STEP_MS, MESSAGE_MAX_BEFORE

from . import demand, progress

SIZE, SAMPLE = 1_000_000, 1_500
OFFER_BYTES = 77
_SMALL_ORDER = (bytes(32), b"\x01" + bytes(31), bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"))

REVOKED = peers.STATION.kid
THIEF = peers.Signer(5, tuple(peers.STATION.certificates))  # the right certificate, the wrong key
RECORDER = peers.Signer(6)
RECORDER.certificates = [peers.ROOT.certify(objects.RECORDER, RECORDER.public, 3)]  # of the right root, for something else
CRYPTO = peers.RealCrypto()


class Rules(peers.Rules):
    """As the recorder's own: no certificate is as bad as a wrong one."""

    def station(self, mode: int, certificates: list, revocations: bytes | None) -> bytes:
        if not certificates:
            raise ValueError("no certificate")
        return bytes(super().station(mode, certificates, revocations))


class Attempt:
    """One recorder that waits for a handshake, and a count of what it touched of its own."""

    def __init__(self) -> None:
        self.rules = Rules(CRYPTO)
        self.shake = RecorderHandshake(CRYPTO, self.rules)

    def take(self, body: bytes) -> bytes:
        return self.shake.take(body)


class Cheat(StationHandshake):
    """A station that changes what is inside its seal."""

    change: Callable[[dict], None]

    def _prove(self) -> bytes:
        plain = {
            "certificates": list(self._identity.certificates),
            "signature": self._keys.sign(STATION, self._identity),
            "revocations": self._revocations,
            "salt": self._salt,
        }
        self.change(plain)
        return self._keys.handshake_seal(STATION).close(write(STATION_FIELDS, **plain))


def station(
    identity: peers.Signer = peers.STATION, kind: type[StationHandshake] = StationHandshake, revoked: bytes | None = None
) -> StationHandshake:
    return kind(CRYPTO, identity, peers.Rules(CRYPTO), revoked, DOCK)


def mutated(rng: random.Random, body: bytes) -> bytes:
    """The message with bits flipped, cut, lengthened, or bytes taken from elsewhere in it; never the message itself."""
    raw = bytearray(body)
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.randint(1, 8)):
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del raw[rng.randrange(len(raw)) :]
    elif kind == 2:
        raw += rng.randbytes(rng.randint(1, MESSAGE_MAX_BEFORE - len(raw)))
    elif kind == 3:
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    else:
        at, other, size = rng.randrange(len(raw)), rng.randrange(len(raw)), rng.randint(1, 40)
        raw[at : at + size] = raw[other : other + size]
    return bytes(raw) if raw != body else bytes(raw) + b"\x00"


# First messages


def strange_hello(rng: random.Random) -> bytes:
    kind = rng.randrange(4)
    if kind == 0:
        return rng.randbytes(rng.randint(1, MESSAGE_MAX_BEFORE))
    if kind == 1:
        hello = {
            "type": rng.choice((1, 1, 1, 3, 4)),
            "versions": [rng.choice((0, 1, 2, 255)) for _ in range(rng.randrange(10))],
            "suites": [rng.choice((0, 1, 2, 3)) for _ in range(rng.randrange(10))],
            "commitment": rng.randbytes(32),
            "mode": rng.choice((DOCK, ENROL, 2, 1 << 40)),
        }
        return write(HELLO_FIELDS, **hello)
    return mutated(rng, station().hello())


# Second messages, each of a station that the recorder must not believe


def _sealed(rng: random.Random, attempt: Attempt) -> bytes:
    who = Cheat(CRYPTO, rng.choice((peers.STATION, peers.STRANGER, THIEF, RECORDER)), peers.Rules(CRYPTO), None, DOCK)

    def change(plain: dict) -> None:
        kind = rng.randrange(4)
        if kind == 0:
            plain["signature"] = mutated(rng, plain["signature"])
        elif kind == 1:
            plain["certificates"] = [mutated(rng, raw) for raw in plain["certificates"]]
        elif kind == 2:
            plain["certificates"] = plain["certificates"][:0]
        else:
            plain["certificates"] = [rng.randbytes(rng.randint(0, 300)), *plain["certificates"]]

    who.change = change  # type: ignore[method-assign]
    return _proof(who, attempt)


def _proof(who: StationHandshake, attempt: Attempt) -> bytes:
    proof = who.take(attempt.take(who.hello()))
    assert proof is not None
    return proof


def _other_key(rng: random.Random, attempt: Attempt) -> bytes:
    return _proof(station(rng.choice((peers.STRANGER, THIEF, RECORDER))), attempt)


def _revoked(rng: random.Random, attempt: Attempt) -> bytes:
    return _proof(station(revoked=REVOKED), attempt)


def _changed(rng: random.Random, attempt: Attempt) -> bytes:
    return mutated(rng, _proof(station(), attempt))


def _replayed(rng: random.Random, attempt: Attempt) -> bytes:
    """A good station's proof to another recorder's offer, the same station's hello before it."""
    who = station()
    hello = who.hello()
    other = Attempt().take(hello)
    attempt.take(hello)
    proof = who.take(other)
    assert proof is not None
    return proof


def _small_order(rng: random.Random, attempt: Attempt) -> bytes:
    who = station()
    who._share = rng.choice(_SMALL_ORDER)
    attempt.take(who.hello())
    return write(PROOF_FIELDS, type=PROOF, share=who._share, nonce=who._nonce, sealed=rng.randbytes(rng.randint(0, 700)))


def _noise(rng: random.Random, attempt: Attempt) -> bytes:
    attempt.take(station().hello())
    return rng.randbytes(rng.randint(1, MESSAGE_MAX_BEFORE))


PROOFS = (_changed, _changed, _sealed, _sealed, _other_key, _revoked, _replayed, _small_order, _noise)


class Seen:
    """What strangers saw."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.work: dict[str, float] = {}  # longest work on one message, in s, by which message it was

    def note(self, answer: bytes, attempt: Attempt, message: str, seconds: float) -> None:
        """Broken when an answer says more than it may."""
        if answer == refusal():
            kind = "refusal"
            demand(attempt.shake.failed, "a refused attempt is over")
        else:
            kind = "offer"
            demand(
                message == "hello" and len(answer) == OFFER_BYTES, f"a {message} was answered with {len(answer)} bytes: {answer[:16].hex()}"
            )
        demand(attempt.shake.session is None, f"a {message} opened a session")
        demand(attempt.rules.touched == 0, f"a {message} touched the recorder's identity")
        self.answers[kind, len(answer)] += 1
        self.work[message] = max(self.work.get(message, 0.0), seconds)


def try_one(rng: random.Random, seen: Seen, make: Callable[[], Attempt] = Attempt) -> None:
    attempt = make()
    message = "hello" if rng.random() < 0.4 else "proof"
    body = strange_hello(rng) if message == "hello" else rng.choice(PROOFS)(rng, attempt)
    begun = time.process_time()  # of this process alone: a busy machine is no work of the recorder's
    answer = attempt.take(body)
    seen.note(answer, attempt, message, time.process_time() - begun)


def run(size: int, make: Callable[[], Attempt] = Attempt, seed: int = 0) -> dict[str, int | float]:
    """Figures of so many messages."""
    seen = Seen()
    for number in range(size):
        try_one(random.Random(f"handshake {seed} {number}"), seen, make)
        progress("handshake", number + 1, size, 50_000)
    demand({size for _, size in seen.answers} <= {OFFER_BYTES, len(refusal())}, f"answers of other sizes: {seen.answers}")
    slowest = max(seen.work.values()) * 1000
    demand(slowest < ANSWER_STEP_MS, f"one message took {slowest:.0f} ms of work")
    return {
        "handshake.messages": size,
        "handshake.offers": seen.answers["offer", OFFER_BYTES],
        "handshake.refusals": seen.answers["refusal", len(refusal())],
        "handshake.sizes": len({key for key in seen.answers}),
        "handshake.leaks": 0,
        "handshake.slowest_ms": round(slowest, 1),
    }


class Leaky(Attempt):
    """Tells a certificate of another root from other faults, by one byte."""

    def take(self, body: bytes) -> bytes:
        answer = super().take(body)
        if answer == refusal() and self.shake._next == 0 and self._reached:
            return answer[:-1]
        return answer

    def __init__(self) -> None:
        super().__init__()
        self._reached = False
        ask = self.rules.station

        def watched(*arguments: object) -> bytes:
            self._reached = True
            return ask(*arguments)  # type: ignore[arg-type]

        self.rules.station = watched  # type: ignore[method-assign]


class Trusting(Attempt):
    """Believes every station."""

    def __init__(self) -> None:
        super().__init__()
        self.rules.station = lambda mode, certificates, revocations: peers.STRANGER.public  # type: ignore[method-assign]


CONTROLS = (lambda: run(500, Leaky), lambda: run(500, Trusting))
