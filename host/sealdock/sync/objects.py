# SPDX-License-Identifier: Apache-2.0
"""Putting signed objects on a recorder: only what it does not have yet, carried on where it broke."""

from hashlib import sha256

from sealdock.link import Client
from sealdock.station import Station
from sealdock.trust import Certificate, read_certificate
from sealproto import cbor, messages, objects
from sealproto.limits import PART_MAX


def put(client: Client, kind: int, raw: bytes) -> None:
    """Hands one object over, from where an earlier attempt broke. RecorderError when the recorder refuses it; LinkLost."""
    digest = sha256(raw).digest()
    about = {"kind": kind, "hash": digest, "total": len(raw)}
    have = client.request(messages.PUT, **about, offset=0, data=b"")["have"]
    if have >= len(raw) > 0:
        have = len(raw) - 1  # all is there but perhaps not taken: the last byte again asks for it
    while have < len(raw):
        have = client.request(messages.PUT, **about, offset=have, data=raw[have : have + PART_MAX])["have"]


def provision(station: Station, client: Client) -> list[str]:
    """Brings a recorder's certificates, revocations, profile and prompts up to the station's; names of what was put."""
    status = client.request(messages.STATUS)
    done = []
    if (status["revocations"] or 0) < station.trust.revocations_number:
        put(client, messages.PUT_REVOCATIONS, station.revocations)
        done.append("revocations")
    put(client, messages.PUT_CERTIFICATES, cbor.encode(bureau_certificates(station)))  # nothing goes over when it holds just these
    if status["profile"] != sha256(station.profile_object).digest():
        put(client, messages.PUT_PROFILE, station.profile_object)
        done.append("profile")
    prompts = station.prompts
    if prompts is not None and status["prompts"] != sha256(prompts[0]).digest():
        put(client, messages.PUT_PROMPTS, prompts[0])
        put(client, messages.PUT_PROMPT_BLOB, prompts[1])
        done.append("prompts")
    return done


def bureau_certificates(station: Station) -> list[bytes]:
    """What a recorder keeps: stations, recipients, escrow, profile signers; not the root, which it has pinned. In the order it keeps them:
    role, then kid; of several for one key the last to begin.
    """
    newest: dict[tuple[int, bytes], Certificate] = {}
    for raw in station.certificates:
        found = read_certificate(raw)
        name = (found.role, found.kid)
        if found.role != objects.ROOT and (name not in newest or found.valid_from >= newest[name].valid_from):
            newest[name] = found
    return [newest[name].raw for name in sorted(newest)]
