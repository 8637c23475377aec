# SPDX-License-Identifier: Apache-2.0
"""A station: its keys, certificates, profile, archive and log, opened together; and how one is set up.

>>> with Station.open(home, write=True) as station:
...     station.archive.recorders()
"""

from contextlib import ExitStack
from pathlib import Path

from sealdock import durable, keys, sequence
from sealdock.archive import Archive
from sealdock.clock import now_ms as now_ms
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.keys import Keyring
from sealdock.log import Log
from sealdock.profile import Profile, load
from sealdock.text import say
from sealdock.trust import Certificate, TrustStore, find_root
from sealproto import cbor, objects


def read_sequence(path: Path) -> list[bytes]:
    """The items of a CBOR sequence file (RFC 8742), each as its bytes. SealdockError when it is missing or none."""
    try:
        return sequence.items(path.read_bytes())
    except OSError as error:
        raise SealdockError(say("system", what=path, why=error.strerror)) from error
    except cbor.CborError as error:
        raise SealdockError(say("damaged", path=path, why=error)) from error


class Station:
    """An open station. `trust` holds its own certificates and those of its recorders."""

    def __init__(self, home: Home, write: bool, recipients: Keyring | None = None) -> None:
        self.home = home.require()
        self._open = ExitStack()
        try:
            if write:
                self._open.enter_context(home.lock())
            self.key = keys.load_signing(home.station_key)
            self.recipient = recipients or home.recipient_keys()
            self.trust = self._trust()
            self.archive = self._open.enter_context(Archive(home.archive))
            self.log = Log(home.log)
            for recorder in self.archive.recorders():
                self.trust.add(recorder.certificate)
        except BaseException:
            self._open.close()
            raise

    @classmethod
    def open(cls, home: Home, write: bool = False, recipients: Keyring | None = None) -> "Station":
        """The station in a home; `write` takes the lock; `recipients` stand in for the station's own recipient keys.

        SealdockError when there is none, or another process writes.
        """
        return cls(home, write, recipients)

    def __enter__(self) -> "Station":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._open.close()

    def _trust(self) -> TrustStore:
        certificates = read_sequence(self.home.certificates)
        root = find_root(certificates, None)
        if root is None:
            raise SealdockError(say("no-root", path=self.home.certificates))
        store = TrustStore(root)
        store.set_revocations(self.revocations)
        store.add_all(certificates)
        return store

    @property
    def revocations(self) -> bytes:
        """The root's newest revocation list, as signed."""
        return self.home.revocations.read_bytes()

    @property
    def certificates(self) -> list[bytes]:
        """The bureau's certificates, as signed: root, station, recipients, profile signer."""
        return read_sequence(self.home.certificates)

    def keep_certificates(self, raws: list[bytes]) -> None:
        """Adds certificates of the bureau, checked already. A recorder that another station enrolled needs that station's."""
        with self.log.lock:  # a rack's threads may meet several new recorders at once
            known = self.certificates
            new = [raw for raw in raws if raw not in known]
            if new:
                durable.write_file(self.home.certificates, b"".join([*known, *new]))

    @property
    def certificate(self) -> Certificate:
        """This station's own certificate; TrustError when it is out of date or revoked."""
        return self.trust.find(self.key.kid, objects.STATION, at=now_ms())

    def recipients(self) -> list[Certificate]:
        """Whom content keys are wrapped for: station and escrow."""
        now = now_ms()
        return self.trust.of_role(objects.RECIPIENT, now) + self.trust.of_role(objects.ESCROW, now)

    @property
    def profile_object(self) -> bytes:
        """The compiled profile, as signed."""
        return self.home.profile_object.read_bytes()

    @property
    def profile(self) -> Profile:
        """The bureau's rules."""
        return load(self.home.profile_source)

    @property
    def prompts(self) -> tuple[bytes, bytes] | None:
        """The signed prompt set and its sound; None when none was built yet."""
        if not self.home.prompts_object.exists():
            return None
        return self.home.prompts_object.read_bytes(), self.home.prompts_blob.read_bytes()
