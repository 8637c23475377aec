# SPDX-License-Identifier: Apache-2.0
"""Runs for a second, then stops with an error."""

import asyncio

import board


async def main():
    board.trace("alive")
    await asyncio.sleep_ms(1000)
    raise RuntimeError("the application is broken")


asyncio.run(main())
