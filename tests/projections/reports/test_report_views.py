"""What the views of reports show after a history that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, true

from domain.communities.community import CommunityRegistered
from domain.event import Event, Meta
from domain.ids import report_words_id
from domain.log import Change
from domain.personal import Narrative, Reason
from domain.reports import events as was
from domain.sealed import Sealed
from domain.unit import UnitCreated
from projections.database import ViewsDatabase
from projections.projector import Projector
from projections.reports import board, public, timeline
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START

COMMUNITY, OTHER, UNIT, BY = (uuid4() for _ in range(4))
READ = was.ReportAcknowledged(by=BY)


class Told:
    """A history told event by event, a minute each."""

    def __init__(self, log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
        self.log, self.database, self.projector, self.now = log, database, projector, START

    def tell(self, stream: UUID, *events: Event) -> datetime:
        self.now += timedelta(minutes=1)
        meta = Meta(
            actor=BY,
            role="community-officer",
            purpose="prevention",
            command_id=uuid4(),
            correlation_id=uuid4(),
            recorded_at=self.now,
        )
        self.log.append([Change(stream, len(self.log.events(stream)), events)], meta)
        return self.now

    def submit(self, *events: Event, **more: object) -> UUID:
        stream = uuid4()
        facts: dict[str, object] = {"category": "lighting", "region": "UA-30", "community": COMMUNITY, "unit": UNIT}
        told = Sealed(report_words_id(stream), Narrative("Темно"))
        submitted = was.ReportSubmitted(
            **{"reporter": uuid4(), "anonymous": True, "narrative": told, **facts, **more}  # type: ignore[arg-type]
        )
        self.tell(stream, submitted, *events)
        return stream

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.projector.catch_up()
        assert self.projector.parked() == []
        with self.database.reading() as connection:
            yield connection


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def because() -> Sealed[Reason]:
    return Sealed(uuid4(), Reason("так"))


def test_a_report_as_it_stands(told: Told) -> None:
    due = START + timedelta(minutes=15)
    key = told.submit(latitude=50.45, longitude=30.52, due_at=due)
    at = told.tell(key, was.ReportEscalated(due_at=due))
    told.tell(key, READ, was.ReportTriaged(priority="urgent", by=BY))
    told.tell(key, was.ReportFollowedUp(narrative=Sealed(uuid4(), Narrative("І ще"))))
    closed = told.tell(key, was.ReportClosed(outcome="dealt-with", reason=because(), at=START, by=BY))
    with told.reading() as views:
        shown = board.report(views, key)
        assert shown is not None
        assert (shown.state, shown.priority, shown.outcome, shown.due_at) == ("closed", "urgent", "dealt-with", None)
        assert (shown.escalated_at, shown.changed_at, shown.version) == (at, closed, 6)
        assert shown.heard_at == closed - timedelta(minutes=1)
        assert len(timeline.timeline_page(views, key).items) == 6


def test_a_duplicate_goes_back_to_what_it_was(told: Told) -> None:
    first, key = told.submit(), told.submit(READ)
    told.tell(key, was.ReportMarkedDuplicate(of=first, by=BY))
    with told.reading() as views:
        assert board.duplicates_of(views, first) == (key,)
    told.tell(key, was.ReportDuplicateUndone(reason=because(), by=BY))
    with told.reading() as views:
        assert board.duplicates_of(views, first) == ()
        shown = board.report(views, key)
        assert shown is not None
        assert (shown.state, shown.duplicate_of) == ("acknowledged", None)


def test_overdue_until_somebody_acts(told: Told) -> None:
    due = START + timedelta(minutes=15)
    late, read = told.submit(due_at=due), told.submit(READ, due_at=due)
    weighed = told.submit(READ, was.ReportTriaged(priority="danger-to-life", due_at=due, by=BY))
    with told.reading() as views:
        assert board.overdue(views, due - timedelta(seconds=1)) == ()
        assert set(board.overdue(views, due)) == {late, weighed}
    told.tell(late, was.ReportEscalated(due_at=due))
    with told.reading() as views:
        assert set(board.overdue(views, due)) == {weighed}
    assert read


def test_escalated_to_the_duty_desks_of_the_region_alone(told: Told) -> None:
    desk, elsewhere, patrol = uuid4(), uuid4(), uuid4()
    for unit, region, kind in ((desk, "UA-30", "duty"), (elsewhere, "UA-46", "duty"), (patrol, "UA-30", "patrol")):
        told.tell(unit, UnitCreated(name=str(unit), region=region, kind=kind))
    key, quiet = told.submit(due_at=START), told.submit(due_at=START)
    told.tell(key, was.ReportEscalated(due_at=START))
    with told.reading() as views:
        assert board.duty_desks(views, "UA-30") == {desk}
        shown = {
            unit: [row.report for row in board.report_page(views, only=board.escalated_to(unit)).items]
            for unit in (desk, elsewhere, patrol)
        }
    assert shown == {desk: [key], elsewhere: [], patrol: []}
    assert quiet


def test_near_in_place_and_time(told: Told) -> None:
    key = told.submit(latitude=50.45, longitude=30.52)
    beside = told.submit(latitude=50.46, longitude=30.52, community=OTHER)
    blind = told.submit()
    told.submit(latitude=50.55, longitude=30.52)
    gone = told.submit(latitude=50.45, longitude=30.52)
    told.tell(gone, was.ReportMarkedDuplicate(of=key, by=BY))
    told.now += timedelta(days=30)
    told.submit(latitude=50.45, longitude=30.52)
    with told.reading() as views:
        assert board.near(views, key, days=14, degrees=0.02, only=true(), limit=9) == (beside, blind)
        assert board.near(views, key, days=14, degrees=0.02, only=true(), limit=1) == (beside,)
        assert board.near(views, uuid4(), days=14, degrees=0.02, only=true(), limit=9) == ()


def test_public_is_what_was_read_and_concerns_nobody(told: Told) -> None:
    told.tell(COMMUNITY, CommunityRegistered(name="Подільська", region="UA-30", unit=UNIT, by=BY))
    read = told.submit(READ, latitude=50.45, longitude=30.52)
    told.submit()
    told.submit(READ, category="bullying")
    with told.reading() as views:
        (shown,) = public.public_page(views).items
        assert (shown.report, shown.community_name, shown.month, shown.text) == (read, "Подільська", "2026-09", None)
        assert [each.name for each in public.named_communities(views, "UA-30")] == ["Подільська"]
        assert public.counts(views, ("2026-09",)) == {("UA-30", "2026-09"): 2}, (
            "the others: all three less the one shown"
        )
    words = Sealed(uuid4(), Narrative("Не горить ліхтар"))
    told.tell(read, was.ReportRedacted(narrative=words, by=BY))
    with told.reading() as views:
        (shown,) = public.public_page(views, community=COMMUNITY, category="lighting").items
        assert shown.text is not None
        assert shown.text.subject == words.subject
        assert public.public_page(views, community=OTHER).items == ()
    told.tell(read, was.ReportRedacted(by=BY))
    with told.reading() as views:
        assert public.public_page(views).items[0].text is None
