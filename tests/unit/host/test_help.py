# SPDX-License-Identifier: Apache-2.0
"""--help in both languages: every command and option explains itself, in Chinese too, and nothing is wider than the terminal."""

import inspect
import unicodedata
from collections.abc import Iterator

import click
import pytest

from sealdock import text
from sealdock.cli import chinese, run, sealdock
from sealdock.cli.help import wrap
from sealdock.cli.root import COMMANDS, PLUGIN_HELP


def commands(found: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, found
    if isinstance(found, click.Group):
        context = click.Context(found)
        for name in found.list_commands(context):
            below = found.get_command(context, name)
            assert below is not None
            yield from commands(below, (*path, name))


ALL = dict(commands(sealdock))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "C")
    yield
    text.use(None)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_everything_is_explained_in_both_languages(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    said = inspect.cleandoc(command.help).split("\n\n")
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, option.opts
            said.append(option.help)
    assert [part for part in said if not chinese.known(part)] == []


def test_the_list_of_commands_is_in_both_languages() -> None:
    lines = [line for _, line in COMMANDS.values()] + list(PLUGIN_HELP.values())
    assert [line for line in lines if not chinese.known(line)] == []


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_chinese_help_fits_a_terminal(path: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["--lang", "zh", *path, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "选项:" in shown and "Options" not in shown and "required" not in shown
    for line in shown.splitlines():
        assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) <= 80 or line.count(" ") < 4, line


def test_the_environment_chooses_the_language_of_help(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["sync", "--help"]) == 0
    assert "Usage: sealdock sync" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run(["sync", "--help"]) == 0
    assert "用法：sealdock sync" in capsys.readouterr().out


def test_lines_break_between_characters_and_words_and_never_before_a_closing_mark() -> None:
    assert wrap("记录仪，取回 sync 完成。", 8) == ["记录仪，", "取回", "sync 完", "成。"]
    assert wrap("记录仪，取回", 7) == ["记录", "仪，取", "回"]
    assert wrap("one two three", 7) == ["one two", "three"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "没有命令 'nothing' (sealdock --help)"),
        (["verify"], "缺少 'TARGET...' (sealdock verify --help)"),
        (["list", "--all"], "没有选项 --all (sealdock list --help)"),
        (["verify", "x", "--root", "12"], "'--root' 的值无效："),
    ],
)
def test_a_wrong_command_line_is_said_in_chinese(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "zh", *arguments]) == 2
    assert said in capsys.readouterr().err
