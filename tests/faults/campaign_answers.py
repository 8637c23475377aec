# SPDX-License-Identifier: Apache-2.0
"""What a stranger can tell from a recorder's refusals: nothing, neither from their bytes nor from when they come.

A simulated recorder in real time; hosts that fail at every step of the handshake, from garbage to a certified station's thief who comes as
far as the last signature. Every refusal must be the same bytes, in the same class of time: the first step of ANSWER_STEP_MS. The fastest
of each kind are compared, since a busy machine only ever makes an answer later.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sealdock import enrol, keys, trust
from sealdock.home import Home
from sealdock.keys import SigningKey
from sealdock.station import Station, now_ms
from sealdock.sync.objects import put
from sealproto import messages, objects
from sealproto.handshake import ENROL, HELLO_FIELDS, PROOF, PROOF_FIELDS, STATION, STATION_FIELDS, read, write
from sealproto.handshake_recorder import refusal as refused
from sealproto.handshake_station import StationHandshake
from sealproto.limits import ANSWER_STEP_MS

from . import demand
from .hostile import Talk
from .table import Table

SIZE, SAMPLE = 12, 1
INTERPRETER = True
CLASS_MS = 40  # a stranger at the other end of a cable sees an answer's time about so exactly
ALLOWED = 7  # attempts in a row, fewer than a recorder allows in a minute

Say = Callable[["Stranger"], bytes]


class Cheat(StationHandshake):
    """A station that changes what is inside its seal."""

    change: Callable[[dict], None]

    def _prove(self) -> bytes:
        plain = {
            "certificates": list(self._identity.certificates),
            "signature": self._keys.sign(STATION, self._identity),
            "revocations": None,
            "salt": self._salt,
        }
        self.change(plain)
        return self._keys.handshake_seal(STATION).close(write(STATION_FIELDS, **plain))


class Stranger:
    """A recorder to talk to, and the keys that a stranger may have got hold of."""

    def __init__(self, station: Station, home: Home, url: str) -> None:
        self.station, self.url = station, url
        self._root = keys.load_signing(home.root_key)
        self._other = SigningKey(bytes(32))
        self.revoked = self._certified(self._other, self._root)
        with enrol.dock(station, url) as client:
            listed = trust.issue_revocations(self._root, station.trust.revocations_number + 1, now_ms(), [[self._other.kid, None, None, 1]])
            put(client, messages.PUT_REVOCATIONS, listed)

    @staticmethod
    def _certified(key: SigningKey, by: SigningKey, role: int = objects.STATION, until: int = 1 << 42) -> enrol.Identity:
        raw = trust.issue(by, role, key.public, serial=77, valid_from=0, until=until, name="stranger")
        return enrol.Identity(key.kid, key.public, [raw], key.sign)

    def foreign(self) -> enrol.Identity:
        """A station of another root."""
        return self._certified(SigningKey(b"\1" * 32), SigningKey(b"\2" * 32))

    def outdated(self) -> enrol.Identity:
        return self._certified(SigningKey(b"\3" * 32), self._root, until=1000)

    def no_station(self) -> enrol.Identity:
        """The root's certificate for something else."""
        return self._certified(SigningKey(b"\4" * 32), self._root, objects.PROFILE_SIGNER)

    def thief(self) -> enrol.Identity:
        """The right certificate, and a key of the thief's own."""
        own = enrol.identity(self.station)
        return enrol.Identity(own.kid, own.public, own.certificates, SigningKey(b"\5" * 32).sign)


def _talk(stranger: Stranger, who: enrol.Identity | None = None, change: Callable[[dict], None] = lambda plain: None) -> Talk:
    talk = Talk(stranger.station, stranger.url, who, Cheat)
    talk.shake.change = change  # type: ignore[attr-defined]
    return talk


def _bend(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


def _hello(**changed: object) -> Callable[[Talk], bytes]:
    return lambda talk: write(HELLO_FIELDS, **{**read(HELLO_FIELDS, None, talk.hello()), **changed})


def _committed_otherwise(talk: Talk) -> bytes:
    return write(PROOF_FIELDS, **{**read(PROOF_FIELDS, PROOF, talk.proof()), "nonce": bytes(32)})


def _forge(plain: dict) -> None:
    plain["signature"] = _bend(plain["signature"])


def _bare(plain: dict) -> None:
    plain["certificates"] = []


def _twisted(plain: dict) -> None:
    plain["certificates"] = [_bend(raw) for raw in plain["certificates"]]


# How each stranger fails: who it is, what it changes inside the seal, and what it says instead of its message.
KINDS: dict[str, tuple[Callable[[Stranger], enrol.Identity] | None, Callable[[dict], None] | None, Callable[[Talk], bytes]]] = {
    "garbage": (None, None, lambda talk: b"\xff" * 60),
    "one byte": (None, None, lambda talk: b"\0"),
    "another version": (None, None, _hello(versions=[2])),
    "unknown suites": (None, None, _hello(suites=[9])),
    "no such mode": (None, None, _hello(mode=2)),
    "enrolment": (None, None, _hello(mode=ENROL)),
    "garbage for a proof": (None, None, lambda talk: talk.proof() and b"\xff" * 700),
    "another commitment": (None, None, _committed_otherwise),
    "a bent seal": (None, None, lambda talk: _bend(talk.proof())),
    "no certificate": (None, _bare, Talk.proof),
    "a bent certificate": (None, _twisted, Talk.proof),
    "another root": (Stranger.foreign, None, Talk.proof),
    "out of date": (Stranger.outdated, None, Talk.proof),
    "no station": (Stranger.no_station, None, Talk.proof),
    "revoked": (lambda stranger: stranger.revoked, None, Talk.proof),
    "a bent signature": (None, _forge, Talk.proof),
    "a thief": (Stranger.thief, None, Talk.proof),
}


def refusal(stranger: Stranger, kind: str) -> float:
    """How long one stranger waited for the refusal, in ms, from the message that was refused on."""
    who, change, say = KINDS[kind]
    with _talk(stranger, who(stranger) if who else None, change or (lambda plain: None)) as talk:
        body = say(talk)
        if kind == "enrolment":  # a good offer comes first, as for anybody
            talk.say(body)
            talk.answer()
            body = b"\xff" * 700
        begun = time.monotonic()
        talk.say(body)
        answer = talk.answer()
        spent = (time.monotonic() - begun) * 1000
        demand(answer == refused(), f"{kind}: {len(answer or b'')} bytes, not the refusal")
        demand(talk.answer() is None, f"{kind}: something came behind the refusal")
    return spent


@contextmanager
def _stranger(application: Path | None) -> Iterator[Stranger]:
    with tempfile.TemporaryDirectory(prefix="sealdock-answers-") as folder:
        table = Table(Path(folder), 1)
        (recorder,) = table.recorders
        try:
            if application is not None:
                recorder.application = application
                recorder.restart()
                recorder.run_for(1500)
            recorder.real()
            with Station.open(table.home) as station:
                yield Stranger(station, table.home, recorder.plug())
        finally:
            table.close()


def run(size: int, application: Path | None = None) -> dict[str, int | float]:
    """Each kind so many times."""
    fastest: dict[str, float] = {}
    number = 0
    with _stranger(application) as stranger:
        for kind in list(KINDS) * size:
            spent = refusal(stranger, kind)
            fastest[kind] = min(spent, fastest.get(kind, spent))
            number += 1
            if number % ALLOWED == 0:  # a good handshake forgives; else every hello would be refused from now on
                enrol.dock(stranger.station, stranger.url).close()
    early, late = min(fastest.values()), max(fastest.values())
    told = {kind: round(spent) for kind, spent in fastest.items()}
    demand(early >= ANSWER_STEP_MS - 5, f"a refusal left before its time: {told}")
    demand(late < ANSWER_STEP_MS + (CLASS_MS if size > 1 else 10 * CLASS_MS), f"refusals of several classes of time: {told}")
    return {
        "answers.refusals": number,
        "answers.kinds": len(KINDS),
        "answers.fastest_ms": round(early, 1),
        "answers.slowest_kind_ms": round(late, 1),
    }


CONTROLS = (lambda: run(1, Path(__file__).parent / "app_hasty.py"),)
