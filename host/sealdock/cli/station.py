# SPDX-License-Identifier: Apache-2.0
"""`sealdock station init`."""

import click

from sealdock import setup

from .base import Env, command, group


@group("station")
def station() -> None:
    """Set up a station."""


@command("init")
@click.option("--profile", "profile_name", required=True, metavar="NAME", help="A profile that comes with sealdock, or a .toml file.")
@click.option("--name", default=None, metavar="TEXT", help="Name of the place or office, for the station's certificate.")
@click.pass_obj
def init(env: Env, profile_name: str, name: str | None) -> None:
    """Make root, station, recipient, escrow and profile signer keys, an archive and a log."""
    made = setup.init(env.home, profile_name, name)
    if env.json:
        digits = made.fingerprint.replace(" ", "")
        env.emit({"home": str(made.home), "root": digits, "root_folder": str(made.root_folder), "profile": made.profile})
        return
    env.say("station-ready", path=made.home)
    env.say("profile-is", name=made.profile)
    env.say("fingerprint-is")
    env.console.print(f"  {made.fingerprint}", markup=False)
    env.say("move-root", path=made.root_folder)


station.add_command(init)
