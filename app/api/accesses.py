"""Who came in and who saw what, over HTTP: for those who check, and nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import FromQuery, QueryParameter

from app.access.operations import Operation
from app.api.answers import Page, page_of
from app.api.calls import Asked, House, call_of
from app.instants import in_utc
from projections import disclosures, sign_ins

From = Annotated[datetime | None, QueryParameter(description="nothing earlier than this")]
To = Annotated[datetime | None, QueryParameter(description="only what is earlier than this")]


@get("/record/sign-ins", sync_to_thread=True)
def list_sign_ins(
    request: Asked,
    house: House,
    account: FromQuery[UUID | None] = None,
    refused: FromQuery[bool | None] = None,
    from_at: From = None,
    to_at: To = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[sign_ins.SignIn]:
    """Who signed in, and whose account somebody tried in vain, the latest first."""
    house.desk.require(call_of(request, house), Operation.SIGN_IN_LIST)
    after, before = in_utc("from_at", from_at), in_utc("to_at", to_at)
    with house.views.reading() as views:
        return page_of(
            sign_ins.sign_in_page(
                views, account=account, refused=refused, after=after, before=before, cursor=cursor, limit=limit
            )
        )


@get("/record/disclosures", sync_to_thread=True)
def list_disclosures(
    request: Asked,
    house: House,
    thing: FromQuery[UUID | None] = None,
    actor: FromQuery[UUID | None] = None,
    operation: FromQuery[str | None] = None,
    subject: FromQuery[UUID | None] = None,
    from_at: From = None,
    to_at: To = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[disclosures.Disclosure]:
    """Who read which thing, or opened what is sealed in it, in which role and for what, the latest first."""
    house.desk.require(call_of(request, house), Operation.DISCLOSURE_LIST)
    after, before = in_utc("from_at", from_at), in_utc("to_at", to_at)
    with house.views.reading() as views:
        return page_of(
            disclosures.disclosure_page(
                views,
                thing=thing,
                actor=actor,
                operation=operation,
                subject=subject,
                after=after,
                before=before,
                cursor=cursor,
                limit=limit,
            )
        )


ROUTES = (list_sign_ins, list_disclosures)
