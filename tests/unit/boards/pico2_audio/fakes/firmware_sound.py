# SPDX-License-Identifier: Apache-2.0
"""One clip of the firmware: the number 5, four samples."""

DATA = b"SLVC\x01\x00\x05\x00\x04\x00\x00\x00\x02\x00\x00\x00\x12\x34"
