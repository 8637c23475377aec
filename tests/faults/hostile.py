# SPDX-License-Identifier: Apache-2.0
"""A station with a certified key that says whatever it is told to, at a simulated recorder; and a look at what that did to the recorder."""

import time
from types import TracebackType
from typing import Any

from sealdock import enrol
from sealdock.errors import SealdockError
from sealdock.link import LinkLost
from sealdock.link.client import receive
from sealdock.link.crypto import LinkCrypto
from sealdock.link.line import Line
from sealdock.station import Station
from sealproto import messages
from sealproto import records as rec
from sealproto.channel import Channel, Splitter, head
from sealproto.handshake import DOCK
from sealproto.handshake_station import StationHandshake
from sealproto.limits import MESSAGE_MAX
from sealsim.recorder import Recorder

from . import demand

HANG_S = 1.0
_PASSING = ("ms", "utc", "battery_mv")  # what a recorder's status changes by itself


class Talk:
    """One opening of the line. `channel` is there after shake(); None from answer() when the recorder ended the link."""

    def __init__(
        self, station: Station, url: str, who: enrol.Identity | None = None, kind: type[StationHandshake] = StationHandshake
    ) -> None:
        self.line = Line(url)
        self.splitter = Splitter()
        rules = enrol.KnownRecorder(station)
        self.shake = kind(LinkCrypto(), who or enrol.identity(station), rules, station.revocations, DOCK)
        self.channel: Channel | None = None
        self.waited = 0.0

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.line.close()

    def say(self, body: bytes) -> None:
        self.raw(head(len(body)) + body)

    def raw(self, data: bytes) -> None:
        try:
            self.line.send(data)
        except LinkLost:  # it hung up on what came before
            return

    def answer(self, limit_s: float = 5.0) -> bytes | None:
        """The next body; None when the link ended instead. `waited` is how long that took."""
        begun = time.monotonic()
        try:
            return receive(self.line, self.splitter, limit_s)
        except LinkLost:
            return None
        finally:
            self.waited = time.monotonic() - begun

    def hello(self) -> bytes:
        return self.shake.hello()

    def proof(self) -> bytes:
        """The hello was answered; what would follow."""
        self.say(self.hello())
        offer = self.answer()
        assert offer is not None
        proof = self.shake.take(offer)
        assert proof is not None
        return proof

    def authenticate(self) -> Channel:
        self.say(self.proof())
        answer = self.answer()
        assert answer is not None
        self.shake.take(answer)
        assert self.shake.session is not None
        self.splitter.limit = MESSAGE_MAX
        self.channel = Channel(self.shake.session)
        return self.channel


class Watch:
    """What must stay as it is whatever a hostile station says: process, state and memory of the recorder."""

    def __init__(self, station: Station, recorder: Recorder, url: str) -> None:
        self.station, self.recorder, self.url = station, recorder, url
        self.pid = recorder.pid
        self.state = self._state()
        self.heap = self._heap()
        self.slowest = 0.0
        self.grown = 0

    def _state(self) -> dict[str, Any]:
        with enrol.dock(self.station, self.url) as client:
            status = client.request(messages.STATUS)
        return {name: value for name, value in status.items() if name not in _PASSING}

    def _heap(self) -> int:
        heap: int = self.recorder.op("look", collect=True)["heap_used"]
        return heap

    def _forgive_rotation(self, state: dict[str, Any]) -> None:
        """A recorder changes its key every ten minutes, whoever talks to it."""
        first = self.state["head_seq"] + 1
        if state["head_seq"] < first:
            return
        with enrol.dock(self.station, self.url) as client:
            fresh = list(client.records(first, state["head_seq"], 4096))
        if all(rec.Record(raw).type == rec.ROTATE_KEY for raw in fresh):
            self.state = {**self.state, "head_seq": state["head_seq"], "head_hash": state["head_hash"]}

    def earned(self) -> None:
        """What happened since was within a certified station's rights."""
        self.state = self._state()

    def check(self, what: str) -> None:
        """Broken when something came of it. Also tells the recorder that no attack is under way, as any good handshake does."""
        begun = time.monotonic()
        try:
            state = self._state()
        except SealdockError as error:
            demand(False, f"after {what}: {error}")
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self._forgive_rotation(state)
        changed = {name: (self.state[name], state[name]) for name in state if state[name] != self.state[name]}
        demand(not changed, f"after {what}: {changed}")
        demand(self.recorder.pid == self.pid, f"after {what}: another process")
        self.grown = self._heap() - self.heap
