# SPDX-License-Identifier: Apache-2.0
"""`sealdock recover`: opens archived media with another key than the station's, such as escrow's, when the station's is lost."""

from pathlib import Path

import click

from sealdock import durable, keys
from sealdock.archive import media, sessions
from sealdock.errors import SealdockError
from sealdock.keys import Keyring
from sealdock.sealing import NotForUs
from sealdock.station import Station
from sealdock.text import say

from .base import Env, command


@command("recover")
@click.argument("session")
@click.option(
    "--key", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="FILE",
    help="A private key for which the recorder wrapped its content keys: escrow's, or a former one of a station.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A folder that is empty or not there yet.")
@click.pass_obj
def recover(env: Env, session: str, path: Path, out: Path) -> None:
    """Write the media of SESSION, checked against what was sealed, as files that play. Needs no key of the station's."""
    if out.exists() and any(out.iterdir()):
        raise SealdockError(say("home-not-empty", path=out))
    opener = Keyring([keys.load_agreement(path)])
    with Station.open(env.home, recipients=opener) as station:
        found = sessions.find(station.archive, session)
        held = [s for s in media.segments(station.archive, chain=found.chain, session=found.session) if s.held]
        durable.make_folder(out)
        count = 0
        for segment in held:
            try:
                plain = media.playable(station.archive, segment, opener)
            except NotForUs:
                continue
            durable.write_file(out / f"{segment.number:06d}{'' if segment.sealed else '-unsealed'}.mkv", plain)
            count += 1
    if not count:
        raise SealdockError(say("recover-none"))
    env.print(say("recovered", count=count, path=out), {"segments": count, "of": len(held), "out": str(out)})
