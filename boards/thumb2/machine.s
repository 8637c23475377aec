@ SPDX-License-Identifier: Apache-2.0
@ Runs a script of steps, each a routine's number and an argument. r0: memory (the port, 32 bytes, then registers of 40 bytes),
@ r1: script, r2: number of steps, r3: the base point's table, which needs no alignment.
@
@ r8: the script, r9: register 0, r10: the first of the four registers that the argument names, r11: steps left; on the stack: the table.

        .syntax unified
        .cpu cortex-m3
        .thumb

        .macro  entry offset            @ r12: a number of the table's entry that the argument names
        ldrb    r3, [r8, #-1]
        ldr     r12, [sp]
        add     r3, r3, r3, lsl #1
        add     r12, r12, r3, lsl #5
        .if     \offset & 0x6000        @ in two steps, each of which an instruction can hold
        add     r12, #0x6000
        .endif
        .if     \offset & 0xfff
        add     r12, #\offset & 0xfff
        .endif
        .endm

        .macro  endrun
        movs    r0, #0                  @ leaves nothing of the numbers below the stack
        sub     r12, sp, #192
        movs    r1, #192 / 4
1:      str     r0, [r12], #4
        subs    r1, #1
        bne     1b
        add     sp, #4
        pop     {r8-r11}
        .endm

        push    {r8-r11}
        push    {r3}
        mov     r8, r1
        add     r9, r0, #PORT_BYTES
        mov     r11, r2

next:
        subs    r11, #1
        bmi.w   end
        ldrb    r0, [r8], #1
        ldrb    r1, [r8], #1
        movs    r2, #160
        mla     r10, r1, r2, r9
        add     r10, #ARGUMENTS
        tbh     [pc, r0, lsl #1]
