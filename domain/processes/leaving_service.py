"""Who may not serve any more is certified no more: an account that is suspended, a role that is withdrawn."""

from __future__ import annotations

from domain.account import AccountSuspended
from domain.event import Recorded
from domain.officer import OFFICER_ROLE, LapseCertification
from domain.role_grant import RoleWithdrawn


def react(caused: Recorded) -> tuple[LapseCertification, ...]:
    """The certification lapses as of when the account left; nothing where it never had one is the officer's to say."""
    match caused.event:
        case AccountSuspended():
            return (LapseCertification(account=caused.stream, cause="account-suspended", at=caused.meta.recorded_at),)
        case RoleWithdrawn(account=account, role=role) if role == OFFICER_ROLE:
            return (LapseCertification(account=account, cause="role-withdrawn", at=caused.meta.recorded_at),)
    return ()
