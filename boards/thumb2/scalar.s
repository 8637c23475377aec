@ SPDX-License-Identifier: Apache-2.0
@ Numbers modulo L = 2**252 + c, the order of the base point (RFC 8032 section 5.1), for cores with Thumb-2 (ARMv7-M and later).
@ Words of 32 bits, the lowest first; bytes in memory need no alignment.

        .syntax unified
        .cpu cortex-m3
        .thumb

        .macro  constant to, value
        movw    \to, #(\value) & 0xFFFF
        movt    \to, #((\value) >> 16) & 0xFFFF
        .endm

        .macro  enter                   @ room for 16 words; above them the place of the result
        push    {r0, r8-r11}
        sub     sp, #64
        .endm

@ r5 to r9 = r4 times the four words in r0 to r3.
        .macro  product
        umull   r5, r6, r4, r0
        mov     r7, #0
        umlal   r6, r7, r4, r1
        mov     r8, #0
        umlal   r7, r8, r4, r2
        mov     r9, #0
        umlal   r8, r9, r4, r3
        .endm

        .macro  change operation, number, other
        ldr     r11, [r12, #\number]
        \operation r11, r11, \other
        str     r11, [r12, #\number]
        .endm

@ The 16 words at sp modulo L to the place of the result; then nothing of them is left.
        .macro  leave
        add     r12, sp, #32
fold:   @ Each word from the top, at place 2**(256 + 32 * n), is taken away with that many times 16 * L = 2**256 + 16 * c at 2**(32 * n).
        sub     r12, #4
        constant r0, 0xCF5D3ED0         @ 16 * c, whose fifth word is 1
        constant r1, 0x812631A5
        constant r2, 0x2F79CD65
        constant r3, 0x4DEF9DEA
        ldr     r4, [r12, #32]
        product
        mov     r10, #0
        adds    r9, r9, r4
        adc     r10, r10, #0
        change  subs, 0, r5
        change  sbcs, 4, r6
        change  sbcs, 8, r7
        change  sbcs, 12, r8
        change  sbcs, 16, r9
        change  sbcs, 20, r10
        change  sbcs, 24, #0
        change  sbcs, 28, #0
        bcs     1f
        constant r0, 0xE7AE9F68         @ below zero, by less than 2**161: 8 * L brings it back, and not to 2**256
        constant r1, 0xC09318D2
        constant r2, 0x17BCE6B2
        constant r3, 0xA6F7CEF5
        change  adds, 0, r0
        change  adcs, 4, r1
        change  adcs, 8, r2
        change  adcs, 12, r3
        change  adcs, 16, #0
        change  adcs, 20, #0
        change  adcs, 24, #0
        change  adc, 28, #0x80000000
1:      mov     r11, sp
        cmp     r12, r11
        bne     fold
        constant r0, 0x5CF5D3ED         @ c
        constant r1, 0x5812631A
        constant r2, 0xA2F79CD6
        constant r3, 0x14DEF9DE
        ldr     r10, [sp, #28]          @ the same with the four bits from 2**252 on
        lsr     r4, r10, #28
        bic     r10, r10, #0xF0000000
        str     r10, [sp, #28]
        product
        change  subs, 0, r5
        change  sbcs, 4, r6
        change  sbcs, 8, r7
        change  sbcs, 12, r8
        change  sbcs, 16, r9
        change  sbcs, 20, #0
        change  sbcs, 24, #0
        change  sbcs, 28, #0
        bcs     1f
        change  adds, 0, r0
        change  adcs, 4, r1
        change  adcs, 8, r2
        change  adcs, 12, r3
        change  adcs, 16, #0
        change  adcs, 20, #0
        change  adcs, 24, #0
        change  adc, 28, #0x10000000
1:      ldr     r0, [sp, #64]
        movs    r1, #8
        movs    r2, #0
1:      ldr     r3, [r12]
        str     r3, [r0], #4
        str     r2, [r12, #32]
        str     r2, [r12], #4
        subs    r1, #1
        bne     1b
        movs    r3, #0
        add     sp, #64
        pop     {r0, r8-r11}
        .endm
