# SPDX-License-Identifier: Apache-2.0
"""A case as the files of a package that nobody wrote: for judging a session in the archive without exporting it."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from sealdock import sealing
from sealdock.keys import SigningKey
from sealproto import cose, merkle, objects

from . import layout
from .case import Case, Media


class Preview(Mapping[str, bytes]):
    """Names and bytes of the package's files, with an empty report; media is opened each time that it is asked for."""

    def __init__(self, case: Case, station: SigningKey, utc: int) -> None:
        self._media: dict[str, Media] = {layout.media_name(item.number): item for item in case.media}
        self._files = {**case.fixed_files(), layout.REPORT: b""}
        listed = {name: (len(data), sha256(data).digest()) for name, data in self._files.items()}
        leaves = {}
        for name, item in self._media.items():
            plain, stored = item.load()
            listed[name] = len(plain), sha256(plain).digest()
            leaves[item.number] = [merkle.leaf_hash(leaf) for leaf in sealing.leaves(stored)]
        proofs = case.proofs(leaves).encode()
        self._files[layout.PROOFS] = proofs
        listed[layout.PROOFS] = len(proofs), sha256(proofs).digest()
        self._files[layout.MANIFEST] = sign_manifest(case, listed, station, utc)

    def __getitem__(self, name: str) -> bytes:
        return self._media[name].load()[0] if name in self._media else self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._media, *self._files}))

    def __len__(self) -> int:
        return len(self._media) + len(self._files)


def sign_manifest(case: Case, listed: Mapping[str, tuple[int, bytes]], station: SigningKey, utc: int) -> bytes:
    """The signed manifest over files given as name -> (bytes, SHA-256)."""
    files = [[name, *listed[name]] for name in sorted(listed)]
    return objects.make(
        cose.MANIFEST, station.kid, station.sign, session=case.session, chain=case.chain, files=files, utc=utc, approval=case.approval
    )
