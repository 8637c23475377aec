# SPDX-License-Identifier: Apache-2.0
SRC_USERMOD_C += $(USERMOD_DIR)/hal.c
SRC_USERMOD_C += $(USERMOD_DIR)/modmps2.c
CFLAGS_USERMOD += -I$(USERMOD_DIR)
