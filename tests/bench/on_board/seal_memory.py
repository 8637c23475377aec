# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: whether signing does with so many bytes of heap, from the first import to a signature and its check.

The caller puts FREE in front, bytes. All other heap is taken away first. Prints `enough 1` or `enough 0`.
"""

import gc

ballast = [b""] * 8192  # so that taking heap away needs none


def leave(free: int) -> None:
    """Keeps one piece of so many bytes, fills everything else, and lets the piece go."""
    gc.collect()
    kept = bytearray(free)  # noqa: F841
    size = 65536
    place = 0
    while size >= 16 and place < len(ballast):
        try:
            ballast[place] = bytearray(size)
            place += 1
        except MemoryError:
            size >>= 1


def sign() -> int:
    try:
        from sealcam import ed25519

        key = ed25519.Key(bytes(range(32)))
        key.sign(bytes(364), bytes(32))
    except MemoryError:
        return 0
    return 1


leave(FREE)  # noqa: F821
gc.collect()
print("enough", sign())
