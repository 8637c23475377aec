# SPDX-License-Identifier: Apache-2.0
"""`sealdock station init`, and the commands of bureau.py."""

import click

from sealdock import setup
from sealdock.errors import ExitCode, SealdockError
from sealdock.text import say

from . import bureau
from .base import Env, command, group


@group("station")
def station() -> None:
    """Set up a station, and the bureau's root with its stations."""


@command("init")
@click.option("--profile", "profile_name", required=True, metavar="NAME", help="A profile that comes with sealdock, or a .toml file.")
@click.option("--name", default=None, metavar="TEXT", help="Name of the place or office, for the station's certificate.")
@click.option("--no-prompts", is_flag=True, help="Do not speak the recorders' prompts now.")
@click.pass_obj
def init(env: Env, profile_name: str, name: str | None, no_prompts: bool) -> int:
    """Make root, station, recipient, escrow and profile signer keys, an archive and a log; speak the prompts."""
    made = setup.init(env.home, profile_name, name)
    digits = made.fingerprint.replace(" ", "")
    env.say("station-ready", path=made.home)
    env.say("profile-is", name=made.profile)
    env.say("fingerprint-is")
    if not env.json:
        env.line(f"  {made.fingerprint}")
    env.say("move-root", path=made.root_folder)
    spoken = no_prompts or _speak(env)
    if env.json:
        env.emit({"home": str(made.home), "root": digits, "root_folder": str(made.root_folder), "profile": made.profile})
    return ExitCode.GOOD if spoken else ExitCode.PARTIAL


def _speak(env: Env) -> bool:
    """A station without speech is still a station: what failed is said, and prompts can be built later."""
    from sealdock.prompts.build import build
    from sealdock.promptstore import install

    env.say("prompts-building")
    try:
        with env.station(write=True) as opened:
            install(opened, build(opened.profile))
    except (SealdockError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        click.echo(f"sealdock: {say('prompts-missing', why=why)}", err=True)
        return False
    return True


for each in (init, *bureau.COMMANDS):
    station.add_command(each)
