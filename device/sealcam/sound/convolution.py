# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The convolutional code of rate 1/2 and constraint length 7 (generators 171 and 133 octal, CCSDS 131.0-B), decoded softly by
the Viterbi algorithm. Six zero bits end each message, so that the decoder knows where the path ends.
"""

from array import array

import micropython

TAIL = 6
_STATES = 64
_FAR = 1 << 20
_G0, _G1 = 0o171, 0o133


def coded_bits(message_bytes: int) -> int:
    """Bits on the air for so many bytes."""
    return 2 * (8 * message_bytes + TAIL)


def encode(message: bytes) -> bytearray:
    """The coded bits, one in each byte, most significant bit of each byte first."""
    out = bytearray(coded_bits(len(message)))
    register = 0
    for step in range(8 * len(message) + TAIL):
        bit = message[step >> 3] >> (7 - (step & 7)) & 1 if step < 8 * len(message) else 0
        register = bit << 6 | register >> 1
        out[2 * step] = _parity(register & _G0)
        out[2 * step + 1] = _parity(register & _G1)
    return out


def _parity(value: int) -> int:
    odd = 0
    while value:
        odd ^= value & 1
        value >>= 1
    return odd


@micropython.viper
def _forward(soft: ptr8, steps: int, outputs: ptr8, costs: ptr32, choices: ptr8):
    """soft: 128 + how much more likely a one is. costs: 2 x 64, the first half set. choices: 8 bytes a step, a bit for each state."""
    old = 0
    step = 0
    while step < steps:
        new = 64 - old
        s0 = int(soft[2 * step]) - 128
        s1 = int(soft[2 * step + 1]) - 128
        state = 0
        chosen = 0
        while state < 64:
            before = old + ((state << 1) & 63)
            output = int(outputs[state])
            cost = 256
            if output & 1:
                cost -= s0
            else:
                cost += s0
            if output & 2:
                cost -= s1
            else:
                cost += s1
            zero = int(costs[before]) + cost
            one = int(costs[before + 1]) + 512 - cost
            chosen >>= 1
            if one < zero:
                zero = one
                chosen |= 128
            costs[new + state] = zero
            state += 1
            if not state & 7:
                choices[step * 8 + (state >> 3) - 1] = chosen
                chosen = 0
        old = new
        step += 1


@micropython.viper
def _backward(choices: ptr8, steps: int, message: ptr8):
    """The message's bits of the path that ends in state 0; `message` is all zeros before."""
    state = 0
    step = steps - 1
    while step >= 0:
        bit = state >> 5
        if bit and step < steps - 6:
            message[step >> 3] = int(message[step >> 3]) | 128 >> (step & 7)
        chosen = (int(choices[step * 8 + (state >> 3)]) >> (state & 7)) & 1
        state = ((state << 1) & 63) | chosen
        step -= 1


class Decoder:
    """For messages of one length; 8 bytes of memory for each of their bits."""

    def __init__(self, message_bytes: int) -> None:
        self._bytes = message_bytes
        self._steps = 8 * message_bytes + TAIL
        self._outputs = bytes([_parity(2 * n & _G0) | _parity(2 * n & _G1) << 1 for n in range(_STATES)])
        self._costs = array("I", [0] * (2 * _STATES))
        self._choices = bytearray(8 * self._steps)

    def decode(self, soft: bytearray) -> bytearray:
        """The likeliest message. `soft` has coded_bits() bytes: 128 says nothing, 255 surely a one, 1 surely a zero."""
        for state in range(_STATES):
            self._costs[state] = _FAR if state else 0
        _forward(soft, self._steps, self._outputs, self._costs, self._choices)
        message = bytearray(self._bytes)
        _backward(self._choices, self._steps, message)
        return message
