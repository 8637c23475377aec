# SPDX-License-Identifier: Apache-2.0
"""Microphone and speaker over their rings, and the two PIO programs on the wire."""

import errno
import time

import rp2
from machine import Pin
from pico2_parts import i2s_programs, pcmring
from pico2_parts.microphone import Microphone
from pico2_parts.speaker import Speaker
from piomachine import levels
from world import WORLD

RINGS = pcmring.rings(2)


def microphone() -> tuple:
    WORLD.wired["dma"] = []
    machine = rp2.StateMachine(0, i2s_programs.microphone, freq=2_048_000)
    channel = rp2.DMA()
    return Microphone(RINGS[0], machine, channel, 4, time.ticks_ms), channel


def speaker() -> tuple:
    WORLD.wired["dma"] = []
    machine = rp2.StateMachine(4, i2s_programs.amplifier, freq=1_024_000)
    channel = rp2.DMA()
    WORLD.pins.clear()
    return Speaker(RINGS[1], machine, channel, 8, Pin(17, Pin.OUT, value=0), time.ticks_ms), channel


def take(mic, ms: int, step: int = 20) -> list:
    """What the recorder reads within that time, in turns."""
    buf = memoryview(bytearray(4096))
    heard = []
    for _ in range(0, ms, step):
        WORLD.pass_ms(step)
        while True:
            size = mic.readinto(buf)
            if not size:
                break
            heard += [buf[at] | buf[at + 1] << 8 for at in range(0, size, 2)]
    return heard


def pcm(first: int, count: int) -> bytes:
    return b"".join([(number * 3 + 1 & 0x7FFF).to_bytes(2, "little") for number in range(first, first + count)])


def expected(first: int, count: int) -> list:
    return [number * 3 + 1 & 0x7FFF for number in range(first, first + count)]


# --- microphone ---------------------------------------------------------------------------------------------------------------


def test_reads_every_sample_once_over_several_laps_and_the_wrap_of_the_counter():
    mic, channel = microphone()
    mic.start()
    heard = take(mic, 6000)
    assert abs(len(heard) - 96_000) < 64 and mic.lost() == 0
    assert heard == [channel.source(number) for number in range(len(heard))]


def test_nothing_is_lost_while_flash_is_erased_and_the_card_is_busy():
    mic, channel = microphone()
    mic.start()
    heard = take(mic, 200)
    flash = rp2.Flash(start=0, len=8192)
    for _ in range(10):
        flash.ioctl(6, 0)
    WORLD.pass_ms(450)
    heard += take(mic, 200)
    assert mic.lost() == 0 and heard == [channel.source(number) for number in range(len(heard))]


def test_what_nobody_read_in_time_is_counted():
    for stall in (1100, 2600, 9000):
        mic, channel = microphone()
        mic.start()
        before = take(mic, 100)
        WORLD.pass_ms(stall)
        after = take(mic, 100)
        first = len(before) + mic.lost()
        assert mic.lost() >= (stall - 1024) * 16 and after == [channel.source(first + place) for place in range(len(after))]
        assert abs(len(before) + mic.lost() + len(after) - (200 + stall) * 16) < 64


def test_a_wire_that_is_off_is_a_lost_sensor_and_silence_is_not():
    mic, channel = microphone()
    channel.source = lambda number: number & 1
    mic.start()
    assert len(take(mic, 5000)) > 79_000
    channel.source = lambda number: 0
    try:
        take(mic, 3000)
        raise AssertionError("a dead microphone passed")
    except OSError as reason:
        assert reason.args[0] == errno.EIO


def test_a_channel_that_stopped_is_a_lost_sensor():
    mic, channel = microphone()
    mic.start()
    channel.active(0)
    try:
        mic.readinto(memoryview(bytearray(64)))
        raise AssertionError("a stopped channel passed")
    except OSError as reason:
        assert reason.args[0] == errno.EIO


def test_starts_again_from_nothing():
    mic, channel = microphone()
    mic.start()
    take(mic, 500)
    mic.stop()
    assert mic.readinto(memoryview(bytearray(64))) == 0
    mic.start()
    assert take(mic, 100)[:10] == [channel.source(number) for number in range(10)] and mic.lost() == 0


# --- speaker ------------------------------------------------------------------------------------------------------------------


def say(amp, data: bytes, pause_ms: int = 10) -> None:
    view = memoryview(data)
    while len(view):
        view = view[amp.write(view[:512]) :]
        WORLD.pass_ms(pause_ms)


def test_plays_what_was_written_once_and_then_silence():
    amp, channel = speaker()
    say(amp, pcm(0, 20_000))
    while amp.pending_ms():
        WORLD.pass_ms(20)
    WORLD.pass_ms(5000)
    amp.pending_ms()
    played = list(channel.played)
    start = played.index(1)
    assert played[start : start + 20_000] == expected(0, 20_000)
    assert set(played[:start]) | set(played[start + 20_000 :]) == {0}
    assert WORLD.pins[17].level == 1


def test_holds_half_a_second_and_never_waits():
    amp, _ = speaker()
    before = WORLD.us
    taken = amp.write(memoryview(pcm(0, 16_000)))
    assert WORLD.us - before < 1000 and taken // 2 + 160 == 8000
    assert amp.write(memoryview(pcm(0, 100))) == 0 and 490 <= amp.pending_ms() <= 500
    WORLD.pass_ms(100)
    assert amp.write(memoryview(pcm(0, 16_000))) // 2 in range(1590, 1620)


def test_an_underrun_is_a_pause_and_no_noise():
    amp, channel = speaker()
    amp.write(memoryview(pcm(0, 4000)))
    WORLD.pass_ms(800)  # a card was busy
    amp.write(memoryview(pcm(4000, 4000)))
    WORLD.pass_ms(600)
    assert amp.pending_ms() == 0
    heard = [sample for sample in channel.played if sample]
    assert heard == expected(0, 8000)


def test_what_is_dropped_is_not_heard():
    amp, channel = speaker()
    amp.write(memoryview(pcm(0, 8000)))
    WORLD.pass_ms(100)
    amp.clear()
    assert amp.pending_ms() == 0
    WORLD.pass_ms(3000)
    amp.pending_ms()
    assert len([sample for sample in channel.played if sample]) in range(1400, 1600)


# --- the wire -----------------------------------------------------------------------------------------------------------------


def test_the_microphone_program_reads_the_left_slot_of_i2s():
    """The model of the microphone shifts a bit out on each falling edge, the first one edge after word select changed."""
    state = {"index": 0, "ws": 1, "frame": -1}
    words = (0x123456, 0x800001, 0x7FFFFF, 0xFEDCBA)

    def data(old: int, new: int) -> int | None:
        if not old & 1 or new & 1:
            return None  # no falling edge
        if new >> 1 != state["ws"]:
            state["ws"] = new >> 1
            state["index"] = 0
            state["frame"] += not state["ws"]
        else:
            state["index"] += 1
        if state["ws"] or not 1 <= state["index"] <= 24:
            return 0
        return words[state["frame"] % 4] >> (24 - state["index"]) & 1

    cycles, pushed = levels(i2s_programs.microphone, 128 * 9, data=data)
    tops = [word >> 8 for word in words]
    assert pushed[1:9] == tops[1:] + tops + tops[:1], pushed  # the first frame has no edge before it, and a real one is silent then
    rises = [place for place in range(1, len(cycles)) if cycles[place][0] >> 1 == 0 and cycles[place - 1][0] >> 1 == 1]
    assert rises == list(range(rises[0], len(cycles), i2s_programs.MIC_CYCLES)) and len(rises) >= 7


def test_the_amplifier_program_sends_i2s():
    """Read as an amplifier does: on rising edges, the first bit on the second one after word select changed."""
    words = [0x1234, 0x8001, 0x7FFF, 0xA5A5, 0x0001]
    cycles, _ = levels(i2s_programs.amplifier, 64 * 5 + 8, queue=list(words))
    slots, bits, last = [], [], None
    old = 0
    for new, sd in cycles:
        rising, old = new & ~old & 1, new
        if rising:
            bits.append(sd)  # of the slot before, when word select has just changed
            if last is not None and new >> 1 != last:
                slots.append((last, bits))
                bits = []
            last = new >> 1
    values = [(side, sum([bit << 15 - place for place, bit in enumerate(slot)])) for side, slot in slots if len(slot) == 16]
    left = [value for side, value in values if side == 0]
    right = [value for side, value in values if side == 1]
    assert left[-4:] == words[-5:][len(words) - len(left) :][-4:] and len(left) >= 4, (left, words)
    assert set(right) == {0} and len(slots) >= 8
