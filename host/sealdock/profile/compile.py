# SPDX-License-Identifier: Apache-2.0
"""A profile -> the compact map that the recorder stores (`sealproto.profile_keys`)."""

import hashlib
from typing import Any

from sealproto import codes, profile_keys
from sealproto.shape import pack

from .check import ZONES
from .recording import Announce, Interruption, NoRecord
from .schema import Profile

# A recorder offers these marks whatever the regulation lists.
GENERAL_MARKS = (
    codes.MARK_ANNOUNCED_BY_OFFICER, codes.MARK_PLACE_CHANGED, codes.MARK_EVIDENCE, codes.MARK_OBJECTION,
    codes.MARK_OBSTRUCT, codes.MARK_ABUSE_ASSAULT, codes.MARK_VIOLENCE_THREAT_RECORDING, codes.MARK_SUDDEN_GROUP,
    codes.MARK_SECRET_BEGINS, codes.MARK_SECRET_ENDS, codes.MARK_REPORTED, codes.MARK_REASON_SPOKEN,
    codes.MARK_PERSONS_JOINED, codes.MARK_OTHER_IMPORTANT,
)  # fmt: skip
# What each fact proves, best first: the first that the profile lists counts. See docs/profiles.md.
PROOFS = (
    (codes.FACT_VOLTAGE_BELOW, (codes.CAUSE_BATTERY_LOW,)),
    (codes.FACT_SLOTS_EXHAUSTED, (codes.CAUSE_STORAGE_FULL,)),
    (codes.FACT_CARD_FAILING, (codes.CAUSE_DEVICE_FAULT, codes.CAUSE_DEVICE_INOPERABLE)),
    (codes.FACT_SENSOR_LOST, (codes.CAUSE_DEVICE_FAULT, codes.CAUSE_DEVICE_INOPERABLE)),
    (codes.FACT_OVER_TEMPERATURE, (codes.CAUSE_DEVICE_INOPERABLE,)),
    (codes.FACT_WATCHDOG_RESTART, (codes.CAUSE_DEVICE_FAULT, codes.CAUSE_DEVICE_INOPERABLE)),
    (codes.FACT_SEALING_FAILED, (codes.CAUSE_DEVICE_FAULT, codes.CAUSE_DEVICE_INOPERABLE)),
)

_MODALITY = (
    "must", "promote", "by_circumstance", "may", "by_reference", "forbidden", "unsuitable", "may_omit", "generally",
)  # fmt: skip
_SCOPE = ("every_recording", "activities")
_MOMENT = ("before", "at_switch_on_first", "during")
_ORDER = ("record_first", "announce_then_record", "announce_record_repeat", "on_request")
_MEANS = ("device", "officer_voice")
_PRERECORD = ("off", "video", "audio_video")
_CLAIM = ("audio", "video", "whole_process")
_REGIME = ("excused_if_explained", "no_excuse_same_place", "silent")
_ACTION = ("spoken_reason", "report_and_note")
_WRITING = (None, "statement_after", "note_in_document_if_any", "work_record_reason_and_basis")
_EFFECT = ("forbidden", "unsuitable", "may_omit", "report", "by_law")
_STORE = ("hours", "working_days", "after_daily_work")
_SAME_PLACE = (None, "objective_cause_only", "forbidden")
_EXTENT = ("unspecified", "whole", "main_stages", "key_stages")
_RELIEF = ("key_stages", "relay")
_CHECK = ("battery", "storage")


def compile(profile: Profile) -> dict[int, Any]:
    """The map of `profile_keys.PROFILE`, ready to be encoded and signed."""
    return pack(
        profile_keys.PROFILE,
        schema=profile_keys.SCHEMA,
        id=profile.id,
        version=profile.version,
        tz_minutes=ZONES[profile.tz],
        interrupted=profile.terms.interrupt_zh,
        stored=profile.terms.store_zh,
        announce=_announce(profile.announce),
        interruption=_interruption(profile, profile.interruption),
        no_record=_no_record(profile),
        activities=[[r.activity, _MODALITY.index(r.modality), _EXTENT.index(r.extent)] for r in profile.record],
        marks=_marks(profile),
        store=_store(profile),
        place=_place(profile),
        checks=[_CHECK.index(item) for item in profile.preflight.items] if profile.preflight else [],
        **_present(fault=_fault(profile), relief=_relief(profile)),
    )


def _present(**values: Any) -> dict[str, Any]:
    """Only what the regulation is not silent about."""
    return {name: value for name, value in values.items() if value is not None}


def _index(words: tuple[str | None, ...], word: str | None) -> int | None:
    return None if word is None else words.index(word)


def _announce(announce: Announce) -> dict[int, Any]:
    choice = announce.choice
    return pack(
        profile_keys.ANNOUNCE,
        duty=announce.duty == "must",
        activities=list(announce.activities or ()),
        order=_ORDER.index(choice.order),
        order_otherwise=_ORDER.index(choice.order_otherwise or choice.order),
        orders=[_ORDER.index(order) for order in choice.order_allowed],
        means=[_MEANS.index(means) for means in choice.means],
        on_resume=choice.on_resume,
        on_relay_in=choice.on_relay_in,
        cue=announce.cue,
        prerecord=_PRERECORD.index(choice.prerecord),
        urgent=choice.urgent_override is not None,
        claims=[_CLAIM.index(claim) for claim in announce.claimed],
        wording=announce.spoken,
        wording_hash=hashlib.sha256(announce.spoken.encode()).digest(),
        prescribed=announce.wording is not None,
        **_present(scope=_index(_SCOPE, announce.scope), moment=_index(_MOMENT, announce.moment)),
    )


def _interruption(profile: Profile, rule: Interruption) -> dict[int, Any]:
    cannot = rule.cannot
    cannot_map = cannot and pack(
        profile_keys.CANNOT,
        report_to=cannot.report_to,
        title=profile.title(cannot.report_to),
        immediately=cannot.when == "immediately",
        writing=_WRITING.index(cannot.writing),
    )
    return pack(
        profile_keys.INTERRUPTION,
        regime=_REGIME.index(rule.regime),
        causes=[[cause.cause, _ACTION.index(cause.action)] for cause in rule.causes],
        open=rule.open,
        spoken_reason=rule.spoken_reason == "must",
        proves=[list(proof) for proof in proofs(rule)],
        **_present(cannot=cannot_map),
    )


def proofs(rule: Interruption) -> list[tuple[int, int]]:
    """(fact, cause that it proves): the first that the profile lists; where it lists none, the plainest one."""
    listed = {cause.cause for cause in rule.causes}
    return [(fact, next((cause for cause in causes if cause in listed), causes[0])) for fact, causes in PROOFS]


def _no_record(profile: Profile) -> dict[int, Any]:
    open_list = profile.no_record_open is not None and profile.no_record_open.value
    return pack(profile_keys.NO_RECORD, rows=[_no_record_row(row) for row in profile.no_record], open=open_list)


def _no_record_row(row: NoRecord) -> list[Any]:
    return [row.reason, _EFFECT.index(row.effect), list(row.needs), row.report_to or 0, _WRITING.index(row.writing), " ".join(row.src)]


def _marks(profile: Profile) -> list[list[int]]:
    """Content points of the profile in its order, then the general ones it does not name."""
    asked = {row.mark: _MODALITY.index(row.modality) for row in profile.content}
    general = [mark for mark in GENERAL_MARKS if mark not in asked]
    return [[mark, asked[mark]] for mark in asked] + [[mark, profile_keys.MODALITY_NONE] for mark in general]


def _store(profile: Profile) -> dict[int, Any]:
    store = profile.store
    return pack(
        profile_keys.STORE,
        kind=_STORE.index(store.kind),
        handover_counts=store.handover_counts,
        **_present(left=store.n),
    )


def _place(profile: Profile) -> dict[int, Any]:
    rule = profile.continuity
    return pack(
        profile_keys.PLACE,
        same_place=_SAME_PLACE.index(rule.same_place_stop_start if rule else None),
        say_place=any(row.mark == codes.MARK_PLACE_SIGN for row in profile.content),
        place_change_ends=bool(rule and rule.place_change_ends_rule),
    )


def _fault(profile: Profile) -> dict[int, Any] | None:
    fault = profile.fault
    if fault is None:
        return None
    return pack(
        profile_keys.FAULT,
        stop_at_once=fault.stop_at_once,
        report_to=fault.report_to,
        title=profile.title(fault.report_to),
        **_present(release_by=fault.release_by),
    )


def _relief(profile: Profile) -> dict[int, Any] | None:
    relief = profile.continuity.relief if profile.continuity else None
    if relief is None:
        return None
    return pack(
        profile_keys.RELIEF,
        ways=[_RELIEF.index(item) for item in relief.relief],
        **_present(limit_h=relief.limit_h),
    )
