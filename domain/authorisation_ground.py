"""What concerns an authorisation and an incident at once: what it is asked for must stand."""

from __future__ import annotations

from domain import checks
from domain.authorisation import RequestAuthorisation, decide_request
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
        ground = checks.existing("incident", command.incident, of_incident)
        if ground.voided:
            raise WrongState("incident", command.incident, "voided", "ask for an incident that stands")
        if command.child_image and ground.kind != MISSING_CHILD:
            mend = "leave child_image out, or name the incident of a missing child"
            raise Invalid("incident", f"is of the kind {ground.kind}", mend)
    return decide_request(state, command)
