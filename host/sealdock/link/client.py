# SPDX-License-Identifier: Apache-2.0
"""A recorder behind a line: the handshake, then requests and their answers, several under way at once.

with connect(port, identity, rules, revocations) as client:
    print(client.request(messages.STATUS)["head_seq"])
    for segment, index, leaf in client.leaves([(12, 0, 40), (13, 0, 38)]): ...
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from sealdock.errors import SealdockError
from sealdock.link.crypto import LinkCrypto
from sealdock.link.line import Line
from sealdock.text import say
from sealproto import messages
from sealproto.channel import SEALED, Channel, ChannelError, Splitter, head, read_media
from sealproto.handshake import DOCK, HandshakeError, Session
from sealproto.handshake_station import Refused, StationHandshake
from sealproto.limits import HANDSHAKE_MS, MESSAGE_MAX, PIPELINE
from sealproto.messages import MessageError
from sealproto.suites import SealError

if TYPE_CHECKING:
    from sealproto.crypto_interface import Crypto, Identity, StationRules

# What a person can do something about
_REFUSALS = {
    messages.NOT_NOW: "request-not-now",
    messages.NOT_CONFIRMED: "request-not-confirmed",
    messages.STORAGE: "request-storage",
}
_WHY = {code: "answer-" + name.replace(" ", "-") for code, name in messages.ERROR_NAMES.items()}
_ANSWER_S = 60.0  # a recorder that is asked for a preflight or a confirmation takes its time; silence of the link is found sooner


class RecorderError(SealdockError):
    """The recorder refused a request; `code` is one of `sealproto.messages`."""

    def __init__(self, request: int, code: int) -> None:
        name, why = messages.NAMES.get(request, str(request)), say(_WHY[code]) if code in _WHY else str(code)
        super().__init__(say(_REFUSALS.get(code, "request-refused"), request=name, why=why))
        self.code = code


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf as stored on the recorder: of a segment (by its record's number), or of an unsealed tail (by its slot), with its trailer."""

    place: int
    index: int
    trailer: bytes
    data: bytes


class Client:
    """An authenticated recorder. Not for several threads."""

    def __init__(self, line: Line, session: Session, splitter: Splitter) -> None:
        """Use connect()."""
        self.line = line
        self.session = session
        self.chain: bytes | None = None  # that its certificate names; set by whoever checked the certificate
        self._channel = Channel(session)
        self._splitter = splitter
        self._splitter.limit = MESSAGE_MAX
        self._number = 0
        self._open: deque[tuple[int, int]] = deque()  # type and number of requests that wait for their answer
        self._early: dict[int, dict | RecorderError] = {}  # answers that came while another was waited for

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Says goodbye where that is still possible."""
        try:
            if not self._open:
                self.request(messages.BYE)
        except SealdockError:
            pass
        finally:
            self.line.close()

    def submit(self, request: int, **fields: object) -> int:
        """Sends a request without waiting; its number, for result()."""
        self._number += 1
        body = self._channel.seal(messages.write(messages.REQUESTS, request, self._number, **fields))
        self.line.send(head(len(body)) + body)
        self._open.append((request, self._number))
        return self._number

    def result(self, number: int) -> dict:
        """The answer's fields by name. RecorderError, LinkLost."""
        while number not in self._early:
            if self._step() is not None:
                raise self._broken(say("broken-unasked"))
        answer = self._early.pop(number)
        if isinstance(answer, RecorderError):
            raise answer
        return answer

    def request(self, request: int, **fields: object) -> dict:
        """Asks and waits for the answer."""
        return self.result(self.submit(request, **fields))

    def records(self, first: int, last: int, most: int) -> Iterator[bytes]:
        """The records from first to last, complete and in order, asked for in answers of at most so many bytes."""
        while first <= last:
            answer = self.request(messages.RECORDS, **{"from": first, "bytes": most})
            if not answer["records"]:
                return
            yield from answer["records"]
            first = answer["next"]

    def leaves(self, wanted: Iterable[tuple[int, int, int]]) -> Iterator[Leaf]:
        """Leaves of segments, each (record number, first leaf, count), in this order; the line is kept full.

        A segment that the recorder refuses raises RecorderError when its turn comes; what was asked for after it is then skipped. Whoever
        leaves the loop early must close the client.
        """
        return self._stream(messages.LEAVES, "segment", wanted)

    def tails(self, wanted: Iterable[tuple[int, int, int]]) -> Iterator[Leaf]:
        """The same for unsealed tails, each (slot, first leaf, count)."""
        return self._stream(messages.TAIL, "slot", wanted)

    def _stream(self, request: int, place: str, wanted: Iterable[tuple[int, int, int]]) -> Iterator[Leaf]:
        numbers: deque[int] = deque()
        source = iter(wanted)
        self._fill(numbers, source, request, place)
        while numbers:
            leaf = self._step()
            if leaf is not None:
                yield leaf
            elif numbers[0] in self._early:
                try:
                    self.result(numbers.popleft())
                except RecorderError:
                    self._drop(numbers)
                    raise
                self._fill(numbers, source, request, place)

    def _fill(self, numbers: deque[int], source: Iterator[tuple[int, int, int]], request: int, place: str) -> None:
        while len(numbers) < PIPELINE:
            item = next(source, None)
            if item is None:
                return
            numbers.append(self.submit(request, **{place: item[0], "first": item[1], "count": item[2]}))

    def _drop(self, numbers: deque[int]) -> None:
        """Reads what still comes for requests that nobody waits for any more, so that the client can go on."""
        while numbers:
            if numbers[0] in self._early:
                self._early.pop(numbers.popleft())
            else:
                self._step()

    def _step(self) -> Leaf | None:
        """Takes one message: a leaf, or None for an answer, which is then in _early."""
        body = receive(self.line, self._splitter, _ANSWER_S)
        try:
            if body[0] != SEALED:
                return Leaf(*read_media(body))
            kind, number, fields = messages.read(messages.ANSWERS, self._channel.open(body))
        except (ChannelError, SealError, MessageError) as error:
            raise self._broken(str(error)) from error
        if not self._open or self._open[0][1] != number or kind not in (messages.ERROR, self._open[0][0]):
            raise self._broken(say("broken-other"))
        asked, _ = self._open.popleft()
        self._early[number] = RecorderError(asked, fields["code"]) if kind == messages.ERROR else fields
        return None

    def _broken(self, why: str) -> SealdockError:
        return SealdockError(say("link-broken", port=self.line.url, why=why))


def receive(line: Line, splitter: Splitter, timeout_s: float, until: float | None = None) -> bytes:
    """The next whole body. LinkLost; SealdockError when the peer breaks the framing."""
    while True:
        try:
            body = splitter.feed(line.receive(splitter.missing(), timeout_s, until))
        except ChannelError as error:
            raise SealdockError(say("link-broken", port=line.url, why=str(error))) from error
        if body is not None:
            return body


def connect(
    url: str,
    identity: "Identity",
    rules: "StationRules",
    revocations: bytes | None = None,
    mode: int = DOCK,
    crypto: "Crypto | None" = None,
) -> Client:
    """Opens the port and authenticates both sides. Whatever goes wrong is one SealdockError; `rules` may raise its own."""
    line = Line(url)
    try:
        splitter = Splitter()
        session = _shake(line, splitter, StationHandshake(crypto or LinkCrypto(), identity, rules, revocations, mode), mode)
        return Client(line, session, splitter)
    except BaseException:
        line.close()
        raise


def _shake(line: Line, splitter: Splitter, shake: StationHandshake, mode: int) -> Session:
    message: bytes | None = shake.hello()
    until = time.monotonic() + 2 * HANDSHAKE_MS / 1000  # a stranger may not hold the station up by a byte now and then
    try:
        while message is not None:
            line.send(head(len(message)) + message)
            message = shake.take(receive(line, splitter, HANDSHAKE_MS / 1000, until))
    except Refused:
        raise SealdockError(say("link-refused" if mode == DOCK else "link-refused-enrolment", port=line.url)) from None
    except HandshakeError as error:
        raise SealdockError(say("link-broken", port=line.url, why=str(error))) from error
    assert shake.session is not None
    return shake.session
