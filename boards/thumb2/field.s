@ SPDX-License-Identifier: Apache-2.0
@ Arithmetic modulo p = 2**255 - 19 for cores with Thumb-2 (ARMv7-M and later), and the machine that runs routines of it.
@
@ A number is ten signed limbs, of 26 and 25 bits in turn: value = sum of limb[i] * 2**ceil(25.5 * i). In memory the five even limbs
@ come first, then the five odd ones, since a product falls into four cyclic convolutions of five by five:
@   even columns: even * even, and twice odd * odd;   odd columns: even * odd, and odd * even.
@ Limbs of products are within +-2**25 and +-2**24 and a few units ("tight", bound 1 of device/sealcam/curve25519/code.py). A product
@ of bounds x and y, x * y <= 6, both <= 3, is right: no column passes 2**61, and 19 * limb passes no 2**31.
@
@ Whoever calls these: r0 result, r12 first operand, r2 second operand, which may be the same. They destroy r1 to r7 and r12.

        .syntax unified
        .cpu cortex-m3
        .thumb

@ One convolution: a0..a4 in r2..r6, b0..b4 in r7..r11, those that wrap times 19. Column c replaces one of these by its plain limb,
@ which is at [\plain]. Products go to (or are added to) the 64-bit columns at sp + \to, 16 apart. `late` is 1 where the wrap starts
@ one column later.
        .macro  column first, a0, a1, a2, a3, a4, b0, b1, b2, b3, b4, to, add
        .if     \add
        ldrd    r0, r1, [sp, #\to]
        smlal   r0, r1, \a0, \b0
        .else
        smull   r0, r1, \a0, \b0
        .endif
        smlal   r0, r1, \a1, \b4
        smlal   r0, r1, \a2, \b3
        smlal   r0, r1, \a3, \b2
        smlal   r0, r1, \a4, \b1
        strd    r0, r1, [sp, #\to]
        .endm

        .macro  convolve plain, offset, to, add
        column  0, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, \to, \add
        ldr     r8, [\plain, #\offset + 4]
        column  0, r2, r3, r4, r5, r6, r8, r9, r10, r11, r7, \to + 16, \add
        ldr     r9, [\plain, #\offset + 8]
        column  0, r2, r3, r4, r5, r6, r9, r10, r11, r7, r8, \to + 32, \add
        ldr     r10, [\plain, #\offset + 12]
        column  0, r2, r3, r4, r5, r6, r10, r11, r7, r8, r9, \to + 48, \add
        ldr     r11, [\plain, #\offset + 16]
        column  0, r2, r3, r4, r5, r6, r11, r7, r8, r9, r10, \to + 64, \add
        .endm

@ One limb of the carry chain: the column in \lo, \hi is rounded to \bits bits and the rest added to the next column. The flag that a
@ shift leaves is the highest bit shifted out, so rounding costs nothing.
        .macro  carry bits, limb, lo, hi, nlo, nhi, next
        ldrd    \nlo, \nhi, [sp, #\next]
        lsrs    r12, \lo, #\bits
        orr     r12, r12, \hi, lsl #32 - \bits
        adcs    \nlo, \nlo, r12
        adc     \nhi, \nhi, \hi, asr #\bits
        sbfx    \limb, \lo, #0, #\bits
        .endm

        .macro  nineteen first, second, third, fourth
        movs    r0, #19
        mul     \first, \first, r0
        mul     \second, \second, r0
        mul     \third, \third, r0
        mul     \fourth, \fourth, r0
        .endm

multiply:
        push    {r0, r8-r11, lr}
        mov     lr, r2
        sub     sp, #80
        ldmia   r12!, {r2-r6}           @ even * even
        ldmia   lr!, {r7-r11}
        nineteen r8, r9, r10, r11
        push    {r8-r11}
        convolve lr, -20, 16, 0
        ldmia   r12, {r2-r6}            @ twice odd * odd: all of the first column wraps
        lsl     r2, r2, #1
        lsl     r3, r3, #1
        lsl     r4, r4, #1
        lsl     r5, r5, #1
        lsl     r6, r6, #1
        ldmia   lr, {r7-r11}
        nineteen r8, r9, r10, r11
        mul     r7, r7, r0
        push    {r8-r11}
        column  0, r2, r3, r4, r5, r6, r11, r7, r8, r9, r10, 32, 1
        ldr     r7, [lr]
        column  0, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, 48, 1
        ldr     r8, [lr, #4]
        column  0, r2, r3, r4, r5, r6, r8, r9, r10, r11, r7, 64, 1
        ldr     r9, [lr, #8]
        column  0, r2, r3, r4, r5, r6, r9, r10, r11, r7, r8, 80, 1
        ldr     r10, [lr, #12]
        column  0, r2, r3, r4, r5, r6, r10, r11, r7, r8, r9, 96, 1
        ldmdb   r12, {r2-r6}            @ even * odd
        pop     {r8-r11}
        convolve lr, 0, 24, 0
        ldmia   r12, {r2-r6}            @ odd * even
        ldr     r7, [lr, #-20]
        pop     {r8-r11}
        convolve lr, -20, 8, 1
reduce:
        ldrd    r0, r1, [sp]
        carry   26, r4, r0, r1, r2, r3, 8
        carry   25, r9, r2, r3, r0, r1, 16
        carry   26, r5, r0, r1, r2, r3, 24
        carry   25, r10, r2, r3, r0, r1, 32
        carry   26, r6, r0, r1, r2, r3, 40
        carry   25, r11, r2, r3, r0, r1, 48
        carry   26, r7, r0, r1, r2, r3, 56
        carry   25, lr, r2, r3, r0, r1, 64
        carry   26, r8, r0, r1, r2, r3, 72
        lsrs    r12, r2, #25            @ the carry out of the top comes back at the bottom, times 19
        orr     r12, r12, r3, lsl #7
        adc     r12, r12, #0
        sbfx    r2, r2, #0, #25
        asr     r1, r4, #31
        movs    r0, #19
        smlal   r4, r1, r12, r0
        lsrs    r12, r4, #26
        orr     r12, r12, r1, lsl #6
        adc     r9, r9, r12
        sbfx    r4, r4, #0, #26
        ldr     r12, [sp, #80]
        stmia   r12!, {r4-r8}
        stmia   r12!, {r9-r11, lr}
        str     r2, [r12]
        add     sp, #84
        pop     {r8-r11, pc}

@ One column of a square: three products.
        .macro  three a, b, c, d, e, f, to, add
        .if     \add
        ldrd    r0, r1, [sp, #\to]
        smlal   r0, r1, \a, \b
        .else
        smull   r0, r1, \a, \b
        .endif
        smlal   r0, r1, \c, \d
        smlal   r0, r1, \e, \f
        strd    r0, r1, [sp, #\to]
        .endm

square:
        push    {r0, r8-r11, lr}
        sub     sp, #80
        ldmia   r12!, {r2-r6}           @ even * even; r7 to r10 twice limbs 0 to 3, r11 and lr 19 times limbs 3 and 4
        lsl     r7, r2, #1
        lsl     r8, r3, #1
        lsl     r9, r4, #1
        lsl     r10, r5, #1
        movs    r0, #19
        mul     r11, r5, r0
        mul     lr, r6, r0
        three   r2, r2, r8, lr, r9, r11, 0, 0
        three   r7, r3, r9, lr, r5, r11, 16, 0
        three   r7, r4, r3, r3, r10, lr, 32, 0
        three   r7, r5, r8, r4, r6, lr, 48, 0
        three   r7, r6, r8, r5, r4, r4, 64, 0
        ldmia   r12, {r2-r6}            @ twice odd * odd; r11 and lr 38 times limbs 3 and 4
        lsl     r7, r2, #1
        lsl     r8, r3, #1
        lsl     r9, r4, #1
        movs    r0, #38
        mul     r10, r4, r0
        mul     r11, r5, r0
        mul     lr, r6, r0
        three   r7, lr, r8, r11, r4, r10, 0, 1
        lsl     r10, r5, #1
        three   r7, r2, r8, lr, r9, r11, 16, 1
        three   r7, r8, r9, lr, r5, r11, 32, 1
        three   r7, r9, r8, r3, r10, lr, 48, 1
        three   r7, r10, r8, r9, r6, lr, 64, 1
        ldmdb   r12, {r2-r6}            @ twice even * odd
        lsl     r2, r2, #1
        lsl     r3, r3, #1
        lsl     r4, r4, #1
        lsl     r5, r5, #1
        lsl     r6, r6, #1
        ldmia   r12, {r7-r11}
        nineteen r8, r9, r10, r11
        convolve r12, 0, 8, 0
        b.w     reduce

@ As many squarings as r1 says.
squares:
        push    {r0, r1, lr}
1:      bl      square
        ldrd    r0, r1, [sp]
        mov     r12, r0
        subs    r1, #1
        str     r1, [sp, #4]
        bne     1b
        pop     {r0, r1, pc}

        .macro  limbwise operation
        push    {r8-r11, lr}
        .rept   2
        ldmia   r12!, {r3-r7}
        ldmia   r2!, {r1, r8-r11}
        \operation r3, r3, r1
        \operation r4, r4, r8
        \operation r5, r5, r9
        \operation r6, r6, r10
        \operation r7, r7, r11
        stmia   r0!, {r3-r7}
        .endr
        pop     {r8-r11, pc}
        .endm

plus:   limbwise add
minus:  limbwise sub

        .macro  limbs                   @ of the number at r12, in r1, r6, r2, r7, r3, r8, r4, r9, r5, r10
        ldmia   r12!, {r1-r5}
        ldmia   r12, {r6-r10}
        .endm

        .macro  settle bits, limb, next
        asrs    r11, \limb, #\bits
        adc     \next, \next, r11
        sbfx    \limb, \limb, #0, #\bits
        .endm

@ Bound 4 to tight; limb 0 may be a little more.
tighten:
        push    {r8-r11, lr}
        limbs
        settle  26, r1, r6
        settle  25, r6, r2
        settle  26, r2, r7
        settle  25, r7, r3
        settle  26, r3, r8
        settle  25, r8, r4
        settle  26, r4, r9
        settle  25, r9, r5
        settle  26, r5, r10
        asrs    r11, r10, #25
        adc     r11, r11, #0
        sbfx    r10, r10, #0, #25
        movs    r12, #19
        mla     r1, r11, r12, r1
        stmia   r0!, {r1-r5}
        stmia   r0, {r6-r10}
        pop     {r8-r11, pc}

@ The limb that starts at bit \shift of \low and goes on in \high.
        .macro  cut low, shift, high, bits, to
        lsr     r12, \low, #\shift
        orr     r12, r12, \high, lsl #32 - \shift
        ubfx    r12, r12, #0, #\bits
        str     r12, [r0, #\to]
        .endm

@ The 32 bytes at r12, which need no alignment, to limbs of bound 2; bit 255 is ignored.
unpack:
        push    {r8, lr}
        ldr     r1, [r12]
        ldr     r2, [r12, #4]
        ldr     r3, [r12, #8]
        ldr     r4, [r12, #12]
        ldr     r5, [r12, #16]
        ldr     r6, [r12, #20]
        ldr     r7, [r12, #24]
        ldr     r8, [r12, #28]
        ubfx    r12, r1, #0, #26
        str     r12, [r0]
        cut     r1, 26, r2, 25, 20
        cut     r2, 19, r3, 26, 4
        cut     r3, 13, r4, 25, 24
        lsr     r12, r4, #6
        str     r12, [r0, #8]
        ubfx    r12, r5, #0, #25
        str     r12, [r0, #28]
        cut     r5, 25, r6, 26, 12
        cut     r6, 19, r7, 25, 32
        cut     r7, 12, r8, 26, 16
        ubfx    r12, r8, #6, #25
        str     r12, [r0, #36]
        pop     {r8, pc}

        .macro  estimate bits, limb
        add     r11, r11, \limb
        asr     r11, r11, #\bits
        .endm

        .macro  floor bits, limb, next
        asr     r11, \limb, #\bits
        add     \next, \next, r11
        ubfx    \limb, \limb, #0, #\bits
        .endm

        .macro  join low, shift, high, left, to
        lsr     r11, \low, #\shift
        orr     r11, r11, \high, lsl #\left
        str     r11, [r0, #\to]
        .endm

@ Limbs of bound 2 to the canonical 32 bytes at r0.
pack:
        push    {r8-r11, lr}
        limbs
        movs    r12, #19
        mul     r11, r10, r12           @ how often p goes into the value, from its top limb and then exactly
        add     r11, r11, #1 << 24
        asr     r11, r11, #25
        estimate 26, r1
        estimate 25, r6
        estimate 26, r2
        estimate 25, r7
        estimate 26, r3
        estimate 25, r8
        estimate 26, r4
        estimate 25, r9
        estimate 26, r5
        estimate 25, r10
        mla     r1, r11, r12, r1
        floor   26, r1, r6
        floor   25, r6, r2
        floor   26, r2, r7
        floor   25, r7, r3
        floor   26, r3, r8
        floor   25, r8, r4
        floor   26, r4, r9
        floor   25, r9, r5
        floor   26, r5, r10
        ubfx    r10, r10, #0, #25
        orr     r1, r1, r6, lsl #26
        str     r1, [r0]
        join    r6, 6, r2, 19, 4
        join    r2, 13, r7, 13, 8
        join    r7, 19, r3, 6, 12
        orr     r8, r8, r4, lsl #25
        str     r8, [r0, #16]
        join    r4, 7, r9, 19, 20
        join    r9, 13, r5, 12, 24
        join    r5, 20, r10, 6, 28
        pop     {r8-r11, pc}
