"""What the views of officers and of concerns show after a history that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from domain import concern, officer
from domain.event import Event, Meta
from domain.ids import officer_id
from domain.log import Change
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from projections import concerns, officers
from projections.database import ViewsDatabase
from projections.projector import Projector
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
UNIT, OTHER_UNIT, BY = uuid4(), uuid4(), uuid4()


class Told:
    """A history told event by event, a minute each, and folded at once."""

    def __init__(self, log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
        self.log, self.database, self.projector = log, database, projector
        self.now = START

    def tell(self, stream: UUID, *events: Event) -> datetime:
        """Returns when it was recorded."""
        self.now += MINUTE
        meta = Meta(
            actor=BY,
            role="supervisor",
            purpose="prevention",
            command_id=uuid4(),
            correlation_id=uuid4(),
            recorded_at=self.now,
        )
        self.log.append([Change(stream, len(self.log.events(stream)), events)], meta)
        return self.now

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.projector.catch_up()
        assert self.projector.parked() == []
        with self.database.reading() as connection:
            yield connection


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def raised(told: Told, *, days: int, unit: UUID = UNIT, child: UUID | None = None) -> UUID:
    stream = uuid4()
    told.tell(
        stream,
        concern.ConcernRaised(
            child=child or uuid4(),
            pseudonym="CH-4F2A",
            kind="missing-school",
            unit=unit,
            by=BY,
            narrative=Sealed(stream, Narrative("Не ходить до школи")),
            expires_at=START + days * DAY,
        ),
    )
    return stream


def why(stream: UUID) -> Sealed[Reason]:
    return Sealed(stream, Reason("так"))


def reviewed(stream: UUID, finding: str) -> Event:
    return concern.ConcernReviewed(finding=finding, by=BY, reason=why(stream))


class TestConcerns:
    def test_the_one_that_ends_soonest_comes_first(self, told: Told) -> None:
        later, sooner = raised(told, days=40), raised(told, days=10)
        elsewhere = raised(told, days=20, unit=OTHER_UNIT)
        with told.reading() as views:
            every = concerns.concern_page(views, told.now).items
            assert [each.concern for each in every] == [sooner, elsewhere, later]
            mine = concerns.concern_page(views, told.now, unit=UNIT)
            assert [each.concern for each in mine.items] == [sooner, later]
            soon = concerns.concern_page(views, told.now, expires_before=START + 15 * DAY)
            assert [each.concern for each in soon.items] == [sooner]
            first = concerns.concern_page(views, told.now, limit=2)
            rest = concerns.concern_page(views, told.now, limit=2, cursor=first.next_cursor)
            assert [each.concern for each in (*first.items, *rest.items)] == [sooner, elsewhere, later]

    def test_what_came_of_it(self, told: Told) -> None:
        stream = raised(told, days=30)
        at = told.tell(stream, reviewed(stream, "help-needed"))
        told.tell(stream, *(concern.HelpOffered(kind=kind, by=BY, reason=why(stream)) for kind in ("talk", "leisure")))
        with told.reading() as views:
            shown = concerns.concern(views, stream, told.now)
            assert shown is not None
            assert (shown.state, shown.finding, shown.offers_count) == ("help-offered", "help-needed", 2)
            assert (shown.reviewer, shown.reviewed_at, shown.version) == (BY, at, 4)
            offered = [(each.kind, each.version) for each in concerns.help_offered(views, stream)]
            assert offered == [("talk", 3), ("leisure", 4)]

    def test_dismissed(self, told: Told) -> None:
        stream = raised(told, days=30)
        told.tell(stream, reviewed(stream, "unclear"))
        at = told.tell(stream, concern.ConcernDismissed(cause="not-confirmed", by=BY, reason=why(stream)))
        with told.reading() as views:
            shown = concerns.concern(views, stream, told.now)
            assert shown is not None
            assert (shown.state, shown.dismissal, shown.dismissed_at) == ("dismissed", "not-confirmed", at)
            assert concerns.concern_page(views, told.now, expires_before=START + 90 * DAY).items == ()
            assert concerns.expired_unsaid(views, START + 90 * DAY) == (stream,)

    def test_expired_before_the_clockwork_says_so_and_after(self, told: Told) -> None:
        stream, over = raised(told, days=30), START + 30 * DAY
        with told.reading() as views:
            assert [c.state for c in concerns.concern_page(views, over - MINUTE).items] == ["raised"]
            assert [c.state for c in concerns.concern_page(views, over).items] == ["expired"]
            assert concerns.concern_page(views, over, expires_before=over + DAY).items == ()
            assert len(concerns.concern_page(views, over, state="expired").items) == 1
            assert concerns.expired_unsaid(views, over - MINUTE) == ()
            assert concerns.expired_unsaid(views, over) == (stream,)
        told.tell(stream, concern.ConcernExpired(at=over))
        with told.reading() as views:
            assert concerns.expired_unsaid(views, over) == ()
            assert [c.version for c in concerns.concern_page(views, over, state="expired").items] == [2]

    def test_whose_words_are_to_be_destroyed(self, told: Told) -> None:
        (first, second, waits), over = (raised(told, days=days) for days in (10, 20, 400)), START + 30 * DAY
        record, later = uuid4(), uuid4()
        told.tell(first, reviewed(record, "unclear"))
        for stream in (first, second):
            told.tell(stream, concern.ConcernExpired(at=over))
        with told.reading() as views:
            assert concerns.words_not_destroyed(views, limit=9) == tuple(sorted((first, second)))
            assert concerns.words_not_destroyed(views, limit=1) == (min(first, second),)
        told.tell(second, concern.WordsDestroyed(records=(second,)))
        told.tell(first, concern.WordsDestroyed(records=(first,)))
        with told.reading() as views:
            assert concerns.words_not_destroyed(views, limit=9) == (first,), "a record was missed"
        at = told.tell(first, concern.WordsDestroyed(records=(record,)))
        with told.reading() as views:
            assert concerns.words_not_destroyed(views, limit=9) == ()
            shown = concerns.concern(views, first, told.now)
            assert shown is not None
            assert (shown.state, shown.words_destroyed_at, shown.version) == ("expired", at, 5)
            unexpired = concerns.concern(views, waits, told.now)
            assert unexpired is not None
            assert unexpired.words_destroyed_at is None
        told.tell(second, reviewed(later, "unclear"), concern.ConcernExpired(at=over))
        with told.reading() as views:
            assert concerns.words_not_destroyed(views, limit=9) == (second,), "written since"

    def test_of_one_child(self, told: Told) -> None:
        child = uuid4()
        mine, _ = raised(told, days=30, child=child), raised(told, days=30)
        with told.reading() as views:
            assert [each.concern for each in concerns.concern_page(views, told.now, child=child).items] == [mine]


def selected(told: Told, unit: UUID = UNIT) -> UUID:
    account = uuid4()
    told.tell(officer_id(account), officer.CandidateSelected(account=account, unit=unit, by=BY))
    return account


def trained(told: Told, account: UUID, course: str = "juvenile-prevention") -> None:
    told.tell(officer_id(account), officer.TrainingCompleted(course=course, completed_at=told.now, by=BY))


def certified(told: Told, account: UUID, days: int) -> None:
    told.tell(officer_id(account), officer.OfficerCertified(until=START + days * DAY, by=BY))


class TestOfficers:
    def test_the_pipeline_of_training(self, told: Told) -> None:
        candidate, pupil, ready, elsewhere = selected(told), selected(told), selected(told), selected(told, OTHER_UNIT)
        trained(told, pupil, "school-work")
        for account in (ready, elsewhere):
            trained(told, account)
        certified(told, elsewhere, 100)
        with told.reading() as views:
            assert {each.account: each.state for each in officers.officer_page(views, told.now).items} == {
                candidate: "candidate",
                pupil: "candidate",
                ready: "trained",
                elsewhere: "certified",
            }
            counts = {row.unit: row for row in officers.pipeline(views, told.now)}
            mine, theirs = counts[UNIT], counts[OTHER_UNIT]
            assert (mine.candidates, mine.trained, mine.certified, mine.lapsed) == (2, 1, 0, 0)
            assert (theirs.candidates, theirs.trained, theirs.certified, theirs.lapsed) == (0, 0, 1, 0)
            later = officers.pipeline(views, START + 100 * DAY, only=officers.officers.c.unit == OTHER_UNIT)
            assert [(row.certified, row.lapsed) for row in later] == [(0, 1)]
            assert [t.course for t in officers.trainings_of(views, officer_id(pupil))] == ["school-work"]

    def test_certified_until_and_soon_over(self, told: Told) -> None:
        soon, long = selected(told), selected(told)
        for account, days in ((soon, 10), (long, 300)):
            trained(told, account)
            certified(told, account, days)
        with told.reading() as views:
            before = officers.officer_page(views, told.now, lapses_before=START + 30 * DAY)
            assert [each.account for each in before.items] == [soon]
            assert set(officers.certified_in(views, UNIT, told.now)) == {soon, long}
            assert officers.certified_in(views, OTHER_UNIT, told.now) == []
            over = START + 10 * DAY
            assert officers.certified_in(views, UNIT, over) == [long]
            assert (officers.lapsed_unsaid(views, over - MINUTE), officers.lapsed_unsaid(views, over)) == ((), (soon,))
        told.tell(officer_id(soon), officer.CertificationLapsed(account=soon, unit=UNIT, cause="time-over", at=over))
        with told.reading() as views:
            assert officers.lapsed_unsaid(views, over) == ()
            shown = officers.officer(views, soon, over)
            assert shown is not None
            assert (shown.state, shown.lapsed_at, shown.lapse_cause) == ("lapsed", over, "time-over")
        trained(told, soon)
        certified(told, soon, 400)
        with told.reading() as views:
            shown = officers.officer(views, soon, over)
            assert shown is not None
            assert (shown.state, shown.lapsed_at, shown.lapse_cause) == ("certified", None, None)

    def test_training_while_certified_changes_no_state(self, told: Told) -> None:
        account = selected(told)
        trained(told, account)
        certified(told, account, 100)
        trained(told, account)
        with told.reading() as views:
            shown = officers.officer(views, account, told.now)
            assert shown is not None
            assert (shown.state, shown.version) == ("certified", 4)
