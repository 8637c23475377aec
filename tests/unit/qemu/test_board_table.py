# SPDX-License-Identifier: Apache-2.0
"""The whole way on the simulated Cortex-M3: enrolled by a station, recorded, docked, verified by the host."""

from pathlib import Path

from tests.board_table import BoardTable

from sealdock.archive import sessions
from sealdock.station import Station
from sealsim.qemu import firmware

SECONDS = 12
RATE = 16000


def test_a_recorder_on_a_small_processor_from_enrolment_to_receipt(tmp_path: Path) -> None:
    with BoardTable(tmp_path, firmware()) as table:
        table.enrol()
        told = table.record(SECONDS)
        assert not [line for line in table.recorder.printed if "Traceback" in line or "MemoryError" in line]
        sealed = [event for event in told if event[0] == "sealed"]
        result = table.sync()
    assert not result.problems and result.segments == len(sealed) and result.receipt == 1
    assert len(sealed) == 3 and abs(sum(int(event[3]) for event in sealed) - SECONDS * RATE) < RATE
    with Station.open(table.home) as station:
        (session,) = sessions.sessions(station.archive)
        assert (session.segments, session.held, session.state) == (len(sealed), len(sealed), "complete")
