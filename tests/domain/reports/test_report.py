"""Residents' reports: every command taken, every refusal, and random walks in which no promise breaks."""

from __future__ import annotations

import typing
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.ids import report_contact_id, report_id, report_words_id, reporter_id
from domain.personal import Narrative, Place, ReporterContact
from domain.public_words import ChildNamed
from domain.reports import commands as ask
from domain.reports import events as was
from domain.reports import report, words
from domain.reports.report import DECIDER, FOLLOW_UPS_MAX, PHOTOS_MAX, UPDATES_MAX
from domain.reports.state import CLOSED, CONVERTED, DUPLICATE, OPEN, PHASES, REDIRECTED, SUBMITTED, WATCHED
from domain.sealed import Sealed
from tests.domain.examples import CHILD, IRYNA, NOW, OTHER_UNIT, TARAS, UNIT, changed, hours, reason, uuid
from tests.given import folded, given

REPORTER = reporter_id(b"\x07" * 20)
REPORT, OTHER, INCIDENT, RECORD = report_id(REPORTER), uuid(71), uuid(72), uuid(73)
HERE = ask.Destination(region="UA-30", community=uuid(73), unit=UNIT)
THERE = ask.Destination(region="UA-46", community=uuid(74), unit=OTHER_UNIT)
MINUTES = timedelta(minutes=15)


def told(text: str = "Третій вечір не горить ліхтар.") -> Sealed[Narrative]:
    return Sealed(report_words_id(REPORT), Narrative(text))


def at_place(**more: Any) -> Sealed[Place]:
    return Sealed(report_words_id(REPORT), Place(**more))


def contact(**more: Any) -> Sealed[ReporterContact]:
    return Sealed(report_contact_id(REPORT), ReporterContact(**{"full_name": "Оксана Мельник", **more}))


SUBMIT = ask.SubmitReport(
    report=REPORT,
    reporter=REPORTER,
    category="lighting",
    to=HERE,
    narrative=told(),
    place=at_place(text="Біля воріт", latitude=50.45013, longitude=30.52345),
    danger_minutes=15,
    at=NOW,
)
ACKNOWLEDGE = ask.AcknowledgeReport(report=REPORT, by=IRYNA)
TRIAGE = ask.TriageReport(report=REPORT, priority="urgent", names=(CHILD,), by=IRYNA, danger_minutes=15, at=NOW)
ESCALATE = ask.EscalateReport(report=REPORT, at=NOW + MINUTES)
MARK = ask.MarkDuplicate(report=REPORT, of=OTHER, of_phase="acknowledged", by=IRYNA)
UNDO = ask.UndoDuplicate(report=REPORT, reason=reason(), by=IRYNA)
REDACT = ask.RedactReport(report=REPORT, narrative=told("Не горить ліхтар"), attested=True, names_child=False, by=IRYNA)
REDIRECT = ask.RedirectReport(report=REPORT, to=THERE, reason=reason(), by=IRYNA, danger_minutes=15, at=NOW)
PASS_ON = changed(REDIRECT, to=None, body="local-authority")
CONVERT = ask.ConvertReport(report=REPORT, incident=INCIDENT, record=RECORD, by=IRYNA)
UPDATE = ask.UpdateReporter(report=REPORT, narrative=told("Оглянуть завтра"), names_child=False, by=IRYNA)
FOLLOW_UP = ask.FollowUpReport(report=REPORT, narrative=told("І сьогодні теж"))
FORGET = ask.ForgetContact(report=REPORT)
CLOSE = ask.CloseReport(
    report=REPORT, outcome="dealt-with", reason=reason(), names_child=False, by=IRYNA, at=NOW + hours(1)
)
REOPEN = ask.ReopenReport(
    report=REPORT, reason=reason(), by=IRYNA, within_days=30, danger_minutes=15, at=NOW + hours(2)
)

SUBMITTED_IT = DECIDER.decide(None, SUBMIT)[0]
DANGEROUS = DECIDER.decide(None, changed(SUBMIT, category="danger-to-life"))[0]
READ = was.ReportAcknowledged(by=IRYNA)
TRIAGED_IT = was.ReportTriaged(priority="urgent", names=(CHILD,), by=IRYNA)
MARKED = was.ReportMarkedDuplicate(of=OTHER, by=IRYNA)
PUBLISHED = was.ReportRedacted(narrative=told("Не горить ліхтар"), by=IRYNA)
CLOSED_IT = was.ReportClosed(outcome="dealt-with", reason=reason(), at=NOW + hours(1), by=IRYNA)
PASSED_ON = DECIDER.decide(folded(DECIDER, [SUBMITTED_IT]), PASS_ON)[0]
CONVERTED_IT = was.ReportConverted(incident=INCIDENT, record=RECORD, by=IRYNA)
ENDS: dict[str, tuple[Any, ...]] = {
    DUPLICATE: (MARKED,),
    REDIRECTED: (PASSED_ON,),
    CONVERTED: (CONVERTED_IT,),
    CLOSED: (CLOSED_IT,),
}


class TestSubmitting:
    def test_anonymous_with_a_place_to_about_a_kilometre(self) -> None:
        given(DECIDER).when(SUBMIT).then(
            was.ReportSubmitted(
                reporter=REPORTER,
                anonymous=True,
                category="lighting",
                region="UA-30",
                community=HERE.community,
                unit=UNIT,
                narrative=told(),
                place=SUBMIT.place,
                latitude=50.45,
                longitude=30.52,
            )
        )

    def test_named_with_a_contact_of_its_own_key(self) -> None:
        (event,) = given(DECIDER).when(changed(SUBMIT, contact=contact(phone="+380 44 555 12 12"))).events
        assert isinstance(event, was.ReportSubmitted)
        assert not event.anonymous
        assert event.contact is not None
        assert event.contact.subject != event.narrative.subject

    @pytest.mark.parametrize("category", words.REPORT_CATEGORIES)
    def test_danger_starts_a_clock_and_nothing_else_does(self, category: str) -> None:
        (event,) = given(DECIDER).when(changed(SUBMIT, category=category)).events
        assert isinstance(event, was.ReportSubmitted)
        assert event.due_at == (NOW + MINUTES if category in ("danger-to-life", "child-in-danger") else None)

    def test_a_token_is_good_for_one_report(self) -> None:
        given(DECIDER, SUBMITTED_IT).when(SUBMIT).then_refused(AlreadyExists)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("category", "noise"),
            ("narrative", told(" ")),
            ("narrative", told("\u200b\u2060\u3164 \ufeff")),
            ("narrative", told("x" * (report.NARRATIVE_CHARACTERS_MAX + 1))),
            ("place", at_place(text=" ")),
            ("contact", contact()),
            ("photos", tuple(was.Photo(photo=uuid(n), width=1, height=1, size_bytes=1, sealed_sha256="ab" * 32)
                             for n in range(PHOTOS_MAX + 1))),
        ],
        ids=["category", "no words", "nothing seen", "too many words", "no place", "no way to reach them", "pictures"],
    )  # fmt: skip
    def test_a_value_that_cannot_be_taken(self, field: str, value: Any) -> None:
        given(DECIDER).when(changed(SUBMIT, **{field: value})).then_refused(Invalid, field=field)

    def test_a_half_of_a_position(self) -> None:
        given(DECIDER).when(changed(SUBMIT, place=at_place(latitude=50.0))).then_refused(Invalid, field="longitude")

    def test_the_contact_says_who(self) -> None:
        nobody = changed(SUBMIT, contact=contact(full_name=" ", phone="1"))
        given(DECIDER).when(nobody).then_refused(Invalid, field="contact: full_name")

    @pytest.mark.parametrize("phone", ["+380 (44) 555-12-12", "5551212", "0445551212"])
    @pytest.mark.parametrize("email", ["oksana@example.org", "о.мельник@пошта.укр"])
    def test_how_one_can_be_reached(self, phone: str, email: str) -> None:
        (event,) = given(DECIDER).when(changed(SUBMIT, contact=contact(phone=phone, email=email))).events
        assert not event.anonymous  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            *(("phone", each) for each in ("1", "555-12", "1" * 16, "зателефонуйте 0445551212", "0445551212,")),
            *(
                ("email", each)
                for each in ("oksana", "oksana@example", "a@b@example.org", "oksana@example.", "a b@c.d")
            ),
        ],
    )
    def test_how_nobody_can_be_reached(self, field: str, said: str) -> None:
        wrong = changed(SUBMIT, contact=contact(**{field: said}))
        given(DECIDER).when(wrong).then_refused(Invalid, field=f"contact: {field}")


class TestClock:
    def test_nobody_read_it_in_time(self) -> None:
        given(DECIDER, DANGEROUS).when(ESCALATE).then(was.ReportEscalated(due_at=NOW + MINUTES))

    def test_too_early(self) -> None:
        early = changed(ESCALATE, at=NOW + MINUTES - timedelta(seconds=1))
        given(DECIDER, DANGEROUS).when(early).then_refused(Invalid, says="its time is not over")

    def test_once_read_the_first_clock_stands(self) -> None:
        given(DECIDER, DANGEROUS, READ).when(ESCALATE).then_nothing()

    def test_once_escalated_it_is_not_escalated_again(self) -> None:
        given(DECIDER, DANGEROUS, was.ReportEscalated(due_at=NOW + MINUTES)).when(ESCALATE).then_nothing()

    def test_without_danger_no_clock_runs(self) -> None:
        given(DECIDER, SUBMITTED_IT).when(changed(ESCALATE, at=NOW + hours(99))).then_nothing()

    def test_weighed_as_danger_to_life_something_must_come_of_it(self) -> None:
        danger = changed(TRIAGE, priority="danger-to-life", at=NOW + hours(1))
        outcome = given(DECIDER, SUBMITTED_IT, READ).when(danger)
        outcome.then(changed(TRIAGED_IT, priority="danger-to-life", due_at=NOW + hours(1) + MINUTES))
        late = changed(ESCALATE, at=NOW + hours(2))
        given(DECIDER, SUBMITTED_IT, READ, *outcome.events).when(late).then(
            was.ReportEscalated(due_at=NOW + hours(1) + MINUTES)
        )
        for end in ENDS.values():
            given(DECIDER, SUBMITTED_IT, READ, *outcome.events, *end).when(late).then_nothing()

    def test_weighing_danger_once_more_gains_no_time(self) -> None:
        danger = changed(TRIAGE, priority="danger-to-life", at=NOW)
        begun = given(DECIDER, SUBMITTED_IT, READ).when(danger).events
        (again,) = given(DECIDER, SUBMITTED_IT, READ, *begun).when(changed(danger, at=NOW + hours(0.1))).events
        assert again.due_at == NOW + MINUTES  # type: ignore[attr-defined]

    def test_a_duplicate_that_is_none_after_all_is_late_at_once(self) -> None:
        undone = was.ReportDuplicateUndone(reason=reason(), by=IRYNA)
        given(DECIDER, DANGEROUS, MARKED).when(ESCALATE).then_nothing()
        given(DECIDER, DANGEROUS, MARKED, undone).when(ESCALATE).then(was.ReportEscalated(due_at=NOW + MINUTES))


class TestAnswering:
    def test_read(self) -> None:
        given(DECIDER, SUBMITTED_IT).when(ACKNOWLEDGE).then(READ)

    def test_weighed_again(self) -> None:
        low = changed(TRIAGE, priority="low", names=())
        given(DECIDER, SUBMITTED_IT, READ, TRIAGED_IT).when(low).then(was.ReportTriaged(priority="low", by=IRYNA))

    def test_a_priority_that_there_is_not(self) -> None:
        given(DECIDER, SUBMITTED_IT, READ).when(changed(TRIAGE, priority="x")).then_refused(Invalid, field="priority")

    def test_a_duplicate_and_back_to_what_it_was(self) -> None:
        given(DECIDER, SUBMITTED_IT, READ).when(MARK).then(MARKED)
        given(DECIDER, SUBMITTED_IT, READ, MARKED).when(UNDO).then(was.ReportDuplicateUndone(reason=reason(), by=IRYNA))
        undone = was.ReportDuplicateUndone(reason=reason(), by=IRYNA)
        assert folded(DECIDER, [SUBMITTED_IT, READ, MARKED, undone]).phase == "acknowledged"

    @pytest.mark.parametrize(
        ("command", "says"),
        [
            (changed(MARK, of=REPORT), "no other report"),
            (changed(MARK, of_phase=""), "no other report"),
            (changed(MARK, of_phase="duplicate"), "is a duplicate itself"),
            (changed(MARK, of_phase="closed"), "nothing goes on under"),
            (changed(MARK, of_phase="redirected"), "nothing goes on under"),
        ],
        ids=["of itself", "of nothing", "of a duplicate", "of a closed one", "of one that went elsewhere"],
    )
    def test_a_duplicate_of_what_does_not_go_on(self, command: ask.MarkDuplicate, says: str) -> None:
        given(DECIDER, SUBMITTED_IT).when(command).then_refused(Invalid, says=says, field="of")

    def test_a_danger_that_nobody_read_is_no_duplicate_of_another_unread(self) -> None:
        unread = changed(MARK, of_phase="submitted")
        given(DECIDER, DANGEROUS).when(unread).then_refused(Invalid, says="nobody has read", field="of")
        given(DECIDER, DANGEROUS, READ).when(changed(unread, of_danger=True)).then(MARKED)
        given(DECIDER, DANGEROUS).when(changed(MARK, of_danger=True)).then(MARKED)

    def test_a_danger_goes_on_as_one(self) -> None:
        """Under what nobody weighed so no clock would run."""
        weighed = was.ReportTriaged(priority="danger-to-life", due_at=NOW + MINUTES, by=IRYNA)
        missed = was.ReportEscalated(due_at=NOW + MINUTES)
        for danger in ((DANGEROUS,), (DANGEROUS, READ), (DANGEROUS, missed), (SUBMITTED_IT, READ, weighed)):
            given(DECIDER, *danger).when(MARK).then_refused(Invalid, says="not weighed as danger", field="of")
            given(DECIDER, *danger).when(changed(MARK, of_phase="triaged", of_danger=True)).then(MARKED)
            given(DECIDER, *danger).when(changed(MARK, of_phase="converted")).then(MARKED)
        given(DECIDER, DANGEROUS, READ, TRIAGED_IT).when(MARK).then(MARKED)  # it was found to be none

    def test_to_another_community_it_is_new_there(self) -> None:
        escalated = was.ReportEscalated(due_at=NOW + MINUTES)
        outcome = given(DECIDER, DANGEROUS, escalated).when(REDIRECT)
        outcome.then(
            was.ReportRedirected(
                region="UA-46",
                community=THERE.community,
                unit=OTHER_UNIT,
                reason=reason(),
                at=NOW,
                due_at=NOW + MINUTES,
                by=IRYNA,
            )
        )
        state = folded(DECIDER, [DANGEROUS, escalated, *outcome.events])
        assert (state.phase, state.unit, state.escalated) == (SUBMITTED, OTHER_UNIT, False)

    def test_to_a_body_outside_it_ends(self) -> None:
        state = folded(DECIDER, [SUBMITTED_IT, PASSED_ON])
        assert (state.phase, state.unit) == (REDIRECTED, UNIT)

    @pytest.mark.parametrize(
        ("command", "field"),
        [
            (changed(REDIRECT, to=HERE), "community"),
            (changed(REDIRECT, body="ambulance"), "body"),
            (changed(REDIRECT, to=None), "body"),
            (changed(PASS_ON, body="x"), "body"),
            (changed(REDIRECT, reason=reason(" ")), "reason"),
        ],
        ids=["where it is", "two places", "no place", "no such body", "no reason"],
    )
    def test_passed_on_to_nowhere(self, command: ask.RedirectReport, field: str) -> None:
        given(DECIDER, SUBMITTED_IT).when(command).then_refused(Invalid, field=field)

    def test_converted_once_read(self) -> None:
        given(DECIDER, SUBMITTED_IT, READ).when(CONVERT).then(CONVERTED_IT)

    def test_updates_and_follow_ups_in_whatever_state(self) -> None:
        given(DECIDER, SUBMITTED_IT).when(FOLLOW_UP).then(was.ReportFollowedUp(narrative=told("І сьогодні теж")))
        given(DECIDER, SUBMITTED_IT).when(UPDATE).then_refused(WrongState, says="acknowledge it first")
        for end in ((), *ENDS.values()):
            given(DECIDER, SUBMITTED_IT, READ, *end).when(UPDATE).then(
                was.ReporterUpdated(narrative=told("Оглянуть завтра"), by=IRYNA)
            )
            given(DECIDER, SUBMITTED_IT, READ, *end).when(FOLLOW_UP).then(
                was.ReportFollowedUp(narrative=told("І сьогодні теж"))
            )

    def test_no_more_than_anybody_reads(self) -> None:
        updates = [was.ReporterUpdated(narrative=told(), by=IRYNA)] * UPDATES_MAX
        given(DECIDER, SUBMITTED_IT, READ, *updates).when(UPDATE).then_refused(Invalid, field="update")
        added = [was.ReportFollowedUp(narrative=told())] * FOLLOW_UPS_MAX
        given(DECIDER, SUBMITTED_IT, *added).when(FOLLOW_UP).then_refused(Invalid, field="narrative")

    def test_closed_with_a_reason_and_an_outcome(self) -> None:
        given(DECIDER, SUBMITTED_IT, READ).when(CLOSE).then(CLOSED_IT)
        for field, value in (("outcome", "x"), ("reason", reason(" "))):
            given(DECIDER, SUBMITTED_IT, READ).when(changed(CLOSE, **{field: value})).then_refused(Invalid, field=field)

    @pytest.mark.parametrize("end", [CLOSED, REDIRECTED])
    def test_opened_again_it_is_read_anew(self, end: str) -> None:
        outcome = given(DECIDER, DANGEROUS, READ, *ENDS[end]).when(REOPEN)
        outcome.then(was.ReportReopened(reason=reason(), by=IRYNA, due_at=NOW + hours(2) + MINUTES))

    def test_what_became_an_incident_once_that_was_struck_off(self) -> None:
        became = (SUBMITTED_IT, READ, *ENDS["converted"])
        voided = changed(REOPEN, voided=True)
        given(DECIDER, *became).when(voided).then(was.ReportReopened(reason=reason(), by=IRYNA))
        assert folded(DECIDER, [*became]).incident == INCIDENT
        assert folded(DECIDER, [*became, was.ReportReopened(reason=reason(), by=IRYNA)]).incident is None
        given(DECIDER, SUBMITTED_IT, READ).when(voided).then_refused(WrongState)

    def test_its_reporter_may_for_some_days_the_police_at_any_time(self) -> None:
        closed = (SUBMITTED_IT, READ, CLOSED_IT)
        days = timedelta(days=30)
        mine = changed(REOPEN, by=REPORTER, at=CLOSED_IT.at + days)
        given(DECIDER, *closed).when(mine).then(was.ReportReopened(reason=reason(), by=REPORTER))
        late = changed(mine, at=mine.at + timedelta(seconds=1))
        given(DECIDER, *closed).when(late).then_refused(WrongState, says="closed for too long")
        given(DECIDER, *closed).when(changed(late, by=TARAS)).then(was.ReportReopened(reason=reason(), by=TARAS))


class TestForgetting:
    def test_how_its_reporter_is_reached_once(self) -> None:
        named = changed(SUBMITTED_IT, anonymous=False, contact=contact(phone="0445551212"))
        forgotten = was.ReporterContactForgotten(record=report_contact_id(REPORT))
        given(DECIDER, named).when(FORGET).then(forgotten)
        given(DECIDER, named, forgotten).when(FORGET).then_nothing()
        given(DECIDER, SUBMITTED_IT).when(FORGET).then_nothing()


class TestPublishing:
    def test_what_an_officer_wrote_and_attests(self) -> None:
        given(DECIDER, SUBMITTED_IT, READ).when(REDACT).then(PUBLISHED)

    def test_taken_back(self) -> None:
        back = changed(REDACT, narrative=None, attested=False)
        given(DECIDER, SUBMITTED_IT, READ, PUBLISHED).when(back).then(was.ReportRedacted(by=IRYNA))
        given(DECIDER, SUBMITTED_IT, READ).when(back).then_nothing()

    @pytest.mark.parametrize("command", [REDACT, UPDATE, CLOSE], ids=lambda each: type(each).__name__)
    def test_nothing_that_names_a_child_nor_is_it_written_to_the_reporter(self, command: Any) -> None:
        given(DECIDER, SUBMITTED_IT, READ).when(changed(command, names_child=True)).then_refused(ChildNamed)

    def test_not_without_attesting_and_not_empty(self) -> None:
        unsaid = changed(REDACT, attested=False)
        given(DECIDER, SUBMITTED_IT, READ).when(unsaid).then_refused(Invalid, field="attested")
        given(DECIDER, SUBMITTED_IT, READ).when(changed(REDACT, narrative=told(" "))).then_refused(
            Invalid, field="text"
        )

    def test_not_before_somebody_has_read_it(self) -> None:
        given(DECIDER, SUBMITTED_IT).when(REDACT).then_refused(WrongState, says="acknowledge it first")

    @pytest.mark.parametrize("category", [each for each in words.REPORT_CATEGORIES if each not in words.PUBLISHED])
    def test_of_homes_children_and_suspicions_nothing(self, category: str) -> None:
        of = changed(SUBMITTED_IT, category=category)
        given(DECIDER, of, READ).when(REDACT).then_refused(Invalid, says="never public", field="text")


NEEDS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (ACKNOWLEDGE, (SUBMITTED,)),
    (TRIAGE, ("acknowledged", "triaged")),
    (MARK, OPEN),
    (UNDO, (DUPLICATE,)),
    (REDIRECT, OPEN),
    (CONVERT, ("acknowledged", "triaged")),
    (CLOSE, ("acknowledged", "triaged")),
    (REOPEN, (CLOSED, REDIRECTED)),
)
OTHERS = (ESCALATE, REDACT, UPDATE, FOLLOW_UP, FORGET)  # that are taken in whatever state
LIVES: dict[str, tuple[Any, ...]] = {SUBMITTED: (), "acknowledged": (READ,), "triaged": (READ, TRIAGED_IT), **ENDS}


@pytest.mark.parametrize(("command", "phases"), NEEDS, ids=[type(each).__name__ for each, _ in NEEDS])
def test_each_command_needs_its_states(command: Any, phases: tuple[str, ...]) -> None:
    assert set(LIVES) == set(PHASES)
    for phase, life in LIVES.items():
        outcome = given(DECIDER, SUBMITTED_IT, *life).when(command)
        if phase in phases:
            assert outcome.error is None, phase
        else:
            outcome.then_refused(WrongState, says=phase)


@pytest.mark.parametrize("command", [*(each for each, _ in NEEDS), *OTHERS], ids=repr)
def test_of_what_does_not_exist(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound)


def test_every_command_is_told_of_here() -> None:
    told_of = {type(each) for each, _ in NEEDS} | {type(each) for each in (SUBMIT, *OTHERS)}
    assert told_of == set(typing.get_args(ask.ReportCommand)) == set(DECIDER.decides)


def test_no_walk_breaks_a_promise() -> None:
    reached = {type(event) for seed in range(25) for event in walk(Random(seed))}
    assert reached == set(DECIDER.evolves), "the walks come everywhere"


def walk(chance: Random) -> list[Any]:
    """A report under random commands; what was promised of it is asked after each."""
    at = NOW
    category = chance.choice([*words.REPORT_CATEGORIES] if chance.random() < 0.5 else words.DANGEROUS)
    reached = contact(phone="0445551212") if chance.random() < 0.5 else None
    history = [DECIDER.decide(None, changed(SUBMIT, category=category, contact=reached))[0]]
    for _ in range(60):
        at += timedelta(minutes=chance.choice((1, 5, 20)))
        command = chance.choice([*(each for each, _ in NEEDS), PASS_ON, ESCALATE, *OTHERS])
        more: dict[str, Any] = {"at": at} if hasattr(command, "at") else {}
        if isinstance(command, ask.TriageReport):
            more["priority"] = chance.choice([*words.REPORT_PRIORITIES])
        try:
            history += DECIDER.decide(DECIDER.fold(history), changed(command, **more))
        except DomainError:
            continue
        _holds(DECIDER.fold(history), history)
    folded(DECIDER, history)
    return history


def _holds(state: Any, history: list[Any]) -> None:
    assert state.phase in PHASES
    assert state.watched_until is None or state.phase in WATCHED
    assert (state.phase in (CLOSED, REDIRECTED)) <= (state.ended_at is not None)
    published = [each for each in history if isinstance(each, was.ReportRedacted)]
    assert state.published == (bool(published) and published[-1].narrative is not None)
    assert not state.published or state.category in words.PUBLISHED
    if isinstance(history[-1], was.ReportConverted | was.ReportClosed):
        assert any(isinstance(each, was.ReportAcknowledged) for each in history), "ended before anybody had read it"
