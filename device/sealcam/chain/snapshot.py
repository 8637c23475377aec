# SPDX-License-Identifier: Apache-2.0
"""What the history was when a file of the chain began: a boot reads only what follows. A chain of a day takes a Cortex-M half a minute.

Nothing is lost with it: whatever was not written whole, by this firmware, about a record that the chain holds, is as if it were not
there, and the whole chain is read. It says nothing that the chain does not, and no station ever sees it.
"""

from hashlib import sha256

from sealcam import FIRMWARE
from sealcam.chain import durable
from sealcam.chain.history import STATE
from sealproto import cbor

_NAME = "/history"
_CHECK_BYTES = 32
_FORM = FIRMWARE + " " + STATE


class Snapshot:
    """`state` of a History (history.py) that has seen all records up to `seq`, which has that hash, of `chain`."""

    def __init__(self, seq: int, digest: bytes, chain: bytes, state: list) -> None:
        self.seq = seq
        self.hash = digest
        self.chain = chain
        self.state = state


def read(folder: str) -> Snapshot | None:
    """The last one written, or None."""
    raw = durable.get(folder + _NAME)
    if raw is None or sha256(raw[:-_CHECK_BYTES]).digest() != raw[-_CHECK_BYTES:]:
        return None
    held = cbor.decode(raw[:-_CHECK_BYTES])
    if not isinstance(held, list) or held[0] != _FORM:
        return None
    return Snapshot(*held[1:])


class Snapshots:
    """Shows every record that is signed to the history, and writes its state down when the chain has begun a file."""

    def __init__(self, folder: str, chain, history) -> None:
        self._path = folder + _NAME
        self._chain = chain
        self._history = history

    def see(self, record) -> None:
        self._history.see(record)
        if record.seq > 0 and record.seq == self._chain.newest():
            self._put(record)

    def _put(self, record) -> None:
        raw = cbor.encode([_FORM, record.seq, record.hash, record.chain, self._history.state()])
        try:
            durable.put(self._path, raw + sha256(raw).digest())
        except OSError:  # the record is durable, so its signing must not fail; flash that fails is told by the next record
            return
