@ SPDX-License-Identifier: Apache-2.0
@ The machine's two routines for numbers in and out, behind its table, whose distances have no sign.

import:                                 @ the port's number to the register that the argument names
        ldrb    r0, [r8, #-1]
        movs    r1, #40
        mla     r0, r0, r1, r9
        sub     r12, r9, #PORT_BYTES
        push    {r0}
        bl      unpack
        pop     {r0}
        mov     r12, r0
        bl      tighten
        b.w     next

export:                                 @ and back, canonical
        ldrb    r12, [r8, #-1]
        movs    r1, #40
        mla     r12, r12, r1, r9
        sub     r0, r9, #PORT_BYTES
        bl      pack
        b.w     next
