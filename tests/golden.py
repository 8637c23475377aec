# SPDX-License-Identifier: Apache-2.0
"""One golden example of every signed object. `python -m tests.golden` writes protocol/vectors/objects.json anew.

Keys are RFC 8032's first test key and values are counted bytes, so anybody can make the same bytes from docs/protocol.md alone.
"""

import hashlib
import json
from pathlib import Path

import nacl.bindings

from sealproto import cose, objects, records
from sealproto import records as r
from sealproto.cbor import encode

PATH = Path(__file__).parent.parent / "protocol" / "vectors" / "objects.json"
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC, SECRET = nacl.bindings.crypto_sign_seed_keypair(SEED)
KID = hashlib.sha256(PUBLIC).digest()[:8]
UTC = 1_781_000_000_000
SESSION = bytes(range(16))


def h(n: int) -> bytes:
    """32 counted bytes from n."""
    return bytes((n + i) & 255 for i in range(32))


def sign(message: bytes) -> bytes:
    return nacl.bindings.crypto_sign(message, SECRET)[:64]


WRAPS = [h(7), [[bytes(8), bytes(40)], [bytes([1] * 8), bytes(40)]]]
MEDIA = [[640, 480, 15], [16000, 16, 1]]
CHECK = [[1, True, 3900], [2, False, None]]
ABILITIES = {key: key in (0, 4, 5, 6, 7) for key in range(8)}

BODIES = {
    r.GENESIS: {
        "identity": PUBLIC, "epoch_key": PUBLIC, "board": "unix", "abilities": ABILITIES, "nonce": h(1), "firmware": "0.1.0",
        "predecessor": None,
    },
    r.BOOT: {
        "reason": 0, "firmware": "0.1.0", "entropy": "os.urandom", "battery_mv": 4012, "card": SESSION, "free_slots": 31,
        "open_session": None, "keystore": 0,
    },
    r.SESSION_OPEN: {
        "session": SESSION, "activity": 16, "profile": h(2), "prompts": h(3), "assignment": h(4), "wraps": WRAPS,
        "content_key_hash": h(5), "media": MEDIA, "order": 0, "mode": 0, "check": CHECK,
    },
    r.ANNOUNCE: {
        "session": SESSION, "part": 0, "occasion": 0, "wording": h(6), "clips": [40, 41], "start_ms": 120, "end_ms": 8420,
        "first_sample": 0, "samples": 132800, "volume": 100, "means": 0, "complete": True,
    },
    r.SEGMENT: {
        "session": SESSION, "part": 0, "number": 3, "slot": 5, "generation": 1, "plain_bytes": 1200001, "stored_bytes": 1200016,
        "root": h(8), "first_frame": 225, "frames": 75, "first_sample": 240000, "samples": 80000, "start_ms": 15000, "end_ms": 20000,
        "lost_frames": 0, "lost_samples": 0,
    },
    r.MARK: {"session": SESSION, "part": 0, "code": 31, "first_sample": 16000, "samples": None, "role": 11, "at_ms": 1500, "activity": 18},
    r.INTERRUPT: {
        "session": SESSION, "part": 0, "fact": 1, "cause": 1, "measured": {0: 3298}, "at_next_boot": False, "segments": 9,
        "frames": 660, "samples": 704000, "last_ms": 44000, "last_boot": 3,
    },
    r.RESUME: {
        "session": SESSION, "part": 1, "interrupt": 21, "fact": 1, "cause": 1, "from_utc": UTC, "length_ms": 720000, "wraps": WRAPS,
        "content_key_hash": h(9), "media": MEDIA, "profile": h(2), "prompts": h(3), "assignment": None, "mode": 0, "check": [],
    },
    r.REASON_NOTE: {
        "session": SESSION, "part": 1, "interrupt": 21, "cause": 3, "stated_by": 2, "first_sample": 900000, "samples": 64000,
        "text": "器材",
    },
    r.NO_RECORD: {"reason": 4, "basis": "DL15(1)", "start_utc": UTC, "end_utc": None, "session": None, "activity": 16, "moment": 0},
    r.SESSION_CLOSE: {"session": SESSION, "parts": 3, "segments": 20, "frames": 1500, "samples": 1600000, "fact": 11, "cause": 16},
    r.HANDOVER_OUT: {"session": SESSION, "part": 2, "peer_chain": h(10), "token": SESSION, "samples": 1600000},
    r.HANDOVER_IN: {"session": SESSION, "peer_chain": h(11), "token": SESSION},
    r.ROTATE_KEY: {"epoch": 1, "key": h(13), "reason": 0},
    r.CLOCK_SET: {"before": UTC, "after": UTC + 250, "uncertainty_ms": 4, "drift_ppb": -1200, "station": KID},
    r.ASSIGN: {"assignment": b"\xd2\x84"},
    r.RECEIPT: {"receipt": b"\xd2\x84"},
    r.FAULT: {"code": 3, "part": 2, "error": -5, "healed": False},
    r.FREED: {"receipt": h(14), "slots": [0, 1, 2]},
    r.PREFLIGHT: {"items": CHECK, "occasion": 0},
    r.TAIL_FOUND: {
        "session": SESSION, "part": 1, "number": 12, "slot": 14, "generation": 2, "leaves": 7, "root": h(15), "last_ms": 33000,
        "last_boot": 4,
    },
}  # fmt: skip

OBJECTS = {
    cose.CERTIFICATE: {
        "role": 5, "key": PUBLIC, "serial": 2, "from": UTC, "until": UTC + 1, "name": None, "chain": h(16), "genesis": h(17),
        "board": "unix", "abilities": ABILITIES, "predecessor": [h(18), 7, h(19)],
    },
    cose.REVOCATIONS: {"number": 3, "issued": UTC, "entries": [[KID, h(20), 99, 1], [bytes(8), None, None, 2]]},
    cose.ASSIGNMENT: {"chain": h(21), "number": 17, "from": UTC, "until": None},
    cose.RECEIPT: {
        "chain": h(22), "counter": 4, "head_seq": 40, "head_hash": h(23), "segments": [[5, 9], [12, 30]], "root": h(24), "log": h(25),
        "log_size": 9, "log_root": h(26), "log_index": 8, "log_proof": [h(27)], "utc": UTC,
    },
    cose.CHECKPOINT: {"log": h(25), "size": 9, "root": h(26), "utc": UTC},
    cose.PROMPTS: {"profile": "luoping", "rate": 16000, "clips": [[40, 132800, 66520, SESSION]], "blob": h(28)},
    cose.PROFILE: {"id": "luoping", "number": 1, "data": {0: "luoping", 1: [1, 2]}},
    cose.MANIFEST: {"session": SESSION, "chain": h(29), "files": [["records.cbor", 12, h(30)]], "utc": UTC, "approval": None},
}  # fmt: skip


def record(record_type: int) -> bytes:
    """The golden record of a type: boot 3, 61.5 s after it, clock set at a dock."""
    payload = records.payload(
        h(0), record_type, h(31), 3, 61500, [UTC, 1, 20], record_type, records.body(record_type, **BODIES[record_type])
    )
    return cose.sign1(cose.RECORD, KID, payload, sign)


def examples() -> dict[str, bytes]:
    """Name -> bytes of every golden object."""
    made = {"record " + records.NAMES[number]: record(number) for number in BODIES}
    for content_type, values in OBJECTS.items():
        made[content_type.split(".")[-1].split("+")[0]] = objects.make(content_type, KID, sign, **values)
    given_up = {**OBJECTS[cose.RECEIPT], "given_up": [[31, 31, 1], [33, 34, 2]]}
    made["receipt given-up"] = objects.make(cose.RECEIPT, KID, sign, **given_up)
    made["handshake"] = cose.sign1(cose.HANDSHAKE, KID, encode({0: 1, 1: h(1), 2: h(2)}), sign)
    return made


def document() -> str:
    """The vector file's text."""
    rows = [{"name": name, "bytes": raw.hex()} for name, raw in examples().items()]
    return json.dumps({"seed": SEED.hex(), "public": PUBLIC.hex(), "objects": rows}, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(document())
