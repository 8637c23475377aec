# SPDX-License-Identifier: Apache-2.0
"""What the dock side asks of the recorder and tells it."""

import asyncio

from sealcam import visitors
from sealcam.crypto.health import HealthFault
from sealcam.officer import machine
from sealcam.sound import speech, voice

_CONFIRM_S = 60


class DockEvents:
    def __init__(self, recorder, docked) -> None:
        self._recorder = recorder
        self._docked = docked  # called with True and False

    def docked(self, now: bool) -> None:
        self._docked(now)
        self._recorder.docked = now
        if now:  # once more: between arriving and now the officer may have stopped
            self._recorder.post(machine.DOCKED)

    def arrived(self) -> None:
        """What a stop left unanswered ends here, before the station asks for the records: the officer is no longer in the field."""
        if self._recorder.parts.flash_full:
            self._boot_again()
        self._recorder.post(machine.DOCKED)
        self._recorder.work()

    def _boot_again(self) -> None:
        """What flash had no room for when the recorder was switched on: a station has come, and there is (sealcam.chain.spare)."""
        module, came = visitors.bring("sealcam.start")
        try:
            self._recorder.machine.state = module.boot(self._recorder.parts)
        except OSError as error:  # it stays as it is, and the station can read
            self._recorder.parts.board.trace("no-boot", str(error))
            return
        finally:
            visitors.forget(came)
        self._recorder.begin()

    def enrolling(self) -> bool:
        """Whether the officer held the menu button, so that a station may enrol this recorder now."""
        return self._recorder.machine.state == machine.ENROLLING

    def before_identity(self) -> None:
        """HealthFault or OSError, and the recorder says so and latches, when the random source is not to be trusted now."""
        try:
            self._recorder.parts.generator.renew()
        except (HealthFault, OSError):
            self._recorder.post(machine.HARD_FAULT)
            raise

    def speak_digits(self, text: str) -> None:
        """Says the six digits; a recorder without prompts shows them in its trace and by nothing else."""
        parts = self._recorder.parts
        parts.board.trace("digits", text)
        self._recorder.confirmed.clear()
        parts.voice.say(speech.enrolment(text), voice.WARNING)

    async def confirmed(self) -> bool:
        """Waits for the record button."""
        try:
            await asyncio.wait_for(self._recorder.confirmed.wait(), _CONFIRM_S)
        except asyncio.TimeoutError:
            self._recorder.post(machine.ENROL_ENDED)
            return False
        return True

    def enrolled(self) -> None:
        self._recorder.post(machine.ENROLLED)

    def recording(self) -> bool:
        return self._recorder.machine.state == machine.RECORDING

    def object_installed(self, kind: str) -> None:
        if kind == "assignment":
            self._recorder.post(machine.ASSIGNED)
