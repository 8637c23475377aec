# SPDX-License-Identifier: Apache-2.0
"""What the recorder really put on its card: opened with independent code, played by independent players."""

import io
import json
import subprocess
from hashlib import sha256
from pathlib import Path

import av
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from sealdock.keys import check_signature
from sealproto import derive, merkle, records, slot
from sealsim import reel
from sealsim.hardware import Hardware
from sealsim.recorder import Recorder

APPLICATION = Path(__file__).with_name("app_sealing.py")


def expand(key: bytes, info: bytes, n: int) -> bytes:
    return HKDFExpand(SHA256(), n, info).derive(bytes(key))


def hmac(key: bytes, *parts: bytes) -> bytes:
    code = HMAC(key, SHA256())
    for part in parts:
        code.update(part)
    return code.finalize()


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[records.Record], bytes, Path]:
    """(records, content key, card image) of one run."""
    home = tmp_path_factory.mktemp("recorder")
    with Recorder.create(home, Hardware(card_bytes=64 * 1024 * 1024), reel=reel.default(), application=APPLICATION) as recorder:
        recorder.start()
        recorder.run_for(14_000)
        raws = [bytes.fromhex(e["details"][0]) for e in recorder.events if e.name == "trace" and e["what"] == "record"]
    chain = [records.Record(raw) for raw in raws]
    return chain, open_wrap(chain[1]), home / "card.bin"


def open_wrap(session_open: records.Record) -> bytes:
    """The content key, as the first recipient gets it."""
    ephemeral, wrapped = session_open.fields["wraps"]
    secret = X25519PrivateKey.from_private_bytes(bytes([1] * 32)).exchange(X25519PublicKey.from_public_bytes(ephemeral))
    info = derive.kek_info(session_open.fields["session"], 0)
    kek = HKDF(SHA256(), 32, None, info).derive(secret)
    key = aes_key_unwrap(kek, wrapped[0][1])
    assert sha256(key).digest() == session_open.fields["content_key_hash"]
    return key


def test_chain_and_epoch_keys(taken: tuple) -> None:
    chain = taken[0]
    assert [r.name for r in chain] == ["genesis", "session-open", "segment", "segment", "segment", "session-close", "rotate-key"]
    key = chain[0].fields["identity"]
    for before, record in zip([None, *chain], chain, strict=False):
        check_signature(key, record.sign1.signed, record.sign1.signature)
        assert record.understood and record.prev == (before.hash if before else bytes(32))
        key = chain[0].fields["epoch_key"]


def test_segments_open_play_and_leave_no_gap(taken: tuple, tmp_path: Path) -> None:
    chain, content, image = taken
    frames = samples = 0
    for record in (r for r in chain if r.name == "segment"):
        fields = record.fields
        assert (fields["first_frame"], fields["first_sample"], fields["lost_frames"], fields["lost_samples"]) == (frames, samples, 0, 0)
        frames += fields["frames"]
        samples += fields["samples"]
        plain = opened(image, record, content)
        with av.open(io.BytesIO(plain)) as container:
            video, sound = container.streams.video[0], container.streams.audio[0]
            assert sum(1 for _ in container.decode(video)) == fields["frames"]
            container.seek(0)
            assert sound.rate == 16000
        with av.open(io.BytesIO(plain)) as container:
            assert sum(frame.samples for frame in container.decode(audio=0)) == fields["samples"]
        probe(plain, tmp_path)
    assert 11 * 15 <= frames <= 12 * 15 + 1 and 11 * 16000 <= samples <= 12 * 16000 + 1600
    close = next(r for r in chain if r.name == "session-close").fields
    assert (close["frames"], close["samples"]) == (frames, samples)


def opened(image: Path, record: records.Record, content: bytes) -> bytes:
    """The plain segment; checks root, tags and the slot's copy on the way."""
    fields = record.fields
    aes_key, iv_key = derive.cipher_keys(expand, derive.segment_key(expand, content, fields["number"]))
    tag_key = derive.tag_key(expand, content)
    plain, hashes = b"", []
    with image.open("rb") as card:
        card.seek(slot.FIRST_SECTOR * 512)
        block = slot.Superblock.unpack(card.read(512))
        start = block.slot_sector(fields["slot"]) * 512
        card.seek(start + 512)
        assert slot.read_copy(card.read(7 * 512)) == record.raw
        for index in range(-(-fields["stored_bytes"] // merkle.LEAF_BYTES)):
            leaf, trailer = card.read(merkle.LEAF_BYTES), card.read(512)
            facts, tag = slot.Trailer.unpack(trailer)
            leaf = leaf[: facts.length]
            hashes.append(merkle.leaf_hash(leaf))
            assert tag == derive.leaf_tag(hmac, tag_key, facts.pack(), hashes[-1]) and facts.index == index
            cipher = Cipher(algorithms.AES256(aes_key), modes.CBC(derive.leaf_iv(hmac, iv_key, index))).decryptor()
            plain += cipher.update(leaf) + cipher.finalize()
    assert merkle.root(hashes) == fields["root"] and len(plain) == fields["stored_bytes"]
    return plain[: fields["plain_bytes"]]


def probe(plain: bytes, folder: Path) -> None:
    path = folder / "segment.mkv"
    path.write_bytes(plain)
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert [s["codec_name"] for s in json.loads(done.stdout)["streams"]] == ["mjpeg", "pcm_s16le"]


def test_card_shows_a_readme_and_no_media(taken: tuple) -> None:
    chain, content, path = taken
    image = path.read_bytes()
    assert image[510:512] == b"\x55\xaa" and "请勿格式化".encode() in image
    plain = opened(path, next(r for r in chain if r.name == "segment"), content)
    for at in range(0, len(plain) - 24, len(plain) // 50):  # 24 bytes: too many to turn up in ciphertext by chance
        piece = plain[at : at + 24]
        assert len(set(piece)) < 6 or piece not in image  # silence is zeros, as is an empty card
