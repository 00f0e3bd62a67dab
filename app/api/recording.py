"""New incidents over HTTP: recorded, and, for a missing child, with all that cannot wait."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import JSONBody

from app import children, recording, relations
from app.access.operations import Operation
from app.api.answers import Done, done_with
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key
from app.call import Call, now
from app.composition import Services
from domain import incident
from domain.classification import MISSING_CHILD, kinds_in_use
from domain.ids import incident_hold_id, missing_child_authorisation_id
from domain.missing_child import VICTIM, ReportMissingChild, check_last_seen
from domain.nearby import Reach, check_reach
from domain.personal import Narrative, Place, Reason
from domain.sealed import Sealed

Doc = msgspec.Meta
QUOTA = 50  # searches of a missing child's authorisation, unless another number is asked for


class NewPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where exactly. It is sealed: it may be somebody's home."""

    latitude: Annotated[float | None, Doc(examples=[50.4501], description="WGS 84, degrees")] = None
    longitude: Annotated[float | None, Doc(examples=[30.5234])] = None
    text: Annotated[str, Doc(examples=["Зупинка навпроти ліцею"])] = ""

    def sealed(self, record: UUID) -> Sealed[Place]:
        """One record with the narrative: whoever that names takes the place along, too."""
        return Sealed(record, Place(text=self.text.strip(), latitude=self.latitude, longitude=self.longitude))


class RecordIncident(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the caller's unit, in the caller's charge unless `officer` names another investigator or juvenile officer."""

    kind: Annotated[str, Doc(examples=["robbery"], description="a kind in use, of GET /classification")]
    occurred_from: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]
    occurred_to: Annotated[datetime, Doc(examples=["2026-11-20T12:55:00+02:00"])]
    region: Annotated[str, Doc(examples=["UA-30"], description="ISO 3166-2:UA")]
    community: Annotated[str, Doc(examples=["Подільська"])]
    narrative: Annotated[str, Doc(examples=["Біля шкільних воріт двоє підлітків забрали рюкзак у молодшого учня."])]
    names: Annotated[list[UUID], Doc(description="children whom the narrative names")] = []
    place: Annotated[NewPlace | None, Doc(description="with a position, footage of cameras near it is held")] = None
    officer: UUID | None = None


class RecordedIncident(Done, frozen=True, kw_only=True):
    """`hold`: of what cameras near it recorded; null where it has no position, or no camera is near."""

    hold: UUID | None
    cameras_held: int


class ReportMissing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A child that was last seen there and then. The cameras are those around the place, and those that are named.

    A juvenile officer links the child with it: named by its id, its pseudonym or both, or, without either, one that is
    new here.
    """

    last_seen_at: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]
    region: Annotated[str, Doc(examples=["UA-30"], description="ISO 3166-2:UA")]
    community: Annotated[str, Doc(examples=["Подільська"])]
    place: Annotated[NewPlace | None, Doc(description="where the child was last seen")] = None
    radius_metres: Annotated[int | None, Doc(description="around it; of the deployment, where it is left out")] = None
    cameras: Annotated[list[str], Doc(examples=[["KYIV-014"]], description="by id or code")] = []
    narrative: Annotated[str, Doc(examples=["Не повернулася зі школи; червона куртка, синій рюкзак."])]
    names: Annotated[list[UUID], Doc(description="children whom the narrative names")] = []
    officer: UUID | None = None
    pseudonym: Annotated[str | None, Doc(description="of the child, as in GET /children")] = None
    child: Annotated[UUID | None, Doc(description="the child's id")] = None
    reference: Annotated[str, Doc(examples=["ЄО 12345"], description="number of the document")]
    purpose: Annotated[str, Doc(examples=["Знайти, куди пішла дитина"])]
    quota: Annotated[int, Doc(description="searches")] = QUOTA
    valid_hours: Annotated[int | None, Doc(description="from its approval; as many as may be, where left out")] = None


class ReportedMissing(Done, frozen=True, kw_only=True):
    """`child` is null where the caller links no children. The authorisation waits for a supervisor of another unit;
    where no camera is around, nothing is held, and none is requested: both are null.
    """

    hold: UUID | None
    cameras_held: int
    authorisation: UUID | None
    child: UUID | None
    pseudonym: str | None


@post("/incidents", sync_to_thread=True)
def record_incident(request: Asked, house: House, data: JSONBody[RecordIncident]) -> Response[RecordedIncident]:
    """Record an incident. Footage of cameras near its position is held with it, before its retention is over."""
    call = call_of(request, house, data)
    key, officer = call.new_key(), data.officer or call.principal.account

    def make() -> incident.RecordIncident:
        return incident.RecordIncident(
            incident=key,
            kind=data.kind,
            occurred_from=data.occurred_from,
            occurred_to=data.occurred_to,
            region=data.region,
            community=data.community,
            unit=call.principal.unit,
            officer=officer,
            officer_roles=house.people.roles_in_service(officer),
            narrative=Sealed(call.new_record(), Narrative(data.narrative)),
            names=tuple(data.names),
            place=None if data.place is None else data.place.sealed(call.new_record()),
            kinds=kinds_in_use(house.deployment.settings.kinds),
            at=now(),
        )

    receipt = recording.record(house, call, key, officer, make)
    return done_with(RecordedIncident, receipt, key, created=True, **_held(house, key))


def _held(house: Services, key: UUID) -> dict[str, Any]:
    """What an answer says of the hold that came with an incident, where one did."""
    held = recording.held_for(house, key)
    return {
        "hold": None if held is None else incident_hold_id(key),
        "cameras_held": 0 if held is None else len(held.cameras),
    }


@post("/missing-children", sync_to_thread=True)
def report_missing(request: Asked, house: House, data: JSONBody[ReportMissing]) -> Response[ReportedMissing]:
    """A child is missing: record it, hold the footage around, and request the authority to search it, in one step.

    Either all of it is done or nothing; where no camera is around, the incident is recorded alone. Under this authority
    alone a picture of the child may be the query.
    """
    call = call_of(request, house, data)
    key, officer = call.new_key(), data.officer or call.principal.account
    receipt = recording.report(house, call, key, officer, lambda: _report(house, call, key, officer, data))
    held = _held(house, key)
    linked = [e for e in house.log.events(key, until_version=2) if isinstance(e, incident.ChildLinked)]
    return done_with(
        ReportedMissing,
        receipt,
        key,
        created=True,
        **held,
        authorisation=None if held["hold"] is None else missing_child_authorisation_id(key),
        child=linked[0].child if linked else None,
        pseudonym=linked[0].pseudonym if linked else None,
    )


def _report(house: House, call: Call, key: UUID, officer: UUID, data: ReportMissing) -> ReportMissingChild:
    settings, at, principal = house.deployment.settings, now(), call.principal
    reach = _reach(settings.missing_child, data.radius_metres)
    check_last_seen(data.last_seen_at, at, reach)
    record = incident.RecordIncident(
        incident=key,
        kind=MISSING_CHILD,
        occurred_from=data.last_seen_at,
        occurred_to=at,
        region=data.region,
        community=data.community,
        unit=principal.unit,
        officer=officer,
        officer_roles=house.people.roles_in_service(officer),
        narrative=Sealed(call.new_record(), Narrative(data.narrative)),
        names=tuple(data.names),
        place=None if data.place is None else data.place.sealed(call.new_record()),
        at=at,
    )
    return ReportMissingChild(
        record=record,
        child=_child(house, call, key, data),
        cameras=recording.cameras_of(house, call, [(name, camera_key(name)) for name in data.cameras], record, reach),
        reach=reach,
        by=principal.account,
        unit=principal.unit,
        reference=data.reference,
        purpose=Sealed(missing_child_authorisation_id(key), Reason(data.purpose)),
        quota=data.quota,
        valid_hours=settings.child_image_hours_max if data.valid_hours is None else data.valid_hours,
        child_image_hours_max=settings.child_image_hours_max,
    )


def _reach(usual: Reach, radius_metres: int | None) -> Reach:
    chosen = usual if radius_metres is None else msgspec.structs.replace(usual, radius_metres=radius_metres)
    return check_reach("place", chosen)


def _child(house: House, call: Call, key: UUID, data: ReportMissing) -> incident.LinkChild | None:
    """The child that was named; a new one, where nobody was and the caller links children."""
    proposed = relations.proposed_incident(key, call.principal.unit, data.officer or call.principal.account)
    nobody = data.child is None and data.pseudonym is None
    if nobody and not house.desk.allows(call, Operation.INCIDENT_LINK_CHILD, proposed):
        return None
    house.desk.require(call, Operation.INCIDENT_LINK_CHILD, proposed)
    child, pseudonym = children.meant_child(house, call, data.child, data.pseudonym, new=call.new_child())
    return incident.LinkChild(incident=key, child=child, pseudonym=pseudonym, role=VICTIM)


ROUTES = (report_missing,)
