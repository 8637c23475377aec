# SPDX-License-Identifier: Apache-2.0
"""Names of what records carry as numbers, as stories write them."""

from sealdock import vocabulary
from sealdock.vocabulary import Vocabulary
from sealproto import codes
from sealproto import records as rec
from sealsim.scenario.tree import Node

RECORDS = {name: number for number, name in enumerate(rec.NAMES)}
_VOCABULARIES: dict[tuple[str, str], Vocabulary] = {
    ("mark", "code"): vocabulary.MARKS,
    ("no-record", "reason"): vocabulary.REASONS,
}
_BY_FIELD: dict[str, Vocabulary] = {
    "fact": vocabulary.FACTS,
    "cause": vocabulary.CAUSES,
    "activity": vocabulary.ACTIVITIES,
    "role": vocabulary.ROLES,
}
_PREFIXES = {"occasion": "OCCASION_", "means": "MEANS_", "order": "ORDER_", "stated_by": "STATED_BY_"}
_MODES = {
    "key_stages": rec.MODE_KEY_STAGES,
    "audio_only": rec.MODE_AUDIO_ONLY,
    "unencrypted": rec.MODE_UNENCRYPTED,
    "urgent": rec.MODE_URGENT,
}


def value_of(record: str, field: str, node: Node) -> object:
    """What a field must hold: a name of its vocabulary, a number, a truth, a text or null."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return int(node.value)  # not the parser's own kind of number
    if not isinstance(node.value, str):
        return node.value
    name = node.text()
    if name == "known":
        return str(name)
    words = _VOCABULARIES.get((record, field)) or _BY_FIELD.get(field)
    if words is not None:
        if name not in words:
            raise node.wrong(f"{name!r} is no {words.kind}")
        return words.number(name)
    if field in _PREFIXES:
        return _constant(_PREFIXES[field], name, node)
    if field == "mode":
        if name not in _MODES:
            raise node.wrong(f"{name!r} is no mode: there are {', '.join(_MODES)}")
        return _MODES[name]
    return str(name)


def _constant(prefix: str, name: str, node: Node) -> int:
    found = getattr(codes, prefix + name.upper(), None)
    if found is None:
        known = [key[len(prefix) :].lower() for key in vars(codes) if key.startswith(prefix)]
        raise node.wrong(f"{name!r} is not one of {', '.join(known)}")
    return int(found)
