# SPDX-License-Identifier: Apache-2.0
"""The compiled profile: field tables of the map that the recorder stores, and the numbers it uses (docs/profiles.md).

A field's place in its table is its map key. What the regulation is silent about is absent. Everything else that a
profile holds (labels, retention, access) is the station's business and is not compiled.
"""

from . import codes
from .shape import ShapeError, unpack

SCHEMA = 1

# How strongly the regulation asks for something.
MODALITY_MUST = 0
MODALITY_PROMOTE = 1
MODALITY_BY_CIRCUMSTANCE = 2
MODALITY_MAY = 3
MODALITY_BY_REFERENCE = 4
MODALITY_FORBIDDEN = 5
MODALITY_UNSUITABLE = 6
MODALITY_MAY_OMIT = 7
MODALITY_GENERALLY = 8
MODALITY_NONE = 9  # offered by the product, asked by no article

# Which recordings must be announced.
SCOPE_EVERY_RECORDING = 0
SCOPE_ACTIVITIES = 1

# When the subject is to be told.
MOMENT_BEFORE = 0
MOMENT_AT_SWITCH_ON = 1
MOMENT_DURING = 2

PRERECORD_OFF = 0
PRERECORD_VIDEO = 1
PRERECORD_AUDIO_VIDEO = 2

# What the announcement asserts.
CLAIM_AUDIO = 0
CLAIM_VIDEO = 1
CLAIM_WHOLE_PROCESS = 2

REGIME_EXCUSED_IF_EXPLAINED = 0
REGIME_NO_EXCUSE_SAME_PLACE = 1
REGIME_SILENT = 2

ACTION_SPOKEN_REASON = 0
ACTION_REPORT_AND_NOTE = 1

WRITING_NONE = 0
WRITING_STATEMENT_AFTER = 1
WRITING_NOTE_IN_DOCUMENT = 2
WRITING_WORK_RECORD = 3

EFFECT_FORBIDDEN = 0
EFFECT_UNSUITABLE = 1
EFFECT_MAY_OMIT = 2
EFFECT_REPORT = 3
EFFECT_BY_LAW = 4

STORE_HOURS = 0
STORE_WORKING_DAYS = 1
STORE_AFTER_DAILY_WORK = 2

SAME_PLACE_FREE = 0
SAME_PLACE_OBJECTIVE_CAUSE_ONLY = 1
SAME_PLACE_FORBIDDEN = 2

EXTENT_UNSPECIFIED = 0
EXTENT_WHOLE = 1
EXTENT_MAIN_STAGES = 2
EXTENT_KEY_STAGES = 3

RELIEF_KEY_STAGES = 0
RELIEF_RELAY = 1

CHECK_BATTERY = 0
CHECK_STORAGE = 1
CHECK_CLOCK = 2  # these four are the product's own
CHECK_RECIPIENTS = 3
CHECK_FLASH = 4
CHECK_ASSIGNED = 5
CHECK_SOUND = 6  # the recorder hears its own tone; the value is its level at the microphone

# interrupted, stored: 中断 or 中止, 保存 or 存储 or 储存; tz_minutes: east of UTC
# activities: [activity, modality, extent]; marks: [mark, modality]; checks: CHECK_*
PROFILE = (
    ("schema", "u"), ("id", "t"), ("version", "u"), ("tz_minutes", "i"), ("interrupted", "t"), ("stored", "t"),
    ("announce", "m"), ("interruption", "m"), ("no_record", "m"), ("activities", "a"), ("marks", "a"), ("store", "m"),
    ("place", "m"), ("fault", "m-"), ("checks", "a"), ("relief", "m-"),
)  # fmt: skip

# wording: the exact text, NFC; wording_hash: SHA-256 of its UTF-8; the rest are numbers from above and `codes`
ANNOUNCE = (
    ("duty", "f"), ("scope", "u-"), ("activities", "a"), ("moment", "u-"), ("order", "u"), ("order_otherwise", "u"),
    ("orders", "a"), ("means", "a"), ("on_resume", "f"), ("on_relay_in", "f"), ("cue", "f"), ("prerecord", "u"),
    ("urgent", "f"), ("claims", "a"), ("wording", "t"), ("wording_hash", "b32"), ("prescribed", "f"),
)  # fmt: skip

# causes: [cause, ACTION_*]; proves: [fact, cause that this fact proves under this profile]
INTERRUPTION = (
    ("regime", "u"), ("causes", "a"), ("open", "f"), ("spoken_reason", "f"), ("cannot", "m-"), ("proves", "a"),
)  # fmt: skip

CANNOT = (("report_to", "u"), ("title", "t"), ("immediately", "f"), ("writing", "u"))

# rows: [reason, EFFECT_*, [approval, ...], role to report to or 0, WRITING_*, citation]
NO_RECORD = (("rows", "a"), ("open", "f"))

# left: hours or working days; absent where the day's work is the measure
STORE = (("kind", "u"), ("left", "u-"), ("handover_counts", "f"))

PLACE = (("same_place", "u"), ("say_place", "f"), ("place_change_ends", "f"))

# release_by: the role that may give a repaired recorder back into use
FAULT = (("stop_at_once", "f"), ("report_to", "u"), ("title", "t"), ("release_by", "u-"))

# limit_h: expected longer than this, less than the whole suffices; ways: RELIEF_*
RELIEF = (("limit_h", "u-"), ("ways", "a"))

_INNER = {
    "announce": ANNOUNCE,
    "interruption": INTERRUPTION,
    "no_record": NO_RECORD,
    "store": STORE,
    "place": PLACE,
    "fault": FAULT,
    "relief": RELIEF,
    "cannot": CANNOT,
}


def read(data: object) -> dict:
    """A compiled profile by names, its inner maps too. ShapeError for anything that this version does not understand."""
    profile = _read(PROFILE, data)
    if profile["schema"] != SCHEMA:
        raise ShapeError("profile of a schema that is not understood")
    return profile


def _read(table: tuple, data: object) -> dict:
    named, unknown = unpack(table, data)
    if unknown:
        raise ShapeError("profile holds a key that is not understood")
    for name in named:
        if name in _INNER and named[name] is not None:
            named[name] = _read(_INNER[name], named[name])
    return named


def order(announce: dict, activity: int) -> int:
    """codes.ORDER_* for a session of that activity, from a profile's `announce`."""
    if announce["scope"] == SCOPE_ACTIVITIES and activity not in announce["activities"]:
        return announce["order_otherwise"]
    return announce["order"]


def proven(interruption: dict, fact: int) -> int:
    """The cause that a measured fact proves under this profile, or codes.CAUSE_NOT_STATED."""
    for proof in interruption["proves"]:
        if proof[0] == fact:
            return proof[1]
    return codes.CAUSE_NOT_STATED
