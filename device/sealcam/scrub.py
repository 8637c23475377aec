# SPDX-License-Identifier: Apache-2.0
"""Overwrites what the heap still holds of values that nobody refers to any more.

Python's bytes cannot be overwritten, and contexts of ciphers and hashes hide copies of their keys. So when a part has ended and its keys
are forgotten, all free memory is filled once and given back: first with large zeros, then with lists of one, whose two halves take single
blocks of the heap. The collector takes any word on the stack for a reference, also a stale one; so the chain is taken apart link by link
before it is collected, or one such word would hold all of the memory. Between the two collections none is begun: it would find nothing.
"""

import gc

_SIZES = (16384, 4096, 1024, 256)
_BLOCK = 16  # bytes of a heap's block, or less than that
_SMALL_BYTES = 512 * 1024


def is_quick() -> bool:
    """Whether the heap is so small that recording bears scrub(): a microphone's buffer holds a second at least."""
    return gc.mem_free() + gc.mem_alloc() <= _SMALL_BYTES


def scrub() -> None:
    """Takes as long as clearing the heap; while something is recorded only where that is_quick()."""
    gc.collect()
    gc.disable()
    try:
        _fill_all()
    finally:
        gc.enable()
    gc.collect()


def _fill_all() -> None:
    held: list | None = None
    for size in _SIZES:
        held = _fill(held, lambda below, n=size: [below, bytearray(n)], size + _BLOCK)
    held = _fill(held, lambda below: [below], _BLOCK)
    while held is not None:
        below = held[0]
        held[0] = None
        held = below


def _fill(held, more, cost: int):
    """A chain of lists, each holding the one before, until no hole of its size is left; never more than is free, where a heap can grow."""
    try:
        for _ in range(gc.mem_free() // cost):
            held = more(held)
    except MemoryError:
        return held
    return held
