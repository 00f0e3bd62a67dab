"""Incidents, with what they are linked to, as random casework drives them, and what always holds of them.

Their prevention cases stand in a stream beside the incident's; a missing child's report goes to the incident, a hold,
the keeping of each camera and an authorisation at once.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

from domain import incident, involvement
from domain.authorisation import MISSING_CHILD, RequestAuthorisation
from domain.authorisation_ground import decide_request_for
from domain.footage_link import decide_link
from domain.ids import (
    child_pseudonym,
    incident_hold_id,
    involvement_id,
    keeping_id,
    missing_child_authorisation_id,
)
from domain.incident_state import Incident
from domain.involvement import LinkCase, UnlinkCase
from domain.missing_child import ReportMissingChild, decide_report
from domain.nearby import Reach
from domain.personal import Place
from domain.sealed import Sealed
from domain.vocabulary import CHILD_ROLES, INCIDENT_KINDS, LEGAL_BASES, REGIONS
from tests.domain.casework import Casework
from tests.domain.casework_parts.incident_rules import CAMERAS, FOOTAGE, holds
from tests.domain.casework_parts.part import ACTORS, Actor, Decided, Makes, Part, Spans
from tests.domain.examples import hours

KIND = incident.DECIDER.kind

# ---------------------------------------------------------------------- how its commands are made up


def _record(work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None) -> incident.RecordIncident:
    occurred_to = work.earlier(chance)
    in_charge = chance.choice([each for each in ACTORS if each.role != "supervisor" or chance.random() < 0.1])
    place = Place(latitude=50.45, longitude=30.52 if chance.random() < 0.95 else None)
    return incident.RecordIncident(
        incident=key,
        kind=work.code(chance, INCIDENT_KINDS),
        occurred_from=occurred_to - hours(chance.uniform(-0.2, 20)),
        occurred_to=occurred_to,
        region=work.code(chance, REGIONS),
        community="Подільська" if chance.random() < 0.98 else "",
        unit=actor.unit,
        officer=in_charge.account,
        officer_roles=frozenset({in_charge.role}),
        narrative=work.words(chance),
        names=tuple(work.person(chance) for _ in range(chance.randrange(3))),
        place=Sealed(work.new("record"), place) if chance.random() < 0.5 else None,
        at=work.now,
    )


def _report(work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None) -> ReportMissingChild:
    linked = _link_child(work, chance, actor, key, state)
    return ReportMissingChild(
        record=_record(work, chance, actor, key, state),
        child=linked if chance.random() < 0.7 else None,
        cameras=tuple(chance.sample(CAMERAS, k=0 if chance.random() < 0.05 else chance.randrange(1, 4))),
        reach=Reach(before_minutes=chance.randrange(120), after_minutes=chance.randrange(1440)),
        by=actor.account,
        unit=actor.unit,
        reference=f"ЄО {chance.randrange(99_999)}",
        purpose=work.reason(chance, missing_child_authorisation_id(key)),
        quota=0 if chance.random() < 0.05 else 50,
        valid_hours=25 if chance.random() < 0.05 else chance.randrange(1, 25),
        child_image_hours_max=24,
    )


def _ask(work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None) -> RequestAuthorisation:
    authorisation = work.new("authorisation")
    window_from = work.earlier(chance, days=20)
    basis = MISSING_CHILD if chance.random() < 0.5 else work.code(chance, LEGAL_BASES)
    return RequestAuthorisation(
        authorisation=authorisation,
        requester=actor.account,
        requester_unit=actor.unit,
        legal_basis=basis,
        reference=f"760/{chance.randrange(1, 9999)}/26",
        incident=key,
        cameras=tuple(chance.sample(CAMERAS, k=2)),
        window_from=window_from,
        window_to=window_from + timedelta(days=chance.uniform(0, 32)),
        quota=5,
        purpose=work.reason(chance, authorisation),
        valid_hours=chance.choice((1, 12, 24)),
        child_image=chance.random() < 0.4,
        at=work.now,
    )


def _link_child(work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None) -> incident.LinkChild:
    child = work.person(chance)
    called = child if chance.random() < 0.9 else work.person(chance)
    return incident.LinkChild(
        incident=key, child=child, pseudonym=child_pseudonym(called), role=work.code(chance, CHILD_ROLES)
    )


def _unlink_child(
    work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None
) -> incident.UnlinkChild:
    link = _link_child(work, chance, actor, key, state)
    linked = chance.choice(state.children) if state is not None and state.children else link
    role = linked.role if chance.random() < 0.9 else link.role
    return incident.UnlinkChild(incident=key, child=linked.child, role=role, reason=work.reason(chance))


def _link_footage(
    work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None
) -> incident.LinkFootage:
    """One of a few stretches, so that the same comes again; now and then one that the footage does not show."""
    sha256 = chance.choice(sorted(FOOTAGE))
    from_at = FOOTAGE[sha256].recorded_at + timedelta(minutes=chance.choice((-30, 0, 0, 3, 3, 8, 8, 60)))
    found = chance.random() < 0.5
    return incident.LinkFootage(
        incident=key,
        footage_sha256=sha256 if chance.random() < 0.97 else "ab" * 32,
        camera=FOOTAGE[sha256].camera,
        from_at=from_at,
        to_at=from_at + timedelta(minutes=chance.choice((-1, 0, 1, 2))),
        search=work.new("search") if found else None,
        rank=chance.randrange(0, 20) if found else None,
    )


def _unlink_case(work: Casework, chance: Random, actor: Actor, key: UUID, state: Incident | None) -> UnlinkCase:
    linked = work.live.get(involvement_id(key), involvement.Involvement()).cases
    return UnlinkCase(incident=key, case=chance.choice(linked) if linked else work.new("case"))


MAKES: Makes = {
    incident.RecordIncident: _record,
    ReportMissingChild: _report,
    RequestAuthorisation: _ask,
    incident.ReclassifyIncident: lambda work, chance, actor, key, state: incident.ReclassifyIncident(
        incident=key, kind=work.code(chance, INCIDENT_KINDS), reason=work.reason(chance)
    ),
    incident.LinkChild: _link_child,
    incident.UnlinkChild: _unlink_child,
    incident.LinkCamera: lambda work, chance, actor, key, state: incident.LinkCamera(
        incident=key, camera=chance.choice(CAMERAS)
    ),
    incident.UnlinkCamera: lambda work, chance, actor, key, state: incident.UnlinkCamera(
        incident=key, camera=chance.choice(CAMERAS if state is None else state.cameras or CAMERAS)
    ),
    incident.LinkFootage: _link_footage,
    incident.VoidIncident: lambda work, chance, actor, key, state: incident.VoidIncident(
        incident=key, reason=work.reason(chance)
    ),
    LinkCase: lambda work, chance, actor, key, state: LinkCase(
        incident=key, case=chance.choice(work.streams["prevention-case"][-3:] or [work.new("case")])
    ),
    UnlinkCase: _unlink_case,
}


def _fits(work: Casework, key: UUID, state: Incident) -> tuple[type, ...]:
    linked = involvement_id(key) in work.live and work.live[involvement_id(key)].cases
    unlinks = (UnlinkCase,) if linked else ()
    if state.voided:
        return unlinks
    return (
        *(
            incident.ReclassifyIncident,
            incident.LinkChild,
            incident.LinkChild,
            incident.LinkFootage,
            incident.LinkFootage,
        ),
        *(incident.LinkCamera, incident.LinkCamera, LinkCase, RequestAuthorisation, incident.VoidIncident),
        *((incident.UnlinkChild,) * 2 if state.children else ()),
        *((incident.UnlinkCamera,) * 2 if state.cameras else ()),
        *unlinks,
    )


# ---------------------------------------------------------------------- how those of several streams are decided


def _reported(work: Casework, command: ReportMissingChild) -> tuple[Decided, ...]:
    key = command.record.incident
    of_hold, of_authority = incident_hold_id(key), missing_child_authorisation_id(key)
    reported = decide_report(work.live.get(key), work.live.get(of_hold), work.live.get(of_authority), command)
    return (
        Decided(KIND, key, reported.of_incident),
        *((Decided("hold", of_hold, reported.of_hold),) if reported.of_hold else ()),
        *(Decided("keeping", keeping_id(camera), events) for camera, events in reported.of_cameras.items()),
        *((Decided("authorisation", of_authority, reported.of_authorisation),) if reported.of_authorisation else ()),
    )


def _asked(work: Casework, command: RequestAuthorisation) -> tuple[Decided, ...]:
    ground = None if command.incident is None else work.live.get(command.incident)
    decided = decide_request_for(work.live.get(command.authorisation), ground, command)
    return (Decided("authorisation", command.authorisation, decided),)


def _footage_linked(work: Casework, command: incident.LinkFootage) -> tuple[Decided, ...]:
    decided = decide_link(work.live.get(command.incident), FOOTAGE.get(command.footage_sha256), command)
    return (Decided(KIND, command.incident, decided),)


def _case_linked(work: Casework, command: LinkCase) -> tuple[Decided, ...]:
    """The incident is named unchanged."""
    key = involvement_id(command.incident)
    decided = involvement.decide_link_to(work.live.get(key), work.live.get(command.incident), command)
    return Decided("involvement", key, decided), Decided(KIND, command.incident, ())


SPANS: Spans = {
    ReportMissingChild: _reported,
    RequestAuthorisation: _asked,
    incident.LinkFootage: _footage_linked,
    LinkCase: _case_linked,
    UnlinkCase: lambda work, command: (work.decided("involvement", involvement_id(command.incident), command),),
}

PART = Part(
    incident.DECIDER,
    (incident.RecordIncident, ReportMissingChild, ReportMissingChild),
    MAKES,
    holds,
    _fits,
    spans=SPANS,
    new_share=0.1,
    weight=3,
)
