# SPDX-License-Identifier: Apache-2.0
"""What each menu offers, from the profile and the situation. Pure; codes come in the order in which they are spoken."""

from sealcam.officer import machine
from sealproto import clips, codes
from sealproto.profile_keys import RELIEF_KEY_STAGES

# What the main menu's items do: actions of the recorder's officer's side.
ITEMS = {
    clips.ITEM_ANNOUNCE: "announce_again",
    clips.ITEM_FORECAST: "forecast",
    clips.ITEM_RELAY_OUT: "hand_over",
    clips.ITEM_RELAY_IN: "ask_take_over",
    clips.ITEM_SECRECY: "secret_begins",
    clips.ITEM_SECRECY_ENDS: "secret_ends",
    clips.ITEM_REPORTED: "report_menu",
    clips.ITEM_MARK: "mark_menu",
    clips.ITEM_ACTIVITY: "activity_menu",
    clips.ITEM_OWN_VOICE: "own_voice",
    clips.ITEM_PERSONS_JOINED: "persons_joined",
    clips.ITEM_NO_RECORD: "no_record_menu",
    clips.ITEM_NO_RECORD_ENDS: "no_record_ends",
    clips.ITEM_KEY_STAGES: "key_stages",
    clips.ITEM_CANNOT_CONTINUE: "cannot_continue",
    clips.ITEM_END_SESSION: "ask_end",
    clips.ITEM_REASON: "reason_menu",
    clips.ITEM_DEADLINE: "deadline",
}

# Said of persons who are present: signed, but never spoken by the recorder as a reason.
ACCUSING = (
    codes.CAUSE_OBSTRUCTION, codes.CAUSE_PARTY_REFUSAL, codes.CAUSE_PARTY_UNCOOPERATIVE, codes.CAUSE_PARTY_SABOTAGE,
)  # fmt: skip
RELAY_DIGITS = (1, 2, 3, 4, 5)


def main(state: int, profile: dict | None, secret: bool, absent: bool, owed: bool) -> tuple:
    """Items of the main menu. `secret`: a secrecy span is open; `absent`: a no-record entry is; `owed`: something is to be stored."""
    if profile is None:
        return (clips.ITEM_FORECAST,)
    if state == machine.RECORDING:
        return _recording(profile, secret)
    reported = (clips.ITEM_REPORTED,) if roles(profile) else ()
    no_record = (clips.ITEM_NO_RECORD_ENDS, clips.ITEM_NO_RECORD) if absent else (clips.ITEM_NO_RECORD,)
    stored = (clips.ITEM_DEADLINE,) if owed else ()
    if state == machine.INTERRUPTED:
        return (clips.ITEM_REASON, clips.ITEM_CANNOT_CONTINUE) + reported + no_record + (clips.ITEM_END_SESSION, clips.ITEM_FORECAST)
    if state == machine.WITHDRAWN:
        return reported + no_record + stored
    key_stages = (clips.ITEM_KEY_STAGES,) if key_stages_allowed(profile) else ()
    first = no_record if absent else ()
    rest = () if absent else no_record
    return first + (clips.ITEM_ACTIVITY,) + key_stages + rest + reported + (clips.ITEM_RELAY_IN,) + stored + (clips.ITEM_FORECAST,)


def _recording(profile: dict, secret: bool) -> tuple:
    announce = profile["announce"]
    first = (clips.ITEM_SECRECY_ENDS,) if secret else ()
    told = (clips.ITEM_PERSONS_JOINED, clips.ITEM_ANNOUNCE) if announce["wording"] else (clips.ITEM_PERSONS_JOINED,)
    voice = (clips.ITEM_OWN_VOICE,) if codes.MEANS_OFFICER_VOICE in announce["means"] else ()
    secrecy = () if secret else (clips.ITEM_SECRECY,)
    reported = (clips.ITEM_REPORTED,) if roles(profile) else ()
    relay = (clips.ITEM_RELAY_OUT, clips.ITEM_RELAY_IN, clips.ITEM_FORECAST)
    return first + (clips.ITEM_MARK,) + told + voice + (clips.ITEM_ACTIVITY,) + secrecy + reported + relay


def key_stages_allowed(profile: dict) -> bool:
    relief = profile["relief"]
    return relief is not None and RELIEF_KEY_STAGES in relief["ways"]


def marks(profile: dict) -> bytes:
    """The profile's content points, the general marks, then all others of the vocabulary."""
    return _once([row[0] for row in profile["marks"]] + list(range(codes.MARK_ARRIVAL, codes.MARK_OFFICERS_PROCESS + 1)))


def activities(profile: dict) -> bytes:
    return _once([row[0] for row in profile["activities"]] + [codes.ACTIVITY_OTHER])


def causes(profile: dict) -> bytes:
    """For an interruption that nothing measured explains: the profile's own causes, and the open item."""
    return _once([row[0] for row in profile["interruption"]["causes"]] + _general(profile) + [codes.CAUSE_OTHER_OBJECTIVE])


def stop_causes(profile: dict, key_stages: bool, handed_over: bool) -> bytes:
    """After a stop by hand: the likeliest first, which is the activity's end."""
    first = [codes.CAUSE_RELAY] if handed_over else []
    if key_stages:
        first.append(codes.CAUSE_KEY_STAGE_PAUSE)
    return _once(first + [codes.CAUSE_ENFORCEMENT_ENDED] + _general(profile) + list(causes(profile)))


def _general(profile: dict) -> list:
    pause = [codes.CAUSE_KEY_STAGE_PAUSE] if key_stages_allowed(profile) else []
    return [codes.CAUSE_PLACE_CHANGE] + pause + [codes.CAUSE_RELAY, codes.CAUSE_SECRECY]


def _once(found: list) -> bytes:
    return bytes([code for place, code in enumerate(found) if code not in found[:place]])


def no_record(profile: dict, withdrawn: bool) -> bytes:
    """Reasons of the profile; those that the situation brings; the open item."""
    found = [codes.REASON_FAULT_STOPPED] if withdrawn else []
    found += [row[0] for row in profile["no_record"]["rows"]]
    if key_stages_allowed(profile):
        found.append(codes.REASON_KEY_STAGES_ONLY)
    return _once(found + [codes.REASON_OTHER_UNSUITABLE])


def roles(profile: dict) -> bytes:
    """To whom something may have to be reported under the profile."""
    rules = [rule for rule in (profile["interruption"]["cannot"], profile["fault"]) if rule is not None]
    found = [rule["report_to"] for rule in rules] + [row[3] for row in profile["no_record"]["rows"]]
    return _once([role for role in found if role])
