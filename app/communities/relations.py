"""From a community, a station or a post to what the gate is asked about."""

from __future__ import annotations

from uuid import UUID

from app.access import resources
from app.access.resources import Absent, Resource
from app.desk import Desk
from domain.communities import community as communities
from domain.communities.community import Community
from domain.communities.post import Post
from domain.communities.station import Station


def community(key: UUID, state: Community | None) -> Resource | Absent:
    return Absent(of=resources.Community, key=key) if state is None else proposed_community(key, state.unit)


def proposed_community(key: UUID, unit: UUID) -> Resource:
    return resources.Community(key=key, unit=unit)


def station(desk: Desk, key: UUID, state: Station | None) -> Resource | Absent:
    if state is None:
        return Absent(of=resources.Station, key=key)
    return resources.Station(key=key, unit=_unit(desk, state.community))


def proposed_station(key: UUID, unit: UUID) -> Resource:
    return resources.Station(key=key, unit=unit)


def post(desk: Desk, account: UUID, state: Post | None) -> Resource | Absent:
    """Of the community where they are posted, or were last."""
    if state is None:
        return Absent(of=resources.Post, key=account)
    return proposed_post(account, _unit(desk, state.last))


def proposed_post(account: UUID, unit: UUID) -> Resource:
    return resources.Post(key=account, account=account, unit=unit)


def _unit(desk: Desk, key: UUID) -> UUID:
    """A station or a post stands in a community that exists, and no community is ever taken off the record."""
    state = desk.load(communities.DECIDER, key).state
    assert state is not None, f"the community {key} of a station or a post is not on record"
    return state.unit
