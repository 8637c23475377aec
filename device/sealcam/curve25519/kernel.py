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
                r = x
                d[0] = r[0] + y[0]
                d[1] = r[1] + y[1]
                d[2] = r[2] + y[2]
                d[3] = r[3] + y[3]
                d[4] = r[4] + y[4]
                d[5] = r[5] + y[5]
                d[6] = r[6] + y[6]
                d[7] = r[7] + y[7]
                d[8] = r[8] + y[8]
                d[9] = r[9] + y[9]
                d[10] = r[10] + y[10]
                d[11] = r[11] + y[11]
                d[12] = r[12] + y[12]
                d[13] = r[13] + y[13]
                d[14] = r[14] + y[14]
                d[15] = r[15] + y[15]
                d[16] = r[16] + y[16]
                d[17] = r[17] + y[17]
                d[18] = r[18] + y[18]
                d[19] = r[19] + y[19]
            elif op == 3:
                r = x
                d[0] = r[0] - y[0]
                d[1] = r[1] - y[1]
                d[2] = r[2] - y[2]
                d[3] = r[3] - y[3]
                d[4] = r[4] - y[4]
                d[5] = r[5] - y[5]
                d[6] = r[6] - y[6]
                d[7] = r[7] - y[7]
                d[8] = r[8] - y[8]
                d[9] = r[9] - y[9]
                d[10] = r[10] - y[10]
                d[11] = r[11] - y[11]
                d[12] = r[12] - y[12]
                d[13] = r[13] - y[13]
                d[14] = r[14] - y[14]
                d[15] = r[15] - y[15]
                d[16] = r[16] - y[16]
                d[17] = r[17] - y[17]
                d[18] = r[18] - y[18]
                d[19] = r[19] - y[19]
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
        # A square: every pair of limbs once, doubled. All columns at once, c0 ... c38.
        while True:
            if op == 0:
                break
            c38 = bias - 2490368  # 608 * 4096: what the folded limbs carry too much
            a = uint(y0)
            c0 = y0 * a + c38
            a += a
            c1 = y1 * a + c38
            c2 = y2 * a + c38
            c3 = y3 * a + c38
            c4 = y4 * a + c38
            c5 = y5 * a + c38
            c6 = y6 * a + c38
            c7 = y7 * a + c38
            c8 = y8 * a + c38
            c9 = y9 * a + c38
            c10 = y10 * a + c38
            c11 = y11 * a + c38
            c12 = y12 * a + c38
            c13 = y13 * a + c38
            c14 = y14 * a + c38
            c15 = y15 * a + c38
            c16 = y16 * a + c38
            c17 = y17 * a + c38
            c18 = y18 * a + c38
            c19 = y19 * a + bias
            a = uint(y1)
            c2 = y1 * a + c2
            a += a
            c3 = y2 * a + c3
            c4 = y3 * a + c4
            c5 = y4 * a + c5
            c6 = y5 * a + c6
            c7 = y6 * a + c7
            c8 = y7 * a + c8
            c9 = y8 * a + c9
            c10 = y9 * a + c10
            c11 = y10 * a + c11
            c12 = y11 * a + c12
            c13 = y12 * a + c13
            c14 = y13 * a + c14
            c15 = y14 * a + c15
            c16 = y15 * a + c16
            c17 = y16 * a + c17
            c18 = y17 * a + c18
            c19 = y18 * a + c19
            c20 = y19 * a + bias
            a = uint(y2)
            c4 = y2 * a + c4
            a += a
            c5 = y3 * a + c5
            c6 = y4 * a + c6
            c7 = y5 * a + c7
            c8 = y6 * a + c8
            c9 = y7 * a + c9
            c10 = y8 * a + c10
            c11 = y9 * a + c11
            c12 = y10 * a + c12
            c13 = y11 * a + c13
            c14 = y12 * a + c14
            c15 = y13 * a + c15
            c16 = y14 * a + c16
            c17 = y15 * a + c17
            c18 = y16 * a + c18
            c19 = y17 * a + c19
            c20 = y18 * a + c20
            c21 = y19 * a + bias
            a = uint(y3)
            c6 = y3 * a + c6
            a += a
            c7 = y4 * a + c7
            c8 = y5 * a + c8
            c9 = y6 * a + c9
            c10 = y7 * a + c10
            c11 = y8 * a + c11
            c12 = y9 * a + c12
            c13 = y10 * a + c13
            c14 = y11 * a + c14
            c15 = y12 * a + c15
            c16 = y13 * a + c16
            c17 = y14 * a + c17
            c18 = y15 * a + c18
            c19 = y16 * a + c19
            c20 = y17 * a + c20
            c21 = y18 * a + c21
            c22 = y19 * a + bias
            a = uint(y4)
            c8 = y4 * a + c8
            a += a
            c9 = y5 * a + c9
            c10 = y6 * a + c10
            c11 = y7 * a + c11
            c12 = y8 * a + c12
            c13 = y9 * a + c13
            c14 = y10 * a + c14
            c15 = y11 * a + c15
            c16 = y12 * a + c16
            c17 = y13 * a + c17
            c18 = y14 * a + c18
            c19 = y15 * a + c19
            c20 = y16 * a + c20
            c21 = y17 * a + c21
            c22 = y18 * a + c22
            c23 = y19 * a + bias
            a = uint(y5)
            c10 = y5 * a + c10
            a += a
            c11 = y6 * a + c11
            c12 = y7 * a + c12
            c13 = y8 * a + c13
            c14 = y9 * a + c14
            c15 = y10 * a + c15
            c16 = y11 * a + c16
            c17 = y12 * a + c17
            c18 = y13 * a + c18
            c19 = y14 * a + c19
            c20 = y15 * a + c20
            c21 = y16 * a + c21
            c22 = y17 * a + c22
            c23 = y18 * a + c23
            c24 = y19 * a + bias
            a = uint(y6)
            c12 = y6 * a + c12
            a += a
            c13 = y7 * a + c13
            c14 = y8 * a + c14
            c15 = y9 * a + c15
            c16 = y10 * a + c16
            c17 = y11 * a + c17
            c18 = y12 * a + c18
            c19 = y13 * a + c19
            c20 = y14 * a + c20
            c21 = y15 * a + c21
            c22 = y16 * a + c22
            c23 = y17 * a + c23
            c24 = y18 * a + c24
            c25 = y19 * a + bias
            a = uint(y7)
            c14 = y7 * a + c14
            a += a
            c15 = y8 * a + c15
            c16 = y9 * a + c16
            c17 = y10 * a + c17
            c18 = y11 * a + c18
            c19 = y12 * a + c19
            c20 = y13 * a + c20
            c21 = y14 * a + c21
            c22 = y15 * a + c22
            c23 = y16 * a + c23
            c24 = y17 * a + c24
            c25 = y18 * a + c25
            c26 = y19 * a + bias
            a = uint(y8)
            c16 = y8 * a + c16
            a += a
            c17 = y9 * a + c17
            c18 = y10 * a + c18
            c19 = y11 * a + c19
            c20 = y12 * a + c20
            c21 = y13 * a + c21
            c22 = y14 * a + c22
            c23 = y15 * a + c23
            c24 = y16 * a + c24
            c25 = y17 * a + c25
            c26 = y18 * a + c26
            c27 = y19 * a + bias
            a = uint(y9)
            c18 = y9 * a + c18
            a += a
            c19 = y10 * a + c19
            c20 = y11 * a + c20
            c21 = y12 * a + c21
            c22 = y13 * a + c22
            c23 = y14 * a + c23
            c24 = y15 * a + c24
            c25 = y16 * a + c25
            c26 = y17 * a + c26
            c27 = y18 * a + c27
            c28 = y19 * a + bias
            a = uint(y10)
            c20 = y10 * a + c20
            a += a
            c21 = y11 * a + c21
            c22 = y12 * a + c22
            c23 = y13 * a + c23
            c24 = y14 * a + c24
            c25 = y15 * a + c25
            c26 = y16 * a + c26
            c27 = y17 * a + c27
            c28 = y18 * a + c28
            c29 = y19 * a + bias
            a = uint(y11)
            c22 = y11 * a + c22
            a += a
            c23 = y12 * a + c23
            c24 = y13 * a + c24
            c25 = y14 * a + c25
            c26 = y15 * a + c26
            c27 = y16 * a + c27
            c28 = y17 * a + c28
            c29 = y18 * a + c29
            c30 = y19 * a + bias
            a = uint(y12)
            c24 = y12 * a + c24
            a += a
            c25 = y13 * a + c25
            c26 = y14 * a + c26
            c27 = y15 * a + c27
            c28 = y16 * a + c28
            c29 = y17 * a + c29
            c30 = y18 * a + c30
            c31 = y19 * a + bias
            a = uint(y13)
            c26 = y13 * a + c26
            a += a
            c27 = y14 * a + c27
            c28 = y15 * a + c28
            c29 = y16 * a + c29
            c30 = y17 * a + c30
            c31 = y18 * a + c31
            c32 = y19 * a + bias
            a = uint(y14)
            c28 = y14 * a + c28
            a += a
            c29 = y15 * a + c29
            c30 = y16 * a + c30
            c31 = y17 * a + c31
            c32 = y18 * a + c32
            c33 = y19 * a + bias
            a = uint(y15)
            c30 = y15 * a + c30
            a += a
            c31 = y16 * a + c31
            c32 = y17 * a + c32
            c33 = y18 * a + c33
            c34 = y19 * a + bias
            a = uint(y16)
            c32 = y16 * a + c32
            a += a
            c33 = y17 * a + c33
            c34 = y18 * a + c34
            c35 = y19 * a + bias
            a = uint(y17)
            c34 = y17 * a + c34
            a += a
            c35 = y18 * a + c35
            c36 = y19 * a + bias
            a = uint(y18)
            c36 = y18 * a + c36
            a += a
            c37 = y19 * a + bias
            a = uint(y19)
            c38 = y19 * a + bias
            r[0] = c0
            r[1] = c1
            r[2] = c2
            r[3] = c3
            r[4] = c4
            r[5] = c5
            r[6] = c6
            r[7] = c7
            r[8] = c8
            r[9] = c9
            r[10] = c10
            r[11] = c11
            r[12] = c12
            r[13] = c13
            r[14] = c14
            r[15] = c15
            r[16] = c16
            r[17] = c17
            r[18] = c18
            r[19] = c19
            r[20] = c20
            r[21] = c21
            r[22] = c22
            r[23] = c23
            r[24] = c24
            r[25] = c25
            r[26] = c26
            r[27] = c27
            r[28] = c28
            r[29] = c29
            r[30] = c30
            r[31] = c31
            r[32] = c32
            r[33] = c33
            r[34] = c34
            r[35] = c35
            r[36] = c36
            r[37] = c37
            r[38] = c38
            break
        # A product, row by row: before row i, c1 ... c19 are the columns i to i + 18 of the sum so far.
        while True:
            if op == 1:
                break
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
            break
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
            a += r[20] * 608 + r[0]
            x[0] = (a & 8191) - 4096
            a >>= 13
            a += r[21] * 608 + r[1]
            x[1] = (a & 8191) - 4096
            a >>= 13
            a += r[22] * 608 + r[2]
            x[2] = (a & 8191) - 4096
            a >>= 13
            a += r[23] * 608 + r[3]
            x[3] = (a & 8191) - 4096
            a >>= 13
            a += r[24] * 608 + r[4]
            x[4] = (a & 8191) - 4096
            a >>= 13
            x = ptr32(int(x) + 20)
            r = ptr32(int(r) + 20)
            j -= 1
        a = (a * 608 + d[0] + 4096 - 159383552 + (1 << 20)) & 0xFFFFFFF
        d[0] = (a & 8191) - 4096
        d[1] = d[1] + (a >> 13) - 128
