@ SPDX-License-Identifier: Apache-2.0
@ The script of a multiplication, as _multiplication() in device/sealcam/curve25519/script.py writes it: r0: script, r1: 256 digits,
@ r2: 256 signs, r3: whether these count. Returns the script's length.

        .syntax unified
        .cpu cortex-m3
        .thumb

        .macro  step routine, argument
        strb    \routine, [r4], #1
        strb    \argument, [r4], #1
        .endm

        .macro  sum                     @ the step before computes T as well: r7 behind the routine that does not
        ldrb    r0, [r4, #-2]
        add     r0, r0, r7
        strb    r0, [r4, #-2]
        movs    r7, #2
        .endm

        .macro  addition place, first
        ldrb    r6, [r1, #\place]
        cbz     r6, 3f
        sum
        movs    r0, #2                  @ ADD_POINT
        cmp     r6, #127
        itt     hi
        rsbhi   r6, r6, #256
        movhi   r0, #3                  @ SUB_POINT
        lsrs    r6, r6, #1
        .if     \first
        adds    r6, #\first
        .endif
        step    r0, r6
3:
        .endm

        .macro  entry table
        sum
        add     r9, r5, #8 * \table    @ the place: its byte at r11, its bit r9
        add     r11, r2, r9, lsr #3
        and     r9, r9, #7
        movs    r0, #0
        .irp    tooth, 28, 24, 20, 16, 12, 8, 4, 0
        ldrb    r12, [r11, #\tooth]
        lsr     r12, r12, r9
        and     r12, r12, #1
        orr     r0, r12, r0, lsl #1
        .endr
        movs    r6, #7                  @ ADD_ENTRY
        cmp     r0, #128
        itte    lo
        eorlo   r0, r0, #127
        movlo   r6, #6                  @ SUB_ENTRY
        subhs   r0, #128
        .if     \table & 1
        add     r0, #128
        .endif
        .if     \table & 2
        adds    r6, #16                 @ _ABOVE
        .endif
        step    r6, r0
        .endm

        push    {r0, r8-r11}
        mov     r4, r0
        movs    r5, #63
        adds    r1, #63                 @ from here on: the first digit of this place
1:      cmp     r5, #7
        ble     2f
        ldrb    r6, [r1]
        ldrb    r7, [r1, #64]
        orrs    r6, r6, r7
        ldrb    r7, [r1, #128]
        orrs    r6, r6, r7
        ldrb    r7, [r1, #192]
        orrs    r6, r6, r7
        bne     2f
        subs    r1, #1
        subs    r5, #1
        b       1b
2:      movs    r0, #0                  @ DOUBLE
        step    r0, r0
        movs    r7, #1
        addition 0, 0
        addition 64, 2
        addition 128, 4
        addition 192, 6
        cmp     r5, #8
        bhs.w   4f
        cmp     r3, #0
        beq.w   4f
        entry   0
        entry   1
        entry   2
        entry   3
4:      subs    r1, #1
        subs    r5, #1
        bpl.w   2b
        pop     {r0, r8-r11}
        subs    r0, r4, r0
