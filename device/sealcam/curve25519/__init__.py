# SPDX-License-Identifier: Apache-2.0
"""The arithmetic under Ed25519 and X25519.

From the bottom: `kernel` multiplies field elements, one viper function that runs programs; `inversion` inverts them; `field` is the
kernel's memory; `code` holds the formulas; `script` orders them for a scalar; `scalar` computes modulo the group order; `table` makes the
base point's multiples; `group` offers points. Where the processor has Thumb-2, `thumb2_code`, `thumb2_machine` and `thumb2_scalar` stand
for the kernel, its memory and the products of scalars. docs/decisions/0007-crypto-on-micropython.md tells why it is so.
"""
