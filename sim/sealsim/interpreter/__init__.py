# SPDX-License-Identifier: Apache-2.0
"""The MicroPython that runs simulated recorders: found, installed or built, and always checked.

    >>> from sealsim.interpreter import find
    >>> find().path
    PosixPath('/home/me/.cache/sealdock/micropython-1.26.1/micropython')

Everything in this package uses the standard library only, because it runs before the environment of the project exists.
"""

from sealsim.interpreter.check import Interpreter, InterpreterError
from sealsim.interpreter.find import cache_folder, diagnose, find, locate, locked, mpy_cross, needs, sources, tool

__all__ = [
    "Interpreter",
    "InterpreterError",
    "cache_folder",
    "diagnose",
    "find",
    "locate",
    "locked",
    "mpy_cross",
    "needs",
    "sources",
    "tool",
]
