# SPDX-License-Identifier: Apache-2.0
"""A recorder's chain made in Python: real keys, real signatures, real encryption, no recorder.

    >>> builder = ChainBuilder()
    >>> builder.boot()
    >>> builder.open_session(activity=codes.ACTIVITY_SITE_INSPECTION)
    >>> builder.announce()
    >>> builder.segment(b"media" * 9000)
    >>> builder.interrupt(fact=codes.FACT_VOLTAGE_BELOW, cause=codes.CAUSE_BATTERY_LOW)
    >>> builder.reboot(12 * 60_000)
    >>> builder.resume()
    >>> builder.segment(b"more")
    >>> builder.close()
    >>> builder.receipt()
    >>> builder.records, builder.stored, builder.certificates

Segments, frames and samples are counted through the whole session, parts from 0. Every signed statement is at hand in
`builder.records` (complete tagged records, genesis first); an attack is an edit of that list, or record() with bent fields.
"""

import secrets
from hashlib import sha256

from sealdock import sealing, trust
from sealdock.keys import AgreementKey, SigningKey
from sealproto import codes, cose, merkle, objects
from sealproto import records as rec
from sealproto.shape import pack
from sealproto.slot import Trailer

START_UTC = 1_741_000_000_000  # 2025-03-03, inside the years of every table
RATE = 16000
FRAMES_PER_S = 10


class Bureau:
    """A root and what it certifies: station, recipient, escrow, profile signer. `certificates` are the raw ones, root first."""

    def __init__(self, utc: int = START_UTC) -> None:
        self.root = SigningKey.generate()
        self.station = SigningKey.generate()
        self.signer = SigningKey.generate()
        self.recipient = AgreementKey.generate()
        self.escrow = AgreementKey.generate()
        self.since = utc - 3_600_000
        self.until = utc + 5 * trust.YEAR_MS
        roles = (
            (objects.ROOT, self.root),
            (objects.STATION, self.station),
            (objects.RECIPIENT, self.recipient),
            (objects.ESCROW, self.escrow),
            (objects.PROFILE_SIGNER, self.signer),
        )
        self.certificates = [
            trust.issue(self.root, role, key.public, serial=n, valid_from=self.since, until=self.until, name=trust.role_name(role))
            for n, (role, key) in enumerate(roles, 1)
        ]
        self.revocations = trust.issue_revocations(self.root, 1, self.since, [])

    @property
    def root_digest(self) -> bytes:
        """The fingerprint's 32 bytes."""
        return sha256(self.root.public).digest()

    def make_profile(self, data: dict, name: str = "luoping") -> bytes:
        """A signed profile object over compiled data (integer keys)."""
        return objects.make(cose.PROFILE, self.signer.kid, self.signer.sign, id=name, number=1, data=data)

    def make_prompts(self, clips: list[list], blob: bytes, name: str = "luoping") -> bytes:
        """A signed prompt set object; clips: [id, samples, bytes, digest]."""
        digest = sha256(blob).digest()
        return objects.make(cose.PROMPTS, self.station.kid, self.station.sign, profile=name, rate=RATE, clips=clips, blob=digest)


class Log:
    """A station's Merkle log in memory: entries as bytes. The log's id is the leaf hash of its first entry."""

    def __init__(self) -> None:
        self.entries = [b"log " + secrets.token_bytes(16)]

    @property
    def id(self) -> bytes:
        return merkle.leaf_hash(self.entries[0])

    def leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(entry) for entry in self.entries]


class ChainBuilder:
    """One recorder's chain. Time passes only by advance(), 100 ms a record, and reboot()."""

    def __init__(
        self,
        bureau: Bureau | None = None,
        *,
        simulated: bool = True,
        utc: int = START_UTC,
        clock: bool = True,
        identity: SigningKey | None = None,
    ) -> None:
        self.bureau = bureau or Bureau(utc)
        self.identity = identity or SigningKey.generate()
        self.epoch_key = SigningKey.generate()
        self.epoch = 0
        self.utc = utc
        self.clock = clock
        self.boot_number = 1
        self.ms = 1000
        self.log = Log()
        self.counter = 0
        self.receipted = -1  # sequence number up to which the receipts so far reach
        self.records: list[bytes] = []
        self.stored: dict[int, bytes] = {}  # sequence number of the segment record -> stored bytes
        self.plain: dict[int, bytes] = {}
        self.receipts: list[bytes] = []
        self.profile = self.bureau.make_profile({})
        self.prompts = self.bureau.make_prompts([], b"")
        self.assignment: bytes | None = None
        self.abilities = pack(
            objects.ABILITIES,
            rtc_backed=True, keystore_physical_erase=False, bootloader_locked=False, developer_build=False, simulated=simulated,
            video=True, audio=True, encrypted=True,
        )  # fmt: skip
        self._genesis()
        self.certificate = self.certify()

    # The chain itself

    def _genesis(self) -> None:
        fields = rec.body(
            rec.GENESIS,
            identity=self.identity.public, epoch_key=self.epoch_key.public, board="unix", abilities=self.abilities,
            nonce=secrets.token_bytes(32), firmware="0.1.0", predecessor=None,
        )  # fmt: skip
        self.chain = rec.chain_id(fields)
        self.genesis_body = fields
        self._append(rec.GENESIS, fields, self.identity)

    def certify(self, **changed: object) -> bytes:
        """The enrolment certificate, by the bureau's station."""
        about = {"chain": self.chain, "genesis": sha256(self.records[0]).digest(), "board": "unix", "abilities": self.abilities}
        return trust.issue(
            self.bureau.station, objects.RECORDER, self.identity.public,
            serial=100, valid_from=self.utc - 60_000, until=self.bureau.until, **{**about, **changed},
        )  # fmt: skip

    @property
    def certificates(self) -> list[bytes]:
        """All that a verifier needs, root first, the recorder's last."""
        return [*self.bureau.certificates, self.certificate]

    @property
    def head(self) -> bytes:
        return sha256(self.records[-1]).digest() if self.records else rec.ZERO_HASH

    def _append(self, record_type: int, fields: dict, key: SigningKey) -> bytes:
        clock = [self.utc, rec.CLOCK_DOCK, 20] if self.clock else None
        payload = rec.payload(self.chain, len(self.records), self.head, self.boot_number, self.ms, clock, record_type, fields)
        self.records.append(cose.sign1(cose.RECORD, key.kid, payload, key.sign))
        self.advance(100)
        return self.records[-1]

    def record(self, record_type: int, **fields: object) -> bytes:
        """Appends any record, signed by the present epoch key."""
        return self._append(record_type, rec.body(record_type, **fields), self.epoch_key)

    def advance(self, ms: int) -> None:
        self.ms += ms
        self.utc += ms

    def rotate(self, reason: int = rec.ROTATE_PERIOD) -> None:
        """The next epoch: rotate-key, signed by the old key."""
        following = SigningKey.generate()
        self.epoch += 1
        self.record(rec.ROTATE_KEY, epoch=self.epoch, key=following.public, reason=reason)
        self.epoch_key = following

    def boot(self, open_session: bytes | None = None) -> None:
        self.record(
            rec.BOOT, reason=0, firmware="0.1.0", entropy="urandom", battery_mv=3900, card=bytes(16), free_slots=100,
            open_session=open_session, keystore=0,
        )  # fmt: skip

    def reboot(self, off_ms: int = 60_000) -> None:
        """Power off and on again: boot number up, milliseconds from new, wall time goes on."""
        self.boot_number += 1
        self.utc += off_ms
        self.ms = 500
        self.boot(getattr(self, "session", None))

    def assign(self, number: int = 7) -> None:
        station = self.bureau.station
        raw = objects.make(cose.ASSIGNMENT, station.kid, station.sign, chain=self.chain, number=number, **{"from": self.utc, "until": None})
        self.assignment = raw
        self.record(rec.ASSIGN, assignment=raw)

    # A session

    def _seal_with_new_key(self) -> tuple[list, bytes]:
        self.content_key = secrets.token_bytes(32)
        bureau = self.bureau
        recipients = (bureau.recipient, bureau.escrow)
        wraps = sealing.wrap(
            self.content_key, AgreementKey.generate(), [r.public for r in recipients], [r.kid for r in recipients], self.session, self.part
        )
        return wraps, sha256(self.content_key).digest()

    def _common(self) -> dict:
        wraps, key_hash = self._seal_with_new_key()
        return {
            "session": self.session, "wraps": wraps, "content_key_hash": key_hash, "mode": 0, "check": [],
            "media": [[64, 48, FRAMES_PER_S], [RATE, 16, 1]], "profile": sha256(self.profile).digest(),
            "prompts": sha256(self.prompts).digest(), "assignment": sha256(self.assignment).digest() if self.assignment else None,
        }  # fmt: skip

    def open_session(self, activity: int | None = codes.ACTIVITY_SITE_INSPECTION) -> bytes:
        self.session = secrets.token_bytes(16)
        self.part = self.number = self.frames = self.samples = 0
        self.last_interrupt: int | None = None
        self.record(rec.SESSION_OPEN, activity=activity, order=codes.ORDER_RECORD_FIRST, **self._common())
        return self.session

    def announce(self, occasion: int = codes.OCCASION_FIRST, wording: str = "", complete: bool = True) -> None:
        self.record(
            rec.ANNOUNCE, session=self.session, part=self.part, occasion=occasion, wording=sha256(wording.encode()).digest(),
            clips=[150], start_ms=self.ms, end_ms=self.ms + 5000, first_sample=self.samples, samples=5 * RATE, volume=80,
            means=codes.MEANS_DEVICE, complete=complete,
        )  # fmt: skip

    def segment(self, plain: bytes, ms: int = 5000, **changed: object) -> bytes:
        """Seals `plain` as the next segment of `ms` milliseconds; `changed` bends fields of its record."""
        stored = sealing.encrypt(sealing.segment_key(self.content_key, self.number), plain)
        frames, samples, start = FRAMES_PER_S * ms // 1000, RATE * ms // 1000, self.ms
        self.advance(ms)
        fields = {
            "session": self.session, "part": self.part, "number": self.number, "slot": self.number, "generation": 1,
            "plain_bytes": len(plain), "stored_bytes": len(stored), "root": sealing.stored_root(stored), "first_frame": self.frames,
            "frames": frames, "first_sample": self.samples, "samples": samples, "start_ms": start, "end_ms": self.ms,
            "lost_frames": 0, "lost_samples": 0,
        }  # fmt: skip
        self.stored[len(self.records)] = stored
        self.plain[len(self.records)] = plain
        self.number += 1
        self.frames += frames
        self.samples += samples
        return self.record(rec.SEGMENT, **{**fields, **changed})

    def tail(self, plain: bytes, ms: int = 1000) -> list[tuple[bytes, bytes]]:
        """Leaves of an unsealed tail as they lie on the card: (trailer sector, stored leaf); remembered for tail_found()."""
        stored = sealing.encrypt(sealing.segment_key(self.content_key, self.number), plain)
        out = []
        for index, leaf in enumerate(sealing.leaves(stored)):
            done = min(len(plain), (index + 1) * merkle.LEAF_BYTES)
            trailer = Trailer(
                segment=self.number, generation=1, part=self.part, index=index, length=len(leaf), plain=done,
                ms=ms * done // len(plain), frames=FRAMES_PER_S * ms * done // len(plain) // 1000,
                samples=RATE * ms * done // len(plain) // 1000, first_frame=self.frames, first_sample=self.samples, boot=self.boot_number,
            )  # fmt: skip
            tag = sealing.tail_tag(self.content_key, trailer.pack(), merkle.leaf_hash(leaf))
            out.append((trailer.sector(tag), leaf))
        self.tail_leaves = out
        self.tail_at = (self.number, self.part, self.boot_number, self.ms + ms)
        return out

    def tail_found(self) -> bytes:
        """The next boot's statement about tail()."""
        number, part, boot, last_ms = self.tail_at
        root = merkle.root([merkle.leaf_hash(leaf) for _, leaf in self.tail_leaves])
        self.number = number + 1
        return self.record(
            rec.TAIL_FOUND, session=self.session, part=part, number=number, slot=number, generation=1, leaves=len(self.tail_leaves),
            root=root, last_ms=last_ms, last_boot=boot,
        )  # fmt: skip

    def interrupt(
        self, fact: int = codes.FACT_VOLTAGE_BELOW, cause: int = codes.CAUSE_BATTERY_LOW, measured: dict | None = None, late: bool = False
    ) -> None:
        """`late`: signed at the next boot, so call it after reboot()."""
        self.last_interrupt = len(self.records)
        self.stopped_utc = self.utc
        self.record(
            rec.INTERRUPT, session=self.session, part=self.part, fact=fact, cause=cause, at_next_boot=late,
            measured={rec.MEASURED_MV: 3300} if measured is None else measured, segments=self.number, frames=self.frames,
            samples=self.samples, last_ms=self.ms, last_boot=self.boot_number - late,
        )  # fmt: skip
        self.interrupted = (fact, cause)
        self.rotate(rec.ROTATE_INTERRUPT)

    def resume(self) -> None:
        self.part += 1
        fact, cause = self.interrupted
        known = self.clock
        self.record(
            rec.RESUME, part=self.part, interrupt=self.last_interrupt, fact=fact, cause=cause,
            from_utc=self.stopped_utc if known else None, length_ms=self.utc - self.stopped_utc if known else None, **self._common(),
        )  # fmt: skip

    def reason_note(self, cause: int = codes.CAUSE_BATTERY_LOW, samples: int = 2 * RATE) -> None:
        self.record(
            rec.REASON_NOTE, session=self.session, part=self.part, interrupt=self.last_interrupt, cause=cause,
            stated_by=codes.STATED_BY_OFFICER_VOICE, first_sample=self.samples, samples=samples,
        )  # fmt: skip

    def mark(self, code: int = codes.MARK_ID_SHOWN) -> None:
        self.record(rec.MARK, session=self.session, part=self.part, code=code, first_sample=self.samples, samples=None)

    def mark_outside(self) -> None:
        """A mark that belongs to no session: the plainest record there is."""
        self.record(rec.MARK, session=None, part=0, code=codes.MARK_ARRIVAL, first_sample=None, samples=None)

    def close(self) -> None:
        self.record(
            rec.SESSION_CLOSE, session=self.session, parts=self.part + 1, segments=self.number, frames=self.frames, samples=self.samples,
            fact=codes.FACT_STOP_PRESSED, cause=codes.CAUSE_ENFORCEMENT_ENDED,
        )  # fmt: skip
        self.session = None
        self.rotate(rec.ROTATE_CLOSE)

    # At the station

    def make_receipt(self, given_up: int | None = None) -> bytes:
        """A receipt over all records so far and all segments not yet covered, logged in `log`. It may give one segment up instead."""
        seqs = [seq for seq in sorted(self.stored) if seq > self.receipted and seq != given_up]
        self.counter += 1
        values: dict = {
            "chain": self.chain, "counter": self.counter, "head_seq": len(self.records) - 1, "head_hash": self.head,
            "segments": _ranges(seqs), "root": objects.segments_root([self.records[seq] for seq in seqs]), "utc": self.utc,
        }  # fmt: skip
        if given_up is not None:
            values["given_up"] = [[given_up, given_up, objects.GIVEN_UP_WRITTEN_OFF]]
        self.log.entries.append(objects.log_entry(values))
        leaves = self.log.leaves()
        index = len(leaves) - 1
        values.update(log=self.log.id, log_size=len(leaves), log_root=merkle.root(leaves), log_index=index)
        values["log_proof"] = merkle.inclusion_proof(leaves, index)
        station = self.bureau.station
        return objects.make(cose.RECEIPT, station.kid, station.sign, **values)

    def receipt(self, given_up: int | None = None) -> bytes:
        """Makes a receipt and appends the recorder's record of it."""
        raw = self.make_receipt(given_up)
        self.receipted = len(self.records) - 1
        self.receipts.append(raw)
        self.record(rec.RECEIPT, receipt=raw)
        return raw


def _ranges(numbers: list[int]) -> list[list[int]]:
    out: list[list[int]] = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return out
