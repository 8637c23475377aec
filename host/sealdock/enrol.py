# SPDX-License-Identifier: Apache-2.0
"""Enrolling a recorder, and checking it out to an officer.

The recorder makes its identity during the handshake and speaks six digits over the transcript; the custodian types what was heard, and
only when the digits agree is there nobody on the line between the two. Then the station certifies identity, genesis and abilities.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sealdock import chain as chains
from sealdock import log, release, trust
from sealdock.archive import RecorderRow, intake
from sealdock.chain import ChainError
from sealdock.clock import settable_ms
from sealdock.errors import ExitCode, SealdockError
from sealdock.link import Client, connect
from sealdock.station import Station, now_ms
from sealdock.sync import objects as parts
from sealdock.sync.line import LineDock
from sealdock.text import say
from sealproto import cose, handshake, messages, objects
from sealproto import records as rec

Ask = Callable[[], str]  # called when the recorder has begun to speak; returns the digits that a person heard


class AnyRecorder:
    """Rules of a handshake in enrol mode: every recorder may answer, its key is remembered."""

    def recorder(self, mode: int, certificates: list[bytes], key: bytes) -> None:
        """Nothing is certified yet; the digits decide."""


class KnownRecorder:
    """Rules of a handshake in dock mode: the recorder must be certified under this bureau's root."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.certificate: trust.Certificate | None = None
        self.stations: list[bytes] = []  # certificates that its own one leads through

    def recorder(self, mode: int, certificates: list[bytes], key: bytes) -> None:
        """TrustError unless `key` is a certified recorder's that was not revoked."""
        store = self._station.trust
        read = sorted((trust.read_certificate(raw) for raw in certificates), key=lambda c: c.role)
        for certificate in read:
            if certificate.role in (objects.STATION, objects.RECORDER):
                store.add(certificate.raw)
        self.stations = [certificate.raw for certificate in read if certificate.role == objects.STATION]
        found = store.find(trust.kid(key), objects.RECORDER, at=now_ms())
        if found.key != key:  # a kid is 8 bytes: another key with the same one can be computed
            raise trust.TrustError(say("key-not-certified"))
        self.certificate = found


@dataclass
class Identity:
    """The station's signing key as a handshake wants it."""

    kid: bytes
    public: bytes
    certificates: list[bytes]
    sign: Callable[[bytes], bytes]


def identity(station: Station) -> Identity:
    """TrustError when the station's own certificate is out of date or revoked: no recorder would talk to it."""
    key = station.key
    return Identity(key.kid, key.public, [station.certificate.raw], key.sign)


def dock(station: Station, url: str) -> Client:
    """An authenticated recorder of this bureau; one that another station enrolled becomes known here."""
    rules = KnownRecorder(station)
    client = connect(url, identity(station), rules, station.revocations)
    certificate = rules.certificate
    client.chain = certificate.chain if certificate else None
    if certificate is not None and station.archive.recorder(certificate.chain or b"") is None:
        station.keep_certificates(rules.stations)
        note(station, certificate)
    return client


def enrol(
    station: Station, url: str, ask: Ask, agreed: Callable[[], None] | None = None, predecessor: RecorderRow | None = None
) -> RecorderRow:
    """Enrols the recorder on a port. SealdockError, and nothing kept, when the digits differ or its genesis does not hold.

    `agreed` is called when the digits were right: now the officer is to confirm at the recorder, which waits 50 s for it.
    `predecessor`: the recorder that this one was until its key store was lost; genesis and certificate name its last head.
    """
    head = _last_head(station, predecessor) if predecessor else None
    client = connect(url, identity(station), AnyRecorder(), station.revocations, handshake.ENROL)
    with client:
        genesis = client.request(messages.ENROL_BEGIN, utc=settable_ms(), predecessor=head)["genesis"]
        record = _check_genesis(station, client, genesis, head)
        if _digits(ask()) != client.session.digits:
            raise SealdockError(say("digits-differ"))
        if agreed is not None:
            agreed()
        certificate = _certify(station, record)
        client.request(
            messages.ENROL_FINISH,
            certificate=certificate.raw,
            root=_root(station),
            certificates=parts.bureau_certificates(station),
            revocations=station.revocations,
        )
        row = note(station, certificate)
        intake.take(station.archive, record.chain, [genesis])
    try:
        with dock(station, url) as client:
            parts.provision(station, client)
    except SealdockError as error:
        raise SealdockError(say("enrolled-unfinished", number=row.number, why=error), ExitCode.PARTIAL) from error
    return row


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _root(station: Station) -> bytes:
    return next(raw for raw in station.certificates if trust.read_certificate(raw).role == objects.ROOT)


def _last_head(station: Station, recorder: RecorderRow) -> list:
    at = station.archive.position(recorder.chain)
    if at is None:
        raise SealdockError(say("no-head", number=recorder.number))
    return [recorder.chain, at.seq - 1, at.head]


def _check_genesis(station: Station, client: Client, raw: bytes, predecessor: list | None) -> rec.Record:
    try:
        record, position = chains.begin(raw)
    except ChainError as error:
        raise SealdockError(say("genesis-wrong", why=error), ExitCode.VERIFICATION_FAILED) from None
    if position.identity != client.session.peer:
        raise SealdockError(say("genesis-wrong", why="it is of another key"), ExitCode.VERIFICATION_FAILED)
    fields = record.fields or {}
    if not all(_plain(fields[name]) for name in ("board", "firmware")):
        raise SealdockError(say("genesis-wrong", why="its board or firmware has no plain name"), ExitCode.VERIFICATION_FAILED)
    if fields["predecessor"] != predecessor:
        raise SealdockError(say("genesis-wrong", why="it names another predecessor"), ExitCode.VERIFICATION_FAILED)
    known = station.archive.recorder_of(position.identity)
    if known is not None and known.chain != record.chain:
        raise SealdockError(
            say("second-genesis", chain=record.chain.hex()[:12], known=known.chain.hex()[:12]), ExitCode.VERIFICATION_FAILED
        )
    if known is not None:
        raise SealdockError(say("already-enrolled", number=known.number))
    simulated = trust.ability(fields["abilities"], "simulated")
    others = [r for r in station.archive.recorders() if r.simulated != simulated]
    if others:
        raise SealdockError(say("no-simulated" if simulated else "only-simulated"), ExitCode.RULE_BROKEN)
    return record


def _plain(name: str) -> bool:
    """Whether a name is short and holds nothing that would steer a terminal: it is printed wherever recorders are listed."""
    return 0 < len(name) <= 64 and name.isascii() and name.isprintable()


def _certify(station: Station, genesis: rec.Record) -> trust.Certificate:
    fields = genesis.fields or {}
    utc = now_ms()
    raw = trust.issue(
        station.key,
        objects.RECORDER,
        fields["identity"],
        serial=len(station.archive.recorders()) + 1,
        valid_from=utc,
        until=min(utc + trust.RECORDER_YEARS * trust.YEAR_MS, station.certificate.until),
        chain=genesis.chain,
        genesis=genesis.hash,
        board=fields["board"],
        abilities=fields["abilities"],
        predecessor=fields["predecessor"],
    )
    return trust.read_certificate(raw)


def note(station: Station, certificate: trust.Certificate) -> RecorderRow:
    """Makes a certified recorder known here."""
    utc = now_ms()
    assert certificate.chain is not None
    row = station.archive.add_recorder(
        certificate.chain, certificate.key, certificate.board or "", certificate.simulated, utc, certificate.raw
    )
    station.trust.add(certificate.raw)
    station.log.append(log.ENROLLED, certificate.chain, certificate.genesis, sha256(certificate.raw).digest(), utc)
    return row


# Checking out


def make_assignment(station: Station, chain: bytes, number: int, name: str) -> bytes:
    """A signed assignment of a recorder to an officer's number; the name stays in this archive. SealdockError: the number is another's."""
    row = station.archive.db.execute("SELECT name FROM officer WHERE number = ?", (number,)).fetchone()
    if row and row["name"] != name:
        raise SealdockError(say("officer-taken", number=number))
    utc = now_ms()
    times = {"from": utc, "until": None}
    raw = objects.make(cose.ASSIGNMENT, station.key.kid, station.key.sign, chain=chain, number=number, **times)
    digest = sha256(raw).digest()
    with station.archive.transaction() as db:
        db.execute("INSERT OR IGNORE INTO officer VALUES (?, ?)", (number, name))
        db.execute("INSERT INTO assignment VALUES (?, ?, ?, ?, ?, ?)", (digest, chain, number, utc, None, raw))
    station.log.append(log.ASSIGNED, chain, number, digest, utc)
    return raw


def next_officer(station: Station, name: str) -> int:
    """The number of an officer of that name: the one known, or the next free one."""
    row = station.archive.db.execute("SELECT number FROM officer WHERE name = ? ORDER BY number", (name,)).fetchone()
    if row:
        known: int = row["number"]
        return known
    free: int = station.archive.db.execute("SELECT coalesce(max(number), 0) + 1 FROM officer").fetchone()[0]
    return free


def assign(station: Station, url: str, number: int, name: str, released_by: str | None = None) -> bytes:
    """Checks the docked recorder out to an officer; its chain id.

    SealdockError when a fault took it out of use and nobody releases it.
    """
    with dock(station, url) as client:
        parts.provision(station, client)
        line = LineDock(client)
        status = line.status()
        fault = release.out_of_use(station, line, status)
        if fault is not None:
            release.demand(station, status.chain, fault, released_by)
        parts.put(client, messages.PUT_ASSIGNMENT, make_assignment(station, status.chain, number, name))
    return status.chain
