# SPDX-License-Identifier: Apache-2.0
# mypy: disable-error-code="name-defined"
"""What the firmware brings: asyncio, the protocol, the recorder's application and this board's parts, as code that runs from flash."""

include("$(MPY_DIR)/extmod/asyncio")
package("sealproto", base_path="$(BOARD_DIR)/../../../protocol")
package("sealcam", base_path="$(BOARD_DIR)/../../../device")
module("main.py", base_path="$(BOARD_DIR)/../../../device")
module("board.py", base_path="$(BOARD_DIR)/..")
module("curve25519_table.py", base_path="$(BOARD_DIR)/../../..")
package("mps2_parts", base_path="$(BOARD_DIR)/..")
