@ SPDX-License-Identifier: Apache-2.0
@ r0: 32 bytes, becomes r1 * r2 + r3 modulo L, each 32 bytes. Behind scalar.s.

        enter
        mov     r12, sp
        movs    r9, #0
        movs    r4, #8
1:      ldr     r5, [r3], #4
        str     r9, [r12, #32]
        str     r5, [r12], #4
        subs    r4, #1
        bne     1b
        movs    r8, #8
        mov     r12, sp
row:    ldr     r4, [r1], #4
        movs    r5, #0                  @ the carry
        .irp    j, 0, 4, 8, 12, 16, 20, 24, 28
        ldr     r6, [r2, #\j]
        ldr     r7, [r12, #\j]
        adds    r7, r7, r5
        adc     r5, r9, #0
        umlal   r7, r5, r4, r6          @ at most (2**32 - 1) * (2**32 + 1)
        str     r7, [r12, #\j]
        .endr
        str     r5, [r12, #32]
        add     r12, #4
        subs    r8, #1
        bne     row
        leave
