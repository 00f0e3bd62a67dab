"""Which prevention cases an incident has to do with: a stream of its own beside the incident's.

Whoever reads an incident may be somebody who must not know that there is a prevention case, not even by a version that
is missing from the incident's history.
"""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks
from domain.decider import Decider
from domain.errors import Invalid, WrongState
from domain.event import Event
from domain.incident_state import Incident

CASES_MAX = 100


class CaseLinked(Event, frozen=True, kw_only=True):
    TOPIC = "involvement.case-linked"

    incident: UUID
    case: UUID


class CaseUnlinked(Event, frozen=True, kw_only=True):
    TOPIC = "involvement.case-unlinked"

    incident: UUID
    case: UUID


class LinkCase(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.involvement_id(incident)`."""

    incident: UUID
    case: UUID


class UnlinkCase(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    case: UUID


InvolvementCommand: TypeAlias = LinkCase | UnlinkCase


class Involvement(msgspec.Struct, frozen=True):
    cases: tuple[UUID, ...] = ()


def decide_link_to(state: Involvement | None, of: Incident | None, command: LinkCase) -> tuple[Event, ...]:
    """`of` is the incident: a voided one takes nothing more."""
    if checks.existing("incident", command.incident, of).voided:
        raise WrongState("incident", command.incident, "voided", "record a new incident")
    return decide_link(state, command)


def decide_link(state: Involvement | None, command: LinkCase) -> tuple[Event, ...]:
    linked = () if state is None else state.cases
    if command.case in linked:
        return ()
    if len(linked) >= CASES_MAX:
        raise Invalid("case", f"the incident has {len(linked)} cases", f"at most {CASES_MAX} are taken: unlink one")
    return (CaseLinked(incident=command.incident, case=command.case),)


def decide_unlink(state: Involvement | None, command: UnlinkCase) -> tuple[Event, ...]:
    """Also from a voided incident: a link that is wrong is wrong there, too."""
    if state is None or command.case not in state.cases:
        return ()
    return (CaseUnlinked(incident=command.incident, case=command.case),)


def evolve_linked(state: Involvement | None, event: CaseLinked) -> Involvement:
    return Involvement((*(state or Involvement()).cases, event.case))


def evolve_unlinked(state: Involvement, event: CaseUnlinked) -> Involvement:
    return Involvement(tuple(each for each in state.cases if each != event.case))


DECIDER: Decider[InvolvementCommand, Involvement] = Decider(
    kind="involvement",
    decides={LinkCase: decide_link, UnlinkCase: decide_unlink},
    evolves={CaseLinked: evolve_linked, CaseUnlinked: evolve_unlinked},
)
