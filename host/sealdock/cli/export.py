# SPDX-License-Identifier: Apache-2.0
"""`sealdock export` and `sealdock report`."""

from hashlib import sha256
from pathlib import Path

import click

from sealdock import books, durable, log
from sealdock.archive import sessions
from sealdock.errors import ExitCode
from sealdock.package import layout
from sealdock.package.archived import gather
from sealdock.package.preview import Preview
from sealdock.package.write import refuse_overwriting, write_package, write_zip
from sealdock.report import render
from sealdock.station import now_ms
from sealdock.verify import Verdict, verify_files
from sealdock.verify.labels import TOTALS

from .base import Env, command


@command("export")
@click.argument("session")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The package folder; it must not exist yet.")
@click.option("--zip", "zipped", is_flag=True, help="Also DIR.zip, in its one canonical form.")
@click.pass_obj
def export(env: Env, session: str, out: Path, zipped: bool) -> int:
    """Make a case package of SESSION, under a recorded approval."""
    with env.station(write=True) as station:
        found = sessions.find(station.archive, session)
        approval = books.require(station, found, "export")
        archive_file = out.with_name(out.name + ".zip")
        refuse_overwriting(out)
        if zipped:
            refuse_overwriting(archive_file)
        utc = now_ms()
        about: dict[int, object] = {
            layout.APPROVAL_NUMBER: approval.number,
            layout.APPROVAL_ACT: books.ACTS[approval.act],
            layout.APPROVAL_ROLE: approval.role,
            layout.APPROVAL_UTC: approval.utc,
        }
        root = sha256(station.trust.root).digest()

        def release(manifest: bytes) -> None:
            station.log.append(log.EXPORTED, found.session, sha256(manifest).digest(), approval.log_index, utc)

        case = gather(station, found, utc, about)
        verdict = write_package(case, out, station.key, utc, root, lambda v: render(v, station.profile.tz), release)
    if zipped:
        write_zip(out, archive_file)
    _tell(env, verdict, out)
    return ExitCode.VERIFICATION_FAILED if verdict.total == "not-authentic" else ExitCode.GOOD


def _tell(env: Env, verdict: Verdict, out: Path) -> None:
    (zh, en), _ = TOTALS[verdict.total]
    value = {"package": str(out), "total": verdict.total, "segments": len(verdict.session.session.segments)}
    env.print(f"{out}: {zh} / {en} ({verdict.total})", value)


@command("report")
@click.argument("session")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="The HTML file.")
@click.pass_obj
def report(env: Env, session: str, out: Path) -> int:
    """Write the report of SESSION as the archive holds it."""
    with env.station() as station:
        found = sessions.find(station.archive, session)
        utc = now_ms()
        files = Preview(gather(station, found, utc), station.key, utc)
        verdict = verify_files(files, sha256(station.trust.root).digest(), profile=station.home.profile_source)
        durable.write_file(out, render(verdict, station.profile.tz), 0o644)
    env.print(str(out), {"report": str(out), "total": verdict.total})
    return ExitCode.GOOD if verdict.good else ExitCode.VERIFICATION_FAILED
