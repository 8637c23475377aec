# SPDX-License-Identifier: Apache-2.0
"""Runs a PIO program cycle by cycle, as the RP2350 data sheet says, for the instructions that the board uses."""


def levels(program, cycles: int, data=None, queue: list | None = None) -> tuple:
    """([(side-set pins, data pin), ...] for each cycle, [pushed values]).

    data(old pins, new pins) -> the level that the outside puts on the data pin from now on, or None: as before.
    queue: values for automatic pulls.
    """
    regs = {"x": 0}
    isr = bits_in = osr = bits_out = 0
    pins, sd, at = 0, 0, 0
    seen, pushed = [], []
    threshold = program.settings.get("push_thresh", 32)
    for _ in range(cycles):
        step = program.steps[at]
        sampled = sd  # inputs are seen as they were before the edge
        old, pins = pins, step.pins
        at = (at + 1) % len(program.steps)
        if step.name == "set":
            if step.operands[0] == "pins":
                sd = step.operands[1]
            else:
                regs[step.operands[0]] = step.operands[1]
        elif step.name == "jmp":
            if regs["x"]:
                at = program.labels[step.operands[1]]
            regs["x"] = (regs["x"] - 1) & 0xFFFF_FFFF
        elif step.name == "in_":
            isr, bits_in = isr << 1 | sampled, bits_in + 1
            if bits_in == threshold:
                pushed.append(isr)
                isr = bits_in = 0
        elif step.name == "out":
            if not bits_out:
                osr, bits_out = (queue.pop(0) if queue else 0), 16
            bits_out -= 1
            sd = osr >> bits_out & 1
        if data:
            level = data(old, pins)
            sd = sd if level is None else level
        seen.append((pins, sd))
    return seen, pushed
