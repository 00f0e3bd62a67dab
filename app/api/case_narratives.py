"""What was written in prevention cases, over HTTP.

All that people wrote is sealed. Who reads it is on record first, with the subject of each record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.access.operations import Operation
from app.api.answers import Page
from app.api.calls import Asked, House, call_of
from app.api.cases import known
from app.call import Call
from app.disclosing import Wish
from domain.checks import whole
from domain.errors import NotFound
from domain.event import Recorded
from domain.personal import FileName, Narrative, Reason
from domain.prevention_case_events import TransferOffered
from domain.prevention_case_state import PreventionCase
from domain.sealed import Sealed
from projections import organisation_queries

WORDS_MAX = 200
PARTS: Mapping[str, type[Narrative | Reason | FileName]] = {"narrative": Narrative, "reason": Reason, "name": FileName}


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """`part` says what it is of its event. `text` is null once it was erased."""

    version: int  # of the event that it was written with
    topic: str
    at: datetime
    by: UUID
    by_username: str | None
    part: str  # narrative, reason, or the name of a file
    text: str | None


@get("/cases/{key:uuid}/narratives", sync_to_thread=True)
def read_narratives(
    request: Asked, house: House, key: FromPath[UUID], after_version: FromQuery[int] = 0, limit: FromQuery[int] = 50
) -> Page[Written]:
    """What was written in the case, in order: reasons, judgements, plans, measures, contacts, names of files; `next` is
    the `after_version` of the following page. Opening it goes on record before it is answered.
    """
    call = call_of(request, house)
    known(house, call, Operation.CASE_READ_NARRATIVE, key)
    whole("after_version", after_version, least=0, most=2**53)
    whole("limit", limit, least=1, most=WORDS_MAX)
    found = [
        (recorded, part, sealed)
        for recorded in house.log.stream(key, after_version=after_version)
        for part in PARTS
        if isinstance(sealed := getattr(recorded.event, part, None), Sealed)
    ]
    shown, more = found[:limit], len(found) > limit
    written = opened(house, call, Operation.CASE_READ_NARRATIVE, key, shown)
    return Page(written, str(shown[-1][0].version) if more else None)


@get("/cases/{key:uuid}/offer", sync_to_thread=True)
def read_offer(request: Asked, house: House, key: FromPath[UUID]) -> Written:
    """Why another unit is to take the case over, while it did not answer. Opening it goes on record first."""
    call = call_of(request, house)
    state = known(house, call, Operation.CASE_READ_OFFER, key)
    recorded, sealed = _standing_offer(house, key, state)
    (written,) = opened(house, call, Operation.CASE_READ_OFFER, key, [(recorded, "reason", sealed)])
    return written


def opened(
    house: House, call: Call, operation: Operation, key: UUID, sealed: Sequence[tuple[Recorded, str, Sealed[Any]]]
) -> list[Written]:
    """All of them, on record before they are answered."""
    wishes = [Wish(key, value, PARTS[part]) for _, part, value in sealed]
    values = house.disclosures.open_each(call, operation, wishes)
    with house.views.reading() as views:
        names = organisation_queries.usernames(views, {recorded.meta.actor for recorded, _, _ in sealed})
    return [
        Written(
            version=recorded.version,
            topic=recorded.event.TOPIC,
            at=recorded.meta.recorded_at,
            by=recorded.meta.actor,
            by_username=names.get(recorded.meta.actor),
            part=part,
            text=_text(value),
        )
        for (recorded, part, _), value in zip(sealed, values, strict=True)
    ]


def _text(value: Narrative | Reason | FileName | None) -> str | None:
    if value is None:
        return None
    return value.name if isinstance(value, FileName) else value.text


def _standing_offer(house: House, key: UUID, state: PreventionCase) -> tuple[Recorded, Sealed[Reason]]:
    """Raises NotFound where nothing is offered."""
    if state.offered_unit is None:
        raise NotFound("offer", key)
    recorded = [each for each in house.log.stream(key) if isinstance(each.event, TransferOffered)][-1]
    assert isinstance(recorded.event, TransferOffered)
    return recorded, recorded.event.reason


ROUTES = (read_narratives, read_offer)
