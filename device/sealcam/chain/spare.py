# SPDX-License-Identifier: Apache-2.0
"""A file of nothing, whose place on flash is given back when a station comes to a recorder that has no other left.

Recording stops long before flash is full; what is signed besides (boots, faults, entries) still fills what was left, over months without
a station. Then not even the receipt could be signed that makes room again. Only a station's coming takes this place: nothing else fills it.
"""

from sealcam.chain import durable

_NAME = "/spare"
_BYTES = 49152  # a boot with a cut, a receipt, and the draft of what is kept of dropped files (chain.py): 128 changes of the key
_SHORT = 16384  # bytes free, of which nobody knows how many a file system can still use
_PIECE = 512


def keep(folder: str, least: int) -> None:
    """Takes the place while `least` bytes stay free beside it; what cannot be done now is done at the next boot."""
    path = folder + _NAME
    if durable.size(path) == _BYTES or durable.free(folder) < _BYTES + least:
        return
    piece = bytes(_PIECE)
    try:
        with open(path, "wb") as file:
            for _ in range(0, _BYTES, _PIECE):
                file.write(piece)
    except OSError:  # of flash that fails the next record tells
        durable.remove(path)


def give(folder: str) -> None:
    """Gives it back where flash is as good as full."""
    if durable.free(folder) < _SHORT:
        durable.remove(folder + _NAME)
