# SPDX-License-Identifier: Apache-2.0
"""What a station may set the clock to, and what is signed when the clock cannot be set: nothing that is not so."""

import errno

from dock_bench import NOW, YEAR, Bureau, Call, Chips, Recorder, Session, refused

from sealproto import handshake, messages, objects
from sealproto.limits import CLOCK_END_MS, CLOCK_FIRST_MS

BUREAU = Bureau()
_AGES = {"since": 0, "until": NOW + 500 * YEAR}
BUREAU.station_certificate = BUREAU.certificates[0] = BUREAU.certify(objects.STATION, BUREAU.station.public, **_AGES)


class Broken:
    """A clock chip that stopped answering: at once, or when it is to be set."""

    def __init__(self, reads: bool) -> None:
        self._reads = reads

    def read_ms(self) -> int:
        if not self._reads:
            raise OSError(errno.EIO)
        return NOW

    def set_ms(self, utc: int) -> None:
        raise OSError(errno.EIO)


def set_clock(recorder: Recorder, utc: int) -> dict:
    call = Call(Session(handshake.DOCK, BUREAU.station.public))
    return recorder.ask(messages.SET_CLOCK, call, utc=utc, uncertainty_ms=5, drift_ppb=None)


def fails(act, *values) -> None:
    try:
        act(*values)
    except OSError:
        return
    raise AssertionError("no OSError")


def test_a_time_that_no_chip_can_show_is_refused_before_anything_is_signed():
    recorder = Recorder(Chips()).enrol(BUREAU)
    head = recorder.chain.seq
    for utc in (0, CLOCK_FIRST_MS - 1, CLOCK_END_MS, NOW + 300 * YEAR):
        refused(messages.MALFORMED, set_clock, recorder, utc)
    assert recorder.chain.seq == head and abs(recorder.clock.utc_ms() - NOW) < 5000
    for utc in (CLOCK_END_MS - 1, CLOCK_FIRST_MS, NOW):
        set_clock(recorder, utc)
        assert abs(recorder.clock.utc_ms() - utc) < 5000
    recorder.close()


def test_nor_does_an_enrolment_begin_with_one():
    recorder = Recorder(Chips())
    recorder.shake(BUREAU)
    begin = {"mode": handshake.ENROL, "predecessor": None}
    for utc in (CLOCK_FIRST_MS - 1, CLOCK_END_MS):
        refused(messages.MALFORMED, lambda utc=utc: recorder.ask(messages.ENROL_BEGIN, utc=utc, **begin))
    recorder.board.clock = Broken(False)
    fails(lambda: recorder.ask(messages.ENROL_BEGIN, utc=NOW, **begin))
    assert recorder.chain.id is None
    recorder.close()


def test_a_chip_that_does_not_answer_is_told_before_anything_is_signed():
    recorder = Recorder(Chips()).enrol(BUREAU)
    head = recorder.chain.seq
    recorder.board.clock = Broken(False)
    fails(set_clock, recorder, NOW)
    assert recorder.chain.seq == head
    recorder.close()


def test_a_chip_that_was_not_set_shows_no_time_that_counts():
    """It answered, and then failed: what it shows is not what was signed."""
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.board.clock = Broken(True)
    fails(set_clock, recorder, NOW + 60_000)
    assert recorder.clock.utc() is None
    recorder = recorder.reboot()
    assert recorder.clock.utc() is None
    recorder.close()
