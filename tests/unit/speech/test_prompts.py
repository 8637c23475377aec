# SPDX-License-Identifier: Apache-2.0
"""Prompt sets built with the real speech library, and what is refused."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sealdock import profile
from sealdock.errors import SealdockError
from sealdock.prompts import adpcm, build, espeak, pinyin, promptset, sound, voice
from sealdock.prompts.promptset import PromptSet
from sealdock.prompts.script import PAUSES, script
from sealproto import cbor, clips, cose, objects


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> PromptSet:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return build.build(profile.load("luoping"))


def pcm(prompts: PromptSet, number: int) -> np.ndarray:
    clip = prompts[number]
    return sound.from_pcm(adpcm.decode(clip.data, clip.samples))


def test_the_set_holds_the_whole_script(built: PromptSet) -> None:
    assert built.texts == script(profile.load("luoping"))
    assert [clip.number for clip in built.clips] == sorted(built.texts)
    assert built.doubts == ()
    assert len(built.blob()) < build.MAX_BLOB_BYTES


def test_the_announcement_takes_as_long_as_saying_it(built: PromptSet) -> None:
    assert 6 < built[clips.ANNOUNCEMENT].samples / built.rate < 9


def test_clips_are_trimmed_and_equally_loud(built: PromptSet) -> None:
    for clip in built.clips:
        heard = pcm(built, clip.number)
        if clip.number in PAUSES:
            assert abs(heard).max() < 0.001
            continue
        assert abs(heard).max() < 0.95, clip.text
        if clip.number != clips.TONE:
            assert abs(heard[:80]).max() < 0.05 and abs(heard[-80:]).max() < 0.05, clip.text
            rms = np.sqrt(np.mean(sound.trimmed(heard) ** 2))
            assert -24 < 20 * np.log10(rms) < -14, clip.text


def test_payload_is_what_the_protocol_signs(built: PromptSet) -> None:
    fields, unknown = objects.unpack(objects.TABLES[cose.PROMPTS], cbor.decode(cbor.encode(built.payload())))
    assert not unknown and fields["profile"] == "luoping" and fields["rate"] == 16_000
    assert fields["blob"] == hashlib.sha256(built.blob()).digest()
    place = 0
    for number, samples, size, digest in fields["clips"]:
        data = built.blob()[place : place + size]
        assert hashlib.sha256(data).digest()[:16] == digest
        assert size == (samples + 1) // 2 and built[number].data == data
        place += size
    assert place == len(built.blob())


def test_the_same_profile_gives_the_same_bytes(built: PromptSet) -> None:
    again = build._built(profile.load("luoping"), script(profile.load("luoping")))
    assert again.payload() == built.payload()


def test_the_cache_is_used_and_a_damaged_one_is_not(built: PromptSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spoken = []
    monkeypatch.setattr(build, "_built", lambda *_: spoken.append(1) or built)
    own = profile.load("luoping")
    assert build.build(own) == build.build(own) == built
    assert len(spoken) == 1
    (file,) = (tmp_path / "sealdock" / "prompts").iterdir()
    damaged = bytearray(file.read_bytes())
    damaged[-1] ^= 1
    file.write_bytes(damaged)
    assert build.build(own) == built
    assert len(spoken) == 2


def test_another_wording_is_another_cache_entry() -> None:
    luoping, changchun = profile.load("luoping"), profile.load("changchun")
    assert build._cache_file(luoping, script(luoping)) != build._cache_file(changchun, script(changchun))


def test_parse_refuses_what_is_cut_or_changed(built: PromptSet) -> None:
    data = promptset.dump(built)
    assert promptset.parse(data) == built
    for bad in (b"", data[:100], data[:-1], data + b"x", data.replace(b'"rate"', b'"rote"')):
        with pytest.raises(SealdockError):
            promptset.parse(bad)


def test_export_writes_what_can_be_listened_to(built: PromptSet, tmp_path: Path) -> None:
    build.export(built, tmp_path)
    assert len(list(tmp_path.glob("*.wav"))) == len(built.clips)
    assert "现恢复记录" in (tmp_path / "script.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", profile.names())
def test_no_built_in_text_leaves_a_reading_open(name: str) -> None:
    assert {n: text for n, text in script(profile.load(name)).items() if pinyin.doubts(text)} == {}


def test_doubtful_characters_are_named() -> None:
    assert pinyin.doubts("请重做，长了") == "重长"
    assert pinyin.doubts("请重新开始") == ""


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("自动重启", "ts.h'ong35"),  # chóng, not zhòng
        ("正在上传记录", "ts.h'ua35n"),  # chuán, not zhuàn
        ("中止时长", "ts.h'A35N"),  # cháng
        ("还可录制", "X'ai35"),  # hái
    ],
)
def test_pinned_words_are_read_as_their_pinyin(text: str, sounds: str) -> None:
    assert sounds in pinyin.pinned(text)


def test_pinned_words_take_as_long_as_plain_ones() -> None:
    for text in ("重要时间空间", "存储空间即将用尽", "为保护您的合法权益", "上传未完成，请重新连接"):
        plain, pinned = len(espeak.synthesize(text)), len(espeak.synthesize(pinyin.pinned(text)))
        assert abs(pinned / plain - 1) < 0.1, text


def test_resampling_keeps_the_pitch() -> None:
    spoken = np.frombuffer(
        espeak._resampled((8000 * np.sin(np.arange(22050) * 2 * np.pi * 440 / 22050)).astype("<i2").tobytes(), 22050), "<i2"
    )
    assert abs(len(spoken) - 16_000) < 20
    spectrum = abs(np.fft.rfft(spoken[:16_000], 16_000))
    assert spectrum.argmax() == 440


def test_limiting_leaves_quiet_sound_alone() -> None:
    quiet = 0.5 * np.sin(np.arange(8000) / 20)
    assert np.allclose(sound.limited(quiet), quiet)
    loud = np.concatenate([quiet, 3 * quiet, quiet])
    assert abs(sound.limited(loud)).max() <= 10 ** (sound.PEAK_DB / 20) + 1e-9


def test_limiting_turns_the_volume_down_gently() -> None:
    loud = np.sin(np.arange(8000) / 20) * np.where(np.arange(8000) > 4000, 1.5, 0.5)
    heard = np.abs(loud) > 0.1
    gain = sound.limited(loud)[heard] / loud[heard]
    assert gain.min() < 0.7 and np.abs(np.diff(gain)).max() < 0.05


def test_voice_data_in_a_very_deep_folder_still_speaks(tmp_path: Path) -> None:
    deep = tmp_path / ("很深的 folder" * 8) / "espeak-ng-data"
    deep.parent.mkdir()
    deep.symlink_to(espeak.espeakng_loader.get_data_path())
    code = (
        "import sys, espeakng_loader; espeakng_loader.get_data_path = lambda: sys.argv[1]\n"
        "from sealdock.prompts import espeak; print(len(espeak.synthesize('现恢复记录')))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(deep)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and int(done.stdout) > 16_000, done.stderr


def test_an_unknown_voice_is_one_clear_line() -> None:
    with pytest.raises(SealdockError, match="espeak-ng has no voice 'nobody'"):
        voice.speak([("一", None, 200)], "nobody")


def test_a_set_too_large_for_the_recorder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MAX_BLOB_BYTES", 1000)
    texts = {number: text for number, text in script(profile.load("luoping")).items() if number in (1, 2, *PAUSES, clips.TONE)}
    with pytest.raises(SealdockError, match="a recorder holds 1000"):
        build._built(profile.load("luoping"), texts)
