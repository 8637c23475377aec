# SPDX-License-Identifier: Apache-2.0
"""The recorder's ADPCM decoder against the definition, written down once more in plain Python."""

import gc

from sealcam.sound.adpcm import _STEPS, Decoder

CHANGES = (-1, -1, -1, -1, 2, 4, 6, 8)


def reference(data):
    predictor = index = 0
    out = bytearray()
    for byte in data:
        for code in (byte & 15, byte >> 4):
            step = _STEPS[2 * index] | _STEPS[2 * index + 1] << 8
            made = (step >> 3) + (step if code & 4 else 0) + (step >> 1 if code & 2 else 0) + (step >> 2 if code & 1 else 0)
            predictor = max(-32768, min(32767, predictor - made if code & 8 else predictor + made))
            index = max(0, min(88, index + CHANGES[code & 7]))
            out += (predictor & 0xFFFF).to_bytes(2, "little")
    return bytes(out)


def pattern(count, seed):
    out = bytearray()
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(seed >> 16 & 0xFF)
    return bytes(out)


def decoded(data, block):
    decoder = Decoder()
    out = bytearray()
    dst = memoryview(bytearray(block * 4))
    for start in range(0, len(data), block):
        src = memoryview(data)[start : start + block]
        out += dst[: 2 * decoder.decode(src, dst)]
    return bytes(out)


def test_steps():
    assert len(_STEPS) == 178 and _STEPS[:2] == b"\x07\x00" and _STEPS[-2:] == b"\xff\x7f"


def test_random_codes():
    data = pattern(3000, 1)
    assert decoded(data, 128) == reference(data)


def test_both_limits():
    for byte in (0x77, 0xFF, 0x7F, 0x00, 0x88):
        data = bytes([byte]) * 200
        assert decoded(data, 200) == reference(data)


def test_block_size_does_not_matter():
    data = pattern(1000, 2)
    whole = decoded(data, 1000)
    for block in (1, 7, 128, 999):
        assert decoded(data, block) == whole


def test_restart_begins_a_new_clip():
    data = pattern(64, 3)
    decoder, dst = Decoder(), memoryview(bytearray(256))
    decoder.decode(memoryview(data), dst)
    first = bytes(dst)
    decoder.decode(memoryview(data), dst)
    assert bytes(dst) != first
    decoder.restart()
    decoder.decode(memoryview(data), dst)
    assert bytes(dst) == first


def test_small_block_is_refused():
    try:
        Decoder().decode(memoryview(bytes(8)), memoryview(bytearray(31)))
    except ValueError:
        return
    raise AssertionError("accepted")


def test_a_block_allocates_nothing():
    decoder, src, dst = Decoder(), memoryview(pattern(128, 4)), memoryview(bytearray(512))
    decoder.decode(src, dst)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(100):
        decoder.decode(src, dst)
    after = gc.mem_alloc()
    gc.enable()
    assert after - before < 100, after - before
