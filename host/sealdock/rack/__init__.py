# SPDX-License-Identifier: Apache-2.0
"""A rack of recorders at one station: `sealdock sync --watch`.

places.py     which ports are there, and the number of the slot that each is
watch.py      takes whatever docks, several at once
board.py      what is shown of it: a bar for each slot, or lines, or JSON lines

Beside them 70-sealdock-recorder.rules and sealdock-rack.service, for a station that starts by itself; docs/station.md says how.
"""
