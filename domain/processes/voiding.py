"""What came with an incident goes with it: a missing child's authorisation for searches, and the hold on its footage.
The reports that became it are read anew: what somebody saw may have happened all the same.

A voided incident is none that anybody may search for; what was to be kept for it, need not be. Holds and authorisations
that people asked for by themselves are theirs to end, and a hold of another incident on the same footage stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain.authorisation import RevokeAuthorisation, WithdrawAuthorisation
from domain.authorisation_state import APPROVED, REQUESTED, Authorisation
from domain.hold import Hold, ReleaseHold
from domain.ids import SYSTEM_ACTOR, authorisation_ending_id, incident_hold_id, missing_child_authorisation_id
from domain.personal import Reason
from domain.reports.commands import ReopenReport
from domain.reports.state import Report
from domain.sealed import Sealed

WHY = "Подію скасовано / the incident was voided"

EndOfAuthority: TypeAlias = WithdrawAuthorisation | RevokeAuthorisation


def end_authority(incident: UUID, authority: Authorisation | None) -> tuple[EndOfAuthority, ...]:
    """`authority` is the one that the report of the incident requested, where it requested one."""
    key = missing_child_authorisation_id(incident)
    why = Sealed(authorisation_ending_id(key), Reason(WHY))
    if authority is not None and authority.phase == REQUESTED:
        return (WithdrawAuthorisation(authorisation=key, by=SYSTEM_ACTOR, reason=why),)
    if authority is not None and authority.phase == APPROVED:
        return (RevokeAuthorisation(authorisation=key, by=SYSTEM_ACTOR, reason=why),)
    return ()


def release(incident: UUID, held: Hold | None) -> tuple[ReleaseHold, ...]:
    """`held` is the hold that was placed with the incident, where one was."""
    key = incident_hold_id(incident)
    if held is None or held.released:
        return ()
    return (ReleaseHold(hold=key, by=SYSTEM_ACTOR, reason=Sealed(key, Reason(WHY))),)


def take_up(
    incident: UUID, reports: Mapping[UUID, Report | None], *, danger_minutes: int, at: datetime
) -> tuple[ReopenReport, ...]:
    """`reports` once became the incident; those that went another way since are left there."""
    return tuple(
        ReopenReport(
            report=key,
            reason=Sealed(key, Reason(WHY)),
            by=SYSTEM_ACTOR,
            voided=True,
            within_days=0,  # which binds reporters alone
            danger_minutes=danger_minutes,
            at=at,
        )
        for key, report in reports.items()
        if report is not None and report.incident == incident
    )
