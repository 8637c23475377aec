# SPDX-License-Identifier: Apache-2.0
"""Thumb-2 against the portable code, byte for byte, where the processor has both; elsewhere the choice falls on the portable code."""

from hashlib import sha256

from sealcam import sha512, thumb2
from sealcam.curve25519 import code, field, group, scalar, script

if thumb2.here():
    from sealcam.curve25519 import thumb2_machine

    MACHINES = (field.Machine, thumb2_machine.Machine)
    COMPRESSIONS = (sha512._portable, sha512._native)
else:
    MACHINES = (field.Machine,)
    COMPRESSIONS = (sha512._portable,)

REGISTERS = 52
CODE = code.assemble()
P = 2**255 - 19
EDGES = [n.to_bytes(32, "little") for n in (0, 1, 2, 18, 19, P - 1, P, P + 1, P + 18, 2**254, 2**255 - 1, 2**26 - 1, 2**230, 2**25 << 230)]
ALTERNATING = [(sum([1 << bit for bit in range(255) if bit // 51 % 2 == k])).to_bytes(32, "little") for k in (0, 1)]


def random(count: int, *seed: int) -> list:
    return [sha256(bytes((i,) + seed)).digest() for i in range(count)]


def below_2_255(number: bytes) -> bytes:
    return number[:31] + bytes([number[31] & 127])


def on_each(function, *arguments) -> list:
    """What the group computes on each machine."""
    chosen = group.Machine, group.CODE
    results = []
    try:
        for machine in MACHINES:
            group.Machine, group.CODE = machine, CODE
            results.append(function(*arguments))
    finally:
        group.Machine, group.CODE = chosen
    return results


def test_the_choice():
    assert group.Machine is MACHINES[-1]
    assert sha512._compress is COMPRESSIONS[-1]


def test_numbers_in_and_out():
    for number in EDGES + ALTERNATING + random(30):
        for machine in MACHINES:
            registers = machine(CODE, 2)
            registers.load(1, number)
            assert int.from_bytes(registers.store(1), "little") == int.from_bytes(below_2_255(number), "little") % P
            registers.wipe()
            assert not any(registers.copy(0, 2))


def test_every_routine():
    """From random registers and from registers full of one edge."""
    table = b"".join([below_2_255(number) for number in random(6)])
    fillings = [random(REGISTERS, k) for k in range(3)] + [[edge] * REGISTERS for edge in EDGES]
    for routine in range(len(code.ROUTINES)):
        for filling in fillings:
            results = []
            for machine in MACHINES:
                registers = machine(CODE, REGISTERS)
                for i, number in enumerate(filling):
                    registers.load(i, number)
                registers.run(bytes([routine, 1]), table)
                results.append([registers.store(i) for i in range(REGISTERS)])
            assert results[0] == results[-1], routine


def test_multiples():
    point = group.multiply_base(b"\x05" + bytes(31))
    distant = group.far(point)
    for s, k in zip(random(12, 1), random(12, 2)):
        s, k = below_2_255(s), scalar.reduce(k + bytes(32))
        for function, arguments in ((group.combine, (s, k, point, distant)), (group.multiply_base, (s,))):
            results = on_each(function, *arguments)
            assert results[0] == results[-1]


def test_long_scripts():
    """Errors that only add up over many steps."""
    steps = bytes([script.DOUBLE_T, 0, script.ADD_POINT_T, 1, script.SUB_ENTRY_T, 1, script.PREPARE, 2] * 40)
    table = b"".join([below_2_255(number) for number in random(6)])
    results = []
    for machine in MACHINES:
        registers = machine(CODE, REGISTERS)
        for i, number in enumerate(random(REGISTERS, 3)):
            registers.load(i, number)
        registers.run(steps, table)
        results.append([registers.store(i) for i in range(REGISTERS)])
    assert results[0] == results[-1]


def test_compression():
    """Every alignment of the message, one block and several."""
    text = memoryview(b"".join(random(40, 4)) + b"\xff" * 300)
    for start in range(9):
        for blocks in (1, 2, 5):
            results = []
            for compress in COMPRESSIONS:
                state = bytearray(random(1, start)[0] + random(1, blocks)[0])
                compress(state, text[start : start + 128 * blocks], bytearray(640), 128 * blocks)
                results.append(bytes(state))
            assert results[0] == results[-1], (start, blocks)
    for compress in COMPRESSIONS:
        state = bytearray(64)
        compress(state, text[-128:], bytearray(640), 128)
        assert any(state)
