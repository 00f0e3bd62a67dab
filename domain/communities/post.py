"""The post of a community police officer: one community at a time, in which the officer lives.

A stream an account, through all its posts. That the officer lives in the community is attested by whoever posts them,
who is never the officer. A posting may be entered later than it began: `from_at` and `at` are when it was so.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.communities.words import POSTING_ENDS
from domain.decider import Decider
from domain.errors import DomainError, Invalid, WrongState
from domain.event import Event
from domain.officer import COMMUNITY, ROLE_OF

OFFICER_ROLE = ROLE_OF[COMMUNITY]  # that whoever is posted holds
DECIDED, HANDED_OVER, LAPSED = "decided", "handed-over", "certification-lapsed"  # of words.POSTING_ENDS


class OwnPosting(DomainError):
    """Nobody says of themselves that they live where they are to serve."""

    code = "own-posting"

    def __init__(self) -> None:
        super().__init__("nobody posts themselves; ask another supervisor of the unit")


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
    cause: str = DECIDED  # words.POSTING_ENDS


class PostToCommunity(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.post_id(account)`."""

    account: UUID
    unit: UUID | None  # that the account serves in
    community: UUID
    community_unit: UUID  # that serves the community
    roles: frozenset[str]  # that the account holds in service
    qualified_at: datetime | None  # domain.officer.qualified_at: None where they are not certified now
    from_at: datetime
    residence_attested: bool
    by: UUID
    at: datetime


class EndPosting(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    ended_at: datetime
    cause: str = DECIDED
    by: UUID
    at: datetime


PostCommand: TypeAlias = PostToCommunity | EndPosting


class Post(msgspec.Struct, frozen=True):
    account: UUID
    community: UUID | None  # None: posted nowhere now
    since: datetime
    last: UUID  # the community of the last posting, also once it ended


def decide_post(state: Post | None, command: PostToCommunity) -> tuple[Event, ...]:
    if command.by == command.account:
        raise OwnPosting
    if OFFICER_ROLE not in command.roles:
        raise Invalid("account", f"{command.account} is no {OFFICER_ROLE} in service", "name somebody who is one")
    if command.unit != command.community_unit:
        raise Invalid("account", "serves in another unit than the community's", "name an officer of that unit")
    if command.qualified_at is None:
        raise Invalid("account", "is not certified for community police", "certify them first, by POST /officers")
    if state is not None and state.community is not None:
        raise WrongState("post", command.account, f"posted to {state.community}", "end that posting first")
    if not command.residence_attested:
        raise Invalid("residence_attested", "is not so", "post an officer who lives in the community, and attest it")
    from_at = checks.past("from_at", command.from_at, command.at)
    if from_at < command.qualified_at:
        raise Invalid("from_at", "lies before the officer was trained for it", "give a later time")
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
    cause = checks.one_of("cause", command.cause, POSTING_ENDS)
    return (PostingEnded(community=post.community, at=ended_at, by=command.by, cause=cause),)


def evolve_posted(state: Post | None, event: PostedToCommunity) -> Post:
    return Post(account=event.account, community=event.community, since=event.from_at, last=event.community)


def evolve_ended(state: Post, event: PostingEnded) -> Post:
    return replace(state, community=None, since=event.at)


DECIDER: Decider[PostCommand, Post] = Decider(
    kind="post",
    decides={PostToCommunity: decide_post, EndPosting: decide_end},
    evolves={PostedToCommunity: evolve_posted, PostingEnded: evolve_ended},
)
