@ SPDX-License-Identifier: Apache-2.0
@ SHA-512 (FIPS 180-4) for cores with Thumb-2 (ARMv7-M and later).
@
@ r0: the digest, r1: the message, both of any alignment. r2: the 80 constants and the initial state, as 32-bit halves, the high one first.
@ r3: the bytes of the message. On the stack: 16 words of the schedule, the variables a to h, what the blocks need (state, next block,
@ constants, blocks left), the digest's place, the message's length, which part of the padding comes next, the state, the padding. A round moves no variable: slots turn instead.
@ r4, r5 hold e and r6, r7 hold a, high half first; r8 to r11 hold a ^ b of this round and the last, in turn.

        .syntax unified
        .cpu cortex-m3
        .thumb

        .equ    VARIABLES, 128
        .equ    ARGUMENTS, 192
        .equ    DIGEST, 208
        .equ    LENGTH, 212
        .equ    STAGE, 216              @ 0: whole blocks, 1: the padding's first block of two, 2: its last
        .equ    STATE, 224
        .equ    PADDING, 288
        .equ    FRAME, 416

@ \to = the xor of \x:\y (high half x) rotated right by three amounts below 32; the low half of the result, or the high one with x and y
@ exchanged. For an amount of 32 + n it is n, again with x and y exchanged.
        .macro  sigma to, x, y, first, second
        lsr     \to, \y, #\first
        eor     \to, \to, \x, lsl #32 - \first
        eor     \to, \to, \y, lsr #\second
        eor     \to, \to, \x, lsl #32 - \second
        .endm
        .macro  turned to, x, y, amount
        eor     \to, \to, \y, lsr #\amount
        eor     \to, \to, \x, lsl #32 - \amount
        .endm

        .macro  slot name, number, round
        .equ    \name, VARIABLES + 8 * ((\number + 80 - (\round)) % 8)
        .endm

        .macro  round i, xh, xl, ph, pl @ x: a ^ b of this round; p: of the last one, which is b ^ c
        slot    B, 1, \i
        slot    D, 3, \i
        slot    F, 5, \i
        slot    G, 6, \i
        slot    H, 7, \i
        ldrd    r0, r1, [sp, #H]
        ldrd    r2, r3, [r12], #8
        adds    r1, r1, r3
        adc     r0, r0, r2
        ldrd    r2, r3, [sp, #8 * (\i)]
        adds    r1, r1, r3
        adc     r0, r0, r2
        sigma   r3, r4, r5, 14, 18      @ Sigma1(e)
        turned  r3, r5, r4, 9
        adds    r1, r1, r3
        sigma   r2, r5, r4, 14, 18
        turned  r2, r4, r5, 9
        adc     r0, r0, r2
        ldrd    r2, r3, [sp, #F]        @ Ch(e, f, g)
        ldr     lr, [sp, #G + 4]
        eor     r3, r3, lr
        and     r3, r3, r5
        eor     r3, r3, lr
        adds    r1, r1, r3
        ldr     lr, [sp, #G]
        eor     r2, r2, lr
        and     r2, r2, r4
        eor     r2, r2, lr
        adc     r0, r0, r2
        ldrd    r2, r3, [sp, #D]        @ the new e
        adds    r5, r3, r1
        adc     r4, r2, r0
        strd    r4, r5, [sp, #D]
        lsr     r3, r7, #28             @ Sigma0(a)
        eor     r3, r3, r6, lsl #4
        turned  r3, r7, r6, 2
        turned  r3, r7, r6, 7
        adds    r1, r1, r3
        lsr     r2, r6, #28
        eor     r2, r2, r7, lsl #4
        turned  r2, r6, r7, 2
        turned  r2, r6, r7, 7
        adc     r0, r0, r2
        ldrd    r2, r3, [sp, #B]        @ Maj(a, b, c) = ((a ^ b) & (b ^ c)) ^ b
        eor     \xh, r6, r2
        eor     \xl, r7, r3
        and     \ph, \ph, \xh
        and     \pl, \pl, \xl
        eor     \ph, \ph, r2
        eor     \pl, \pl, r3
        adds    r7, r1, \pl             @ the new a
        adc     r6, r0, \ph
        strd    r6, r7, [sp, #H]
        .endm

        .macro  extend i                @ the word 16 places on takes the place of word i
        ldrd    r0, r1, [sp, #8 * (\i)]
        ldrd    r2, r3, [sp, #8 * ((\i + 9) % 16)]
        adds    r1, r1, r3
        adc     r0, r0, r2
        ldrd    r2, r3, [sp, #8 * ((\i + 1) % 16)]
        sigma   r4, r2, r3, 1, 8
        turned  r4, r2, r3, 7
        adds    r1, r1, r4
        sigma   r4, r3, r2, 1, 8
        eor     r4, r4, r2, lsr #7
        adc     r0, r0, r4
        ldrd    r2, r3, [sp, #8 * ((\i + 14) % 16)]
        sigma   r4, r2, r3, 19, 6
        turned  r4, r3, r2, 29
        adds    r1, r1, r4
        lsr     r4, r2, #19
        eor     r4, r4, r3, lsl #13
        turned  r4, r2, r3, 29
        eor     r4, r4, r2, lsr #6
        adc     r0, r0, r4
        strd    r0, r1, [sp, #8 * (\i)]
        .endm

        .macro  start                   @ registers from the variables
        ldrd    r6, r7, [sp, #VARIABLES]
        ldrd    r8, r9, [sp, #VARIABLES + 8]
        ldrd    r10, r11, [sp, #VARIABLES + 16]
        ldrd    r4, r5, [sp, #VARIABLES + 32]
        eor     r8, r8, r10
        eor     r9, r9, r11
        .endm

        .macro  clear first, words
        movs    r0, #0
        add     r12, sp, #\first
        movs    r1, #\words
1:      str     r0, [r12], #4
        subs    r1, #1
        bne     1b
        .endm

        push    {r8-r11}
        sub     sp, #FRAME
        strd    r0, r3, [sp, #DIGEST]
        add     r12, sp, #STATE
        add     r4, r2, #640
        movs    r5, #16
1:      ldr     r6, [r4], #4
        str     r6, [r12], #4
        subs    r5, #1
        bne     1b
        str     r5, [sp, #STAGE]
        add     r0, sp, #STATE
        lsrs    r3, r3, #7
        add     r12, sp, #ARGUMENTS
        stmia   r12, {r0-r3}
        beq.w   pad
block:
        ldrd    r0, r1, [sp, #ARGUMENTS]
        ldmia   r0, {r2-r9}
        add     r12, sp, #VARIABLES
        stmia   r12!, {r2-r9}
        add     r0, #32
        ldmia   r0, {r2-r9}
        stmia   r12, {r2-r9}
        .set    i, 0
        .rept   16
        ldr     r2, [r1], #4
        ldr     r3, [r1], #4
        rev     r2, r2
        rev     r3, r3
        strd    r2, r3, [sp, #8 * i]
        .set    i, i + 1
        .endr
        str     r1, [sp, #ARGUMENTS + 4]
        ldr     r12, [sp, #ARGUMENTS + 8]
rounds:
        start
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14
        round   \i, r10, r11, r8, r9
        round   \i + 1, r8, r9, r10, r11
        .endr
        ldr     r0, [sp, #ARGUMENTS + 8]
        sub     r0, r12, r0
        cmp     r0, #640
        beq.w   last
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        extend  \i
        .endr
        b.w     rounds
last:
        ldr     r12, [sp, #ARGUMENTS]
        .set    i, 0
        .rept   8
        ldrd    r0, r1, [r12]
        ldrd    r2, r3, [sp, #VARIABLES + 8 * i]
        adds    r1, r1, r3
        adc     r0, r0, r2
        strd    r0, r1, [r12], #8
        .set    i, i + 1
        .endr
        ldr     r3, [sp, #ARGUMENTS + 12]
        subs    r3, #1
        str     r3, [sp, #ARGUMENTS + 12]
        bne.w   block
pad:    ldr     r7, [sp, #STAGE]
        cmp     r7, #2
        beq     digest
        clear   PADDING, 32
        add     r12, sp, #PADDING
        ldr     r2, [sp, #LENGTH]
        cmp     r7, #1
        beq     2f
        and     r3, r2, #127            @ what is left of the message, then the bit that ends it
        ldr     r4, [sp, #ARGUMENTS + 4]
        movs    r5, #0
1:      cmp     r5, r3
        beq     1f
        ldrb    r6, [r4, r5]
        strb    r6, [r12, r5]
        adds    r5, #1
        b       1b
1:      movs    r6, #0x80
        strb    r6, [r12, r5]
        movs    r7, #1
        cmp     r3, #112
        bhs     3f
2:      lsr     r4, r2, #29             @ the length in bits, if it still fits
        lsl     r5, r2, #3
        rev     r4, r4
        rev     r5, r5
        strd    r4, r5, [r12, #120]
        movs    r7, #2
3:      str     r7, [sp, #STAGE]
        str     r12, [sp, #ARGUMENTS + 4]
        movs    r0, #1
        str     r0, [sp, #ARGUMENTS + 12]
        b.w     block

digest: ldr     r0, [sp, #DIGEST]
        add     r12, sp, #STATE
        movs    r1, #16
1:      ldr     r2, [r12], #4
        rev     r2, r2
        str     r2, [r0], #4
        subs    r1, #1
        bne     1b
        clear   0, FRAME / 4            @ leaves nothing of the message on the stack
        add     sp, #FRAME
        pop     {r8-r11}
