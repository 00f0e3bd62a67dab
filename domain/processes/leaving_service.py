"""Who may not serve any more is certified no more: an account that is suspended, a role that is withdrawn."""

from __future__ import annotations

from domain.account import AccountSuspended
from domain.event import Recorded
from domain.officer import ROLE_OF, LapseCertification
from domain.role_grant import RoleWithdrawn


def react(caused: Recorded) -> tuple[LapseCertification, ...]:
    """The certification lapses as of when the account left; nothing where it never had one is the officer's to say."""
    at = caused.meta.recorded_at
    match caused.event:
        case AccountSuspended():
            return tuple(
                LapseCertification(account=caused.stream, service=service, cause="account-suspended", at=at)
                for service in ROLE_OF
            )
        case RoleWithdrawn(account=account, role=role):
            return tuple(
                LapseCertification(account=account, service=service, cause="role-withdrawn", at=at)
                for service, needed in ROLE_OF.items()
                if role == needed
            )
    return ()
