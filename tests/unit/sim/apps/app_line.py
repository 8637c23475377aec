# SPDX-License-Identifier: Apache-2.0
"""Sends back in capital letters whatever comes over the dock line."""

import asyncio

import board


async def main():
    while True:
        while not board.serial.connected():
            await asyncio.sleep_ms(20)
        board.trace("connected")
        try:
            while True:
                data = await board.serial.read()
                data = memoryview(data.upper() if len(data) < 64 else data)
                while data:
                    data = data[board.serial.write(data) :]
                    await asyncio.sleep_ms(0)
        except OSError as error:
            board.trace("gone", error.errno)


asyncio.run(main())
