# SPDX-License-Identifier: Apache-2.0
"""Speech from espeak-ng 1.52, loaded from the `espeakng-loader` package.

espeak-ng is under the GPL: it is called when prompts are built and is part of nothing that is shipped. The library keeps
its state in one process-wide place, hence the lock. The same texts in the same order give the same samples only in a
fresh process, because its noise generator runs on; `sealdock.prompts.voice` starts one for each build.
"""

import atexit
import ctypes
import functools
import importlib.metadata
import itertools
import os
import shutil
import tempfile
import threading
from pathlib import Path

import av
import espeakng_loader  # type: ignore[import-untyped]
import numpy as np

from sealdock.text import say

from ..errors import SealdockError

RATE = 16_000  # samples a second, as on the recorder
WPM = 240  # about five syllables a second, as in the news

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8_AND_PHONEMES = 1 | 0x100
# espeak-ng copies the folder's name into a fixed buffer and says nothing when it is cut.
_MAX_PATH = 120
_RATE_PARAMETER = 1

_lock = threading.Lock()
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Library:
    """The loaded library; `samples` collects what the running synthesis delivers."""

    def __init__(self) -> None:
        self.samples = bytearray()
        self.lib = ctypes.CDLL(espeakng_loader.get_library_path())
        self.lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self.rate = self.lib.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(_data_folder()), _DONT_EXIT)
        if self.rate <= 0:
            raise SealdockError(say("espeak-data"))
        self._callback = _Callback(self._collect)  # kept: the library holds only the pointer
        self.lib.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave: object, count: int, events: object) -> int:
        if count:
            self.samples += ctypes.string_at(wave, count * 2)  # type: ignore[arg-type]
        return 0

    def choose(self, voice: str, rate_wpm: int) -> None:
        if self.lib.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SealdockError(say("espeak-voice", voice=repr(voice)))
        self.lib.espeak_SetParameter(_RATE_PARAMETER, rate_wpm, 0)


@functools.cache
def _library() -> _Library:
    return _Library()


def version() -> str:
    """Which speech library speaks; part of what a cached set depends on."""
    return "espeakng-loader " + importlib.metadata.version("espeakng-loader")


def _data_folder() -> str:
    folder = espeakng_loader.get_data_path()
    if len(os.fsencode(folder)) <= _MAX_PATH:
        return folder
    short = Path(tempfile.mkdtemp(prefix="sealdock-"))
    atexit.register(shutil.rmtree, short, ignore_errors=True)
    link = short / "espeak-ng-data"
    link.symlink_to(folder)
    return str(link)


def synthesize(text: str, voice: str = "cmn", rate_wpm: int = WPM) -> bytes:
    """16-bit little-endian mono PCM at RATE of `text`, which may hold phonemes in double brackets. Not normalised.

    SealdockError when espeak-ng does not work or says nothing.
    """
    with _lock:
        library = _library()
        library.choose(voice, rate_wpm)
        library.samples.clear()
        data = text.encode() + b"\0"
        failed = library.lib.espeak_Synth(data, len(data), 0, 0, 0, _UTF8_AND_PHONEMES, None, None)
        library.lib.espeak_Synchronize()
        pcm = bytes(library.samples)
    if failed or not pcm:
        raise SealdockError(say("espeak-silent", words=repr(text)))
    return _resampled(pcm, library.rate)


def phonemes(text: str, voice: str = "cmn") -> str:
    """How espeak-ng reads `text`, in its own phoneme names."""
    with _lock:
        library = _library()
        library.choose(voice, WPM)
        buffer = ctypes.create_string_buffer(text.encode())
        place = ctypes.c_void_p(ctypes.addressof(buffer))
        parts = []
        while place.value:
            parts.append(library.lib.espeak_TextToPhonemes(ctypes.byref(place), 1, 0).decode())
    return " ".join(parts)


def _resampled(pcm: bytes, rate: int) -> bytes:
    """PCM at RATE, by FFmpeg's polyphase resampler."""
    frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, np.int16).reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    frames = itertools.chain(resampler.resample(frame), resampler.resample(None))
    return b"".join(out.to_ndarray().astype("<i2").tobytes() for out in frames)
