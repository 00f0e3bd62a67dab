"""What a view is: its tables, and one function an event that changes their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import MetaData, Table

from domain.event import Event, Recorded
from projections.rows import Rows

# Changes rows for one event. Touches only rows that the event's own stream makes: so the order of different streams
# never matters, and a parked stream that is retried later ends where it would have ended.
Fold: TypeAlias = Callable[[Rows, Recorded, Any], None]

BESIDE = "__next"  # what the name of a table ends in while it is being rebuilt


class View(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A fold of the log into tables. A change of tables or folds raises `version`: it is then rebuilt.

    Tables carry unique constraints, no named indexes: those could not be made twice, live and beside.
    """

    name: str
    version: int
    metadata: MetaData
    folds: Mapping[type[Event], Fold]

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(self.metadata.sorted_tables)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of aggregates whose events it folds: the first words of their topics."""
        return frozenset(kind_of(event.TOPIC) for event in self.folds)


class Copy(msgspec.Struct, frozen=True, eq=False):
    """The tables of a view that are folded into: the live ones, or those being rebuilt beside them."""

    view: View
    label: str  # under which its dead letters stand
    metadata: MetaData
    tables: Mapping[Table, Table]  # the view's own table -> the one written to


def live(view: View) -> Copy:
    return Copy(view, view.name, view.metadata, {table: table for table in view.tables})


@cache
def beside(view: View) -> Copy:
    metadata = MetaData()
    tables = {table: table.to_metadata(metadata, name=table.name + BESIDE) for table in view.tables}
    return Copy(view, view.name + BESIDE, metadata, tables)


def kind_of(topic: str) -> str:
    return topic.partition(".")[0]
