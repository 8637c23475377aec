# SPDX-License-Identifier: Apache-2.0
"""Plays a story and says in which points it did not go as told."""

import shutil
from dataclasses import dataclass
from hashlib import sha256

from sealdock import log
from sealdock.archive import sessions
from sealdock.errors import SealdockError
from sealdock.package.archived import gather
from sealdock.package.write import write_package
from sealdock.report import render
from sealdock.station import Station
from sealdock.verify import Verdict, compare, verify
from sealdock.verify.rules.duties_absence import entries
from sealdock.verify.verdict import Article
from sealproto import codes
from sealproto import records as rec
from sealsim.scenario.kit import Kits
from sealsim.scenario.signed import missing, surplus
from sealsim.scenario.stage import Stage, Untrue
from sealsim.scenario.story import Story
from sealsim.scenario.verdicts import Judged, differing, disagreements


@dataclass(frozen=True)
class Outcome:
    """`failures`: one line for each point, with file and line. `verdicts`: of each session that the story judges."""

    failures: list[str]
    verdicts: list[Verdict]


def play(story: Story, kits: Kits) -> Outcome:
    """Runs the story to its end, docks every recorder, exports and verifies the sessions that it judges."""
    folder, now = kits.copy(story.wanted)
    try:
        stage = Stage(folder, now, story.wanted)
        try:
            return _play(story, stage)
        finally:
            stage.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _play(story: Story, stage: Stage) -> Outcome:
    failures: list[str] = []
    before = _counts(stage)
    for one in story.happens:
        try:
            one.act(stage)
        except Untrue as error:
            failures.append(f"{one.where}: {error}")
        except SealdockError as error:
            return Outcome([*failures, f"{one.where}: {one.name}: {error}"], [])
    try:
        for recorder in stage.recorders:
            stage.active = recorder
            stage.dock()
    except SealdockError as error:
        return Outcome([*failures, f"{story.path}:1: docking at the end: {error}"], [])
    failures += [f"{where}: heard, but should not be: {words}" for where, words in story.never_heard if _heard(stage, words)]
    found = _signed(stage, before)
    failures += missing(list(story.signed), found) + surplus(list(story.not_signed), found)
    failures += differing(story.absences, _absences(stage, found))
    judged, verdicts = [], []
    for wanted in story.verdicts:
        try:
            verdicts.append(_verify(stage, wanted))
            judged.append(wanted)
        except Untrue as error:
            failures.append(f"{wanted.where}: {error}")
    verdicts = compare(verdicts)
    for wanted, verdict in zip(judged, verdicts, strict=True):
        failures += disagreements(wanted, verdict)
    return Outcome(failures, verdicts)


def _counts(stage: Stage) -> dict[bytes, int]:
    """How many records the archive holds of each recorder."""
    with Station.open(stage.home) as station:
        return {row.chain: sum(1 for _ in station.archive.records(row.chain)) for row in station.archive.recorders()}


def _heard(stage: Stage, words: str) -> bool:
    return any(ears.ever_heard(words) for ears in stage.every_ear)


def _signed(stage: Stage, before: dict[bytes, int]) -> list[rec.Record]:
    """The records of the story, recorder by recorder."""
    with Station.open(stage.home) as station:
        return [rec.Record(raw) for chain, begun in before.items() for raw in list(station.archive.records(chain))[begun:]]


def _absences(stage: Stage, found: list[rec.Record]) -> list[Article]:
    """The answers for all no-record entries, be they of a session or of none."""
    marks = [record.fields for record in found if record.type == rec.MARK and record.fields]
    reported = [fields.get("role") for fields in marks if fields["code"] == codes.MARK_REPORTED]
    return list(entries(stage.profile, found, reported))


def _verify(stage: Stage, wanted: Judged) -> Verdict:
    """The verdict over the session's case package, exported as for a court."""
    with Station.open(stage.home, write=True) as station:
        every = sessions.sessions(station.archive)
        if len(every) < wanted.session:
            raise Untrue(f"there is no session {wanted.session}, only {len(every)}")
        session = every[wanted.session - 1]
        utc = stage.now_ms()
        out = stage.folder / f"package-{wanted.session}"
        root = sha256(station.trust.root).digest()

        def release(manifest: bytes) -> None:
            station.log.append(log.EXPORTED, session.session, sha256(manifest).digest(), 0, utc)

        if not out.exists():
            write_package(gather(station, session, utc), out, station.key, utc, root, lambda v: render(v, station.profile.tz), release)
        return verify(out, root, stage.home.profile_source)
