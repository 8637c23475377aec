# SPDX-License-Identifier: Apache-2.0
# The firmware: MicroPython's own MPS2_AN385 board with what a recorder needs beside it. Everything added lies in this folder;
# the interpreter's sources stay as the distribution ships them.

QEMU_ARCH = arm
QEMU_MACHINE = mps2-an385

CFLAGS += -mthumb -mcpu=cortex-m3 -mfloat-abi=soft
CFLAGS += -DQEMU_SOC_MPS2
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M3"'
CFLAGS += -I$(BOARD_DIR) -DMP_CONFIGFILE='<mpconfigsealdock.h>'

LDSCRIPT = $(BOARD_DIR)/mps2.ld
# The linker lets our functions stand before the port's (modules/mps2/hal.c).
LDFLAGS += -Wl,--wrap=gc_init -Wl,--wrap=gc_collect -Wl,--wrap=mp_hal_stdio_poll -Wl,--wrap=mp_hal_stdin_rx_chr

SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o shared/timeutils/timeutils.o

MICROPY_VFS_LFS2 = 1

MPY_CROSS_FLAGS += -march=armv7m
