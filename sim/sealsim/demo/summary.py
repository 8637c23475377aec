# SPDX-License-Identifier: Apache-2.0
"""What the demo leaves for scripts: summary.json, from the verdict over the package and nothing else."""

import json
from pathlib import Path
from typing import Any

from sealdock import vocabulary
from sealdock.verify import Verdict
from sealdock.verify.rules.session import Gap
from sealproto import codes, records

_RATE = 16000


def write_summary(path: Path, summary: dict[str, Any]) -> None:
    """The file, as one object that a person can read too."""
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def summarise(verdict: Verdict, root: str, sync_s: float) -> dict[str, Any]:
    """total, root, segments, bytes, media_seconds, announcements, interruptions, sync_bytes_per_s."""
    session = verdict.session.session
    fields = [record.fields for record in session.segments]
    stored = sum(f["stored_bytes"] for f in fields)
    return {
        "total": verdict.total,
        "root": root,
        "segments": len(fields),
        "bytes": stored,
        "media_seconds": round(sum(f["samples"] for f in fields) / _RATE, 3),
        "announcements": sum(_announced(record) for record in session.events),
        "interruptions": [_interruption(gap) for gap in session.gaps],
        "sync_bytes_per_s": round(stored / sync_s) if sync_s else 0,
    }


def _announced(record: records.Record) -> bool:
    """A whole announcement that is in the recording."""
    fields = record.fields
    if record.type != records.ANNOUNCE or fields is None:
        return False
    spoken = fields["occasion"] != codes.OCCASION_INTERRUPTION_REASON
    return spoken and fields["complete"] and fields["first_sample"] is not None


def _interruption(gap: Gap) -> dict[str, Any]:
    return {
        "cause": _code(vocabulary.CAUSES, gap.cause),
        "fact": _code(vocabulary.FACTS, gap.fact),
        "explained": gap.explained,
    }


def _code(words: vocabulary.Vocabulary, number: int) -> str:
    term = words.term(number)
    return term.code if term else str(number)
