# SPDX-License-Identifier: Apache-2.0
"""--help in the language that was asked for, wrapped by the columns that a terminal shows: a Chinese character takes two."""

import inspect
import unicodedata
from collections.abc import Iterable

import click

from sealdock import text

from . import chinese

_HEADS = {"usage": ("用法：", "Usage: "), "options": ("选项", "Options"), "commands": ("命令", "Commands")}
_EXTRAS = {"required": "必须给出", "default": "默认"}
_FIRST_MOST, _GAP = 30, 2  # as click lays out a list of definitions
_LEAST = 10


class Command(click.Command):
    """A command whose help is translated."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _head("usage"))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_shown(inspect.cleandoc(self.help or ""), formatter.width - formatter.current_indent))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = []
        for option in self.get_params(ctx):
            row = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if row is not None and isinstance(option, click.Option):
                rows.append((row[0], _option(option.help or "", row[1])))
        write(formatter, "options", rows)


class Group(Command, click.Group):
    """The same for a group; its commands are listed by the first line of their help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        write(formatter, "commands", [(name, _first(each.help or "")) for name, each in found if each is not None])


def write(formatter: click.HelpFormatter, head: str, rows: Iterable[tuple[str, str]]) -> None:
    """A section of names and what they mean. `head`: "options" or "commands"; the meanings in English."""
    rows = list(rows)
    first = min(max((len(name) for name, _ in rows), default=0), _FIRST_MOST) + _GAP
    width = max(formatter.width - formatter.current_indent - 2 - first, _LEAST)
    with formatter.section(_head(head)):
        formatter.write_dl([(name, _shown(meaning, width)) for name, meaning in rows])


def _first(english: str) -> str:
    return inspect.cleandoc(english).split("\n\n")[0]


def _head(name: str) -> str:
    zh, en = _HEADS[name]
    return zh if text.chinese() else en


def _option(english: str, record: str) -> str:
    """What click adds behind an option's own help, such as [required], is translated too."""
    extra = record.removeprefix(english)
    if not text.chinese():
        return record
    for en, zh in _EXTRAS.items():
        extra = extra.replace(en, zh)
    return chinese.of(english) + extra


def _shown(english: str, width: int) -> str:
    """As click shall write it: English is left to its own wrapping."""
    if not text.chinese():
        return english
    return "\n\n".join("\b\n" + "\n".join(wrap(part, width)) for part in chinese.of(english).split("\n\n"))


def wrap(line: str, width: int) -> list[str]:
    """A text in lines of at most so many columns: between two Chinese characters, or at a space, and never before a mark that closes."""
    out, now = [], ""
    for piece in _pieces(line):
        if now and _columns(now + piece.rstrip()) > width:
            out.append(now.rstrip())
            now = ""
        now += piece
    return [*out, now.rstrip()]


def _pieces(line: str) -> list[str]:
    """What may not be broken: a word with the space behind it, or a Chinese character with the marks behind it."""
    out: list[str] = []
    for char in line:
        closing = unicodedata.category(char) in ("Pe", "Pf", "Po", "Zs")
        joins = bool(out) and (closing or (not _wide(char) and not _wide(out[-1][-1]) and out[-1][-1] != " "))
        if joins:
            out[-1] += char
        else:
            out.append(char)
    return out


def _columns(line: str) -> int:
    return sum(2 if _wide(char) else 1 for char in line)


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
