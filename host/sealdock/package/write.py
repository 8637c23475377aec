# SPDX-License-Identifier: Apache-2.0
"""Writing a case package: whole or not at all, and checked by the same verifier that a court will run.

Everything goes into a hidden folder beside the target; the manifest is signed last, and a rename makes the package appear.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from sealdock import durable, sealing
from sealdock.errors import SealdockError
from sealdock.keys import SigningKey
from sealdock.text import say
from sealdock.verify import Verdict, verify_files
from sealdock.verify.container import Folder
from sealproto import merkle

from . import canonical_zip, layout
from .case import Case
from .preview import sign_manifest

FILE_MODE = 0o644
Progress = Callable[[int, int], None]  # segments written, segments in all
Render = Callable[[Verdict], bytes]  # the report of a verdict
Release = Callable[[bytes], None]  # told the signed manifest


class _Overlay(Mapping[str, bytes]):
    """A folder's files with some replaced: what the package will be, before its last files exist."""

    def __init__(self, under: Mapping[str, bytes], over: dict[str, bytes]) -> None:
        self.under = under
        self.over = over

    def __getitem__(self, name: str) -> bytes:
        return self.over[name] if name in self.over else self.under[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self.under, *self.over}))

    def __len__(self) -> int:
        return len({*self.under, *self.over})


def write_package(
    case: Case, out: Path, station: SigningKey, utc: int, root: bytes, render: Render, release: Release, progress: Progress | None = None
) -> Verdict:
    """Writes the package folder `out` and returns its verdict. `release` is told the manifest before the package appears.

    SealdockError when something stands at `out` already; nothing half-written stays.
    """
    refuse_overwriting(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        listed = _write_files(case, folder, progress or (lambda done, of: None))
        verdict = _preview(case, folder, listed, station, utc, root)
        listed[layout.REPORT] = _put(folder, layout.REPORT, render(verdict))
        manifest = sign_manifest(case, listed, station, utc)
        _put(folder, layout.MANIFEST, manifest)
        verdict = verify_files(Folder(folder), root)
        os.chmod(folder, 0o755)
        durable.sync_folder(folder)
        release(manifest)
        os.rename(folder, out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    durable.sync_folder(out.parent)
    return verdict


def refuse_overwriting(out: Path) -> None:
    """SealdockError unless `out` is free; an empty folder is."""
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise SealdockError(say("package-exists", path=out))


def write_zip(folder: Path, out: Path) -> None:
    """The canonical zip file of a package folder, beside or instead of it. SealdockError when `out` exists."""
    if out.exists():
        raise SealdockError(say("package-exists", path=out))
    part = out.with_name(f".{out.name}.part")
    try:
        canonical_zip.write(part, Folder(folder))
        os.rename(part, out)
    finally:
        part.unlink(missing_ok=True)
    durable.sync_folder(out.parent)


def _write_files(case: Case, folder: Path, progress: Progress) -> dict[str, tuple[int, bytes]]:
    """All but report and manifest; name -> (bytes, SHA-256)."""
    listed = {name: _put(folder, name, data) for name, data in case.fixed_files().items()}
    leaves = {}
    for done, item in enumerate(case.media):
        plain, stored = item.load()
        listed[layout.media_name(item.number)] = _put(folder, layout.media_name(item.number), plain)
        leaves[item.number] = [merkle.leaf_hash(leaf) for leaf in sealing.leaves(stored)]
        progress(done + 1, len(case.media))
    listed[layout.PROOFS] = _put(folder, layout.PROOFS, case.proofs(leaves).encode())
    return listed


def _preview(case: Case, folder: Path, listed: dict[str, tuple[int, bytes]], station: SigningKey, utc: int, root: bytes) -> Verdict:
    """The verdict over the package with an empty report: what the report tells."""
    empty = {layout.REPORT: b""}
    manifest = sign_manifest(case, {**listed, layout.REPORT: (0, sha256(b"").digest())}, station, utc)
    return verify_files(_Overlay(Folder(folder), {**empty, layout.MANIFEST: manifest}), root)


def _put(folder: Path, name: str, data: bytes) -> tuple[int, bytes]:
    path = folder / name
    if not path.parent.exists():
        path.parent.mkdir()
        os.chmod(path.parent, 0o755)
    durable.write_file(path, data, FILE_MODE)
    return len(data), sha256(data).digest()
