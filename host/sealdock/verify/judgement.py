# SPDX-License-Identifier: Apache-2.0
"""The order in which a package is judged: whom to believe, then what the manifest lists, the chain, the receipts, the media, the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sealdock.package import layout
from sealdock.package.layout import Keys, Proofs
from sealdock.trust import ability
from sealproto import cose
from sealproto import records as rec

from . import matroska
from .listen import Sound, listen
from .package import Package
from .profile import Rules, find_profile
from .prompts import read_prompts
from .rules.articles import judge
from .rules.chain import Chain
from .rules.clock import check_clock
from .rules.media import Media
from .rules.procedure import Facts
from .rules.receipts import Receipts, covers
from .rules.session import Session
from .rules.trust import Trust
from .verdict import Findings, Verdict, conclude


@dataclass
class Evidence:
    """What a report draws beside the verdict: the session as believed, its recorder, times and clips."""

    session: Session
    chain: Chain
    trust: Trust
    manifest: dict | None
    receipt: dict | None
    profile: Rules | None
    clips: dict[bytes, dict[int, tuple[int, bytes]]]
    officer: int | None


def check(
    files: Mapping[str, bytes],
    root: bytes | None,
    findings: Findings,
    profile_source: Path | None = None,
    revocations: bytes | None = None,
) -> Verdict:
    """The verdict over a package's files. root: the fingerprint's 32 bytes, or None; profile_source: see find_profile().

    revocations: the reader's own list, which counts when it is newer than the package's.
    """
    package = Package(files, findings)
    trust = Trust(findings, root, package.certificates(), layout.CERTIFICATES, revocations)
    manifest = package.manifest(trust)
    package.check_files(layout.FIXED)
    session_id = manifest["session"] if manifest else _first_session(package)
    chain = _chain(package, findings, session_id)
    if manifest and chain.genesis and manifest["chain"] != chain.genesis.chain:
        findings.add("manifest-other", file=layout.MANIFEST)
    session = Session(findings, session_id)
    for record in chain.run:
        session.add(record)
    proofs = package.proofs()
    receipt = _receipts(findings, trust, chain, session, proofs)
    _media(package, findings, session, proofs)
    clips = read_prompts(package, trust, session)
    if session.parts:
        listen(findings, session, Sound(session, lambda number: files.get(layout.media_name(number))), clips)
    session.finish()
    mine = [record for record in chain.run if record.fields and record.fields.get("session") == session_id]
    check_clock(findings, chain.path, mine, chain.run, receipt, trust.revoked_station)
    simulated = _recorder(findings, trust, chain, session, receipt)
    profile = find_profile(package, trust, session, profile_source)
    evidence = Evidence(session, chain, trust, manifest, receipt, profile, clips, _officer(trust, chain, session))
    absent = [
        record for record in chain.run if record.type == rec.NO_RECORD and record.fields and record.fields["session"] in (session_id, None)
    ]
    articles = judge(profile.source, Facts(session, receipt, findings, absent)) if profile and profile.source else []
    return conclude(findings, simulated, articles, trust.root, evidence)


def _first_session(package: Package) -> bytes:
    """Without a manifest that can be believed: the session of the first media, so that more than "wrong" can be said."""
    for _, read, _ in package.records():
        if read and read.record.type == rec.SESSION_OPEN and read.record.fields:
            session: bytes = read.record.fields["session"]
            return session
    return bytes(16)


def _chain(package: Package, findings: Findings, session: bytes) -> Chain:
    chain = Chain(findings, session, layout.RECORDS)
    for place, read, why in package.records():
        if read is None:
            chain.unreadable(place, why)
        else:
            chain.add(read)
    if chain.genesis is None:
        findings.add("genesis-wrong", record=0, why="no genesis record can be believed", file=layout.RECORDS)
    return chain


def _receipts(findings: Findings, trust: Trust, chain: Chain, session: Session, proofs: Proofs) -> dict | None:
    """Judges all receipts; the one that covers the session, or None."""
    receipts = Receipts(findings, trust, chain)
    given = []
    for raw, hashes in proofs.receipts:
        fields = receipts.add(raw, layout.PROOFS)
        given.append(fields)
        if fields is not None:
            receipts.check_coverage(fields, hashes, [r for r in session.segments if covers(fields, r.seq)])
    for record in chain.run:
        if record.type == rec.RECEIPT and record.fields:
            receipts.add_taken(record, layout.RECORDS)
    if proofs.checkpoint is not None:
        receipts.check_log(proofs.checkpoint, proofs.consistency, given)
    last = session.last.seq if session.last else 0
    receipts.check_session(last, session.segments)
    return receipts.covering(last)


def _media(package: Package, findings: Findings, session: Session, proofs: Proofs) -> None:
    keys: Keys = package.keys()
    commitments = {part.number: (part.opened.fields or {}).get("content_key_hash") for part in session.parts}
    media = Media(findings, commitments, keys.parts)
    for record in session.segments:
        fields = record.fields
        assert fields is not None
        number = fields["number"]
        name = layout.media_name(number)
        if name not in package.files:
            findings.add("media-missing", record=record.seq, segment=number, file=name, number=number)
            continue
        data = package.files[name]
        package.check_file(name, data)
        media.check(record, data, keys.segments.get(number), proofs.leaves.get(number, []), name)
        _contents(findings, record, data, name)
    _strangers(package, findings, {layout.media_name((r.fields or {})["number"]) for r in session.segments})


def _contents(findings: Findings, record: rec.Record, data: bytes, name: str) -> None:
    """Whether a segment's file plays and holds the pictures and samples that its record counts."""
    fields = record.fields or {}
    here = {"record": record.seq, "segment": fields["number"], "file": name}
    try:
        found = matroska.read(data)
    except matroska.MediaError as error:
        findings.add("media-unplayable", **here, number=fields["number"], why=error.why)
        return
    for what, zh, held in (("frames", "帧数", found.frames), ("samples", "采样数", found.samples)):
        if fields[what] != held:
            findings.add("count-wrong", **here, what=(what, zh), said=fields[what], found=held)


def _strangers(package: Package, findings: Findings, known: set[str]) -> None:
    """Files that no signed record speaks of, though a manifest may list them."""
    for name in package.files:
        if name not in known and name not in layout.FIXED and name != layout.MANIFEST:
            findings.add("file-extra", name=name, file=name)


def _recorder(findings: Findings, trust: Trust, chain: Chain, session: Session, receipt: dict | None) -> bool:
    """Judges the recorder's certificate; whether the recorder is simulated, by its own word or its certificate's."""
    if chain.genesis is None or chain.genesis.fields is None:
        return False
    last = session.last.seq if session.last else chain.believed[-1].record.seq
    certificate = trust.recorder(chain.genesis, last, receipt["utc"] if receipt else None)
    abilities = chain.genesis.fields["abilities"]
    simulated = ability(abilities, "simulated") or bool(certificate and certificate.simulated)
    if simulated:
        findings.add("simulated")
    if ability(abilities, "developer_build"):
        findings.add("developer-build")
    return simulated


def _officer(trust: Trust, chain: Chain, session: Session) -> int | None:
    """The number of the officer whose assignment the session names."""
    wanted = session.opened.fields["assignment"] if session.opened and session.opened.fields else None
    for record in chain.path + chain.run:
        if record.type == rec.ASSIGN and record.fields and sha256(record.fields["assignment"]).digest() == wanted:
            fields = trust.read(cose.ASSIGNMENT, record.fields["assignment"], "assignment", record)
            return fields["number"] if fields else None
    return None
