# SPDX-License-Identifier: Apache-2.0
"""TOML tables -> the dataclasses of `schema`, strictly: every unknown, missing or ill-typed key is an error."""

import datetime
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from ..text import say
from .kinds import Codes


class ShapeError(ValueError):
    """A key is unknown, missing or holds the wrong kind of value; the text starts with the key's path."""

    def __init__(self, path: str, key: str, **values: object) -> None:
        """key: of the catalogue (text_profile.py), which `values` fill in."""
        super().__init__(f"{path}: {say(key, **values)}")


def read(kind: Any, value: object, path: str) -> Any:
    """`value` as parsed from TOML, as an object of the annotated type `kind`. ShapeError names `path`."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _code(get_args(kind)[1], value, path)
    if origin is Literal:
        return _word(get_args(kind), value, path)
    if origin is tuple:
        return _array(get_args(kind)[0], value, path)
    if origin is dict:
        key_kind, value_kind = get_args(kind)
        return _map(key_kind, value_kind, value, path)
    if origin in (Union, types.UnionType):
        return _either(get_args(kind), value, path)
    if is_dataclass(kind):
        return _table(kind, value, path)
    return _plain(kind, value, path)


def _code(codes: Codes, value: object, path: str) -> int:
    extra = dict(codes.extra)
    if isinstance(value, str) and value in extra:
        return extra[value]
    if not isinstance(value, str) or value not in codes.vocabulary:
        raise ShapeError(path, "profile-no-code", value=repr(value), kind=codes.vocabulary.kind)
    return codes.vocabulary.number(value)


def _word(words: tuple[Any, ...], value: object, path: str) -> object:
    if value not in words:
        raise ShapeError(path, "profile-not-among", value=repr(value), choices=", ".join(words))
    return value


def _array(kind: Any, value: object, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ShapeError(path, "profile-no-array")
    items = tuple(read(kind, item, f"{path}[{number}]") for number, item in enumerate(value))
    if all(isinstance(item, (str, int)) for item in items) and len(set(items)) != len(items):
        raise ShapeError(path, "profile-entry-twice")
    return items


def _map(key_kind: Any, value_kind: Any, value: object, path: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise ShapeError(path, "profile-no-table")
    return {read(key_kind, name, f"{path}.{name}"): read(value_kind, item, f"{path}.{name}") for name, item in value.items()}


def _either(kinds: tuple[Any, ...], value: object, path: str) -> Any:
    """The alternative that the value's own type points to: a table, or else the only other one (None is never written)."""
    alternatives = [kind for kind in kinds if kind is not types.NoneType]
    tables = [kind for kind in alternatives if is_dataclass(kind)]
    others = [kind for kind in alternatives if not is_dataclass(kind)]
    if isinstance(value, dict) and tables:
        return read(tables[0], value, path)
    if len(others) > 1:
        return _plain(others, value, path)
    return read(others[0] if others else tables[0], value, path)


def _table(kind: Any, value: object, path: str) -> Any:
    if not isinstance(value, dict):
        raise ShapeError(path, "profile-no-table")
    hints = get_type_hints(kind, include_extras=True)
    known = {_key(item): item for item in fields(kind)}
    for name in value:
        if name not in known:
            raise ShapeError(_join(path, name), "profile-unknown-key")
    return kind(**{
        item.name: read(hints[item.name], value[name], _join(path, name))
        for name, item in known.items()
        if name in value or _required(item, _join(path, name))
    })  # fmt: skip


def _key(item: Field[Any]) -> str:
    return str(item.metadata.get("key", item.name))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _required(item: Field[Any], path: str) -> bool:
    if item.default is MISSING and item.default_factory is MISSING:
        raise ShapeError(path, "profile-missing")
    return False


def _plain(kind: Any, value: object, path: str) -> object:
    kinds = kind if isinstance(kind, list) else [kind]
    if bytes in kinds and isinstance(value, str):
        return _hex(value, path)
    if float in kinds and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # The exact type: a bool is an int, and a datetime is a date, to isinstance.
    if type(value) not in kinds:
        raise ShapeError(path, "profile-kind", found=_name(type(value)), wanted=say("profile-or").join(_name(one) for one in kinds))
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        raise ShapeError(path, "profile-negative")
    return value


_NAMES: dict[Any, str] = {
    str: "profile-kind-text", int: "profile-kind-whole", float: "profile-kind-number", bool: "profile-kind-bool",
    bytes: "profile-kind-hash", datetime.date: "profile-kind-date", datetime.time: "profile-kind-time", list: "profile-kind-array",
    dict: "profile-kind-table",
}  # fmt: skip


def _name(kind: Any) -> str:
    return say(_NAMES.get(kind, "profile-kind-other"))


def _hex(value: str, path: str) -> bytes:
    try:
        digest = bytes.fromhex(value)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise ShapeError(path, "profile-no-hash")
    return digest
