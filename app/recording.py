"""The road of a new incident: it, and the hold on what cameras near it recorded, in one step.

A missing child's report asks for the authority to search in the same step. Nothing of it stands without the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.call import Call
from app.children import check_names
from app.composition import Services
from app.desk import expect
from app.unerased import unerased
from domain import authorisation, camera, checks, hold, incident
from domain.hold import Hold, decide_place
from domain.ids import incident_hold_id, missing_child_authorisation_id
from domain.incident import RecordIncident
from domain.log import Change, Receipt
from domain.missing_child import ReportMissingChild, decide_report
from domain.nearby import Reach, hold_of_incident, nearest
from domain.search_draw import CAMERAS_MAX
from projections.nearby_cameras import cameras_around


def record(house: Services, call: Call, key: UUID, officer: UUID, make: Callable[[], RecordIncident]) -> Receipt:
    """An incident; where it has a position, what cameras near it recorded is held from this moment on."""

    def decide() -> Sequence[Change]:
        proposed = relations.proposed_incident(key, call.principal.unit, officer)
        house.desk.require(call, Operation.INCIDENT_RECORD, proposed)
        loaded = house.desk.load(incident.DECIDER, key)
        expect(call, loaded)
        command = make()
        recorded = incident.DECIDER.decide(loaded.state, command)
        check_names(house, call, command.names)
        guards = unerased(house.desk, command.names)
        principal = call.principal
        holds = held(house, command, principal.account, principal.unit)
        return (Change(key, loaded.version, recorded), *holds, *guards)

    return house.desk.commit(call, Operation.INCIDENT_RECORD, decide)


def report(house: Services, call: Call, key: UUID, officer: UUID, make: Callable[[], ReportMissingChild]) -> Receipt:
    """A missing child: the incident, the hold and the request of an authorisation; the incident alone, where no camera
    is around.

    Each part must be allowed to the caller by its own operation, as if it came alone.
    """
    desk, principal, authority = house.desk, call.principal, missing_child_authorisation_id(key)

    def decide() -> Sequence[Change]:
        proposed = relations.proposed_incident(key, principal.unit, officer)
        desk.require(call, Operation.INCIDENT_REPORT_MISSING, proposed)
        asked = relations.proposed_authorisation(authority, principal.account, principal.unit)
        desk.require(call, Operation.AUTHORISATION_REQUEST, asked)
        desk.require(call, Operation.HOLD_PLACE)
        loaded = desk.load(incident.DECIDER, key)
        expect(call, loaded)
        of_hold = desk.load(hold.DECIDER, incident_hold_id(key))
        of_authority = desk.load(authorisation.DECIDER, authority)
        command = make()
        reported = decide_report(loaded.state, of_hold.state, of_authority.state, command)
        linked = () if command.child is None else (command.child.child,)
        check_names(house, call, command.record.names, meant=linked[0] if linked else None)
        guards = unerased(desk, (*linked, *command.record.names))
        recorded = Change(key, loaded.version, reported.of_incident)
        if not reported.of_hold:
            return (recorded, *guards)
        return (
            recorded,
            Change(of_hold.stream, of_hold.version, reported.of_hold),
            *house.keepings.changes_of(reported.of_cameras),
            Change(of_authority.stream, of_authority.version, reported.of_authorisation),
            *guards,
        )

    return desk.commit(call, Operation.INCIDENT_REPORT_MISSING, decide)


def cameras_near(house: Services, command: RecordIncident, reach: Reach) -> tuple[UUID, ...]:
    """The cameras that may have seen it, the nearest first; none where it has no position."""
    place = None if command.place is None else command.place.fresh_value()
    if place is None or place.latitude is None or place.longitude is None:
        return ()
    occurred = checks.period("occurred_from", command.occurred_from, "occurred_to", command.occurred_to)
    house.desk.caught_up()
    from_at, to_at = reach.window(*occurred)
    latitude, longitude, metres = place.latitude, place.longitude, reach.radius_metres
    with house.views.reading() as views:
        candidates = cameras_around(views, latitude, longitude, metres, from_at=from_at, to_at=to_at)
    return nearest(candidates, latitude, longitude, metres)


def cameras_of(
    house: Services, call: Call, named: Sequence[tuple[str, UUID]], command: RecordIncident, reach: Reach
) -> tuple[UUID, ...]:
    """Those that the caller names, which must be such as they may read, and those that are near, as many as one
    authorisation takes. Raises NotFound.
    """
    for name, key in named[:CAMERAS_MAX]:
        state = house.desk.load(camera.DECIDER, key).state
        house.desk.require(call, Operation.CAMERA_READ, relations.camera(name, state))
    chosen = tuple(dict.fromkeys((*(key for _, key in named), *cameras_near(house, command, reach))))
    return chosen[: max(CAMERAS_MAX, len(named))]


def held_for(house: Services, key: UUID) -> Hold | None:
    """The hold that came with an incident, where one did."""
    return house.desk.load(hold.DECIDER, incident_hold_id(key)).state


def held(house: Services, command: RecordIncident, by: UUID, unit: UUID) -> Sequence[Change]:
    """The hold on what cameras near a new incident recorded; nothing where none is near."""
    reach = house.deployment.settings.nearby
    cameras = cameras_near(house, command, reach)
    window = reach.window(command.occurred_from, command.occurred_to)
    place = hold_of_incident(command.incident, cameras, window, by, unit)
    if place is None:
        return ()
    loaded = house.desk.load(hold.DECIDER, place.hold)
    events, of_cameras = decide_place(loaded.state, place)
    return (Change(place.hold, loaded.version, events), *house.keepings.changes_of(of_cameras))
