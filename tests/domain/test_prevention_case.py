"""Prevention cases: every command taken, every refusal, and what holds whatever is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import case_words
from domain import prevention_case_commands as commands
from domain import prevention_case_events as facts
from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.personal import FileName, Narrative
from domain.prevention_case import DECIDER, ApproverIsProposer
from domain.prevention_case_work import ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, CONTACTS_MAX, MEASURES_MAX
from domain.sealed import Sealed
from tests.domain.examples import (
    ADD_ATTACHMENT,
    ASSESS_RISK,
    ASSIGN_CASE,
    ATTACHMENT,
    CASE,
    CHILD,
    INCIDENT,
    IRYNA,
    MEASURE,
    NOW,
    OLENA,
    OPEN_CASE,
    OTHER_UNIT,
    PETRO,
    PLAN,
    PROPOSE_PLAN,
    SCHEDULE_MEASURE,
    SHA256,
    TARAS,
    THIRD_UNIT,
    UNIT,
    changed,
    hours,
    reason,
    uuid,
    words,
)
from tests.given import folded, given

DAY = timedelta(days=1)

OPENED = DECIDER.decide(None, OPEN_CASE)[0]
ASSIGNED = facts.CaseAssigned(officer=IRYNA)
PROPOSED = facts.PlanProposed(plan=PLAN, by=IRYNA, narrative=words("Гурток, бесіди."))
APPROVED = facts.PlanApproved(plan=PLAN, by=TARAS)
SCHEDULED = facts.MeasureScheduled(
    measure=MEASURE, kind="home-visit", due_at=NOW + hours(48), narrative=words("Відвідати вдома.")
)
OFFERED = facts.TransferOffered(to_unit=OTHER_UNIT, answer_by=NOW + 14 * DAY, reason=reason())
ADDED = facts.AttachmentAdded(
    attachment=ATTACHMENT,
    media_type="application/pdf",
    size_bytes=1_000,
    sealed_sha256=SHA256,
    name=Sealed(CASE, FileName("характеристика.pdf")),
)
REMOVED = facts.AttachmentRemoved(attachment=ATTACHMENT, reason=reason())
CLOSED = facts.CaseClosed(outcome="goals-met", reason=reason())
SEALED = facts.CaseSealed(reason=reason())

REASSIGN = commands.ReassignCase(case=CASE, from_officer=IRYNA, to=PETRO, assignee_unit=UNIT, assignee_certified=True)
APPROVE = commands.ApprovePlan(case=CASE, plan=PLAN, by=TARAS)
REJECT = commands.RejectPlan(case=CASE, plan=PLAN, by=TARAS, reason=reason())
COMPLETE = commands.CompleteMeasure(
    case=CASE, measure=MEASURE, result="done", ended_at=NOW - hours(1), narrative=words(), at=NOW
)
NOTE = commands.NoteContact(
    case=CASE, contact=uuid(61), kind="visit", occurred_at=NOW - hours(1), narrative=words(), at=NOW
)
EXTEND = commands.ExtendTerm(case=CASE, term_ends=NOW + 200 * DAY, reason=reason(), at=NOW)
OFFER = commands.OfferTransfer(
    case=CASE,
    to_unit=OTHER_UNIT,
    to_unit_kind="juvenile-prevention",
    answer_by=NOW + 14 * DAY,
    reason=reason(),
    at=NOW,
)
ACCEPT = commands.AcceptTransfer(
    case=CASE, by_unit=OTHER_UNIT, officer=PETRO, assignee_unit=OTHER_UNIT, assignee_certified=True
)
DECLINE = commands.DeclineTransfer(case=CASE, by_unit=OTHER_UNIT, reason=reason())
CLOSE = commands.CloseCase(case=CASE, outcome="goals-met", reason=reason())
REOPEN = commands.ReopenCase(case=CASE, term_ends=NOW + 30 * DAY, reason=reason(), at=NOW)
SEAL = commands.SealCase(case=CASE, reason=reason())
REMOVE = commands.RemoveAttachment(case=CASE, attachment=ATTACHMENT, reason=reason())

WORK = (
    *(ASSIGN_CASE, ASSESS_RISK, PROPOSE_PLAN, APPROVE, REJECT, SCHEDULE_MEASURE, COMPLETE, NOTE, EXTEND),
    *(OFFER, ACCEPT, DECLINE, CLOSE, ADD_ATTACHMENT, REMOVE),
)


def named(command: Any) -> str:
    return type(command).__name__


def refused(history: tuple[Any, ...], command: Any, field: str, says: str) -> None:
    given(DECIDER, *history).when(command).then_refused(Invalid, field=field, says=says)


class TestOpening:
    def test_opened_with_all_its_facts(self) -> None:
        given(DECIDER).when(OPEN_CASE).then(
            facts.CaseOpened(
                child=CHILD,
                pseudonym="CH-4F2A",
                ground="administrative-offence",
                unit=UNIT,
                term_ends=NOW + 90 * DAY,
                reason=reason("Протокол складено двічі за місяць"),
                incident=INCIDENT,
                reported_at=NOW - hours(2),
            )
        )

    def test_it_may_be_of_no_incident(self) -> None:
        event = DECIDER.decide(None, changed(OPEN_CASE, incident=None, reported_at=None))[0]
        assert isinstance(event, facts.CaseOpened)
        assert (event.incident, event.reported_at) == (None, None)

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"ground": "looks-suspicious"}, "ground", "use one of: released-from-custody"),
            ({"ground": str(CASE)}, "ground", "not known"),
            ({"pseudonym": "Марійка"}, "pseudonym", "CH-"),
            ({"unit_kind": "investigation"}, "unit", "no unit of juvenile prevention"),
            ({"unit_kind": None}, "unit", "no unit of juvenile prevention"),
            ({"term_ends": NOW}, "term_ends", "not in the future"),
            ({"term_ends": NOW + 367 * DAY}, "term_ends", "366 days"),
            ({"term_ends": datetime(2027, 1, 1)}, "term_ends", "no time zone"),  # noqa: DTZ001
            ({"reason": reason(" ")}, "reason", "empty"),
            ({"reported_at": NOW + hours(1)}, "reported_at", "future"),
        ],
    )
    def test_what_cannot_be_opened(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((), changed(OPEN_CASE, **changes), field, says)

    def test_an_id_is_used_once(self) -> None:
        given(DECIDER, OPENED).when(OPEN_CASE).then_refused(AlreadyExists, says=str(CASE))

    @pytest.mark.parametrize("command", [*WORK, REASSIGN, REOPEN, SEAL], ids=named)
    def test_an_unknown_case_is_not_found(self, command: Any) -> None:
        given(DECIDER).when(command).then_refused(NotFound, says=f"prevention-case {CASE}")


class TestCharge:
    def test_assigned_to_a_certified_officer(self) -> None:
        given(DECIDER, OPENED).when(ASSIGN_CASE).then(ASSIGNED)

    def test_to_the_same_officer_changes_nothing(self) -> None:
        given(DECIDER, OPENED, ASSIGNED).when(ASSIGN_CASE).then_nothing()

    def test_to_another_one(self) -> None:
        given(DECIDER, OPENED, ASSIGNED).when(changed(ASSIGN_CASE, officer=PETRO)).then(
            facts.CaseAssigned(officer=PETRO)
        )

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"assignee_certified": False}, "not certified"),
            ({"assignee_unit": OTHER_UNIT}, "no juvenile officer of the case's unit"),
            ({"assignee_unit": None}, "no juvenile officer of the case's unit"),
        ],
    )
    def test_nobody_else_is_in_charge(self, changes: dict[str, Any], says: str) -> None:
        refused((OPENED,), changed(ASSIGN_CASE, **changes), "officer", says)
        refused((OPENED, ASSIGNED), changed(ASSIGN_CASE, **changes), "officer", says)
        refused((OPENED, ASSIGNED), changed(REASSIGN, **changes), "to", says)
        away = {**changes, **({"assignee_unit": UNIT} if changes.get("assignee_unit") else {})}
        refused((OPENED, OFFERED), changed(ACCEPT, **away), "officer", says)

    def test_reassigned_where_a_certification_lapsed(self) -> None:
        given(DECIDER, OPENED, ASSIGNED).when(REASSIGN).then(facts.CaseReassigned(from_officer=IRYNA, to=PETRO))

    def test_where_nobody_is_certified_it_has_no_officer(self) -> None:
        lapse = commands.ReassignCase(case=CASE, from_officer=IRYNA)
        given(DECIDER, OPENED, ASSIGNED).when(lapse).then(facts.CaseReassigned(from_officer=IRYNA))
        assert folded(DECIDER, [OPENED, ASSIGNED, facts.CaseReassigned(from_officer=IRYNA)]).officer is None

    def test_not_to_the_one_who_lapsed(self) -> None:
        refused((OPENED, ASSIGNED), changed(REASSIGN, to=IRYNA), "to", "lapsed")

    @pytest.mark.parametrize(
        "history",
        [
            (OPENED,),
            (OPENED, facts.CaseAssigned(officer=PETRO)),
            (OPENED, ASSIGNED, facts.CaseReassigned(from_officer=IRYNA, to=OLENA)),
            (OPENED, ASSIGNED, CLOSED),
            (OPENED, ASSIGNED, CLOSED, SEALED),
        ],
        ids=["nobody's", "another's", "reassigned already", "closed", "sealed"],
    )
    def test_a_case_that_is_not_in_that_officers_charge_is_left_alone(self, history: tuple[Any, ...]) -> None:
        given(DECIDER, *history).when(REASSIGN).then_nothing()


class TestRisk:
    def test_judged_by_a_person_with_what_protects(self) -> None:
        given(DECIDER, OPENED).when(ASSESS_RISK).then(
            facts.RiskAssessed(
                level="medium",
                protective_factors=("trusted-adult", "attends-school"),
                by=IRYNA,
                review_by=NOW + 30 * DAY,
                narrative=words("Бабуся поруч, школу відвідує."),
            )
        )

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"protective_factors": ()}, "protective_factors", "has 0 entries"),
            ({"protective_factors": ("lucky",)}, "protective_factors", "not known"),
            ({"level": "0.83"}, "level", "use one of: low, medium, high"),
            ({"review_by": NOW - hours(1)}, "review_by", "not in the future"),
            ({"review_by": NOW + 367 * DAY}, "review_by", "366 days"),
            ({"narrative": words("")}, "narrative", "empty"),
        ],
    )
    def test_what_is_no_judgement(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED,), changed(ASSESS_RISK, **changes), field, says)

    def test_no_other_command_changes_the_risk(self) -> None:
        """Whatever else is done with a case, its risk is what a person last said."""
        assessed = DECIDER.decide(folded(DECIDER, [OPENED]), ASSESS_RISK)[0]
        for before in ((OPENED, ASSIGNED, assessed), (OPENED, ASSIGNED, assessed, PROPOSED, SCHEDULED, OFFERED, ADDED)):
            state = folded(DECIDER, list(before))
            for command in (*WORK, REASSIGN):
                if command is ASSESS_RISK:
                    continue
                outcome = given(DECIDER, *before).when(command)
                after = folded(DECIDER, [*before, *outcome.events])
                assert after.risk == state.risk == "medium", command


class TestPlan:
    def test_proposed_approved(self) -> None:
        given(DECIDER, OPENED).when(PROPOSE_PLAN).then(PROPOSED)
        given(DECIDER, OPENED, PROPOSED).when(APPROVE).then(APPROVED)

    def test_rejected_with_a_reason_and_proposed_again(self) -> None:
        rejected = facts.PlanRejected(plan=PLAN, by=TARAS, reason=reason())
        given(DECIDER, OPENED, PROPOSED).when(REJECT).then(rejected)
        given(DECIDER, OPENED, PROPOSED).when(changed(REJECT, reason=reason(""))).then_refused(Invalid, field="reason")
        again = changed(PROPOSE_PLAN, plan=uuid(55))
        assert given(DECIDER, OPENED, PROPOSED, rejected).when(again).error is None
        given(DECIDER, OPENED, PROPOSED, rejected).when(PROPOSE_PLAN).then_refused(AlreadyExists, says=str(PLAN))

    @pytest.mark.parametrize("command", [APPROVE, REJECT], ids=named)
    def test_not_decided_on_by_who_proposed_it(self, command: Any) -> None:
        given(DECIDER, OPENED, PROPOSED).when(changed(command, by=IRYNA)).then_refused(
            ApproverIsProposer, says="somebody else"
        )

    @pytest.mark.parametrize("command", [APPROVE, REJECT], ids=named)
    def test_only_the_one_that_waits_is_decided_on(self, command: Any) -> None:
        given(DECIDER, OPENED).when(command).then_refused(WrongState, says="no decision")
        given(DECIDER, OPENED, PROPOSED, APPROVED).when(command).then_refused(WrongState, says="no decision")
        refused((OPENED, PROPOSED), changed(command, plan=uuid(55)), "plan", "not the one that waits")

    def test_one_waits_at_a_time(self) -> None:
        given(DECIDER, OPENED, PROPOSED).when(changed(PROPOSE_PLAN, plan=uuid(55))).then_refused(
            WrongState, says="waiting for a plan"
        )

    def test_it_says_something(self) -> None:
        refused((OPENED,), changed(PROPOSE_PLAN, narrative=words(" ")), "narrative", "empty")


class TestMeasures:
    def test_scheduled_and_completed(self) -> None:
        given(DECIDER, OPENED).when(SCHEDULE_MEASURE).then(SCHEDULED)
        given(DECIDER, OPENED, SCHEDULED).when(COMPLETE).then(
            facts.MeasureCompleted(measure=MEASURE, result="done", ended_at=NOW - hours(1), narrative=words())
        )

    def test_a_client_that_was_offline_says_it_later(self) -> None:
        assert given(DECIDER, OPENED).when(changed(SCHEDULE_MEASURE, due_at=NOW - 13 * DAY)).error is None

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"kind": "arrest"}, "kind", "not known"),
            ({"due_at": NOW - 15 * DAY}, "due_at", "too far"),
            ({"due_at": NOW + 367 * DAY}, "due_at", "too far"),
            ({"narrative": words("")}, "narrative", "empty"),
        ],
    )
    def test_what_cannot_be_scheduled(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED,), changed(SCHEDULE_MEASURE, **changes), field, says)

    def test_an_id_is_used_once(self) -> None:
        given(DECIDER, OPENED, SCHEDULED).when(SCHEDULE_MEASURE).then_refused(AlreadyExists, says="measure")

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"result": "fine"}, "result", "not known"),
            ({"ended_at": NOW + hours(1)}, "ended_at", "future"),
            ({"narrative": words("")}, "narrative", "empty"),
        ],
    )
    def test_what_cannot_be_completed(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED, SCHEDULED), changed(COMPLETE, **changes), field, says)

    def test_completed_once_and_only_what_was_scheduled(self) -> None:
        done = DECIDER.decide(folded(DECIDER, [OPENED, SCHEDULED]), COMPLETE)[0]
        given(DECIDER, OPENED, SCHEDULED, done).when(COMPLETE).then_refused(WrongState, says="completed")
        given(DECIDER, OPENED).when(COMPLETE).then_refused(NotFound, says="measure")

    def test_they_are_bounded(self) -> None:
        many = [changed(SCHEDULED, measure=uuid(1_000 + number)) for number in range(MEASURES_MAX)]
        given(DECIDER, OPENED, *many[:-1]).when(SCHEDULE_MEASURE).then(SCHEDULED)
        refused((OPENED, *many), SCHEDULE_MEASURE, "measure", "300")


class TestContacts:
    def test_noted(self) -> None:
        given(DECIDER, OPENED).when(NOTE).then(
            facts.ContactNoted(contact=uuid(61), kind="visit", occurred_at=NOW - hours(1), narrative=words())
        )

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"kind": "telepathy"}, "kind", "not known"),
            ({"occurred_at": NOW + hours(1)}, "occurred_at", "future"),
            ({"narrative": Sealed(CASE, Narrative("x" * 20_001))}, "narrative", "20001"),
        ],
    )
    def test_what_cannot_be_noted(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED,), changed(NOTE, **changes), field, says)

    def test_they_are_bounded(self) -> None:
        state = folded(DECIDER, [OPENED])
        full = changed(state, contacts=CONTACTS_MAX)
        with pytest.raises(Invalid, match="5000"):
            DECIDER.decide(full, NOTE)
        assert DECIDER.decide(changed(state, contacts=CONTACTS_MAX - 1), NOTE)


class TestTerm:
    def test_extended_with_a_reason(self) -> None:
        given(DECIDER, OPENED).when(EXTEND).then(facts.TermExtended(term_ends=NOW + 200 * DAY, reason=reason()))

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"term_ends": NOW + 90 * DAY}, "term_ends", "not after the term"),
            ({"term_ends": NOW + 367 * DAY}, "term_ends", "366"),
            ({"reason": reason("")}, "reason", "empty"),
        ],
    )
    def test_what_is_no_extension(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED,), changed(EXTEND, **changes), field, says)

    def test_again_from_the_new_term(self) -> None:
        extended = facts.TermExtended(term_ends=NOW + 200 * DAY, reason=reason())
        refused((OPENED, extended), EXTEND, "term_ends", "not after the term")


class TestTransfer:
    def test_offered_and_accepted_by_the_other_unit(self) -> None:
        given(DECIDER, OPENED, ASSIGNED).when(OFFER).then(OFFERED)
        accepted = facts.TransferAccepted(unit=OTHER_UNIT, officer=PETRO)
        given(DECIDER, OPENED, ASSIGNED, OFFERED).when(ACCEPT).then(accepted)
        state = folded(DECIDER, [OPENED, ASSIGNED, OFFERED, accepted])
        assert (state.unit, state.officer, state.offered_unit) == (OTHER_UNIT, PETRO, None)

    def test_until_it_is_accepted_the_case_stays_where_it_is(self) -> None:
        state = folded(DECIDER, [OPENED, ASSIGNED, OFFERED])
        assert (state.unit, state.officer, state.offered_unit) == (UNIT, IRYNA, OTHER_UNIT)

    @pytest.mark.parametrize("unit", [OTHER_UNIT, UNIT], ids=["declined", "taken back"])
    def test_declined_or_taken_back(self, unit: Any) -> None:
        declined = facts.TransferDeclined(by_unit=unit, reason=reason())
        given(DECIDER, OPENED, OFFERED).when(changed(DECLINE, by_unit=unit)).then(declined)
        given(DECIDER, OPENED, OFFERED, declined).when(OFFER).then(OFFERED)

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"to_unit": UNIT}, "to_unit", "the unit that has the case"),
            ({"to_unit_kind": None}, "to_unit", "no unit of juvenile prevention"),
            ({"to_unit_kind": "patrol"}, "to_unit", "no unit of juvenile prevention"),
            ({"answer_by": NOW}, "answer_by", "past"),
            ({"answer_by": NOW + 367 * DAY}, "answer_by", "too far"),
            ({"reason": reason("")}, "reason", "empty"),
        ],
    )
    def test_what_cannot_be_offered(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED,), changed(OFFER, **changes), field, says)

    def test_no_third_unit_answers(self) -> None:
        refused((OPENED, OFFERED), changed(ACCEPT, by_unit=THIRD_UNIT, assignee_unit=THIRD_UNIT), "unit", "not the one")
        refused((OPENED, OFFERED), changed(ACCEPT, by_unit=UNIT, assignee_unit=UNIT), "unit", "not the one")
        refused((OPENED, OFFERED), changed(DECLINE, by_unit=THIRD_UNIT), "unit", "neither")

    def test_one_offer_at_a_time_and_an_answer_to_one_only(self) -> None:
        given(DECIDER, OPENED, OFFERED).when(OFFER).then_refused(WrongState, says="offered to a unit already")
        for command in (ACCEPT, DECLINE):
            given(DECIDER, OPENED).when(command).then_refused(WrongState, says="offered to nobody")


class TestAttachments:
    def test_added_and_removed(self) -> None:
        given(DECIDER, OPENED).when(ADD_ATTACHMENT).then(ADDED)
        given(DECIDER, OPENED, ADDED).when(REMOVE).then(REMOVED)

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"media_type": "video/mp4"}, "media_type", "not known"),
            ({"media_type": "text/html"}, "media_type", "not known"),
            ({"size_bytes": 0}, "size_bytes", "from 1"),
            ({"size_bytes": ATTACHMENT_BYTES_MAX + 1}, "size_bytes", str(ATTACHMENT_BYTES_MAX)),
            ({"sealed_sha256": "ab"}, "sealed_sha256", "64"),
            ({"name": Sealed(CASE, FileName(""))}, "name", "empty"),
            ({"name": Sealed(CASE, FileName("a\nb.pdf"))}, "name", "one line"),
        ],
    )
    def test_what_cannot_be_added(self, changes: dict[str, Any], field: str, says: str) -> None:
        refused((OPENED,), changed(ADD_ATTACHMENT, **changes), field, says)

    def test_an_id_is_used_once_also_after_its_removal(self) -> None:
        for history in ((OPENED, ADDED), (OPENED, ADDED, REMOVED)):
            given(DECIDER, *history).when(ADD_ATTACHMENT).then_refused(AlreadyExists, says="attachment")

    def test_removed_once_and_only_what_is_there(self) -> None:
        given(DECIDER, OPENED, ADDED, REMOVED).when(REMOVE).then_refused(WrongState, says="removed")
        given(DECIDER, OPENED).when(REMOVE).then_refused(NotFound, says="attachment")

    def test_they_are_bounded_with_those_that_were_removed(self) -> None:
        many = [changed(ADDED, attachment=uuid(1_000 + number)) for number in range(ATTACHMENTS_MAX)]
        gone = [changed(REMOVED, attachment=each.attachment) for each in many[:50]]
        given(DECIDER, OPENED, *many[:-1], *gone).when(ADD_ATTACHMENT).then(ADDED)
        refused((OPENED, *many, *gone), ADD_ATTACHMENT, "attachment", "100")


class TestEnding:
    def test_closed_with_an_outcome_and_a_reason(self) -> None:
        given(DECIDER, OPENED).when(CLOSE).then(CLOSED)
        refused((OPENED,), changed(CLOSE, outcome="bored"), "outcome", "not known")
        refused((OPENED,), changed(CLOSE, reason=reason("")), "reason", "empty")

    def test_what_was_under_way_ends_with_it(self) -> None:
        state = folded(DECIDER, [OPENED, ASSIGNED, PROPOSED, SCHEDULED, OFFERED, CLOSED])
        assert (state.offered_unit, state.plan, state.measures) == (None, None, ())
        assert state.officer is None, "whose certification may lapse while nobody hands the case over"

    def test_an_approved_plan_and_what_was_done_stay(self) -> None:
        done = facts.MeasureCompleted(measure=MEASURE, result="done", ended_at=NOW, narrative=words())
        state = folded(DECIDER, [OPENED, PROPOSED, APPROVED, SCHEDULED, done, CLOSED])
        assert state.plan is not None
        assert [each.key for each in state.measures] == [MEASURE]

    @pytest.mark.parametrize("command", WORK, ids=named)
    def test_a_closed_case_takes_no_work(self, command: Any) -> None:
        history = (OPENED, ASSIGNED, PROPOSED, SCHEDULED, OFFERED, ADDED, CLOSED)
        given(DECIDER, *history).when(command).then_refused(WrongState, says="closed")

    def test_reopened_with_a_new_term_and_nobody_in_charge(self) -> None:
        reopened = facts.CaseReopened(term_ends=NOW + 30 * DAY, reason=reason())
        given(DECIDER, OPENED, ASSIGNED, CLOSED).when(REOPEN).then(reopened)
        state = folded(DECIDER, [OPENED, ASSIGNED, CLOSED, reopened])
        assert (state.phase, state.officer, state.term_ends) == ("open", None, NOW + 30 * DAY)
        refused((OPENED, CLOSED), changed(REOPEN, term_ends=NOW), "term_ends", "not in the future")
        refused((OPENED, CLOSED), changed(REOPEN, reason=reason("")), "reason", "empty")

    def test_sealed_once_closed(self) -> None:
        given(DECIDER, OPENED, CLOSED).when(SEAL).then(SEALED)
        refused((OPENED, CLOSED), changed(SEAL, reason=reason("")), "reason", "empty")

    @pytest.mark.parametrize("command", [REOPEN, SEAL], ids=named)
    def test_only_a_closed_case_is_reopened_or_sealed(self, command: Any) -> None:
        given(DECIDER, OPENED).when(command).then_refused(WrongState, says="close it first")

    @pytest.mark.parametrize("command", [*WORK, REOPEN, SEAL], ids=named)
    def test_a_sealed_case_takes_nothing(self, command: Any) -> None:
        history = (OPENED, ASSIGNED, PROPOSED, SCHEDULED, ADDED, CLOSED, SEALED)
        given(DECIDER, *history).when(command).then_refused(WrongState, says="sealed")


def test_every_command_is_tested_here() -> None:
    tried = {type(command) for command in (OPEN_CASE, *WORK, REASSIGN, REOPEN, SEAL)}
    assert tried == set(DECIDER.decides)


def test_every_ground_names_an_act_and_says_who_verified_it() -> None:
    for code, ground in case_words.GROUNDS.items():
        assert ground.reference.uk, code
        assert not any(mark in ground.reference.en for mark in ("§", "Article", "art.")), "no clause that nobody saw"
        if ground.verified is None:
            assert "not established" in ground.reference.en, code
        else:
            assert datetime.fromisoformat(ground.verified.on), code
