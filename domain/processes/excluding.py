"""What a conference tells an agency rests on an agreement and a consent: when one of them ends, the agency is out."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.sharing.conference import FIELDS, ExcludeAgency
from domain.sharing.ends import cause_of_end


def react(event: Event, admissions: Iterable[tuple[UUID, UUID]]) -> tuple[ExcludeAgency, ...]:
    """`admissions`: conference and agency of each that rests on what the event is of."""
    cause = cause_of_end(event, FIELDS)
    if cause is None:
        return ()
    return tuple(
        ExcludeAgency(conference=conference, agency=agency, cause=cause, by=SYSTEM_ACTOR)
        for conference, agency in sorted(admissions)
    )
