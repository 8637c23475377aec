# SPDX-License-Identifier: Apache-2.0
"""The officer's card is one printed page for every profile, by a browser's own printing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sealdock import officer, profile

CHROMIUM = shutil.which("chromium")
LIMIT_S = 120


def pages(html: str, folder: Path) -> int:
    """On how many sheets of the page's own size it is printed."""
    (folder / "card.html").write_text(html, encoding="utf-8")
    pdf = folder / "card.pdf"
    assert CHROMIUM, "chromium is missing: make test installs it"
    quiet = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        f"--user-data-dir={folder / 'browser'}",
    ]
    command = [CHROMIUM, *quiet, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", (folder / "card.html").as_uri()]
    subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=True)
    counts = re.findall(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)|/Count (\d+)[^>]*?/Type\s*/Pages\b", pdf.read_bytes())
    return max(int(before or after) for before, after in counts)


@pytest.mark.parametrize("name", profile.names())
def test_one_page(name: str, tmp_path: Path) -> None:
    assert pages(officer.page(profile.load(name)), tmp_path) == 1


def test_a_card_that_is_too_long_is_counted(tmp_path: Path) -> None:
    """The control."""
    html = officer.page(profile.load("wenshang"))
    row = "<tr><td>多出的一行</td></tr>"
    assert pages(html.replace("</table>", row * 20 + "</table>", 1), tmp_path) == 2
