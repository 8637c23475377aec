# SPDX-License-Identifier: Apache-2.0
"""The contract of a board: everything the recorder may know of its hardware.

A board is one folder under `boards/`; the folder that stands on the import path is the board that runs.
`device/main.py` alone imports it and hands it, as an object, to everything else. Facts are data; parts
are objects with the methods below. No method may wait longer than its docstring says, since one asyncio loop
serves the whole recorder. A part that is missing or broken raises OSError; it never answers with a guess.

Times are milliseconds, voltages millivolts, sound is signed 16-bit little-endian mono PCM.
"""

class BlockDevice:
    """What littlefs is mounted on: MicroPython's extended block protocol. Pieces of any place and size within a block may be programmed:
    littlefs is mounted with its own sizes, whatever the chip's pages are.
    """

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None: ...
    def writeblocks(self, block: int, buf: bytearray, offset: int = 0) -> None: ...
    def ioctl(self, op: int, arg: int) -> int: ...

class Card:
    """The raw memory card: sectors of 512 bytes, no file system."""

    def present(self) -> bool:
        """Whether a card is in. A board that noticed a change since the last call says no once. Where none does, the recorder
        knows another card by its superblock, within a second.
        """
    def sectors(self) -> int:
        """Number of sectors; OSError(ENODEV) when no card is in."""
    def read(self, sector: int, buf: memoryview | bytearray) -> None:
        """Fills buf (a multiple of 512 bytes). OSError(ENODEV, EIO)."""
    def write(self, sector: int, buf: memoryview | bytearray | bytes) -> None:
        """Writes buf (a multiple of 512 bytes); may take 500 ms, and at worst a second before it fails. OSError(ENODEV, EIO).

        Success is not proof: the caller reads back.
        """

class Keystore:
    """Raw erase blocks for secrets. An erased block reads as 0xFF; a block must be erased before it is written."""

    BLOCKS: int
    BLOCK_BYTES: int
    def read(self, block: int) -> bytes: ...
    def write(self, block: int, data: bytes) -> None: ...
    def erase(self, block: int) -> None: ...

class Battery:
    def read_mv(self) -> int:
        """Unfiltered voltage under the present load."""
    def temperature(self) -> int | None:
        """Degrees Celsius, or None without a sensor."""

class Clock:
    """The calendar clock. UTC in milliseconds since 1970-01-01, or None when it lost power or was never set."""

    def read_ms(self) -> int | None: ...
    def set_ms(self, utc: int) -> None: ...

class Camera:
    WIDTH: int
    HEIGHT: int
    FRAMES_PER_S: int
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def capture(self, buf: memoryview) -> tuple[int, int, int] | None:
        """The next JPEG frame, copied to buf: (length, frame number, ticks_ms of exposure), or None when no new frame is ready.

        The frame number counts every frame that the sensor delivered since start(), so a frame that the recorder missed
        is a jump. Returns at once. OSError(EIO) when the sensor is lost, OSError(ENOMEM) when buf is too small.
        """

class Microphone:
    RATE: int
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def readinto(self, buf: memoryview) -> int:
        """Copies what is ready, at most buf, and returns bytes (a multiple of 2; 0: nothing yet). OSError(EIO) when the sensor is lost."""
    def lost(self) -> int:
        """Samples dropped since start() because nobody read in time."""

class Speaker:
    RATE: int
    def write(self, buf: memoryview | bytes) -> int:
        """Queues PCM and returns the bytes taken (it holds at least 200 ms); never waits."""
    def pending_ms(self) -> int:
        """Sound still queued."""
    def clear(self) -> None:
        """Drops what is queued."""

class Buttons:
    """Three buttons. Bits: 1 record, 2 mark, 4 menu."""

    def read(self) -> int:
        """Buttons held down now, not debounced. A board with interrupts also reports a press that began and ended since the last
        reading, in two readings, as the recorder believes what it read twice.
        """

class Lights:
    def set(self, green: int, red: int, yellow: int) -> None:
        """Each 0 off, 1 on, 2 slow blink, 3 fast blink; the board blinks by itself."""

class Vibrator:
    def buzz(self, ms: int) -> None: ...

class Serial:
    """The dock line: a byte stream without guarantees."""

    RATE: int
    def connected(self) -> bool: ...
    async def read(self) -> bytes:
        """Waits for at least one byte, then returns what is there (at most 4096). OSError(ENODEV) when unplugged."""
    def write(self, buf: memoryview | bytes) -> int:
        """Takes what fits now and returns the count; 0 when full. OSError(ENODEV) when unplugged."""

NAME: str  # folder name
SIMULATED: bool
RTC_BACKED: bool  # the calendar clock survives an empty battery
KEYSTORE_PHYSICAL_ERASE: bool
BOOTLOADER_LOCKED: bool
DEVELOPER_BUILD: bool
ENTROPY_SOURCE: str  # named in the boot record
FIRMWARE_CLIPS: str  # file of the clips that the firmware itself brings (sealcam.sound.firmware_clips)
SLOT_BYTES: int  # size of one media slot, a multiple of 16 KiB + 512
CARD_PIECE_BYTES: int  # of a leaf, gathered in RAM and written at once: 16384, or 8192, 4096 ... where RAM is short
FLASH_FREE_STOP_BYTES: int  # recording stops with a spoken cause below this
LINE_WINDOW_BYTES: int  # RAM for what is on its way to a station, a power of two up to 65536: a fast line wants it all
BATTERY_CURVE: tuple[tuple[int, int], ...]  # (mV, per cent), falling
BATTERY_WARN_MV: int
BATTERY_STOP_MV: int  # clean stop while the voltage still holds

flash: BlockDevice
card: Card
keystore: Keystore
battery: Battery
clock: Clock
camera: Camera | None
microphone: Microphone
speaker: Speaker
buttons: Buttons
lights: Lights
vibrator: Vibrator
serial: Serial

def ticks_ms() -> int:
    """Milliseconds of a free-running counter that wraps at 2**30."""

def entropy(n: int) -> bytes:
    """n bytes from the hardware source, unconditioned by us. OSError when it is not trusted now."""

def reset_cause() -> int:
    """0 power on, 1 reset by software, 2 watchdog, 3 unknown."""

def feed_watchdog() -> None: ...
def trace(event: str, *details: object) -> None:
    """Developer's trace; does nothing in a production build. Never a secret."""
