# SPDX-License-Identifier: Apache-2.0
"""What of an archived session goes into a package: not what is not here, not what another session spoke, only receipts that concern it."""

from hashlib import sha256
from pathlib import Path

import pytest
from recorder_double import RecorderDouble
from stations import make_builder, make_home, record_story

from sealdock import member, promptstore
from sealdock.archive import sessions
from sealdock.bureau import Bureau
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.keys import load_agreement
from sealdock.package.archived import gather
from sealdock.package.case import Media
from sealdock.package.layout import Keys
from sealdock.package.preview import Preview
from sealdock.package.write import _Overlay
from sealdock.station import Station, now_ms
from sealdock.sync import run_sync as sync


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path)


def last_session(station: Station) -> sessions.Session:
    return sessions.sessions(station.archive)[-1]


def test_media_that_is_not_here_keeps_its_parts_key_back(home: Home) -> None:
    builder = make_builder(home)
    record_story(builder)
    missing = max(builder.stored)
    builder.stored.pop(missing)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
        case = gather(station, last_session(station), now_ms())
        keys = Keys.decode(case.fixed_files()["keys.cbor"])
    assert case.withheld == frozenset({1})
    assert (sorted(keys.segments), sorted(keys.parts)) == ([0, 1, 2, 4], [0])


def test_media_without_encryption_has_no_key(home: Home) -> None:
    builder = make_builder(home)
    record_story(builder)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
        case = gather(station, last_session(station), now_ms())
    case.media.append(Media(9, 0, None, lambda: (b"", b"")))
    assert 9 not in Keys.decode(case.fixed_files()["keys.cbor"]).segments


def test_the_prompts_of_the_session_come_along(home: Home) -> None:
    clip = bytes(range(128))
    row = [[150, 2 * len(clip), len(clip), sha256(clip).digest()[:16]]]
    builder = make_builder(home)
    with Station.open(home, write=True) as station:
        fields = {"profile": "luoping", "rate": 16000, "clips": row, "blob": sha256(clip).digest()}
        builder.prompts = promptstore.sign(station, fields, clip)
        promptstore.sign(station, {**fields, "rate": 8000}, clip)  # the present set is another one
    record_story(builder)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
        case = gather(station, last_session(station), now_ms())
    assert case.prompts == [(builder.prompts, {150: clip})]


def test_receipts_over_other_sessions_stay_out(home: Home) -> None:
    builder = make_builder(home)
    record_story(builder)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
        first = last_session(station).session
        builder.open_session()
        builder.segment(b"later")
        builder.close()
        sync(station, RecorderDouble(builder))
        later = next(s for s in sessions.sessions(station.archive) if s.session != first)
        case = gather(station, later, now_ms())
        files = Preview(case, station.key, now_ms())
    assert len(case.receipts) == 1
    assert len(files) == len(list(files))
    assert len(_Overlay({"a": b"", "b": b""}, {"b": b"", "c": b""})) == 3


def test_a_session_whose_beginning_is_not_understood_is_no_case(home: Home) -> None:
    builder = make_builder(home)
    record_story(builder)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
        session = last_session(station)
        with pytest.raises(SealdockError, match="does not hold how"):
            gather(station, sessions.Session(**{**session.__dict__, "first_seq": 10**6}), now_ms())


def test_accepting_again_after_a_cut_keeps_the_former_key_once(home: Home) -> None:
    raw, _ = member.request(home)
    bureau = Bureau(home.root)
    bureau.certify(raw, now_ms())
    former = load_agreement(home.recipient_key)
    kept = home.station / f"recipient-{former.kid.hex()}.key"
    kept.write_bytes(home.recipient_key.read_bytes())
    kept.chmod(0o600)
    assert member.accept(home, bureau.circular()).keys
    assert load_agreement(kept).public == former.public
