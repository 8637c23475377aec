# SPDX-License-Identifier: Apache-2.0
"""Days of the Gregorian calendar and seconds since 1970, whatever epoch the port's own `time` has."""

_DAYS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)  # before each month of a common year


def to_seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    days = _before(year) - _before(1970) + _DAYS[month - 1] + day - 1
    if month > 2 and _leap(year):
        days += 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def from_seconds(seconds: int) -> tuple:
    """(year, month, day, hour, minute, second)."""
    days, rest = divmod(seconds, 86400)
    year = 1970 + days // 366
    while to_seconds(year + 1, 1, 1, 0, 0, 0) <= seconds:
        year += 1
    month = 12
    while to_seconds(year, month, 1, 0, 0, 0) > seconds:
        month -= 1
    day = 1 + days - to_seconds(year, month, 1, 0, 0, 0) // 86400
    return year, month, day, rest // 3600, rest // 60 % 60, rest % 60


def _before(year: int) -> int:
    """Days before that year."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
