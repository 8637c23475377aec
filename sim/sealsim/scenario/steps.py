# SPDX-License-Identifier: Apache-2.0
"""What can happen in a story. One function for each step reads its value and returns what to do; docs/scenarios.md lists them."""

from collections.abc import Callable
from pathlib import Path

from sealdock.errors import SealdockError
from sealdock.link.client import RecorderError
from sealproto import messages
from sealsim import actions
from sealsim.media import sound
from sealsim.menu import choose
from sealsim.scenario.amounts import amount, time_ms
from sealsim.scenario.stage import BREATH_MS, SETTLE_MS, Stage, Untrue, spoken
from sealsim.scenario.tree import Node, StoryError
from sealsim.world import discharge, voltage

Act = Callable[[Stage], None]

PRESS_MS, HOLD_MS = 200, 1800
LIGHTS = ("off", "on", "slow", "fast")
COLOURS = ("green", "red", "yellow")
PROFILE_SPEECH_S = 60


def _press(node: Node) -> Act:
    return _button(node, PRESS_MS)


def _hold(node: Node) -> Act:
    return _button(node, HOLD_MS)


def _button(node: Node, ms: int) -> Act:
    buttons = node.text()
    _check(node, lambda: actions.buttons(buttons))

    def act(stage: Stage) -> None:
        actions.press(stage.active, buttons, ms)
        stage.wait(ms + BREATH_MS)

    return act


def _wait(node: Node) -> Act:
    ms = time_ms(node)
    return lambda stage: stage.wait(ms)


def _hear(node: Node) -> Act:
    words = node.text()
    return lambda stage: stage.hear(words)


def _listen(node: Node) -> Act:
    """Until the recorder has said what it is saying."""
    return lambda stage: stage.until_quiet()


def _silent(node: Node) -> Act:
    """The words are not spoken within the time."""
    fields = node.fields("words", "within")
    if set(fields) != {"words", "within"}:
        raise node.wrong("`words` and `within` belong here")
    words, ms = fields["words"].text(), time_ms(fields["within"])

    def act(stage: Stage) -> None:
        stage.wait(ms)
        if stage.ears.hear(words):
            raise Untrue(f"heard, but should not be: {words}")

    return act


def _say(node: Node) -> Act:
    """Words, or `{words, loud}` or `{file, loud}`; loud in percent."""
    if isinstance(node.value, str):
        words = node.text()
        return lambda stage: stage.say(spoken(words), words, 256)
    fields = node.fields("words", "file", "loud")
    if ("words" in fields) == ("file" in fields):
        raise node.wrong("either `words` or `file` belongs here")
    gain = round(amount(fields["loud"], "%")[0] * 2.56) if "loud" in fields else 256
    if "words" in fields:
        words = fields["words"].text()
        return lambda stage: stage.say(spoken(words), words, gain)
    path = (Path(node.file).parent / fields["file"].text()).resolve()
    if not path.is_file():
        raise fields["file"].wrong(f"there is no file {path.name}")
    return lambda stage: stage.say(sound(path, PROFILE_SPEECH_S).astype("<i2").tobytes(), path.name, gain)


def _battery(node: Node) -> Act:
    """A voltage, a charge, or a charge and the time in which it runs down."""
    if isinstance(node.value, str):
        number, unit = amount(node, "mV", "%")
        return lambda stage: stage.active.set_battery(
            round(number if unit == "mV" else voltage(stage.active.hardware.battery_curve, number))
        )
    fields = node.fields("from", "lasts")
    if set(fields) != {"from", "lasts"}:
        raise node.wrong("`from` and `lasts` belong here")
    percent, minutes = amount(fields["from"], "%")[0], time_ms(fields["lasts"]) / 60_000

    def act(stage: Stage) -> None:
        curve = stage.active.hardware.battery_curve
        stage.active.set_battery(points=discharge(curve, stage.world.now_ms, minutes, percent))

    return act


def _set(part: str) -> Callable[[Node], Act]:
    """A setting of `sealdock sim set`."""

    def read(node: Node) -> Act:
        value = str(node.value)
        return lambda stage: actions.change(stage.active, part, value)

    return read


def _fault(node: Node) -> Act:
    """`part: fault`, as `sealdock sim fault` has them; `none` heals."""
    part, what = node.single()
    fault = what.text()
    _check(node, lambda: actions.fault_of(part, fault))
    return lambda stage: actions.fault(stage.active, part, fault)


def _power(node: Node) -> Act:
    state = node.text()
    if state not in ("on", "off"):
        raise node.wrong("on or off belongs here")
    return (lambda stage: stage.power_on()) if state == "on" else (lambda stage: stage.active.power_cut())


def _watchdog(node: Node) -> Act:
    def act(stage: Stage) -> None:
        stage.active.restart(2)
        stage.wait(SETTLE_MS)

    return act


def _see(node: Node) -> Act:
    """Lights by colour: off, on, slow, fast."""
    wanted = {}
    for colour, state in node.fields(*COLOURS).items():
        if state.text() not in LIGHTS:
            raise state.wrong(f"a light is {', '.join(LIGHTS)}")
        wanted[colour] = state.text()

    def act(stage: Stage) -> None:
        lights = stage.active.op("look")["lights"]
        found = {colour: LIGHTS[lights[COLOURS.index(colour)]] for colour in wanted}
        if found != wanted:
            raise Untrue("the lights are " + ", ".join(f"{colour} {state}" for colour, state in found.items()))

    return act


def _feel(node: Node) -> Act:
    """A vibration at least so long since the story last felt one."""
    ms = time_ms(node)

    def act(stage: Stage) -> None:
        longest = max((event["ms"] for event in stage.news if event.name == "buzz"), default=0)
        stage.seen[stage.active] = len(stage.active.events)
        if longest < ms:
            raise Untrue(f"the longest vibration was {longest} ms")

    return act


def _choose(node: Node) -> Act:
    words = node.text()

    def act(stage: Stage) -> None:
        if not choose(stage.active, lambda: stage.ears.said_last(words), stage.until_quiet):
            raise Untrue(f"the menu never offered {words}")

    return act


def _dock(node: Node) -> Act:
    """`recording`: the station is told so and takes nothing that would disturb."""
    if node.value is None:
        return lambda stage: stage.dock()
    if node.text() != "recording":
        raise node.wrong("dock stands alone, or with `recording`")

    def act(stage: Stage) -> None:
        try:
            stage.dock()
        except RecorderError as error:
            if error.code == messages.NOT_NOW:
                return
            raise
        raise Untrue("the station took everything: the recorder was not recording")

    return act


def _with(node: Node) -> Act:
    """The recorder that the next steps are done to, counted from 1."""
    number = node.number()

    def act(stage: Stage) -> None:
        if not 1 <= number <= len(stage.recorders):
            raise Untrue(f"there is no recorder {number}")
        stage.active = stage.recorders[number - 1]

    return act


STEPS: dict[str, Callable[[Node], Act]] = {
    "press": _press,
    "hold": _hold,
    "choose": _choose,
    "wait": _wait,
    "hear": _hear,
    "silent": _silent,
    "listen": _listen,
    "see": _see,
    "feel": _feel,
    "say": _say,
    "battery": _battery,
    "temperature": _set("temperature"),
    "card": _set("card"),
    "clock": _set("clock"),
    "fault": _fault,
    "power": _power,
    "watchdog": _watchdog,
    "dock": _dock,
    "with": _with,
}


def step(node: Node) -> tuple[str, Act]:
    """One entry of `happens`."""
    name, value = node.single()
    if name not in STEPS:
        raise node.wrong(f"nothing called {name!r} can happen: there are {', '.join(STEPS)}")
    if value.value is None and name not in ("dock", "watchdog", "listen"):
        raise node.wrong(f"{name} needs a value")
    return name, STEPS[name](value)


def _check(node: Node, look: Callable[[], object]) -> None:
    try:
        look()
    except StoryError:
        raise
    except SealdockError as error:
        raise node.wrong(str(error)) from None
