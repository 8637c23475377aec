# SPDX-License-Identifier: Apache-2.0
"""The transport over a bad line: every byte arrives once, in order, unchanged; with bounded acknowledgements and clean ends."""

from line_model import Line, Random, pump

from sealproto.limits import DEAD_MS, OPEN_FOR_MS, PAYLOAD_MAX, PAYLOAD_MIN
from sealproto.transport import CLOSED, ENDED, LISTENING, LOST, NOBODY, OPEN, SILENCE, UNKNOWN_CONNECTION, Transport

PATTERN = Random(99).bytes(4096)


def pair(ring: int = 0) -> tuple:
    return Transport(True, 7, 0, 4096, 32768), Transport(False, 0, 0, 16384, 2048, ring)


class Flow:
    """Sends `total` bytes of the pattern from one side and checks them on the other."""

    def __init__(self, source, target, total: int) -> None:
        self.source = source
        self.target = target
        self.total = total
        self.sent = 0
        self.got = 0

    def step(self) -> bool:
        while self.sent < self.total:
            at = self.sent % 4096
            count = self.source.send(PATTERN[at : at + min(1000, self.total - self.sent)])
            if not count:
                break
            self.sent += count
        while self.target.ready():
            at = self.got % 4096
            data = self.target.receive(4096 - at)
            assert data == PATTERN[at : at + len(data)], "wrong bytes after " + str(self.got)
            self.got += len(data)
        assert self.source.state != LOST and self.target.state != LOST
        return self.got >= self.total


def carry(line: Line, down: int, up: int, ring: int = 0, until: int = 600000) -> tuple:
    """Both ways at once; (host, recorder, end time)."""
    host, recorder = pair(ring)
    flows = (Flow(recorder, host, down), Flow(host, recorder, up))
    end = pump(host, recorder, line, lambda now: [flow.step() for flow in flows] == [True, True], 0, until)
    assert [flow.got for flow in flows] == [down, up]
    return host, recorder, end


def test_clean_line_is_nearly_full():
    line = Line(1)
    _, recorder, end = carry(line, 300000, 0)
    assert 300000 / (end * 92) > 0.975, end
    assert line.there.total / (end * 92) < 0.02
    assert recorder.outbound.pace.payload > 2000


def test_bit_errors():
    for ber, least in ((100000, 0.9), (10000, 0.72), (1000, 0.33)):
        line = Line(ber, ber)
        host, _, end = carry(line, 200000, 0)
        assert 200000 / (end * 92) > least, (ber, end)
        assert line.there.total / (end * 92) < 0.02
        assert host.noise()[1] > 0


def test_acknowledgements_stay_small_when_bytes_come_in_gulps():
    for ber, chunk_ms in ((0, 7), (10000, 8), (1000, 16)):
        line = Line(15, ber)
        line.there.chunk_ms = line.back.chunk_ms = chunk_ms
        _, _, end = carry(line, 150000, 0)
        assert line.there.total / (end * 92) < 0.02


def test_alive_at_three_in_a_thousand():
    carry(Line(3, 333), 8000, 500)


def test_every_fault_at_once_both_ways():
    for seed in range(6):
        carry(Line(seed, 20000, drop=40, double=40, insert=40), 20000, 3000)


def through_a_ring(told: int, down: int) -> tuple:
    """20,000 bytes to a recorder that empties its port of 512 bytes every 20 ms, while it sends too; (bytes dropped, end)."""
    line = Line(5)
    line.there.chunk_ms = 20
    line.there.ring = 512
    host, recorder = pair(told)
    flows = (Flow(host, recorder, 20000), Flow(recorder, host, down))
    end = pump(host, recorder, line, lambda now: [flow.step() for flow in flows] == [True, True], 0, 60000)
    assert [flow.got for flow in flows] == [20000, down]
    return line.there.dropped, end


def test_a_receive_ring_of_512_bytes_never_overflows():
    for down in (0, 60000):
        dropped, end = through_a_ring(512, down)
        assert (dropped, end < 3000) == (0, True), (dropped, end)
    assert through_a_ring(0, 0)[0] > 1000, "or this test could not fail"


def test_a_clean_line_has_few_acknowledgements():
    """Each costs both ends work, which a line as fast as USB would pay for in speed."""
    line = Line(16, rate=4000)
    host, recorder = pair()
    flow = Flow(recorder, host, 400000)
    made = [0]
    acknowledge = host.inbound.acknowledge

    def counted(raw) -> int:
        made[0] += 1
        return acknowledge(raw)

    host.inbound.acknowledge = counted
    pump(host, recorder, line, lambda now: flow.step(), 0, 60000)
    assert flow.got == 400000
    assert made[0] < 400000 // 8192 + 20, made


def test_payload_shrinks_and_grows_again():
    line = Line(6, 1000)
    host, recorder = pair()
    flow = Flow(recorder, host, 150000)
    now = pump(host, recorder, line, lambda now: flow.step() or flow.got > 50000, 0, 60000)
    assert recorder.outbound.pace.payload <= 64
    line.back.ber = line.there.ber = 0
    line.back.left = line.there.left = 1 << 62
    now = pump(host, recorder, line, lambda now: flow.step(), now, 60000)
    more = Flow(recorder, host, 300000)
    pump(host, recorder, line, lambda now: more.step(), now, 60000)
    assert more.got == 300000
    assert recorder.outbound.pace.payload > 1000
    assert PAYLOAD_MIN <= recorder.outbound.pace.payload <= PAYLOAD_MAX


def test_outage_is_survived():
    line = Line(7)
    host, recorder = pair()
    flow = Flow(recorder, host, 60000)

    def every(now: int) -> bool:
        line.cut(200 < now < 200 + DEAD_MS - 1500)
        return flow.step()

    assert pump(host, recorder, line, every, 0, 30000) < DEAD_MS + 2000


def test_silence_ends_the_link():
    line = Line(8)
    host, recorder = pair()
    pump(host, recorder, line, lambda now: host.state == OPEN and recorder.state == OPEN, 0, 1000)
    line.cut(True)
    pump(host, recorder, line, lambda now: False, 1000, 1000 + DEAD_MS + 100)
    assert (host.state, host.reason, recorder.state, recorder.reason) == (LOST, SILENCE, LOST, SILENCE)


def test_keep_alive():
    line = Line(9)
    host, recorder = pair()
    pump(host, recorder, line, lambda now: False, 0, 30000)
    assert host.state == OPEN and recorder.state == OPEN
    assert line.there.total + line.back.total < 30 * 2 * 2 * 30


def test_nobody_there():
    host = Transport(True, 1, 0)
    line = Line(10)
    silent = Transport(False, 0, 0)
    line.cut(True)
    pump(host, silent, line, lambda now: host.state == LOST, 0, OPEN_FOR_MS + 10)
    assert host.reason == NOBODY
    assert silent.state == LISTENING


def test_close_is_heard():
    line = Line(11)
    host, recorder = pair()
    pump(host, recorder, line, lambda now: host.state == OPEN, 0, 1000)
    host.close()
    pump(host, recorder, line, lambda now: recorder.state == LOST, 1000, 1100)
    assert (host.reason, recorder.state, recorder.reason) == (ENDED, LOST, CLOSED)


def test_a_rebooted_recorder_says_so():
    line = Line(12)
    host, recorder = pair()
    flow = Flow(host, recorder, 3000)
    now = pump(host, recorder, line, lambda now: flow.step(), 0, 2000)
    reborn = Transport(False, 0, now)
    host.send(b"lost")
    pump(host, reborn, line, lambda now: host.state == LOST, now, now + 2000)
    assert host.reason == UNKNOWN_CONNECTION


def test_the_connection_number_tells_no_count():
    seen = set()
    for token in range(30):
        recorder = Transport(False, 0, 0)
        numbers = []
        for again in range(2):
            host = Transport(True, 7 + again, 0)
            pump(host, recorder, Line(12), lambda now: host.state == OPEN, 0, 1000)  # noqa: B023 - called at once
            numbers.append(recorder._connection)
            recorder.close()
            recorder.listen(0, token)
        assert numbers[0] != numbers[1]
        seen.add((numbers[1] - numbers[0]) & 15)
    assert seen == set(range(1, 16))


def test_a_restarted_host_starts_afresh():
    line = Line(13, 100000)
    host, recorder = pair()
    flow = Flow(recorder, host, 1000000)
    now = pump(host, recorder, line, lambda now: flow.step() or flow.got > 20000, 0, 3000)
    host = Transport(True, 8, now, 4096, 32768)
    opened = recorder.openings
    now = pump(host, recorder, line, lambda now: recorder.openings > opened and host.state == OPEN, now, now + 3000)
    fresh = Flow(recorder, host, 20000)
    pump(host, recorder, line, lambda now: fresh.step(), now, now + 3000)
    assert fresh.got == 20000


def test_garbage_opens_nothing_and_costs_nothing():
    random = Random(14)
    recorder = Transport(False, 0, 0)
    for now in range(300):
        recorder.feed(random.bytes(100), now)
        assert len(recorder.output(now)) == 0
    assert recorder.state == LISTENING
    assert recorder.noise()[0] == 0
