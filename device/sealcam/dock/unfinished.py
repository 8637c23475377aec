# SPDX-License-Identifier: Apache-2.0
"""An enrolment that a power cut broke off between the keys and their genesis record, and how a boot makes it good."""

from hashlib import sha256

from sealcam.chain import durable, keystore

GENESIS = "/genesis"  # below the folder of what is trusted, while an enrolment is being committed


def finish(store, chain, signer, trust) -> bool:
    """For a boot without a chain: begins it when the genesis record was made and its keys are kept. True if so."""
    genesis = durable.get(trust.folder + GENESIS)
    seed = store.get(keystore.EPOCH)
    if genesis is None or seed is None or not trust.enrolled or chain.id is not None:
        return False
    if sha256(genesis).digest() != trust.genesis:
        return False
    signer.begin(genesis, seed[4:])
    durable.remove(trust.folder + GENESIS)
    return True
