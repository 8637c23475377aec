# SPDX-License-Identifier: Apache-2.0
"""Approvals against the access rules of each bureau."""

from pathlib import Path

import pytest
from recorder_double import RecorderDouble
from stations import make_builder, make_home, record_story

from sealdock import books, log
from sealdock.archive import sessions
from sealdock.errors import SealdockError
from sealdock.profile import load
from sealdock.station import Station
from sealdock.sync import run_sync
from sealproto import codes


@pytest.mark.parametrize(
    ("profile", "act", "role", "party", "written", "broken"),
    [
        # LP15, LP16 name no approver: any role of the bureau, but not the party itself.
        ("luoping", "export", codes.ROLE_DEPUTY_HEAD_ENFORCEMENT, None, False, None),
        ("luoping", "export", codes.ROLE_PARTY, None, False, "LP16"),
        ("luoping", "view", codes.ROLE_CUSTODIAN, None, False, None),
        # CC19¶4: outside only with the agency head's written approval.
        ("changchun", "supply", codes.ROLE_AGENCY_HEAD, codes.ROLE_PARTY, True, None),
        ("changchun", "supply", codes.ROLE_AGENCY_HEAD, codes.ROLE_PARTY, False, "CC19"),
        ("changchun", "supply", codes.ROLE_CUSTODIAN, codes.ROLE_PARTY, True, "CC19"),
        # WS14: to courts only through the legal section.
        ("wenshang", "supply", codes.ROLE_LEGAL_SECTION, codes.ROLE_COURT, False, None),
        ("wenshang", "supply", codes.ROLE_UNIT_HEAD, codes.ROLE_COURT, False, "WS14"),
        # CF19: viewing needs the head of the case-handling body.
        ("caofeidian", "view", codes.ROLE_CASE_BODY_HEAD, None, False, None),
        ("caofeidian", "view", codes.ROLE_OFFICER, None, False, "CF19"),
        # DL is silent about viewing.
        ("dalian-ftz", "view", codes.ROLE_OFFICER, None, False, None),
    ],
)
def test_rules(profile: str, act: str, role: int, party: int | None, written: bool, broken: str | None) -> None:
    if broken is None:
        books.check_rule(load(profile), act, role, party, written)
        return
    with pytest.raises(SealdockError, match=broken) as refused:
        books.check_rule(load(profile), act, role, party, written)
    assert refused.value.exit_code == 5


def test_an_approval_is_in_the_log_without_its_reason(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    builder = make_builder(home)
    record_story(builder)
    with Station.open(home, write=True) as station:
        run_sync(station, RecorderDouble(builder))
        session = sessions.sessions(station.archive)[0]
        with pytest.raises(SealdockError, match="no export approval") as refused:
            books.require(station, session, "export")
        assert refused.value.exit_code == 5
        made = books.approve(station, session, "export", codes.ROLE_DEPUTY_HEAD_ENFORCEMENT, "张某一案")
        assert books.require(station, session, "export") == made
        entry = station.log.entry(made.log_index)
        assert entry[:4] == [log.APPROVED, session.session, books.ACTS["export"], codes.ROLE_DEPUTY_HEAD_ENFORCEMENT]
    assert "张某".encode() not in (home.log / "entries").read_bytes()


def test_roles_are_known_by_code_and_by_title() -> None:
    assert books.role_number("court") == books.role_number("人民法院") == codes.ROLE_COURT
    with pytest.raises(SealdockError, match="officer"):
        books.role_number("king")
