# SPDX-License-Identifier: Apache-2.0
"""Makes the module `curve25519_table` for a firmware. Runs under MicroPython: `micropython boards/make_table.py TARGET`.

The table of Ed25519's base point (48 KiB) and the programs of the field arithmetic are always the same. Computed on the recorder they
cost seconds and RAM; frozen they lie in flash. MICROPYPATH must name device/.
"""

import sys

from sealcam.curve25519 import code, table

with open(sys.argv[1], "w") as file:
    file.write("# Made by boards/make_table.py\nTABLE = {!r}\nCODE = {!r}\n".format(table.build(), code.assemble()))
