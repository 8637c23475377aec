# SPDX-License-Identifier: Apache-2.0
"""The package mirrors that this machine already trusts, read from apt's own files.

Two formats exist (sources.list(5)): one-line `*.list` and deb822 `*.sources`. We want the entries that carry the
distribution itself, to ask the same mirror for a newer release's source package.
"""

import re
from pathlib import Path
from typing import NamedTuple

_PARTIAL_SUITE = re.compile(r"[-/]")  # bookworm-security, bookworm-updates, bookworm/updates: not a whole release
_ONE_LINE = re.compile(r"^deb(?:-src)?\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<parts>.+)$")


class Mirror(NamedTuple):
    """`signed_by` is a keyring's path, the text of a key, or empty for apt's own keyrings."""

    uri: str
    signed_by: str


def mirrors(etc: Path = Path("/etc/apt")) -> list[Mirror]:
    """The distribution's mirrors in the order in which apt reads them, each once."""
    found: list[Mirror] = []
    parts = sorted((etc / "sources.list.d").glob("*"))
    for path in [etc / "sources.list", *parts]:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += _deb822(text) if path.suffix == ".sources" else _one_line(text)
    return list(dict.fromkeys(found))


def _one_line(text: str) -> list[Mirror]:
    found = []
    for line in text.splitlines():
        match = _ONE_LINE.match(line.split("#")[0].strip())
        if match and "main" in match["parts"].split() and _whole([match["suite"]]) and _fetched(match["uri"]):
            options = dict(item.split("=", 1) for item in (match["options"] or "").split() if "=" in item)
            found.append(Mirror(match["uri"], options.get("signed-by", "")))
    return found


def _deb822(text: str) -> list[Mirror]:
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        wanted = "main" in fields.get("components", "").split() and _whole(fields.get("suites", "").split())
        if wanted and fields.get("enabled", "yes").lower() not in ("no", "false", "0"):
            found += [Mirror(uri, fields.get("signed-by", "")) for uri in fields.get("uris", "").split() if _fetched(uri)]
    return found


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line[0] in " \t" and name:
            # An embedded key writes its empty lines as a dot.
            fields[name] += "\n" + line.strip().removeprefix(".")
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return {name: value.strip() for name, value in fields.items()}


def _whole(suites: list[str]) -> bool:
    return any(not _PARTIAL_SUITE.search(suite) for suite in suites)


def _fetched(uri: str) -> bool:
    return not uri.startswith("cdrom:")
