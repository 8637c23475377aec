# SPDX-License-Identifier: Apache-2.0
"""`sealdock devices`, `enroll` and `assign`."""

import sys

import click

from sealdock import enrol, link
from sealdock.archive import RecorderRow
from sealdock.errors import SealdockError
from sealdock.keys import kid
from sealdock.station import Station
from sealdock.text import say

from .base import Env, command

PORT = click.option(
    "--port", required=True, metavar="P", help="A device path, a socket://host:port URL, or auto for the only one there is."
)


def recorder_value(recorder: RecorderRow) -> dict[str, object]:
    """A recorder as scripts see it."""
    return {
        "recorder": recorder.number,
        "chain": recorder.chain.hex(),
        "key": kid(recorder.identity).hex(),
        "board": recorder.board,
        "simulated": recorder.simulated,
        "enrolled": recorder.enrolled,
        "alarm": recorder.alarm,
    }


@command("devices")
@click.option("--probe", is_flag=True, help="Ask each port whether a recorder of this bureau is there.")
@click.pass_obj
def devices(env: Env, probe: bool) -> None:
    """Ports that a recorder may hang on, and recorders that this station knows."""
    ports = link.list_ports()
    known: list[RecorderRow] = []
    receipted: dict[bytes, str | None] = {}
    found: dict[str, str] = {}
    if env.home.station_key.exists():
        with env.station() as station:
            known = station.archive.recorders()
            receipted = {recorder.chain: _good(station, recorder) for recorder in known}
            if probe:
                found = {port.url: _probe(station, port.url) for port in ports}
    if env.json:
        shown = [{"port": p.url, "name": p.name, "simulated": p.simulated, "answer": found.get(p.url)} for p in ports]
        env.emit({"ports": shown, "recorders": [{**recorder_value(r), "receipted": receipted[r.chain]} for r in known]})
        return
    if not ports:
        env.say("no-ports")
    for port in ports:
        env.line("  ".join(part for part in (port.url, port.name, found.get(port.url, "")) if part))
    for recorder in known:
        kind = f" ({say('simulated')})" if recorder.simulated else ""
        alarm = f" {say('alarm')}: {recorder.alarm}" if recorder.alarm else ""
        env.line(f"{say('head-recorder')} {recorder.number}: {recorder.board}{kind} {recorder.chain.hex()[:12]}{alarm}")


def _probe(station: Station, url: str) -> str:
    try:
        with enrol.dock(station, url) as client:
            recorder = station.archive.recorder_of(client.session.peer)
    except SealdockError as error:
        return str(error)
    return say("unknown-recorder") if recorder is None else f"{say('head-recorder')} {recorder.number}"


@command("enroll")
@PORT
@click.option("--digits", default=None, metavar="N", help="The six digits that were heard; - reads them from standard input when asked.")
@click.option(
    "--predecessor", default=None, metavar="RECORDER", help="What this recorder was until its key store was lost: its number or chain."
)
@click.pass_obj
def enroll(env: Env, port: str, digits: str | None, predecessor: str | None) -> None:
    """Enrol the recorder on a port: hold its button, and type the six digits that it speaks."""

    def ask() -> str:
        if digits is not None and digits != "-":
            return digits
        if env.json:
            env.emit({"event": "digits"})
        if digits == "-" or env.json:
            return sys.stdin.readline().strip()
        env.say("say-digits")
        return str(click.prompt(say("enter-digits")))

    def agreed() -> None:
        if env.json and (digits is None or digits == "-"):
            env.emit({"event": "confirm"})
        env.say("press-record")

    with env.station(write=True) as station:
        former = station.archive.find_recorder(predecessor) if predecessor else None
        recorder = enrol.enrol(station, link.resolve(port), ask, agreed, former)
        line = say("enrolled", number=recorder.number, board=recorder.board, chain=recorder.chain.hex()[:12])
        env.print(f"{line} ({say('simulated')})" if recorder.simulated else line, recorder_value(recorder))
        if former is not None:
            good = _good(station, former)
            env.say("predecessor", number=former.number, kid=kid(former.identity).hex(), good=f" --good {good}" if good else "")


def _good(station: Station, recorder: RecorderRow) -> str | None:
    """CHAIN:NUMBER up to which a receipt of this station states its records; None without one."""
    row = station.archive.db.execute("SELECT max(head_seq) FROM receipt WHERE chain = ? AND raw NOT NULL", (recorder.chain,)).fetchone()
    return None if row[0] is None else f"{recorder.chain.hex()}:{row[0]}"


@command("assign")
@PORT
@click.option("--officer", required=True, metavar="NAME", help="Who takes it; the name stays in this station, the recorder gets a number.")
@click.option("--number", type=click.IntRange(1, 2**31), default=None, help="The officer's number; else the one known or the next.")
@click.option("--released-by", metavar="NAME", help="Who gives it back into use after a fault that took it out; kept in this station.")
@click.pass_obj
def assign(env: Env, port: str, officer: str, number: int | None, released_by: str | None) -> None:
    """Check the docked recorder out to an officer."""
    with env.station(write=True) as station:
        number = number if number is not None else enrol.next_officer(station, officer)
        chain = enrol.assign(station, link.resolve(port), number, officer, released_by)
        recorder = station.archive.recorder(chain)
        shown = recorder.number if recorder else 0
        env.print(say("assigned", number=shown, officer=number), {"recorder": shown, "chain": chain.hex(), "officer": number})
