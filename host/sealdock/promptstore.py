# SPDX-License-Identifier: Apache-2.0
"""The prompt sets that this station signed: the present one, and every older one that a session may name.

prompts/prompts.cbor, prompts.bin      the signed list and the sound that recorders are given now
prompts/SET.cbor, SET.bin              each set ever given out, named after the first digits of its hash
"""

from hashlib import sha256

from sealdock import durable, log
from sealdock.errors import SealdockError
from sealdock.prompts.promptset import PromptSet
from sealdock.station import Station, now_ms
from sealdock.text import say
from sealproto import cose, objects


def install(station: Station, prompts: PromptSet) -> bytes:
    """Signs a set and makes it the one that recorders are given; its signed list. The same clips are not signed twice."""
    if prompts.profile != station.profile.id:
        raise SealdockError(say("prompts-other-profile", other=prompts.profile, own=station.profile.id))
    blob = prompts.blob()
    present = station.prompts
    if present is not None and _says(present[0], prompts) and present[1] == blob:
        return present[0]
    return sign(station, prompts.fields(), blob)


def sign(station: Station, fields: dict, blob: bytes) -> bytes:
    """Signs a set's fields with the station's key and makes it the one that recorders are given; its signed list."""
    raw = objects.make(cose.PROMPTS, station.key.kid, station.key.sign, **fields)
    digest = sha256(raw).digest()
    folder = station.home.prompts
    for name in (digest.hex()[:16], "prompts"):
        durable.write_file(folder / f"{name}.bin", blob)
        durable.write_file(folder / f"{name}.cbor", raw)
    station.log.append(log.PROMPTS_SET, digest, now_ms())
    return raw


def _says(raw: bytes, prompts: PromptSet) -> bool:
    fields = objects.read(cose.PROMPTS, raw)[1]
    return all(fields[name] == value for name, value in prompts.fields().items())
