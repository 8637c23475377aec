# SPDX-License-Identifier: Apache-2.0
"""Setting up a station: all keys, certificates, the signed profile, an empty archive and log; or nothing at all."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path

from sealdock import durable, keys, profile, trust
from sealdock.archive import Archive
from sealdock.bureau import SLACK_MS, Bureau, Circular, read_circular
from sealdock.errors import SealdockError
from sealdock.home import FOLDERS, Home
from sealdock.keys import AgreementKey, SigningKey
from sealdock.log import PROFILE_SET, Log
from sealdock.station import now_ms
from sealdock.text import say
from sealproto import cose, objects


@dataclass(frozen=True)
class Made:
    """What `station init` made: the fingerprint to publish, the folder to move offline, the profile's id."""

    home: Path
    fingerprint: str
    root_folder: Path
    profile: str


def init(home: Home, profile_name: str, name: str | None = None) -> Made:
    """Sets up a station in a home that does not exist yet or is empty. `name` is the place's or office's, and goes into its certificate."""
    rules = profile.load(profile_name)
    _refuse_occupied(home)
    durable.make_folder(home.path.parent)
    prefix = f".{home.path.name}.init-"
    for left in home.path.parent.glob(f"{prefix}*"):  # of a run that was killed: keys that nobody ever used
        shutil.rmtree(left)
    draft = Home(Path(tempfile.mkdtemp(prefix=prefix, dir=home.path.parent)))
    try:
        public = _fill(draft, rules, _source(profile_name), name)
        _sync_tree(draft.path)
        os.rename(draft.path, home.path)
    except BaseException:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise
    durable.sync_folder(home.path.parent)
    return Made(home.path, trust.fingerprint(public), home.root, rules.id)


def _refuse_occupied(home: Home) -> None:
    if home.station_key.exists():
        raise SealdockError(say("station-exists", path=home.path))
    if home.path.exists() and (not home.path.is_dir() or any(home.path.iterdir())):
        raise SealdockError(say("home-not-empty", path=home.path))


def _source(profile_name: str) -> bytes:
    if profile_name.endswith(".toml"):
        return Path(profile_name).read_bytes()
    return (resources.files("sealdock") / "profiles" / f"{profile_name}.toml").read_bytes()


def _fill(draft: Home, rules: profile.Profile, source: bytes, name: str | None) -> bytes:
    for folder in FOLDERS:
        durable.make_folder(draft.path / folder)
    utc = now_ms()
    root, station, signer = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
    recipient, escrow = AgreementKey.generate(), AgreementKey.generate()
    for key, path in (
        (root, draft.root_key),
        (signer, draft.signer_key),
        (escrow, draft.escrow_key),
        (station, draft.station_key),
        (recipient, draft.recipient_key),
    ):
        keys.save(key, path)
    roles: tuple[tuple[int, SigningKey | AgreementKey, int, str | None], ...] = (
        (objects.ROOT, root, trust.ROOT_YEARS, rules.name_zh),
        (objects.STATION, station, trust.STATION_YEARS, name),
        (objects.RECIPIENT, recipient, trust.STATION_YEARS, name),
        (objects.ESCROW, escrow, trust.ROOT_YEARS, None),
        (objects.PROFILE_SIGNER, signer, trust.ROOT_YEARS, None),
    )
    certificates = [
        trust.issue(root, role, key.public, serial=serial, valid_from=utc - SLACK_MS, until=utc + years * trust.YEAR_MS, name=title)
        for serial, (role, key, years, title) in enumerate(roles, 1)
    ]
    compiled = objects.make(cose.PROFILE, signer.kid, signer.sign, id=rules.id, number=rules.version, data=profile.compile(rules))
    bureau = Bureau.found(draft.root, certificates, utc, compiled, source)
    furnish(draft, read_circular(bureau.circular(), None), station.kid, utc)
    return root.public


def furnish(home: Home, circular: Circular, station: bytes, utc: int) -> None:
    """Puts what a circular says into a home that has keys and nothing else yet, with an empty archive and log. `station`: its kid."""
    durable.write_file(home.certificates, b"".join(circular.certificates))
    durable.write_file(home.revocations, circular.revocations)
    durable.write_file(home.profile_object, circular.profile)
    durable.write_file(home.profile_source, circular.source)
    Archive(home.archive, create=True).close()
    log = Log.create(home.log, station, utc)
    log.append(PROFILE_SET, sha256(circular.profile).digest(), utc)


def _sync_tree(folder: Path) -> None:
    for path, _, _ in os.walk(folder):
        durable.sync_folder(Path(path))
