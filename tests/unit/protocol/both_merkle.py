# SPDX-License-Identifier: Apache-2.0
"""Merkle trees: proofs hold for every size, and no proof holds for another leaf, place, size or head."""

from hashlib import sha256

from sealproto.merkle import (
    ProofError,
    check_consistency,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_from_inclusion,
)

LEAVES = [leaf_hash(bytes([n])) for n in range(13)]


def consistent(old, old_root, size, new_root, proof):
    try:
        check_consistency(old, old_root, size, new_root, proof)
    except ProofError:
        return False
    return True


def test_small_trees_by_hand():
    a, b, c = LEAVES[:3]
    assert root([]) == sha256(b"").digest()
    assert root([a]) == a == sha256(b"\x00\x00").digest()
    assert root([a, b, c]) == node_hash(node_hash(a, b), c)


def test_inclusion_of_every_leaf_in_every_size():
    for size in range(1, 14):
        head = root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            assert root_from_inclusion(LEAVES[index], index, size, proof) == head
            if size > 1:
                assert root_from_inclusion(LEAVES[index - 1], index, size, proof) != head


def test_a_proof_of_the_wrong_length_is_refused():
    proof = inclusion_proof(LEAVES, 5)
    for bad in (proof[:-1], proof + [bytes(32)]):
        try:
            root_from_inclusion(LEAVES[5], 5, 13, bad)
        except ProofError:
            continue
        raise AssertionError("accepted")


def test_consistency_of_every_pair_of_sizes():
    for size in range(1, 14):
        head = root(LEAVES[:size])
        for old in range(1, size + 1):
            proof = consistency_proof(LEAVES[:size], old)
            before = root(LEAVES[:old])
            assert consistent(old, before, size, head, proof)
            assert not consistent(old, bytes(32), size, head, proof)
            assert not consistent(old, before, size, bytes(32), proof)
            assert not consistent(old, before, size, head, proof + [bytes(32)])
            if proof:
                assert not consistent(old, before, size, head, proof[:-1])
