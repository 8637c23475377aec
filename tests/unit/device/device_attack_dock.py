# SPDX-License-Identifier: Apache-2.0
"""A station that the root certified and that has turned hostile, or whose key was stolen: what it may not do to a recorder."""

from hashlib import sha256

from dock_bench import NOW, YEAR, Bureau, Call, Chips, Recorder, Session, refused

from sealproto import handshake, messages, objects

BUREAU = Bureau()


def enrolled() -> Recorder:
    return Recorder(Chips()).enrol(BUREAU)


def set_clock(recorder: Recorder, utc: int, uncertainty: int = 5) -> dict:
    call = Call(Session(handshake.DOCK, BUREAU.station.public))
    return recorder.ask(messages.SET_CLOCK, call, utc=utc, uncertainty_ms=uncertainty, drift_ppb=None)


def test_a_clock_set_decades_away_would_lock_every_station_out():
    recorder = enrolled()
    head = recorder.chain.seq
    for utc in (0, NOW - 2 * YEAR, NOW + 2 * YEAR, NOW + 60 * YEAR, 1 << 62, (1 << 64) - 1):
        refused(messages.NOT_TRUSTED, set_clock, recorder, utc)
    refused(messages.NOT_TRUSTED, set_clock, recorder, NOW, 1 << 32)
    assert recorder.chain.seq == head and abs(recorder.clock.utc_ms() - NOW) < 5000
    assert set_clock(recorder, NOW + YEAR // 2)["seq"] == head + 1
    recorder.shake(BUREAU, handshake.DOCK)
    recorder.close()


def test_an_enrolment_sets_no_such_clock_either():
    recorder = Recorder(Chips())
    recorder.shake(BUREAU)
    genesis = recorder.ask(messages.ENROL_BEGIN, mode=handshake.ENROL, utc=NOW + 60 * YEAR, predecessor=None)["genesis"]
    refused(messages.NOT_TRUSTED, recorder.finish, BUREAU, genesis)
    assert recorder.chain.id is None
    recorder.enrol(BUREAU)
    recorder.close()


def test_sound_never_takes_the_chains_own_flash():
    """64 blocks of flash: a set that could never fit is refused before the one that is spoken now is given up."""
    recorder = enrolled()
    raw, blob = BUREAU.prompts({3: b"a" * 60_000})
    recorder.put(messages.PUT_PROMPTS, raw)
    recorder.put(messages.PUT_PROMPT_BLOB, blob)
    recorder.board.FLASH_FREE_STOP_BYTES = 40_000
    newer = objects.make(
        "application/vnd.sealdock.prompts+cbor", BUREAU.station.kid, BUREAU.station.sign,
        profile="test", rate=16000, clips=[[3, 20, 8_000_000, bytes(16)]], blob=sha256(b"large").digest(),
    )  # fmt: skip
    recorder.put(messages.PUT_PROMPTS, newer)
    about = {"kind": messages.PUT_PROMPT_BLOB, "hash": sha256(b"large").digest(), "total": 8_000_000}
    refused(messages.TOO_LARGE, lambda: recorder.ask(messages.PUT, offset=0, data=b"x" * 8192, **about))
    assert recorder.objects.prompts_hash == sha256(raw).digest()
    recorder.close()


def test_enrolling_again_is_refused():
    """Neither the recorder's own bureau nor another one takes over what is enrolled, also with the button held."""
    recorder = enrolled()
    recorder.events.is_enrolling = True
    for bureau in (BUREAU, Bureau(1)):
        try:
            recorder.shake(bureau)
        except ValueError:
            continue
        raise AssertionError("enrolled again")
    for mode in (handshake.ENROL, handshake.DOCK):
        code = messages.NOT_NOW if mode == handshake.ENROL else messages.WRONG_MODE
        refused(code, lambda mode=mode: recorder.ask(messages.ENROL_BEGIN, mode=mode, utc=NOW, predecessor=None))
    recorder.close()


def test_a_failed_enrolment_leaves_no_root():
    recorder = Recorder(Chips())
    stranger = Bureau(1)
    genesis = recorder.begin(stranger)
    recorder.events.confirms = False
    refused(messages.NOT_CONFIRMED, recorder.finish, stranger, genesis)
    assert recorder.trust.root is None and recorder.chain.id is None and recorder.store.blank
    recorder = recorder.reboot()
    assert recorder.trust.root is None and not recorder.trust.enrolled
    recorder.enrol(BUREAU)
    assert recorder.trust.root == BUREAU.root.public
    recorder.close()


def test_no_way_round_over_another_profile_leads_back_to_older_rules():
    recorder = enrolled()
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(5))
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(1, name="other"))
    refused(messages.STALE, recorder.put, messages.PUT_PROFILE, BUREAU.profile(4))
    recorder.objects.load()  # as at a boot
    refused(messages.STALE, recorder.put, messages.PUT_PROFILE, BUREAU.profile(4))
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(5))
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(3, name="other"))
    refused(messages.STALE, recorder.put, messages.PUT_PROFILE, BUREAU.profile(4))
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(6))
    refused(messages.STALE, recorder.put, messages.PUT_PROFILE, BUREAU.profile(2, name="other"))
    recorder.close()


def test_profiles_without_end_do_not_fill_the_flash():
    recorder = enrolled()
    for number in range(16):
        recorder.put(messages.PUT_PROFILE, BUREAU.profile(1, name="profile-{:02d}".format(number)))
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROFILE, BUREAU.profile(1, name="profile-16"))
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(2, name="profile-15"))
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(1, name="profile-00"))
    recorder.close()


def test_a_damaged_list_of_former_profiles_stops_no_new_one():
    recorder = enrolled()
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(5))
    for raw in (b"", b"\x80", b"\xff", b"\x81\x01", b"\x81\x82\x61a\x61b", b"\xa0", b"\x01", b"\x81\x81\x01"):
        with open("/bench/objects/numbers", "wb") as file:
            file.write(raw)
        recorder.put(messages.PUT_PROFILE, BUREAU.profile(5, name="other"))
        recorder.put(messages.PUT_PROFILE, BUREAU.profile(5))
    recorder.close()


def test_no_prompt_set_of_a_certified_station_keeps_the_recorder_from_starting():
    """It is read again at every boot, before anything can be docked: what cannot be used must not be taken."""
    sound = b"abcd"
    digest = sha256(sound).digest()[:16]
    for row in (
        [3, 1 << 32, 4, digest],
        [3, (1 << 64) - 1, 4, digest],
        [3, 4, 1 << 32, digest],
        [3, 4, 4, None],
        [3, 4, 4, digest[:8]],
        [True, 4, 4, digest],
    ):
        recorder = enrolled()
        raw = objects.make(
            "application/vnd.sealdock.prompts+cbor", BUREAU.station.kid, BUREAU.station.sign,
            profile="test", rate=16000, clips=[row], blob=sha256(sound).digest(),
        )  # fmt: skip
        refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPTS, raw)
        recorder.close()
