# SPDX-License-Identifier: Apache-2.0
"""Numbers in `sealproto.codes` and titles in `sealdock.vocabulary` are one and the same list."""

import pytest

from sealdock import vocabulary
from sealproto import codes

PREFIXES = {
    "CAUSE": vocabulary.CAUSES,
    "FACT": vocabulary.FACTS,
    "REASON": vocabulary.REASONS,
    "APPROVAL": vocabulary.APPROVALS,
    "MARK": vocabulary.MARKS,
    "ACTIVITY": vocabulary.ACTIVITIES,
    "TRIGGER": vocabulary.TRIGGERS,
    "ROLE": vocabulary.ROLES,
    "FIELD": vocabulary.FIELDS,
    "SECRECY": vocabulary.SECRECY,
}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_codes_and_titles_agree(prefix: str) -> None:
    numbered = {name: value for name, value in vars(codes).items() if name.startswith(prefix + "_")}
    titled = {f"{prefix}_{term.code.upper()}": term.number for term in PREFIXES[prefix].terms}
    assert numbered == titled


@pytest.mark.parametrize("prefix", PREFIXES)
def test_numbers_and_codes_are_unique(prefix: str) -> None:
    terms = PREFIXES[prefix].terms
    assert len({term.number for term in terms}) == len(terms)
    assert len({term.code for term in terms}) == len(terms)
    assert all(0 <= term.number <= 255 for term in terms)


def test_unknown_number_is_shown_as_number() -> None:
    assert vocabulary.CAUSES.zh(99) == "cause 99"
    assert vocabulary.CAUSES.term(99) is None
