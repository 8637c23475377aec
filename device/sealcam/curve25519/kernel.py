# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Arithmetic modulo p = 2**255 - 19 as programs for one viper function.

A number is 20 limbs of 13 bits, signed, in 32-bit words: value = sum of limb[i] * 2**(13 * i). Products leave limbs within +-4098
("tight"); a sum or difference of two tight numbers ("loose") may be multiplied without a carry in between, since
20 * 8196 * 8196 < 2**31. The bounds of every formula are worked out in `code`.

Calling a viper function is dear (its arguments are objects), so one call runs a whole scalar multiplication. Its machine has
registers, each one number; routines, each a list of operations of 4 bytes; and a script, each step 2 bytes: routine and argument.

Viper integers are machine words of 32 or 64 bits, and a 32-bit load does not extend the sign on the wider ones. So what is
shifted right is made non-negative first: `bias` is added to each column of a product and taken off again with the carry.
Limbs that are only added, subtracted or multiplied may carry rubbish above bit 31; the next 32-bit store drops it.

MicroPython's Thumb code generator (1.26 at least) encodes conditional jumps over 4 KiB wrongly. Hence `while True` and `continue`
around the long body: both are unconditional jumps.
"""

import micropython

MUL, SQR, ADD, SUB, CARRY, LOAD = 0, 1, 2, 3, 4, 5
ARGUMENT = 128  # an operand of ARGUMENT + k means register FIRST_ARGUMENT + 4 * (the step's argument) + k
FIRST_ARGUMENT = 16
REGISTER_BYTES = 80
SCRATCH_BYTES = 160  # at the start of the memory, before register 0


@micropython.viper
def run(a: uint, r: ptr32, memory: ptr8, code: ptr8, script: ptr8, steps: int, table: ptr8):
    """Runs a script of `steps` steps.

    a, r: pass 0 and memory; they come first because the first two locals live in registers. code: for each routine the place of its
    first operation (2 bytes, little-endian) and their number, then the operations: code, destination, two operands. SQR squares
    as often as its second operand says. table: entries of 96 bytes, three numbers each; LOAD fetches the number that its second
    operand names of the entry that the step's argument names.
    """
    bias = 1
    bias = (bias << 31) - (1 << 18) + 4096  # in two steps: a constant above 30 bits would be an object on 32-bit ports
    step = 0
    left = 0
    again = 0
    while True:
        if left == 0:
            if step == steps:
                break
            at = int(script[step * 2]) * 3
            argument = int(script[step * 2 + 1])
            left = int(code[at + 2])
            at = code[at] | code[at + 1] << 8
            step += 1
        op = int(code[at])
        j = int(code[at + 2])
        if j > 127:
            j += (argument << 2) + 16 - 128
        x = ptr32(int(memory) + 160 + j * 80)
        j = int(code[at + 1])
        if j > 127:
            j += (argument << 2) + 16 - 128
        d = ptr32(int(memory) + 160 + j * 80)
        j = int(code[at + 3])
        if op == 1:
            if again == 0:
                again = j
            else:
                x = d
            again -= 1
            y = x
        else:
            if j > 127:
                j += (argument << 2) + 16 - 128
            y = ptr32(int(memory) + 160 + j * 80)
        if again == 0:
            at += 4
            left -= 1
        if op > 1:
            if op == 2:
                j = 4
                while j > 0:
                    d[0] = x[0] + y[0]
                    d[1] = x[1] + y[1]
                    d[2] = x[2] + y[2]
                    d[3] = x[3] + y[3]
                    d[4] = x[4] + y[4]
                    d = ptr32(int(d) + 20)
                    x = ptr32(int(x) + 20)
                    y = ptr32(int(y) + 20)
                    j -= 1
            elif op == 3:
                j = 4
                while j > 0:
                    d[0] = x[0] - y[0]
                    d[1] = x[1] - y[1]
                    d[2] = x[2] - y[2]
                    d[3] = x[3] - y[3]
                    d[4] = x[4] - y[4]
                    d = ptr32(int(d) + 20)
                    x = ptr32(int(x) + 20)
                    y = ptr32(int(y) + 20)
                    j -= 1
            elif op == 4:
                r = d
                a = uint(1 << 18)
                j = 20
                while j > 0:
                    r[0] = x[0] + bias
                    a += r[0]
                    r[0] = (a & 8191) - 4096
                    a >>= 13
                    x = ptr32(int(x) + 4)
                    r = ptr32(int(r) + 4)
                    j -= 1
                d[0] = d[0] + a * 608 - 159383552  # 608 << 18
            else:
                number = int(table) + argument * 96 + int(code[at - 1]) * 32
                a = uint(0)
                have = 0
                j = 19
                while j > 0:
                    while have < 13:
                        a |= uint(ptr8(number)[0]) << have
                        number += 1
                        have += 8
                    d[0] = a & 8191
                    a >>= 13
                    have -= 13
                    d = ptr32(int(d) + 4)
                    j -= 1
                d[0] = a | uint(ptr8(number)[0]) << have
            continue
        # The product, row by row: before row i, c1 ... c19 are the columns i to i + 18 of the sum so far.
        r = ptr32(int(memory))
        y0 = y[0]
        y1 = y[1]
        y2 = y[2]
        y3 = y[3]
        y4 = y[4]
        y5 = y[5]
        y6 = y[6]
        y7 = y[7]
        y8 = y[8]
        y9 = y[9]
        y10 = y[10]
        y11 = y[11]
        y12 = y[12]
        y13 = y[13]
        y14 = y[14]
        y15 = y[15]
        y16 = y[16]
        y17 = y[17]
        y18 = y[18]
        y19 = y[19]
        c1 = bias - 2490368  # 608 * 4096: what the folded limbs carry too much
        c2 = c1
        c3 = c1
        c4 = c1
        c5 = c1
        c6 = c1
        c7 = c1
        c8 = c1
        c9 = c1
        c10 = c1
        c11 = c1
        c12 = c1
        c13 = c1
        c14 = c1
        c15 = c1
        c16 = c1
        c17 = c1
        c18 = c1
        c19 = c1
        j = 5
        while j > 0:
            a = uint(x[0])
            r[0] = y0 * a + c1
            c1 = y1 * a + c2
            c2 = y2 * a + c3
            c3 = y3 * a + c4
            c4 = y4 * a + c5
            c5 = y5 * a + c6
            c6 = y6 * a + c7
            c7 = y7 * a + c8
            c8 = y8 * a + c9
            c9 = y9 * a + c10
            c10 = y10 * a + c11
            c11 = y11 * a + c12
            c12 = y12 * a + c13
            c13 = y13 * a + c14
            c14 = y14 * a + c15
            c15 = y15 * a + c16
            c16 = y16 * a + c17
            c17 = y17 * a + c18
            c18 = y18 * a + c19
            c19 = y19 * a + bias
            a = uint(x[1])
            r[1] = y0 * a + c1
            c1 = y1 * a + c2
            c2 = y2 * a + c3
            c3 = y3 * a + c4
            c4 = y4 * a + c5
            c5 = y5 * a + c6
            c6 = y6 * a + c7
            c7 = y7 * a + c8
            c8 = y8 * a + c9
            c9 = y9 * a + c10
            c10 = y10 * a + c11
            c11 = y11 * a + c12
            c12 = y12 * a + c13
            c13 = y13 * a + c14
            c14 = y14 * a + c15
            c15 = y15 * a + c16
            c16 = y16 * a + c17
            c17 = y17 * a + c18
            c18 = y18 * a + c19
            c19 = y19 * a + bias
            a = uint(x[2])
            r[2] = y0 * a + c1
            c1 = y1 * a + c2
            c2 = y2 * a + c3
            c3 = y3 * a + c4
            c4 = y4 * a + c5
            c5 = y5 * a + c6
            c6 = y6 * a + c7
            c7 = y7 * a + c8
            c8 = y8 * a + c9
            c9 = y9 * a + c10
            c10 = y10 * a + c11
            c11 = y11 * a + c12
            c12 = y12 * a + c13
            c13 = y13 * a + c14
            c14 = y14 * a + c15
            c15 = y15 * a + c16
            c16 = y16 * a + c17
            c17 = y17 * a + c18
            c18 = y18 * a + c19
            c19 = y19 * a + bias
            a = uint(x[3])
            r[3] = y0 * a + c1
            c1 = y1 * a + c2
            c2 = y2 * a + c3
            c3 = y3 * a + c4
            c4 = y4 * a + c5
            c5 = y5 * a + c6
            c6 = y6 * a + c7
            c7 = y7 * a + c8
            c8 = y8 * a + c9
            c9 = y9 * a + c10
            c10 = y10 * a + c11
            c11 = y11 * a + c12
            c12 = y12 * a + c13
            c13 = y13 * a + c14
            c14 = y14 * a + c15
            c15 = y15 * a + c16
            c16 = y16 * a + c17
            c17 = y17 * a + c18
            c18 = y18 * a + c19
            c19 = y19 * a + bias
            x = ptr32(int(x) + 16)
            r = ptr32(int(r) + 16)
            j -= 1
        r[0] = c1
        r[1] = c2
        r[2] = c3
        r[3] = c4
        r[4] = c5
        r[5] = c6
        r[6] = c7
        r[7] = c8
        r[8] = c9
        r[9] = c10
        r[10] = c11
        r[11] = c12
        r[12] = c13
        r[13] = c14
        r[14] = c15
        r[15] = c16
        r[16] = c17
        r[17] = c18
        r[18] = c19
        # Column 19 first, so that the carry out of the low half is small at the end.
        a = uint(1 << 18)
        r = ptr32(int(memory) + 76)
        a += r[0]
        r[0] = (a & 8191) - 4096 - 159383552 + bias  # 608 << 18
        a >>= 13
        # The high half: its limbs stay non-negative, 4096 too much.
        j = 3
        while j > 0:
            a += r[1]
            r[1] = a & 8191
            a >>= 13
            a += r[2]
            r[2] = a & 8191
            a >>= 13
            a += r[3]
            r[3] = a & 8191
            a >>= 13
            a += r[4]
            r[4] = a & 8191
            a >>= 13
            a += r[5]
            r[5] = a & 8191
            a >>= 13
            a += r[6]
            r[6] = a & 8191
            a >>= 13
            r = ptr32(int(r) + 24)
            j -= 1
        a += r[1]
        r[1] = a & 8191
        r[2] = a >> 13
        # The low half, with 2**260 = 608 times the high half.
        a = uint(1 << 18)
        r = ptr32(int(memory))
        x = d
        j = 4
        while j > 0:
            a += r[0] + r[20] * 608
            x[0] = (a & 8191) - 4096
            a >>= 13
            a += r[1] + r[21] * 608
            x[1] = (a & 8191) - 4096
            a >>= 13
            a += r[2] + r[22] * 608
            x[2] = (a & 8191) - 4096
            a >>= 13
            a += r[3] + r[23] * 608
            x[3] = (a & 8191) - 4096
            a >>= 13
            a += r[4] + r[24] * 608
            x[4] = (a & 8191) - 4096
            a >>= 13
            x = ptr32(int(x) + 20)
            r = ptr32(int(r) + 20)
            j -= 1
        a = (a * 608 + d[0] + 4096 - 159383552 + (1 << 20)) & 0xFFFFFFF
        d[0] = (a & 8191) - 4096
        d[1] = d[1] + (a >> 13) - 128
