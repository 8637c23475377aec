# SPDX-License-Identifier: Apache-2.0
"""Merkle trees of RFC 9162 section 2.1 with SHA-256: over a segment's leaves, and over the station's log."""

from hashlib import sha256

LEAF_BYTES = 16384  # one leaf of media as stored; the last one of a segment may be shorter


class ProofError(ValueError):
    """The proof does not lead to the given root."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    digest = sha256(b"\x00")
    digest.update(data)
    return digest.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def _split(n: int) -> int:
    """The largest power of two below n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Head:
    """A tree head over leaf hashes that come one by one; holds only the heads of the complete subtrees so far."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, bytes]] = []  # (size, head), falling sizes

    def add(self, item: bytes) -> None:
        """The next leaf's hash."""
        stack = self._stack
        size = 1
        while stack and stack[-1][0] == size:
            item = node_hash(stack.pop()[1], item)
            size *= 2
        stack.append((size, item))

    def root(self) -> bytes:
        """The tree head over all leaves so far; SHA-256 of nothing for none."""
        if not self._stack:
            return sha256(b"").digest()
        item = self._stack[-1][1]
        for _, left in reversed(self._stack[:-1]):
            item = node_hash(left, item)
        return item


def root(leaves: list[bytes]) -> bytes:
    """The tree head over leaf hashes; SHA-256 of nothing for none."""
    head = Head()
    for item in leaves:
        head.add(item)
    return head.root()


def inclusion_proof(leaves: list[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (RFC 9162 section 2.1.3.1), from the leaf upwards."""
    if not 0 <= index < len(leaves):
        raise ProofError("no such leaf")
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return inclusion_proof(leaves[:k], index) + [root(leaves[k:])]
    return inclusion_proof(leaves[k:], index - k) + [root(leaves[:k])]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The head of the tree of `size` leaves that holds `leaf` at `index`, as the proof has it (section 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError("no such leaf")
    last = size - 1
    for item in proof:
        if last == 0:
            raise ProofError("proof is too long")
        if index & 1 or index == last:
            leaf = node_hash(item, leaf)
            while index and not index & 1:
                index >>= 1
                last >>= 1
        else:
            leaf = node_hash(leaf, item)
        index >>= 1
        last >>= 1
    if last:
        raise ProofError("proof is too short")
    return leaf


def consistency_proof(leaves: list[bytes], old: int) -> list[bytes]:
    """That the tree over `leaves` continues its first `old` leaves (section 2.1.4.1)."""
    if not 0 < old <= len(leaves):
        raise ProofError("no such size")
    return _subproof(leaves, old, True)


def _subproof(leaves: list[bytes], old: int, whole: bool) -> list[bytes]:
    size = len(leaves)
    if old == size:
        return [] if whole else [root(leaves)]
    k = _split(size)
    if old <= k:
        return _subproof(leaves[:k], old, whole) + [root(leaves[k:])]
    return _subproof(leaves[k:], old - k, False) + [root(leaves[:k])]


def check_consistency(old: int, old_root: bytes, size: int, new_root: bytes, proof: list[bytes]) -> None:
    """ProofError unless the tree of `size` with `new_root` continues the one of `old` with `old_root` (section 2.1.4.2)."""
    if not 0 < old <= size:
        raise ProofError("no such size")
    if old == size:
        if proof or old_root != new_root:
            raise ProofError("same size, other head")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise ProofError("proof is too short")
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for item in path[1:]:
        if sn == 0:
            raise ProofError("proof is too long")
        if fn & 1 or fn == sn:
            fr = node_hash(item, fr)
            sr = node_hash(item, sr)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, item)
        fn >>= 1
        sn >>= 1
    if sn or fr != old_root or sr != new_root:
        raise ProofError("not a continuation")
