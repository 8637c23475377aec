# SPDX-License-Identifier: Apache-2.0
"""The clips that the recorder spoke in a session, believed when the signed prompt set of the session lists them.

prompts.cbor alternates: a signed prompt set, then an array of [clip id, ADPCM bytes] of the clips that the session used.
"""

from hashlib import sha256

from sealdock.package import layout
from sealproto import cose

from .package import Package
from .rules.session import Session
from .rules.trust import Trust

DIGEST_BYTES = 16  # of a clip's SHA-256, as the signed set lists it


def read_prompts(package: Package, trust: Trust, session: Session) -> dict[bytes, dict[int, tuple[int, bytes]]]:
    """Hash of a prompt set -> clip id -> (samples, ADPCM). What does not fit becomes a finding."""
    wanted = {part.opened.fields["prompts"]: part.opened for part in reversed(session.parts) if part.opened.fields}
    items = package.objects(layout.PROMPTS)
    out: dict[bytes, dict[int, tuple[int, bytes]]] = {}
    seen = set()
    for (raw, _), (_, clips) in zip(items[::2], items[1::2], strict=False):
        digest = sha256(raw).digest()
        seen.add(digest)
        fields = trust.read(cose.PROMPTS, raw, layout.PROMPTS, wanted[digest]) if digest in wanted else None
        if fields is not None:
            out[digest] = _clips(package, fields, clips)
    if not seen <= wanted.keys() or len(items) != 2 * len(seen):
        package.findings.add("reference-wrong", name=("the prompt set", "语音集"), file=layout.PROMPTS)
    elif seen != wanted.keys():
        package.findings.add("reference-missing", name=("the prompt set", "语音集"), file=layout.PROMPTS)
    return out


def _clips(package: Package, fields: dict, clips: object) -> dict[int, tuple[int, bytes]]:
    listed = {row[0]: row for row in fields["clips"] if _is_row(row)}
    out: dict[int, tuple[int, bytes]] = {}
    for entry in clips if isinstance(clips, list) else [None]:
        number, data = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
        row = listed.get(number) if isinstance(number, int) and number > max(out, default=-1) else None
        if row is None or not isinstance(data, bytes) or len(data) != row[2] or sha256(data).digest()[:DIGEST_BYTES] != row[3]:
            package.findings.add("reference-wrong", name=(f"clip {number}", f"语音 {number}"), file=layout.PROMPTS)
            continue
        out[row[0]] = (row[1], data)
    return out


def _is_row(row: object) -> bool:
    """[clip id, samples, bytes, first 16 bytes of SHA-256]"""
    return isinstance(row, list) and len(row) == 4 and all(isinstance(item, int) for item in row[:3]) and isinstance(row[3], bytes)
