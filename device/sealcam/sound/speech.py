# SPDX-License-Identifier: Apache-2.0
"""What the recorder says: facts in, a list of clip ids out.

Rules of spoken Chinese for numbers, clock times and lengths live here and nowhere else. A clock time is spoken only
when the caller passes one, a length only when it is known: None means "not known", and the sentence says so or leaves
the part out. No I/O, no clock, no state; the words belong to the prompt set (`sealproto.clips`).

Times are milliseconds since 1970 in the bureau's local time, lengths are milliseconds.
"""

from sealproto import clips, codes

_DAY_MS = 86_400_000
_FOURTH_TONE = (clips.WORKING_DAYS, clips.PARTS, clips.TIMES)  # 个, 段, 次


def number(n: int) -> list[int]:
    """A cardinal number from 0 to 99,999,999: 102 is 一百零二, 110 一百一十, 2000 两千."""
    if n < 0 or n > 99_999_999:
        raise ValueError("number not speakable")
    if n < 10_000:
        return _below_ten_thousand(n)
    high, low = divmod(n, 10_000)
    out = ([clips.LIANG] if high == 2 else _below_ten_thousand(high)) + [clips.TEN_THOUSAND]
    if low and low < 1000:
        out.append(0)
    return out + (_below_ten_thousand(low, True) if low else [])


def _below_ten_thousand(n: int, inner: bool = False) -> list[int]:
    if n < 100:
        return _below_hundred(n, inner)
    unit, clip = (1000, clips.THOUSAND) if n >= 1000 else (100, clips.HUNDRED)
    head, rest = divmod(n, unit)
    out = [clips.LIANG if head == 2 and unit == 1000 else head, clip]
    if rest and rest < unit // 10:
        out.append(0)
    return out + (_below_ten_thousand(rest, True) if rest else [])


def _below_hundred(n: int, inner: bool) -> list[int]:
    """`inner`: after a hundred, ten is 一十."""
    if n <= 20:
        return [1, n] if inner and 10 <= n < 20 else [n]
    return [n - n % 10, n % 10] if n % 10 else [n]


def count(n: int, unit: int) -> list[int]:
    """A quantity with its unit clip: 2 is 两 (两小时, 两个工作日), 1 is yì or yí."""
    if n == 1:
        return [clips.YI_RISING if unit in _FOURTH_TONE else clips.YI_FALLING, unit]
    return ([clips.LIANG] if n == 2 else number(n)) + [unit]


def digits(text: str, yao: bool = False) -> list[int]:
    """An identifier digit by digit; `yao` says 幺 for 1. One setting for the whole set, never mixed."""
    out = []
    for char in text:
        if not "0" <= char <= "9":
            raise ValueError("not a digit")
        out.append(clips.YAO if yao and char == "1" else ord(char) - 48)
    return out


def per_cent(n: int) -> list[int]:
    """百分之六十; a hundred is 百分之百."""
    return [clips.PER_CENT] + ([clips.HUNDRED] if n == 100 else number(n))


def time_of_day(hour: int, minute: int, written: bool = False) -> list[int]:
    """十四点零五分, 十四点整, 零点零五分; `written` is the document's 时, which takes 二."""
    out = [clips.LIANG] if hour == 2 and not written else number(hour)
    out.append(clips.HOUR_WRITTEN if written else clips.OCLOCK)
    if minute == 0:
        return out + [clips.SHARP]
    if minute < 10:
        out.append(0)
    return out + number(minute) + [clips.MINUTE]


def date(month: int, day: int, year: int | None = None) -> list[int]:
    """三月五日; with the year digit by digit in front: 二零二五年三月二日."""
    out = digits(str(year)) + [clips.YEAR] if year is not None else []
    return out + number(month) + [clips.MONTH] + number(day) + [clips.DAY_OF_MONTH]


def civil(local_ms: int) -> tuple[int, int, int, int, int]:
    """(year, month, day, hour, minute) of the proleptic Gregorian calendar, the same on every port's epoch."""
    days, ms = divmod(local_ms, _DAY_MS)
    # Years are counted from March, so that the leap day is the last of its year; 719468 days lie before 1970-01-01.
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    from_march = (5 * of_year + 2) // 153
    day = of_year - (153 * from_march + 2) // 5 + 1
    month = from_march + 3 if from_march < 10 else from_march - 9
    minutes = ms // 60_000
    return year + era * 400 + (1 if month <= 2 else 0), month, day, minutes // 60, minutes % 60


def duration(ms: int) -> list[int]:
    """十二分钟, 三小时零五分钟, 两分零五秒, 一天零二十分钟; rounded down, seconds only below an hour."""
    seconds = ms // 1000
    if seconds < 1:
        return [clips.UNDER_A_SECOND]
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days or hours:
        return _joined((days, clips.DAYS), (hours, clips.HOURS), (minutes, clips.MINUTES))
    if seconds:
        return _joined((minutes, clips.MINUTE), (seconds, clips.SECONDS))
    return count(minutes, clips.MINUTES)


def _joined(*parts: tuple[int, int]) -> list[int]:
    """Parts that are zero are dropped; 零 stands before a part below ten or after a dropped one."""
    out = []
    skipped = False
    for n, unit in parts:
        if n == 0:
            skipped = True
            continue
        if out and (skipped or n < 10):
            out.append(0)
        out += count(n, unit)
        skipped = False
    return out


def resume_reason(
    fact: int,
    cause: int,
    from_ms: int | None = None,
    to_ms: int | None = None,
    length_ms: int | None = None,
    clock_trusted: bool = True,
) -> list[int]:
    """The reason of an interruption, spoken into the recording that follows it.

    `cause` 0: only the measured fact is known, and the officer is asked. `from_ms` and `to_ms`: None unless the clock
    was trusted then; both or neither are spoken. `length_ms` None: not known, and with an untrusted clock that is said.
    """
    known = cause != codes.CAUSE_NOT_STATED
    why = reason(fact, cause)
    if length_ms is None and not clock_trusted:
        out = [clips.RECORD_BECAUSE, why, clips.INTERRUPTED, clips.FULL_STOP] if known or fact else []
        out += [clips.CLOCK_NOT_SET, clips.COMMA, clips.LENGTH_UNKNOWN]
    elif known and clock_trusted and from_ms is not None and to_ms is not None:
        return _with_times(why, from_ms, to_ms) + _length(length_ms) + [clips.FULL_STOP]
    else:
        out = [clips.RECORD_BECAUSE, why, clips.INTERRUPTED] + _length(length_ms)
    out += [clips.COMMA, clips.NOW_RESUMED, clips.FULL_STOP]
    # Without fact, cause and clock nothing is known but the resumption; the reason menu follows in any case.
    if known or not (fact or clock_trusted):
        return out
    return out + [clips.OFFICER_STATE_REASON, clips.FULL_STOP]


def reason(fact: int, cause: int) -> int:
    """The clip of the cause; of the fact when no cause is known."""
    if cause != codes.CAUSE_NOT_STATED:
        return clips.CAUSE_BASE + cause
    if fact == codes.FACT_VOLTAGE_BELOW:  # the same words: one clip serves both
        return clips.CAUSE_BASE + codes.CAUSE_BATTERY_LOW
    if fact == codes.FACT_SLOTS_EXHAUSTED:
        return clips.CAUSE_BASE + codes.CAUSE_STORAGE_FULL
    return clips.FACT_BASE + fact


def _length(length_ms: int | None) -> list[int]:
    return [clips.COMMA, clips.INTERRUPTED_FOR] + duration(length_ms) if length_ms is not None else []


def _with_times(why: int, from_ms: int, to_ms: int) -> list[int]:
    start, end = civil(from_ms), civil(to_ms)
    year = start[0] != end[0]
    dated = start[:3] != end[:3]
    return (
        [clips.RECORD_AT]
        + _moment(start, dated, year)
        + [clips.BECAUSE, why, clips.INTERRUPTED, clips.COMMA]
        + _moment(end, dated, year)
        + [clips.RESUMED]
    )


def _moment(when: tuple[int, int, int, int, int], dated: bool, year: bool) -> list[int]:
    out = date(when[1], when[2], when[0] if year else None) if dated else []
    return out + time_of_day(when[3], when[4])


def forecast(left_ms: int, charge: int | None = None) -> list[int]:
    """预计还可录制约三小时二十分钟，剩余电量百分之六十。 Rounded down: to 10 minutes above an hour, to 5 above ten minutes."""
    out = [clips.FORECAST] + _about(left_ms)
    if charge is not None:
        out += [clips.COMMA, clips.CHARGE_LEFT] + per_cent(charge)
    return out + [clips.FULL_STOP]


def _about(left_ms: int) -> list[int]:
    minutes = left_ms // 60_000
    if minutes < 1:
        return [clips.UNDER_A_MINUTE]
    step = 10 if minutes >= 60 else 5 if minutes >= 10 else 1
    return [clips.ABOUT] + duration((minutes - minutes % step) * 60_000)


def deadline(left: int, unit: int) -> list[int]:
    """距储存期限还有五小时，请及时储存执法记录。 `unit` is clips.MINUTES, HOURS or WORKING_DAYS; 0 left says overdue."""
    if left <= 0:
        return [clips.STORE_OVERDUE, clips.FULL_STOP]
    return [clips.DEADLINE_LEFT] + count(left, unit) + [clips.COMMA, clips.STORE_IN_TIME, clips.FULL_STOP]


def enrolment(text: str, yao: bool = False) -> list[int]:
    """The six digits of an enrolment, in two groups of three, twice."""
    spoken = digits(text[:3], yao) + [clips.COMMA] + digits(text[3:], yao) + [clips.FULL_STOP]
    return [clips.ENROL_DIGITS, clips.COMMA] + spoken + spoken


def preflight(charge: int | None, left_ms: int, parts: list[tuple[int, bool]], docked_days: int | None) -> list[int]:
    """The full check at check-out: 设备检查。剩余电量百分之六十，预计还可录制约三小时。密钥正常，… 检查通过。

    `parts` holds (clips.PART_*, passed) in the order to be spoken; an unset clock is CLOCK_NOT_SET by its own name.
    `docked_days` None: never docked. `charge` None: not known, and not spoken of.
    """
    out = [clips.PREFLIGHT, clips.FULL_STOP]
    if charge is not None:
        out += [clips.CHARGE_LEFT] + per_cent(charge) + [clips.COMMA]
    out += [clips.FORECAST] + _about(left_ms) + [clips.FULL_STOP]
    for part, passed in parts:
        out += part_state(part, passed) + [clips.COMMA]
    out += [clips.LAST_DOCKED] + _days_ago(docked_days) + [clips.FULL_STOP]
    if all([passed for _, passed in parts]):
        return out + [clips.PREFLIGHT_PASSED, clips.FULL_STOP]
    return out + [clips.PREFLIGHT_FAILED, clips.COMMA, clips.CHANGE_DEVICE, clips.FULL_STOP]


def part_state(part: int, passed: bool) -> list[int]:
    """密钥正常, 存储卡故障, 设备时间未校准."""
    if part == clips.PART_CLOCK and not passed:
        return [clips.CLOCK_NOT_SET]
    return [part, clips.GOOD if passed else clips.BAD]


def _days_ago(days: int | None) -> list[int]:
    if days is None:
        return [clips.NO_ENTRY]
    return count(days, clips.DAYS) + [clips.AGO] if days else [clips.TODAY]


def cannot_record(cause: int | None = None) -> list[int]:
    """无法录制，请更换设备并报告。 With a cause (codes.CAUSE_*): 存储空间不足，无法录制，请更换设备并报告。"""
    why = [] if cause is None else [clips.CAUSE_BASE + cause, clips.COMMA]
    return why + [clips.CANNOT_RECORD, clips.COMMA, clips.CHANGE_DEVICE, clips.FULL_STOP]


def low_battery() -> list[int]:
    """电量不足，请更换电池。"""
    return [clips.CAUSE_BASE + codes.CAUSE_BATTERY_LOW, clips.COMMA, clips.CHANGE_BATTERY, clips.FULL_STOP]


def relay_out(token: bytes) -> list[int]:
    """由下一台设备接续记录。接续号码，三一四五。三一四五。 `token`: digits in ASCII."""
    spoken = [byte - 48 for byte in token] + [clips.FULL_STOP]
    return [clips.RELAY_OUT, clips.FULL_STOP, clips.RELAY_NUMBER, clips.COMMA] + spoken + spoken


def menu(name: int, item: int) -> list[int]:
    """请选择原因：the first item follows. `name` is clips.MENU_*."""
    return [clips.CHOOSE, name, clips.COMMA, item]


def sentence(clip: int) -> list[int]:
    """A fixed phrase with its closing pause."""
    return [clip, clips.FULL_STOP]
