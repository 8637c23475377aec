# SPDX-License-Identifier: Apache-2.0
"""The recorder's firmware on a simulated Cortex-M3: built from the interpreter's source package, run by QEMU.

>>> from sealsim.qemu import Machine, firmware
>>> with Machine(firmware()) as machine:
...     print(machine.run("print(6 * 7)"))
42
"""

from sealsim.qemu.firmware import firmware
from sealsim.qemu.machine import Machine, MachineError

__all__ = ["Machine", "MachineError", "firmware"]
