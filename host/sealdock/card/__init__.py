# SPDX-License-Identifier: Apache-2.0
"""A recorder's card at the station: read from a reader or an image, never written.

image.py      superblock and slots of a card, or of a slot that was staged
settle.py     one slot's bytes against the record that signed them
staged.py     slots whose record is not here yet, kept until the chain arrives
take.py       a whole card: what `sealdock import --card` does
"""
