# SPDX-License-Identifier: Apache-2.0
"""Run in the oracles' own environment: checks every golden object with pycose and cwt, and that both refuse a changed one.

They need a cbor2 older than the project's, so this file imports nothing of the project. Prints `ok N`.
"""

import json
import sys

import cwt
from pycose.keys import OKPKey
from pycose.messages import CoseMessage


def pycose_says(raw: bytes, public: bytes) -> bool:
    message = CoseMessage.decode(raw)
    message.key = OKPKey(crv="ED25519", x=public)
    return bool(message.verify_signature())


def cwt_says(raw: bytes, public: bytes, kid: bytes) -> bool:
    key = cwt.COSEKey.new({1: 1, 3: -8, -1: 6, -2: public, 2: kid})
    try:
        cwt.COSE.new(verify_kid=True).decode(raw, key)
    except cwt.VerifyError:
        return False
    return True


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    public = bytes.fromhex(document["public"])
    for row in document["objects"]:
        raw = bytes.fromhex(row["bytes"])
        kid = CoseMessage.decode(raw).phdr[next(k for k in CoseMessage.decode(raw).phdr if k.identifier == 4)]
        changed = raw[:-1] + bytes([raw[-1] ^ 1])
        assert pycose_says(raw, public) and cwt_says(raw, public, kid), row["name"]
        assert not pycose_says(changed, public) and not cwt_says(changed, public, kid), row["name"]
    print("ok", len(document["objects"]))


main(sys.argv[1])
