# SPDX-License-Identifier: Apache-2.0
"""`sealdock list` and `sealdock show`."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from sealdock import books, vocabulary
from sealdock.archive import sessions
from sealdock.archive.sessions import Session
from sealdock.text import chinese, say

from .base import Env, command


def local(utc_ms: int | None, zone: str = "Asia/Shanghai") -> str:
    """A time as a clock on the wall there shows it; a dash when it is not known."""
    if utc_ms is None:
        return "–"
    return datetime.fromtimestamp(utc_ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


def length(session: Session) -> str:
    if session.opened is None or session.closed is None:
        return "–"
    seconds = (session.closed - session.opened) // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def title(kind: vocabulary.Vocabulary, number: int | None) -> str:
    if number is None:
        return "–"
    return kind.zh(number) if chinese() else kind.en(number)


@command("list")
@click.pass_obj
def list_sessions(env: Env) -> None:
    """Sessions in the archive, oldest first."""
    with env.station() as station:
        found = sessions.sessions(station.archive)
        if env.json:
            for session in found:
                env.emit(sessions.describe(station.archive, session))
            return
        if not found:
            env.say("no-sessions")
            return
        zone = station.profile.tz
        heads = (
            "head-session",
            "head-recorder",
            "head-opened",
            "head-length",
            "head-segments",
            "head-activity",
            "head-officer",
            "head-state",
        )
        env.table(heads, [_row(session, zone) for session in found])


def _row(session: Session, zone: str) -> tuple[str, ...]:
    recorder = f"{session.recorder} ({say('simulated')})" if session.simulated else str(session.recorder)
    officer = session.officer_name or ("–" if session.officer is None else str(session.officer))
    return (
        session.session.hex()[:12],
        recorder,
        local(session.opened, zone),
        length(session),
        f"{session.held}/{session.segments}",
        title(vocabulary.ACTIVITIES, session.activity),
        officer,
        say(f"state-{session.state}"),
    )


@command("show")
@click.argument("session")
@click.pass_obj
def show(env: Env, session: str) -> None:
    """One session in full. SESSION: the first digits of its id."""
    with env.station() as station:
        found = sessions.find(station.archive, session)
        about = sessions.describe(station.archive, found)
        about["approvals"] = [
            {"number": a.number, "act": a.act, "role": _role(a.role), "party": _role(a.party), "reason": a.reason, "utc": a.utc}
            for a in books.approvals(station, found)
        ]
        if env.json:
            env.emit(about)
            return
        _print(env, about, found, station.profile.tz)


def _role(number: int | None) -> str | None:
    term = None if number is None else vocabulary.ROLES.term(number)
    return term.code if term else None


def _print(env: Env, about: dict[str, Any], session: Session, zone: str) -> None:
    pairs = [
        ("head-session", about["session"]),
        ("head-recorder", f"{about['recorder']}" + (f" ({say('simulated')})" if about["simulated"] else "")),
        ("head-opened", local(about["opened"], zone)),
        ("head-length", length(session)),
        ("head-segments", f"{about['held']}/{about['segments']}"),
        ("head-activity", title(vocabulary.ACTIVITIES, session.activity)),
        ("head-officer", about["officer_name"] or ("–" if about["officer"] is None else str(about["officer"]))),
        ("head-state", say(f"state-{about['state']}")),
    ]
    pairs += [("announcement", f"#{a['record']}") for a in about["announcements"]]
    pairs += [("interruption", _interruption(i)) for i in about["interruptions"]]
    for key, value in pairs:
        env.line(f"{say(key)}: {value}")
    for field, label in about["labels"].items():
        value = label["value"]
        shown = say("label-none") if value is None else local(value, zone) if isinstance(value, int) and value > 10**11 else value
        env.line(f"  {title(vocabulary.FIELDS, vocabulary.FIELDS.number(field))}: {shown}")
    for approval in about["approvals"]:
        env.line(f"{say('act-' + approval['act'])}: {approval['role']} {approval['reason']}")


def _interruption(row: dict[str, Any]) -> str:
    fact = title(vocabulary.FACTS, vocabulary.FACTS.number(row["fact"])) if row["fact"] in vocabulary.FACTS else str(row["fact"])
    cause = title(vocabulary.CAUSES, vocabulary.CAUSES.number(row["cause"])) if row["cause"] else title(vocabulary.CAUSES, 0)
    seconds = "–" if row["length_ms"] is None else f"{row['length_ms'] // 1000} s"
    return f"#{row['record']} {fact}, {cause}, {seconds}"
