"""Handing a community over: one officer's post ends and the other's begins at the same instant, both or neither."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain import checks
from domain.communities.post import HANDED_OVER, EndPosting, Post, PostToCommunity, decide_end, decide_post
from domain.errors import Invalid
from domain.event import Event


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """To whom, since when and by whom is what `posting` says."""

    from_account: UUID
    posting: PostToCommunity


class HandedOver(NamedTuple):
    leaving: tuple[Event, ...]  # of the post of who leaves
    taking: tuple[Event, ...]  # of the post of who takes over


def decide_hand_over(leaving: Post | None, taking: Post | None, command: HandOver) -> HandedOver:
    to = command.posting
    if command.from_account == to.account:
        raise Invalid("to_account", "is who hands over", "name another officer")
    post = checks.existing("post", command.from_account, leaving)
    if post.community != to.community:
        raise Invalid("from_account", "is not posted to this community", "name who is; see GET /posts")
    ended_at: datetime = to.from_at
    end = EndPosting(account=command.from_account, ended_at=ended_at, cause=HANDED_OVER, by=to.by, at=to.at)
    return HandedOver(decide_end(leaving, end), decide_post(taking, to))
