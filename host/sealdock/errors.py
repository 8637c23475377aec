# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as one text for humans and one exit code for scripts.

A class of its own exists only where somebody catches it; everything else is a SealdockError with the exit code that fits.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line tells scripts."""

    GOOD = 0
    ERROR = 1
    USAGE = 2
    VERIFICATION_FAILED = 3
    PARTIAL = 4
    RULE_BROKEN = 5


class SealdockError(Exception):
    """Root of all errors that a command may end in. The text is one line, names what to do, and holds no secret."""

    exit_code = ExitCode.ERROR

    def __init__(self, text: str, exit_code: ExitCode | None = None) -> None:
        super().__init__(text)
        if exit_code is not None:
            self.exit_code = exit_code


class SignatureError(SealdockError):
    """A signature is not strictly valid; nothing that it covers may be believed."""

    exit_code = ExitCode.VERIFICATION_FAILED
