# SPDX-License-Identifier: Apache-2.0
"""Files that are there after a power cut, or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An OSError that leaves it says which file could not be written: the system does not, when a disk is full."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def sync_folder(folder: Path) -> None:
    """Makes names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> Path:
    """Creates a folder of mode 0700 and its missing parents, durably; returns it."""
    missing = []
    at = folder
    while not at.exists():
        missing.append(at)
        at = at.parent
    for path in reversed(missing):
        path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(path.parent)
    return folder


def write_file(path: Path, data: bytes, mode: int = PRIVATE_FILE) -> None:
    """Puts a complete file in place of whatever had the name, durably or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with naming(path), os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(name, path)
    except BaseException:
        os.unlink(name)
        raise
    sync_folder(path.parent)


def append_file(path: Path, at: int, data: bytes) -> None:
    """Writes data at offset `at` of a file that only grows, cutting off what an interrupted run left behind it; durably."""
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        with naming(path):
            os.ftruncate(handle, at)
            view = memoryview(data)
            while view:
                written = os.pwrite(handle, view, at)
                view, at = view[written:], at + written
            os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)
