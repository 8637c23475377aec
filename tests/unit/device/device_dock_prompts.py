# SPDX-License-Identifier: Apache-2.0
"""What a recorder must not speak: a prompt set that nobody signed, that was damaged, that lacks the announcement, or of another profile."""

import os
from hashlib import sha256

from dock_bench import NOW, YEAR, Bureau, Chips, Recorder, refused

from sealcam.dock.incoming import OFFSET
from sealproto import clips, cose, messages, objects

BUREAU = Bureau()
SOUNDS = {3: b"three" * 400, clips.ANNOUNCEMENT: b"what people are told" * 300, 201: b"z" * 100}
FOLDER = "/bench/objects/"


def enrolled() -> Recorder:
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(1))
    return recorder


def installed(sounds: dict = SOUNDS) -> Recorder:
    recorder = enrolled()
    raw, blob = BUREAU.prompts(sounds)
    recorder.put(messages.PUT_PROMPTS, raw)
    recorder.put(messages.PUT_PROMPT_BLOB, blob)
    assert recorder.objects.prompts_hash == sha256(raw).digest()
    return recorder


def changed(name: str, at: int) -> None:
    """One bit of a file, counted from its end where `at` is negative."""
    with open(FOLDER + name, "rb") as file:
        raw = bytearray(file.read())
    raw[at] ^= 1
    with open(FOLDER + name, "wb") as file:
        file.write(raw)


def sound_file() -> str:
    (name,) = [entry[0] for entry in os.ilistdir(FOLDER[:-1]) if entry[0].startswith("sound-")]
    return name


def unfit(recorder: Recorder) -> str:
    found = recorder.objects.unfit()
    return "" if found is None else str(found)


def test_an_unsigned_prompt_set_is_refused():
    recorder = enrolled()
    raw = BUREAU.prompts(SOUNDS)[0]
    message = cose.parse(raw, cose.PROMPTS)
    at = raw.index(message.signature)
    signature_gone = raw[: at - 2] + b"\x40"
    zeros = raw[:at] + bytes(64)
    other_sound = raw.replace(sha256(SOUNDS[3]).digest()[:16], sha256(b"other words").digest()[:16])
    assert other_sound != raw and signature_gone[-1:] == b"\x40"
    unsigned = objects.make(
        cose.PROMPTS, BUREAU.station.kid, lambda message: bytes(64), profile="test", rate=16000, clips=[], blob=bytes(32)
    )
    for bad in (signature_gone, zeros, raw[:-1] + bytes((raw[-1] ^ 1,)), other_sound, unsigned, message.payload, raw + b"\x00", b"\x80"):
        refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPTS, bad)
        assert recorder.objects.prompts is None
    recorder = recorder.reboot()
    assert recorder.objects.prompts is None and "prompts.coming" not in os.listdir(FOLDER[:-1])
    assert unfit(recorder) == "no prompts"
    recorder.close()


def test_only_a_station_in_date_signs_prompts():
    recorder = enrolled()
    past = BUREAU.certify(objects.STATION, BUREAU.signer.public, since=NOW - YEAR, until=NOW - 1)
    recorder.trust.put_certificates([past])
    for by in (BUREAU.root, BUREAU.signer, Bureau(5).station):
        refused(messages.NOT_TRUSTED, recorder.put, messages.PUT_PROMPTS, BUREAU.prompts(SOUNDS, by)[0])
    recorder.close()


def test_a_set_that_was_changed_on_flash_is_none():
    """Wherever: in the signature, in a digest, in the name of its signer."""
    with_set = installed()
    size = os.stat(FOLDER + "prompts")[6]
    for at in (5, 30, size // 2, size - 70, size - 1):
        changed("prompts", at)
        with_set = with_set.reboot()
        assert with_set.objects.prompts is None and with_set.objects.prompts_hash is None, at
        assert unfit(with_set) == "no prompts"
        raw, blob = BUREAU.prompts(SOUNDS)  # the next dock brings it again
        with_set.put(messages.PUT_PROMPTS, raw)
        if with_set.objects.prompts is None:
            with_set.put(messages.PUT_PROMPT_BLOB, blob)
        assert unfit(with_set) == ""
    with_set.close()


def test_a_damaged_announcement_is_not_spoken():
    recorder = installed()
    assert unfit(recorder) == ""
    changed(sound_file(), OFFSET + len(SOUNDS[3]) + 100)
    recorder = recorder.reboot()
    assert recorder.objects.prompts is not None and "damaged" in unfit(recorder)
    recorder.close()


def test_a_set_without_the_announcement_is_not_fit():
    recorder = installed({number: SOUNDS[number] for number in SOUNDS if number != clips.ANNOUNCEMENT})
    assert "missing" in unfit(recorder)
    recorder = recorder.reboot()
    assert "missing" in unfit(recorder)
    recorder.close()


def test_a_set_of_another_profile_is_not_fit():
    recorder = installed()
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(1, name="other"))
    assert "another profile" in unfit(recorder)
    recorder.put(messages.PUT_PROFILE, BUREAU.profile(2))
    assert unfit(recorder) == ""
    recorder.close()
