# SPDX-License-Identifier: Apache-2.0
"""`sealdock sim run`: plays stories."""

import tempfile
import time
from pathlib import Path

import click

from sealdock.cli.base import Env, command
from sealdock.errors import ExitCode, SealdockError
from sealsim.paths import source_root
from sealsim.scenario.kit import Kits
from sealsim.scenario.run import Outcome, play
from sealsim.scenario.story import Story, load_story

FOLDER = "sim/scenarios"


def stories() -> dict[str, Path]:
    """The stories that come with the simulator, by name."""
    return {path.stem: path for path in sorted((source_root() / FOLDER).glob("*.yaml"))}


@command("run")
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@click.pass_obj
def run(env: Env, scenarios: tuple[str, ...]) -> int:
    """Play stories: names of those that come along, YAML files, or `all`. Exit code 3 when one did not go as told."""
    told = [load_story(path) for name in scenarios for path in _paths(name)]
    good = True
    with tempfile.TemporaryDirectory(prefix="sealdock-stories-") as folder:
        kits = Kits(Path(folder))
        for story in told:
            begun = time.monotonic()
            outcome = play(story, kits)
            good = good and not outcome.failures
            _tell(env, story, outcome, time.monotonic() - begun)
    return ExitCode.GOOD if good else ExitCode.VERIFICATION_FAILED


def _paths(name: str) -> list[Path]:
    known = stories()
    if name == "all":
        return list(known.values())
    if name in known:
        return [known[name]]
    if name.endswith((".yaml", ".yml")):
        return [Path(name)]
    raise SealdockError(f"no story {name!r}: there are {', '.join(known)}, all, or a .yaml file", ExitCode.USAGE)


def _tell(env: Env, story: Story, outcome: Outcome, seconds: float) -> None:
    value = {"story": story.path.stem, "good": not outcome.failures, "failures": outcome.failures, "seconds": round(seconds, 1)}
    env.print(f"{'✓' if not outcome.failures else '✗'} {story.path.stem}: {story.title} ({seconds:.1f} s)", value)
    if not env.json:
        for line in outcome.failures:
            env.line(f"  {line}")
