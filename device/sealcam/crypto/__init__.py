# SPDX-License-Identifier: Apache-2.0
"""What MicroPython's library lacks beside Ed25519, X25519 and SHA-512: key derivation, key wrap, random numbers."""
