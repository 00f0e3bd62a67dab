"""Which attachments may not lie on the disk any more: the views propose them, and the record decides. Views may say
more than it, where an older backup of it was put back beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import structlog

from app.deployment import Deployment
from app.desk import Desk
from app.event_store.faults import EventUnreadable
from domain import child, prevention_case
from projections.case_queries import GoneAttachment, gone_attachments
from projections.database import ViewsDatabase


def gone_files(place: Deployment, desk: Desk, views: ViewsDatabase, of: UUID | None) -> Iterator[UUID]:
    """Those of all cases, or of one child's, that lie there still. One whose record cannot be read is passed over."""
    with views.reading() as connection:
        proposed = gone_attachments(connection, of)
    for each in proposed:
        if not place.attachment(each.attachment).exists():
            continue
        try:
            gone = _is_gone(desk, each)
        except EventUnreadable as fault:
            structlog.get_logger().warning("file not gone", attachment=str(each.attachment), fault=str(fault))
            continue
        if gone:
            yield each.attachment


def _is_gone(desk: Desk, each: GoneAttachment) -> bool:
    profile = desk.load(child.DECIDER, each.child).state
    if profile is not None and profile.erased:
        return True
    case = desk.load(prevention_case.DECIDER, each.case).state
    return case is not None and each.attachment in case.removed
