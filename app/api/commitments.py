"""What public bodies committed themselves to, over HTTP: for everybody, signed in or not."""

from __future__ import annotations

from uuid import UUID

from litestar import get
from litestar.params import FromQuery

from app.access.gate import Principal
from app.access.operations import Operation
from app.access.resources import NOBODY, System
from app.api.answers import Page, page_of, wanted
from app.api.calls import Asked, House
from app.api.officers import until
from app.call import now
from domain import vocabulary
from domain.initiatives import words
from projections.initiatives import commitments

ANYBODY = Principal(account=NOBODY, roles=frozenset(), unit=NOBODY)  # who asks is not asked


@get("/public/commitments", sync_to_thread=True, public=True)
def list_commitments(
    request: Asked,
    house: House,
    initiative: FromQuery[UUID | None] = None,
    community: FromQuery[UUID | None] = None,
    region: FromQuery[str | None] = None,
    commitment_state: FromQuery[str | None] = None,
    due_within_days: FromQuery[int | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[commitments.ShownCommitment]:
    """The commitments of public bodies with their day, and whether they were kept, by when they are due;
    `due_within_days` shows those that are still to be kept and due soon. Nobody need sign in.
    """
    house.desk.gate.require(ANYBODY, Operation.COMMITMENT_LIST, System())
    at = now()
    with house.views.reading() as views:
        page = commitments.commitment_page(
            views,
            at,
            initiative=initiative,
            community=community,
            region=wanted("region", region, vocabulary.REGIONS),
            state=wanted("commitment_state", commitment_state, words.COMMITMENT_PHASES),
            due_before=until(at, "due_within_days", due_within_days),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


ROUTES = (list_commitments,)
