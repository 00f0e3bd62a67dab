"""How many incidents against and by children there were, by region and month. What may be shown of it to whom is
`domain/suppression.py`'s and the policies'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, exists, func, select

from domain.classification import MISSING_CHILD
from projections.incident_board import OPEN, children, incidents

AGAINST = "against"
ROLE_OF_SIDE = MappingProxyType({AGAINST: "victim", "by": "offender"})


def counts(
    connection: Connection, side: str, months: Sequence[str], *, only: ColumnElement[bool] | None = None
) -> Mapping[tuple[str, str], int]:
    """The incidents that stand, by (region, month): those with a child on that side of them, whoever else is linked. A
    missing child is one, whether or not anybody has named it yet.

    `only` is what the reader may see, as a condition on the columns of `incidents`.
    """
    involved: ColumnElement[bool] = exists().where(
        children.c.incident == incidents.c.incident,
        children.c.role == ROLE_OF_SIDE[side],
        children.c.unlinked_at.is_(None),
    )
    if side == AGAINST:
        involved = involved | (incidents.c.kind == MISSING_CHILD)
    query = (
        select(incidents.c.region, incidents.c.month, func.count())
        .where(incidents.c.state == OPEN, incidents.c.month.in_(months), involved)
        .group_by(incidents.c.region, incidents.c.month)
    )
    if only is not None:
        query = query.where(only)
    return {(region, month): number for region, month, number in connection.execute(query)}
