# SPDX-License-Identifier: Apache-2.0
"""The prompt set on flash: a signed list of clips, and one file with their sound.

The list is installed only when its sound is there and right; the rename of the list is the moment at which the new set counts. The sound's
file is named after its hash, so a cut in between leaves a file that nobody names, which the next boot removes.
"""

import os
import struct
from hashlib import sha256

from sealcam.chain import durable
from sealcam.dock.certificates import TrustError, check
from sealcam.dock.incoming import OFFSET
from sealproto import clips, cose, objects
from sealproto.shape import fits

_ROW = "<HII"  # clip, offset, samples; the bytes follow from the next row's offset
_ROW_BYTES = struct.calcsize(_ROW)
_BLOCK = 512
_SET = "prompts"
_COMING = "prompts.coming"  # a list whose sound has not come yet
_SOUND = "sound-"


class Listing:
    """A signed list, checked. Its rows are taken one by one: 400 lists of four would cost a small recorder thirty kilobytes."""

    def __init__(self, load, trust, dated: bool) -> None:
        """load(): the signed object. TrustError when it is none that a station of this bureau signed."""
        message = self._parsed(load())
        check(message, trust.station_key(message.kid, dated))
        self.bytes = 0  # of its sound
        self.announcement = b""  # the first half of that clip's SHA-256
        self.count = 0
        self._last = -1
        try:
            fields = objects.read_rows(message, self._begin)
        except objects.ObjectError as error:
            raise TrustError(str(error))
        struct.pack_into(_ROW, self.rows, self.count * _ROW_BYTES, 0xFFFF, self.bytes, 0)
        self.profile = fields["profile"]
        self.rate = fields["rate"]
        self.blob = fields["blob"]

    def _parsed(self, raw: bytes) -> cose.Sign1:
        self.hash = sha256(raw).digest()
        try:
            return cose.parse(raw, cose.PROMPTS)
        except cose.CoseError as error:
            raise TrustError(str(error))

    def _begin(self, count: int):
        self.rows = bytearray((count + 1) * _ROW_BYTES)
        return self._take

    def _take(self, clip: object) -> None:
        if not isinstance(clip, list) or len(clip) != 4 or not fits("b16", clip[3]):
            raise TrustError("a prompt set has a malformed clip")
        if not all([fits("u", n) and n < 1 << 32 for n in clip[:3]]):  # as _ROW holds them
            raise TrustError("a prompt set has a malformed clip")
        number, samples, size, digest = clip
        if not self._last < number < 0x10000:
            raise TrustError("the clips of a prompt set do not rise")
        struct.pack_into(_ROW, self.rows, self.count * _ROW_BYTES, number, self.bytes, samples)
        if number == clips.ANNOUNCEMENT:
            self.announcement = digest
        self._last = number
        self.count += 1
        self.bytes += size


class Prompts:
    """An installed set: `clip(number)` says where a clip is, `readinto` reads its ADPCM."""

    def __init__(self, listing: Listing, path: str) -> None:
        self.hash = listing.hash
        self.profile = listing.profile
        self.rate = listing.rate
        self._rows = listing.rows
        self._count = listing.count
        self._file = open(path, "rb")
        self.whole = self._announcement_holds(listing.announcement)

    def clip(self, number: int) -> tuple | None:
        """(offset, samples, bytes) of a clip, or None when the set does not have it."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            found, offset, samples = struct.unpack_from(_ROW, self._rows, middle * _ROW_BYTES)
            if found == number:
                return offset, samples, struct.unpack_from(_ROW, self._rows, (middle + 1) * _ROW_BYTES)[1] - offset
            if found < number:
                low = middle + 1
            else:
                high = middle
        return None

    def readinto(self, offset: int, buf: memoryview) -> int:
        """Fills buf with the sound from `offset` on; the count of bytes. OSError."""
        self._file.seek(OFFSET + offset)
        return self._file.readinto(buf)

    def _announcement_holds(self, digest: bytes) -> bool:
        """Whether the sound on flash is what the signed list says: of the one clip that must not be wrong, since all would take seconds."""
        found = self.clip(clips.ANNOUNCEMENT)
        if found is None:
            return False
        offset, _, size = found
        sound = sha256()
        block = memoryview(bytearray(_BLOCK))
        while size > 0:
            part = block[: min(_BLOCK, size)]
            if self.readinto(offset, part) != len(part):
                return False
            sound.update(part)
            offset += len(part)
            size -= len(part)
        return sound.digest()[:16] == digest

    def close(self) -> None:
        self._file.close()


class PromptStore:
    """`installed` is the set that counts, or None."""

    def __init__(self, folder: str, trust) -> None:
        self._folder = folder
        self._trust = trust
        self.installed: Prompts | None = None
        self._coming: Listing | None = None  # without its rows
        self.load()

    def load(self) -> None:
        self._drop()
        self._coming = self._read(_COMING)
        if self._coming:
            self._coming.rows = None
        self._open()

    def _open(self) -> None:
        """Puts the installed list to use, and removes sound that no list names."""
        found = self._read(_SET)
        self._held_blob = found.blob if found else None
        if found and self._has_sound(found):
            self.installed = Prompts(found, self._sound(found.blob))
        self._clean()

    def _drop(self) -> None:
        if self.installed:
            self.installed.close()
            self.installed = None

    def _read(self, name: str) -> Listing | None:
        if durable.size(self._path(name)) is None:
            return None
        try:
            return Listing(lambda: durable.get(self._path(name)), self._trust, False)
        except TrustError:
            return None

    def put(self, load) -> None:
        """Takes a signed list, load(); it counts from when its sound is there, perhaps at once. TrustError, OSError."""
        coming = Listing(load, self._trust, True)
        if self.knows(coming.hash):
            return
        coming.rows = None
        durable.put(self._path(_COMING), load())
        self._coming = coming
        if self._has_sound(coming):
            self._install()

    def knows(self, digest: bytes) -> bool:
        """Whether this list is here, with or without its sound."""
        coming = self._coming is not None and self._coming.hash == digest
        return coming or (self.installed is not None and self.installed.hash == digest)

    def has_sound(self, digest: bytes) -> bool:
        """Whether the sound of that hash is here and in use."""
        return self._coming is None and self.installed is not None and durable.size(self._sound(digest)) is not None

    def waits_for(self, digest: bytes, total: int) -> bool:
        """Whether this is the sound of the list that came."""
        return self._coming is not None and self._coming.blob == digest and self._coming.bytes == total

    def put_sound(self, path: str) -> None:
        """Takes the sound that the list waits for, checked by its hash, from the file in which it came."""
        os.rename(path, self._sound(self._coming.blob))
        self._install()

    def _install(self) -> None:
        self._drop()
        os.rename(self._path(_COMING), self._path(_SET))
        self._coming = None
        self._open()

    def held_bytes(self) -> int:
        """What make_room() would give back."""
        return (durable.size(self._sound(self._held_blob)) or 0) if self._held_blob else 0

    def make_room(self) -> None:
        """Gives up the set that counts, because flash has no room for two. Until the new one is whole the recorder has none."""
        self._drop()
        durable.remove(self._path(_SET))
        self._held_blob = None
        self._clean()

    def _clean(self) -> None:
        blobs = (self._held_blob, self._coming.blob if self._coming else None)
        named = [self._sound(blob) for blob in blobs if blob]
        for entry in list(os.ilistdir(self._folder)):
            if entry[0].startswith(_SOUND) and self._path(entry[0]) not in named:
                durable.remove(self._path(entry[0]))

    def _has_sound(self, listing: Listing) -> bool:
        return durable.size(self._sound(listing.blob)) == OFFSET + listing.bytes

    def _sound(self, blob: bytes) -> str:
        return self._path(_SOUND + blob[:8].hex())

    def _path(self, name: str) -> str:
        return self._folder + "/" + name
