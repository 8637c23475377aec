# SPDX-License-Identifier: Apache-2.0
"""Records one part of a session: pictures and sound into segments, one signed record for each, no gap between them.

Frames and samples are counted through the whole session; what the sensors lost is counted too and stands in the record.
The microphone's own buffer (a second at least) bridges the sealing of a segment.
"""

import asyncio
import gc

from sealcam.media import matroska
from sealcam.media.cardstore import CardFull
from sealcam.media.segment import Segment
from sealproto import records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sealcam.sound.tone_listener import Listener

SEGMENT_MS = 5000
_TURN_MS = 20
_SOUND_BYTES = 1024  # more than comes in a turn; what has gathered while a segment was sealed is taken in several
_TURN_BYTES = 8192  # a segment with less room for sound takes no more of it
_FRAME_BYTES = 65536
_WRAP = 1 << 30


class SensorLost(Exception):
    """Camera or microphone does not answer."""


class SealingFailed(Exception):
    """What was recorded could not be signed and made durable. `number`: the error's, or 0."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Capture:
    """`begin`, then `run` as a task, then `end`. `number`, `frames` and `samples` are the session's counts so far."""

    def __init__(self, board, store, signer, clock, history) -> None:
        self._board = board
        self._store = store
        self._signer = signer
        self._clock = clock
        self._history = history
        self._sound = memoryview(bytearray(_SOUND_BYTES))
        self._frame = memoryview(bytearray(_FRAME_BYTES)) if board.camera else None
        self._turn_bytes = _TURN_BYTES + (_FRAME_BYTES if board.camera else 0)
        self._segment: Segment | None = None
        self._writer: matroska.Writer | None = None
        self._limit = 0  # plain bytes of the segment beyond which it takes no more
        self.running = False
        self.sensing = False
        self.first_frame_ms: int | None = None
        self.listener: Listener | None = None  # hears what is recorded, while it is recorded

    def media(self) -> list:
        """The media field of session-open and resume."""
        camera = self._board.camera
        video = [camera.WIDTH, camera.HEIGHT, camera.FRAMES_PER_S] if camera else None
        return [video, [self._board.microphone.RATE, 16, 1]]

    def start_sensors(self) -> None:
        """Before the part's first record is made, so that a sensor that is lost is found before. SensorLost. They may run already."""
        if self.sensing:
            return
        try:
            self._board.microphone.start()
            if self._board.camera:
                self._board.camera.start()
        except OSError as error:
            self.stop_sensors()
            raise SensorLost(str(error))
        self.sensing = True
        self._next_frame: int | None = None
        self._lost_samples = 0

    def begin(self, session: bytes, part: int, content, number: int, frames: int, samples: int) -> None:
        """The part's first segment is open when this returns. CardFull, OSError. `content`: its ContentKey, or None without AES."""
        self._session = session
        self._part = part
        self._content = content
        self.number = number
        self.frames = frames
        self.samples = samples
        self.first_frame_ms = None
        self._open_segment()
        self.running = True

    async def run(self) -> None:
        """Until `running` is False. OSError, CardFull, SensorLost and SealingFailed end it; the caller signs why."""
        while self.running:
            self.turn()
            await asyncio.sleep_ms(_TURN_MS)

    def turn(self) -> None:
        """Takes what the sensors have ready, as far as the segment has room for it, and seals when it is time."""
        self._take_sound()
        if self._frame is not None:
            self._take_frames()
        if self._clock.ms() - self._segment_ms >= SEGMENT_MS or self._full():
            self.seal()
            self._open_segment()

    def _full(self) -> bool:
        """The slot may not take another turn. Asked at each KiB of sound, so the limit was worked out when the segment began."""
        return self._segment.plain_bytes > self._limit

    def end(self) -> None:
        """Seals what there is and stops the sensors."""
        self.running = False
        try:
            if self._segment is not None:  # else there was no slot for another one
                self._take_last()
            self.seal()
        finally:
            self.drop()

    def _take_last(self) -> None:
        try:
            self._take_sound()
            if self._full():
                self.seal()
                self._open_segment()
                self._take_sound()
        except (SensorLost, CardFull) as error:  # what is there is sealed all the same
            self._board.trace("sound-left", type(error).__name__)

    def drop(self) -> None:
        """Stops the sensors without sealing; for when the card is gone."""
        self.running = False
        self._segment = None
        self._writer = None  # it holds the segment, and that the keys of one that was begun and never sealed
        self.stop_sensors()

    def stop_sensors(self) -> None:
        self.sensing = False
        self._board.microphone.stop()
        if self._board.camera:
            self._board.camera.stop()

    def seal(self) -> None:
        """Leaves durable, record signed and synced, copy into the slot: in that order."""
        segment = self._segment
        if segment is None or not (segment.frames or segment.samples):
            return  # a file without pictures and sound is no evidence, and no player opens it
        lost = self._board.microphone.lost() - self._lost_samples
        tree = segment.finish()
        self._store.demand_taken(segment.slot, segment.generation)  # else its leaves may lie on two cards
        raw = self._sign(segment, tree, lost)
        self._lost_samples += lost
        self._segment = None
        self.number += 1
        self._store.put_copy(segment.slot, raw)
        self._board.trace("sealed", segment.number, segment.frames, segment.samples, segment.stored_bytes)
        gc.collect()

    def _sign(self, segment: Segment, tree: bytes, lost: int) -> bytes:
        try:
            return self._signer.sign_raw(
                records.SEGMENT,
                session=self._session, part=self._part, number=segment.number, slot=segment.slot, generation=segment.generation,
                plain_bytes=segment.plain_bytes, stored_bytes=segment.stored_bytes, root=tree,
                first_frame=segment.first_frame, frames=segment.frames, first_sample=segment.first_sample, samples=segment.samples,
                start_ms=self._segment_ms, end_ms=self._clock.ms(), lost_frames=self._lost_frames, lost_samples=lost,
            )  # fmt: skip
        except OSError as error:  # of flash: not to be taken for the card's
            raise SealingFailed(error.args[0])

    def _open_segment(self) -> None:
        self._history.make_room(self._store)
        place = self._store.take(self._history.oldest_slot, self._session, self._part, self.number, self._signer.boot)
        self._segment = Segment(self._store, place, self.number, self._part, self._signer.boot, self._content, self.frames, self.samples)
        self._limit = self._segment.capacity - self._turn_bytes
        self._segment_ms = self._clock.ms()
        self._segment_ticks = self._board.ticks_ms()
        self._lost_frames = 0
        camera = self._board.camera
        video = (camera.WIDTH, camera.HEIGHT, camera.FRAMES_PER_S) if camera else None
        self._writer = matroska.Writer(self._segment.write, video, self._board.microphone.RATE)

    def _take_sound(self) -> None:
        segment = self._segment
        while not self._full():  # after a card that stalled more may have gathered than the slot takes
            try:
                size = self._board.microphone.readinto(self._sound)
            except OSError as error:
                raise SensorLost(str(error))
            if size == 0:
                return
            at_ms = segment.samples * 1000 // self._board.microphone.RATE
            segment.samples += size // 2
            self.samples += size // 2
            segment.ms = self._clock.ms()
            self._writer.block(matroska.AUDIO, at_ms, self._sound[:size])
            if self.listener:
                self.listener.feed(self._sound[:size])
            if self.first_frame_ms is None:
                self.first_frame_ms = segment.ms

    def _take_frames(self) -> None:
        segment = self._segment
        while not self._full():
            try:
                shot = self._board.camera.capture(self._frame)
            except OSError as error:
                raise SensorLost(str(error))
            if shot is None:
                return
            size, number, ticks = shot
            if self._next_frame is not None and number > self._next_frame:
                self._lost_frames += number - self._next_frame
            self._next_frame = number + 1
            at_ms = (ticks - self._segment_ticks) % _WRAP
            if at_ms > SEGMENT_MS * 4:  # exposed just before this segment began
                at_ms = 0
            segment.frames += 1
            self.frames += 1
            segment.ms = self._clock.ms()
            self._writer.block(matroska.VIDEO, at_ms, self._frame[:size])
