"""Whether a search may be run under an authorisation: the one place where that is decided.

The order of the questions is part of the rule: who is no party to the authorisation learns nothing about it, a party
learns the first thing that stands in the way.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain import checks
from domain.authorisation_events import SearchDrawn
from domain.authorisation_state import APPROVED, EXPIRED, REFUSED, REVOKED, Authorisation
from domain.errors import Invalid
from domain.event import Event
from domain.search_refusals import (
    ApproverIsRequester,
    AuthorisationExpired,
    AuthorisationNotApproved,
    AuthorisationRevoked,
    AuthorisationUnknown,
    ChildImageRefused,
    OutsideCameras,
    OutsideWindow,
    QuotaSpent,
    SearchRefusal,
)

CAMERAS_MAX = 500  # as many as one authorisation may name


class DrawSearch(msgspec.Struct, frozen=True, kw_only=True):
    """One search of the quota, before it is run."""

    authorisation: UUID
    search: UUID
    searcher: UUID
    searcher_unit: UUID
    searcher_investigates: bool  # holds the investigator's role in that unit
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    child_image: bool = False  # the query is a picture that shows a child
    at: datetime


def decide_draw(state: Authorisation | None, command: DrawSearch) -> tuple[Event, ...]:
    """One search less. Raises the refusal of `check_search`, which the caller puts on record with the search.

    More cameras than an authorisation can name, or an impossible year, are no separate fault: they lie outside of it.
    """
    if not command.cameras:
        raise Invalid("cameras", "is empty", "name one at least")
    checks.in_order("from_at", command.from_at, "to_at", command.to_at)
    refusal = check_search(state, command)
    if refusal is not None:
        raise refusal
    drawn = checks.existing("authorisation", command.authorisation, state).drawn
    return (SearchDrawn(search=command.search, number=drawn + 1),)


def check_search(state: Authorisation | None, ask: DrawSearch) -> SearchRefusal | None:
    """Why this search is not run; None where it may be."""
    refusal = check_authority(state, ask)
    if refusal is None and state is not None and state.drawn >= state.quota:
        return QuotaSpent(state.quota)
    return refusal


def check_authority(state: Authorisation | None, ask: DrawSearch) -> SearchRefusal | None:
    """Why somebody may see nothing of these cameras and times; None where they may. Whatever the quota, which counts
    searches: what was found may be taken away when it is spent.
    """
    if state is None:
        return AuthorisationUnknown(ask.authorisation)
    if state.approver == ask.searcher and state.phase != REFUSED:
        return ApproverIsRequester()
    if not is_party(state, ask.searcher, ask.searcher_unit, ask.searcher_investigates):
        return AuthorisationUnknown(ask.authorisation)
    return _ended(state, ask) or _of_child(state, ask) or _outside(state, ask)


def is_party(state: Authorisation, searcher: UUID, unit: UUID, investigates: bool) -> bool:
    """Who asked for it, and the investigators of their unit."""
    return searcher == state.requester or (investigates and unit == state.requester_unit)


def _ended(state: Authorisation, ask: DrawSearch) -> SearchRefusal | None:
    """The clock ends it, whether or not the record says so yet."""
    if state.phase == REVOKED:
        return AuthorisationRevoked(ask.authorisation)
    if state.expires_at is None or state.phase not in {APPROVED, EXPIRED}:
        return AuthorisationNotApproved(ask.authorisation, state.phase)
    if state.phase == EXPIRED or ask.at >= state.expires_at:
        return AuthorisationExpired(ask.authorisation, state.expires_at)
    return None


def _of_child(state: Authorisation, ask: DrawSearch) -> SearchRefusal | None:
    return ChildImageRefused() if ask.child_image and not state.child_image else None


def _outside(state: Authorisation, ask: DrawSearch) -> SearchRefusal | None:
    strange = tuple(camera for camera in ask.cameras if camera not in state.cameras)
    if strange:
        return OutsideCameras(strange)
    if ask.from_at < state.window_from or ask.to_at > state.window_to:
        return OutsideWindow(state.window_from, state.window_to)
    return None
