# SPDX-License-Identifier: Apache-2.0
"""The command line: `sealdock [--home DIR] [--lang zh|en] [--json] COMMAND`.

One file a group of commands, imported only when it is called. Whatever goes wrong ends in one line on standard error and the exit code
of docs/errors.md.
"""

import errno
import sqlite3
import sys
from typing import NoReturn

import click

from sealdock.errors import ExitCode, SealdockError
from sealdock.text import printable, say, use

from . import usage
from .base import json_line
from .root import sealdock

__all__ = ["main", "run", "sealdock"]

_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs one command and ends the process."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Runs one command; its exit code. Arguments: those of the process unless given."""
    arguments = sys.argv[1:] if arguments is None else arguments
    use(None)  # until --lang says otherwise
    try:
        return _run(arguments)
    except _Ended as end:
        return _end(str(end), end.code, "--json" in arguments)


class _Ended(Exception):
    """What is said last, and the exit code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def _run(arguments: list[str]) -> int:
    try:
        result = sealdock.main(arguments, prog_name="sealdock", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ExitCode.USAGE
    except click.UsageError as error:
        raise _Ended(usage.explain(error), ExitCode.USAGE) from error
    except click.ClickException as error:
        raise _Ended(error.format_message(), error.exit_code) from error
    except (click.Abort, KeyboardInterrupt) as error:
        raise _Ended(say("aborted"), ExitCode.ERROR) from error
    except SealdockError as error:
        raise _Ended(str(error), error.exit_code) from error
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.ERROR
    except OSError as error:
        raise _Ended(_system(error), ExitCode.PARTIAL if error.errno in _FULL else ExitCode.ERROR) from error
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
        text = say("disk-full", what="archive.db") if full else say("system", what="archive.db", why=error)
        raise _Ended(text, ExitCode.PARTIAL if full else ExitCode.ERROR) from error
    return result if isinstance(result, int) else ExitCode.GOOD


def _system(error: OSError) -> str:
    if error.errno in _FULL:
        return say("disk-full", what=error.filename or error.strerror)
    why = error.strerror or str(error) or type(error).__name__
    return say("system", what=error.filename, why=why) if error.filename else why


def _end(text: str, code: int, as_json: bool) -> int:
    line = printable(" ".join(text.split()))
    try:
        if as_json:
            print(json_line({"error": line, "exit_code": int(code)}))
        print(f"sealdock: {line}", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    return int(code)
