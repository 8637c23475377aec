# SPDX-License-Identifier: Apache-2.0
"""`sealdock sim`: simulated recorders from the command line."""

import json
from pathlib import Path

import click

from sealdock.cli import chinese
from sealdock.cli.base import Env, command, group
from sealdock.errors import ExitCode, SealdockError
from sealsim import reel
from sealsim.boot import Event
from sealsim.chinese import HELP
from sealsim.hardware import Hardware
from sealsim.keep import keep
from sealsim.remote import ask
from sealsim.scenario.command import run
from sealsim.sound import heard as make_heard

chinese.add(HELP)
name_option = click.option("--name", default="recorder", show_default=True, help="Which simulated recorder.")
media_type = click.Path(exists=True, dir_okay=False, path_type=Path)


@group("sim")
def sim() -> None:
    """Simulated recorders: the recorder's own code, run by the real interpreter."""


def folder(env: Env, name: str) -> Path:
    """Where the recorder of that name keeps its chips."""
    if not name or "/" in name or name.startswith("."):
        raise SealdockError(f"{name!r} is no name for a recorder", ExitCode.USAGE)
    return env.home.path / "sim" / name


@command("up")
@name_option
@click.option("--media", type=media_type, help="What camera and microphone see and hear; else a generated scene.")
@click.option("--no-camera", is_flag=True, help="New hardware without a camera.")
@click.option("--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True, help="Times the machine's clock.")
@click.option("--app", type=media_type, hidden=True, help="Another application than device/main.py.")
@click.pass_obj
def up(env: Env, name: str, media: Path | None, no_camera: bool, speed: float, app: Path | None) -> None:
    """Start a recorder in real time and keep it running until Ctrl-C."""
    scene = reel.from_file(media) if media else reel.default()

    def ready(url: str) -> None:
        env.print(f"{name}: {url}", {"ev": "ready", "name": name, "url": url})

    def show(event: Event) -> None:
        details = " ".join(f"{key}={value}" for key, value in event.details.items())
        env.print(f"{event.name} {details}", {"ev": event.name, "t": event.t, **event.details})

    hardware = Hardware(name=name, camera=not no_camera)
    keep(folder(env, name), hardware, scene, speed=speed, application=app, on_ready=ready, on_event=show)


@command("press")
@click.argument("buttons")
@click.option("--ms", default=200, show_default=True, type=click.IntRange(1, 60_000), help="How long it is held down, in ms.")
@name_option
@click.pass_obj
def press(env: Env, buttons: str, ms: int, name: str) -> None:
    """Press record, mark, menu, or several joined by plus."""
    ask(folder(env, name), "press", buttons=buttons, ms=ms)
    env.print(f"pressed {buttons} for {ms} ms", {"pressed": buttons, "ms": ms})


@command("set")
@click.argument("settings", metavar="PART=VALUE...", nargs=-1, required=True)
@name_option
@click.pass_obj
def set_part(env: Env, settings: tuple[str, ...], name: str) -> None:
    """Set battery=3700 or 50% or 12%:5 (empty in 5 min), card=in|out|FILE, cable=in|out, clock=lost|+3600, power=on|off, temperature=40."""
    _each(env, "set", settings, name)


@command("fault")
@click.argument("faults", metavar="PART=FAULT...", nargs=-1, required=True)
@name_option
@click.pass_obj
def fault(env: Env, faults: tuple[str, ...], name: str) -> None:
    """Break a part: card=read|write|drop|flip|slow, camera=lost|covered, speaker=dead, ...; none heals it."""
    _each(env, "fault", faults, name)


def _each(env: Env, do: str, pairs: tuple[str, ...], name: str) -> None:
    for pair in pairs:
        part, equals, value = pair.partition("=")
        if not equals:
            raise SealdockError(f"{pair!r} is not of the form PART=VALUE", ExitCode.USAGE)
        ask(folder(env, name), do, part=part, value=value)
    env.print(" ".join(pairs), {do: dict(pair.split("=", 1) for pair in pairs)})


@command("say")
@click.argument("media", type=media_type)
@name_option
@click.pass_obj
def say(env: Env, media: Path, name: str) -> None:
    """Play a sound file near the recorder, as if somebody spoke."""
    answer = ask(folder(env, name), "say", media=str(media.absolute()))
    env.print(f"speaks for {answer['ms']} ms", {"ms": answer["ms"]})


@command("look")
@name_option
@click.pass_obj
def look(env: Env, name: str) -> None:
    """What an engineer with probes would see in the recorder."""
    answer = ask(folder(env, name), "look")
    env.print("\n".join(f"{key}: {value}" for key, value in answer.items()), answer)


@command("heard")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@name_option
@click.pass_obj
def heard(env: Env, out: Path, name: str) -> None:
    """Write a WAV file of what a bystander heard."""
    home = folder(env, name)
    try:
        last = json.loads((home / "sim.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SealdockError(f"no recorder has run in {home}") from None
    parts = make_heard(home, Path(last["reel"]), last["reel_epoch_ms"], out)
    seconds = sum(part.ms for part in parts) / 1000
    env.print(f"{out}: {seconds:.1f} s", {"out": str(out), "seconds": seconds})


for each in (up, press, set_part, fault, say, look, heard, run):
    sim.add_command(each)
