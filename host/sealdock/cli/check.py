# SPDX-License-Identifier: Apache-2.0
"""`sealdock check`."""

import click

from sealdock.archive.check import check as check_archive
from sealdock.errors import ExitCode
from sealdock.text import say

from .base import Env, command


@command("check")
@click.pass_obj
def check(env: Env) -> int:
    """Read every record and every sealed segment of the archive again and compare them with what the recorders signed.

    Opens nothing and needs no key. Exit code 3 when something is not as it was signed.
    """
    with env.station() as station:
        numbers = {recorder.chain: recorder.number for recorder in station.archive.recorders()}
        wrong = 0
        for problem in check_archive(station.archive):
            wrong += 1
            about = {"recorder": numbers[problem.chain], "record": problem.record, "why": problem.why}
            env.print(say("check-wrong", **about), about)
        if not wrong:
            env.print(say("check-good"), {"problems": 0})
    return ExitCode.VERIFICATION_FAILED if wrong else ExitCode.GOOD
