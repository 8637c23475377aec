# SPDX-License-Identifier: Apache-2.0
"""Case packages of ChainBuilder's chains, in memory: a dictionary of names and bytes that an attack edits.

>>> made = Made()
>>> made.story()
>>> files = made.files()
>>> files["records.cbor"] = b"".join(made.builder.records[:-1])
>>> made.sign(files)   # the attacker holds the station's key
"""

from hashlib import sha256, shake_128

from sealdock import sealing, sequence
from sealdock.keys import SigningKey
from sealdock.package import layout
from sealdock.package.case import Case, Media, clips_of, path_records, used_clips
from sealdock.profile import compile, load
from sealproto import codes, cose, merkle, objects
from sealproto import records as rec
from tests.chainbuilder import Bureau, ChainBuilder
from tests.matroska import AUDIO, VIDEO, Writer

CLIP = bytes(range(256)) * 4
RATE = 16000
FRAMES_PER_S = 10


def media(number: int, size: int = 40_000, ms: int = 500, pcm: bytes | None = None) -> bytes:
    """A Matroska file of so many bytes (more where its sound needs them) that holds what ChainBuilder counts for `ms`."""
    out: list[bytes] = []
    writer = Writer(lambda data: out.append(bytes(data)), (64, 48, FRAMES_PER_S), RATE)
    pcm = pcm if pcm is not None else shake_128(number.to_bytes(4, "big")).digest(RATE * ms // 1000 * 2)
    frames = FRAMES_PER_S * ms // 1000
    writer.block(AUDIO, 0, memoryview(pcm))
    for frame in range(frames):
        share = (size - sum(map(len, out))) // (frames - frame)
        head = 9 if share > 0x4000 else 7  # of a SimpleBlock of that size
        writer.block(VIDEO, frame, memoryview(shake_128(bytes([number, frame])).digest(max(1, share - head))))
    return b"".join(out)


def words(ms: int) -> bytes:
    """Sound that rises and falls as speech does: 200 ms of noise, 200 ms of near silence."""
    loud = shake_128(b"words").digest(RATE // 5 * 2)
    quiet = bytes(byte & 1 for byte in shake_128(b"silence").digest(RATE // 5 * 2))
    return ((loud + quiet) * (ms // 400 + 1))[: RATE * ms // 1000 * 2]


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

    def __init__(self, profile: str = "luoping", bureau: Bureau | None = None, clip: bytes = CLIP, **options: object) -> None:
        self.builder = Builder(bureau, **options)
        self.bureau = self.builder.bureau
        self.profile = load(profile)
        self.builder.profile = self.bureau.make_profile(compile(self.profile), profile)
        self.blob = clip * 2
        self.clips = [[number, 2 * len(clip), len(clip), sha256(clip).digest()[:16]] for number in (150, 151)]
        self.builder.prompts = self.bureau.make_prompts(self.clips, self.blob)
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

    def segment(self, size: int = 40_000, ms: int = 500, pcm: bytes | None = None, **changed: object) -> None:
        """The next segment, a file that plays."""
        self.builder.segment(media(self.builder.number, size, ms, pcm), ms, **changed)

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
        self.segment()
        b.mark()
        self.segment(16_384 * 2)
        b.interrupt()
        b.reboot(12 * 60_000)
        self.resume()
        self.announce(occasion=codes.OCCASION_INTERRUPTION_REASON)
        self.announce(occasion=codes.OCCASION_RESUME)
        self.segment(17_001)
        b.tail(b"t" * 20_000)
        b.reboot()
        b.tail_found()
        b.interrupt(fact=codes.FACT_POWER_LOST, cause=codes.CAUSE_NOT_STATED, measured={}, late=True)
        self.resume()
        b.reason_note(codes.CAUSE_DEVICE_FAULT)
        self.announce(occasion=codes.OCCASION_RESUME)
        self.segment(ms=2500, pcm=words(2500))
        self.segment(100, 1)
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
        self.segment()
        b.mark()
        b.record(rec.NO_RECORD, reason=codes.REASON_PRIVACY, basis="LP16", start_utc=b.utc, end_utc=None, session=None, activity=16)
        b.record(rec.FAULT, code=3, part=0, error=-5, healed=True)
        b.record(rec.PREFLIGHT, items=[[0, True, 3900]], occasion=codes.OCCASION_PREFLIGHT)
        b.record(rec.FREED, receipt=bytes(32), slots=[1, 2])
        b.record(rec.HANDOVER_OUT, **part, peer_chain=None, token=bytes(16), samples=0)
        b.record(rec.HANDOVER_IN, session=self.session, peer_chain=bytes(32), token=bytes(16))
        b.tail(b"t" * 100)
        b.reboot()
        b.tail_found()
        b.interrupt(fact=codes.FACT_POWER_LOST, cause=codes.CAUSE_NOT_STATED, measured={}, late=True)
        self.resume()
        b.reason_note(codes.CAUSE_DEVICE_FAULT)
        self.segment(20_000)
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
            prompts=[(b.prompts, clips_of(prompt_set, self.blob, used_clips(run, self.session)))],
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
    return sequence.items(data)
