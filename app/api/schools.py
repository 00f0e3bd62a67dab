"""Schools over HTTP: registered, with their safety passport, and whom their pupils can turn to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.call import now
from app.disclosing import Wish
from app.lists import condition, school_columns
from app.schools.registering import NewSchool, change_school, register_school
from domain import vocabulary
from domain.checks import existing
from domain.personal import HelpPerson
from domain.schools import school
from domain.schools.school import NameHelpContact, UpdatePassport, WithdrawHelpContact
from domain.schools.school_events import CheckedPoint
from domain.sealed import Sealed
from projections.schools import board

Doc = msgspec.Meta


class RegisterSchool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Doc(examples=["Ліцей № 7"])]
    community: Annotated[UUID, Doc(examples=["0c0e3a52-7a0f-5d36-9a30-5f2f6f5b6c11"])]
    unit: Annotated[
        UUID,
        Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"], description="of kind school: where its people serve"),
    ]
    prevention_unit: Annotated[
        UUID | None, Doc(description="of juvenile prevention, that looks into its concerns; left out, the caller's own")
    ] = None
    capacity: Annotated[int | None, Doc(description="how many pupils it is for")] = None


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    point: Annotated[str, Doc(examples=["shelter"], description="a code of GET /words: lists.passport_points")]
    met: bool
    checked_at: datetime


class NewPassport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole passport: a point that is left out was not checked."""

    points: Annotated[
        list[Point],
        Doc(examples=[[{"point": "shelter", "met": True, "checked_at": "2026-09-01T10:00:00+03:00"}]]),
    ]


class NewContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: Annotated[str, Doc(examples=["psychologist"], description="a code of GET /words: lists.help_roles")]
    full_name: Annotated[str, Doc(examples=["Леся Гнатюк"])]
    phone: Annotated[str, Doc(examples=["+380 44 555 12 12"])] = ""


class SchoolAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A school as it stands, with every passport it had, the one in force first."""

    school: board.ShownSchool
    passports: tuple[board.Passport, ...]


class OpenContact(msgspec.Struct, frozen=True, kw_only=True):
    """`full_name` and `phone` are null once they were erased."""

    contact: UUID
    role: str
    full_name: str | None
    phone: str | None
    named_at: datetime


@post("/schools", sync_to_thread=True)
def post_school(request: Asked, house: House, data: JSONBody[RegisterSchool]) -> Response[Done]:
    """Put a school on record. A unit of kind school is one school, whose people have their accounts there."""
    call = call_of(request, house, data)
    new = NewSchool(
        name=data.name,
        community=data.community,
        unit=data.unit,
        prevention_unit=data.prevention_unit or call.principal.unit,
        capacity=data.capacity,
    )
    receipt, key = register_school(house, call, new)
    return done(receipt, key, created=True)


@get("/schools", sync_to_thread=True)
def list_schools(
    request: Asked,
    house: House,
    community: FromQuery[UUID | None] = None,
    region: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[board.ShownSchool]:
    """The schools that the caller may read, by name."""
    call = call_of(request, house)
    house.desk.require(call, Operation.SCHOOL_LIST)
    only = condition(house, call, Operation.SCHOOL_LIST, school_columns())
    with house.views.reading() as views:
        page = board.school_page(
            views,
            only=only,
            community=community,
            region=wanted("region", region, vocabulary.REGIONS),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/schools/{key:uuid}", sync_to_thread=True)
def read_school(request: Asked, house: House, key: FromPath[UUID]) -> Response[SchoolAnswer]:
    """One school with its safety passports."""
    call = call_of(request, house)
    house.desk.require(call, Operation.SCHOOL_READ, relations.school(key, house.desk.load(school.DECIDER, key).state))
    with house.views.reading() as views:
        found = existing("school", key, board.school(views, key))
        return versioned(SchoolAnswer(school=found, passports=board.passports_of(views, key)), found.version)


@post("/schools/{key:uuid}/passport", status_code=200, sync_to_thread=True)
def update_passport(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewPassport]) -> Response[Done]:
    """Put the safety passport on record as it is now; the earlier ones stay."""
    call = call_of(request, house, data)
    points = tuple(CheckedPoint(point=each.point, met=each.met, checked_at=each.checked_at) for each in data.points)
    command = UpdatePassport(school=key, points=points, by=call.principal.account, at=now())
    return done(change_school(house, call, Operation.SCHOOL_UPDATE_PASSPORT, command), key)


@get("/schools/{key:uuid}/contacts", sync_to_thread=True)
def list_contacts(request: Asked, house: House, key: FromPath[UUID]) -> Page[OpenContact]:
    """Whom the school's pupils can turn to. Opening the names goes on record before they are answered."""
    call, operation = call_of(request, house), Operation.SCHOOL_READ_CONTACTS
    house.desk.require(call, operation, relations.school(key, house.desk.load(school.DECIDER, key).state))
    with house.views.reading() as views:
        found = board.contacts_of(views, key)
    opened = house.disclosures.open_each(call, operation, [Wish(key, each.person, HelpPerson) for each in found])
    return Page([_open_contact(each, person) for each, person in zip(found, opened, strict=True)])


@post("/schools/{key:uuid}/contacts", sync_to_thread=True)
def name_contact(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewContact]) -> Response[Done]:
    """Name somebody whom pupils can turn to."""
    call = call_of(request, house, data)
    person = Sealed(call.new_record(), HelpPerson(full_name=data.full_name.strip(), phone=data.phone.strip()))
    contact, by = call.new_key(), call.principal.account
    command = NameHelpContact(school=key, contact=contact, role=data.role, person=person, by=by)
    return done(change_school(house, call, Operation.SCHOOL_NAME_CONTACT, command), contact, created=True)


@post("/schools/{key:uuid}/contacts/{contact:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_contact(request: Asked, house: House, key: FromPath[UUID], contact: FromPath[UUID]) -> Response[Done]:
    """Pupils cannot turn to this one any more."""
    call = call_of(request, house)
    command = WithdrawHelpContact(school=key, contact=contact, by=call.principal.account)
    return done(change_school(house, call, Operation.SCHOOL_NAME_CONTACT, command), contact)


def _open_contact(named: board.Contact, person: HelpPerson | None) -> OpenContact:
    return OpenContact(
        contact=named.contact,
        role=named.role,
        full_name=None if person is None else person.full_name,
        phone=None if person is None else person.phone,
        named_at=named.named_at,
    )


ROUTES = (
    post_school,
    list_schools,
    read_school,
    update_passport,
    list_contacts,
    name_contact,
    withdraw_contact,
)
