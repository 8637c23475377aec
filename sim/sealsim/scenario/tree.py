# SPDX-License-Identifier: Apache-2.0
"""A story's YAML with the line of every value, so that each mistake is one line with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sealdock.errors import ExitCode, SealdockError

LARGEST_BYTES = 100_000


class StoryError(SealdockError):
    """The story cannot be understood; the text begins with FILE:LINE."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Node:
    """A value with its place. `line` counts from 1."""

    file: str
    line: int
    value: Any

    def wrong(self, why: str) -> StoryError:
        return StoryError(f"{self.where}: {why}")

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """The entries of a mapping; StoryError when it is none."""
        if not isinstance(self.value, CommentedMap):
            raise self.wrong("a mapping (name: value) belongs here")
        for key, value in self.value.items():
            if not isinstance(key, str):
                raise self.wrong(f"{key!r} is no name")
            yield key, Node(self.file, self.value.lc.key(key)[0] + 1, value)

    def fields(self, *known: str) -> dict[str, "Node"]:
        """The entries of a mapping that may have no others."""
        found = dict(self.items())
        for name, node in found.items():
            if name not in known:
                raise node.wrong(f"unknown key {name!r}: there are {', '.join(known)}")
        return found

    def each(self) -> list["Node"]:
        """The entries of a list; a single value is a list of one."""
        if not isinstance(self.value, CommentedSeq):
            return [self]
        return [Node(self.file, self.value.lc.item(number)[0] + 1, value) for number, value in enumerate(self.value)]

    def single(self) -> tuple[str, "Node"]:
        """`name: value`, or `name` alone, whose value is then None."""
        if isinstance(self.value, str):
            return self.value, Node(self.file, self.line, None)
        entries = list(self.items())
        if len(entries) != 1:
            raise self.wrong("one `name: value` belongs here")
        return entries[0]

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("a text belongs here")
        return str(self.value).strip()

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("true or false belongs here")
        return self.value

    def number(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.wrong("a whole number belongs here")
        return int(self.value)


def read(path: Path) -> Node:
    """The whole file as one mapping. StoryError names the place of what is no YAML."""
    try:
        data = path.read_bytes()
        if len(data) > LARGEST_BYTES:
            raise StoryError(f"{path}: too large for a story")
        loaded = YAML().load(data.decode("utf-8"))
    except OSError as error:
        raise StoryError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StoryError(f"{path}: not UTF-8 text") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise StoryError(f"{path}:{line}: no YAML: {str(error.problem or error.context).splitlines()[0]}") from error
    except YAMLError as error:
        raise StoryError(f"{path}: no YAML: {str(error).splitlines()[0]}") from error
    node = Node(str(path), 1, loaded)
    if not isinstance(loaded, CommentedMap):
        raise node.wrong("a story is a mapping")
    return node
