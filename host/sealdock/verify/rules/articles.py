# SPDX-License-Identifier: Apache-2.0
"""All duties of a profile that a recording can speak to, in the order in which they are answered."""

from collections.abc import Callable, Iterator

from sealdock.profile import Profile

from ..verdict import Article
from . import duties_absence, duties_after, duties_content, duties_continuity, duties_device, duties_storing, duties_telling, duties_whole
from .procedure import Facts

DUTIES: tuple[Callable[[Profile, Facts], Iterator[Article]], ...] = (
    duties_telling.announced,
    duties_telling.repeated,
    duties_telling.joined,
    duties_telling.taken_over,
    duties_telling.truthful,
    duties_whole.recorded,
    duties_whole.from_start_to_end,
    duties_whole.relieved,
    duties_continuity.interruptions,
    duties_continuity.same_place,
    duties_continuity.cannot_continue,
    duties_absence.absences,
    duties_device.preflight,
    duties_device.fault,
    duties_device.issued,
    duties_device.encrypted,
    duties_device.files_complete,
    duties_content.content,
    duties_content.stages,
    duties_content.unaltered,
    duties_after.secret,
    duties_after.handed_to_police,
    duties_after.kept,
    duties_storing.stored,
)


def judge(profile: Profile, facts: Facts) -> list[Article]:
    """The answer of every duty, for every article that it rests on."""
    return [entry for duty in DUTIES for entry in duty(profile, facts)]
