# SPDX-License-Identifier: Apache-2.0
"""Modules that are wanted for a while and then forgotten: each takes about 600 bytes of a small heap, whether it runs or not.

>>> dock, came = visitors.bring("sealcam.dock.dock")
>>> ...
>>> visitors.forget(came)

What a suspended function has on its stack is not free: whoever waits between the two keeps nothing of them but in the call that ends.
"""

import sys


def bring(name: str) -> tuple:
    """(the module, the names of all modules that came with it)."""
    known = set(sys.modules)
    try:
        __import__(name)
    except MemoryError:  # what came before it ran out would be there for good
        forget([name for name in sys.modules if name not in known])
        raise
    return sys.modules[name], [name for name in sys.modules if name not in known]


def forget(names: list) -> None:
    """Takes modules out of the interpreter's tables and apart; the next import begins anew. Nothing of them may run any more.

    Apart, since a coroutine or object of one that is still found somewhere would hold them all: each by its function or class, that by its
    module's names, and these all that was imported.
    """
    for name in names:
        sys.modules.pop(name).__dict__.clear()
        if "." in name:
            package, part = name.rsplit(".", 1)
            if package in sys.modules:
                del sys.modules[package].__dict__[part]
