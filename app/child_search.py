"""Finding a child by name, and profiles that may be of the same child: with the detail that it takes to decide.

The index of names gives candidates that the caller's unit works with. Each is looked at again before anything of it is
opened, and that it is opened is on record before it is answered: as is the search, also where it finds nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

import msgspec
import structlog

from app.access.operations import Operation
from app.call import Call, now
from app.child_profiles import latest
from app.composition import Services
from app.desk import VIEWS_WAIT_SECONDS
from app.disclosing import Wish, require_purpose
from app.event_store.faults import LogBusy
from app.lists import condition, incident_columns
from app.names.features import BIRTH_YEAR, GIVEN_NAME, SAME, SURNAME, Asked, asked_for, is_given_name_alone
from app.names.index import Found, Match
from app.names.sounds import words
from domain.checks import existing, line
from domain.child import birth
from domain.child_state import Child
from domain.errors import Invalid, LogFull, WrongState
from domain.ids import CHILD_REGISTER
from domain.kyiv_time import KYIV
from domain.personal import ChildContacts, ChildIdentity
from projections import child_queries

SHOWN_MAX = 20
QUERY_CHARACTERS_MAX = 200
SAME_PERSON = (SURNAME, GIVEN_NAME, BIRTH_YEAR)  # in which two profiles agree that may well be of one child


class FoundChild(msgspec.Struct, frozen=True, kw_only=True):
    """`survivor`: the profile to go on with, where this one was merged into it."""

    child: UUID
    pseudonym: str
    phase: str
    survivor: UUID | None
    match: str  # domain.vocabulary.NAME_MATCHES
    agrees_in: tuple[str, ...]  # domain.vocabulary.NAME_PARTS
    identity: ChildIdentity


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A profile that may be of the same child, with what tells whether it is."""

    profile: FoundChild
    contacts: ChildContacts | None
    registered_at: datetime
    narratives: int
    incidents: tuple[child_queries.KnownChild, ...]  # that the caller may read


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """The surest first. `complete`: no child that matches was left out; else `gap` says why: of `name_search_gaps`
    of GET /words.
    """

    items: list[FoundChild]
    complete: bool
    gap: str | None


class Duplicates(msgspec.Struct, frozen=True, kw_only=True):
    """What the profile itself says stands beside those that may be of the same child."""

    identity: ChildIdentity
    contacts: ChildContacts | None
    incidents: tuple[child_queries.KnownChild, ...]
    candidates: list[Candidate]
    complete: bool


def search(house: Services, call: Call, name: str, born: str) -> Search:
    """The children that the caller's unit works with and that are called so, or nearly so.

    Raises:
        domain.errors.Invalid: there is no word in the name, `born` is no date, or no purpose was said.
        and what `Desk.require` raises.
    """
    house.desk.require(call, Operation.CHILD_SEARCH)
    require_purpose(call)
    line("name", name, characters_max=QUERY_CHARACTERS_MAX)
    if not words(name):
        raise Invalid("name", "has no word", "write a surname, best with the given name")
    if born:
        birth(born, now().astimezone(KYIV).date())
    found, is_whole = _looked_up(house, call, asked_for(name, born))
    shown = list(islice(_standing(house, call, Operation.CHILD_READ_IDENTITY, found.matches), SHOWN_MAX + 1))
    wishes = [Wish(match.child, latest(house.log, match.child)[0], ChildIdentity) for match, _ in shown[:SHOWN_MAX]]
    opened = house.disclosures.open_each(call, Operation.CHILD_SEARCH, wishes, consulted=(CHILD_REGISTER,))
    items = [
        _found(match, state, identity)
        for (match, state), identity in zip(shown, opened, strict=False)
        if identity is not None
    ]
    gap = "given-name-alone" if is_given_name_alone(name, born) else None
    if not is_whole:
        gap = "still-reading"
    if not found.complete or len(shown) > SHOWN_MAX:
        gap = "too-many"
    return Search(items=items, complete=gap is None, gap=gap)


def duplicates(house: Services, call: Call, key: UUID) -> Duplicates:
    """Profiles of the same unit whose names are alike in surname and given name. Raises as `search` does."""
    state = house.childhood.profiles.load(key)
    house.desk.require(call, Operation.CHILD_DUPLICATES, house.childhood.profiles.resource(key, state))
    require_purpose(call)
    child = existing("child", key, state)
    if child.erased:
        raise WrongState("child", key, child.phase, "nothing of it is left to compare")
    (said, contacts) = _opened(house, call, (key,))[0]
    identity = existing("child", key, said)  # erased in this very moment
    found, is_whole = _looked_up(house, call, _names_of(identity))
    own = {key, *child.merged, *([child.survivor] if child.survivor else [])}
    alike = [match for match in found.matches if {SURNAME, GIVEN_NAME} <= {*match.agrees_in} and match.child not in own]
    shown = list(islice(_standing(house, call, Operation.CHILD_DUPLICATES, alike), SHOWN_MAX + 1))
    opened = _opened(house, call, [match.child for match, _ in shown[:SHOWN_MAX]])
    candidates = [
        _candidate(house, call, _found(match, of, theirs), of, reached)
        for (match, of), (theirs, reached) in zip(shown, opened, strict=False)
        if theirs is not None
    ]
    return Duplicates(
        identity=identity,
        contacts=contacts,
        incidents=_incidents(house, call, key),
        candidates=candidates,
        complete=is_whole and found.complete and len(shown) <= SHOWN_MAX,
    )


def similar(house: Services, call: Call, key: UUID, identity: ChildIdentity) -> list[UUID] | None:
    """Other profiles that the caller may read, of the same surname, given name and year of birth, in whatever spelling:
    for whoever registers a child, to look at; the first of them. Each goes on record. None where no year is known.

    Null where it is not known: no purpose was said, not all could be looked up, or it could not be put on record. The
    child is registered by then, so that none of these is a fault of the command.
    """
    if not call.purpose:
        return None
    found, is_whole = _looked_up(house, call, _names_of(identity))
    if not (is_whole and found.complete):
        return None
    alike = [each for each in found.matches if each.match == SAME and {*SAME_PERSON} <= {*each.agrees_in}]
    others = [each for each in alike if each.child != key]
    keys = [match.child for match, _ in islice(_standing(house, call, Operation.CHILD_READ, others), SHOWN_MAX)]
    try:
        house.disclosures.record(call, Operation.CHILD_READ, *keys)
    except (LogFull, LogBusy) as fault:
        structlog.get_logger().warning("similar profiles not told", child=str(key), fault=str(fault))
        return None
    return keys


def _looked_up(house: Services, call: Call, asked: Asked) -> tuple[Found, bool]:
    """What the index finds; and whether it knows all that is on record by now."""
    is_whole = house.childhood.names.wait(house.log.head(), VIEWS_WAIT_SECONDS)
    return house.childhood.names.search(call.principal.unit, asked), is_whole


def _names_of(identity: ChildIdentity) -> Asked:
    """All that a child is called, as one question."""
    asked: Asked = asked_for(f"{identity.surname} {identity.given_name} {identity.patronymic}", identity.born)
    for other in identity.other_names:
        for name in (other, f"{other} {identity.given_name}", f"{identity.surname} {other}"):
            for feature, wanted in asked_for(name, identity.born).items():
                asked.setdefault(feature, wanted)
    return asked


def _standing(
    house: Services, call: Call, operation: Operation, matches: Iterable[Match]
) -> Iterable[tuple[Match, Child]]:
    """Those that the caller may see now: what the index says is looked at again."""
    for match in matches:
        state = house.childhood.profiles.load(match.child)
        if state is None or state.erased:
            continue
        if house.desk.allows(call, operation, house.childhood.profiles.resource(match.child, state)):
            yield match, state


def _opened(
    house: Services, call: Call, keys: Sequence[UUID]
) -> list[tuple[ChildIdentity | None, ChildContacts | None]]:
    sealed = [latest(house.log, key) for key in keys]
    wishes = [
        [Wish(key, identity, ChildIdentity), *([] if contacts is None else [Wish(key, contacts, ChildContacts)])]
        for key, (identity, contacts) in zip(keys, sealed, strict=True)
    ]
    values = iter(house.disclosures.open_each(call, Operation.CHILD_DUPLICATES, list(chain.from_iterable(wishes))))
    return [(next(values), next(values) if len(some) > 1 else None) for some in wishes]


def _candidate(
    house: Services, call: Call, found: FoundChild, state: Child, contacts: ChildContacts | None
) -> Candidate:
    registered = next(iter(house.log.stream(found.child, until_version=1)))
    return Candidate(
        profile=found,
        contacts=contacts,
        registered_at=registered.meta.recorded_at,
        narratives=state.narratives,
        incidents=_incidents(house, call, found.child),
    )


def _found(match: Match, state: Child, identity: ChildIdentity) -> FoundChild:
    return FoundChild(
        child=match.child,
        pseudonym=state.pseudonym,
        phase=state.phase,
        survivor=state.survivor,
        match=match.match,
        agrees_in=match.agrees_in,
        identity=identity,
    )


def _incidents(house: Services, call: Call, key: UUID) -> tuple[child_queries.KnownChild, ...]:
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        return child_queries.incidents_of(views, key, only=only)
