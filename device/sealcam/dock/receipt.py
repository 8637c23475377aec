# SPDX-License-Identifier: Apache-2.0
"""Checks a station's receipt against the recorder's own chain, and makes it a record: from then on the slots it covers may be used again.

A receipt is believed only when
1. a certified, unrevoked station signed it, for this chain;
2. its counter follows the last one's;
3. head_seq and head_hash are a record of this chain, and not an older one than the last receipt's;
4. its ranges rise, do not overlap, lie up to the head, were not held before, and hold only segment and tail-found records;
5. its root is the tree head over just these records; what it gives up are such records too, of none of which anything was said before;
6. its log proof leads from the entry that says all this to the log's root;
7. the log was not rewritten: not shorter than when this recorder saw it last, the same where it is as long, and, where the new entry
   follows the tree that was seen, a continuation of it. Another station keeps another log; the same key may not begin one anew, for
   that would be how to hide a rewrite, and wants a new key that the root certifies.
"""

import asyncio
from hashlib import sha256

from sealcam.dock.certificates import TrustError, check, read
from sealcam.dock.link import Refuse
from sealproto import cose, messages, objects, records
from sealproto.merkle import Head, ProofError, leaf_hash, node_hash, root_from_inclusion
from sealproto.shape import fits

_COVERABLE = (records.SEGMENT, records.TAIL_FOUND)
_BREATHE = 32  # records, then the recorder's other tasks run


class Receipts:
    """Over a Dock's parts."""

    def __init__(self, parts) -> None:
        self._parts = parts

    def taken(self, digest: bytes) -> bool:
        """Whether this receipt is the last one that the chain holds."""
        return self._parts.history.receipt_hash == digest

    async def take(self, raw: bytes) -> None:
        """Refuse, or the receipt is signed into the chain."""
        p = self._parts
        try:
            receipt = self._signed(raw)
            self._check_place(receipt)
            self._check_log(receipt, cose.parse(raw).kid)
            await self._check_segments(receipt)
        except (TrustError, ProofError):
            raise Refuse(messages.NOT_TRUSTED)
        try:
            p.signer.sign(records.RECEIPT, receipt=raw)
        except ValueError:
            raise Refuse(messages.TOO_LARGE)

    def _signed(self, raw: bytes) -> dict:
        message, receipt = read(cose.RECEIPT, raw)
        check(message, self._parts.trust.station_key(message.kid))
        return receipt

    def _check_place(self, receipt: dict) -> None:
        p = self._parts
        if receipt["chain"] != p.chain.id:
            raise TrustError("another recorder's receipt")
        if receipt["counter"] != p.history.receipt_counter + 1:
            raise Refuse(messages.STALE)
        if receipt["head_seq"] < p.history.receipt_head:
            raise TrustError("an older head than the last receipt's")
        head = p.chain.get(receipt["head_seq"])
        if head is None:
            raise Refuse(messages.NOT_HELD)
        if sha256(head).digest() != receipt["head_hash"]:
            raise TrustError("the head is not of this chain")

    def _check_log(self, receipt: dict, signer: bytes) -> None:
        proof = receipt["log_proof"]
        if not all(fits("b32", item) for item in proof):
            raise TrustError("a malformed proof")
        size, index = receipt["log_size"], receipt["log_index"]
        leaf = leaf_hash(objects.log_entry(receipt))
        if root_from_inclusion(leaf, index, size, proof) != receipt["log_root"]:
            raise TrustError("the log does not hold this receipt")
        seen = self._parts.history.log
        if seen is None or seen[0] != receipt["log"]:
            if seen is not None and self._parts.history.log_signer == signer:
                raise TrustError("the station began another log under the same key")
            return
        if size < seen[1] or (size == seen[1] and receipt["log_root"] != seen[2]):
            raise TrustError("the station's log was rewritten")
        if index == seen[1] and tree_before(index, size, proof) != seen[2]:
            raise TrustError("the station's log was rewritten")

    async def _check_segments(self, receipt: dict) -> None:
        history = self._parts.history
        ranges, given_up = receipt["segments"], receipt["given_up"]
        self._check_ranges(ranges, 2, receipt["head_seq"])
        head = Head()
        for first, last in ranges:  # what was given up and was found after all may be held now
            await self._walk(first, last, history.held, head)
        if head.root() != receipt["root"]:
            raise TrustError("the root is not over the segments that it covers")
        if given_up is None:
            return
        if not given_up:
            raise TrustError("nothing is given up by saying nothing")
        self._check_ranges(given_up, 3, receipt["head_seq"])
        for first, last, _ in given_up:
            if any([first <= item[1] and item[0] <= last for item in ranges]):
                raise TrustError("held and given up at once")
            await self._walk(first, last, history.covers, Head())

    async def _walk(self, first: int, last: int, told, head: Head) -> None:
        """Adds the segment records of a range to a tree; TrustError when one is none, or one of which `told` says yes."""
        seq = first
        for raw in self._parts.chain.read(first):
            at, kind = records.place(raw)
            if at != seq or kind not in _COVERABLE or told(seq):
                raise TrustError("it covers what is no uncovered segment")
            head.add(leaf_hash(raw))
            seq += 1
            if seq % _BREATHE == 0:
                await asyncio.sleep_ms(0)
            if seq > last:
                return
        raise TrustError("it covers what is not held")

    def _check_ranges(self, ranges: list, size: int, head: int) -> None:
        last = -1
        for item in ranges:
            if not isinstance(item, list) or len(item) != size or not all([fits("u", n) for n in item]):
                raise TrustError("a malformed range")
            if not last < item[0] <= item[1] <= head:
                raise TrustError("ranges do not rise up to the head")
            last = item[1]


def tree_before(index: int, size: int, proof: list) -> bytes:
    """The head of the tree of the first `index` leaves, from the inclusion proof of leaf `index` in a tree of `size`.

    The left neighbours on the path of a leaf are just the complete subtrees before it (RFC 9162 section 2.1.3.2).
    """
    head = None
    last = size - 1
    for item in proof:
        if index & 1 or index == last:
            head = item if head is None else node_hash(item, head)
            while index and not index & 1:
                index >>= 1
                last >>= 1
        index >>= 1
        last >>= 1
    return head
