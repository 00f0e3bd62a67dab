"""What concerns an authorisation and an incident at once: what it is asked for must stand, and still when approved."""

from __future__ import annotations

from uuid import UUID

from domain import checks
from domain.authorisation import ApproveAuthorisation, RequestAuthorisation, decide_approve, decide_request
from domain.authorisation_events import AuthorisationApproved
from domain.authorisation_state import Authorisation
from domain.classification import MISSING_CHILD
from domain.errors import Invalid, WrongState
from domain.event import Event
from domain.incident import Incident


def decide_request_for(
    state: Authorisation | None, of_incident: Incident | None, command: RequestAuthorisation
) -> tuple[Event, ...]:
    """The events of the authorisation. `of_incident` is the incident that the command names, where it names one."""
    if command.incident is not None:
        ground = _standing(command.incident, of_incident, "ask for an incident that stands")
        if command.child_image:
            _of_missing_child(ground, "leave child_image out, or name the incident of a missing child")
    return decide_request(state, command)


def decide_approve_for(
    state: Authorisation | None, of_incident: Incident | None, command: ApproveAuthorisation
) -> tuple[Event, ...]:
    """As `decide_approve`. `of_incident` is the incident that the authorisation was asked for, where it names one: it
    may have been voided, or found to be of another kind, since.
    """
    decided = decide_approve(state, command)
    asked = checks.existing("authorisation", command.authorisation, state)
    if asked.incident is not None and any(isinstance(event, AuthorisationApproved) for event in decided):
        ground = _standing(asked.incident, of_incident, "refuse what was asked for it")
        if asked.child_image:
            _of_missing_child(ground, "refuse what was asked for it")
    return decided


def _standing(key: UUID, state: Incident | None, mend: str) -> Incident:
    incident = checks.existing("incident", key, state)
    if incident.voided:
        raise WrongState("incident", key, "voided", mend)
    return incident


def _of_missing_child(incident: Incident, mend: str) -> None:
    if incident.kind != MISSING_CHILD:
        raise Invalid("incident", f"is of the kind {incident.kind}", mend)
