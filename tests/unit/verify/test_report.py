# SPDX-License-Identifier: Apache-2.0
"""The report: complete, self-contained, and harmless whatever a record holds."""

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.packages import Made

from sealdock.report import render
from sealdock.verify import verify, verify_files
from sealdock.verify.labels import ARTICLES, TOTALS, VALUES
from sealdock.verify.verdict import ARTICLE_VERDICTS, AXES
from sealdock.verify.verdict import TOTALS as TOTAL_NAMES
from sealproto import codes


def page(made: Made) -> str:
    return render(verify_files(made.files(), made.root)).decode()


class Outside(HTMLParser):
    """Collects what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object", "embed", "base"):
            self.found.append(tag)
        self.found += [f"{name}={value}" for name, value in attrs if name in ("src", "href", "srcset") or name.startswith("on")]


def test_every_value_has_a_word() -> None:
    assert set(TOTALS) == set(TOTAL_NAMES)
    assert set(VALUES) == {value for values in AXES.values() for value in values}
    assert set(ARTICLES) == set(ARTICLE_VERDICTS)


def test_report_needs_nothing_from_outside() -> None:
    text = page(Made().story())
    outside = Outside()
    outside.feed(text)
    assert outside.found == []
    assert "url(" not in text and "@import" not in text
    assert set(re.findall(r"https?://[^\"'\s<]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_report_tells_the_story() -> None:
    text = page(Made().story())
    wanted = ("模拟设备", "真实；中断均有签名说明", "电量不足", "设备突然断电", "0:12:00", "3300 mV", "LP12", "已履行", "<svg")
    for words in (*wanted, "sealdock verify"):
        assert words in text, words
    assert text.index("执法记录核验报告") < text.index("Verification report")


def test_texts_of_records_are_escaped() -> None:
    made = Made()
    made.begin()
    made.open()
    made.segment()
    made.builder.mark(codes.MARK_OTHER_IMPORTANT)
    made.builder.close()
    made.builder.receipt()
    files = made.files()
    files["media/<script>alert(1)</script>.mkv"] = b""
    made.sign(files)
    text = render(verify_files(files, made.root)).decode()
    assert "<script>" not in text and "&lt;script&gt;" in text


def test_report_of_something_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no package")
    text = render(verify(tmp_path / "x", bytes(32))).decode()
    assert "无法读取" in text and "not-a-package" in text


def test_report_without_a_clock() -> None:
    made = Made(clock=False).story()
    text = page(made)
    assert "未校准" in text and "<svg" in text
