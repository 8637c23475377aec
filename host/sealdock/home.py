# SPDX-License-Identifier: Apache-2.0
"""The station's folder: where each thing lies, and the lock that lets one process write at a time.

root/      the bureau's root (bureau.py): to be moved offline after `station init`
station/   station and recipient keys; next/ holds those that wait for the root's certificates
certs/     certificates and the revocation list, as signed
profile/   the compiled, signed profile and its source
prompts/   the signed prompt set and its sound
archive/   archive.db, records/, media/, partial/, branches/
log/       the Merkle log of every act
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sealdock import keys
from sealdock.errors import SealdockError
from sealdock.keys import Keyring
from sealdock.text import say

VARIABLE = "SEALDOCK_HOME"
FOLDERS = ("root", "station", "certs", "profile", "prompts", "archive", "log")


class Home:
    """Paths under one station's folder. Nothing is created or read here but the lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = path / "root"
        self.station = path / "station"
        self.certs = path / "certs"
        self.profile = path / "profile"
        self.prompts = path / "prompts"
        self.archive = path / "archive"
        self.log = path / "log"
        self.root_key = self.root / "root.key"
        self.escrow_key = self.root / "escrow.key"
        self.signer_key = self.root / "profile-signer.key"
        self.station_key = self.station / "station.key"
        self.recipient_key = self.station / "recipient.key"
        self.next = self.station / "next"  # keys that wait for the root's certificates
        self.certificates = self.certs / "certificates.cbor"
        self.revocations = self.certs / "revocations.cbor"
        self.profile_object = self.profile / "profile.cbor"
        self.profile_source = self.profile / "profile.toml"
        self.prompts_object = self.prompts / "prompts.cbor"
        self.prompts_blob = self.prompts / "prompts.bin"
        self.database = self.archive / "archive.db"

    @classmethod
    def find(cls, option: str | None) -> "Home":
        """The home that was asked for: option, else $SEALDOCK_HOME, else the user's data folder."""
        chosen = option or os.environ.get(VARIABLE)
        if chosen:
            return cls(Path(chosen).expanduser().absolute())
        data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
        return cls(Path(data).expanduser().absolute() / "sealdock")

    def require(self) -> "Home":
        """Itself; SealdockError when no station was set up here."""
        if not self.station_key.exists():
            raise SealdockError(say("no-station", path=self.path))
        return self

    def recipient_keys(self) -> Keyring:
        """The recipient key and those it replaced (`recipient-*.key`). SealdockError when the present one is lost."""
        if not self.recipient_key.exists():
            raise SealdockError(say("recipient-lost", path=self.recipient_key))
        former = sorted(self.station.glob("recipient-*.key"))
        return Keyring([keys.load_agreement(path) for path in (self.recipient_key, *former)])

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held while writing; SealdockError at once when another process has it. It falls with the process, however that ends."""
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SealdockError(say("locked", path=self.path)) from None
            yield
        finally:
            os.close(handle)
