# SPDX-License-Identifier: Apache-2.0
"""The archive: records and media as files that are never changed, SQLite as the index over them.

records/CHAIN.cbor                 the chain's records, a CBOR sequence (RFC 8742) that only grows
media/CHAIN/SESSION/NNNNNN.seg     stored (encrypted) bytes of a segment; .tail of an unsealed one, with its .trailers
partial/CHAIN-SEQ                  leaves of a segment that is still being taken
staged/CHAIN/...                   slots of a card whose records are not here yet
branches/...                       what a forked or rolled-back recorder showed
"""

from .store import Archive, RecorderRow

__all__ = ["Archive", "RecorderRow"]
