// SPDX-License-Identifier: Apache-2.0
// Time, waiting and the console of the MPS2 board, and an eye on the heap.
//
// Registers: Arm CoreLink SSE CMSDK timers and UARTs as on application note AN385. Timer 0 runs free, for the time; timer 1 wakes.
// Definitions that a later release of MicroPython brings itself are weak, so that its own count then.

#include "py/runtime.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/stream.h"
#include "mps2.h"

typedef struct {
    volatile uint32_t CTRL, VALUE, RELOAD, INTSTATUS;
} cmsdk_timer_t;

typedef struct {
    volatile uint32_t DATA, STATE, CTRL, INTSTATUS, BAUDDIV;
} cmsdk_uart_t;

#define TIMER0 ((cmsdk_timer_t *)0x40000000)
#define TIMER1 ((cmsdk_timer_t *)0x40001000)
#define TIMER_ENABLE (1)
#define TIMER_INTERRUPT (8)
#define TICKS_PER_US (25)

#define RANDOM_UART (3) // its other end gives the host's random bytes
#define UART(n) ((cmsdk_uart_t *)(0x40004000 + 0x1000 * (n)))
#define UART_FULL (1) // the last byte is still being sent
#define UART_RECEIVED (2)
#define UART_SEND_AND_RECEIVE (1 | 2 | 8) // and the interrupt of a received byte

#define NVIC_ENABLE (*(volatile uint32_t *)0xE000E100)
#define NVIC_CLEAR_PENDING (*(volatile uint32_t *)0xE000E280)
#define INTERRUPTS ((1 << 0) | (1 << 2) | (1 << 4) | (1 << 9)) // received bytes of UART 0, 1, 2; timer 1

#define LONGEST_SLEEP_MS (100000) // timers have 32 bits: 171 s

// The simulator writes this word before the board starts (sim/sealsim/qemu/machine.py).
#define WISHES (*(volatile uint32_t *)0x21FFFFF0)
#define WISH_JUMP (1) // a sleep takes no time of the host: the clock jumps to its end
#define WISH_HEAP_KIB (8) // from this bit on: how large the heap shall be, 0 for the board's own of 136; at most 4096
#define OTHER_HEAP ((char *)0x20000000)

size_t mps2_heap_peak;
static uint64_t jumped; // ticks that passed in sleep

static void start_timer_and_uarts(void) {
    TIMER0->RELOAD = 0xFFFFFFFF;
    TIMER0->VALUE = 0xFFFFFFFF;
    TIMER0->CTRL = TIMER_ENABLE;
    for (int i = 0; i < MPS2_UARTS; i++) {
        UART(i)->BAUDDIV = 16;
        UART(i)->CTRL = UART_SEND_AND_RECEIVE;
    }
    UART(RANDOM_UART)->BAUDDIV = 16;
    UART(RANDOM_UART)->CTRL = UART_SEND_AND_RECEIVE;
    NVIC_ENABLE = INTERRUPTS;
}

// Heap. The first thing that main() does with it is the moment to start what must run before anything else.

void __real_gc_init(void *start, void *end);
void __wrap_gc_init(void *start, void *end);
void __real_gc_collect(void);
void __wrap_gc_collect(void);

void __wrap_gc_init(void *start, void *end) {
    __asm volatile ("cpsid i"); // interrupts only wake the processor; nobody handles them
    start_timer_and_uarts();
    if (WISHES >> WISH_HEAP_KIB) {
        start = OTHER_HEAP;
        end = OTHER_HEAP + (WISHES >> WISH_HEAP_KIB) * 1024;
    }
    __real_gc_init(start, end);
}

void __wrap_gc_collect(void) {
    __real_gc_collect();
    gc_info_t info;
    gc_info(&info);
    if (info.used > mps2_heap_peak) {
        mps2_heap_peak = info.used;
    }
}

// Time

static uint64_t ticks_25mhz(void) {
    static uint32_t last;
    static uint64_t total;
    uint32_t now = ~TIMER0->VALUE;
    total += now - last;
    last = now;
    return total + jumped;
}

MP_WEAK mp_uint_t mp_hal_ticks_us(void) {
    return ticks_25mhz() / TICKS_PER_US;
}

MP_WEAK mp_uint_t mp_hal_ticks_ms(void) {
    return ticks_25mhz() / (TICKS_PER_US * 1000);
}

MP_WEAK mp_uint_t mp_hal_ticks_cpu(void) {
    return ticks_25mhz();
}

MP_WEAK uint64_t mp_hal_time_ns(void) {
    return ticks_25mhz() * (1000 / TICKS_PER_US);
}

MP_WEAK void mp_hal_delay_us(mp_uint_t us) {
    uint64_t end = ticks_25mhz() + (uint64_t)us * TICKS_PER_US;
    while (ticks_25mhz() < end) {
    }
}

MP_WEAK void mp_hal_delay_ms(mp_uint_t ms) {
    uint64_t end = ticks_25mhz() + (uint64_t)ms * TICKS_PER_US * 1000;
    for (;;) {
        mp_handle_pending(true);
        uint64_t now = ticks_25mhz();
        if (now >= end) {
            return;
        }
        mps2_sleep_ms((end - now) / (TICKS_PER_US * 1000) + 1);
    }
}

static int received(void) {
    for (int i = 0; i < MPS2_UARTS; i++) {
        if (UART(i)->STATE & UART_RECEIVED) {
            return 1;
        }
    }
    return 0;
}

static void forget_interrupts(void) {
    for (int i = 0; i < MPS2_UARTS; i++) {
        UART(i)->INTSTATUS = 15;
    }
    TIMER1->INTSTATUS = 1;
    NVIC_CLEAR_PENDING = INTERRUPTS;
}

// With PRIMASK set a pending interrupt ends WFI and is not taken.
static void sleep_until_interrupt(void) {
    forget_interrupts();
    if (!received()) {
        __asm volatile ("wfi");
    }
}

static void sleep_ticks(uint32_t ticks) {
    TIMER1->RELOAD = ticks;
    TIMER1->VALUE = ticks;
    TIMER1->CTRL = TIMER_ENABLE | TIMER_INTERRUPT;
    sleep_until_interrupt();
    TIMER1->CTRL = 0;
}

void mps2_sleep_ms(int ms) {
    uint32_t ticks = (ms < 0 ? LONGEST_SLEEP_MS : MIN(ms, LONGEST_SLEEP_MS)) * 1000 * TICKS_PER_US;
    ticks_25mhz(); // so that no wrap of timer 0 is missed
    if (ticks && !received()) {
        if (WISHES & WISH_JUMP) {
            jumped += ticks;
        } else {
            sleep_ticks(ticks);
        }
    }
    ticks_25mhz();
}

void mps2_random(uint8_t *buf, size_t length) {
    for (size_t i = 0; i < length; i++) {
        while (!(UART(RANDOM_UART)->STATE & UART_RECEIVED)) {
        }
        buf[i] = UART(RANDOM_UART)->DATA;
    }
}

int mps2_uart_readable(int number) {
    return UART(number)->STATE & UART_RECEIVED;
}

int mps2_uart_writable(int number) {
    return !(UART(number)->STATE & UART_FULL);
}

int mps2_uart_get(int number) {
    return UART(number)->DATA;
}

void mps2_uart_put(int number, int byte) {
    UART(number)->DATA = byte;
}

// Console

uintptr_t __wrap_mp_hal_stdio_poll(uintptr_t flags);
int __wrap_mp_hal_stdin_rx_chr(void);

uintptr_t __wrap_mp_hal_stdio_poll(uintptr_t flags) {
    uintptr_t ready = flags & MP_STREAM_POLL_WR;
    if (UART(0)->STATE & UART_RECEIVED) {
        ready |= flags & MP_STREAM_POLL_RD;
    }
    return ready;
}

// The port's own waits busily, and QEMU then hands over each byte late.
int __wrap_mp_hal_stdin_rx_chr(void) {
    while (!(UART(0)->STATE & UART_RECEIVED)) {
        mp_handle_pending(true);
        sleep_until_interrupt();
    }
    return UART(0)->DATA;
}
