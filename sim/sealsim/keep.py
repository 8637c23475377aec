# SPDX-License-Identifier: Apache-2.0
"""Keeps one recorder running in real time until interrupted, as `sealdock sim up` does."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from sealdock.errors import SealdockError
from sealsim import actions
from sealsim.hardware import Hardware
from sealsim.recorder import Event, Recorder
from sealsim.remote import Server, running
from sealsim.world import World

LOOK_S = 0.2


def keep(
    home: Path,
    hardware: Hardware,
    reel: Path,
    *,
    speed: float = 1.0,
    application: Path | None = None,
    on_ready: Callable[[str], None],
    on_event: Callable[[Event], None],
) -> None:
    """Starts the recorder in `home` (new hardware if there is none), its cable plugged; returns when interrupted.

    `on_ready` gets the port's URL. RecorderDied when the recorder ends by itself.
    """
    if running(home):
        raise SealdockError(f"the recorder in {home} runs already")
    if not (home / "hardware.json").exists():
        hardware.build(home)
    signal.signal(signal.SIGTERM, _interrupt)
    with Recorder(home, reel=reel, world=World(time.time_ns() // 1_000_000), application=application) as recorder:
        recorder.on_event = on_event
        url = recorder.plug()
        recorder.start(real=True, speed=speed)
        server = Server(home, lambda request: obey(recorder, request), url=url, reel=str(reel), reel_epoch_ms=recorder.reel_epoch_ms)
        try:
            on_ready(url)
            while True:
                time.sleep(LOOK_S)
                recorder.tend()
        except KeyboardInterrupt:
            return
        finally:
            server.close()


def obey(recorder: Recorder, request: dict[str, Any]) -> dict[str, Any]:
    """One request of another command."""
    do = request["do"]
    if do == "press":
        actions.press(recorder, request["buttons"], request["ms"])
    elif do == "set":
        actions.change(recorder, request["part"], request["value"])
    elif do == "fault":
        actions.fault(recorder, request["part"], request["value"])
    elif do == "say":
        return {"ms": actions.say(recorder, Path(request["media"]))}
    elif do == "look":
        return {"on": recorder.on, **(recorder.op("look") if recorder.on else {})}
    else:
        raise SealdockError(f"no request {do!r}")
    return {}


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
