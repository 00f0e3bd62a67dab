"""Profiles of children over HTTP: registered, read, corrected, found by name.

A name is sent in a body and never in an address: addresses are logged.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import child_correcting, child_search
from app.access.operations import Operation
from app.api.answers import Done, Page, done, done_with, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.child_bodies import AddNarrative, CorrectContacts, CorrectIdentity, RegisterChild, SearchByName
from app.call import Call, now
from app.child_profiles import latest
from app.children import check_names, meant_child
from app.disclosing import Wish, require_purpose
from app.lists import child_columns, child_timeline_conditions, condition
from domain import child
from domain.checks import existing
from domain.child_events import ChildRegistered, NarrativeAdded
from domain.child_state import Child
from domain.personal import ChildContacts, ChildIdentity, Narrative
from domain.sealed import Sealed
from projections import child_profiles, child_timeline, organisation_queries


class RegisteredChild(Done, frozen=True, kw_only=True):
    """`similar`: other profiles that may be of this child, by name and year of birth; see its duplicates. Null where
    it is not known whether there are any: no purpose was said, or not all could be looked up.
    """

    child: UUID
    pseudonym: str
    similar: list[UUID] | None


class ProfileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as it stands. Who it is, is opened by a request of its own, which goes on record."""

    profile: child_profiles.Profile
    merged: tuple[child_profiles.Profile, ...]  # profiles that were merged into this one


class IdentityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Null where nothing was said, or once it was erased."""

    identity: ChildIdentity | None
    contacts: ChildContacts | None


class NarrativeLine(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is null once it was erased."""

    version: int  # of the event that it was given with
    at: datetime
    by: UUID
    by_username: str | None
    text: str | None


class ChildTimelineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `child`: whose it is, which after a merge may be another profile of the same child. What is null, and
    the facts, are not for whoever may only know of a case.
    """

    position: int
    child: UUID
    kind: str  # of the thing that it happened to
    thing: UUID
    version: int | None
    topic: str
    recorded_at: datetime
    actor: UUID | None
    actor_username: str | None
    role: str | None
    purpose: str | None
    facts: dict[str, Any]

    @classmethod
    def of(cls, entry: child_timeline.ChildEntry) -> ChildTimelineAnswer:
        return cls(**{**msgspec.structs.asdict(entry), "facts": entry.read_facts()})


@post("/children", sync_to_thread=True)
def register_child(request: Asked, house: House, data: JSONBody[RegisterChild]) -> Response[RegisteredChild]:
    """Register a child, who from then on is found by name. One that is linked to an incident keeps its pseudonym."""
    call = call_of(request, house, data)

    def register() -> child.RegisterChild:
        key, pseudonym = meant_child(house, call, data.child, data.pseudonym, new=call.new_key())
        told = data.narrative
        return child.RegisterChild(
            child=key,
            pseudonym=pseudonym,
            unit=call.principal.unit,
            identity=Sealed(key, data.value()),
            contacts=None if data.contacts is None else Sealed(key, data.contacts.value()),
            narrative=None if told is None else Sealed(call.new_record(), Narrative(told)),
            names=tuple(data.names),
            at=now(),
        )

    receipt = house.childhood.profiles.register(call, register, partial(check_names, house, call))
    key = receipt.streams[0].stream
    pseudonym = existing("child", key, house.childhood.profiles.load(key)).pseudonym
    alike = child_search.similar(house, call, key, data.value())
    return done_with(RegisteredChild, receipt, key, created=True, child=key, pseudonym=pseudonym, similar=alike)


@get("/children/profiles", sync_to_thread=True)
def list_profiles(
    request: Asked,
    house: House,
    phase: FromQuery[str | None] = None,
    pseudonym: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[child_profiles.Profile]:
    """The profiles that the caller may read, by pseudonym, the last registered first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.CHILD_LIST)
    only = condition(house, call, Operation.CHILD_LIST, child_columns())
    phase = wanted("phase", phase, child_profiles.PHASES)
    with house.views.reading() as views:
        return page_of(
            child_profiles.profile_page(views, only=only, phase=phase, pseudonym=pseudonym, cursor=cursor, limit=limit)
        )


@post("/children/search", status_code=200, sync_to_thread=True)
def search_children(request: Asked, house: House, data: JSONBody[SearchByName]) -> child_search.Search:
    """The children that the caller's unit works with and that are called so or nearly so, however it is written. The
    search, and every name that it shows, goes on record before it is answered. It changes nothing, so it has no
    version: If-Match does not count.
    """
    return child_search.search(house, call_of(request, house, data), data.name, data.born.strip())


@get("/children/{key:uuid}", sync_to_thread=True)
def read_profile(request: Asked, house: House, key: FromPath[UUID]) -> Response[ProfileAnswer]:
    """One profile. That it was read, by anybody but who registered it, goes on record before it is answered."""
    call = call_of(request, house)
    _let_through(house, call, Operation.CHILD_READ, key)
    house.disclosures.consult(call, Operation.CHILD_READ, key)
    with house.views.reading() as views:
        found = existing("child", key, child_profiles.profile(views, key))
        answer = ProfileAnswer(profile=found, merged=child_profiles.merged_into(views, key))
    return versioned(answer, found.version)


@get("/children/{key:uuid}/identity", sync_to_thread=True)
def read_identity(request: Asked, house: House, key: FromPath[UUID]) -> IdentityAnswer:
    """Who the child is, and where it is found. Opening it goes on record, with what for, before it is answered."""
    call = call_of(request, house)
    if _let_through(house, call, Operation.CHILD_READ_IDENTITY, key).erased:
        return IdentityAnswer(identity=None, contacts=None)
    identity, contacts = latest(house.log, key)
    wishes = [Wish(key, identity, ChildIdentity)]
    if contacts is not None:
        wishes.append(Wish(key, contacts, ChildContacts))
    opened = house.disclosures.open_each(call, Operation.CHILD_READ_IDENTITY, wishes)
    return IdentityAnswer(identity=opened[0], contacts=opened[1] if contacts is not None else None)


@get("/children/{key:uuid}/narratives", sync_to_thread=True)
def read_narratives(request: Asked, house: House, key: FromPath[UUID]) -> Page[NarrativeLine]:
    """What was written about the child, in order. Opening it goes on record, with what for, before it is answered."""
    call = call_of(request, house)
    state = _let_through(house, call, Operation.CHILD_READ_NARRATIVE, key)
    told = [
        (recorded, recorded.event.narrative)
        for recorded in house.log.stream(key)
        if isinstance(recorded.event, ChildRegistered | NarrativeAdded) and recorded.event.narrative is not None
    ]
    wishes = [Wish(key, sealed, Narrative) for _, sealed in told]
    texts = (
        [None] * len(told)
        if state.erased
        else house.disclosures.open_each(call, Operation.CHILD_READ_NARRATIVE, wishes)
    )
    with house.views.reading() as views:
        names = organisation_queries.usernames(views, {recorded.meta.actor for recorded, _ in told})
    return Page(
        [
            NarrativeLine(
                version=recorded.version,
                at=recorded.meta.recorded_at,
                by=recorded.meta.actor,
                by_username=names.get(recorded.meta.actor),
                text=None if text is None else text.text,
            )
            for (recorded, _), text in zip(told, texts, strict=True)
        ]
    )


@get("/children/{key:uuid}/timeline", sync_to_thread=True)
def read_child_timeline(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 100
) -> Page[ChildTimelineAnswer]:
    """Everything that was recorded of the child, in order: of its profile and of those that were merged into it, and of
    the incidents, prevention cases and concerns that the caller may read; of a case that they may only know of, when it
    was opened and closed. Sealed parts stay sealed, and a concern that expired is left out. That it was read goes on
    record before it is answered.
    """
    call, at = call_of(request, house), now()
    _let_through(house, call, Operation.CHILD_TIMELINE, key)
    house.disclosures.consult(call, Operation.CHILD_TIMELINE, key)
    only = child_timeline_conditions(house, call, at)
    with house.views.reading() as views:
        page = child_timeline.timeline_page(views, key, at, only=only, cursor=cursor, limit=limit)
    return Page([ChildTimelineAnswer.of(entry) for entry in page.items], page.next_cursor)


@get("/children/{key:uuid}/duplicates", sync_to_thread=True)
def read_duplicates(request: Asked, house: House, key: FromPath[UUID]) -> child_search.Duplicates:
    """Profiles that may be of the same child, each beside what tells whether it is. Every identity that is shown goes
    on record before it is answered. Nothing is merged by itself.
    """
    return child_search.duplicates(house, call_of(request, house), key)


@post("/children/{key:uuid}/identity", status_code=200, sync_to_thread=True)
def correct_identity(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[CorrectIdentity]
) -> Response[Done]:
    """Correct who the child is, in as much as is given. What was recorded before stays on record, sealed."""
    call = call_of(request, house, data)
    return done(child_correcting.correct_identity(house, call, key, data.given(), data.reason), key)


@post("/children/{key:uuid}/contacts", status_code=200, sync_to_thread=True)
def correct_contacts(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[CorrectContacts]
) -> Response[Done]:
    """Correct where the child is found and who answers for it, in as much as is given."""
    call = call_of(request, house, data)
    return done(child_correcting.correct_contacts(house, call, key, data.given()), key)


@post("/children/{key:uuid}/narratives", status_code=200, sync_to_thread=True)
def add_narrative(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[AddNarrative]) -> Response[Done]:
    """Write something about the child. Whoever it names takes it along when they are erased."""
    call = call_of(request, house, data)
    narrative = Sealed(call.new_record(), Narrative(data.text))
    command = child.AddNarrative(child=key, narrative=narrative, names=tuple(data.names))
    return done(house.childhood.profiles.add_narrative(call, command, partial(check_names, house, call)), key)


def _let_through(house: House, call: Call, operation: Operation, key: UUID) -> Child:
    """The profile, for a caller who may know of it and says what for."""
    state = house.childhood.profiles.load(key)
    house.desk.require(call, operation, house.childhood.profiles.resource(key, state))
    require_purpose(call)
    return existing("child", key, state)


ROUTES = (
    *(register_child, list_profiles, search_children, read_profile, read_identity, read_narratives),
    *(read_child_timeline, read_duplicates, correct_identity, correct_contacts, add_narrative),
)
