# SPDX-License-Identifier: Apache-2.0
"""The scene before the recorder: a folder of JPEG frames and sound made by sim/sealsim/reel.py, played round and round.

reel.json: width, height, fps, frames, rate, samples. frames.idx: frames + 1 little-endian u64 offsets into frames.jpgs.
sound.pcm: signed 16-bit mono. dark.jpg: what a covered lens sees.
"""

import errno
import json
import struct


class Reel:
    """The scene's beginning was at `epoch`, in milliseconds of the world."""

    def __init__(self, folder, epoch):
        with open(folder + "/reel.json") as file:
            facts = json.load(file)
        self.width = facts["width"]
        self.height = facts["height"]
        self.fps = facts["fps"]
        self.frames = facts["frames"]
        self.rate = facts["rate"]
        self.samples = facts["samples"]
        self.epoch = epoch
        self._index = open(folder + "/frames.idx", "rb")
        self._pictures = open(folder + "/frames.jpgs", "rb")
        self._sound = open(folder + "/sound.pcm", "rb")
        with open(folder + "/dark.jpg", "rb") as file:
            self._dark = file.read()
        self._entry = bytearray(16)

    def picture(self, when, buf):
        """Copies the frame that shows at `when` to buf and returns its length. OSError(ENOMEM) when buf is too small."""
        number = (when - self.epoch) * self.fps // 1000 % self.frames
        self._index.seek(8 * number)
        self._index.readinto(self._entry)
        start, end = struct.unpack("<QQ", self._entry)
        if end - start > len(buf):
            raise OSError(errno.ENOMEM)
        self._pictures.seek(start)
        return self._pictures.readinto(buf, end - start)

    def dark(self, buf):
        if len(self._dark) > len(buf):
            raise OSError(errno.ENOMEM)
        buf[: len(self._dark)] = self._dark
        return len(self._dark)

    def sound(self, first, buf, samples):
        """Fills buf with `samples` samples, the first of them number `first` of the world."""
        at = (first - self.epoch * self.rate // 1000) % self.samples
        done = 0
        while done < samples:
            count = min(samples - done, self.samples - at)
            self._sound.seek(2 * at)
            self._sound.readinto(memoryview(buf)[2 * done :] if done else buf, 2 * count)
            done += count
            at = (at + count) % self.samples
