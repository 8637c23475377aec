# SPDX-License-Identifier: Apache-2.0
"""Every story that comes with the simulator goes as it is told, under the real interpreter."""

from pathlib import Path

import pytest

from sealsim.scenario.command import stories
from sealsim.scenario.kit import Kits
from sealsim.scenario.run import play
from sealsim.scenario.story import load_story


@pytest.mark.parametrize("path", stories().values(), ids=list(stories()))
def test_story(path: Path, kits: Kits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert play(load_story(path), kits).failures == []


def test_a_sixth_bureau_is_one_file_and_no_code(kits: Kits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert play(load_story(Path(__file__).with_name("sixth_bureau.yaml")), kits).failures == []


# Each expectation of a story that goes well, turned into its opposite: every one must be missed, and named with its line.
WRONG = """\
title: A story that does not go as told
articles: [LP12]
profile: luoping
happens:
  - press: record
  - hear: 为保护您的合法权益，监督我的执法行为，本次执法将全程录音录像。
  - see: {red: slow}
  - feel: 5 s
  - silent: {words: 停止记录, within: 100 ms}
  - press: record
  - silent: {words: 停止记录, within: 4 s}
  - choose: 执法活动结束
  - hear: 如有新到人员，请再次告知
  - wait: 2 s
never_heard:
  - 为保护您的合法权益，监督我的执法行为，本次执法将全程录音录像。
signed:
  - session-open: {order: on_request}
  - announce: {occasion: resume}
not_signed:
  - session-close
verdict:
  total: not-authentic
  time: unset
  findings: [not-heard]
  no_findings: [heard]
  articles:
    LP12: not_met
    LP14: [met, not_applicable]
no_record:
  LP3: met
"""
MISSED = (7, 8, 11, 13, 16, 18, 19, 21, 22, 22, 22, 22, 28, 28, 28, 29, 31)


def test_what_does_not_go_as_told_is_named(kits: Kits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The positive control of all stories."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG, encoding="utf-8")
    failures = play(load_story(path), kits).failures
    assert sorted(int(line.split(":")[1]) for line in failures) == sorted(MISSED), "\n".join(failures)
