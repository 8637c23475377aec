# SPDX-License-Identifier: Apache-2.0
"""What is missing is named in one line to who cannot install it."""

import os

import pytest

from sealsim import packages


def test_who_is_not_root_gets_one_line_with_all_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said: list[str] = []
    with pytest.raises(packages.PackagesError) as caught:
        packages.require(["gcc", "libffi-dev"], said.append)
    assert str(caught.value) == "system packages are missing; please run: sudo apt-get install gcc libffi-dev"
    assert said == []


def test_nothing_missing_is_nothing_done() -> None:
    said: list[str] = []
    packages.require([], said.append)
    assert said == []


def test_programs_are_looked_for_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert {"gcc", "make", "patch", "pkgconf"} <= set(packages.missing("build"))
    assert packages.missing("test", "bench") == ["ffmpeg", "chromium", "lrzsz"]


def test_apts_first_error_is_the_reason() -> None:
    assert packages.reason("W: old\nE: Unable to locate package x\nE: more\n") == "Unable to locate package x"
