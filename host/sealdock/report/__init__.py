# SPDX-License-Identifier: Apache-2.0
"""The report of a verdict: one HTML file, Chinese first and English second, that needs nothing from anywhere.

A report says what a verifier found when it was written. It proves nothing by itself: it names the command that checks again.
"""

from importlib import resources

import jinja2

from sealdock.verify import Verdict

from .facts import Facts
from .timeline import timeline

__all__ = ["render"]

TEMPLATE = "report.html.j2"


def render(verdict: Verdict, tz: str = "Asia/Shanghai") -> bytes:
    """The report as UTF-8. Times are shown in the zone of the profile where there is one, else in tz."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((resources.files("sealdock") / "templates" / TEMPLATE).read_text(encoding="utf-8"))
    facts = Facts(verdict, tz)
    root = verdict.root.hex(" ", 2) if verdict.root else None
    return template.render(verdict=verdict, facts=facts, timeline=timeline(facts), root=root).encode()
