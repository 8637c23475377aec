# SPDX-License-Identifier: Apache-2.0
"""Everything the recorder is made of, by name, built once at boot."""

from sealcam import faults, monitors
from sealcam.chain import durable
from sealcam.dock.objects_store import ObjectsStore
from sealcam.dock.trust import Trust
from sealcam.faults import Faults
from sealcam.forecast import Forecast
from sealcam.media.capture import Capture
from sealcam.media.cardstore import CardStore
from sealcam.media.session import Sessions
from sealcam.officer import deadlines
from sealcam.sound.firmware_clips import FirmwareClips
from sealcam.sound.selftest import SelfTest
from sealcam.sound.voice import Voice
from sealproto import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sealcam.sound.relay import Relay

_SEGMENT_MS = 5000  # a slot holds one segment
_RECORD_BYTES = 400  # that a segment takes on internal flash, with its share of what else is signed
_MUTE_BUZZ_MS = 1500
_DAY_MS = 86_400_000
_COUNTED_MS = 15_000  # the supervisor counts free flash every ten seconds, so that a start need not


class Parts:
    """Without keys (`signer` None) it can still speak, light and be enrolled."""

    def __init__(self, board, folder: str, store, clock, chain, history, signer, generator) -> None:
        self.board = board
        self.folder = folder
        self.store = store
        self.clock = clock
        self.chain = chain
        self.history = history
        self.signer = signer
        self.generator = generator
        self.random = generator.random
        self.failed = lambda error: None
        self.flash_full = False  # so full that not even the boot could be signed
        self.faults = Faults(board, chain, signer)
        self.trust = Trust(store, folder, clock.utc_ms)
        self.objects = ObjectsStore(folder, self.trust, history)
        self.cards = CardStore(board.card, board.SLOT_BYTES, board.CARD_PIECE_BYTES)
        self.battery = monitors.Battery(board.BATTERY_WARN_MV, board.BATTERY_STOP_MV, board.BATTERY_CURVE)
        self.forecast = Forecast(folder)
        self.storage = monitors.Storage()
        self.capture = Capture(board, self.cards, signer, clock, history)
        self.sessions = Sessions(self, lambda error: self.failed(error))
        self._own_clips = FirmwareClips(board.FIRMWARE_CLIPS)
        self.voice = Voice(board, clock, self.prompts, self._position, self._heard, self._own_clips)
        self._relay: Relay | None = None
        self._flash: tuple | None = None  # (when it was counted, bytes free)
        self.self_test = SelfTest(board, self.capture, self.voice, self.faults, clock)

    def prompts(self):
        """The station's prompt set; the firmware's own clips while there is none."""
        return self.objects.prompts or self._own_clips

    @property
    def relay(self):
        """The hand-over by sound. It comes when it is wanted first: few recorders ever do."""
        if self._relay is None:
            from sealcam.sound.relay import Relay

            self._relay = Relay(self.voice, self.capture, self.clock)
        return self._relay

    def _position(self) -> int | None:
        return self.capture.samples if self.capture.running else None

    def _heard(self, error: OSError | None) -> None:
        """The officer must know at once that nobody was told, since then his own voice counts."""
        if error is None:
            self.faults.over(faults.SPEAKER)
            return
        self.board.vibrator.buzz(_MUTE_BUZZ_MS)
        self.faults.seen(faults.SPEAKER, 0, error, self.clock.ms())

    def open_card(self) -> None:
        """CardForeign, OSError."""
        self.cards.open(self.chain.id, self.history.newest)

    def proves(self, fact: int) -> int:
        """The legal cause that a measured fact proves under the profile; not stated when it proves none."""
        profile = self.objects.profile
        for row in profile["interruption"]["proves"] if profile else ():
            if row[0] == fact:
                return row[1]
        return codes.CAUSE_NOT_STATED

    def fit_to_announce(self) -> bool:
        """Whether the prompts can say this profile's announcement; when not, that is signed once."""
        unfit = self.objects.unfit()
        if unfit is None:
            self.faults.over(faults.PROMPTS)
            return True
        self.faults.seen(faults.PROMPTS, 0, unfit, self.clock.ms())
        return False

    def deadline(self) -> list | None:
        """What is to be said about storing, or None when nothing is owed or the time is not known."""
        owed = self.history.owed
        profile = self.objects.profile
        return deadlines.sentence(profile, owed[0][1], self.clock.utc_ms()) if owed and profile else None

    def flash_free(self, within_ms: int = _COUNTED_MS) -> int:
        """Bytes free on internal flash, counted so long ago at most; once it is short, now. With a shift's records counting takes 30 ms."""
        now = self.clock.ms()
        counted = self._flash
        if counted is None or now - counted[0] > within_ms or counted[1] < self.board.FLASH_FREE_STOP_BYTES:
            counted = self._flash = (now, durable.free(self.folder))
        return counted[1]

    def free_segments(self, flash_free: int) -> int:
        """How many can be sealed yet: there must be slots on the card for them, and room for their records on flash."""
        room = max(0, flash_free - self.board.FLASH_FREE_STOP_BYTES) // _RECORD_BYTES
        return min(self.cards.free(self.history.oldest_slot), room)

    def left_ms(self) -> int:
        """How long can be recorded: until slots, flash or the battery are used up, as far as its use is known."""
        slots = self.free_segments(self.flash_free()) * _SEGMENT_MS
        charge = self.battery.charge()
        battery = None if charge is None else self.forecast.left_ms(charge, self.battery.stop_charge())
        return slots if battery is None else min(slots, battery)

    def docked_days(self) -> int | None:
        """Whole days since a station set the clock last, or None."""
        now = self.clock.utc_ms()
        last = self.history.last_dock_utc
        return None if now is None or last is None else max(0, now - last) // _DAY_MS
