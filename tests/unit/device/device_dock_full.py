# SPDX-License-Identifier: Apache-2.0
"""Flash that the recorder's own records have filled to the last byte: a station's coming makes room, and its receipt frees the rest."""

import asyncio
import os

from dock_bench import NOW, Bureau, Chips, Recorder

from sealcam.chain import durable, spare
from sealproto import handshake, messages, records

BUREAU = Bureau()
TRUST = "/bench/trust"
SPARE = TRUST + "/spare"
SPARE_BYTES = 49152


def enrolled() -> Recorder:
    BUREAU.log = [b"a log"]
    recorder = Recorder(Chips()).enrol(BUREAU)
    spare.keep(TRUST, 0)
    assert durable.size(SPARE) == SPARE_BYTES
    return recorder


def fill(recorder: Recorder) -> tuple:
    """Signs until flash takes no more: (first, last) segment."""
    recorder.open_session()
    first = last = recorder.segment(0)
    try:
        while True:
            last = recorder.segment(last - first + 1)
            assert last < 2000
    except OSError as error:
        assert error.args[0] == 28
    return first, last


def cannot_sign(recorder: Recorder) -> bool:
    try:
        recorder.close_session()
    except OSError:
        return True
    return False


def test_what_is_free_is_never_a_number_that_wrapped():
    recorder = enrolled()
    fill(recorder)
    try:
        with open("/bench/litter", "wb") as file:  # which may leave littlefs with more blocks in use than there are
            while True:
                file.write(bytes(512))
                file.flush()
                assert durable.free(TRUST) < 16384
    except OSError:
        assert durable.free(TRUST) < 16384
    recorder.close()


def test_a_station_makes_room_and_its_receipt_frees_it():
    recorder = enrolled()
    first, last = fill(recorder)
    recorder = recorder.reboot()
    assert recorder.chain.seq == last and cannot_sign(recorder) and durable.size(SPARE) == SPARE_BYTES
    recorder = recorder.reboot()  # as often as one likes: nothing but a station takes the spare
    assert cannot_sign(recorder)
    recorder.shake(BUREAU, handshake.DOCK)
    assert durable.size(SPARE) is None
    recorder.close_session()
    recorder.put(messages.PUT_RECEIPT, BUREAU.receipt(recorder, [[first, last]]))
    assert records.Record(recorder.chain.get(recorder.chain.seq)).type == records.RECEIPT
    recorder.board.FLASH_FREE_STOP_BYTES = 1 << 20
    asyncio.run(recorder.dock.drop_covered())
    assert durable.free(TRUST) > 100_000 and recorder.chain.first() > 0
    recorder.board.FLASH_FREE_STOP_BYTES = 16384
    recorder.dock.keep_spare()
    assert durable.size(SPARE) == SPARE_BYTES, "for the next time"
    recorder = recorder.reboot()
    recorder.open_session()
    recorder.close()


def test_a_station_that_comes_to_a_roomy_flash_leaves_the_spare():
    recorder = enrolled()
    recorder.shake(BUREAU, handshake.DOCK)
    assert durable.size(SPARE) == SPARE_BYTES
    recorder.close()


def test_the_spare_never_takes_what_recording_needs():
    recorder = enrolled()
    os.remove(SPARE)
    least = durable.free(TRUST) - SPARE_BYTES
    spare.keep(TRUST, least + 1)
    assert durable.size(SPARE) is None
    spare.keep(TRUST, least)
    assert durable.size(SPARE) == SPARE_BYTES
    recorder.close()


def test_a_draft_that_finds_no_room_leaves_nothing():
    recorder = enrolled()
    fill(recorder)
    try:
        durable.put(TRUST + "/draft", bytes(8192) + NOW.to_bytes(8, "big"))
    except OSError:
        assert "draft.new" not in os.listdir(TRUST) and durable.get(TRUST + "/draft") is None
    else:
        raise AssertionError("there was room")
    recorder.close()
