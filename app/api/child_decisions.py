"""Decisions about profiles of children over HTTP: which are of one child, and whose identity goes."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import FromPath, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, done, done_with
from app.api.calls import Asked, House, call_of
from app.api.child_bodies import NewChildErasure, OtherProfile
from app.api.people import Reasoned
from app.call import Call, now
from app.lists import case_columns, concern_columns, condition
from domain.child_erasure import AgreeToChildErasure, RefuseChildErasure, RequestChildErasure
from domain.child_merging import MergeProfiles, UnmergeProfiles
from domain.log import Receipt
from domain.personal import Reason
from domain.sealed import Sealed
from projections import child_queries
from projections.child_timeline import CASE, CONCERN


class ErasureDone(Done, frozen=True, kw_only=True):
    """Of the child: the cases and concerns that are open, and whose words go with it. By id those that the caller may
    know of; of the others, how many there are. A case takes no more than its end then, and a concern nothing.
    """

    open_cases: tuple[UUID, ...]
    open_concerns: tuple[UUID, ...]
    other_cases: int
    other_concerns: int


@post("/children/{key:uuid}/merge", status_code=200, sync_to_thread=True)
def merge_profiles(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[OtherProfile]) -> Response[Done]:
    """Declare that another profile is of the same child, and go on with this one. Both keep their histories."""
    call = call_of(request, house, data)
    command = MergeProfiles(survivor=key, other=data.other, reason=Sealed(call.new_record(), Reason(data.reason)))
    return done(house.childhood.profiles.merge(call, command), key)


@post("/children/{key:uuid}/unmerge", status_code=200, sync_to_thread=True)
def unmerge_profiles(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[OtherProfile]) -> Response[Done]:
    """Declare that a profile that was merged into this one is of another child after all: both are as they were, each
    with what was recorded of it since.
    """
    call = call_of(request, house, data)
    command = UnmergeProfiles(survivor=key, other=data.other, reason=Sealed(call.new_record(), Reason(data.reason)))
    return done(house.childhood.profiles.unmerge(call, command), key)


@post("/children/{key:uuid}/erasure", status_code=200, sync_to_thread=True)
def request_child_erasure(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewChildErasure]
) -> Response[ErasureDone]:
    """Ask for a child's identity to be erased; a supervisor of the unit decides, who is another person."""
    call = call_of(request, house, data)
    reason = Sealed(key, Reason(data.reason))
    command = RequestChildErasure(child=key, order=data.order, by=call.principal.account, reason=reason)
    return _told(house, call, house.childhood.profiles.erasure(call, Operation.CHILD_REQUEST_ERASURE, command), key)


@post("/children/{key:uuid}/erasure/agree", status_code=200, sync_to_thread=True)
def agree_to_child_erasure(request: Asked, house: House, key: FromPath[UUID]) -> Response[ErasureDone]:
    """Agree to it: from now on nobody opens who the child was, and within seconds nothing can. It goes with what was
    merged into the profile, and with every sealed record that names the child.
    """
    call = call_of(request, house)
    command = AgreeToChildErasure(child=key, by=call.principal.account)
    receipt = house.childhood.profiles.erasure(call, Operation.CHILD_DECIDE_ERASURE, command)
    house.childhood.erasures.wake()
    return _told(house, call, receipt, key)


@post("/children/{key:uuid}/erasure/refuse", status_code=200, sync_to_thread=True)
def refuse_child_erasure(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Refuse it; it may be asked for again."""
    call = call_of(request, house, data)
    reason = Sealed(key, Reason(data.reason))
    command = RefuseChildErasure(child=key, by=call.principal.account, reason=reason)
    return done(house.childhood.profiles.erasure(call, Operation.CHILD_DECIDE_ERASURE, command), key)


def _told(house: House, call: Call, receipt: Receipt, key: UUID) -> Response[ErasureDone]:
    at = now()
    only = {
        CASE: condition(house, call, Operation.CASE_LIST, case_columns()),
        CONCERN: condition(house, call, Operation.CONCERN_LIST, concern_columns(at)),
    }
    house.desk.caught_up()
    with house.views.reading() as views:
        under_way = child_queries.open_of(views, key, at, only=only)
    return done_with(ErasureDone, receipt, key, **msgspec.structs.asdict(under_way))


ROUTES = (merge_profiles, unmerge_profiles, request_child_erasure, agree_to_child_erasure, refuse_child_erasure)
