# SPDX-License-Identifier: Apache-2.0
"""Makes device/sealcam/curve25519/kernel.py: `python boards/make_kernel.py`.

Its products are unrolled column by column, 20 limbs times 20. The form of each line is the one for which MicroPython's Thumb code
generator needs the fewest instructions: `a` and `c` are the only locals in registers, so one limb is put into `a` (2 instructions) and
`c = y * a + c` takes 5. The module is committed, since boards take it as it is; a test makes it again and compares.
"""

from pathlib import Path

KERNEL = Path(__file__).parent.parent / "device/sealcam/curve25519/kernel.py"
LIMBS = 20
COLUMNS = range(2 * LIMBS - 1)

HEAD = '''# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Arithmetic modulo p = 2**255 - 19 as programs for one viper function. Made by boards/make_kernel.py: do not edit.

A number is 20 limbs of 13 bits, signed: value = sum of limb[i] * 2**(13 * i). A register holds each limb in 16 bits, with 32768 added,
since viper's loads do not extend signs. Products leave limbs within +-4170 ("tight"); a sum or difference of two tight numbers
("loose") may be multiplied without a carry in between, since 20 * (2 * 4170) * (3 * 4170) < 2**31. The bounds of every formula are
worked out in `code`.

Calling a viper function is dear (its arguments are objects), so one call runs a whole scalar multiplication. Its machine has
registers, each one number; routines, each a list of operations of 4 bytes; and a script, each step 2 bytes: routine and argument.

MicroPython's Thumb code generator (1.26 at least) encodes conditional jumps over 4 KiB wrongly. Hence `while True`, `break` and
`continue` around what is long: they are unconditional jumps.
"""

import micropython

MUL, SQR, ADD, SUB, CARRY, LOAD = 0, 1, 2, 3, 4, 5
ARGUMENT = 128  # an operand of ARGUMENT + k means register FIRST_ARGUMENT + 4 * (the step's argument) + k
FIRST_ARGUMENT = 16
ABOVE = 4  # on top of the second operand of LOAD: the entry is 256 further on
REGISTER_BYTES = 40


@micropython.viper
def run(a: int, c: int, memory: ptr8, code: ptr8, script: ptr8, steps: int, table: ptr8):
    """Runs a script of `steps` steps.

    a, c: pass 0; they come first because the first two locals live in registers. code: for each routine the place of its
    first operation (2 bytes, little-endian) and their number, then the operations: code, destination, two operands. SQR squares
    as often as its second operand says. table: entries of 96 bytes, three numbers each; LOAD fetches the number that its second
    operand names of the entry that the step's argument names.
    """
    pairs = 0x8000
    pairs = pairs << 16 | pairs
    left = 0
    again = 0
    argument = 0
    at = 0
    while True:
        if left == 0:
            if steps == 0:
                break
            steps -= 1
            a = int(script)
            argument = (ptr8(a)[1] << 2) + 16 - 128
            c = ptr8(a)[0] * 3 + int(code)
            script = ptr8(a + 2)
            left = int(ptr8(c)[2])
            at = (ptr8(c)[0] | ptr8(c)[1] << 8) + int(code)
        c = at
        op = int(ptr8(c)[0])
        a = int(ptr8(c)[1])
        if a > 127:
            a += argument
        d = ptr16(a * 40 + int(memory))
        a = int(ptr8(c)[3])
        if op == 1:
            last = a
            a = int(ptr8(c)[2])
            if again == 0:
                again = last
            else:
                a = int(ptr8(c)[1])
            again -= 1
            y = ptr32(a * 40 + int(memory))
        else:
            last = a
            if a > 127:
                a += argument
            y = ptr32(a * 40 + int(memory))
            a = int(ptr8(c)[2])
            if a > 127:
                a += argument
        c = a * 40 + int(memory)
        if again == 0:
            at += 4
            left -= 1
'''


def text() -> str:
    """The module. ADD and SUB share a condition, products are asked for last: see its docstring about long jumps."""
    lines = ["if op > 4:", *load(), "    continue", "if op > 3:", *carry(), "    continue"]
    lines += [
        "if op > 1:",
        "    a = pairs",
        "    pair = ptr32(d)",
        "    if op == 2:",
        *sums("- a +"),
        "    else:",
        *sums("+ a -"),
        "    continue",
    ]
    lines += ["while True:", "    if op == 0:", "        break", *square(), "    break"]
    lines += ["while True:", "    if op == 1:", "        break", *product(), "    break"]
    return HEAD + "".join(f"        {line}\n" for line in lines)


def carry() -> list[str]:
    lines = ["x = ptr16(c)", "e = ptr16(d)", "c = 0", "a = 4", "while a > 0:"]
    for i in range(LIMBS // 4):
        lines += [f"    c = x[{i}] - 28672 + c", f"    e[{i}] = (c & 8191) + 28672", "    c >>= 13"]
    lines += ["    x = ptr16(int(x) + 10)", "    e = ptr16(int(e) + 10)", "    a -= 1", "d[0] = c * 608 + d[0]"]
    return indented(lines)


def load() -> list[str]:
    """The limbs of 32 bytes; none is negative."""
    lines = ["c = (argument + 112) * 24 + (last & 3) * 32 + (last >> 2) * 24576 + int(table)", "a = 0"]
    bits, byte = 0, 0
    for i in range(LIMBS):
        while bits < 13 and byte < 32:
            lines.append(f"a = ptr8(c)[{byte}] << {bits} | a" if bits else f"a |= ptr8(c)[{byte}]")
            bits, byte = bits + 8, byte + 1
        lines.append(f"d[{i}] = (a & 8191) + 32768")
        lines.append("a >>= 13")
        bits -= 13
    return indented(lines[:-1])


def sums(signs: str) -> list[str]:
    """Two limbs at once: the offset that both have is taken off, or put on."""
    return [f"        pair[{i}] = ptr32(c)[{i}] {signs} y[{i}]" for i in range(LIMBS // 2)]


def square() -> list[str]:
    """Every pair of limbs once, one of the two doubled."""
    lines = ["a = 32768"]
    for i in range(LIMBS):
        lines += [f"y{i} = ptr16(c)[{i}] - a"]
    for i in range(LIMBS - 1):
        lines += [f"a = y{i}", f"x{i} = a + a"]
    pairs = [[(min(i, k - i), max(i, k - i)) for i in range(k // 2 + 1) if k - i < LIMBS] for k in COLUMNS]
    return indented(lines + columns([[(f"x{i}" if i < j else f"y{i}", f"y{j}") for i, j in column] for column in pairs]))


def product() -> list[str]:
    lines = ["a = 32768", *(f"x{i} = ptr16(c)[{i}] - a" for i in range(LIMBS))]
    lines += ["c = int(y)", *(f"y{i} = ptr16(c)[{i}] - a" for i in range(LIMBS))]
    return indented(lines + columns([[(f"x{i}", f"y{k - i}") for i in range(LIMBS) if 0 <= k - i < LIMBS] for k in COLUMNS]))


def columns(terms: list[list[tuple[str, str]]]) -> list[str]:
    """The sums of products, carried. Column 19 comes first, so that the carry out of the low half is small at the end; then the high half,
    each limb times 608, what 2**260 is worth, ready to be added to the limb 20 below, with what rounds that."""
    lines: list[str] = []
    for k in range(LIMBS - 1, 2 * LIMBS - 1):
        lines += added(terms[k], k > LIMBS - 1)
        lines.append(f"h{k} = (c & 8191) * 608 + 4096" if k >= LIMBS else "h19 = (c & 8191) + 4096")
        lines.append("c >>= 13")
    lines += ["h39 = c * 608 + h19", "c = h20"]
    for k in range(LIMBS - 1):
        lines += [*added(terms[k], True), f"d[{k}] = (c & 8191) + 28672", f"c = (c >> 13) + h{k + 21}"]
    lines += ["d[19] = (c & 8191) + 28672", "c = (c >> 13) * 608 + d[0] - 28672"]
    return [*lines, "d[0] = (c & 8191) + 28672", "d[1] = (c >> 13) + d[1]"]


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def added(terms: list[tuple[str, str]], onto: bool) -> list[str]:
    lines: list[str] = []
    for x, y in terms:
        lines += [f"a = {x}", f"c = {y} * a + c" if onto or lines else f"c = {y} * a"]
    return lines


def main() -> int:
    KERNEL.write_text(text(), encoding="ascii")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
