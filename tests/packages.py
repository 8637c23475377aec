# SPDX-License-Identifier: Apache-2.0
"""Case packages of ChainBuilder's chains, in memory: a dictionary of names and bytes that an attack edits.

>>> made = Made()
>>> made.story()
>>> files = made.files()
>>> files["records.cbor"] = b"".join(made.builder.records[:-1])
>>> made.sign(files)   # the attacker holds the station's key
"""

from hashlib import sha256

from tests.chainbuilder import Bureau, ChainBuilder

from sealdock import sealing
from sealdock.keys import SigningKey
from sealdock.package import layout
from sealdock.package.case import Case, Media, clips_of, path_records, used_clips
from sealdock.profile import compile, load
from sealproto import codes, cose, merkle, objects
from sealproto import records as rec

CLIP = bytes(range(256)) * 4
MATROSKA = bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b614287810442858102")


def media(number: int, size: int = 40_000) -> bytes:
    """Bytes that begin as a Matroska file does."""
    body = sha256(number.to_bytes(4, "big")).digest() * (size // 32 + 1)
    return MATROSKA + body[: size - len(MATROSKA)]


class Builder(ChainBuilder):
    """A ChainBuilder that keeps every key that it signed with: what a thief of the recorder might hold."""

    def __init__(self, *args: object, **options: object) -> None:
        self.signers: list[SigningKey] = []
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def _append(self, record_type: int, fields: dict, key: SigningKey) -> bytes:
        self.signers.append(key)
        return super()._append(record_type, fields, key)


class Made:
    """A chain, and the package of its last session."""

    def __init__(self, profile: str = "luoping", bureau: Bureau | None = None, **options: object) -> None:
        self.builder = Builder(bureau, **options)
        self.bureau = self.builder.bureau
        self.profile = load(profile)
        self.builder.profile = self.bureau.make_profile(compile(self.profile), profile)
        self.clips = [[150, 1600, len(CLIP), sha256(CLIP).digest()[:16]], [151, 1600, len(CLIP), sha256(CLIP).digest()[:16]]]
        self.builder.prompts = self.bureau.make_prompts(self.clips, CLIP * 2)
        self.content_keys: dict[int, bytes] = {}

    @property
    def root(self) -> bytes:
        return self.bureau.root_digest

    def clock_set(self) -> None:
        b = self.builder
        b.record(rec.CLOCK_SET, before=b.utc, after=b.utc, uncertainty_ms=20, drift_ppb=None, station=self.bureau.station.kid)

    def open(self, activity: int | None = codes.ACTIVITY_SITE_INSPECTION) -> None:
        self.session = self.builder.open_session(activity)
        self.content_keys[0] = self.builder.content_key

    def resume(self) -> None:
        self.builder.resume()
        self.content_keys[self.builder.part] = self.builder.content_key

    def begin(self) -> None:
        """Boot, clock, assignment, an earlier session with its receipt, a change of keys."""
        b = self.builder
        b.boot()
        self.clock_set()
        b.assign()
        b.open_session()
        b.segment(b"of an earlier session")
        b.close()
        b.receipt()
        self.clock_set()
        b.rotate()

    def announce(self, **options: object) -> None:
        wording = "".join(self.profile.announce.spoken.split())
        self.builder.announce(wording=wording, **options)  # type: ignore[arg-type]

    def story(self) -> "Made":
        """Two segments, battery low, resume, power lost with an unsealed tail, the officer's reason, one more segment, close, receipt."""
        b = self.builder
        self.begin()
        self.open()
        self.announce()
        b.segment(media(0))
        b.mark()
        b.segment(media(1, 16_384 * 2))
        b.interrupt()
        b.reboot(12 * 60_000)
        self.resume()
        self.announce(occasion=codes.OCCASION_INTERRUPTION_REASON)
        self.announce(occasion=codes.OCCASION_RESUME)
        b.segment(media(2, 17_001))
        b.tail(b"t" * 20_000)
        b.reboot()
        b.tail_found()
        b.interrupt(fact=codes.FACT_POWER_LOST, cause=codes.CAUSE_NOT_STATED, measured={}, late=True)
        self.resume()
        b.reason_note(codes.CAUSE_DEVICE_FAULT)
        self.announce(occasion=codes.OCCASION_RESUME)
        b.segment(media(4, 100))
        b.close()
        b.receipt()
        return self

    def everything(self) -> "Made":
        """A session with every type of record in it."""
        b = self.builder
        self.begin()
        self.open()
        part = {"session": self.session, "part": 0}
        self.announce()
        b.segment(media(0))
        b.mark()
        b.record(rec.NO_RECORD, reason=codes.REASON_PRIVACY, basis="LP16", start_utc=b.utc, end_utc=None, session=None, activity=16)
        b.record(rec.FAULT, code=3, part=0, error=-5, healed=True)
        b.record(rec.PREFLIGHT, items=[[0, True, 3900]], occasion=codes.OCCASION_PREFLIGHT)
        b.record(rec.FREED, receipt=bytes(32), slots=[1, 2])
        b.record(rec.HANDOVER_OUT, **part, peer_chain=None, token=bytes(16), samples=0)
        b.record(rec.HANDOVER_IN, session=self.session, peer_chain=bytes(32), peer_head=bytes(32), token=bytes(16))
        b.tail(b"t" * 100)
        b.reboot()
        b.tail_found()
        b.interrupt(fact=codes.FACT_POWER_LOST, cause=codes.CAUSE_NOT_STATED, measured={}, late=True)
        self.resume()
        b.reason_note(codes.CAUSE_DEVICE_FAULT)
        b.segment(media(2, 20_000))
        b.close()
        self.clock_set()
        b.assign()
        b.receipt()
        return self

    def case(self) -> Case:
        b = self.builder
        parsed = [rec.Record(raw) for raw in b.records]
        opened = next(r for r in parsed if r.type == rec.SESSION_OPEN and r.fields and r.fields["session"] == self.session)
        assert opened.fields
        run = [r for r in parsed if r.seq >= opened.seq]
        segments = [r for r in run if r.type == rec.SEGMENT and r.fields and r.fields["session"] == self.session]
        prompt_set = objects.read(cose.PROMPTS, b.prompts)[1]
        return Case(
            session=self.session,
            chain=b.chain,
            records=path_records(parsed[: opened.seq], opened.fields["assignment"]) + [r.raw for r in run],
            certificates=b.certificates,
            revocations=self.bureau.revocations,
            profiles=[b.profile],
            prompts=[(b.prompts, clips_of(prompt_set, CLIP * 2, used_clips(run, self.session)))],
            receipts=[(raw, self._covered(raw)) for raw in b.receipts if self._covered(raw)],
            media=[self._media(r) for r in segments],
        )

    def _covered(self, raw: bytes) -> list[bytes]:
        ranges = objects.read(cose.RECEIPT, raw)[1]["segments"]
        return [self.builder.records[seq] for first, last in ranges for seq in range(first, last + 1)]

    def _media(self, record: rec.Record) -> Media:
        fields = record.fields
        assert fields
        plain, stored = self.builder.plain[record.seq], self.builder.stored[record.seq]
        return Media(fields["number"], fields["part"], self.content_keys.get(fields["part"], bytes(32)), lambda: (plain, stored))

    def files(self) -> dict[str, bytes]:
        """The package's files, manifest included, with a report of one line."""
        case = self.case()
        files = case.fixed_files()
        leaves = {}
        for item in case.media:
            plain, stored = item.load()
            files[layout.media_name(item.number)] = plain
            leaves[item.number] = [merkle.leaf_hash(leaf) for leaf in sealing.leaves(stored)]
        files[layout.PROOFS] = case.proofs(leaves).encode()
        files[layout.REPORT] = b"<!doctype html>"
        self.sign(files)
        return files

    def sign(self, files: dict[str, bytes], **changed: object) -> None:
        """Signs the manifest anew over what the files are now, as whoever holds the station's key can."""
        listed = [[name, len(data), sha256(data).digest()] for name, data in sorted(files.items()) if name != layout.MANIFEST]
        station = self.bureau.station
        values = {
            "session": self.session,
            "chain": self.builder.chain,
            "files": listed,
            "utc": self.builder.utc,
            "approval": None,
            **changed,
        }
        files[layout.MANIFEST] = objects.make(cose.MANIFEST, station.kid, station.sign, **values)


def split(data: bytes) -> list[bytes]:
    """The items of a CBOR sequence."""
    return [data[start:end] for start, end, _ in layout.sequence(data)]
