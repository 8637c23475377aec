# SPDX-License-Identifier: Apache-2.0
"""Thousands of verdicts over the same media: what depends on nothing but a file's bytes is worked out once for each.

Nobody listens to the announcements meanwhile: that takes half of the time, and could only find more.
"""

import functools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from sealdock import sealing
from sealdock.verify import judgement, matroska, package
from sealproto import merkle


@contextmanager
def remembering() -> Iterator[None]:
    few, many = functools.lru_cache(64), functools.lru_cache(8192)
    leaves = sealing.leaves
    with ExitStack() as stack:
        stack.enter_context(patch.object(judgement, "listen", lambda *_: None))
        stack.enter_context(patch.object(matroska, "read", few(matroska.read)))
        stack.enter_context(patch.object(sealing, "encrypt", few(sealing.encrypt)))
        stack.enter_context(patch.object(sealing, "leaves", functools.lru_cache(64)(lambda stored: list(leaves(stored)))))
        stack.enter_context(patch.object(merkle, "leaf_hash", many(merkle.leaf_hash)))
        stack.enter_context(patch.object(package, "sha256", functools.lru_cache(64)(package.sha256)))
        yield
