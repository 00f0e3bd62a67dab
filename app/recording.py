"""The road of a new incident: it, and the hold on what cameras near it recorded, in one step.

A missing child's report asks for the authority to search in the same step. Nothing of it stands without the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.call import Call
from app.deployment import Settings
from app.desk import Desk, Loaded, expect
from app.keeping import Keepings
from domain import authorisation, camera, hold, incident
from domain.authorisation_state import Authorisation
from domain.event import Event
from domain.hold import Hold, decide_place
from domain.ids import incident_hold_id, missing_child_authorisation_id
from domain.incident import RecordIncident
from domain.log import Change, Receipt
from domain.missing_child import ReportMissingChild, decide_report
from domain.nearby import Reach, hold_of_incident, nearest
from domain.personal import Place
from domain.search_draw import CAMERAS_MAX
from projections.database import ViewsDatabase
from projections.nearby_cameras import cameras_around


@dataclass(frozen=True)
class Recording:
    desk: Desk
    views: ViewsDatabase
    keepings: Keepings
    settings: Settings

    def record(self, call: Call, key: UUID, officer: UUID, make: Callable[[], RecordIncident]) -> Receipt:
        """An incident; where it has a position, what cameras near it recorded is held from this moment on."""

        def decide() -> Sequence[Change]:
            proposed = relations.proposed_incident(key, call.principal.unit, officer)
            self.desk.require(call, Operation.INCIDENT_RECORD, proposed)
            loaded = self.desk.load(incident.DECIDER, key)
            expect(call, loaded)
            command = make()
            recorded = incident.DECIDER.decide(loaded.state, command)
            return (Change(key, loaded.version, recorded), *self._held(call, command))

        return self.desk.commit(call, decide)

    def report(self, call: Call, key: UUID, officer: UUID, make: Callable[[], ReportMissingChild]) -> Receipt:
        """A missing child: the incident, the hold and the request of an authorisation.

        Each part must be allowed to the caller by its own operation, as if it came alone.
        """
        principal, authority = call.principal, missing_child_authorisation_id(key)

        def decide() -> Sequence[Change]:
            proposed = relations.proposed_incident(key, principal.unit, officer)
            self.desk.require(call, Operation.INCIDENT_REPORT_MISSING, proposed)
            asked = relations.proposed_authorisation(authority, principal.account, principal.unit)
            self.desk.require(call, Operation.AUTHORISATION_REQUEST, asked)
            self.desk.require(call, Operation.HOLD_PLACE)
            loaded = self.desk.load(incident.DECIDER, key)
            expect(call, loaded)
            command = make()
            of_hold: Loaded[Hold] = self.desk.load(hold.DECIDER, incident_hold_id(key))
            of_authority: Loaded[Authorisation] = self.desk.load(authorisation.DECIDER, authority)
            reported = decide_report(loaded.state, of_hold.state, of_authority.state, command)
            return (
                Change(key, loaded.version, reported.of_incident),
                Change(of_hold.stream, of_hold.version, reported.of_hold),
                *self.keepings.changes_of(reported.of_cameras),
                Change(of_authority.stream, of_authority.version, reported.of_authorisation),
            )

        return self.desk.commit(call, decide)

    def cameras_near(self, command: RecordIncident, reach: Reach) -> tuple[UUID, ...]:
        """The cameras that may have seen it, the nearest first; none where it has no position."""
        place = _position(command)
        if place is None or place.latitude is None or place.longitude is None:
            return ()
        self.desk.caught_up()
        from_at, to_at = reach.window(command.occurred_from, command.occurred_to)
        latitude, longitude, metres = place.latitude, place.longitude, reach.radius_metres
        with self.views.reading() as views:
            candidates = cameras_around(views, latitude, longitude, metres, from_at=from_at, to_at=to_at)
        return nearest(candidates, latitude, longitude, metres)

    def cameras_of(
        self, call: Call, named: Sequence[tuple[str, UUID]], command: RecordIncident, reach: Reach
    ) -> tuple[UUID, ...]:
        """Those that the caller names, which must be such as they may read, and those that are near, as many as one
        authorisation takes. Raises NotFound.
        """
        for name, key in named[:CAMERAS_MAX]:
            state = self.desk.load(camera.DECIDER, key).state
            self.desk.require(call, Operation.CAMERA_READ, relations.camera(name, state))
        chosen = tuple(dict.fromkeys((*(key for _, key in named), *self.cameras_near(command, reach))))
        return chosen[: max(CAMERAS_MAX, len(named))]

    def links_children(self, call: Call, key: UUID, officer: UUID) -> bool:
        """Whether the caller may link a child to the incident that they report."""
        proposed = relations.proposed_incident(key, call.principal.unit, officer)
        return self.desk.allows(call, Operation.INCIDENT_LINK_CHILD, proposed)

    def require_links_children(self, call: Call, key: UUID, officer: UUID) -> None:
        """Raises Forbidden."""
        proposed = relations.proposed_incident(key, call.principal.unit, officer)
        self.desk.require(call, Operation.INCIDENT_LINK_CHILD, proposed)

    def held_for(self, key: UUID) -> Hold | None:
        """The hold that came with an incident, where one did."""
        return self.desk.load(hold.DECIDER, incident_hold_id(key)).state

    def _held(self, call: Call, command: RecordIncident) -> Sequence[Change]:
        reach, principal = self.settings.nearby, call.principal
        cameras = self.cameras_near(command, reach)
        window = reach.window(command.occurred_from, command.occurred_to)
        place = hold_of_incident(command.incident, cameras, window, principal.account, principal.unit)
        if place is None:
            return ()
        loaded = self.desk.load(hold.DECIDER, place.hold)
        events: tuple[Event, ...]
        events, of_cameras = decide_place(loaded.state, place)
        return (Change(place.hold, loaded.version, events), *self.keepings.changes_of(of_cameras))


def _position(command: RecordIncident) -> Place | None:
    return None if command.place is None else command.place.fresh_value()
