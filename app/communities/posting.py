"""Posting officers to communities, and handing a community over: what a post rests on is named in the decision, so
that whoever loses certification, role or account meanwhile is not posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app import relations as people_relations
from app.access.operations import Operation
from app.call import Call, now
from app.communities import relations
from app.composition import Services
from app.desk import expect
from domain import account, officer
from domain.checks import existing
from domain.communities import community, post
from domain.communities.handing_over import HandOver, decide_hand_over
from domain.communities.post import PostToCommunity
from domain.ids import officer_id, post_id
from domain.log import Change, Receipt


class NewPosting(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    community: UUID
    from_at: datetime
    residence_attested: bool


def appoint(house: Services, call: Call, new: NewPosting) -> Receipt:
    """Raises as `Desk.perform` does; NotFound where the caller may not know of account or community."""

    def decide() -> Sequence[Change]:
        command, guards = _posting(house, call, Operation.POST_APPOINT, new)
        loaded = house.desk.load(post.DECIDER, post_id(new.account))
        expect(call, loaded)
        return Change(loaded.stream, loaded.version, post.DECIDER.decide(loaded.state, command)), *guards

    return house.desk.commit(call, Operation.POST_APPOINT, decide)


def hand_over(house: Services, call: Call, from_account: UUID, new: NewPosting) -> Receipt:
    """The post of `from_account` ends and that of `new.account` begins, in one append. Raises as `appoint` does."""

    def decide() -> Sequence[Change]:
        _require_account(house, call, from_account)
        command, guards = _posting(house, call, Operation.POST_HAND_OVER, new)
        leaving = house.desk.load(post.DECIDER, post_id(from_account))
        taking = house.desk.load(post.DECIDER, post_id(new.account))
        expect(call, leaving)
        decided = decide_hand_over(leaving.state, taking.state, HandOver(from_account=from_account, posting=command))
        return (
            Change(leaving.stream, leaving.version, decided.leaving),
            Change(taking.stream, taking.version, decided.taking),
            *guards,
        )

    return house.desk.commit(call, Operation.POST_HAND_OVER, decide)


def _posting(
    house: Services, call: Call, operation: Operation, new: NewPosting
) -> tuple[PostToCommunity, tuple[Change, ...]]:
    """The command, once the gate let the caller through, and the streams that it rests on."""
    holder = _require_account(house, call, new.account)
    of = house.desk.load(community.DECIDER, new.community)
    house.desk.require(call, Operation.COMMUNITY_READ, relations.community(new.community, of.state))
    unit = existing("community", new.community, of.state).unit
    house.desk.require(call, operation, relations.proposed_post(new.account, unit))
    roles, guards = house.people.guarded_roles(new.account)
    trained = house.desk.load(officer.DECIDER, officer_id(new.account, officer.COMMUNITY))
    at = now()
    command = PostToCommunity(
        account=new.account,
        unit=holder.unit,
        community=new.community,
        community_unit=unit,
        roles=roles,
        qualified_at=officer.qualified_at(trained.state, at),
        from_at=new.from_at,
        residence_attested=new.residence_attested,
        by=call.principal.account,
        at=at,
    )
    rests_on = (Change(of.stream, of.version, ()), Change(trained.stream, trained.version, ()))
    return command, (*rests_on, *guards)


def _require_account(house: Services, call: Call, key: UUID) -> account.Account:
    """Raises NotFound where the caller may not know of it."""
    state = house.desk.load(account.DECIDER, key).state
    house.desk.require(call, Operation.ACCOUNT_READ, people_relations.account(key, state))
    return existing("account", key, state)
