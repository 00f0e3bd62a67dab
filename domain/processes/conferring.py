"""When a second agency takes on the same child, a conference is suggested: two who plan by themselves plan apart."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.sharing.conference_events import Invited
from domain.sharing.referral import ACCEPTED, Referral


def invited(accepted: Referral | None, others: Iterable[Referral], planning: Iterable[UUID]) -> tuple[Invited, ...]:
    """Whom it is to invite; nobody, where none is to be called. `others` are the child's referrals; `planning`, the
    agencies that are in its agreed plan already. A referral that was ended meanwhile counts for nothing.
    """
    if accepted is None or accepted.phase != ACCEPTED:
        return ()
    standing = (accepted, *(each for each in others if each.phase == ACCEPTED))
    units = {each.agency: each.agency_unit for each in standing}
    if len(units) < 2 or units.keys() <= set(planning):
        return ()
    return tuple(Invited(agency=agency, unit=units[agency]) for agency in sorted(units))
