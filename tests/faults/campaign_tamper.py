# SPDX-License-Identifier: Apache-2.0
"""Changed case packages: every kind of change (tamper_*.py) at every position that it has; none may be accepted.

The verifier is the product's own, asked as a reader asks it. What makes a million verdicts affordable changes none: it stops at the
first finding after which no verdict can be good (an axis is the worst of its findings), and what follows from nothing but the same
bytes (a signature's check, a record or certificate taken apart) is worked out once.
"""

import functools
import multiprocessing
import os
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from sealdock import trust, verify
from sealdock.package import canonical_zip
from sealdock.verify import judgement, package
from sealdock.verify.codes import KINDS
from sealdock.verify.container import Zip
from sealdock.verify.rules import chain, media
from sealdock.verify.rules import trust as trust_rules
from sealdock.verify.verdict import AUTHENTIC, COMPLETENESS, INTEGRITY, KEY, WITH_GAPS, Findings, total
from sealproto import records

from . import demand, tamper_bytes, tamper_items, tamper_records
from .tampered import Files, Kind, Target

SIZE, SAMPLE = 2_000_000, 4_000  # more than there are: then all of them
CHUNK = 500
ZIP_SHARE = 20  # of the mutations one in so many is of the zip file, up to all of its bytes

_GOOD = (AUTHENTIC, WITH_GAPS)
_FATAL = {
    *(("integrity", value) for value in INTEGRITY if total(value, "complete", "trusted") not in _GOOD),
    *(("completeness", value) for value in COMPLETENESS if total("intact", value, "trusted") not in _GOOD),
    *(("key", value) for value in KEY if total("intact", "complete", value) not in _GOOD),
}


class Refused(Exception):
    """A finding that no later one can make good."""


class Impatient(Findings):
    """Stops the verifier at the first finding that settles it."""

    def add(self, code: str, **values: object) -> None:  # type: ignore[override]
        if (KINDS[code].axis, KINDS[code].value) in _FATAL:
            raise Refused(code)
        super().add(code, **values)  # type: ignore[arg-type]


def accepted(files: Files, root: bytes) -> bool:
    try:
        return verify.verify_files(files, root, Impatient()).good
    except Refused:
        return False


@contextmanager
def quick() -> Iterator[None]:
    """Signatures are remembered, and nobody listens for the announcement: its findings are notes, which settle nothing."""
    remember = functools.lru_cache(1 << 13)
    remembered = remember(chain.check_signature)
    parsed = SimpleNamespace(**{**vars(records), "Record": remember(records.Record)})
    with ExitStack() as stack:
        for module in (chain, trust_rules, trust):
            stack.enter_context(patch.object(module, "check_signature", remembered))
        stack.enter_context(patch.object(trust, "_read", remember(trust._read)))
        stack.enter_context(patch.object(package, "rec", parsed))
        stack.enter_context(patch.object(judgement, "listen", lambda *_: None))
        stack.enter_context(patch.object(verify, "Findings", Impatient))
        yield


_target: Target
_kinds: list[Kind]


def kinds() -> list[Kind]:
    return tamper_bytes.kinds() + tamper_items.kinds() + tamper_records.kinds()


Answer = tuple[int, list[str]]  # how many changed anything, and those that were accepted


def _plan(size: int) -> list[tuple[int, int]]:
    """(kind, position) of all mutations, or of a share of them, each kind at least once."""
    every = [(n, position) for n, kind in enumerate(_kinds) for position in range(kind.count(_target))]
    if size >= len(every):
        return every
    r = random.Random(size)
    first = [(n, r.randrange(kind.count(_target))) for n, kind in enumerate(_kinds)]
    return sorted({*first, *r.sample(every, max(0, size - len(first)))})


def _try(plan: list[tuple[int, int]]) -> Answer:
    tried, passed = 0, []
    for n, position in plan:
        files = _kinds[n].mutate(_target, position)
        if files == _target.files:
            continue
        tried += 1
        if accepted(files, _target.root):
            passed.append(f"{_kinds[n].name} at {position}")
    return tried, passed


def _try_zip(positions: list[int]) -> Answer:
    """A bit of each of these bytes of the zip file."""
    passed = []
    with tempfile.TemporaryDirectory(prefix="sealdock-tamper-") as folder:
        path = Path(folder) / "package.zip"
        whole = b"".join(canonical_zip.pieces(_target.files))
        path.write_bytes(whole)
        handle = os.open(path, os.O_WRONLY)
        for at in positions:
            os.pwrite(handle, bytes([whole[at] ^ 1 << at % 8]), at)
            try:
                if verify.verify(path, _target.root).good:
                    passed.append(f"bit flipped in the zip file at {at}")
            except Refused:
                pass
            os.pwrite(handle, whole[at : at + 1], at)
        os.close(handle)
    return len(positions), passed


def _answers(work: Callable[[list], Answer], plan: list) -> Iterator[Answer]:
    """In all processors at once, when it is much."""
    parts = [plan[at : at + CHUNK] for at in range(0, len(plan), CHUNK)]
    if len(parts) < 4:
        yield from map(work, parts)
        return
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        yield from pool.imap_unordered(work, parts)


def _counted(answers: Iterable[Answer]) -> int:
    """How many were refused; Broken when one was accepted."""
    tried = 0
    for count, passed in answers:
        demand(not passed, f"accepted: {'; '.join(passed[:9])}")
        tried += count
    return tried


def run(size: int, only: str = "") -> dict[str, int | float]:
    """`only`: of the kinds whose names begin so, for the controls."""
    global _target, _kinds
    _target, _kinds = Target(), [kind for kind in kinds() if kind.name.startswith(only)]
    demand(verify.verify_files(_target.files, _target.root).good, "the untouched package is not good")
    with quick():
        tried = _counted(_answers(_try, _plan(size)))
        length = len(b"".join(canonical_zip.pieces(_target.files)))
        zips = range(0, length, max(1, ZIP_SHARE * length // size))
        tried += 0 if _kinds and only else _counted(_answers(_try_zip, list(zips)))
    return {"tamper.kinds": len(_kinds) + 1, "tamper.mutations": tried, "tamper.accepted": 0}


def _weak(place: object, name: str, instead: object, only: str) -> Callable[[], object]:
    def control() -> None:
        with patch.object(place, name, instead):
            run(300, only)

    return control


def _nothing(*_: object) -> None:
    return None


def _blind_to_the_zip() -> None:
    with patch.object(Zip, "first_difference", _nothing):
        run(3000)


CONTROLS = (
    _weak(package.Package, "check_file", _nothing, "item left out"),
    _weak(package.Package, "_compare_names", _nothing, "file left out"),
    _weak(chain, "check_signature", _nothing, "signature zeroed"),
    _weak(chain.Chain, "_link", _nothing, "record left out"),
    _weak(media.Media, "_compare", _nothing, "sealed bit"),
    _blind_to_the_zip,
)
