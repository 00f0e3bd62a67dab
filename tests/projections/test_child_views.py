"""Profiles of children and their timeline, after a history that a person can follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import ColumnElement, Connection, false, true

from domain import child_events, incident
from domain import prevention_case_events as case_facts
from domain.concern import ConcernExpired, ConcernRaised, ConcernReviewed
from domain.event import Event
from domain.personal import ChildIdentity, Narrative, Reason
from domain.prevention_case_events import CaseClosed, CaseOpened
from domain.sealed import Sealed
from projections import child_profiles, child_queries, child_timeline, sealed_records
from projections.child_profiles import profiles
from projections.child_timeline import CASE, CASE_SEEN, CHILD, CONCERN, INCIDENT, STRANDS
from projections.database import ViewsDatabase
from projections.incident_board import incidents
from projections.projector import Projector
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START
from tests.projections.test_views import Told, recorded

EVERYTHING = {CHILD: true(), INCIDENT: true(), CASE: true(), CASE_SEEN: false(), CONCERN: true()}


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def registered(child: UUID, number: int = 1, unit: UUID | None = None, **more: object) -> Event:
    return child_events.ChildRegistered(
        pseudonym=f"CH-{number:04}",
        unit=unit or UUID(int=11),
        identity=Sealed(child, ChildIdentity(surname="Сірко")),
        **more,  # type: ignore[arg-type]
    )


def linked(child: UUID, role: str = "victim") -> Event:
    return incident.ChildLinked(child=child, pseudonym="CH-0001", role=role)


def unlinked(of: UUID, child: UUID, role: str = "victim") -> Event:
    return incident.ChildUnlinked(child=child, role=role, reason=Sealed(of, Reason("by mistake")))


def case_opened(case: UUID, child: UUID, unit: UUID | None = None) -> Event:
    return case_facts.CaseOpened(
        child=child,
        pseudonym="CH-0001",
        ground="bullying",
        unit=unit or uuid4(),
        term_ends=START,
        reason=Sealed(case, Reason("x")),
    )


def concern_raised(concern: UUID, child: UUID, *, expires_at: datetime, names: tuple[UUID, ...] = ()) -> Event:
    return ConcernRaised(
        child=child,
        pseudonym="CH-0001",
        kind="running-away",
        unit=uuid4(),
        by=uuid4(),
        narrative=Sealed(concern, Narrative("x")),
        names=names,
        expires_at=expires_at,
    )


def topics(told: Told, child: UUID, only: dict[str, object] | None = None) -> list[str]:
    with told.reading() as connection:
        page = child_timeline.timeline_page(connection, child, told.now, only=only or EVERYTHING)  # type: ignore[arg-type]
    assert [entry.position for entry in page.items] == sorted(entry.position for entry in page.items)
    return [entry.topic for entry in page.items]


def entries(
    connection: Connection, told: Told, child: UUID, only: dict[str, ColumnElement[bool]], topic: str
) -> list[child_timeline.ChildEntry]:
    found = child_timeline.timeline_page(connection, child, told.now, only=only).items
    return [entry for entry in found if entry.topic.startswith(topic)]


def test_a_profile_through_its_phases(told: Told) -> None:
    one, other, by = uuid4(), uuid4(), uuid4()
    told.tell(one, registered(one))
    told.tell(other, registered(other, 2))
    told.tell(one, child_events.NarrativeAdded(narrative=Sealed(uuid4(), Narrative("x"))))
    told.tell(one, child_events.ProfilesMerged(other=other, reason=Sealed(uuid4(), Reason("one"))))
    told.tell(other, child_events.MergedInto(survivor=one))
    with told.reading() as connection:
        found = child_profiles.profile(connection, one)
        assert found is not None
        assert (found.phase, found.narratives, found.version) == ("registered", 1, 3)
        (merged,) = child_profiles.merged_into(connection, one)
        assert (merged.child, merged.phase, merged.survivor) == (other, "merged", one)
        assert [each.child for each in child_profiles.profile_page(connection, phase="merged").items] == [other]
        mine = child_profiles.profile_page(connection, only=profiles.c.unit == uuid4())
        assert mine.items == ()
    told.tell(one, child_events.ProfilesUnmerged(other=other, reason=Sealed(uuid4(), Reason("two"))))
    told.tell(other, child_events.MergeUndone(survivor=one))
    told.tell(one, child_events.ChildErasureRequested(order="12-з", by=by, reason=Sealed(one, Reason("x"))))
    with told.reading() as connection:
        assert child_profiles.merged_into(connection, one) == ()
        found = child_profiles.profile(connection, one)
        assert found is not None
        assert (found.erasure_order, found.erasure_asked_by) == ("12-з", by)
    told.tell(one, child_events.IdentityErased(order="12-з", requested_by=by, by=uuid4()))
    with told.reading() as connection:
        assert [*sealed_records.not_destroyed(connection)] == [one]
    at = told.tell(one, child_events.IdentityDestroyed(records=3))
    with told.reading() as connection:
        assert sealed_records.not_destroyed(connection) == {}
        found = child_profiles.profile(connection, one)
        assert found is not None
        assert (found.phase, found.destroyed_at) == ("erased", at)


def test_a_case_and_a_concern_are_records_of_their_child(told: Told) -> None:
    """Whoever erases the child destroys their keys too."""
    child, named, case, raised = (uuid4() for _ in range(4))
    told.tell(case, case_opened(case, child))
    told.tell(raised, concern_raised(raised, child, expires_at=START, names=(named,)))
    with told.reading() as connection:
        assert {*sealed_records.records_naming(connection, child)} == {case, raised}
        assert {*sealed_records.records_naming(connection, named)} == {raised}


def test_what_lists_nobody_names_whomever_its_thing_does(told: Told) -> None:
    """Reasons, and all that is written in a case. What older events sealed under their thing goes with its key."""
    named, linked_child, of, case = (uuid4() for _ in range(4))
    narrative, voided, why, closed = (uuid4() for _ in range(4))
    start, unit = datetime(2026, 9, 1, tzinfo=UTC), uuid4()
    said = msgspec.structs.replace(
        recorded(of=unit, officer=uuid4()), narrative=Sealed(narrative, Narrative("x")), names=(named,)
    )
    told.tell(of, said)
    told.tell(of, incident.IncidentReclassified(kind="assault", reason=Sealed(of, Reason("before"))))
    told.tell(of, incident.IncidentVoided(reason=Sealed(voided, Reason("twice"))))
    told.tell(of, linked(linked_child))
    opened = CaseOpened(
        child=named,
        pseudonym="CH-0001",
        ground="bullying",
        unit=unit,
        term_ends=start,
        reason=Sealed(why, Reason("x")),
    )
    told.tell(case, opened, CaseClosed(outcome="goals-met", reason=Sealed(closed, Reason("done"))))
    with told.reading() as connection:
        found = {*sealed_records.records_naming(connection, named)}
        assert found == {narrative, voided, why, closed, case}, "the case's own key is that of its files"
        assert sealed_records.records_naming(connection, linked_child) == (voided,)
        subjects = (narrative, voided, why, closed, case)
        assert sealed_records.children_named(connection, subjects) == {}, "neither has a profile"
    told.tell(linked_child, registered(linked_child))
    told.tell(named, registered(named, 2))
    with told.reading() as connection:
        assert sealed_records.children_named(connection, (*subjects, named, of)) == {
            **dict.fromkeys((narrative, why, closed, case, named), frozenset({named})),
            voided: frozenset({named, linked_child}),
        }


def test_of_what_an_erased_child_was_merely_in_later_words_are_of_others(told: Told) -> None:
    child, late, listed, of, other = (uuid4() for _ in range(5))
    before, after, unlinked = (uuid4() for _ in range(3))
    told.tell(child, registered(child))
    told.tell(late, registered(late, 2))
    told.tell(of, msgspec.structs.replace(recorded(of=uuid4(), officer=uuid4()), names=(listed,)))
    told.tell(listed, registered(listed, 3))
    told.tell(of, linked(child), linked(other, "offender"))
    told.tell(of, incident.IncidentReclassified(kind="assault", reason=Sealed(before, Reason("x"))))
    for key in (child, late, listed):
        told.tell(key, child_events.IdentityErased(order="12-з", requested_by=uuid4(), by=uuid4()))
    told.tell(of, linked(late))
    told.tell(of, incident.IncidentReclassified(kind="theft", reason=Sealed(after, Reason("x"))))
    told.tell(of, incident.ChildUnlinked(child=child, role="victim", reason=Sealed(unlinked, Reason("x"))))
    with told.reading() as connection:
        assert {*sealed_records.records_naming(connection, child)} == {before, unlinked}
        assert before in sealed_records.records_naming(connection, listed)
        assert sealed_records.records_naming(connection, late) == (), "nobody's link destroys what was there before"
        assert {*sealed_records.records_naming(connection, other)} == {before, after, unlinked}
        assert after not in sealed_records.children_named(connection, (after,))


def test_what_is_written_of_a_child_after_its_erasure_is_to_be_destroyed_too(told: Told) -> None:
    child, by, concern, record = (uuid4() for _ in range(4))
    told.tell(child, registered(child))
    told.tell(child, child_events.IdentityErased(order="12-з", requested_by=by, by=uuid4()))
    at = told.tell(child, child_events.IdentityDestroyed(records=0))
    told.tell(
        concern,
        ConcernRaised(
            child=child,
            pseudonym="CH-0001",
            kind="running-away",
            unit=uuid4(),
            by=by,
            narrative=Sealed(record, Narrative("x")),
            expires_at=at,
        ),
    )
    with told.reading() as connection:
        assert sealed_records.not_destroyed(connection) == {child: (record,)}
    told.tell(child, child_events.IdentityDestroyed(records=1))
    with told.reading() as connection:
        assert sealed_records.not_destroyed(connection) == {}
        found = child_profiles.profile(connection, child)
        assert found is not None
        assert found.destroyed_at == at


def test_which_records_name_a_person(told: Told) -> None:
    child, other, of_incident = uuid4(), uuid4(), uuid4()
    records = [uuid4() for _ in range(3)]
    told.tell(child, registered(child, narrative=Sealed(records[0], Narrative("x")), names=(other,)))
    told.tell(child, child_events.NarrativeAdded(narrative=Sealed(records[1], Narrative("x"))))
    told.tell(child, child_events.ProfilesMerged(other=other, reason=Sealed(records[2], Reason("x"))))
    told.tell(of_incident, recorded(of=uuid4(), officer=uuid4()))
    with told.reading() as connection:
        assert {*sealed_records.records_naming(connection, child)} == {*records}
        assert {*sealed_records.records_naming(connection, other)} == {records[0], records[2]}
        assert sealed_records.records_naming(connection, uuid4()) == ()


class TestTimeline:
    def test_of_the_profile_and_of_the_incidents_that_it_is_in(self, told: Told) -> None:
        child, other, first, second, apart = (uuid4() for _ in range(5))
        told.tell(first, recorded(of=uuid4(), officer=uuid4()))
        told.tell(first, linked(other), linked(child), linked(child, "witness"))
        told.tell(child, registered(child))
        told.tell(second, recorded(of=uuid4(), officer=uuid4()))
        told.tell(second, linked(other))
        told.tell(apart, recorded(of=uuid4(), officer=uuid4()))
        told.tell(first, incident.IncidentVoided(reason=Sealed(first, Reason("twice"))))
        assert topics(told, child) == [
            "incident.recorded", "incident.child-linked", "incident.child-linked", "child.registered",
            "incident.voided",
        ]  # fmt: skip

    def test_a_strand_shows_what_its_condition_lets_through_and_nothing_without_one(self, told: Told) -> None:
        child, seen, hidden, ours = (uuid4() for _ in range(4))
        told.tell(child, registered(child, unit=ours))
        told.tell(seen, recorded(of=ours, officer=uuid4()))
        told.tell(seen, linked(child))
        told.tell(hidden, recorded(of=uuid4(), officer=uuid4()))
        told.tell(hidden, linked(child))
        assert topics(told, child, {CHILD: profiles.c.unit == ours}) == ["child.registered"]
        assert topics(told, child, {CHILD: profiles.c.unit == uuid4()}) == []
        assert topics(told, child, {CHILD: false(), INCIDENT: incidents.c.unit == ours}) == [
            "incident.recorded", "incident.child-linked",
        ]  # fmt: skip
        assert len(topics(told, child)) == 5
        assert set(EVERYTHING) == set(STRANDS), "a further strand needs its condition, here and in the API"

    def test_what_happened_while_the_child_was_not_linked_is_left_out(self, told: Told) -> None:
        child, other, of = uuid4(), uuid4(), uuid4()
        told.tell(of, recorded(of=uuid4(), officer=uuid4()))
        told.tell(of, incident.CameraLinked(camera=uuid4()), linked(other), linked(child), linked(child, "witness"))
        told.tell(
            of, unlinked(of, child), incident.IncidentReclassified(kind="robbery", reason=Sealed(of, Reason("x")))
        )
        told.tell(of, unlinked(of, child, "witness"), unlinked(of, other))
        while_linked = [
            "incident.recorded", "incident.child-linked", "incident.child-linked", "incident.child-unlinked",
            "incident.reclassified", "incident.child-unlinked",
        ]  # fmt: skip
        assert topics(told, child) == while_linked
        told.tell(of, incident.CameraLinked(camera=uuid4()))
        assert topics(told, child) == while_linked
        told.tell(of, linked(child), linked(other, "witness"))
        told.tell(of, incident.IncidentVoided(reason=Sealed(of, Reason("twice"))))
        assert topics(told, child) == [*while_linked, "incident.child-linked", "incident.voided"]
        assert topics(told, other) == [
            "incident.recorded", "incident.child-linked", "incident.reclassified", "incident.child-unlinked",
            "incident.child-linked", "incident.voided",
        ]  # fmt: skip

    def test_a_case_in_two_depths(self, told: Told) -> None:
        child, case, apart = uuid4(), uuid4(), uuid4()
        told.tell(child, registered(child))
        told.tell(case, case_opened(case, child), case_facts.CaseAssigned(officer=uuid4()))
        told.tell(apart, case_opened(apart, uuid4()))
        told.tell(case, case_facts.CaseClosed(outcome="goals-met", reason=Sealed(case, Reason("x"))))
        told.tell(case, case_facts.CaseReopened(term_ends=START, reason=Sealed(case, Reason("x"))))
        assert topics(told, child) == [
            "child.registered", "prevention-case.opened", "prevention-case.assigned", "prevention-case.closed",
            "prevention-case.reopened",
        ]  # fmt: skip
        with told.reading() as connection:
            (read,) = entries(connection, told, child, {CASE: true()}, "prevention-case.opened")
            seen = entries(connection, told, child, {CHILD: true(), CASE_SEEN: true()}, "prevention-case")
        assert (read.version, read.actor, read.role, read.read_facts()["ground"]) == (
            *(1, told.actor, "investigator", "bullying"),
        )
        assert [each.topic.partition(".")[2] for each in seen] == ["opened", "closed", "reopened"]
        for each in seen:
            assert (each.kind, each.thing, each.child) == (CASE, case, child)
            assert (each.version, each.actor, each.actor_username, each.role, each.purpose) == (None,) * 5
            assert each.read_facts() == {}

    def test_a_concern_until_it_expires(self, told: Told) -> None:
        child, concern = uuid4(), uuid4()
        until = told.now + timedelta(minutes=3)
        told.tell(concern, concern_raised(concern, child, expires_at=until))
        told.tell(concern, ConcernReviewed(finding="unclear", by=uuid4(), reason=Sealed(concern, Reason("x"))))
        assert topics(told, child) == ["concern.raised", "concern.reviewed"]
        told.now = until
        assert topics(told, child) == [], "by the clock, before anything says so"
        told.tell(concern, ConcernExpired(at=until))
        told.now = until - timedelta(minutes=1)
        assert topics(told, child) == [], "by what was said"

    def test_merged_profiles_are_read_together_and_apart_again(self, told: Told) -> None:
        one, other, of = uuid4(), uuid4(), uuid4()
        told.tell(one, registered(one))
        told.tell(other, registered(other, 2))
        told.tell(of, recorded(of=uuid4(), officer=uuid4()))
        told.tell(of, linked(other))
        before = topics(told, one), topics(told, other)
        told.tell(one, child_events.ProfilesMerged(other=other, reason=Sealed(uuid4(), Reason("one"))))
        told.tell(other, child_events.MergedInto(survivor=one))
        assert topics(told, one) == [
            "child.registered", "child.registered", "incident.recorded", "incident.child-linked",
            "child.profiles-merged", "child.merged-into",
        ]  # fmt: skip
        told.tell(one, child_events.ProfilesUnmerged(other=other, reason=Sealed(uuid4(), Reason("two"))))
        told.tell(other, child_events.MergeUndone(survivor=one))
        parted = [[topic for topic in topics(told, key) if "merge" not in topic] for key in (one, other)]
        assert (parted[0], parted[1]) == before

    def test_pages_follow_one_another(self, told: Told) -> None:
        child = uuid4()
        told.tell(child, registered(child))
        for _ in range(4):
            told.tell(child, child_events.NarrativeAdded(narrative=Sealed(uuid4(), Narrative("x"))))
        seen: list[int | None] = []
        cursor = None
        with told.reading() as connection:
            while True:
                page = child_timeline.timeline_page(
                    connection, child, told.now, only=EVERYTHING, cursor=cursor, limit=2
                )
                seen += [entry.version for entry in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    break
        assert seen == [1, 2, 3, 4, 5]


def test_the_incidents_of_a_child_that_the_reader_may_see(told: Told) -> None:
    child, seen, hidden, ours = (uuid4() for _ in range(4))
    for key, unit in ((seen, ours), (hidden, uuid4())):
        told.tell(key, recorded(of=unit, officer=uuid4()))
        told.tell(key, linked(child))
    with told.reading() as connection:
        found = child_queries.incidents_of(connection, child, only=incidents.c.unit == ours)
    assert [each.incident for each in found] == [seen]
