"""What the views of schools and initiatives show after a history that a person can follow."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.communities.community import CommunityRegistered
from domain.initiatives import initiative_events as of_initiative
from domain.personal import HelpPerson, Narrative
from domain.schools import school_events as of_school
from domain.sealed import Sealed
from projections.database import ViewsDatabase
from projections.initiatives import board as initiatives
from projections.initiatives import commitments
from projections.projector import Projector
from projections.schools import board, sessions
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START
from tests.projections.test_concern_views import BY, DAY, Told

HERE, THERE, POLICE, PREVENTION = (uuid4() for _ in range(4))


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def registered(told: Told, name: str, *, community: UUID = HERE, region: str = "UA-30") -> UUID:
    stream = uuid4()
    told.tell(
        stream,
        of_school.SchoolRegistered(
            name=name,
            community=community,
            region=region,
            unit=uuid4(),
            police_unit=POLICE,
            prevention_unit=PREVENTION,
            by=BY,
        ),
    )
    return stream


def held(told: Told, school: UUID, day: int, count: int, audience: str = "pupils") -> UUID:
    session, group = uuid4(), "upper-school" if audience == "pupils" else "adults"
    told.tell(
        school,
        of_school.SessionHeld(
            session=session,
            subject="mines",
            audience=audience,
            groups=(of_school.AudienceGroup(age_group=group, count=count),),
            held_at=START + day * DAY,
            by=BY,
        ),
    )
    return session


def committed(told: Told, stream: UUID, due: int, remind: int) -> UUID:
    commitment = uuid4()
    told.tell(
        stream,
        of_initiative.CommitmentMade(
            commitment=commitment,
            body="Відділ благоустрою",
            what="Освітити тротуар",
            made_at=START,
            due_at=START + due * DAY,
            remind_at=START + remind * DAY,
            by=BY,
        ),
    )
    return commitment


def launched(told: Told) -> UUID:
    stream = uuid4()
    event = of_initiative.InitiativeLaunched(title="Шлях", community=HERE, region="UA-30", unit=POLICE, by=BY)
    told.tell(stream, event)
    return stream


class TestSchools:
    def test_by_name_and_place(self, told: Told) -> None:
        second, first = registered(told, "Школа 2"), registered(told, "Школа 1")
        elsewhere = registered(told, "Школа 3", community=THERE, region="UA-46")
        with told.reading() as views:
            assert [each.school for each in board.school_page(views).items] == [first, second, elsewhere]
            assert [each.school for each in board.school_page(views, community=THERE).items] == [elsewhere]
            assert [each.school for each in board.school_page(views, region="UA-30", limit=1).items] == [first]

    def test_the_passport_in_force_and_those_before(self, told: Told) -> None:
        school = registered(told, "Школа 1")
        point = of_school.CheckedPoint(point="shelter", met=False, checked_at=START)
        told.tell(school, of_school.PassportUpdated(points=(point,), by=BY))
        met = of_school.CheckedPoint(point="guard", met=True, checked_at=START)
        told.tell(school, of_school.PassportUpdated(points=(point, met), by=BY))
        with told.reading() as views:
            shown = board.school(views, school)
            assert shown is not None
            assert (shown.passport_version, shown.points_met, shown.points_checked, shown.version) == (3, 1, 2, 3)
            assert [each.points for each in board.passports_of(views, school)] == [(point, met), (point,)]

    def test_contacts_that_stand(self, told: Told) -> None:
        school, stays, leaves = registered(told, "Школа 1"), uuid4(), uuid4()
        for contact in (stays, leaves):
            person = Sealed(contact, HelpPerson(full_name="Леся Гнатюк"))
            told.tell(school, of_school.HelpContactNamed(contact=contact, role="nurse", person=person, by=BY))
        told.tell(school, of_school.HelpContactWithdrawn(contact=leaves, by=BY))
        with told.reading() as views:
            assert [each.contact for each in board.contacts_of(views, school)] == [stays]

    def test_sessions_are_counted_by_place_and_month(self, told: Told) -> None:
        told.tell(HERE, CommunityRegistered(name="Подільська", region="UA-30", unit=POLICE, by=BY))
        school, other = registered(told, "Школа 1"), registered(told, "Школа 2", community=THERE, region="UA-46")
        held(told, school, 1, 20)
        held(told, school, 2, 12, "parents")
        held(told, school, 31, 9)
        mistaken = held(told, school, 3, 700)
        told.tell(school, of_school.SessionWithdrawn(session=mistaken, by=BY))
        held(told, other, 1, 5)
        months = ("2026-09", "2026-10")
        with told.reading() as views:
            rows = sessions.counts(views, sessions.COMMUNITY, months)
            found = {(each.place, each.name, each.month): each for each in rows}
            assert set(found) == {
                (str(HERE), "Подільська", "2026-09"),
                (str(HERE), "Подільська", "2026-10"),
                (str(THERE), None, "2026-09"),
            }
            first = found[str(HERE), "Подільська", "2026-09"]
            assert (first.sessions, first.pupils, first.adults) == (2, 20, 12)
            by_region = sessions.counts(views, sessions.REGION, months[1:])
            assert [(each.place, each.sessions, each.pupils) for each in by_region] == [("UA-30", 1, 9)]
            calendar = sessions.session_page(views, from_at=START + DAY, to_at=START + 3 * DAY).items
            assert [each.held_at for each in calendar] == [START + DAY, START + DAY, START + 2 * DAY]
            assert {(each.people, each.school_name) for each in calendar} == {
                (20, "Школа 1"),
                (12, "Школа 1"),
                (5, "Школа 2"),
            }
            assert [each.people for each in sessions.session_page(views, community=THERE).items] == [5]


class TestInitiatives:
    def test_what_is_due_first_comes_first_and_ends_by_itself(self, told: Told) -> None:
        stream = launched(told)
        later, sooner = committed(told, stream, 40, 33), committed(told, stream, 10, 3)
        with told.reading() as views:

            def shown(at: int, **filters: object) -> list[tuple[UUID, str]]:
                page = commitments.commitment_page(views, START + at * DAY, **filters)  # type: ignore[arg-type]
                return [(each.commitment, each.state) for each in page.items]

            assert shown(1) == [(sooner, "open"), (later, "open")]
            assert shown(10) == [(sooner, "missed"), (later, "open")]
            assert shown(10, state="missed") == [(sooner, "missed")]
            assert shown(10, due_before=START + 90 * DAY) == [(later, "open")]
            assert shown(1, due_before=START + 20 * DAY) == [(sooner, "open")]
            assert shown(1, initiative=uuid4()) == shown(1, community=THERE) == shown(1, region="UA-46") == []

    def test_what_the_clock_has_to_say(self, told: Told) -> None:
        stream, quiet = launched(told), launched(told)
        first, second = committed(told, stream, 10, 3), committed(told, stream, 40, 33)
        committed(told, quiet, 90, 83)
        hour = timedelta(hours=1)
        with told.reading() as views:
            assert commitments.to_be_reminded(views, START + 3 * DAY - hour) == ()
            assert commitments.to_be_reminded(views, START + 3 * DAY) == (stream,)
            assert commitments.to_be_reminded(views, START + 10 * DAY) == ()
            assert commitments.lapsed_unsaid(views, START + 10 * DAY - hour) == ()
            assert commitments.lapsed_unsaid(views, START + 10 * DAY) == (stream,)
        told.tell(stream, of_initiative.CommitmentReminded(commitment=first, due_at=START + 10 * DAY))
        with told.reading() as views:
            assert commitments.to_be_reminded(views, START + 3 * DAY) == ()
        told.tell(stream, of_initiative.CommitmentMissed(commitment=first, at=START + 10 * DAY))
        with told.reading() as views:
            assert commitments.lapsed_unsaid(views, START + 10 * DAY) == ()
            assert commitments.to_be_reminded(views, START + 34 * DAY) == (stream,)
        told.tell(stream, of_initiative.CommitmentKept(commitment=second, kept_at=START + 41 * DAY, by=BY))
        told.tell(stream, of_initiative.CommitmentKept(commitment=first, kept_at=START + 10 * DAY, by=BY))
        with told.reading() as views:
            assert commitments.lapsed_unsaid(views, START + 50 * DAY) == ()
            page = commitments.commitment_page(views, START + 50 * DAY, initiative=stream)
            assert [each.state for each in page.items] == ["kept", "kept-late"]

    def test_issues_and_how_many_there_are(self, told: Told) -> None:
        stream, issue = launched(told), uuid4()
        said = Sealed(uuid4(), Narrative("Темно"))
        told.tell(
            stream,
            of_initiative.IssueRaised(issue=issue, category="lighting", met_at=START, narrative=said, by=BY),
        )
        committed(told, stream, 40, 33)
        with told.reading() as views:
            shown = initiatives.initiative(views, stream)
            assert shown is not None
            assert (shown.issues_count, shown.commitments_count, shown.version) == (1, 1, 3)
            assert [(each.issue, each.category) for each in initiatives.issues_of(views, stream)] == [
                (issue, "lighting")
            ]
            newest = launched(told)
        with told.reading() as views:
            assert [each.initiative for each in initiatives.initiative_page(views).items] == [newest, stream]
            assert initiatives.initiative_page(views, community=THERE).items == ()
