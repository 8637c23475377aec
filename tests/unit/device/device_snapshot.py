# SPDX-License-Identifier: Apache-2.0
"""A boot reads what followed the last snapshot and knows as much as from the whole chain; a snapshot that is off is not believed."""

from dock_bench import FOLDER, SESSION, Bureau, Chips, Recorder

from sealcam.chain import durable
from sealcam.chain.chain import FILE_BYTES, Chain
from sealcam.chain.history import History
from sealcam.chain.snapshot import Snapshots, read
from sealproto import codes, messages, records

BUREAU = Bureau()
PATH = FOLDER + "/history"


class Counting(History):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def see(self, record) -> None:
        self.count += 1
        super().see(record)


def replayed() -> History:
    """From the whole chain."""
    history = Counting()
    Chain(FOLDER + "/chain", history).close()
    return history


def restored() -> tuple:
    """(history as a boot has it, how many records it read)."""
    history = Counting()
    Chain(FOLDER + "/chain", history, read(FOLDER)).close()
    return history, history.count


def days() -> Recorder:
    """Sessions with and without interruptions, receipts for two of three, an open session at the end: a dozen files."""
    recorder = Recorder(Chips()).enrol(BUREAU)
    BUREAU.log = [b"a log"]
    recorder.put(messages.PUT_ASSIGNMENT, BUREAU.assignment(recorder.chain.id))
    at = 0
    for day in range(3):
        recorder.open_session()
        first = recorder.segment(at)
        for number in range(1, 120):
            recorder.segment(at + number)
        at += 120
        interrupt(recorder, at)
        recorder.close_session()
        recorder.signer.rotate(records.ROTATE_CLOSE)
        if day < 2:
            recorder.put(messages.PUT_RECEIPT, BUREAU.receipt(recorder, [[first, first + 119]]))
    recorder.open_session()
    recorder.segment(at)
    interrupt(recorder, at + 1)
    return recorder


def interrupt(recorder: Recorder, segments: int) -> None:
    recorder.signer.sign(
        records.INTERRUPT, session=SESSION, part=0, fact=codes.FACT_STOP_PRESSED, cause=codes.CAUSE_NOT_STATED, measured={},
        at_next_boot=False, segments=segments, frames=0, samples=7, last_ms=9, last_boot=0,
    )  # fmt: skip


def test_a_boot_from_a_snapshot_knows_what_the_whole_chain_says():
    recorder = days()
    before = recorder.history.state()
    whole = replayed()
    history, count = restored()
    assert whole.count == recorder.chain.seq + 1 > 350
    assert count < 70, count
    assert history.state() == whole.state() == before
    assert (history.covers(5), history.covers(recorder.chain.seq - 3)) == (True, False)
    assert history.session.interrupt == whole.session.interrupt and type(history.session.interrupt) is tuple
    assert history.owed == whole.owed and history.log == whole.log
    assert history.epoch_key == recorder.history.epoch_key
    recorder = recorder.reboot()
    assert recorder.history.state() == before
    recorder.segment(399)
    recorder.close()


def test_at_every_record_of_two_files_a_boot_knows_the_same():
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.open_session()
    for number in range(110):
        recorder.segment(number)
        if number % 7 == 3:
            recorder.signer.rotate(records.ROTATE_PERIOD)
        assert restored()[0].state() == recorder.history.state(), number
    recorder.close()


def test_a_record_that_recording_waits_for_begins_no_file_and_writes_no_snapshot():
    recorder = Recorder(Chips()).enrol(BUREAU)
    begun = recorder.chain.newest()
    while recorder.chain._bytes < FILE_BYTES:
        recorder.signer.rotate(records.ROTATE_PERIOD)
    recorder.open_session()
    assert recorder.chain.newest() == begun and read(FOLDER) is None
    recorder.segment(0)
    assert recorder.chain.newest() == recorder.chain.seq == read(FOLDER).seq
    assert replayed().state() == restored()[0].state() == recorder.history.state()
    recorder.close()


def test_nothing_that_a_history_remembers_is_left_out():
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.open_session()
    from sealcam.chain import history

    def fields(owner: object) -> set:
        kind = type(owner)
        return {name for name in dir(owner) if not hasattr(kind, name)}

    assert fields(recorder.history) - {"chain", "sign", "session", "last_session", "_freed"} == set(history._HISTORY)
    assert fields(recorder.history.session) == set(history._SESSION)
    recorder.close()


def test_a_snapshot_that_is_off_is_not_believed():
    recorder = days()
    raw = durable.get(PATH)
    before = recorder.history.state()
    for at in range(0, len(raw), 41):
        durable.put(PATH, raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :])
        assert read(FOLDER) is None, at
    for cut in (b"", raw[:1], raw[:31], raw[:-1], raw + b"\0"):
        durable.put(PATH, cut)
        assert read(FOLDER) is None
    assert restored()[0].state() == before and restored()[1] > 350
    durable.put(PATH, raw)
    known = read(FOLDER)
    known.hash = bytes(32)  # of a chain that was put back to an older state, or another one's
    history = Counting()
    Chain(FOLDER + "/chain", history, known).close()
    assert history.count > 350 and history.state() == before
    known = read(FOLDER)
    known.seq += 1
    history = Counting()
    Chain(FOLDER + "/chain", history, known).close()
    assert history.count > 350 and history.state() == before
    durable.remove(PATH)
    assert restored()[0].state() == before
    recorder.close()


def test_another_firmwares_snapshot_is_not_believed():
    from sealcam.chain import snapshot

    recorder = days()
    known = snapshot._FORM
    snapshot._FORM = "0.0.9 boot,epoch"
    assert read(FOLDER) is None
    snapshot._FORM = known
    assert read(FOLDER) is not None
    recorder.close()


def test_flash_that_takes_no_snapshot_takes_records():
    recorder = days()
    durable.remove("/bench/trust/spare")  # so small a flash has no room for both
    before = durable.get(PATH)

    def refuse(path: str, data: bytes) -> None:
        raise OSError(28)

    put, durable.put = durable.put, refuse
    try:
        for number in range(120):
            recorder.segment(400 + number)
    finally:
        durable.put = put
    assert durable.get(PATH) == before
    assert restored()[0].state() == recorder.history.state()
    recorder.close()


def test_only_the_chains_own_files_are_begun_with_one():
    """A snapshot for each file, none for each record: flash wears."""
    recorder = Recorder(Chips()).enrol(BUREAU)
    written = []
    original = Snapshots._put
    Snapshots._put = lambda self, record: written.append(record.seq)
    try:
        recorder.open_session()
        for number in range(200):
            recorder.segment(number)
    finally:
        Snapshots._put = original
    assert 3 <= len(written) <= 6, written
    recorder.close()
