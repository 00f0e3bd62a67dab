"""Whose certification for community police lapsed is posted no more: the community is free for somebody else."""

from __future__ import annotations

from datetime import datetime

from domain.communities.post import LAPSED, EndPosting, Post
from domain.ids import SYSTEM_ACTOR
from domain.officer import COMMUNITY, CertificationLapsed


def react(
    lapsed: CertificationLapsed, *, certified_again: bool, post: Post | None, at: datetime
) -> tuple[EndPosting, ...]:
    """The post ends as of the lapse, never before it began. Who was certified again meanwhile keeps it."""
    if lapsed.service != COMMUNITY or certified_again or post is None or post.community is None:
        return ()
    ended_at = max(lapsed.at, post.since)
    return (EndPosting(account=lapsed.account, ended_at=ended_at, cause=LAPSED, by=SYSTEM_ACTOR, at=at),)
