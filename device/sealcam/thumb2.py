# SPDX-License-Identifier: Apache-2.0
"""Whether the recorder can run the arithmetic that is there a second time, in Thumb-2 with long multiplications (ARMv7-M and later).

`*_thumb2.py` and `*/thumb2_*.py` may be imported only where this says yes: elsewhere the assembler refuses them, or, on ARMv6-M, encodes
what the processor does not have.
"""

import sys

_FIRST, _LAST = 5, 8  # ARMv7-M, ARMv7E-M without and with a unit for floats, as .mpy files number them


def here() -> bool:
    """By the kind of native code that this interpreter loads, and by whether it brought the modules or can assemble them."""
    if not _FIRST <= getattr(sys.implementation, "_mpy", 0) >> 10 & 15 <= _LAST:
        return False
    try:
        from sealcam import sha512_thumb2  # noqa: F401
        from sealcam.curve25519 import thumb2_code  # noqa: F401
    except (ImportError, SyntaxError):  # left out of this firmware; SyntaxError: an interpreter without the inline assembler
        return False
    return True
