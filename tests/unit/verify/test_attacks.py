# SPDX-License-Identifier: Apache-2.0
"""Every attack is found; and verifiers that were weakened on purpose let some through, so the attacks do test something."""

from collections.abc import Callable

import pytest
from tests.packages import Made
from tests.unit.verify.attacks import ATTACKS

from sealdock.verify import judgement, package, verify_files
from sealdock.verify.rules import chain, media, receipts, trust

Replaced = list[tuple[object, str, Callable[..., object]]]


def _nothing(*_: object) -> None:
    return None


def _yes(*_: object) -> bool:
    return True


WEAKER: dict[str, Replaced] = {
    "believes any signature": [(chain, "check_signature", _nothing), (trust, "check_signature", _nothing)],
    "takes any epoch's key": [(chain.Chain, "_signed", _yes)],
    "counts nothing as missing": [(chain.Chain, "_link", _nothing)],
    "leaves media unread": [(media.Media, "check", _nothing)],
    "lets any key open media": [(media.Media, "_key_holds", _yes), (judgement, "_contents", _nothing)],  # garbage does not play
    "asks for no receipt": [(receipts.Receipts, "check_session", _nothing)],
    "asks for no recorder's certificate": [(trust.Trust, "recorder", _nothing)],
    "leaves the manifest unread": [(package.Package, "check_file", _nothing)],
}


def passes(name: str) -> bool:
    made = Made().story()
    root = made.root
    files = made.files()
    ATTACKS[name](made, files)
    return verify_files(files, root).good


def test_the_untouched_package_is_good() -> None:
    made = Made().story()
    assert verify_files(made.files(), made.root).total == "authentic-with-explained-gaps"


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_found(name: str) -> None:
    assert not passes(name)


@pytest.mark.parametrize("name", WEAKER)
def test_weakened_verifier_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, attribute, weak in WEAKER[name]:
        monkeypatch.setattr(place, attribute, weak)
    assert any(passes(attack) for attack in ATTACKS)
