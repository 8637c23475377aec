// SPDX-License-Identifier: Apache-2.0
// The port's configuration, with what it leaves out and every board that a recorder is made of has.

#include <mpconfigport.h>

#undef MICROPY_PY_SYS_STDIO_BUFFER
#define MICROPY_PY_SYS_STDIO_BUFFER (1)
#undef MICROPY_PY_SELECT
#define MICROPY_PY_SELECT (1)
#undef MICROPY_PY_TIME
#define MICROPY_PY_TIME (1)
#undef MICROPY_PY_ASYNCIO
#define MICROPY_PY_ASYNCIO (1)

#undef MICROPY_PY_OS_INCLUDEFILE
#define MICROPY_PY_OS_INCLUDEFILE "os_random.h"
#undef MICROPY_PY_OS_URANDOM
#define MICROPY_PY_OS_URANDOM (1)

// Whoever waits sleeps until a timer or a byte wakes the processor, so that the simulated clock may jump.
void mps2_sleep_ms(int ms);
#undef MICROPY_INTERNAL_WFE
#define MICROPY_INTERNAL_WFE(TIMEOUT_MS) mps2_sleep_ms(TIMEOUT_MS)

#ifndef MICROPY_EPOCH_IS_1970
#define MICROPY_EPOCH_IS_1970 (1)
#endif
