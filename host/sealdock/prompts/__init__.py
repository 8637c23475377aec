# SPDX-License-Identifier: Apache-2.0
"""The recorder's voice: what each clip says, how it is spoken, and how a set of clips is packed (docs/speech.md)."""
