"""Who signed in, and who tried as whom: a stream of one event each.

Only of accounts that exist: a name that nobody has may be a password, typed into the wrong field.
"""

from __future__ import annotations

from uuid import UUID

from domain.event import Event


class SignedIn(Event, frozen=True, kw_only=True):
    """Recorded before the token is given out."""

    TOPIC = "session.opened"

    account: UUID
    initial: bool = False  # with a password that somebody else chose


class SignInRefused(Event, frozen=True, kw_only=True):
    """Somebody who did not prove to be the account's holder: the actor of the event is the system."""

    TOPIC = "session.refused"

    account: UUID
    code: str  # vocabulary.SIGN_IN_REFUSALS
