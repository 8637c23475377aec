# SPDX-License-Identifier: Apache-2.0
"""`sealdock chain export` and `import`."""

from pathlib import Path

import click

from sealdock import chainfile
from sealdock.text import say

from .base import Env, command, group


@group("chain")
def chain() -> None:
    """A recorder's records, between stations of one bureau."""


@command("export")
@click.argument("recorder")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write them.")
@click.pass_obj
def export(env: Env, recorder: str, out: Path) -> None:
    """Write a recorder's records to a file, for a station that cannot get them from the recorder any more."""
    with env.station() as station:
        row = station.archive.find_recorder(recorder)
        count = chainfile.write(station, row, out)
        env.print(say("chain-exported", number=row.number, count=count, path=out), {"recorder": row.number, "records": count})


@command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(env: Env, file: Path) -> None:
    """Take the records in a file that another station of this bureau wrote; the next sync goes on behind them."""
    with env.station(write=True) as station:
        taken = chainfile.read(station, file)
        value = {"recorder": taken.recorder.number, "chain": taken.recorder.chain.hex(), "records": taken.records, "head": taken.head}
        env.print(say("chain-imported", number=taken.recorder.number, count=taken.records, head=taken.head), value)


chain.add_command(export)
chain.add_command(import_)
