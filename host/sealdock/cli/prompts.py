# SPDX-License-Identifier: Apache-2.0
"""`sealdock prompts build`, `import` and `card`."""

from hashlib import sha256
from pathlib import Path

import click

from sealdock import durable, officer, text
from sealdock.errors import SealdockError
from sealdock.profile import load
from sealdock.prompts import imported
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
        for number, doubted in made.doubts:
            env.say("prompts-doubt", number=number, text=doubted)


@command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER")
@click.option("--fill", is_flag=True, help="Let synthesis speak the clips that nobody recorded.")
@click.pass_obj
def import_(env: Env, folder: Path, fill: bool) -> None:
    """Check a person's recordings (NNNN.wav by clip id, see prompts build --wav), sign them, and give them to every recorder."""
    with env.station(write=True) as station:
        found = imported.read(station.profile, folder, build_set(station.profile) if fill else None)
        problems = [
            {"file": name, "code": problem.key, "text": text.say(problem.key, **problem.values)} for name, problem in found.problems
        ]
        for problem in problems:
            env.say("recording-wrong", **problem)
        if found.prompts is None:
            if env.json:
                env.emit({"problems": problems})
            raise SealdockError(text.say("recordings-refused", count=len(problems)))
        raw = install(station, found.prompts)
        size = len(found.prompts.blob())
        value = {"profile": found.prompts.profile, "clips": len(found.prompts.clips), "bytes": size, "set": sha256(raw).hexdigest()}
        env.say("prompts-imported", clips=len(found.prompts.clips), bytes=size)
        if env.json:
            env.emit(value)


@command("card")
@click.option("--profile", "name", metavar="NAME", help="Of which profile; else the station's own.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The page to print.")
@click.pass_obj
def card(env: Env, name: str | None, out: Path) -> None:
    """The officer's card in Chinese: buttons, lights and phrases on one page."""
    if name is None:
        with env.station() as station:
            chosen = station.profile
    else:
        chosen = load(name)
    durable.write_file(out, officer.page(chosen).encode(), 0o644)
    env.print(text.say("card-made", path=out), {"path": str(out), "profile": chosen.id})


prompts.add_command(build)
prompts.add_command(card)
prompts.add_command(import_)
