# SPDX-License-Identifier: Apache-2.0
"""What stations put on the recorder: only what leads to the root, never older, whole or not at all, and still there after a boot."""

from hashlib import sha256

from dock_bench import NOW, YEAR, Bureau, Call, Chips, Recorder, Session, mount, refused, unmount
from fake_board import Cut, PowerCut

from sealcam.dock.certificates import TrustError
from sealproto import cbor, handshake, messages, objects, records

BUREAU = Bureau()
OTHER = Bureau(1)
SOUNDS = {3: b"three" * 100, 7: b"seven" * 333, 150: b"all" * 5000}


def enrolled() -> Recorder:
    return Recorder(Chips()).enrol(BUREAU)


def put_prompts(recorder: Recorder, raw: bytes, blob: bytes) -> None:
    recorder.put(messages.PUT_PROMPTS, raw)
    recorder.put(messages.PUT_PROMPT_BLOB, blob)


def clip(prompts, number: int) -> bytes:
    offset, samples, size = prompts.clip(number)
    assert samples == size * 2
    out = bytearray(size)
    assert prompts.readinto(offset, memoryview(out)) == size
    return bytes(out)


# Whom to believe


def docks(recorder: Recorder, certificate: bytes, revocations: bytes | None = None) -> bool:
    try:
        recorder.shake(BUREAU, handshake.DOCK, revocations, certificate)
    except TrustError:
        return False
    return True


def test_stations_of_the_root_in_date_and_no_others():
    recorder = enrolled()
    assert docks(recorder, BUREAU.station_certificate)
    second = BUREAU.certify(objects.STATION, OTHER.station.public)
    assert docks(recorder, second)
    for certificate in (
        OTHER.station_certificate,
        BUREAU.certify(objects.STATION, OTHER.station.public, OTHER.root),
        BUREAU.certify(objects.STATION, OTHER.station.public, BUREAU.station),
        BUREAU.certify(objects.PROFILE_SIGNER, OTHER.station.public),
        BUREAU.certify(objects.STATION, OTHER.signer.public, None, NOW - 2 * YEAR, NOW - YEAR),
        BUREAU.certify(objects.STATION, OTHER.signer.public, None, NOW + YEAR, NOW + 2 * YEAR),
        BUREAU.certify(objects.STATION, OTHER.signer.public, None, NOW + YEAR, NOW - YEAR),
        second[:-1] + bytes([second[-1] ^ 1]),
        b"\x00",
    ):
        assert not docks(recorder, certificate)
    recorder = recorder.reboot()
    assert recorder.trust.station_key(OTHER.station.kid) == OTHER.station.public, "a station that docked is remembered"
    recorder.close()


def test_a_clock_that_nobody_set_does_not_lock_stations_out():
    recorder = enrolled()
    old = BUREAU.certify(objects.STATION, OTHER.signer.public, None, NOW - 2 * YEAR, NOW - YEAR)
    recorder.trust._utc = lambda: None
    assert docks(recorder, old)
    recorder.close()


def test_a_revoked_station_is_out_and_stays_out():
    recorder = enrolled()
    assert docks(recorder, BUREAU.station_certificate)
    lists = [BUREAU.revocations(n, [[BUREAU.station.kid, None, None, 0]] if n else []) for n in (0, 1, 2)]
    lists.append(BUREAU.revocations(3, [[BUREAU.station.kid, recorder.chain.id, 5, 0], [OTHER.station.kid, bytes(32), None, 0]]))
    assert not docks(recorder, BUREAU.station_certificate, lists[1]) and recorder.trust.revocations.number == 0, "nothing is stored yet"
    second = BUREAU.certify(objects.STATION, OTHER.station.public)
    assert not docks(recorder, second, BUREAU.revocations(1, [], OTHER.root))
    assert docks(recorder, second, lists[1])
    recorder = recorder.reboot()
    assert recorder.trust.revocations.number == 1
    assert not docks(recorder, BUREAU.station_certificate) and not docks(recorder, BUREAU.station_certificate, lists[0])
    refused(messages.STALE, recorder.put, messages.PUT_REVOCATIONS, lists[0])
    refused(messages.STALE, recorder.put, messages.PUT_REVOCATIONS, BUREAU.revocations(1, []))
    recorder.put(messages.PUT_REVOCATIONS, lists[3])
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_REVOCATIONS, BUREAU.revocations(4, [], OTHER.root))
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_REVOCATIONS, BUREAU.revocations(4, [[b"x"]]))
    assert not docks(recorder, BUREAU.station_certificate), "revoked for this chain"
    assert docks(recorder, second), "revoked for another chain"
    assert recorder.ask(messages.STATUS)["revocations"] == 3
    recorder.close()


def test_recipients_are_certified_and_unrevoked():
    recorder = enrolled()
    kids = [kid for kid, _ in recorder.trust.recipients()]
    assert sorted([key for _, key in recorder.trust.recipients()]) == sorted(BUREAU.recipients)
    third = BUREAU.certify(objects.RECIPIENT, OTHER.recipients[0])
    recorder.put(messages.PUT_CERTIFICATES, cbor.encode([third]))
    recorder.put(messages.PUT_REVOCATIONS, BUREAU.revocations(1, [[kids[0], None, None, 0]]))
    recorder = recorder.reboot()
    left = [kid for kid, _ in recorder.trust.recipients()]
    assert len(left) == 2 and kids[0] not in left
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_CERTIFICATES, cbor.encode([third, OTHER.certificates[1]]))
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_CERTIFICATES, cbor.encode([BUREAU.root_certificate]))
    refused(messages.MALFORMED, recorder.put, messages.PUT_CERTIFICATES, cbor.encode([1]))
    refused(messages.MALFORMED, recorder.put, messages.PUT_CERTIFICATES, b"\xff")
    recorder.close()


# Rules, voice, officer


def test_a_profile_is_signed_understood_and_never_older():
    recorder = enrolled()
    assert recorder.objects.profile is None
    second = BUREAU.profile(2)
    recorder.put(messages.PUT_PROFILE, second)
    assert recorder.objects.profile["version"] == 2 and recorder.objects.profile_hash == sha256(second).digest()
    recorder = recorder.reboot()
    assert recorder.ask(messages.STATUS)["profile"] == sha256(second).digest()
    refused(messages.STALE, recorder.put, messages.PUT_PROFILE, BUREAU.profile(1))
    for bad in (
        BUREAU.profile(3, OTHER.signer),
        BUREAU.profile(3, BUREAU.station),
        BUREAU.profile(3, data={23: 1}),
        BUREAU.profile(3, data={2: 4}),
        BUREAU.profile(3, data={0: 99}),
        BUREAU.profile(3)[:-1] + b"\x00",
        BUREAU.prompts(SOUNDS)[0],
    ):
        refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROFILE, bad)
    assert recorder.objects.profile_hash == sha256(second).digest()
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(1, name="other"))
    assert recorder.objects.profile["id"] == "other"
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(1, name="other"))
    recorder.close()


def test_a_profile_file_that_was_changed_is_none():
    recorder = enrolled()
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(2))
    with open("/bench/objects/profile", "rb") as file:
        raw = bytearray(file.read())
    raw[150] ^= 1
    with open("/bench/objects/profile", "wb") as file:
        file.write(raw)
    recorder = recorder.reboot()
    assert recorder.objects.profile is None and recorder.objects.profile_hash is None
    recorder.close()


def test_prompts_count_when_their_sound_is_there():
    recorder = enrolled()
    raw, blob = BUREAU.prompts(SOUNDS)
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPT_BLOB, blob)
    recorder.put(messages.PUT_PROMPTS, raw)
    assert recorder.objects.prompts is None and recorder.objects.prompts_hash is None
    recorder = recorder.reboot()
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPT_BLOB, blob[1:] + b"x")
    recorder.put(messages.PUT_PROMPT_BLOB, blob)
    assert recorder.objects.prompts_hash == sha256(raw).digest()
    assert "prompts" in recorder.events.told
    recorder = recorder.reboot()
    assert all([clip(recorder.objects.prompts, number) == SOUNDS[number] for number in SOUNDS])
    assert [recorder.objects.prompts.clip(number) for number in (0, 4, 151, 65535)] == [None] * 4
    put_prompts(recorder, raw, blob)  # once more: it is there
    newer, sound = BUREAU.prompts({3: b"other"})
    put_prompts(recorder, newer, sound)
    recorder = recorder.reboot()
    assert clip(recorder.objects.prompts, 3) == b"other" and recorder.objects.prompts.clip(7) is None
    recorder.close()


def test_sound_that_is_not_the_sets_own_is_not_taken():
    recorder = enrolled()
    raw, blob = BUREAU.prompts(SOUNDS)
    recorder.put(messages.PUT_PROMPTS, raw)
    about = {"kind": messages.PUT_PROMPT_BLOB, "hash": sha256(blob).digest(), "total": len(blob)}
    refused(messages.NOT_TRUSTED, lambda: recorder.ask(messages.PUT, offset=0, data=bytes(len(blob)), **about))
    assert recorder.objects.prompts is None
    assert recorder.ask(messages.PUT, offset=0, data=b"", **about) == {"have": 0}
    recorder.put(messages.PUT_PROMPT_BLOB, blob)
    path = "/bench/objects/sound-" + sha256(blob).digest()[:8].hex()
    recorder.close()
    mount(recorder.chips.flash)
    with open(path, "rb") as file:
        short = file.read()[:-1]
    with open(path, "wb") as file:
        file.write(short)
    unmount()
    recorder = Recorder(recorder.chips)
    assert recorder.objects.prompts is None and recorder.objects.prompts_hash is None
    put_prompts(recorder, raw, blob)
    assert clip(recorder.objects.prompts, 150) == SOUNDS[150]
    recorder.close()


def test_prompts_of_another_bureau_and_malformed_ones():
    recorder = enrolled()
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPTS, BUREAU.prompts(SOUNDS, OTHER.station)[0])
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPTS, BUREAU.prompts(SOUNDS, BUREAU.root)[0])
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPTS, BUREAU.prompts({70000: b"x"})[0])
    recorder.close()


def test_a_transfer_goes_on_where_it_broke():
    recorder = enrolled()
    raw, blob = BUREAU.prompts(SOUNDS)
    recorder.put(messages.PUT_PROMPTS, raw)
    about = {"kind": messages.PUT_PROMPT_BLOB, "hash": sha256(blob).digest(), "total": len(blob)}
    assert recorder.ask(messages.PUT, offset=0, data=blob[:5000], **about) == {"have": 5000}
    recorder = recorder.reboot()
    assert recorder.ask(messages.PUT, offset=0, data=b"", **about) == {"have": 5000}
    assert recorder.ask(messages.PUT, offset=9000, data=blob[9000:9100], **about) == {"have": 5000}, "a hole"
    assert recorder.ask(messages.PUT, offset=4000, data=blob[4000:6000], **about) == {"have": 6000}, "an overlap"
    assert recorder.ask(messages.PUT, offset=6000, data=blob[6000:] + b"more", **about) == {"have": 6000}, "too much"
    recorder.put(messages.PUT_PROMPT_BLOB, blob)
    assert clip(recorder.objects.prompts, 150) == SOUNDS[150]
    recorder.close()


def test_prompts_whole_or_not_at_every_power_cut():
    old, old_sound = BUREAU.prompts({3: b"old" * 700})
    new, new_sound = BUREAU.prompts({3: b"new!" * 700})
    after, seen = 0, []
    while True:
        cut = Cut()
        recorder = Recorder(Chips(cut=cut)).enrol(BUREAU)
        put_prompts(recorder, old, old_sound)
        cut.after = cut.count + after
        try:
            put_prompts(recorder, new, new_sound)
        except (PowerCut, OSError):
            assert cut.dead
            unmount()
        else:
            cut.after = None
            recorder.close()
            break
        recorder = Recorder(recorder.chips.after_cut())
        seen.append(recorder.objects.prompts_hash)
        assert clip(recorder.objects.prompts, 3) == (b"new!" if seen[-1] == sha256(new).digest() else b"old") * 700
        put_prompts(recorder, new, new_sound)
        assert clip(recorder.objects.prompts, 3) == b"new!" * 700
        recorder.close()
        after += 1
    assert seen[0] == sha256(old).digest() and seen[-1] == sha256(new).digest() and after > 10


def test_when_flash_has_no_room_for_two_sets_the_old_one_goes_first():
    recorder = enrolled()
    raw, blob = BUREAU.prompts({3: b"a" * 120_000})
    put_prompts(recorder, raw, blob)
    newer, sound = BUREAU.prompts({3: b"b" * 120_000})
    recorder.put(messages.PUT_PROMPTS, newer)
    assert recorder.objects.prompts_hash == sha256(raw).digest()
    recorder.ask(messages.PUT, kind=messages.PUT_PROMPT_BLOB, hash=sha256(sound).digest(), total=len(sound), offset=0, data=sound[:9000])
    assert recorder.objects.prompts is None
    recorder = recorder.reboot()
    assert recorder.objects.prompts is None and recorder.objects.prompts_hash is None
    recorder.put(messages.PUT_PROMPT_BLOB, sound)
    assert clip(recorder.objects.prompts, 3) == b"b" * 120_000
    recorder.close()


def test_an_assignment_is_a_record():
    recorder = enrolled()
    raw = BUREAU.assignment(recorder.chain.id)
    recorder.put(messages.PUT_ASSIGNMENT, raw)
    assert records.Record(recorder.chain.get(recorder.chain.seq)).fields["assignment"] == raw
    head = recorder.chain.seq
    recorder.put(messages.PUT_ASSIGNMENT, raw)
    recorder = recorder.reboot()
    assert recorder.chain.seq == head and recorder.objects.assignment_hash == sha256(raw).digest()
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_ASSIGNMENT, BUREAU.assignment(bytes(32)))
    refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_ASSIGNMENT, BUREAU.assignment(recorder.chain.id, OTHER.station))
    refused(messages.STALE, recorder.put, messages.PUT_ASSIGNMENT, BUREAU.assignment(recorder.chain.id, None, NOW - 1))
    recorder.open_session()
    refused(messages.NOT_NOW, recorder.put, messages.PUT_ASSIGNMENT, BUREAU.assignment(recorder.chain.id, None, NOW + YEAR))
    assert recorder.chain.seq == head + 1
    recorder.close()


def test_sizes_and_kinds_that_do_not_exist():
    recorder = enrolled()
    about = {"hash": bytes(32), "offset": 0, "data": b"x"}
    refused(messages.TOO_LARGE, lambda: recorder.ask(messages.PUT, kind=messages.PUT_ASSIGNMENT, total=100_000, **about))
    refused(messages.TOO_LARGE, lambda: recorder.ask(messages.PUT, kind=messages.PUT_ASSIGNMENT, total=0, **about))
    refused(messages.UNKNOWN_TYPE, lambda: recorder.ask(messages.PUT, kind=99, total=1, **about))
    refused(messages.NOT_TRUSTED, lambda: recorder.ask(messages.PUT, kind=messages.PUT_ASSIGNMENT, total=1, **about))
    recorder.close()


# Clock, and what is refused while recording


def test_the_clock_is_set_after_what_it_showed_was_signed():
    recorder = enrolled()
    recorder.chips.time[0] = NOW + 5000
    call = Call(Session(handshake.DOCK, BUREAU.station.public))
    answer = recorder.ask(messages.SET_CLOCK, call, utc=NOW + 9000, uncertainty_ms=7, drift_ppb=-3)
    fields = records.Record(recorder.chain.get(answer["seq"])).fields
    assert (fields["before"], fields["after"], fields["uncertainty_ms"], fields["drift_ppb"]) == (NOW + 5000, NOW + 9000, 7, -3)
    assert fields["station"] == BUREAU.station.kid
    assert recorder.ask(messages.TIME)["utc"] == NOW + 9000
    recorder.close()


def test_nothing_disturbs_a_recording():
    recorder = enrolled()
    recorder.open_session()
    seq = recorder.segment(0)
    recorder.events.records = True
    assert recorder.ask(messages.STATUS)["session_open"]
    assert recorder.ask(messages.TIME)["utc"]
    assert len(recorder.ask(messages.RECORDS, **{"from": 0, "bytes": 9999})["records"]) == recorder.chain.seq + 1
    refused(messages.NOT_NOW, lambda: recorder.ask(messages.LEAVES, segment=seq, first=0, count=1))
    refused(messages.NOT_NOW, lambda: recorder.ask(messages.TAIL, slot=0, first=0, count=1))
    refused(messages.NOT_NOW, lambda: recorder.ask(messages.SET_CLOCK, utc=NOW, uncertainty_ms=1, drift_ppb=None))
    refused(messages.NOT_NOW, recorder.put, messages.PUT_PROFILE, BUREAU.profile(1))
    recorder.close()
