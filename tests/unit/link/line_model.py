# SPDX-License-Identifier: Apache-2.0
"""A serial line in virtual time, with seeded faults, between two transports. Runs on both interpreters.

line = Line(seed=1, ber=1000)          # one bit in 1000 is wrong, in both directions
a, b = Transport(True, 1, 0), Transport(False, 0, 0)
pump(a, b, line, lambda now: ...)      # steps of one millisecond
"""


class Random:
    """xorshift64*: the same numbers on both interpreters."""

    def __init__(self, seed: int) -> None:
        self.state = (seed * 0x9E3779B97F4A7C15 + 1) & 0xFFFFFFFFFFFFFFFF or 1

    def below(self, n: int) -> int:
        x = self.state
        x ^= x >> 12
        x ^= x << 25 & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D >> 33 & 0x7FFFFFFF) % n

    def bytes(self, n: int) -> bytes:
        return bytes([self.below(256) for _ in range(n)])


class Direction:
    """One wire: bytes go in, wait for their time, get their faults, and come out. Counts what was put in."""

    def __init__(self, random: Random, rate: int, ber: int, drop: int, double: int, insert: int) -> None:
        self.random = random
        self.rate = rate
        self.ber = ber
        self.rare = (drop, double, insert)
        self.waiting = bytearray()
        self.total = 0
        self.left = self._gap()
        self.dead = False
        self.chunk_ms = 1  # what came in so many milliseconds is handed over at once, as many ports do
        self.ring = 1 << 29  # bytes that the port holds until then; what comes beyond is dropped
        self.dropped = 0
        self._ms = 0

    def _gap(self) -> int:
        """Bits until the next wrong one: uniform on 1 .. 2/ber - 1, whose mean is 1/ber."""
        return 1 + self.random.below(2 * self.ber - 1) if self.ber else 1 << 62

    def room(self) -> int:
        return max(0, 4096 - len(self.waiting))

    def put(self, data: bytes) -> None:
        self.total += len(data)
        self.waiting += data

    def step(self) -> bytes:
        """What arrives in one millisecond."""
        self._ms += 1
        if self._ms % self.chunk_ms:
            return b""
        count = min(len(self.waiting), self.rate * self.chunk_ms)
        data = bytearray(self.waiting[:count])
        self.waiting = self.waiting[count:]
        if self.dead:
            return b""
        self.dropped += max(0, len(data) - self.ring)
        data = data[: self.ring]
        self._flip(data)
        for fault, odds in enumerate(self.rare):
            if odds and data and not self.random.below(odds):
                self._hurt(fault, data)
        return bytes(data)

    def _flip(self, data: bytearray) -> None:
        bits = len(data) * 8
        while self.left <= bits:
            at = self.left - 1
            data[at >> 3] ^= 1 << (at & 7)
            self.left += self._gap()
        self.left -= bits

    def _hurt(self, fault: int, data: bytearray) -> None:
        at = self.random.below(len(data))
        size = 1 + self.random.below(40)
        if fault == 0:
            data[at : at + size] = b""
        elif fault == 1:
            data[at:at] = bytes(data[max(0, at - size) : at])
        else:
            data[at:at] = self.random.bytes(size)


class Line:
    """Both wires. rate: bytes a millisecond; ber: one wrong bit in so many; drop, double, insert: one event in so many milliseconds."""

    def __init__(self, seed: int, ber: int = 0, rate: int = 92, drop: int = 0, double: int = 0, insert: int = 0) -> None:
        random = Random(seed)
        self.there = Direction(random, rate, ber, drop, double, insert)
        self.back = Direction(random, rate, ber, drop, double, insert)

    def cut(self, dead: bool) -> None:
        self.there.dead = self.back.dead = dead


def write(transport, wire: Direction, now: int) -> None:
    """What a driver does: write as much as the port takes."""
    while True:
        out = transport.output(now)
        count = min(len(out), wire.room())
        if not count:
            return
        wire.put(bytes(out[:count]))
        transport.sent(count)


def pump(a, b, line: Line, every, now: int, until: int) -> int:
    """Runs both sides from `now` until every(now) is true, at most to `until`; the time when it ended."""
    while now < until and not every(now):
        for transport, wire in ((a, line.there), (b, line.back)):
            transport.tick(now)
            write(transport, wire, now)
        for transport, wire in ((b, line.there), (a, line.back)):
            data = wire.step()
            if data:
                transport.feed(data, now)
        now += 1
    return now
