// SPDX-License-Identifier: Apache-2.0
// Python module `mps2`: what only C can see of the board.

#include "py/runtime.h"
#include "py/gc.h"
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

static const mp_rom_map_elem_t mps2_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_mps2) },
    { MP_ROM_QSTR(MP_QSTR_heap), MP_ROM_PTR(&mps2_heap_obj) },
    { MP_ROM_QSTR(MP_QSTR_ticks), MP_ROM_PTR(&mps2_ticks_obj) },
};
static MP_DEFINE_CONST_DICT(mps2_globals, mps2_globals_table);

const mp_obj_module_t mps2_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&mps2_globals,
};
MP_REGISTER_MODULE(MP_QSTR_mps2, mps2_module);
