# SPDX-License-Identifier: Apache-2.0
"""A random walk over the officer's side in virtual time: buttons in every manner, everything that breaks, and power cuts at any moment.

After each event: the state is one of the table, and media are sealed if and only if it says recording. After each walk, from
the records alone: the verifier's own rules find no gap that is not signed and no count that is wrong; no announcement that the
profile demands is left out without a signed reason; no question about an interruption is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sealdock.verify.rules.session import Session
from sealdock.verify.verdict import Findings
from sealproto import codes
from sealproto import records as rec

from . import demand
from .officer_field import MARK, MENU, RECORD, Field, device

SIZE, SAMPLE = 100_000, 4000
STEPS = 100
HONEST = {"gap-explained", "gap-unexplained", "fault-noted", "session-open-ended", "tail-unsealed", "begun-unsealed"}
PROFILES = ("changchun", "wenshang", "luoping", "dalian-ftz", "caofeidian")
ASKED_MS = 60_000  # in which the officer is asked to tell, and his time for it is over, with other sentences before it
QUIET_MS = 120_000  # after so long without a button nothing is being said, asked or listened to any more

m = device.machine
_BREAKS = (
    m.SLOTS_LOW, m.SLOTS_OUT, m.FLASH_LOW, m.CARD_REMOVED, m.CARD_FAILING, m.SENSOR_LOST, m.TOO_HOT, m.SEALING_FAILED, m.BATTERY_WARN,
    m.BATTERY_EMPTY, m.CARD_BACK, m.DOCKED, m.REMIND, m.START_FAILED,
)  # fmt: skip
_KNOBS = ("mute", "unfit", "broken_sensor", "utc_known", "card_in")
_TOGETHER = (RECORD, RECORD, MARK, MENU, MARK, MENU, 3, 5, 6, 7)
EVENTS = st.one_of(
    st.tuples(st.just("press"), st.sampled_from(_TOGETHER), st.sampled_from((20, 40, 100, 300, 1700))),
    st.tuples(st.just("press"), st.sampled_from((RECORD, RECORD, MARK, MENU)), st.just(100)),
    st.tuples(st.just("choose"), st.integers(1, 11), st.integers(1, 4)),
    st.tuples(st.just("wait"), st.sampled_from((200, 3000, 8000, 22_000, 70_000)), st.just(0)),
    st.tuples(st.just("post"), st.sampled_from(_BREAKS[:-1]), st.just(0)),
    st.tuples(st.just("knob"), st.sampled_from(_KNOBS), st.integers(0, 3)),
    st.tuples(st.just("power"), st.sampled_from((1000, 60_000)), st.integers(0, 3)),
    st.tuples(st.just("check_out"), st.just(0), st.integers(0, 3)),
    st.tuples(st.just("latch"), st.just(0), st.integers(0, 9)),
)  # fmt: skip


def happen(field: Field, event: tuple[str, Any, int]) -> None:
    """One event. Knobs stand at their good value three times in four; the rare ones happen once in four."""
    kind, what, how = event
    if kind == "press":
        field.press(what, how)
    elif kind == "choose":
        _choose(field, what, how)
    elif kind == "wait":
        field.wait(what)
    elif kind == "post":
        field.post(what)
    elif kind == "knob":
        good = what in ("utc_known", "card_in")
        setattr(field, what, good if how else not good)
    elif kind == "power" and how == 0:
        field.power_cut(what)
    elif kind == "check_out" and how == 0:
        field.check_out()
    elif kind == "latch" and how == 0:
        field.post(m.HARD_FAULT)


def _choose(field: Field, item: int, inner: int) -> None:
    """Opens a menu, or goes on in the open one, takes an item, and an item of the menu that may follow, twice."""
    for count in (item, inner, inner):
        for _ in range(count):
            field.press(MENU, 60)
        field.press(MARK, 60)


def check_state(field: Field) -> None:
    """Broken unless the recorder is where its table says, and seals exactly when it says so."""
    recorder = field.recorder
    demand(0 <= field.state < len(m.STATES), f"state {field.state}")
    demand(not recorder._events, "an event was not worked off")
    demand(field.capture.running == (field.state == m.RECORDING), f"{m.STATES[field.state]}, and capture runs: {field.capture.running}")
    if field.state == m.FAULT:
        return  # nothing can be signed any more; the next boot says so
    demand((field.history.session is not None) == (field.state in (m.RECORDING, m.INTERRUPTED)), f"a session in {m.STATES[field.state]}")
    stopped = field.state == m.INTERRUPTED
    demand(not stopped or field.history.session.interrupt is not None, "it has stopped, and no record says so")
    demand(recorder.words is None or field.state in (m.RECORDING, m.TELLING), f"words in {m.STATES[field.state]}")
    asked = recorder.reasons.after_stop
    demand(not asked or (field.state == m.INTERRUPTED and recorder.menu is not None), "asked after a stop, and no menu is open")


class Part:
    """Records of one part of a session, from its session-open or resume to what ended it."""

    def __init__(self, opened: Any) -> None:
        self.opened = opened
        self.entries: list[Any] = []
        self.ended: Any = None

    def of(self, kind: int) -> list[dict]:
        return [entry.fields for entry in self.entries if entry.type == kind]


def parts(chain: list[Any]) -> Iterator[tuple[dict, list[Part]]]:
    """(fields of session-open, parts) for each session."""
    for opened in (entry for entry in chain if entry.type == rec.SESSION_OPEN):
        found: list[Part] = []
        for entry in chain[opened.seq :]:
            mine = entry.fields.get("session") == opened.fields["session"]
            if mine and entry.type in (rec.SESSION_OPEN, rec.RESUME):
                found.append(Part(entry))
            elif mine and entry.type == rec.INTERRUPT:
                found[-1].ended = entry
            elif mine or entry.type == rec.FAULT:
                found[-1].entries.append(entry)
            if mine and entry.type == rec.SESSION_CLOSE:
                break
        yield opened.fields, found


def check_records(field: Field) -> None:
    """Broken unless the chain is whole to the verifier's rules, and nothing owed is missing from it."""
    for opened, found in parts(field.chain):
        findings = Findings()
        session = Session(findings, opened["session"])
        for entry in field.chain:
            session.add(entry)
        session.finish()
        told = {item.code for item in findings.all} - HONEST
        demand(not told, f"the verifier finds {sorted(told)}")
        for number, part in enumerate(found):
            _announced(field, opened, part, number)
        _reasons(found)
        _urgent(opened, found)


def _announced(field: Field, opened: dict, part: Part, number: int) -> None:
    rules = field.rules["announce"]
    if number:
        occasions = {codes.OCCASION_RESUME} if rules["on_resume"] else set()
    else:
        occasions = {
            codes.ORDER_RECORD_FIRST: {codes.OCCASION_FIRST, codes.OCCASION_RELAY_IN},
            codes.ORDER_ANNOUNCE_RECORD_REPEAT: {codes.OCCASION_REPEAT, codes.OCCASION_RELAY_IN},
            codes.ORDER_ANNOUNCE_THEN_RECORD: {codes.OCCASION_FIRST},
        }.get(opened["order"], set())
        if opened["order"] == codes.ORDER_ANNOUNCE_RECORD_REPEAT:  # told before, too
            before = [f for f in part.of(rec.ANNOUNCE) if f["first_sample"] is None and f["occasion"] == codes.OCCASION_FIRST]
            demand(bool(before), "nobody was told before recording")
    if not occasions:
        return
    said = [f for f in part.of(rec.ANNOUNCE) if f["occasion"] in occasions and f["first_sample"] is not None]
    if any(f["complete"] for f in said):
        return
    if not said:  # only what ended the part before it could be signed: the power, or a card that took nothing
        demand(part.ended is not None, f"part {number}: no announcement and nothing that ended the part")
        abrupt = part.ended.fields["at_next_boot"] or part.ended.ms - part.opened.ms < 1000
        demand(abrupt, f"part {number}: an announcement was left out")
        return
    cut = part.ended is not None and (part.ended.fields["at_next_boot"] or part.ended.ms - max(f["end_ms"] for f in said) < ASKED_MS)
    by_voice = any(f["means"] == codes.MEANS_OFFICER_VOICE for f in said)
    faults = [f for f in part.of(rec.FAULT) if f["code"] in (device.faults.SPEAKER, device.faults.PROMPTS)]
    earlier = any(e.type == rec.FAULT for e in field.chain[: part.opened.seq])
    marked = any(f["code"] == codes.MARK_ANNOUNCED_BY_OFFICER for f in part.of(rec.MARK))
    demand(by_voice or bool(faults) or earlier or cut, f"part {number}: an announcement was not whole, and nothing says why")
    demand(marked or cut, f"part {number}: the recorder did not tell, and the officer was not asked to")


def _reasons(found: list[Part]) -> None:
    """Every interruption without a cause was asked about, or what came next is signed too."""
    for number, part in enumerate(found):
        if part.ended is None or part.ended.fields["cause"] != codes.CAUSE_NOT_STATED:
            continue
        answered = any(
            entry.type == rec.REASON_NOTE and entry.fields["interrupt"] == part.ended.seq
            for later in found[number:]
            for entry in later.entries
        )
        closed = any(entry.type == rec.SESSION_CLOSE for entry in part.entries)
        following = found[number + 1] if number + 1 < len(found) else None
        cut = following is not None and following.ended is not None and following.ended.fields["at_next_boot"]
        waits = following is None and not closed and part.ended.fields["fact"] != codes.FACT_STOP_PRESSED
        short = following is not None and following.ended is not None and following.ended.ms - following.opened.ms < 1000
        demand(answered or closed or cut or waits or short, f"nobody was asked about the interruption of record {part.ended.seq}")


def _urgent(opened: dict, found: list[Part]) -> None:
    if not opened["mode"] & rec.MODE_URGENT:
        return
    said = any(f["code"] == codes.MARK_REASON_SPOKEN for part in found for f in part.of(rec.MARK))
    cut = all(part.ended is not None and part.ended.fields["at_next_boot"] for part in found)
    demand(said or cut or all(part.ended is not None for part in found), "an urgent start was not explained")


def walk(name: str, camera: bool, events: list[tuple[str, Any, int]]) -> int:
    """One officer's day; the count of records. Broken when something happened that must not."""
    field = Field(name, camera)
    for event in events:
        happen(field, event)
        check_state(field)
    if field.state == m.FAULT:
        field.power_cut()
    field.wait(QUIET_MS)
    check_state(field)
    check_records(field)
    return len(field.chain)


def run(size: int, shrink: bool = True) -> dict[str, int | float]:
    """Walks of STEPS events, as many under each profile. A sample is the same every time; a full run is not."""
    counted = {"officer.events": 0, "officer.records": 0}
    for name in PROFILES:
        _days(name, max(1, size // STEPS // len(PROFILES)), size < SIZE, shrink, counted)
    return dict(counted)


def _days(name: str, count: int, same: bool, shrink: bool, counted: dict[str, int | float]) -> None:
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @settings(max_examples=count, deadline=None, database=None, derandomize=same, suppress_health_check=list(HealthCheck), phases=phases)
    @given(st.integers(0, 3), st.lists(EVENTS, min_size=STEPS, max_size=STEPS))
    def day(eyes: int, events: list[tuple[str, Any, int]]) -> None:
        counted["officer.records"] += walk(name, eyes > 0, events)
        counted["officer.events"] += len(events)

    day()


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    old = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, old)


MUTE_DAY = [("knob", "mute", 0), ("press", RECORD, 100), ("wait", 70_000, 0)]
STOPPED_DAY = [("press", RECORD, 100), ("wait", 8000, 0), ("press", RECORD, 100), ("wait", 70_000, 0)]


def control(owner: Any, name: str, value: Any, day: list[tuple[str, Any, int]] | None = None) -> Callable[[], None]:
    """Walks over a recorder with a fault put in: at random, or through a day on which that fault must show."""

    def go() -> None:
        with replaced(owner, name, value):
            if day is None:
                run(SAMPLE, shrink=False)
            else:
                walk("luoping", True, day)

    return go


def _without(state: str, event: str) -> tuple:
    return tuple(row for row in m.TABLE if row[:2] != (state, event))


_units = {unit.__name__: unit for unit in device.recorder.UNITS}
CONTROLS = (
    control(_units["Telling"], "announce", lambda self, occasion: None),  # nobody is told
    control(_units["Telling"], "_ask_officer", lambda self: None, MUTE_DAY),  # and nobody asked to tell when the speaker is broken
    control(_units["Stopping"], "do_stop", lambda self: self.p.capture.drop(), STOPPED_DAY),  # recording ends and nothing says so
    control(_units["Reasons"], "unanswered", lambda self: setattr(self, "asked", None)),  # a question is forgotten
    control(m, "TABLE", _without("interrupted", "unanswered"), STOPPED_DAY),  # the question after a stop is never settled
    control(m, "TABLE", (("idle", "mark-pressed", "", "recording", ()), *m.TABLE)),  # a red light without a recording
)
