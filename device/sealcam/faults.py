# SPDX-License-Identifier: Apache-2.0
"""Signs what fails: each fault once, until the part has worked again, so that a broken sensor does not fill the chain."""

from sealproto import records

TASK = 1  # a task of the recorder failed and was started again
BATTERY_SENSOR = 2
KEYSTORE = 3  # the key could not be changed; the old one goes on signing
SPEAKER = 4  # or the prompts could not be read
RANDOMNESS = 5  # the source failed a test; the generator goes on with what it has until the next boot, which refuses
OUT_OF_USE = 6  # a fault after which the bureau has recorders not used on; `part` is the measured fact. Signed when it happens, not healed
PROMPTS = 7  # the prompts are damaged, incomplete or another profile's: the officer's own voice counts
HEARING = 8  # the microphone did not hear the speaker's tone: one of them is dead or covered
THERMOMETER = 9  # silent, or a temperature that cannot be
CARD_SWITCH = 10  # whether a card is in cannot be told
CLOCK = 11  # the calendar clock does not answer
CLOCK_UNSET = 12  # it was set, and has lost its time
CLOCK_STEPPED = 13  # it ran otherwise than the counter since boot; `error` is the seconds between them. No time is trusted until it is set
CARD = 14  # the card that was put in is not this recorder's, or cannot be read


class Faults:
    """`part` tells tasks apart; 0 for other codes. What is signed here heals by itself or is tried again: hard faults latch elsewhere."""

    def __init__(self, board, chain, signer) -> None:
        self._board = board
        self._chain = chain
        self._signer = signer
        self._open: dict[tuple, int] = {}  # (code, part): when it was seen last

    def seen(self, code: int, part: int, error: Exception, now_ms: int) -> None:
        """Something failed now. Signs it when it is new; OSError when even that fails."""
        known = (code, part) in self._open
        self._open[(code, part)] = now_ms
        if known:
            return
        self._board.trace("fault", code, part, type(error).__name__, str(error))
        if self._chain.id is None:
            return
        number = error.args[0] if isinstance(error, OSError) and error.args and isinstance(error.args[0], int) else None
        self._signer.sign(records.FAULT, code=code, part=part, error=number, healed=True)

    def over(self, code: int, part: int = 0) -> None:
        """The part works (again)."""
        self._open.pop((code, part), None)

    def forget(self, before_ms: int) -> None:
        """What was not seen since then counts as over."""
        for key in [key for key in self._open if self._open[key] < before_ms]:
            del self._open[key]
