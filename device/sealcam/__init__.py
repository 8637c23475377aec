# SPDX-License-Identifier: Apache-2.0
"""The recorder's application. `device/main.py` starts it; `boards/board.pyi` is all it knows of its hardware.

Read `start` and `supervisor` first, then `parts`. The rooms:
  officer     the table of states, buttons, lights, menus by ear, and each duty of a session
  media       from sensors to sealed slots on the card
  chain       records on internal flash, the keys that sign them, and what a boot makes of both
  sound       speech, and hearing oneself and another recorder
  dock        the line to a station, and what it may do over it
  crypto      key derivation, key wrap, random numbers; beside them here Ed25519, X25519 and SHA-512, with `curve25519` beneath
"""

FIRMWARE = "0.1.0"  # signed into genesis and every boot
