# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined, call-overload"
"""The two I2S buses as PIO programs. Clock and word select are side-set pins: bit 0 SCK, bit 1 WS. One SCK cycle is two PIO cycles.

machine.I2S is not used: its interrupt must reset the DMA address every millisecond, and each erase of internal flash holds all
interrupts for 45 ms and more. The receiver then writes past its 256 bytes, and the sender plays what lies behind them.
"""

import rp2

MIC_CYCLES = 128  # PIO cycles a sample: 64 SCK
AMP_CYCLES = 64  # 32 SCK


@rp2.asm_pio(
    sideset_init=(rp2.PIO.OUT_LOW, rp2.PIO.OUT_LOW),
    in_shiftdir=rp2.PIO.SHIFT_LEFT,
    autopush=True,
    push_thresh=16,
    fifo_join=rp2.PIO.JOIN_RX,
)
def microphone():
    """The 16 most significant bits of the left slot; the other 48 bits of the frame are clocked and dropped."""
    set(x, 15).side(0b00)  # WS falls: left
    nop().side(0b01)  # the bit before the first one
    nop().side(0b00)
    label("bit")
    in_(pins, 1).side(0b01)  # read on the rising edge
    jmp(x_dec, "bit").side(0b00)
    set(x, 13).side(0b01)
    label("rest")
    nop().side(0b00)
    jmp(x_dec, "rest").side(0b01)
    set(x, 30).side(0b10)  # WS rises: right
    nop().side(0b11)
    label("right")
    nop().side(0b10)
    jmp(x_dec, "right").side(0b11)


@rp2.asm_pio(
    sideset_init=(rp2.PIO.OUT_LOW, rp2.PIO.OUT_LOW),
    out_init=rp2.PIO.OUT_LOW,
    out_shiftdir=rp2.PIO.SHIFT_LEFT,
    autopull=True,
    pull_thresh=16,
    fifo_join=rp2.PIO.JOIN_TX,
)
def amplifier():
    """One sample into the left slot of 16 bits, zeros into the right one. Data change on the falling edge."""
    set(pins, 0).side(0b00)  # WS falls: left; still the last bit of the right slot
    set(x, 14).side(0b01)
    label("bit")
    out(pins, 1).side(0b00)
    jmp(x_dec, "bit").side(0b01)
    out(pins, 1).side(0b10)  # the last bit of the left slot; WS rises: right
    set(x, 14).side(0b11)
    label("right")
    set(pins, 0).side(0b10)
    jmp(x_dec, "right").side(0b11)
