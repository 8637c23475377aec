# SPDX-License-Identifier: Apache-2.0
"""A key store that fails in the midst of a change of keys: whatever is signed then is signed by the key that the chain named last."""

import errno

from dock_bench import FOLDER, Bureau, Chips, Recorder

from sealcam.chain.chain import Chain, ChainError
from sealcam.chain.history import History
from sealcam.chain.keystore import KeystoreError
from sealcam.chain.signer import kid
from sealproto import records

BUREAU = Bureau()


class Failing:
    """A key store whose writes and erases numbered `first` to `last` fail."""

    def __init__(self, keys, first: int, last: int) -> None:
        self.count = 0
        self._put, keys._put = keys._put, self.put
        self._fails = range(first, last + 1)

    def put(self, block: int, data: bytes) -> None:
        self.count += 1
        if self.count in self._fails:
            raise OSError(errno.EIO)
        self._put(block, data)


class Owned(History):
    """Reads a chain, and whether each record has the key that the ones before it name."""

    def see(self, record) -> None:
        if self.epoch_key is not None:
            assert record.kid == kid(self.epoch_key), "record {} has the key of another epoch".format(record.seq)
        super().see(record)


def shift(recorder: Recorder) -> int:
    """Changes keys three times, with a record after each, as a recorder does whose store may fail; how often it failed."""
    failed = 0
    for number in range(3):
        try:
            recorder.signer.rotate(records.ROTATE_PERIOD)
        except (OSError, KeystoreError):
            failed += 1
        recorder.segment(number)
    return failed


def test_whichever_write_fails_the_chain_names_the_key_that_signs():
    seen = set()
    for length in (1, 2, 40):
        for first in range(1, 13):
            recorder = Recorder(Chips()).enrol(BUREAU)
            Failing(recorder.chips.keys, first, first + length - 1)
            seen.add(shift(recorder))
            recorder.close()
            recorder.chips.keys = recorder.chips.keys.after_cut()
            again = Recorder(recorder.chips)  # KeystoreError when the secret of the chain's last key is lost
            again.segment(9)
            assert shift(again) == 0
            Chain(FOLDER + "/chain", Owned()).close()
            again.close()
    assert {0, 1, 2, 3} >= seen >= {1, 2, 3}, seen


class Late:
    """A file of the chain whose flash says that it failed when all was written."""

    def __init__(self, file) -> None:
        self.write, self.close, self._flush = file.write, file.close, file.flush

    def flush(self) -> None:
        self._flush()
        raise OSError(errno.EIO)


def test_a_key_that_was_named_after_all_is_not_given_up():
    """The next boot takes the record that seemed refused, and needs the secret of the key in it, however often another was tried."""
    recorder = Recorder(Chips()).enrol(BUREAU)
    recorder.segment(0)
    recorder.chain._file = Late(recorder.chain._file)
    for error in (OSError, ChainError, ChainError):
        try:
            recorder.signer.rotate(records.ROTATE_PERIOD)
            raise AssertionError("changed")
        except error:
            pass
    recorder = recorder.reboot()
    recorder.segment(1)
    assert shift(recorder) == 0
    recorder.close()
