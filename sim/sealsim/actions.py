# SPDX-License-Identifier: Apache-2.0
"""What a person may do to a running simulated recorder by name: `battery=3700`, `card=out`, `speaker=dead`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sealdock.errors import ExitCode, SealdockError
from sealsim.media import sound
from sealsim.recorder import MARK, MENU, RECORD, Recorder
from sealsim.world import discharge, voltage

BUTTONS = {"record": RECORD, "mark": MARK, "menu": MENU}
LONGEST_SPEECH_S = 600

FAULTS: dict[str, dict[str, dict[str, Any]]] = {
    "card": {
        "read": {"fault": "read"},
        "write": {"fault": "write"},
        "drop": {"lie": "drop"},
        "flip": {"lie": "flip"},
        "slow": {"slow_ms": 400},
        "switch": {"switch": True},
        "none": {"fault": None, "lie": None, "slow_ms": 0, "switch": False},
    },
    "flash": {"read": {"fault": "read"}, "write": {"fault": "write"}, "none": {"fault": None}},
    "keystore": {"read": {"fault": "read"}, "write": {"fault": "write"}, "lost": {"fault": "lost"}, "none": {"fault": None}},
    "camera": {
        "lost": {"fault": "lost"},
        "stalled": {"fault": "stalled"},
        "frozen": {"fault": "frozen"},
        "covered": {"covered": True},
        "none": {"fault": None, "covered": False},
    },
    "microphone": {"lost": {"fault": "lost"}, "dead": {"fault": "dead"}, "muffled": {"gain": 24}, "none": {"fault": None, "gain": 256}},
    "speaker": {"dead": {"fault": "dead"}, "error": {"fault": "error"}, "covered": {"gain": 0}, "none": {"fault": None, "gain": 256}},
    "entropy": {"off": {"fault": "off"}, "stuck": {"fault": "stuck"}, "repeat": {"fault": "repeat"}, "none": {"fault": None}},
    "clock": {"error": {"fault": True}, "none": {"fault": False}},
    "battery": {"error": {"fault": True}, "none": {"fault": False}},
}


def press(recorder: Recorder, names: str, ms: int) -> None:
    """`names` is a name or several joined by plus."""
    recorder.press(buttons(names), ms)


def buttons(names: str) -> int:
    """The bits of buttons pressed together."""
    bits = 0
    for name in names.split("+"):
        bits |= _known(BUTTONS, name, "button")
    return bits


def fault(recorder: Recorder, part: str, what: str) -> None:
    recorder.op(part, **fault_of(part, what))


def fault_of(part: str, what: str) -> dict[str, Any]:
    """The operation that breaks a part so."""
    fields: dict[str, Any] = _known(_known(FAULTS, part, "part"), what, f"fault of the {part}")
    return fields


def change(recorder: Recorder, part: str, value: str) -> None:
    """Sets one thing of SETTINGS."""
    _known(SETTINGS, part, "setting")(recorder, value)


def say(recorder: Recorder, media: Path) -> int:
    """Plays a sound file near the recorder; returns its length in ms."""
    return recorder.say(sound(media, LONGEST_SPEECH_S).astype("<i2").tobytes(), media.name)


def _battery(recorder: Recorder, value: str) -> None:
    """Millivolts, PERCENT%, or PERCENT%:MINUTES to empty from there."""
    curve = recorder.hardware.battery_curve
    if "%" not in value:
        recorder.set_battery(_number(value))
        return
    percent, _, minutes = value.partition("%")
    if minutes:
        recorder.set_battery(points=discharge(curve, recorder.now_ms(), _number(minutes.lstrip(":")), _number(percent)))
    else:
        recorder.set_battery(round(voltage(curve, _number(percent))))


def _card(recorder: Recorder, value: str) -> None:
    if value == "out":
        recorder.remove_card()
    else:
        recorder.insert_card(None if value == "in" else Path(value))


def _cable(recorder: Recorder, value: str) -> None:
    _known({"in": recorder.plug, "out": recorder.unplug}, value, "state of the cable")()


def _clock(recorder: Recorder, value: str) -> None:
    """`lost`, seconds since 1970, or a step as +SECONDS or -SECONDS."""
    if value == "lost":
        recorder.op("clock", lost=True)
    elif value[:1] in ("+", "-"):
        recorder.op("clock", step_ms=1000 * _number(value))
    else:
        recorder.op("clock", utc=1000 * _number(value))


def _power(recorder: Recorder, value: str) -> None:
    if value == "on":
        recorder.start(real=True)
    else:
        _known({"off": recorder.power_cut}, value, "state of the power")()


def _temperature(recorder: Recorder, value: str) -> None:
    recorder.set_battery(points=recorder.battery_points, temperature=_number(value))


SETTINGS: dict[str, Callable[[Recorder, str], None]] = {
    "battery": _battery,
    "temperature": _temperature,
    "card": _card,
    "cable": _cable,
    "clock": _clock,
    "power": _power,
}


def _known(table: dict[str, Any], name: str, kind: str) -> Any:
    if name not in table:
        raise SealdockError(f"no {kind} {name!r}: there are {', '.join(table)}", ExitCode.USAGE)
    return table[name]


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SealdockError(f"{text!r} is no whole number", ExitCode.USAGE) from None
