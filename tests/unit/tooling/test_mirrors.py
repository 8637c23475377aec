# SPDX-License-Identifier: Apache-2.0
"""apt's source files of every shape give the mirrors of the distribution, and only those."""

from pathlib import Path

import pytest

from sealsim.interpreter.mirrors import Mirror, mirrors

DEB822 = """\
# comment
Types: deb
# a comment inside
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
EMBEDDED = """\
Types: deb
URIs: http://mirror.example/debian
Suites: trixie
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
"""


def write(etc: Path, name: str, text: str) -> Path:
    path = etc / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return etc


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("deb http://m.example/debian bookworm main", [Mirror("http://m.example/debian", "")]),
        ("deb [signed-by=/k.gpg arch=amd64] http://m.example/d trixie main", [Mirror("http://m.example/d", "/k.gpg")]),
        ("deb-src http://m.example/debian sid contrib main # mine", [Mirror("http://m.example/debian", "")]),
        ("deb http://m.example/security bookworm-security main", []),
        ("deb http://m.example/security bookworm/updates main", []),
        ("deb http://m.example/other stable nonfree", []),
        ("deb cdrom:[Debian]/ bookworm main", []),
        ("# deb http://m.example/debian bookworm main", []),
    ],
)
def test_one_line_format(tmp_path: Path, line: str, found: list[Mirror]) -> None:
    assert mirrors(write(tmp_path, "sources.list", line + "\n")) == found


def test_deb822_format(tmp_path: Path) -> None:
    etc = write(tmp_path, "sources.list.d/debian.sources", DEB822)
    assert mirrors(etc) == [Mirror("http://mirror.example/debian", "/usr/share/keyrings/archive.gpg")]


def test_embedded_key_keeps_its_empty_line(tmp_path: Path) -> None:
    (found,) = mirrors(write(tmp_path, "sources.list.d/debian.sources", EMBEDDED))
    assert found.signed_by.splitlines()[:3] == ["-----BEGIN PGP PUBLIC KEY BLOCK-----", "", "mQINBF"]


def test_disabled_entries_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, "sources.list.d/a.sources", "Enabled: no\n" + EMBEDDED)
    write(tmp_path, "sources.list.d/b.sources.disabled", DEB822)
    assert mirrors(tmp_path) == []


def test_the_same_mirror_counts_once(tmp_path: Path) -> None:
    write(tmp_path, "sources.list", "deb http://m.example/debian bookworm main\n" * 2)
    assert len(mirrors(tmp_path)) == 1


def test_no_apt_is_no_mirror(tmp_path: Path) -> None:
    assert mirrors(tmp_path / "absent") == []
