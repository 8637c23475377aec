# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a command line, in one line, and where its help is."""

import click

from sealdock.text import chinese

_NO_COMMAND = "No such command "


def explain(error: click.UsageError) -> str:
    """The one line. Click speaks English; what it says most often is said in Chinese too."""
    where = error.ctx.command_path if error.ctx else "sealdock"
    return f"{_chinese(error) if chinese() else error.format_message()} ({where} --help)"


def _chinese(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"缺少 {error.param.get_error_hint(error.ctx)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{error.param.get_error_hint(error.ctx)} 的值无效：{error.message}"
    if error.message.startswith(_NO_COMMAND):
        return f"没有命令 {error.message.removeprefix(_NO_COMMAND).rstrip('.')}"
    return error.format_message()
