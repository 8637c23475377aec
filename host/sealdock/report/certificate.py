# SPDX-License-Identifier: Apache-2.0
"""The root's fingerprint on one page, to be printed, stamped and published: Chinese first, English second, nothing loaded from anywhere."""

from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import jinja2

from sealdock.station import Station
from sealdock.trust import fingerprint
from sealproto import objects

TEMPLATE = "certificate.html.j2"
ZONE = ZoneInfo("Asia/Shanghai")


def page(station: Station) -> str:
    """The page for the root of a station's bureau."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((resources.files("sealdock") / "templates" / TEMPLATE).read_text(encoding="utf-8"))
    groups = fingerprint(station.trust.root).split(" ")
    (root,) = station.trust.of_role(objects.ROOT)[:1]
    return template.render(
        name=root.name or "",
        rows=[groups[at : at + 4] for at in range(0, 16, 4)],
        digits="".join(groups),
        begins=_date(root.valid_from),
        ends=_date(root.until),
        simulated=any(recorder.simulated for recorder in station.archive.recorders()),
    )


def _date(utc: int) -> str:
    return datetime.fromtimestamp(utc / 1000, UTC).astimezone(ZONE).strftime("%Y-%m-%d")
