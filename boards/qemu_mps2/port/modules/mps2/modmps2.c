// SPDX-License-Identifier: Apache-2.0
// Python module `mps2`: what only C can see of the board, and what must not allocate.

#include <string.h>

#include "py/runtime.h"
#include "py/gc.h"
#include "py/mperrno.h"
#include "py/stream.h"
#include "mps2.h"

// heap() -> (bytes of the heap, live bytes right after the fullest collection since the last call); forgets that maximum.
static mp_obj_t mps2_heap(void) {
    gc_info_t info;
    gc_info(&info);
    mp_obj_t both[] = { mp_obj_new_int(info.total), mp_obj_new_int(mps2_heap_peak) };
    mps2_heap_peak = 0;
    return mp_obj_new_tuple(2, both);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mps2_heap_obj, mps2_heap);

// ticks() -> the low 30 bits of the counter of 25 MHz: 40 instructions a tick under QEMU's -icount shift=0.
static mp_obj_t mps2_ticks(void) {
    return MP_OBJ_NEW_SMALL_INT(~*(volatile uint32_t *)0x40000004 & 0x3FFFFFFF);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mps2_ticks_obj, mps2_ticks);

// The chips of this board are plain memory. Where a real board has DMA, copies go in bursts of eight words.
typedef struct {
    uint32_t words[8];
} burst_t;

static void copy(uint8_t *to, const uint8_t *from, size_t length) {
    if (!(((uintptr_t)to | (uintptr_t)from) & 3)) {
        for (; length >= sizeof(burst_t); length -= sizeof(burst_t)) {
            *(burst_t *)to = *(const burst_t *)from;
            to += sizeof(burst_t);
            from += sizeof(burst_t);
        }
    }
    memcpy(to, from, length);
}

// load(address, buf) fills buf from memory, store(address, buf) writes it there.
static mp_obj_t mps2_load(mp_obj_t address, mp_obj_t buf) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(buf, &info, MP_BUFFER_WRITE);
    copy(info.buf, (const void *)mp_obj_get_int_truncated(address), info.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(mps2_load_obj, mps2_load);

static mp_obj_t mps2_store(mp_obj_t address, mp_obj_t buf) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(buf, &info, MP_BUFFER_READ);
    copy((void *)mp_obj_get_int_truncated(address), info.buf, info.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(mps2_store_obj, mps2_store);

// erase(address, length) sets every bit.
static mp_obj_t mps2_erase(mp_obj_t address, mp_obj_t length) {
    memset((void *)mp_obj_get_int_truncated(address), 0xFF, mp_obj_get_int(length));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(mps2_erase_obj, mps2_erase);

// Card(address, sectors): a memory card in plain memory, so that what it costs is what the recorder spends, not a driver.

#define SECTOR (512)

typedef struct {
    mp_obj_base_t base;
    uint8_t *start;
    mp_uint_t sectors;
} card_obj_t;

static mp_obj_t card_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, 2, false);
    card_obj_t *self = mp_obj_malloc(card_obj_t, type);
    self->start = (uint8_t *)mp_obj_get_int_truncated(args[0]);
    self->sectors = mp_obj_get_int(args[1]);
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t card_present(mp_obj_t self) {
    (void)self;
    return mp_const_true;
}
static MP_DEFINE_CONST_FUN_OBJ_1(card_present_obj, card_present);

static mp_obj_t card_sectors(mp_obj_t self) {
    return mp_obj_new_int(((card_obj_t *)MP_OBJ_TO_PTR(self))->sectors);
}
static MP_DEFINE_CONST_FUN_OBJ_1(card_sectors_obj, card_sectors);

static uint8_t *card_place(mp_obj_t self_in, mp_obj_t sector_in, size_t length) {
    card_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_uint_t sector = mp_obj_get_int(sector_in);
    if (length % SECTOR) {
        mp_raise_OSError(MP_EINVAL);
    }
    if (sector > self->sectors || length / SECTOR > self->sectors - sector) {
        mp_raise_OSError(MP_EIO);
    }
    return self->start + sector * SECTOR;
}

static mp_obj_t card_read(mp_obj_t self, mp_obj_t sector, mp_obj_t buf) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(buf, &info, MP_BUFFER_WRITE);
    copy(info.buf, card_place(self, sector, info.len), info.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(card_read_obj, card_read);

static mp_obj_t card_write(mp_obj_t self, mp_obj_t sector, mp_obj_t buf) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(buf, &info, MP_BUFFER_READ);
    copy(card_place(self, sector, info.len), info.buf, info.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(card_write_obj, card_write);

static const mp_rom_map_elem_t card_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_present), MP_ROM_PTR(&card_present_obj) },
    { MP_ROM_QSTR(MP_QSTR_sectors), MP_ROM_PTR(&card_sectors_obj) },
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&card_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&card_write_obj) },
};
static MP_DEFINE_CONST_DICT(card_locals, card_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    card_type, MP_QSTR_Card, MP_TYPE_FLAG_NONE, make_new, card_make_new, locals_dict, &card_locals);

// UART(number): a stream that never waits; read() gives None and write() 0 when the line is not ready.

typedef struct {
    mp_obj_base_t base;
    int number;
} uart_obj_t;

static mp_obj_t uart_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    uart_obj_t *self = mp_obj_malloc(uart_obj_t, type);
    self->number = mp_obj_get_int(args[0]);
    if (self->number < 1 || self->number >= MPS2_UARTS) {
        mp_raise_ValueError(NULL);
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_uint_t uart_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *error) {
    uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_uint_t count = 0;
    while (count < size && mps2_uart_readable(self->number)) {
        ((uint8_t *)buf)[count++] = mps2_uart_get(self->number);
    }
    if (count == 0) {
        *error = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    return count;
}

static mp_uint_t uart_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *error) {
    uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_uint_t count = 0;
    while (count < size && mps2_uart_writable(self->number)) {
        mps2_uart_put(self->number, ((const uint8_t *)buf)[count++]);
    }
    if (count == 0) {
        *error = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    return count;
}

static mp_uint_t uart_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *error) {
    uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (request != MP_STREAM_POLL) {
        *error = MP_EINVAL;
        return MP_STREAM_ERROR;
    }
    mp_uint_t ready = mps2_uart_writable(self->number) ? arg & MP_STREAM_POLL_WR : 0;
    return mps2_uart_readable(self->number) ? ready | (arg & MP_STREAM_POLL_RD) : ready;
}

static const mp_stream_p_t uart_stream = {
    .read = uart_read,
    .write = uart_write,
    .ioctl = uart_ioctl,
};

static const mp_rom_map_elem_t uart_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mp_stream_read1_obj) },
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write1_obj) },
};
static MP_DEFINE_CONST_DICT(uart_locals, uart_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    uart_type, MP_QSTR_UART, MP_TYPE_FLAG_NONE, make_new, uart_make_new, protocol, &uart_stream, locals_dict, &uart_locals);

static const mp_rom_map_elem_t mps2_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_mps2) },
    { MP_ROM_QSTR(MP_QSTR_heap), MP_ROM_PTR(&mps2_heap_obj) },
    { MP_ROM_QSTR(MP_QSTR_ticks), MP_ROM_PTR(&mps2_ticks_obj) },
    { MP_ROM_QSTR(MP_QSTR_load), MP_ROM_PTR(&mps2_load_obj) },
    { MP_ROM_QSTR(MP_QSTR_store), MP_ROM_PTR(&mps2_store_obj) },
    { MP_ROM_QSTR(MP_QSTR_erase), MP_ROM_PTR(&mps2_erase_obj) },
    { MP_ROM_QSTR(MP_QSTR_Card), MP_ROM_PTR(&card_type) },
    { MP_ROM_QSTR(MP_QSTR_UART), MP_ROM_PTR(&uart_type) },
};
static MP_DEFINE_CONST_DICT(mps2_globals, mps2_globals_table);

const mp_obj_module_t mps2_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&mps2_globals,
};
MP_REGISTER_MODULE(MP_QSTR_mps2, mps2_module);
