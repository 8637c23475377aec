# SPDX-License-Identifier: Apache-2.0
"""`sealdock verify`: the verdict over packages, needing no station; or over sessions of the archive. Recorders in relay are compared."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from sealdock import keys
from sealdock.bureau import newest_list
from sealdock.errors import ExitCode
from sealdock.text import chinese, printable
from sealdock.verify import Verdict, compare
from sealdock.verify import verify as verify_package
from sealdock.verify.labels import ARTICLES, AXES, TOTALS, VALUES, Pair
from sealdock.verify.relay import KINDS as RELAY_KINDS
from sealdock.verify.relay import Side, judge, side, side_of
from sealproto.records import Record

from .base import FINGERPRINT, Env, command

if TYPE_CHECKING:
    from sealdock.station import Station

_STYLES = {"good": "bold green", "open": "bold yellow", "bad": "bold red", "none": "dim"}
_MOST_FINDINGS = 40


@command("verify")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--root", type=FINGERPRINT, default=None, metavar="FINGERPRINT", help="The bureau's root fingerprint as published.")
@click.option("--profile", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Source (.toml) of a profile not built in.")
@click.option(
    "--revocations",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A revocation list, or a circular, of the bureau's root that may be newer than the package's.",
)
@click.option("--paranoid", is_flag=True, help="Check every signature with a second, independent library too.")
@click.pass_obj
def verify(env: Env, targets: tuple[str, ...], root: bytes | None, profile: Path | None, revocations: Path | None, paranoid: bool) -> int:
    """Check each TARGET: a package folder or zip, or the first digits of a session in the archive.

    Give the packages of recorders that relieved each other together: whether both say the same of it is checked too. For a session of the
    archive that is looked up there.

    Exit code 0 only when the root was given, everything leads to it, nothing was changed and every gap is explained; else 3.
    """
    newer = newest_list(revocations.read_bytes()) if revocations else None
    with keys.paranoid() if paranoid else nullcontext():
        verdicts = [_of(env, target, root, profile, newer, len(targets) == 1) for target in targets]
    if len(targets) > 1:
        verdicts = compare(verdicts)
    for target, verdict in zip(targets, verdicts, strict=True):
        _tell(env, target if len(targets) > 1 else None, verdict)
    return ExitCode.GOOD if all(verdict.good for verdict in verdicts) else ExitCode.VERIFICATION_FAILED


def _tell(env: Env, target: str | None, verdict: Verdict) -> None:
    """target: which of several this is."""
    if env.json:
        env.emit({**({"target": target} if target else {}), **verdict.as_json("zh" if chinese() else "en")})
        return
    if target:
        _line(env, (target, "bold"))
    show(env, verdict)


def _of(env: Env, target: str, root: bytes | None, profile: Path | None, revocations: bytes | None, alone: bool) -> Verdict:
    """alone: nothing else was given to compare a session with, so the archive is asked."""
    return _of_session(env, target, root, revocations, alone) if _is_session(target) else verify_package(target, root, profile, revocations)


def _is_session(target: str) -> bool:
    return not Path(target).exists() and 4 <= len(target) <= 32 and all(c in "0123456789abcdef" for c in target.lower())


def _of_session(env: Env, target: str, root: bytes | None, revocations: bytes | None, alone: bool) -> Verdict:
    from sealdock.archive import sessions
    from sealdock.package.archived import gather
    from sealdock.package.preview import Preview
    from sealdock.station import now_ms
    from sealdock.verify import verify_files

    with env.station() as station:
        session = sessions.find(station.archive, target)
        utc = now_ms()
        files: Mapping[str, bytes] = Preview(gather(station, session, utc), station.key, utc)
        verdict = verify_files(files, root, profile=station.home.profile_source, revocations=revocations)
        mine = side_of(verdict)
        return judge(verdict, mine, _archived(station)) if alone and mine and mine.handovers else verdict


def _archived(station: "Station") -> list[Side]:
    """What all recorders' records in the archive say of hand-overs. A recorder that is still in the field may have more to say."""
    query = f"SELECT chain, seq FROM record WHERE type IN ({', '.join('?' * len(RELAY_KINDS))}) ORDER BY chain, seq"
    rows = station.archive.db.execute(query, RELAY_KINDS).fetchall()
    return [side(row["chain"], [Record(station.archive.record(row["chain"], row["seq"]))]) for row in rows]


def show(env: Env, verdict: Verdict) -> None:
    """The verdict for people."""
    title, tone = TOTALS[verdict.total]
    _line(env, (_pick(title), _STYLES[tone]), (f"  ({verdict.total})", "dim"))
    if verdict.simulated:
        _line(env, (_pick(("模拟设备，不得作为证据", "simulated: not evidence")), "bold yellow"))
    for name, label, _ in AXES:
        value = getattr(verdict, name)
        zh, tone = VALUES[value]
        _line(env, (f"  {_pick(label)}: ", ""), (_pick((zh, value)), _STYLES[tone]))
    for finding in verdict.findings[:_MOST_FINDINGS]:
        tone = VALUES[finding.value][1] if finding.value else "none"
        where = [f"#{finding.record}"] if finding.record is not None else []
        where += [finding.file] if finding.file else []
        where += [f"{finding.bytes[0]}-{finding.bytes[1]}"] if finding.bytes else []
        place = f"  [{' '.join(where)}]" if where else ""
        _line(env, ("  - ", _STYLES[tone]), (_pick((finding.text_zh, finding.text)), ""), (place, "dim"))
    if len(verdict.findings) > _MOST_FINDINGS:
        _line(env, (f"  … +{len(verdict.findings) - _MOST_FINDINGS}", "dim"))
    for article in verdict.articles:
        title, tone = ARTICLES[article.verdict]
        _line(env, (f"  {article.article}: {_pick(title)}", _STYLES[tone]), (f"  {_pick((article.text_zh, article.text))}", ""))


def _pick(pair: Pair) -> str:
    return pair[0] if chinese() else pair[1]


def _line(env: Env, *pieces: tuple[str, str]) -> None:
    env.console.print(Text.assemble(*((printable(text), style) for text, style in pieces)))
