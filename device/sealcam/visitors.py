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
    """Takes modules out of the interpreter's tables; the next import begins anew. Nobody else may hold on to them."""
    for name in names:
        del sys.modules[name]
        if "." in name:
            package, part = name.rsplit(".", 1)
            if package in sys.modules:
                del sys.modules[package].__dict__[part]
