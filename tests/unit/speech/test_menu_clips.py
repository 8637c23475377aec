# SPDX-License-Identifier: Apache-2.0
"""Whatever a menu offers and a unit of the officer's side says, each profile's prompts can say."""

import ast
from pathlib import Path

import pytest

from sealcam.officer import choices, machine
from sealdock import profile
from sealdock.prompts.script import script
from sealproto import clips, codes, profile_keys

OFFICER = Path(__file__).parents[3] / "device" / "sealcam" / "officer"
# Said only where the profile has the rule that they belong to.
CONDITIONAL = {
    "SAME_PLACE_STOP", "SAY_THE_PLACE", "KEY_STAGES", "ITEM_KEY_STAGES", "STORE_TODAY", "WRITE_STATEMENT", "WRITE_NOTE",
    "WRITE_WORK_RECORD", "WORKING_DAYS", "HOURS",
}  # fmt: skip


@pytest.fixture(params=profile.names())
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def rules(name: str) -> dict:
    return profile_keys.read(profile.compile(profile.load(name)))


def test_every_item_of_every_menu_has_its_clip(name: str) -> None:
    own, texts = rules(name), script(profile.load(name))
    offered = {clips.MARK_BASE + code for code in choices.marks(own)}
    offered |= {clips.ACTIVITY_BASE + code for code in choices.activities(own)}
    offered |= {clips.CAUSE_BASE + code for code in [*choices.causes(own), *choices.stop_causes(own, True, True)] if code != 13}
    if choices.key_stages_allowed(own):
        offered |= {clips.CAUSE_BASE + codes.CAUSE_KEY_STAGE_PAUSE}
    offered |= {clips.REASON_BASE + code for code in choices.no_record(own, own["fault"] is not None)}
    offered |= {clips.ROLE_BASE + code for code in choices.roles(own)}
    offered |= {clips.REPORT_TO_BASE + row[3] for row in own["no_record"]["rows"] if row[3]}
    for state in (machine.IDLE, machine.RECORDING, machine.INTERRUPTED, machine.WITHDRAWN):
        for flags in range(8):
            offered |= set(choices.main(state, own, bool(flags & 1), bool(flags & 2), bool(flags & 4)))
    assert offered - set(texts) == set()


def test_every_fixed_clip_of_the_officers_side_is_in_the_script(name: str) -> None:
    texts = script(profile.load(name))
    named = set()
    for path in OFFICER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "clips":
                named.add(node.attr)
    fixed = {item for item in named if not item.endswith("_BASE") and item not in CONDITIONAL}
    assert len(fixed) > 30
    assert {item for item in fixed if getattr(clips, item) not in texts} == set()


def test_all_marks_of_the_vocabulary_can_be_reached(name: str) -> None:
    offered = choices.marks(rules(name))
    assert len(set(offered)) == len(offered)
    assert set(offered) == {*range(codes.MARK_ARRIVAL, codes.MARK_OFFICERS_PROCESS + 1), codes.MARK_OTHER_IMPORTANT}


def test_the_likeliest_reason_comes_first() -> None:
    own = rules("changchun")
    assert choices.stop_causes(own, False, False)[0] == codes.CAUSE_ENFORCEMENT_ENDED
    assert list(choices.stop_causes(own, True, False)[:2]) == [codes.CAUSE_KEY_STAGE_PAUSE, codes.CAUSE_ENFORCEMENT_ENDED]
    assert choices.stop_causes(own, False, True)[0] == codes.CAUSE_RELAY
    assert choices.stop_causes(own, False, False)[-1] == codes.CAUSE_OTHER_OBJECTIVE


def test_what_only_one_bureau_has_is_offered_there_alone() -> None:
    key_stages = [name for name in profile.names() if clips.ITEM_KEY_STAGES in choices.main(machine.IDLE, rules(name), False, False, False)]
    assert key_stages == ["changchun"]
    assert not choices.roles(rules("dalian-ftz"))
    assert list(choices.roles(rules("luoping"))) == [codes.ROLE_DEPUTY_HEAD_ENFORCEMENT]
    assert codes.REASON_FAULT_STOPPED in choices.no_record(rules("wenshang"), True)


def test_an_open_span_is_ended_before_anything_else() -> None:
    own = rules("luoping")
    assert choices.main(machine.RECORDING, own, True, False, False)[0] == clips.ITEM_SECRECY_ENDS
    assert choices.main(machine.IDLE, own, False, True, False)[0] == clips.ITEM_NO_RECORD_ENDS
