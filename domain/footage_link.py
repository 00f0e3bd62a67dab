"""What concerns an incident and footage at once: a stretch of it becomes part of the incident."""

from __future__ import annotations

from domain import checks, incident
from domain.camera import slack
from domain.event import Event
from domain.footage_refusals import OutsideFootage
from domain.footage_state import Footage
from domain.incident import Incident, LinkFootage


def decide_link(of_incident: Incident | None, of_footage: Footage | None, command: LinkFootage) -> tuple[Event, ...]:
    """The incident's events. The stretch lies within the footage, by no more than its clock may be off."""
    footage = checks.existing("footage", command.footage_sha256, of_footage)
    allowed = slack(footage.uncertainty_seconds)
    ends = checks.period("from_at", command.from_at, "to_at", command.to_at)
    for field, at in zip(("from_at", "to_at"), ends, strict=True):
        if not footage.recorded_at - allowed <= at <= footage.ends_at + allowed:
            raise OutsideFootage(field, at, footage.recorded_at, footage.ends_at)
    return incident.decide_link_footage(of_incident, command)
