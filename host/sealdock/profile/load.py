# SPDX-License-Identifier: Apache-2.0
"""Finding and reading a profile file."""

import tomllib
from importlib import resources
from pathlib import Path

from ..errors import SealdockError
from ..text import say
from .check import check
from .read import ShapeError, read
from .schema import Profile

MAX_BYTES = 256 * 1024


class ProfileError(SealdockError):
    """A profile is unknown, unreadable or against the schema; the text names file and key."""


def names() -> list[str]:
    """Profiles that come with the station."""
    folder = resources.files("sealdock") / "profiles"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load(name_or_path: str | Path) -> Profile:
    """The profile of that name, or the one in that file (a path that ends in .toml). ProfileError."""
    file, text = _text(name_or_path)
    return loads(text, file)


def loads(text: str, file: str) -> Profile:
    """The profile in a text; `file` is named when it is none. ProfileError."""
    try:
        profile: Profile = read(Profile, tomllib.loads(text), "")
        check(profile)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(say("profile-toml", file=file, why=error)) from error
    except ShapeError as error:
        raise ProfileError(f"{file}: {error}") from error
    return profile


def _text(name_or_path: str | Path) -> tuple[str, str]:
    """File name for messages, and contents."""
    if isinstance(name_or_path, str) and not name_or_path.endswith(".toml"):
        if name_or_path not in names():
            raise ProfileError(say("profile-unknown", name=repr(name_or_path), names=", ".join(names())))
        file = f"{name_or_path}.toml"
        return file, (resources.files("sealdock") / "profiles" / file).read_text(encoding="utf-8")
    path = Path(name_or_path)
    try:
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            raise ProfileError(say("profile-large", file=path))
        return str(path), data.decode("utf-8")
    except OSError as error:
        raise ProfileError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProfileError(say("profile-utf8", file=path)) from error
