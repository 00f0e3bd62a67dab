"""What came with an incident goes with it: a missing child's authorisation for searches, and the hold on its footage.

A voided incident is none that anybody may search for; what was to be kept for it, need not be. Holds and authorisations
that people asked for by themselves are theirs to end, and a hold of another incident on the same footage stands.
"""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from domain.authorisation import RevokeAuthorisation, WithdrawAuthorisation
from domain.authorisation_state import APPROVED, REQUESTED, Authorisation
from domain.hold import Hold, ReleaseHold
from domain.ids import SYSTEM_ACTOR, incident_hold_id, missing_child_authorisation_id
from domain.personal import Reason
from domain.sealed import Sealed

WHY = "Подію скасовано / the incident was voided"

EndOfAuthority: TypeAlias = WithdrawAuthorisation | RevokeAuthorisation


def end_authority(incident: UUID, authority: Authorisation | None) -> tuple[EndOfAuthority, ...]:
    """`authority` is the one that the report of the incident requested, where it requested one."""
    key = missing_child_authorisation_id(incident)
    if authority is not None and authority.phase == REQUESTED:
        return (WithdrawAuthorisation(authorisation=key, by=SYSTEM_ACTOR, reason=Sealed(key, Reason(WHY))),)
    if authority is not None and authority.phase == APPROVED:
        return (RevokeAuthorisation(authorisation=key, by=SYSTEM_ACTOR, reason=Sealed(key, Reason(WHY))),)
    return ()


def release(incident: UUID, held: Hold | None) -> tuple[ReleaseHold, ...]:
    """`held` is the hold that was placed with the incident, where one was."""
    key = incident_hold_id(incident)
    if held is None or held.released:
        return ()
    return (ReleaseHold(hold=key, by=SYSTEM_ACTOR, reason=Sealed(key, Reason(WHY))),)
