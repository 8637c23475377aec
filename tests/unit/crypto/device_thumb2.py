# SPDX-License-Identifier: Apache-2.0
"""Thumb-2 against the portable code, byte for byte, where the processor has both; elsewhere the choice falls on the portable code."""

from hashlib import sha256

from sealcam import sha512, thumb2
from sealcam.curve25519 import code, field, group, scalar, script

if thumb2.here():
    from sealcam.curve25519 import thumb2_code, thumb2_machine, thumb2_scalar

    MACHINES = (field.Machine, thumb2_machine.Machine)
    HASHES = (sha512._portable, sha512._native)
    REDUCTIONS = (scalar._portable_reduce, thumb2_scalar.reduce)
    PRODUCTS = (scalar._portable_multiply_add, thumb2_scalar.multiply_add)
    WRITERS = (script._multiplication, thumb2_code.multiplication)
else:
    MACHINES = (field.Machine,)
    HASHES = (sha512._portable,)
    REDUCTIONS = (scalar._portable_reduce,)
    PRODUCTS = (scalar._portable_multiply_add,)
    WRITERS = (script._multiplication,)

REGISTERS = 48
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
    assert sha512._hash_into is HASHES[-1]
    assert scalar._reduce_into is REDUCTIONS[-1]
    assert scalar._multiply_add_into is PRODUCTS[-1]
    assert script._write is WRITERS[-1]


def test_numbers_in_and_out():
    for number in EDGES + ALTERNATING + random(30):
        for machine in MACHINES:
            registers = machine(CODE, 16)
            registers.load(1, number)
            assert int.from_bytes(registers.store(1), "little") == int.from_bytes(below_2_255(number), "little") % P
            registers.wipe()
            assert not any(registers.copy(0, 16))


def test_every_routine():
    """From random registers and from registers full of one edge; entry 1, or 257 of the tables above."""
    table = b"".join([below_2_255(number) for number in random(6)]) * 129
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
    points = group.multiples(point)
    for s, k in zip(random(12, 1), random(12, 2)):
        s, k = below_2_255(s), scalar.reduce(k + bytes(32))
        for function, arguments in ((group.combine, (s, k, points)), (group.multiply_base, (s,))):
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


def all_equal(functions: tuple, size: int, *arguments) -> bool:
    """Whether each gives the same bytes, and leaves what lies behind them alone."""
    results = []
    for function in functions:
        result = bytearray(size + 8)
        function(memoryview(result)[:size], *arguments)
        assert not any(result[size:])
        results.append(result)
    return results[0] == results[-1]


def test_hashes():
    """Every length around the blocks, every alignment of the message, of zeros, ones and random bytes."""
    for text in (b"".join(random(14, 4)), b"\xff" * 420, bytes(420)):
        for length in list(range(260)) + [383, 384, 400]:
            start = length % 5
            assert all_equal(HASHES, 64, memoryview(text)[start : start + length]), length


def order_edges() -> list:
    """Numbers of 512 bits around multiples of L, and where the steps of a reduction go below zero or carry."""
    order = int.from_bytes(scalar.L_BYTES, "little")
    edges = [0, 1, 2**252 - 1, 2**252, 2**253, 2**256 - 1, 2**256, 2**512 - 1, 2**511, order * order - 1]
    for shift in range(0, 260, 4):
        for around in (order << shift, (order << shift) * 15, 1 << shift + 252, (1 << 252 + shift) - 1):
            edges += [n for n in (around - 1, around, around + 1) if 0 <= n < 2**512]
    return [n.to_bytes(64, "little") for n in edges]


def test_reductions():
    numbers = order_edges() + [a + b for a, b in zip(random(60, 5), random(60, 6))]
    for number in numbers:
        assert all_equal(REDUCTIONS, 32, number)
    result = bytearray(32)
    for number in numbers[:40]:
        REDUCTIONS[-1](result, number)
        expected = int.from_bytes(number, "little") % int.from_bytes(scalar.L_BYTES, "little")
        assert int.from_bytes(result, "little") == expected


def test_products():
    cases = [bytes(32), b"\x01" + bytes(31), b"\xff" * 32, bytes(scalar.L_BYTES), bytes(31) + b"\x80"] + random(5, 7)
    for a in cases:
        for b in cases:
            for c in (cases[0], cases[2], cases[-1]):
                assert all_equal(PRODUCTS, 32, memoryview(b"x" + a)[1:], b, c)


def test_scripts():
    for s, k in zip(random(20, 8), random(20, 9)):
        digits, signs = scalar.windows(scalar.reduce(k + bytes(32))), scalar.signs(below_2_255(s))
        for comb in (True, False):
            written = []
            for write in WRITERS:
                steps = bytearray(368)
                written.append((write(steps, digits, signs, comb), bytes(steps)))
            assert written[0] == written[-1]
        assert script.multiplication(bytes(256), signs) == script.multiplication(b"", signs)
