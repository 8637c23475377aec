# SPDX-License-Identifier: Apache-2.0
"""What stations put on the recorder to work by: the bureau's rules, the spoken clips, and who carries it.

Each is verified before it is stored and again whenever it is loaded, so a changed file is as good as none. Hashes are SHA-256 of the
complete signed objects: what session-open and resume name.
"""

from hashlib import sha256

from sealcam.chain import durable
from sealcam.dock.certificates import TrustError, check, read
from sealcam.sound.promptset import PromptStore
from sealproto import cbor, cose, profile_keys
from sealproto.shape import ShapeError

_PROFILE = "profile"
_FORMER = "numbers"  # of the profiles that were in use before, by their ids: a way round over another one leads back to no older rules
_FORMER_MAX = 16


class StaleError(ValueError):
    """Older than what is held."""


class ObjectsStore:
    """`profile` is the compiled profile by names, or None; `prompts` has clip() and readinto(), or is None."""

    def __init__(self, folder: str, trust, history=None) -> None:
        self.folder = durable.folder(folder + "/objects")
        self._trust = trust
        self._history = history
        self.profile: dict | None = None
        self.profile_hash: bytes | None = None
        self._number = 0
        self.prompt_store = PromptStore(self.folder, trust)
        self.load()

    def load(self) -> None:
        """Reads everything again, as after an enrolment."""
        self.profile = self.profile_hash = None
        self.prompt_store.load()
        raw = durable.get(self._path(_PROFILE))
        if raw is None:
            return
        try:
            self._use(raw, self._check_profile(raw, False))
        except TrustError:
            return

    @property
    def prompts(self):
        return self.prompt_store.installed

    @property
    def prompts_hash(self) -> bytes | None:
        return self.prompts.hash if self.prompts else None

    def unfit(self) -> Exception | None:
        """Why the installed prompts may not speak this profile's announcement, or None when they may."""
        prompts = self.prompts
        if prompts is None:
            return ValueError("no prompts")
        if prompts.profile != self.profile["id"]:
            return ValueError("the prompts are another profile's")
        return None if prompts.whole else ValueError("the prompts' announcement is missing or damaged")

    @property
    def assignment_hash(self) -> bytes | None:
        """Of the assignment that the chain holds last: a signed record says who carries the recorder, no file beside it."""
        held = self._history.assignment if self._history else None
        return None if held is None else sha256(held).digest()

    def put_profile(self, raw: bytes) -> None:
        """Takes a signed profile. TrustError, StaleError for a lower number than this profile ever had here, OSError."""
        fields = self._check_profile(raw, True)
        known = _numbers(durable.get(self._path(_FORMER)))
        if self.profile:
            present = self.profile["id"]
            known[present] = max(self._number, known.get(present, 0))
        if fields["number"] < known.get(fields["id"], 0):
            raise StaleError("an older version of the profile")
        if self.profile and fields["id"] != present:
            if fields["id"] not in known and len(known) >= _FORMER_MAX:
                raise TrustError("more profiles than a bureau has")
            durable.put(self._path(_FORMER), cbor.encode([[name, known[name]] for name in sorted(known)]))
        durable.put(self._path(_PROFILE), raw)
        self._use(raw, fields)

    def _check_profile(self, raw: bytes, dated: bool) -> dict:
        message, fields = read(cose.PROFILE, raw)
        check(message, self._trust.profile_signer(message.kid, dated))
        try:
            fields["data"] = profile_keys.read(fields["data"])
        except ShapeError as error:
            raise TrustError(str(error))
        if (fields["data"]["id"], fields["data"]["version"]) != (fields["id"], fields["number"]):
            raise TrustError("the profile names itself in two ways")
        return fields

    def _use(self, raw: bytes, fields: dict) -> None:
        self.profile = fields["data"]
        self.profile_hash = sha256(raw).digest()
        self._number = fields["number"]

    def check_assignment(self, raw: bytes, chain: bytes, utc: int | None) -> None:
        """TrustError unless a certified station assigned this recorder; StaleError when that time is over."""
        message, fields = read(cose.ASSIGNMENT, raw)
        check(message, self._trust.station_key(message.kid))
        if fields["chain"] != chain:
            raise TrustError("another recorder's assignment")
        if utc is not None and fields["until"] is not None and fields["until"] < utc:
            raise StaleError("the assignment is over")

    def _path(self, name: str) -> str:
        return self.folder + "/" + name


def _numbers(raw: bytes | None) -> dict:
    """Id and highest number of each former profile; none when the file is missing or damaged."""
    try:
        held = cbor.decode(raw) if raw is not None else []
    except cbor.CborError:
        return {}
    rows = [row for row in held if isinstance(row, list)] if isinstance(held, list) else []
    return {row[0]: row[1] for row in rows if len(row) == 2 and isinstance(row[0], str) and isinstance(row[1], int)}
