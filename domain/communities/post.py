"""The post of a community police officer: one community at a time, in which the officer lives.

A stream an account, through all its posts. That the officer lives in the community is attested by whoever posts them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import Invalid, WrongState
from domain.event import Event

OFFICER_ROLE = "community-officer"  # that whoever is posted holds


class PostedToCommunity(Event, frozen=True, kw_only=True):
    TOPIC = "post.posted"

    account: UUID
    community: UUID
    from_at: datetime
    residence_attested: bool  # by `by`: the officer lives in the community
    by: UUID


class PostingEnded(Event, frozen=True, kw_only=True):
    TOPIC = "post.ended"

    community: UUID
    at: datetime
    by: UUID


class PostToCommunity(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.post_id(account)`."""

    account: UUID
    community: UUID
    roles: frozenset[str]  # that the account holds in service
    from_at: datetime
    residence_attested: bool
    by: UUID
    at: datetime


class EndPosting(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    ended_at: datetime
    by: UUID
    at: datetime


PostCommand: TypeAlias = PostToCommunity | EndPosting


class Post(msgspec.Struct, frozen=True):
    account: UUID
    community: UUID | None  # None: posted nowhere now
    since: datetime


def decide_post(state: Post | None, command: PostToCommunity) -> tuple[Event, ...]:
    if OFFICER_ROLE not in command.roles:
        raise Invalid("account", f"{command.account} is no {OFFICER_ROLE} in service", "name somebody who is one")
    if state is not None and state.community is not None:
        raise WrongState("post", command.account, f"posted to {state.community}", "end that posting first")
    if not command.residence_attested:
        raise Invalid("residence_attested", "is not so", "post an officer who lives in the community, and attest it")
    from_at = checks.past("from_at", command.from_at, command.at)
    if state is not None and from_at < state.since:
        raise Invalid("from_at", "lies before the end of the last posting", "give a later time")
    return (
        PostedToCommunity(
            account=command.account,
            community=command.community,
            from_at=from_at,
            residence_attested=True,
            by=command.by,
        ),
    )


def decide_end(state: Post | None, command: EndPosting) -> tuple[Event, ...]:
    post = checks.existing("post", command.account, state)
    if post.community is None:
        raise WrongState("post", command.account, "ended", "nothing is left to do")
    ended_at = checks.past("ended_at", command.ended_at, command.at)
    if ended_at < post.since:
        raise Invalid("ended_at", "lies before the posting began", "give a later time")
    return (PostingEnded(community=post.community, at=ended_at, by=command.by),)


def evolve_posted(state: Post | None, event: PostedToCommunity) -> Post:
    return Post(account=event.account, community=event.community, since=event.from_at)


def evolve_ended(state: Post, event: PostingEnded) -> Post:
    return replace(state, community=None, since=event.at)


DECIDER: Decider[PostCommand, Post] = Decider(
    kind="post",
    decides={PostToCommunity: decide_post, EndPosting: decide_end},
    evolves={PostedToCommunity: evolve_posted, PostingEnded: evolve_ended},
)
