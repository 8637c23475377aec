# SPDX-License-Identifier: Apache-2.0
"""Whole files on flash: what is there is either the old content or the new one, at every power cut."""

import errno
import os

_DRAFT = ".new"


def put(path: str, data: bytes) -> None:
    """Written beside it, synced, renamed over it. OSError, and the old file stands, when flash refuses."""
    try:
        with open(path + _DRAFT, "wb") as file:
            file.write(data)
            file.flush()
        os.rename(path + _DRAFT, path)
    except OSError:
        remove(path + _DRAFT)  # half of it would hold what little a full flash has left
        raise


def get(path: str) -> bytes | None:
    """The file's bytes, or None when there is none. OSError when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        _demand_absent(error)
        return None


def size(path: str) -> int | None:
    """The file's length, or None when there is none."""
    try:
        return os.stat(path)[6]
    except OSError as error:
        _demand_absent(error)
        return None


def free(folder: str) -> int:
    """Bytes free on the file system of a folder. littlefs counts a block twice that two files share for a moment, so a flash that is full
    can be more than full, and MicroPython's count of what is free then wraps.
    """
    facts = os.statvfs(folder)
    return facts[0] * facts[3] if 0 <= facts[3] <= facts[2] else 0


def remove(path: str) -> None:
    """Nothing is there afterwards."""
    try:
        os.remove(path)
    except OSError as error:
        _demand_absent(error)


def folder(path: str) -> str:
    """The folder itself, made when it is not there."""
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)  # it is there; any other reason raises here
    return path


def _demand_absent(error: OSError) -> None:
    if error.args[0] != errno.ENOENT:
        raise error
