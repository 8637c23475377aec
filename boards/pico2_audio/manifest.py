# SPDX-License-Identifier: Apache-2.0
# mypy: disable-error-code="name-defined"
"""What the firmware brings. The port's folder of modules is left out but for rp2.py: its `_boot.py` would format flash."""

include("$(MPY_DIR)/extmod/asyncio")
module("rp2.py", base_path="$(PORT_DIR)/modules")
module("_boot.py")
module("board.py")
package("pico2_parts")
module("firmware_sound.py", base_path="build")
module("curve25519_table.py", base_path="build")
package("sealproto", base_path="../../protocol")
package("sealcam", base_path="../../device")
module("boot.py", base_path="../../device")
module("main.py", base_path="../../device")
