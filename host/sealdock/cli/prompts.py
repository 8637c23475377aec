# SPDX-License-Identifier: Apache-2.0
"""`sealdock prompts build`."""

from hashlib import sha256
from pathlib import Path

import click

from sealdock.prompts.build import build as build_set
from sealdock.promptstore import install

from .base import Env, command, group


@group("prompts")
def prompts() -> None:
    """What recorders say."""


@command("build")
@click.option("--wav", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Also every clip as a WAV file, to listen to.")
@click.pass_obj
def build(env: Env, wav: Path | None) -> None:
    """Speak the profile's clips, sign them, and give them to every recorder at its next dock."""
    with env.station(write=True) as station:
        made = build_set(station.profile, wav)
        raw = install(station, made)
        size = len(made.blob())
        value = {
            "profile": made.profile,
            "clips": len(made.clips),
            "bytes": size,
            "set": sha256(raw).hexdigest(),
            "doubts": len(made.doubts),
        }
        env.say("prompts-built", clips=len(made.clips), bytes=size)
        if env.json:
            env.emit(value)
        for number, text in made.doubts:
            env.say("prompts-doubt", number=number, text=text)


prompts.add_command(build)
