# SPDX-License-Identifier: Apache-2.0
"""`sealdock approve`."""

import click

from sealdock import books, vocabulary
from sealdock.archive import sessions
from sealdock.text import say

from .base import Env, command


@command("approve")
@click.argument("session")
@click.option("--act", required=True, type=click.Choice(list(books.ACTS)), help="What is allowed.")
@click.option("--by", "role", required=True, metavar="ROLE", help="Who allowed it: a role's code or Chinese title.")
@click.option("--reason", required=True, help="Why; kept in the archive, its hash in the log.")
@click.option("--for", "party", default=None, metavar="ROLE", help="For whom, when it is not for the bureau itself.")
@click.option("--written", is_flag=True, help="The approval is on paper or signed.")
@click.pass_obj
def approve(env: Env, session: str, act: str, role: str, reason: str, party: str | None, written: bool) -> None:
    """Record an approval for SESSION, checked against the profile."""
    with env.station(write=True) as station:
        found = sessions.find(station.archive, session)
        by = books.role_number(role)
        party_number = None if party is None else books.role_number(party)
        made = books.approve(station, found, act, by, reason, party=party_number, written=written)
        line = say("approved", act=say(f"act-{act}"), role=books.role_title(by, station.profile), index=made.log_index)
        term = vocabulary.ROLES.term(by)
        env.print(
            line,
            {
                "approval": made.number, "session": found.session.hex(), "act": act, "role": term.code if term else by,
                "utc": made.utc, "log_index": made.log_index,
            },
        )  # fmt: skip
