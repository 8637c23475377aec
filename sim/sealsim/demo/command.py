# SPDX-License-Identifier: Apache-2.0
"""The command line of the demo."""

import shutil
from pathlib import Path

import click

from sealdock import clock
from sealdock.cli import chinese
from sealdock.cli.base import Env, command
from sealdock.errors import SealdockError
from sealsim import reel
from sealsim.chinese import HELP
from sealsim.demo.narrator import Narrator
from sealsim.demo.story import Story

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MARK = ".sealdock-demo"  # tells a folder that the demo made, and may make anew, from any other

chinese.add(HELP)


@command("demo")
@click.option("--out", default="build/demo", show_default=True, metavar="DIR", type=click.Path(path_type=Path), help="Where it leaves all.")
@click.option(
    "--media", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What the recorder sees and hears."
)
@click.pass_obj
def demo(env: Env, out: Path, media: Path | None) -> int:
    """The main job in one go on simulated hardware: enrol, record, lose power twice, dock, verify, export."""
    _refuse_foreign(out)
    scene = reel.from_file(media) if media else reel.default()
    try:
        with Story(_fresh(out), scene, Narrator(env)) as story:
            return story.tell()
    finally:
        clock.use(None)


def _refuse_foreign(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise SealdockError(f"{out} holds something that is not a demo's; choose another --out")


def _fresh(out: Path) -> Path:
    """An empty folder in place of what an earlier demo left there."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / _MARK).touch()
    return out.resolve()
