"""A missing child, in one step: the incident, the hold on what cameras around recorded, and the request to search it.

All of it is decided together and appended together: there is no incident whose footage nobody held, and no request for
footage that may be gone when it is approved. Where no camera is known around, the incident alone is recorded: a child
without cameras nearby is missing all the same, and there is nothing to hold or to search. What the search may do is no
more than any other of its kind: a second person of another unit approves it, it ends within hours, and under it alone a
picture of the child may be the query.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

import msgspec

from domain import checks
from domain.authorisation import MISSING_CHILD, WINDOW_MAX, RequestAuthorisation
from domain.authorisation_ground import decide_request_for
from domain.authorisation_state import Authorisation
from domain.errors import Invalid
from domain.event import Event
from domain.hold import Hold, decide_place
from domain.ids import missing_child_authorisation_id
from domain.incident import DECIDER, Incident, LinkChild, RecordIncident
from domain.nearby import Reach, hold_of_incident
from domain.personal import Reason
from domain.sealed import Sealed

VICTIM = "victim"


class ReportMissingChild(msgspec.Struct, frozen=True, kw_only=True):
    """`record` says when the child was last seen, until now; `child` is linked as a victim, where it is given."""

    record: RecordIncident
    child: LinkChild | None = None
    cameras: tuple[UUID, ...]  # around where the child was last seen, or as they were named
    reach: Reach
    by: UUID
    unit: UUID
    reference: str
    purpose: Sealed[Reason]
    quota: int
    valid_hours: int
    child_image_hours_max: int


class Reported(msgspec.Struct, frozen=True):
    """The events of each stream."""

    of_incident: tuple[Event, ...]
    of_hold: tuple[Event, ...]
    of_cameras: Mapping[UUID, tuple[Event, ...]]
    of_authorisation: tuple[Event, ...]


ALONE = MappingProxyType[UUID, tuple[Event, ...]]({})


def decide_report(
    state: Incident | None, of_hold: Hold | None, authority: Authorisation | None, command: ReportMissingChild
) -> Reported:
    """Raises Invalid and AlreadyExists, of whichever part cannot be."""
    check_last_seen(command.record.occurred_from, command.record.at, command.reach)
    record = msgspec.structs.replace(command.record, kind=MISSING_CHILD)
    recorded = DECIDER.decide(state, record)
    incident = DECIDER.fold(recorded)
    if command.child is not None:
        linked = DECIDER.decide(incident, msgspec.structs.replace(command.child, role=VICTIM))
        recorded, incident = (*recorded, *linked), DECIDER.fold(linked, incident)
    window = command.reach.window(record.occurred_from, record.occurred_to)
    hold = hold_of_incident(record.incident, command.cameras, window, command.by, command.unit)
    if hold is None:
        return Reported(recorded, (), ALONE, ())
    placed, of_cameras = decide_place(of_hold, hold)
    asked = decide_request_for(authority, incident, _request(command, window))
    return Reported(recorded, placed, of_cameras, asked)


def check_last_seen(last_seen_at: datetime, at: datetime, reach: Reach) -> None:
    """Whether the time since then is such as an authorisation is given for. Raises Invalid."""
    seen_at = checks.past("last_seen_at", last_seen_at, at)
    margins = timedelta(minutes=reach.before_minutes + reach.after_minutes)
    days_max = (WINDOW_MAX - margins).days
    if at - seen_at > timedelta(days=days_max):
        fault = f"is more than {days_max} days ago, and cameras are not searched for so long"
        raise Invalid("last_seen_at", fault, "record it by POST /incidents, and request what is to be searched")


def _request(command: ReportMissingChild, window: tuple[datetime, datetime]) -> RequestAuthorisation:
    return RequestAuthorisation(
        authorisation=missing_child_authorisation_id(command.record.incident),
        requester=command.by,
        requester_unit=command.unit,
        legal_basis=MISSING_CHILD,
        reference=command.reference,
        incident=command.record.incident,
        cameras=command.cameras,
        window_from=window[0],
        window_to=window[1],
        quota=command.quota,
        purpose=command.purpose,
        valid_hours=command.valid_hours,
        child_image=True,
        child_image_hours_max=command.child_image_hours_max,
        at=command.record.at,
    )
