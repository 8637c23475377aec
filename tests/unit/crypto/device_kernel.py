# SPDX-License-Identifier: Apache-2.0
"""The field kernel and scalars against big integers, at the limits that their comments promise."""

from hashlib import sha256

from sealcam.curve25519 import code, script
from sealcam.curve25519.field import Machine
from sealcam.curve25519.kernel import ADD, ARGUMENT, CARRY, LOAD, MUL, SQR, SUB
from sealcam.curve25519.scalar import is_reduced, multiply_add, reduce, signs, windows

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
OPERATIONS = ((MUL, 2, 0, 1), (SQR, 2, 0, 1), (SQR, 2, 0, 7), (ADD, 2, 0, 1), (SUB, 2, 0, 1), (CARRY, 2, 0, 0), (LOAD, 2, 0, 1))
TIGHT = 4170
OFFSET = 32768  # see `kernel`


def machine() -> Machine:
    """One routine for each of OPERATIONS, 4 registers."""
    directory, operations = bytearray(), bytearray()
    for operation in OPERATIONS:
        start = 3 * len(OPERATIONS) + len(operations)
        directory += bytes([start, 0, 1])
        operations += bytes(operation)
    return Machine(bytes(directory + operations), 4)


def octets(value: int) -> bytes:
    return (value % P).to_bytes(32, "little")


def random(count: int) -> list:
    return [int.from_bytes(sha256(bytes([i, count])).digest(), "little") for i in range(count)]


def limbs(words: bytes) -> list:
    return [int.from_bytes(words[i : i + 2], "little") - OFFSET for i in range(0, 40, 2)]


def words(values: list) -> bytes:
    return b"".join([(value + OFFSET).to_bytes(2, "little") for value in values])


def value(values: list) -> int:
    return sum([limb << 13 * i for i, limb in enumerate(values)])


def run(m: Machine, routine: int, x: bytes, y: bytes) -> list:
    m.paste(0, x)
    m.paste(1, y)
    m.run(bytes([routine, 0]))
    return limbs(m.copy(2, 1))


def test_every_operation_on_edges_and_random_numbers():
    m = machine()
    cases = [0, 1, 2, 19, P - 1, P - 2, 2**254, 2**255 - 20, 8191, 8192] + random(14)
    for a in cases:
        for b in cases:
            expected = (a * b, a * a, pow(a, 128, P), a + b, a - b, a)
            for routine in range(6):
                m.load(0, octets(a))
                m.load(1, octets(b))
                m.run(bytes([routine, 0]))
                assert m.store(2) == octets(expected[routine]), (routine, a, b)


def test_products_of_the_largest_limbs():
    """Bounds 3 and 2 of `code`: every column at its limit, of either sign; the result is right and tight again."""
    m = machine()
    for x in (3 * TIGHT - 6, 6 - 3 * TIGHT):
        for y in (2 * TIGHT - 4, 4 - 2 * TIGHT):
            left, right = [x] * 20, [y] * 20
            product = run(m, 0, words(left), words(right))
            assert m.store(2) == octets(value(left) * value(right))
            assert max([abs(limb) for limb in product]) <= TIGHT
    alternating = [2 * TIGHT * (-1) ** i for i in range(20)]
    square = run(m, 1, words(alternating), words(alternating))
    assert m.store(2) == octets(value(alternating) ** 2)
    assert max([abs(limb) for limb in square]) <= TIGHT


def test_carry_of_bound_four():
    m = machine()
    for limb in (4 * TIGHT, -4 * TIGHT):
        carried = run(m, 5, words([limb] * 20), words([0] * 20))
        assert m.store(2) == octets(value([limb] * 20))
        assert max([abs(limb) for limb in carried[1:]]) <= 4096
        assert abs(carried[0]) <= 4096 + 3 * 608


def test_load_takes_one_number_of_an_entry():
    numbers = [n % P for n in random(12)]
    table = b"".join([octets(n) for n in numbers])
    m = machine()
    for entry in range(4):
        m.run(bytes([6, entry]), table)
        assert m.store(2) == octets(numbers[3 * entry + 1])


def test_numbers_in_and_out():
    m = machine()
    for n in [0, 1, 18, 19, 20, 1215, 1216, 1217, P - 1, P, P + 1, 2**255 - 1] + random(20):
        m.load(0, (n % 2**255).to_bytes(32, "little"))
        assert m.store(0) == octets(n % 2**255)
    m.load(0, b"\xff" * 32)
    assert m.store(0) == octets(2**255 - 1)


def test_wiped():
    m = machine()
    m.load(0, b"\x5a" * 32)
    m.run(bytes([0, 0]))
    m.wipe()
    assert not any(m._memory)


def bounds_after(routine: tuple) -> dict:
    """The largest limb of every register in units of TIGHT, from the bounds that `code` states; no product may overflow 31 bits."""
    bounds = {register: 1 for register in range(16)}
    for k, bound in enumerate((2, 2, 1, 2)):
        bounds[ARGUMENT + k] = bound
    for op, to, x, y in routine:
        if op in (ADD, SUB):
            bounds[to] = bounds[x] + bounds[y]
        elif op == CARRY:
            assert bounds[x] <= 4
            bounds[to] = 1.5
        elif op == LOAD:
            bounds[to] = 2
        else:
            assert 20 * bounds[x] * bounds[x if op == SQR else y] * TIGHT**2 < 2**31, (op, to, x, y)
            bounds[to] = 1
    return bounds


def test_no_formula_overflows():
    """Also in the worst case, which random numbers never meet."""
    for number, routine in code.ROUTINES.items():
        bounds = bounds_after(routine)
        if number == script.PREPARE:
            assert [bounds[ARGUMENT + k] for k in range(4)] == [2, 2, 1, 2]
        elif number not in (script.NEGATE_X, script.BY_DIFFERENCE):  # read out, or multiplied, at once
            assert [bounds[k] for k in range(4)] == [1, 1, 1, 1], number


EDGES = [0, 1, L - 1, L, L + 1, 2 * L, 15 * L, 16 * L - 1, 2**252 - 1, 2**252, 2**253 - 1, 2**255 - 1, 2**256 - 1]


def test_scalars_multiply_and_add():
    cases = [n % 2**256 for n in EDGES + random(7)]
    for i, a in enumerate(cases):
        for b in cases:
            c = cases[(i * 7 + b) % len(cases)]
            result = multiply_add(a.to_bytes(32, "little"), b.to_bytes(32, "little"), c.to_bytes(32, "little"))
            assert int.from_bytes(result, "little") == (a * b + c) % L


def test_scalars_reduce():
    cases = [0, 2**512 - 1, 2**511, L * L] + [L * 2**shift - 1 for shift in range(0, 260, 13)] + [a * b for a in EDGES for b in EDGES]
    for n in cases:
        if n < 2**512:
            assert int.from_bytes(reduce(n.to_bytes(64, "little")), "little") == n % L, n


def test_reduced():
    for n in EDGES:
        if n < 2**256:
            assert is_reduced(n.to_bytes(32, "little")) is (n < L)


def test_signs_and_windows():
    for n in [n % 2**255 for n in EDGES + random(20)]:
        scalar = n.to_bytes(32, "little")
        assert (2 * int.from_bytes(signs(scalar), "little") - (2**256 - 1) - n) % L == 0
        digits = [digit - 256 if digit > 127 else digit for digit in windows(scalar)]
        assert sum([digit << i for i, digit in enumerate(digits)]) == n
        assert all([digit == 0 or (digit & 1 and -4 < digit < 4) for digit in digits])
