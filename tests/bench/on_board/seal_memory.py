# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: whether signing does with so many bytes of heap, from the first import to a signature and its check.

The caller puts FREE in front, bytes. All other heap is taken away first. Prints `enough 1` or `enough 0`.
"""

import gc

ballast = []


def leave(free: int) -> None:
    """Takes blocks, large ones first, until so little is free; then the largest free piece is about all there is."""
    size = 65536
    while size >= 64:
        gc.collect()
        if gc.mem_free() < free + size + 64:
            size >>= 1
            continue
        try:
            ballast.append(bytearray(size))
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
print("enough", sign())
