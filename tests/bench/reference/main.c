// SPDX-License-Identifier: Apache-2.0
// The C reference of the benchmark: the same work as the recorder's, done by a C library on the same simulated board and timed by the
// same counter. Prints one line a figure: name, instructions, bytes of the result.

#include <stdint.h>
#include <string.h>
#include "crypto_hash_sha512.h"
#include "crypto_sign_ed25519.h"

#define TIMER ((volatile uint32_t *)0x40000000) // CTRL, VALUE, RELOAD: 25 MHz, 40 instructions a tick under -icount shift=0
#define UART ((volatile uint32_t *)0x40004000)  // DATA, STATE, CTRL, INTSTATUS, BAUDDIV
#define INSTRUCTIONS_PER_TICK (40)
#define MESSAGE_BYTES (364) // of a Sig_structure over a record of 300 bytes, about
#define LEAF_BYTES (16384)

static uint8_t seed[32], public_key[32], secret_key[64], message[MESSAGE_BYTES], signature[64], digest[64], leaf[LEAF_BYTES];

static void put(char c) {
    while (UART[1] & 1) {
    }
    UART[0] = c;
}

static void say(const char *name, uint32_t ticks, const uint8_t *result, int bytes) {
    static const char digits[] = "0123456789abcdef";
    char number[12];
    int n = 0;
    uint32_t value = ticks * INSTRUCTIONS_PER_TICK;
    while (*name) {
        put(*name++);
    }
    put(' ');
    do {
        number[n++] = '0' + value % 10;
    } while (value /= 10);
    while (n) {
        put(number[--n]);
    }
    put(' ');
    for (int i = 0; i < bytes; i++) {
        put(digits[result[i] >> 4]);
        put(digits[result[i] & 15]);
    }
    put('\n');
}

static void measure(void) {
    for (int i = 0; i < 32; i++) {
        seed[i] = i;
    }
    for (int i = 0; i < MESSAGE_BYTES; i++) {
        message[i] = i;
    }
    uint32_t start = TIMER[1];
    crypto_sign_ed25519_seed_keypair(public_key, secret_key, seed);
    say("key", start - TIMER[1], public_key, 32);
    start = TIMER[1];
    crypto_sign_ed25519_detached(signature, 0, message, MESSAGE_BYTES, secret_key);
    say("sign", start - TIMER[1], signature, 64);
    start = TIMER[1];
    int bad = crypto_sign_ed25519_verify_detached(signature, message, MESSAGE_BYTES, public_key);
    uint32_t end = TIMER[1];
    say(bad ? "verify-failed" : "verify", start - end, 0, 0);
    start = TIMER[1];
    crypto_hash_sha512(digest, leaf, LEAF_BYTES);
    say("sha512", start - TIMER[1], digest, 64);
    say("done", 0, 0, 0);
}

void start(void) {
    TIMER[2] = 0xFFFFFFFF;
    TIMER[1] = 0xFFFFFFFF;
    TIMER[0] = 1;
    UART[4] = 16;
    UART[2] = 1;
    measure();
    for (;;) {
        __asm volatile ("wfi");
    }
}

const uint32_t vectors[] __attribute__((section(".vectors"))) = { 0x00400000, (uint32_t)&start, (uint32_t)&start, (uint32_t)&start };

// What the library would use of a system: nothing of it is reached by the calls above.

void randombytes_buf(void *buf, size_t size) {
    (void)buf;
    (void)size;
    for (;;) {
    }
}

void sodium_misuse(void) {
    for (;;) {
    }
}
