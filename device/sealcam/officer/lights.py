# SPDX-License-Identifier: Apache-2.0
"""What the lights say: green on, red video, yellow sound, as on usual recorders (docs/recorder.md has the table)."""

from sealcam.officer import machine

OFF, ON, SLOW, FAST = range(4)


def pattern(state: int, video: bool, warned: bool, docked: bool) -> tuple:
    """(green, red, yellow)."""
    if state == machine.FAULT:
        return OFF, FAST, FAST
    if state == machine.WITHDRAWN:
        return OFF, SLOW, SLOW
    if state == machine.TELLING:
        return ON, (FAST if video else OFF), (OFF if video else FAST)
    if state == machine.RECORDING:
        return (FAST if warned else ON), (ON if video else OFF), (OFF if video else ON)
    if state == machine.INTERRUPTED:
        return ON, (SLOW if video else OFF), (OFF if video else SLOW)
    if state == machine.ENROLLING:
        return FAST, OFF, OFF
    if state == machine.UNENROLLED:
        return SLOW, OFF, OFF
    return (SLOW if docked else FAST if warned else ON), OFF, OFF
