# SPDX-License-Identifier: Apache-2.0
"""The top of the command line: its own commands and those that plug in, each imported when it is called."""

import importlib
import sys
from importlib.metadata import EntryPoint, entry_points, version

import click

from sealdock.errors import SealdockError
from sealdock.text import say

from . import help as helps
from .base import common_options

PLUGINS = "sealdock.commands"

# name: module and attribute of the command, and its line in --help
COMMANDS = {
    "station": ("sealdock.cli.station:station", "Set up a station."),
    "devices": ("sealdock.cli.recorders:devices", "Ports and known recorders."),
    "enroll": ("sealdock.cli.recorders:enroll", "Enrol a recorder."),
    "assign": ("sealdock.cli.recorders:assign", "Check a recorder out to an officer."),
    "sync": ("sealdock.cli.sync:sync", "Take everything from a recorder and give a receipt."),
    "import": ("sealdock.cli.card:import_", "Take what a recorder's card or its image holds."),
    "chain": ("sealdock.cli.chain:chain", "A recorder's records, between stations of one bureau."),
    "write-off": ("sealdock.cli.writeoff:write_off", "Give up the media of one segment."),
    "list": ("sealdock.cli.archive:list_sessions", "Sessions in the archive."),
    "show": ("sealdock.cli.archive:show", "One session in full."),
    "check": ("sealdock.cli.check:check", "Read the whole archive again and compare it with what was signed."),
    "approve": ("sealdock.cli.books:approve", "Record an approval."),
    "verify": ("sealdock.cli.verify:verify", "Check a session, a package folder or zip."),
    "export": ("sealdock.cli.export:export", "Make a case package under a recorded approval."),
    "report": ("sealdock.cli.export:report", "The report of a session."),
    "prompts": ("sealdock.cli.prompts:prompts", "Build what recorders say."),
    "recover": ("sealdock.cli.recover:recover", "Open archived media with the escrow key."),
    "doctor": ("sealdock.cli.doctor:doctor", "What this machine has."),
    "completion": ("sealdock.cli.completion:completion", "Print a shell's completion script."),
}
PLUGIN_HELP = {
    "demo": "The main job in one go on simulated hardware.",
    "sim": "Simulated recorders.",
}


class Root(helps.Group):
    """Commands by name, imported late: the station does not pay for what it does not run."""

    def invoke(self, ctx: click.Context) -> object:
        """Ctrl-C ends in one line like everything else; click would print an empty one before it, also into a file."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            if sys.stderr.isatty():
                click.echo(err=True)  # behind the terminal's ^C
            raise click.Abort from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *sorted(_plugins())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name][0].split(":")
            found = getattr(importlib.import_module(module), name)
        elif cmd_name in _plugins():
            found = _load(_plugins()[cmd_name])
        else:
            return None
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, line) for name, (_, line) in COMMANDS.items()]
        rows += [(name, PLUGIN_HELP.get(name, "")) for name in sorted(_plugins())]
        helps.write(formatter, "commands", rows)


def _plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=PLUGINS)}


def _load(point: EntryPoint) -> object:
    try:
        return point.load()
    except ImportError as error:
        raise SealdockError(say("command-broken", name=point.name, why=error)) from error


def _version() -> str:
    return version("sealdock")


sealdock = Root(
    name="sealdock",
    help="Makes a body-worn law-enforcement recorder a witness that can be checked.",
    params=common_options(),
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
sealdock = click.version_option(_version(), prog_name="sealdock")(sealdock)
