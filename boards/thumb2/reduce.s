@ SPDX-License-Identifier: Apache-2.0
@ r0: 32 bytes, becomes the 64 bytes at r1 modulo L. Behind scalar.s.

        enter
        mov     r12, sp
        movs    r2, #16
1:      ldr     r3, [r1], #4
        str     r3, [r12], #4
        subs    r2, #1
        bne     1b
        leave
