# SPDX-License-Identifier: Apache-2.0
# The module that boards/make_table.py makes for a firmware.
TABLE: bytes
CODE: bytes
