# SPDX-License-Identifier: Apache-2.0
"""The group of edwards25519 (RFC 8032 section 5.1): encodings and multiples of points.

A point is its affine x and y, 32 bytes each, little-endian, canonical. Nothing here runs in constant time;
docs/threat-model.md says what follows from that.
"""

from sealcam import thumb2
from sealcam.curve25519 import scalar, script

if thumb2.here():
    from sealcam.curve25519.thumb2_machine import Machine
else:
    from sealcam.curve25519.field import Machine  # type: ignore[assignment]  # the same methods

try:  # the firmware's, which lie in flash (boards/make_table.py)
    from curve25519_table import CODE, TABLE
except ImportError:
    from sealcam.curve25519.code import assemble

    CODE = assemble()
    TABLE = b""

IDENTITY = bytes(32) + b"\x01" + bytes(31)
_D = (0x52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3).to_bytes(32, "little")
_D2 = (0x2406D9DC56DFFCE7198E80F2EEF3D13000E0149A8283B156EBD69B9426B2F159).to_bytes(32, "little")
_ROOT_OF_MINUS_ONE = (0x2B8324804FC1DF0B2B4D00993DFBD7A72F431806AD2FE478C4EE1B274A0EA0B0).to_bytes(32, "little")
_ZERO = bytes(32)
_ONE = b"\x01" + bytes(31)
_D2_REGISTER = 15
_REGISTERS = 16 + 8 * 4
_machines = {}  # by class, beside the neutral element
_table = [TABLE] if TABLE else []  # the comb's, built at first use where flash has none


def table() -> bytes:
    """The table of multiples of the base point."""
    if not _table:
        from sealcam.curve25519.table import build

        _table.append(build())
    return _table[0]


def machine() -> Machine:
    """Registers for the programs of `code`, holding the neutral element; always the same memory, so that the heap need not find it."""
    if Machine not in _machines:
        registers = Machine(CODE, _REGISTERS)
        for register, number in enumerate((_ZERO, _ONE, _ONE, _ZERO)):
            registers.load(register, number)
        _machines[Machine] = registers, registers.copy(0, 4)
    _place_identity(_machines[Machine][0])
    return _machines[Machine][0]


def _place_identity(registers: Machine) -> None:
    """By a copy, since numbers in and out cost as much as a multiplication."""
    registers.paste(0, _machines[Machine][1])


def _place(registers: Machine, point: bytes) -> None:
    """Everything but T."""
    _place_identity(registers)
    registers.load(0, point[:32])
    registers.load(1, point[32:])


def _affine(registers: Machine) -> bytes:
    """x = X/Z, y = Y/Z; both are 0 for a point at infinity."""
    registers.divide(script.BY_Z)
    return registers.store(0) + registers.store(1)


def encode(point: bytes) -> bytes:
    """RFC 8032 section 5.1.2."""
    data = bytearray(point[32:])
    data[31] |= (point[0] & 1) << 7
    return bytes(data)


def decode(data: bytes) -> bytes | None:
    """The point of 32 bytes, or None when they are not the canonical encoding of a point on the curve: section 5.1.3."""
    sign = data[31] >> 7
    y = bytearray(data)
    y[31] &= 127
    registers = machine()
    for register, number in ((1, y), (2, _ONE), (12, _ZERO), (13, _ROOT_OF_MINUS_ONE), (14, _D)):
        registers.load(register, number)
    if registers.store(1) != y:
        return None
    registers.run(bytes([script.ROOT, 0]))
    if registers.store(6) == _ZERO:
        registers.run(bytes([script.TIMES_ROOT, 0]))
    elif registers.store(5) != _ZERO:
        return None
    x = registers.store(0)
    if x == _ZERO and sign:
        return None
    if x[0] & 1 != sign:
        registers.run(bytes([script.NEGATE_X, 0]))
        x = registers.store(0)
    return x + bytes(y)


def negate(point: bytes) -> bytes:
    """-point."""
    registers = machine()
    registers.load(0, point[:32])
    registers.load(12, _ZERO)
    registers.run(bytes([script.NEGATE_X, 0]))
    return registers.store(0) + point[32:]


def multiply_base(factor: bytes) -> bytes:
    """The point factor * B, factor below 2**255. What it went through is overwritten, since factor may be secret."""
    registers = _base_multiple(factor)
    point = _affine(registers)
    registers.wipe()
    return point


def montgomery_u(factor: bytes) -> bytes:
    """The u of factor * B on curve25519 (RFC 7748 section 4.1), factor below 2**255; overwrites as multiply_base()."""
    registers = _base_multiple(factor)
    registers.divide(script.BY_DIFFERENCE)
    u = registers.store(0)
    registers.wipe()
    return u


def _base_multiple(factor: bytes) -> Machine:
    registers = machine()
    signs = scalar.signs(factor)
    steps = script.multiplication(b"", signs)
    registers.run(steps, table())
    for used in (signs, steps):
        used[:] = bytes(len(used))
    return registers


def multiples(point: bytes) -> bytes:
    """1, 2**64, 2**128 and 2**192 times the point, one behind the other: what combine() and of_prime_order() want."""
    found = point
    for _ in range(3):
        registers = machine()
        _place(registers, found[-64:])
        registers.run(bytes([script.DOUBLE, 0] * 64))
        found += _affine(registers)
    return found


def combine(s: bytes, k: bytes, points: bytes) -> bytes:
    """The point s * B + k * P, s and k below 2**255; points is multiples(P)."""
    return _affine(_combination(scalar.windows(k), scalar.signs(s), points))


def combines_to(expected: bytes, s: bytes, k: bytes, points: bytes) -> bool:
    """Whether combine() would give the expected point, by comparing without an inversion."""
    registers = _combination(scalar.windows(k), scalar.signs(s), points)
    registers.load(12, expected[:32])
    registers.load(13, expected[32:])
    registers.run(bytes([script.COMPARE, 0]))
    differences = registers.store(4) + registers.store(5)
    canonical = registers.store(12) + registers.store(13) == expected
    return canonical and not any(differences) and registers.store(2) != _ZERO


def of_prime_order(points: bytes) -> bool:
    """Whether P generates the subgroup of order L; points is multiples(P)."""
    if points[:64] == IDENTITY:
        return False
    return _affine(_combination(scalar.windows(scalar.L_BYTES), b"", points)) == IDENTITY


def _combination(digits: bytes, signs: bytes, points: bytes) -> Machine:
    registers = machine()
    registers.load(_D2_REGISTER, _D2)
    for quarter in range(4):
        _prepare(registers, points[64 * quarter : 64 * quarter + 64], 2 * quarter)
    _place_identity(registers)
    registers.run(script.multiplication(digits, signs), table() if signs else b"")
    return registers


def _prepare(registers: Machine, point: bytes, first: int) -> None:
    """Prepares the point and three times the point for additions, as this argument and the next."""
    _place(registers, point)
    steps = [script.MAKE_T, 0, script.PREPARE, first, script.DOUBLE_T, 0, script.ADD_POINT_T, first, script.PREPARE, first + 1]
    registers.run(bytes(steps))
