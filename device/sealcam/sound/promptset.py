# SPDX-License-Identifier: Apache-2.0
"""The prompt set on flash: a signed list of clips, and one file with their sound.

The list is installed only when its sound is there and right; the rename of the list is the moment at which the new set counts. The sound's
file is named after its hash, so a cut in between leaves a file that nobody names, which the next boot removes.
"""

import os
import struct
from hashlib import sha256

from sealcam.chain import durable
from sealcam.dock.certificates import TrustError, check, read
from sealcam.dock.incoming import OFFSET
from sealproto import clips, cose
from sealproto.shape import fits

_ROW = "<HII"  # clip, offset, samples; the bytes follow from the next row's offset
_ROW_BYTES = struct.calcsize(_ROW)
_BLOCK = 512
_SET = "prompts"
_COMING = "prompts.coming"  # a list whose sound has not come yet
_SOUND = "sound-"


class Prompts:
    """An installed set: `clip(number)` says where a clip is, `readinto` reads its ADPCM."""

    def __init__(self, fields: dict, digest: bytes, path: str) -> None:
        self.hash = digest
        self.profile = fields["profile"]
        self.rate = fields["rate"]
        self._rows = _rows(fields["clips"])
        self._count = len(fields["clips"])
        self._file = open(path, "rb")
        self.whole = self._announcement_holds(fields["clips"])

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

    def _announcement_holds(self, rows: list) -> bool:
        """Whether the sound on flash is what the signed list says: of the one clip that must not be wrong, since all would take seconds."""
        digest = b""
        for row in rows:
            if row[0] == clips.ANNOUNCEMENT:
                digest = row[3]
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
        self._coming: tuple | None = None  # (raw, fields)
        self.load()

    def load(self) -> None:
        self._drop()
        self._coming = self._read(_COMING)
        self._open()
        self._clean()

    def _open(self) -> None:
        found = self._read(_SET)
        if found and self._has_sound(found[1]):
            self.installed = Prompts(found[1], sha256(found[0]).digest(), self._sound(found[1]))

    def _drop(self) -> None:
        if self.installed:
            self.installed.close()
            self.installed = None

    def _read(self, name: str) -> tuple | None:
        raw = durable.get(self._path(name))
        try:
            return None if raw is None else (raw, self._check(raw, False))
        except TrustError:
            return None

    def _check(self, raw: bytes, dated: bool) -> dict:
        message, fields = read(cose.PROMPTS, raw)
        check(message, self._trust.station_key(message.kid, dated))
        _check_clips(fields["clips"])
        return fields

    def put(self, raw: bytes) -> None:
        """Takes a signed list; it counts from when its sound is there, perhaps at once. TrustError, OSError."""
        fields = self._check(raw, True)
        if self.knows(sha256(raw).digest()):
            return
        durable.put(self._path(_COMING), raw)
        self._coming = (raw, fields)
        if self._has_sound(fields):
            self._install()

    def knows(self, digest: bytes) -> bool:
        """Whether this list is here, with or without its sound."""
        coming = self._coming is not None and sha256(self._coming[0]).digest() == digest
        return coming or (self.installed is not None and self.installed.hash == digest)

    def has_sound(self, digest: bytes) -> bool:
        """Whether the sound of that hash is here and in use."""
        return self._coming is None and self.installed is not None and durable.size(self._path(_SOUND + digest[:8].hex())) is not None

    def waits_for(self, digest: bytes, total: int) -> bool:
        """Whether this is the sound of the list that came."""
        return self._coming is not None and self._coming[1]["blob"] == digest and _bytes(self._coming[1]) == total

    def put_sound(self, path: str) -> None:
        """Takes the sound that the list waits for, checked by its hash, from the file in which it came."""
        os.rename(path, self._sound(self._coming[1]))
        self._install()

    def _install(self) -> None:
        self._drop()
        os.rename(self._path(_COMING), self._path(_SET))
        self._coming = None
        self._open()
        self._clean()

    def held_bytes(self) -> int:
        """What make_room() would give back."""
        held = self._read(_SET)
        return (durable.size(self._sound(held[1])) or 0) if held else 0

    def make_room(self) -> None:
        """Gives up the set that counts, because flash has no room for two. Until the new one is whole the recorder has none."""
        self._drop()
        durable.remove(self._path(_SET))
        self._clean()

    def _clean(self) -> None:
        """Removes sound that no list names."""
        named = [self._sound(item[1]) for item in (self._read(_SET), self._coming) if item]
        for entry in list(os.ilistdir(self._folder)):
            if entry[0].startswith(_SOUND) and self._path(entry[0]) not in named:
                durable.remove(self._path(entry[0]))

    def _has_sound(self, fields: dict) -> bool:
        return durable.size(self._sound(fields)) == OFFSET + _bytes(fields)

    def _sound(self, fields: dict) -> str:
        return self._path(_SOUND + fields["blob"][:8].hex())

    def _path(self, name: str) -> str:
        return self._folder + "/" + name


def _bytes(fields: dict) -> int:
    return sum([clip[2] for clip in fields["clips"]])


def _check_clips(clips: list) -> None:
    last = -1
    for clip in clips:
        if not isinstance(clip, list) or len(clip) != 4 or not fits("b16", clip[3]):
            raise TrustError("a prompt set has a malformed clip")
        if not all([fits("u", n) and n < 1 << 32 for n in clip[:3]]):  # as _ROW holds them
            raise TrustError("a prompt set has a malformed clip")
        if not last < clip[0] < 0x10000:
            raise TrustError("the clips of a prompt set do not rise")
        last = clip[0]


def _rows(clips: list) -> bytearray:
    """The clips as a table, ten bytes each: 400 lists of four would cost a small recorder thirty kilobytes."""
    rows = bytearray((len(clips) + 1) * _ROW_BYTES)
    offset = 0
    for place, clip in enumerate(clips):
        struct.pack_into(_ROW, rows, place * _ROW_BYTES, clip[0], offset, clip[1])
        offset += clip[2]
    struct.pack_into(_ROW, rows, len(clips) * _ROW_BYTES, 0xFFFF, offset, 0)
    return rows
