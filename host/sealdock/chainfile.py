# SPDX-License-Identifier: Apache-2.0
"""A recorder's chain as a file, for another station of the bureau.

A recorder whose flash is getting short drops records that a receipt covers; from then on a station that does not have them cannot check
what follows. The file is a CBOR sequence (RFC 8742): certificates that lead from the root to the recorder, then its records from genesis
on. Nothing in it is secret, and nothing is believed: all is checked as if the recorder had sent it.
"""

from dataclasses import dataclass
from pathlib import Path

from sealdock import durable, trust
from sealdock.archive import RecorderRow, intake
from sealdock.chain import ChainError
from sealdock.enrol import note
from sealdock.errors import ExitCode, SealdockError
from sealdock.station import Station, now_ms, read_sequence
from sealdock.text import say
from sealdock.trust import Certificate, TrustError
from sealproto import cose, objects
from sealproto import records as rec

_BATCH = 500  # records that are checked and synced at once


@dataclass(frozen=True)
class Taken:
    """What a file brought. `records`: new ones; `head`: the last sequence number that is here now."""

    recorder: RecorderRow
    records: int
    head: int


def write(station: Station, recorder: RecorderRow, path: Path) -> int:
    """Writes the chain as far as it is archived; how many records. SealdockError when there are none."""
    records = list(station.archive.records(recorder.chain))
    if not records:
        raise SealdockError(say("chain-none", number=recorder.number))
    stations = [raw for raw in station.certificates if trust.read_certificate(raw).role == objects.STATION]
    durable.write_file(path, b"".join([*stations, recorder.certificate, *records]))
    return len(records)


def read(station: Station, path: Path) -> Taken:
    """Takes what the archive does not have. SealdockError, and nothing changed, when the file is none of this bureau or does not hold."""
    certificates, records = _parts(path)
    own = _recorder(station, certificates)
    chain = own.chain
    assert chain is not None
    row = station.archive.recorder(chain)
    if row is not None and row.alarm:
        raise SealdockError(say("recorder-refused", number=row.number, why=row.alarm))
    _check_known(station, chain, records, path)
    if row is None:
        station.keep_certificates([raw for raw in certificates if trust.read_certificate(raw).role == objects.STATION])
        row = note(station, own)
    at = station.archive.position(chain)
    first = at.seq if at else 0
    try:
        for start in range(first, len(records), _BATCH):
            intake.take(station.archive, chain, records[start : start + _BATCH])
    except ChainError as error:
        raise SealdockError(say("chain-broken", path=path, why=error), ExitCode.VERIFICATION_FAILED) from error
    at = station.archive.position(chain)
    return Taken(row, max(0, len(records) - first), at.seq - 1 if at else -1)


def _parts(path: Path) -> tuple[list[bytes], list[bytes]]:
    certificates: list[bytes] = []
    records: list[bytes] = []
    for raw in read_sequence(path):
        try:
            kind = cose.parse(raw).content_type
        except cose.CoseError as error:
            raise SealdockError(say("chain-broken", path=path, why=error)) from error
        (certificates if kind == cose.CERTIFICATE else records).append(raw)
    return certificates, records


def _recorder(station: Station, certificates: list[bytes]) -> Certificate:
    """The recorder's certificate, which leads to this bureau's root."""
    own: Certificate | None = None
    for raw in sorted(certificates, key=lambda raw: trust.read_certificate(raw).role):
        found = station.trust.add(raw)
        own = found if found.role == objects.RECORDER else own
    if own is None:
        raise TrustError(say("file-no-recorder"))
    return station.trust.find(own.kid, objects.RECORDER, at=now_ms())


def _check_known(station: Station, chain: bytes, records: list[bytes], path: Path) -> None:
    """Of one chain, and the same where both have records: the last of these tells, since each record names the one before."""
    at = station.archive.position(chain)
    common = min(len(records), at.seq if at else 0)
    if not records or rec.Record(records[0]).chain != chain:
        raise SealdockError(say("chain-broken", path=path, why="it holds no records of this recorder"))
    if common and rec.Record(records[common - 1]).hash != station.archive.record_hash(chain, common - 1):
        raise SealdockError(say("chain-differs", path=path, seq=common - 1), ExitCode.VERIFICATION_FAILED)
