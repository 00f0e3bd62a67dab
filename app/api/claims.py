"""Claims over HTTP: what a source said of the country or a region, stated here with its date and source."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.call import Call, now
from app.desk import expect_nothing
from app.national.seeding import load_seed_claims
from app.relations import SYSTEM
from domain.checks import existing
from domain.ids import claim_id
from domain.log import Receipt
from domain.national import claim, words
from domain.national.claim import COUNTRY, CorrectClaim, Saying, StateClaim, WithdrawClaim
from domain.vocabulary import REGIONS
from projections.national import claims

Doc = msgspec.Meta


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the source says, as precisely as it says it."""

    value: Annotated[int, Doc(examples=[6750])]
    precision: Annotated[str, Doc(examples=["about"], description="a code of GET /words: lists.claim_precisions")] = (
        "as-stated"
    )
    as_of: Annotated[str, Doc(examples=["2021-05"], description="a year, a month or a day")]
    since: Annotated[str, Doc(examples=["2021-01"], description="where it was counted over a time")] = ""
    source: Annotated[str, Doc(examples=["National Police of Ukraine, May 2021"], description="in one line")]
    remark: Annotated[str, Doc(examples=[""], description="a code of GET /words: lists.claim_remarks")] = ""

    @property
    def saying(self) -> Saying:
        return msgspec.convert(self, Saying, from_attributes=True)


class NewClaim(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    measure: Annotated[str, Doc(examples=["cameras"], description="a code of GET /words: lists.national_measures")]
    region: Annotated[str, Doc(examples=["UA-30"], description="ISO 3166-2:UA; empty: the whole country")] = COUNTRY


class CorrectedClaim(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cause: Annotated[str, Doc(examples=["mistyped"], description="a code of GET /words: lists.claim_corrections")]


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cause: Annotated[
        str, Doc(examples=["stated-in-error"], description="a code of GET /words: lists.claim_withdrawals")
    ]


class LoadedClaims(msgspec.Struct, frozen=True, kw_only=True):
    """The claims that are new; none where all were on record already."""

    stated: tuple[UUID, ...]
    position: int
    command_id: UUID


@post("/claims", sync_to_thread=True)
def state_claim(request: Asked, house: House, data: JSONBody[NewClaim]) -> Response[Done]:
    """State what a source said. It stands beside what is counted here, and is never counted."""
    call = call_of(request, house, data)
    expect_nothing(call)
    key = claim_id(data.measure, data.region, data.as_of, data.source)
    command = StateClaim(
        claim=key,
        measure=data.measure,
        region=data.region,
        saying=data.saying,
        by=call.principal.account,
        at=now(),
    )
    receipt = house.desk.perform(call, Operation.CLAIM_STATE, claim.DECIDER, key, command, lambda _: SYSTEM)
    return done(receipt, key, created=True)


@post("/claims/seed", status_code=200, sync_to_thread=True)
def load_claims(request: Asked, house: House) -> LoadedClaims:
    """Load the claims of May 2021 that are not on record yet. What was corrected or withdrawn since stays so."""
    receipt = load_seed_claims(house, call_of(request, house))
    return LoadedClaims(
        stated=tuple(each.stream for each in receipt.streams),
        position=receipt.last_position,
        command_id=receipt.command_id,
    )


@get("/claims", sync_to_thread=True)
def list_claims(
    request: Asked,
    house: House,
    measure: FromQuery[str | None] = None,
    region: FromQuery[str | None] = None,
    claim_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[claims.ShownClaim]:
    """What sources said, by measure, region and time; the withdrawn among them. None of it is a count of ours. An empty
    `region` is the whole country.
    """
    house.desk.require(call_of(request, house), Operation.CLAIM_LIST)
    with house.views.reading() as views:
        page = claims.claim_page(
            views,
            measure=wanted("measure", measure, words.NATIONAL_MEASURES),
            region=wanted("region", region, (*REGIONS, COUNTRY)),
            state=wanted("claim_state", claim_state, words.CLAIM_STATES),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/claims/{key:uuid}", sync_to_thread=True)
def read_claim(request: Asked, house: House, key: FromPath[UUID]) -> Response[claims.ShownClaim]:
    """One claim as it stands: what its source says, who stated or changed it here, and when."""
    call = call_of(request, house)
    state = house.desk.load(claim.DECIDER, key).state
    house.desk.require(call, Operation.CLAIM_READ, relations.claim(key, state))
    with house.views.reading() as views:
        found = existing("claim", key, claims.claim(views, key))
        return versioned(found, found.version)


@post("/claims/{key:uuid}/correct", status_code=200, sync_to_thread=True)
def correct_claim(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[CorrectedClaim]) -> Response[Done]:
    """Say what the source says instead. What stood before stays on record."""
    call = call_of(request, house, data)
    command = CorrectClaim(claim=key, saying=data.saying, cause=data.cause, by=call.principal.account, at=now())
    return done(_change(house, call, Operation.CLAIM_CORRECT, command), key)


@post("/claims/{key:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_claim(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Withdrawal]) -> Response[Done]:
    """Take it from beside the counts. That it was stated stays on record."""
    call = call_of(request, house, data)
    command = WithdrawClaim(claim=key, cause=data.cause, by=call.principal.account)
    return done(_change(house, call, Operation.CLAIM_WITHDRAW, command), key)


def _change(house: House, call: Call, operation: Operation, command: CorrectClaim | WithdrawClaim) -> Receipt:
    key = command.claim
    return house.desk.perform(call, operation, claim.DECIDER, key, command, lambda state: relations.claim(key, state))


ROUTES = (state_claim, load_claims, list_claims, read_claim, correct_claim, withdraw_claim)
