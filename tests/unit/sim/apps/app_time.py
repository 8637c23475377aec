# SPDX-License-Identifier: Apache-2.0
"""Exercises asyncio across the wrap of ticks_ms: order, timeouts, cancelling, gathering, locks."""

import asyncio

import board


def since(start):
    return (board.ticks_ms() - start) & 0x3FFFFFFF


async def sleeper(name, ms, rounds):
    for _ in range(rounds):
        start = board.ticks_ms()
        await asyncio.sleep_ms(ms)
        if since(start) != ms:
            board.trace("overslept", name, since(start))
    return name


async def times_out():
    try:
        await asyncio.wait_for_ms(sleeper("late", 5000, 1), 300)
    except asyncio.TimeoutError:
        return "timed out"


async def holds(lock, log, name):
    async with lock:
        log.append(name)
        await asyncio.sleep_ms(5)


async def main():
    board.trace("started", board.ticks_ms())
    lock, log, event = asyncio.Lock(), [], asyncio.Event()
    waiter = asyncio.create_task(event.wait())
    doomed = asyncio.create_task(sleeper("doomed", 10_000_000, 1))
    results = await asyncio.gather(sleeper("a", 7, 200), sleeper("b", 11, 150), times_out(), *[holds(lock, log, name) for name in "xyz"])
    event.set()
    doomed.cancel()
    try:
        await doomed
    except asyncio.CancelledError:
        log.append("cancelled")
    board.trace("results", str(results), await waiter, "".join(log), board.ticks_ms())
    start, turns = board.ticks_ms(), 0
    while since(start) < 5:  # a busy wait must end
        turns += 1
    board.trace("spun", turns > 0)
    start = board.ticks_ms()
    while since(start) < 5:  # and so must a loop that only lets others run
        await asyncio.sleep_ms(0)
    board.trace("yielded")
    while True:
        await asyncio.sleep_ms(1000)
        board.trace("entropy", board.entropy(8), board.battery.read_mv())


asyncio.run(main())
