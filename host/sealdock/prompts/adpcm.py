# SPDX-License-Identifier: Apache-2.0
"""IMA ADPCM as the recorder decodes it: four bits a sample, one unbroken stream for each clip.

No block headers: a clip starts with predictor 0 and step index 0, the earlier sample of a byte is in its low nibble, and
a clip with an odd number of samples ends in a zero nibble. Steps and index changes are those of the IMA's recommended
practices of 1992. `sealcam.sound.adpcm` is the decoder on the recorder.
"""

from array import array

STEPS = (
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
    1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
    6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
    32767,
)  # fmt: skip
CHANGES = (-1, -1, -1, -1, 2, 4, 6, 8)


def encode(pcm: bytes) -> bytes:
    """ADPCM of 16-bit little-endian PCM."""
    codes = [0] * (len(pcm) // 2 + len(pcm) // 2 % 2)
    predictor = index = 0
    for place, sample in enumerate(array("h", pcm)):
        code, difference = _nearest(sample - predictor, STEPS[index])
        codes[place] = code
        predictor = max(-32768, min(32767, predictor + difference))
        index = max(0, min(88, index + CHANGES[code & 7]))
    return bytes(low | high << 4 for low, high in zip(codes[::2], codes[1::2], strict=True))


def _nearest(wanted: int, step: int) -> tuple[int, int]:
    """The code for a difference, and the difference that the decoder will make of it."""
    sign, left = (8, -wanted) if wanted < 0 else (0, wanted)
    code, made = sign, step >> 3
    for bit, part in ((4, step), (2, step >> 1), (1, step >> 2)):
        if left >= part:
            code |= bit
            left -= part
            made += part
    return code, -made if sign else made


def decode(data: bytes, samples: int) -> bytes:
    """What the recorder plays: 16-bit little-endian PCM of so many samples."""
    out = array("h", bytes(samples * 2))
    predictor = index = 0
    for place in range(samples):
        code = data[place >> 1] >> (place & 1) * 4 & 15
        step = STEPS[index]
        made = step >> 3
        for bit, part in ((4, step), (2, step >> 1), (1, step >> 2)):
            if code & bit:
                made += part
        predictor = max(-32768, min(32767, predictor - made if code & 8 else predictor + made))
        index = max(0, min(88, index + CHANGES[code & 7]))
        out[place] = predictor
    return out.tobytes()
