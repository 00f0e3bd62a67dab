"""When an officer's certification lapses, each of their open cases goes to the certified colleague with the fewest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from domain.officer import JUVENILE, CertificationLapsed
from domain.prevention_case_commands import ReassignCase


def react(
    lapsed: CertificationLapsed, *, certified_again: bool, cases: Iterable[UUID], colleagues: Mapping[UUID, int]
) -> tuple[ReassignCase, ...]:
    """`cases` are those in the officer's charge; `colleagues` are the certified officers of the unit, each with how
    many open cases they have. Each case counts for who gets it, so that nobody gets them all; where two have as few,
    the one with the smaller id. Where nobody is certified, the case is left to nobody, for the supervisor to assign.
    Who was certified again meanwhile keeps their cases; and no case hangs on the certification for another service.
    """
    if certified_again or lapsed.service != JUVENILE:
        return ()
    loads = {account: load for account, load in colleagues.items() if account != lapsed.account}
    commands: list[ReassignCase] = []
    for case in sorted(cases):
        to = min(loads, key=lambda account: (loads[account], account), default=None)
        if to is not None:
            loads[to] += 1
        commands.append(
            ReassignCase(
                case=case,
                from_officer=lapsed.account,
                to=to,
                assignee_unit=None if to is None else lapsed.unit,
                assignee_certified=to is not None,
            )
        )
    return tuple(commands)
