# SPDX-License-Identifier: Apache-2.0
"""The command line: `sealdock [--home DIR] [--lang zh|en] [--json] COMMAND`.

One file a group of commands, imported only when it is called. Whatever goes wrong ends in one line on standard error and the exit code
of docs/errors.md.
"""

import errno
import json
import sqlite3
import sys
from typing import NoReturn

import click

from sealdock.errors import ExitCode, SealdockError
from sealdock.text import say

from .root import sealdock

__all__ = ["main", "sealdock"]


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs one command and ends the process."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Runs one command; its exit code."""
    try:
        result = sealdock.main(arguments, prog_name="sealdock", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ExitCode.USAGE
    except click.UsageError as error:
        return _end(_usage(error), ExitCode.USAGE)
    except click.ClickException as error:
        return _end(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _end("aborted", ExitCode.ERROR)
    except SealdockError as error:
        return _end(str(error), error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.ERROR
    except OSError as error:
        return _end(_system(error), ExitCode.PARTIAL if error.errno in (errno.ENOSPC, errno.EDQUOT) else ExitCode.ERROR)
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
        return _end(say("disk-full", path="archive.db") if full else str(error), ExitCode.PARTIAL if full else ExitCode.ERROR)
    return result if isinstance(result, int) else ExitCode.GOOD


def _usage(error: click.UsageError) -> str:
    where = error.ctx.command_path if error.ctx else "sealdock"
    return f"{error.format_message()} ({where} --help)"


def _system(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return say("disk-full", path=error.filename or "")
    what = error.filename or type(error).__name__
    return say("system", what=what, why=error.strerror or error)


def _end(text: str, code: int) -> int:
    line = " ".join(text.split())
    try:
        if "--json" in sys.argv:
            print(json.dumps({"error": line, "exit_code": int(code)}, ensure_ascii=False))
        print(f"sealdock: {line}", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    return int(code)
