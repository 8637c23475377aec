# SPDX-License-Identifier: Apache-2.0
"""`sealdock write-off`."""

import click

from sealdock.archive import sessions
from sealdock.text import say
from sealdock.writeoff import write_off as give_up

from .base import Env, command


@command("write-off")
@click.argument("session")
@click.argument("segment", type=click.IntRange(0))
@click.option("--reason", required=True, help="Why; kept in the archive, its hash in the log.")
@click.pass_obj
def write_off(env: Env, session: str, segment: int, reason: str) -> None:
    """Give up the media of SEGMENT of SESSION, which a sync tried in vain to take, so that the recorder may use its slot again."""
    with env.station(write=True) as station:
        found = sessions.find(station.archive, session)
        index = give_up(station, found, segment, reason)
        value = {"session": found.session.hex(), "segment": segment, "log_index": index}
        env.print(say("written-off", number=segment, index=index), value)
