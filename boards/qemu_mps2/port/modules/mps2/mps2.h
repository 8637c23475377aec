// SPDX-License-Identifier: Apache-2.0
// What the two files of this module share.

#include <stdint.h>
#include <stddef.h>

#define MPS2_UARTS (3) // console, dock line, control: their bytes wake the board

// Live bytes right after the fullest collection so far.
extern size_t mps2_heap_peak;

// Sleeps at most so many milliseconds (negative: no limit); a byte on any UART ends it early.
void mps2_sleep_ms(int ms);

// Fills buf with random bytes of the host.
void mps2_random(uint8_t *buf, size_t length);

int mps2_uart_readable(int number);
int mps2_uart_writable(int number);
int mps2_uart_get(int number);
void mps2_uart_put(int number, int byte);
