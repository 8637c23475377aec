# SPDX-License-Identifier: Apache-2.0
"""Every attack is found; and verifiers that were weakened on purpose let some through, so the attacks do test something."""

from collections.abc import Callable

import pytest

from sealdock.verify import verify_files
from sealdock.verify.rules import chain, media, receipts, trust
from tests.packages import Made
from tests.unit.verify.attacks import ATTACKS

WEAKER: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "believes any signature": lambda patch: [patch.setattr(m, "check_signature", lambda *_: None) for m in (chain, trust)] and None,
    "takes any epoch's key": lambda patch: patch.setattr(chain.Chain, "_signed", lambda self, read: True),
    "counts nothing as missing": lambda patch: patch.setattr(chain.Chain, "_link", lambda self, read, last: None),
    "leaves media unread": lambda patch: patch.setattr(media.Media, "check", lambda *_: None),
    "lets any key open media": lambda patch: patch.setattr(media.Media, "_key_holds", lambda *_: True),
    "asks for no receipt": lambda patch: patch.setattr(receipts.Receipts, "check_session", lambda *_: None),
    "asks for no recorder's certificate": lambda patch: patch.setattr(trust.Trust, "recorder", lambda *_: None),
    "leaves the manifest unread": lambda patch: patch.setattr("sealdock.verify.package.Package.check_file", lambda *_: None),
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
    WEAKER[name](monkeypatch)
    assert any(passes(attack) for attack in ATTACKS)
