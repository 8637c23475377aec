# SPDX-License-Identifier: Apache-2.0
"""Objects that a station puts on the recorder: collected piece by piece, verified, then installed whole. One method for each kind.

Nothing is taken while a session is being recorded.
"""

from sealcam.chain import durable
from sealcam.dock.certificates import TrustError
from sealcam.dock.incoming import Incoming
from sealcam.dock.link import Refuse
from sealcam.dock.objects_store import StaleError
from sealcam.dock.receipt import Receipts
from sealproto import cbor, messages, records

# The largest object of each kind: small ones are held in RAM while they are verified, the sound of the prompts never.
_MOST = {
    messages.PUT_CERTIFICATES: 16384,
    messages.PUT_REVOCATIONS: 32768,
    messages.PUT_PROFILE: 16384,
    messages.PUT_PROMPTS: 32768,
    messages.PUT_PROMPT_BLOB: 1 << 24,
    messages.PUT_ASSIGNMENT: 2048,
    messages.PUT_RECEIPT: records.MAX_RECORD_BYTES,
}
_NAMES = {
    messages.PUT_CERTIFICATES: "certificates",
    messages.PUT_REVOCATIONS: "revocations",
    messages.PUT_PROFILE: "profile",
    messages.PUT_PROMPTS: "prompts",
    messages.PUT_PROMPT_BLOB: "prompts",
    messages.PUT_ASSIGNMENT: "assignment",
    messages.PUT_RECEIPT: "receipt",
}


class Putting:
    """Over a Dock's parts."""

    def __init__(self, parts) -> None:
        self._parts = parts
        self._receipts = Receipts(parts)
        self._coming: Incoming | None = None
        self._coming_is: tuple | None = None

    async def put(self, call, fields: dict) -> dict:
        """Takes one piece; installs the object with its last one. An object that is held already is there as a whole."""
        p = self._parts
        kind, digest, total = fields["kind"], fields["hash"], fields["total"]
        if kind not in _MOST:
            raise Refuse(messages.UNKNOWN_TYPE)
        if not 0 < total <= _MOST[kind]:
            raise Refuse(messages.TOO_LARGE)
        if self._held(kind, digest):
            return {"have": total}
        if p.events.recording():
            raise Refuse(messages.NOT_NOW)
        coming = self._open(kind, digest, total)
        coming.add(fields["offset"], fields["data"])
        if coming.whole and len(fields["data"]):
            await self._take(kind, coming)
            return {"have": total}
        return {"have": coming.have}

    def _open(self, kind: int, digest: bytes, total: int) -> Incoming:
        wanted = (kind, digest, total)
        if self._coming is None or self._coming_is != wanted:
            coming = Incoming(self._parts.objects.folder, kind, digest, total)
            if kind == messages.PUT_PROMPT_BLOB:
                self._demand_wanted(coming)
            self._coming, self._coming_is = coming, wanted
        return self._coming

    def _demand_wanted(self, coming: Incoming) -> None:
        """Sound is taken only for the list that came before it, and flash must have room: the chain's own is never given away."""
        store = self._parts.objects.prompt_store
        if not store.waits_for(coming.digest, coming.total):
            raise Refuse(messages.NOT_TRUSTED)
        short = coming.total - coming.have + self._parts.board.FLASH_FREE_STOP_BYTES - durable.free(self._parts.objects.folder)
        if short <= 0:
            return
        if short > store.held_bytes():  # and what is spoken now would be lost for nothing
            raise Refuse(messages.TOO_LARGE)
        store.make_room()

    async def _take(self, kind: int, coming: Incoming) -> None:
        self._coming = None
        try:
            if not await coming.right():
                raise Refuse(messages.NOT_TRUSTED)
            await getattr(self, "_take_" + _HANDLERS[kind])(coming)
        except TrustError:
            raise Refuse(messages.NOT_TRUSTED)
        except StaleError:
            raise Refuse(messages.STALE)
        finally:
            coming.drop()
        self._parts.events.object_installed(_NAMES[kind])

    def _held(self, kind: int, digest: bytes) -> bool:
        p = self._parts
        if kind == messages.PUT_RECEIPT:
            return self._receipts.taken(digest)
        if kind == messages.PUT_CERTIFICATES:
            return p.trust.bureau_hash == digest
        if kind == messages.PUT_PROFILE:
            return p.objects.profile_hash == digest
        if kind == messages.PUT_ASSIGNMENT:
            return p.objects.assignment_hash == digest
        if kind == messages.PUT_PROMPTS:
            return p.objects.prompt_store.knows(digest)
        return kind == messages.PUT_PROMPT_BLOB and p.objects.prompt_store.has_sound(digest)

    async def _take_certificates(self, coming: Incoming) -> None:
        try:
            items = cbor.decode(coming.data())
        except cbor.CborError:
            raise Refuse(messages.MALFORMED)
        if not isinstance(items, list) or not all(isinstance(item, bytes) for item in items):
            raise Refuse(messages.MALFORMED)
        self._parts.trust.put_certificates(items)

    async def _take_revocations(self, coming: Incoming) -> None:
        if not self._parts.trust.put_revocations(coming.data()):
            raise Refuse(messages.STALE)

    async def _take_profile(self, coming: Incoming) -> None:
        self._parts.objects.put_profile(coming.data())

    async def _take_prompts(self, coming: Incoming) -> None:
        self._parts.objects.prompt_store.put(coming.data)

    async def _take_sound(self, coming: Incoming) -> None:
        self._parts.objects.prompt_store.put_sound(coming.path)

    async def _take_assignment(self, coming: Incoming) -> None:
        p = self._parts
        if p.history.session is not None:  # an interrupted session goes on under the officer who began it
            raise Refuse(messages.NOT_NOW)
        raw = coming.data()
        p.objects.check_assignment(raw, p.chain.id, p.clock.utc_ms())
        p.signer.sign(records.ASSIGN, assignment=raw)

    async def _take_receipt(self, coming: Incoming) -> None:
        await self._receipts.take(coming.data())
        await self._parts.drop_covered()
        self._parts.keep_spare()


_HANDLERS = {
    messages.PUT_CERTIFICATES: "certificates",
    messages.PUT_REVOCATIONS: "revocations",
    messages.PUT_PROFILE: "profile",
    messages.PUT_PROMPTS: "prompts",
    messages.PUT_PROMPT_BLOB: "sound",
    messages.PUT_ASSIGNMENT: "assignment",
    messages.PUT_RECEIPT: "receipt",
}
