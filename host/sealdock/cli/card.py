# SPDX-License-Identifier: Apache-2.0
"""`sealdock import`."""

from pathlib import Path

import click

from sealdock.card.take import Imported, import_card
from sealdock.errors import ExitCode
from sealdock.station import Station
from sealdock.text import say

from .base import Env, command
from .sync import Shown


@command("import")
@click.option(
    "--card", "path", required=True, metavar="PATH", type=click.Path(path_type=Path), help="A card in a reader, or an image of one."
)
@click.pass_obj
def import_(env: Env, path: Path) -> int:
    """Take what a recorder's card holds; the card is only read. The next dock takes the rest and gives the receipt."""
    with env.station(write=True) as station:
        with Shown(env) as shown:
            result = import_card(station, path, shown)
        _report(env, station, result)
    if not result.whole:
        return ExitCode.PARTIAL
    return ExitCode.VERIFICATION_FAILED if result.problems else ExitCode.GOOD


def _report(env: Env, station: Station, result: Imported) -> None:
    recorder = station.archive.recorder(result.chain)
    number = recorder.number if recorder else 0
    value = {
        "recorder": number,
        "simulated": recorder.simulated if recorder else None,
        "chain": result.chain.hex(),
        "slots": result.slots,
        "whole": result.whole,
        "taken": result.taken,
        "staged": result.staged,
        "held": result.held,
        "bytes": result.bytes,
        "problems": result.problems,
    }
    env.print(say("imported", number=number, taken=result.taken, staged=result.staged, held=result.held), value)
