"""What communities are called, for the lists that name one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, ScalarSelect, String, Table, Uuid, select

from domain.communities.community import CommunityRegistered
from domain.event import Recorded
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
community_names = Table(
    "community_names",
    metadata,
    Column("community", Uuid, primary_key=True),
    Column("name", String, nullable=False),
)


def community_name_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The name of the community that a row of another list names; NULL where there is no such community."""
    named = community_names.alias()
    return select(named.c.name).where(named.c.community == column).scalar_subquery()


def _registered(rows: Rows, at: Recorded, event: CommunityRegistered) -> None:
    rows.put(community_names, community=at.stream, name=event.name)


VIEW = View(
    name="community-names",
    version=1,
    metadata=metadata,
    folds={CommunityRegistered: _registered},
)
