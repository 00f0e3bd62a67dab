"""What concerns a search and an incident at once: a hit becomes part of the incident.

The events of both streams, (search, incident), are appended together or not at all.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import checks, incident
from domain.event import Event
from domain.footage_search import FootageSearch, HitAttached, hit_of
from domain.incident import Incident, LinkFootage
from domain.search_refusals import HitNotRelevant


class AttachHit(msgspec.Struct, frozen=True, kw_only=True):
    search: UUID
    rank: int
    incident: UUID
    by: UUID


def decide_attach(
    state: FootageSearch | None, of_incident: Incident | None, command: AttachHit
) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """Only a hit that a person reviewed as relevant is attached. Attaching it there again changes nothing."""
    search = checks.existing("search", command.search, state)
    hit = hit_of(search, command.search, command.rank)
    if (command.rank, command.incident) in search.attached:
        return (), ()
    verdict = search.verdicts[command.rank - 1]
    if verdict != "relevant":
        raise HitNotRelevant(command.rank, verdict)
    link = LinkFootage(
        incident=command.incident,
        footage_sha256=hit.footage_sha256,
        camera=hit.camera,
        from_at=hit.from_at,
        to_at=hit.to_at,
        search=command.search,
        rank=command.rank,
    )
    linked = incident.decide_link_footage(of_incident, link)
    return (HitAttached(rank=command.rank, incident=command.incident, by=command.by),), linked
