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

        .macro  addition digit, later, first
        cbz     \digit, 3f
        movs    r0, #2                  @ ADD_POINT
        cmp     \digit, #127
        itt     hi
        rsbhi   \digit, \digit, #256
        movhi   r0, #3                  @ SUB_POINT
        cmp     \later, #0
        it      ne
        addne   r0, #2                  @ and T
        lsrs    \digit, \digit, #1
        .if     \first
        adds    \digit, #\first
        .endif
        step    r0, \digit
3:
        .endm

        .macro  entry table
        add     r9, r5, #16 * \table    @ the place: its byte at r11, its bit r9
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
        .if     \table
        add     r0, #128
        .else
        adds    r6, #2                  @ and T
        .endif
        step    r6, r0
        .endm

        push    {r0, r8-r11}
        mov     r4, r0
        movs    r5, #127
        add     r10, r1, #128
1:      cmp     r5, #15
        ble     2f
        ldrb    r6, [r1, r5]
        ldrb    r7, [r10, r5]
        orrs    r6, r6, r7
        bne     2f
        subs    r5, #1
        b       1b
2:      ldrb    r6, [r1, r5]
        ldrb    r7, [r10, r5]
        mov     r8, #0
        cmp     r5, #16
        it      lo
        movlo   r8, r3
        orr     r9, r7, r8
        orrs    r0, r9, r6
        it      ne
        movne   r0, #1                  @ DOUBLE_T
        mov     r11, #0
        step    r0, r11
        addition r6, r9, 0
        addition r7, r8, 4
        cmp     r8, #0
        beq.w   4f
        entry   0
        entry   1
4:      subs    r5, #1
        bpl.w   2b
        pop     {r0, r8-r11}
        subs    r0, r4, r0
