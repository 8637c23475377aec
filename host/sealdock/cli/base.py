# SPDX-License-Identifier: Apache-2.0
"""What every command has: --home, --lang and --json, before or behind its name; and how it prints.

>>> @command("devices")
... @click.pass_obj
... def devices(env: Env) -> None:
...     env.print("hello", {"hello": True})
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sealdock import text
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.station import Station
from sealdock.trust import parse_fingerprint

from . import help as helps

_CONTROLS = re.compile(r"[\x7f-\x9f]")


class Env:
    """What the common options asked for."""

    def __init__(self) -> None:
        self.home_option: str | None = None
        self.json = False
        self.console = Console(highlight=False, soft_wrap=True)

    @property
    def home(self) -> Home:
        return Home.find(self.home_option)

    def station(self, write: bool = False) -> Station:
        return Station.open(self.home, write)

    def print(self, line: str, value: Any) -> None:
        """A line for people, or the value as one JSON line for scripts."""
        if self.json:
            self.emit(value)
        else:
            self.line(line)

    def line(self, line: str) -> None:
        """A line for people as it is: no markup in it, and nothing that steers the terminal."""
        self.console.print(Text(text.printable(line, "\n")))

    def say(self, key: str, **values: object) -> None:
        """A line for people; nothing for scripts."""
        if not self.json:
            self.line(text.say(key, **values))

    def emit(self, value: Any) -> None:
        """One JSON line."""
        click.echo(json_line(value))

    def table(self, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        """Rows for people; plain columns when standard output is not a terminal."""
        table = Table(box=None, pad_edge=False)
        for key in heads:
            table.add_column(text.say(key), overflow="fold")
        for row in rows:
            table.add_row(*(Text(text.printable(cell)) for cell in row))
        self.console.print(table)


def json_line(value: Any) -> str:
    """JSON for scripts that a terminal can show too: the control characters that JSON allows, it need not hold."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


class _Fingerprint(click.ParamType):
    """A root fingerprint; a wrong one is an error of use."""

    name = "fingerprint"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        if isinstance(value, bytes):
            return value
        try:
            return parse_fingerprint(str(value))
        except SealdockError as error:
            self.fail(str(error), param, ctx)


FINGERPRINT = _Fingerprint()


def _env(context: click.Context) -> Env:
    root = context.find_root()
    if not isinstance(root.obj, Env):
        root.obj = Env()
    context.obj = root.obj
    return root.obj


def _set_home(context: click.Context, _: click.Parameter, value: str | None) -> None:
    env = _env(context)
    if value is not None:
        env.home_option = value


def _set_language(context: click.Context, _: click.Parameter, value: str | None) -> None:
    _env(context)
    if value is not None:
        text.use(value)


def _set_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    env = _env(context)
    env.json = env.json or value


def common_options() -> list[click.Parameter]:
    """New option objects, for one command."""
    return [
        click.Option(
            ["--home"], metavar="DIR", expose_value=False, is_eager=True, callback=_set_home,
            help="The station's folder; else $SEALDOCK_HOME, else the user's data folder.",
        ),
        click.Option(
            ["--lang"], type=click.Choice(text.LANGUAGES), expose_value=False, is_eager=True, callback=_set_language,
            help="Language of what is printed; else as the environment says.",
        ),
        click.Option(
            ["--json"], is_flag=True, expose_value=False, is_eager=True, callback=_set_json,
            help="One JSON object, or one a line for streams.",
        ),
    ]  # fmt: skip


def _with_common(command: Any) -> Any:
    own = {option for parameter in command.params for option in parameter.opts}
    command.params.extend(option for option in common_options() if option.opts[0] not in own)
    return command


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """As click.command, with the common options and help in both languages (chinese.py)."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        made: click.Command = _with_common(click.command(name, helps.Command, **settings)(function))
        return made

    return decorate


def group(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Group]:
    """As click.group, with the same."""

    def decorate(function: Callable[..., Any]) -> click.Group:
        made: click.Group = _with_common(click.group(name, helps.Group, **settings)(function))
        return made

    return decorate
