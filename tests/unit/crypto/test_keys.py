# SPDX-License-Identifier: Apache-2.0
"""The station's keys: strict verdicts on every vector and trick, and private keys as files."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from nacl.bindings import crypto_sign_open

from sealdock import keys
from sealdock.errors import ExitCode, SealdockError, SignatureError

VECTORS = Path(__file__).parents[2] / "vectors"
TRICKS = json.loads((Path(__file__).parent / "tricks.json").read_text(encoding="ascii"))
CHECKS = [keys.check_signature, keys.second_opinion]
Check = Callable[[bytes, bytes, bytes], None]


def wycheproof(name: str) -> list[tuple[dict, dict]]:
    groups = json.loads((VECTORS / "wycheproof" / name).read_text(encoding="utf-8"))["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def accepts(check: Check, public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        check(public, message, signature)
    except SignatureError:
        return False
    return True


def test_rfc8032() -> None:
    for vector in json.loads((VECTORS / "ed25519_rfc8032.json").read_text(encoding="ascii")):
        key = keys.SigningKey(bytes.fromhex(vector["seed"]))
        message = bytes.fromhex(vector["message"])
        assert key.public.hex() == vector["public"]
        assert key.sign(message).hex() == vector["signature"]


@pytest.mark.parametrize("check", CHECKS)
def test_wycheproof_ed25519(check: Check) -> None:
    cases = wycheproof("ed25519_test.json")
    assert len(cases) == 151
    for group, test in cases:
        public = bytes.fromhex(group["publicKey"]["pk"])
        verdict = accepts(check, public, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
        assert verdict == (test["result"] == "valid"), test["tcId"]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("trick", TRICKS, ids=[trick["name"] for trick in TRICKS])
def test_tricks(check: Check, trick: dict) -> None:
    public, message, signature = (bytes.fromhex(trick[field]) for field in ("public", "message", "signature"))
    assert accepts(check, public, message, signature) == trick["valid"]


def test_tricks_would_pass_without_the_checks() -> None:
    """libsodium alone accepts the signature by a key of mixed order, so that check is ours to make."""
    trick = next(trick for trick in TRICKS if trick["name"] == "key of mixed order")
    signed = bytes.fromhex(trick["signature"] + trick["message"])
    assert crypto_sign_open(signed, bytes.fromhex(trick["public"])) == bytes.fromhex(trick["message"])


@pytest.mark.parametrize("check", CHECKS)
def test_wrong_types_and_lengths(check: Check) -> None:
    key = keys.SigningKey(bytes(32))
    signature = key.sign(b"message")
    for public, sealed in ((key.public[:31], signature), (key.public + b"\0", signature), (b"", signature)):
        assert not accepts(check, public, b"message", sealed)
    for length in (0, 32, 63, 65):
        assert not accepts(check, key.public, b"message", (signature * 2)[:length])
    with pytest.raises(TypeError):
        check(key.public.hex(), b"message", signature)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        check(key.public, "message", signature)  # type: ignore[arg-type]


def test_the_second_opinion_is_asked_only_inside_paranoid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first library that lets everything through stands for a fault in it."""
    key = keys.SigningKey(bytes(32))
    wrong = key.sign(b"another message")
    monkeypatch.setattr(keys.bindings, "crypto_sign_open", lambda *_: b"")
    assert accepts(keys.check_signature, key.public, b"message", wrong)
    with keys.paranoid():
        assert not accepts(keys.check_signature, key.public, b"message", wrong)
        assert accepts(keys.check_signature, key.public, b"another message", wrong)
    assert accepts(keys.check_signature, key.public, b"message", wrong)


def test_what_is_remembered_of_keys_is_bounded() -> None:
    keys._good_key.cache_clear()
    for number in range(keys._KEYS_REMEMBERED + 50):
        accepts(keys.check_signature, number.to_bytes(32, "little"), b"", bytes(64))
    assert keys._good_key.cache_info().currsize == keys._KEYS_REMEMBERED


def test_signature_error_ends_with_code_3() -> None:
    with pytest.raises(SealdockError) as caught:
        keys.check_signature(bytes(32), b"", bytes(64))
    assert caught.value.exit_code == ExitCode.VERIFICATION_FAILED == 3


def test_wycheproof_x25519() -> None:
    refused = 0
    for _, test in wycheproof("x25519_test.json"):
        key = keys.AgreementKey(bytes.fromhex(test["private"]))
        if "ZeroSharedSecret" in test["flags"]:
            refused += 1
            with pytest.raises(ValueError):
                key.agree(bytes.fromhex(test["public"]))
        else:
            assert key.agree(bytes.fromhex(test["public"])).hex() == test["shared"], test["tcId"]
    assert refused == 31


@pytest.mark.parametrize("kind", [keys.SigningKey, keys.AgreementKey])
def test_wrong_key_lengths(kind: type[keys.SigningKey] | type[keys.AgreementKey]) -> None:
    for length in (0, 31, 33):
        with pytest.raises(ValueError):
            kind(bytes(length))


def test_kid() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert keys.kid(public).hex() == "21fe31dfa154a261"


def test_files_round_trip(tmp_path: Path) -> None:
    signing, agreement = keys.SigningKey.generate(), keys.AgreementKey.generate()
    keys.save(signing, tmp_path / "station.key")
    keys.save(agreement, tmp_path / "escrow.key")
    assert stat.S_IMODE(os.stat(tmp_path / "station.key").st_mode) == 0o600
    assert keys.load_signing(tmp_path / "station.key").public == signing.public
    assert keys.load_agreement(tmp_path / "escrow.key").public == agreement.public
    assert sorted(path.name for path in tmp_path.iterdir()) == ["escrow.key", "station.key"]


def test_a_private_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    first = keys.SigningKey.generate()
    keys.save(first, path)
    with pytest.raises(SealdockError, match="exists"):
        keys.save(keys.SigningKey.generate(), path)
    assert keys.load_signing(path).public == first.public


def test_failed_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left.*station\.key"):
        keys.save(keys.SigningKey.generate(), tmp_path / "station.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "ed25519", "ed25519 00\n", "x25519 " + "00" * 32 + "\n", "ed25519 " + "zz" * 32 + "\n", "\xe9"])
def test_strange_files(tmp_path: Path, text: str) -> None:
    path = tmp_path / "station.key"
    path.write_text(text, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(SealdockError, match="is not an ed25519 private key"):
        keys.load_signing(path)


def test_missing_and_readable_files(tmp_path: Path) -> None:
    with pytest.raises(SealdockError, match="cannot read"):
        keys.load_signing(tmp_path / "absent.key")
    keys.save(keys.SigningKey.generate(), tmp_path / "station.key")
    (tmp_path / "station.key").chmod(0o640)
    with pytest.raises(SealdockError, match="read by others"):
        keys.load_signing(tmp_path / "station.key")
