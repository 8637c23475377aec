# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Decodes the prompts: IMA ADPCM, one unbroken stream for each clip (docs/speech.md).

The state is two numbers, whatever the length of the clip, and a block allocates nothing: 256 samples come out of 128
bytes while the speaker plays the ones before. Written for the native emitter; all numbers stay within 18 bits, so 32-bit
and 64-bit machines agree.
"""

from array import array

import micropython

# 89 step sizes, 16 bits each, little-endian: a bytes object stays in flash when the module is frozen.
_STEPS = (
    b"\x07\x00\x08\x00\x09\x00\x0a\x00\x0b\x00\x0c\x00\x0d\x00\x0e\x00\x10\x00\x11\x00\x13\x00\x15\x00"
    b"\x17\x00\x19\x00\x1c\x00\x1f\x00\x22\x00\x25\x00\x29\x00\x2d\x00\x32\x00\x37\x00\x3c\x00\x42\x00"
    b"\x49\x00\x50\x00\x58\x00\x61\x00\x6b\x00\x76\x00\x82\x00\x8f\x00\x9d\x00\xad\x00\xbe\x00\xd1\x00"
    b"\xe6\x00\xfd\x00\x17\x01\x33\x01\x51\x01\x73\x01\x98\x01\xc1\x01\xee\x01\x20\x02\x56\x02\x92\x02"
    b"\xd4\x02\x1c\x03\x6c\x03\xc3\x03\x24\x04\x8e\x04\x02\x05\x83\x05\x10\x06\xab\x06\x56\x07\x12\x08"
    b"\xe0\x08\xc3\x09\xbd\x0a\xd0\x0b\xff\x0c\x4c\x0e\xba\x0f\x4c\x11\x07\x13\xee\x14\x06\x17\x54\x19"
    b"\xdc\x1b\xa5\x1e\xb6\x21\x15\x25\xca\x28\xdf\x2c\x5b\x31\x4b\x36\xb9\x3b\xb2\x41\x44\x48\x7e\x4f"
    b"\x71\x57\x2f\x60\xce\x69\x62\x74\xff\x7f"
)


@micropython.viper
def _decode(state: ptr32, src: ptr8, dst: ptr8, samples: int, steps: ptr8):
    """Decodes from the start of `src` into `dst`. `state` holds predictor + 32768 and step index."""
    predictor = int(state[0]) - 32768
    index = int(state[1])
    place = 0
    while place < samples:
        code = int(src[place >> 1])
        if place & 1:
            code >>= 4
        step = int(steps[index * 2]) | int(steps[index * 2 + 1]) << 8
        made = step >> 3
        if code & 4:
            made += step
            index += ((code & 3) + 1) << 1
            if index > 88:
                index = 88
        elif index > 0:
            index -= 1
        if code & 2:
            made += step >> 1
        if code & 1:
            made += step >> 2
        if code & 8:
            predictor -= made
            if predictor < -32768:
                predictor = -32768
        else:
            predictor += made
            if predictor > 32767:
                predictor = 32767
        dst[place * 2] = predictor & 0xFF
        dst[place * 2 + 1] = (predictor >> 8) & 0xFF
        place += 1
    state[0] = predictor + 32768
    state[1] = index


class Decoder:
    """One clip, block by block.

    >>> decoder = Decoder()
    >>> samples = decoder.decode(adpcm_block, pcm_block)
    """

    def __init__(self) -> None:
        self._state = array("I", (32768, 0))

    def restart(self) -> None:
        """Before the first block of a clip: predictor 0, step index 0."""
        self._state[0] = 32768
        self._state[1] = 0

    def decode(self, src: memoryview, dst: memoryview) -> int:
        """Fills `dst` with 16-bit little-endian samples of `src` and returns how many: two for each byte.

        Decodes all of `src`; every block but the last of a clip therefore holds whole bytes. A clip with an odd number
        of samples yields one more, which the caller drops. ValueError when `dst` is too small.
        """
        samples = len(src) * 2
        if len(dst) < samples * 2:
            raise ValueError("block too small")
        _decode(self._state, src, dst, samples, _STEPS)
        return samples
