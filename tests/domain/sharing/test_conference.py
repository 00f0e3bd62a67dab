"""Case conferences: who is told what, what is planned, and that a child's plan is one; every command, every refusal."""

from __future__ import annotations

import typing
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.checks import CLOCK_TOLERANCE
from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.personal import Narrative
from domain.sealed import Sealed
from domain.sharing import agreed_plan
from domain.sharing.agreed_plan import (
    AgreedPlan,
    CallConference,
    CancelConference,
    ConferenceUnderWay,
    PlanningEnded,
    PlanningOpened,
    PlanNotAgreed,
    PlanPutInForce,
    PlanStands,
    PlanSuperseded,
    SettlePlan,
)
from domain.sharing.conference import (
    AGENCIES_MAX,
    DECIDER,
    DECISIONS_MAX,
    FIELDS,
    PURPOSE,
    TASKS_MAX,
    AdmitAgency,
    AgreeTask,
    AgreeToPlan,
    ConferenceCommand,
    DoTask,
    DropTask,
    ExcludeAgency,
    RecordDecision,
    ScheduleConference,
)
from domain.sharing.conference_events import (
    AgencyAdmitted,
    AgencyAgreed,
    AgencyExcluded,
    ConferenceCalled,
    ConferenceCancelled,
    ConferenceScheduled,
    DecisionRecorded,
    Invited,
    PlanAgreed,
    TaskAgreed,
    TaskDone,
    TaskDropped,
)
from domain.sharing.conference_state import Conference
from domain.sharing.referral_words import CANCELLATION_CAUSES, SAID_CANCELLATION_CAUSES
from domain.sharing.refusals import NotAgreed, NotConsented
from tests.domain.examples import (
    CASE,
    CHILD,
    IRYNA,
    NOW,
    OTHER_CHILD,
    OTHER_UNIT,
    PETRO,
    THIRD_UNIT,
    UNIT,
    changed,
    hours,
    reason,
    uuid,
)
from tests.given import folded, given

CONFERENCE, EARLIER, AGENCY, OTHER_AGENCY = uuid(81), uuid(82), uuid(83), uuid(84)
AGREEMENT, CONSENT, TASK, OWN_TASK = uuid(85), uuid(86), uuid(87), uuid(88)
SAID = Sealed(CONFERENCE, Narrative("Лишається в родині"))
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
INVITED = (Invited(agency=AGENCY, unit=OTHER_UNIT),)

CALL = CallConference(
    conference=CONFERENCE,
    child=CHILD,
    pseudonym="CH-4F2A",
    case=CASE,
    case_open=True,
    unit=UNIT,
    invited=INVITED,
    meets_at=NOW + DAY,
    by=IRYNA,
    at=NOW,
)
BY = {"conference": CONFERENCE, "by": IRYNA}
NOBODY, OVER = frozenset[UUID](), frozenset({AGENCY})  # who may be told no more
SCHEDULE = ScheduleConference(meets_at=NOW + 2 * DAY, at=NOW, **BY)
ADMIT = AdmitAgency(
    agency=AGENCY,
    agency_unit=OTHER_UNIT,
    agreement=AGREEMENT,
    consent=CONSENT,
    agreed=True,
    consented=True,
    unit=UNIT,
    **BY,
)
EXCLUDE = ExcludeAgency(agency=AGENCY, cause="left", **BY)
DECIDE = RecordDecision(narrative=SAID, ended=NOBODY, **BY)
AGREE_TASK = AgreeTask(
    task=TASK,
    agency=AGENCY,
    service="psychologist",
    due_at=NOW + 9 * DAY,
    narrative=SAID,
    ended=NOBODY,
    at=NOW,
    **BY,
)
DROP = DropTask(task=TASK, **BY)
AGREE = AgreeToPlan(conference=CONFERENCE, by_unit=OTHER_UNIT, ended=NOBODY, by=PETRO)
SETTLE = SettlePlan(supersedes=(), ended=NOBODY, **BY)
DO = DoTask(
    conference=CONFERENCE,
    task=TASK,
    by_unit=OTHER_UNIT,
    agreed_at=NOW - hours(2),
    done_at=NOW - hours(1),
    narrative=SAID,
    ended=NOBODY,
    by=PETRO,
    at=NOW,
)
CANCEL = CancelConference(cause="not-needed", reason=reason(), **BY)

((CALLED,), _) = agreed_plan.decide_call(None, {CHILD: None}, CHILD, CALL)
SUGGESTED = changed(CALLED, meets_at=None, by=SYSTEM_ACTOR)
SCHEDULED = ConferenceScheduled(meets_at=NOW + 2 * DAY, by=IRYNA)
ADMITTED = AgencyAdmitted(
    agency=AGENCY,
    agency_unit=OTHER_UNIT,
    purpose=PURPOSE,
    fields=FIELDS,
    agreement=AGREEMENT,
    consent=CONSENT,
    unit=UNIT,
    by=IRYNA,
)
SECOND = changed(ADMITTED, agency=OTHER_AGENCY, agency_unit=THIRD_UNIT)
EXCLUDED = AgencyExcluded(agency=AGENCY, cause="left", by=IRYNA)
DECIDED = DecisionRecorded(by=IRYNA, narrative=SAID)
PLANNED = TaskAgreed(task=TASK, agency=AGENCY, service="psychologist", due_at=NOW + 9 * DAY, by=IRYNA, narrative=SAID)
OF_POLICE = changed(PLANNED, task=OWN_TASK, agency=None)
DROPPED = TaskDropped(task=TASK, by=IRYNA)
AGREED = AgencyAgreed(agency=AGENCY, by=PETRO)
SETTLED = PlanAgreed(by=IRYNA)
DONE = TaskDone(task=TASK, done_at=NOW - hours(1), by=PETRO, narrative=SAID)
CANCELLED = ConferenceCancelled(cause="not-needed", by=IRYNA, reason=reason())

READY = (CALLED, ADMITTED, PLANNED, AGREED)
ENDED = {"agreed": (*READY, SETTLED), "cancelled": (CALLED, CANCELLED)}
LEADING = (SCHEDULE, ADMIT, DECIDE, AGREE_TASK, DROP, AGREE)


def state(*events: Event) -> Conference | None:
    return DECIDER.fold(events)


# called, one at a time ------------------------------------------------------------------------------------------------


def test_called_with_all_its_facts() -> None:
    events, of_profiles = agreed_plan.decide_call(None, {CHILD: None}, CHILD, CALL)
    assert events == (
        ConferenceCalled(
            child=CHILD,
            pseudonym="CH-4F2A",
            profile=CHILD,
            case=CASE,
            unit=UNIT,
            invited=INVITED,
            meets_at=NOW + DAY,
            by=IRYNA,
        ),
    )
    assert of_profiles == {CHILD: (PlanningOpened(conference=CONFERENCE),)}


def test_of_a_merged_child_it_is_the_surviving_profiles() -> None:
    (called,), of_profiles = agreed_plan.decide_call(None, {OTHER_CHILD: None, CHILD: None}, OTHER_CHILD, CALL)
    assert isinstance(called, ConferenceCalled)
    assert (called.child, called.profile, set(of_profiles)) == (CHILD, OTHER_CHILD, {OTHER_CHILD})


@pytest.mark.parametrize(
    ("changes", "refusal", "says"),
    [
        ({"case_open": False}, WrongState, "not open"),
        ({"invited": ()}, Invalid, "0 entries"),
        ({"meets_at": NOW}, Invalid, "future"),
        ({"meets_at": NOW + 400 * DAY}, Invalid, "days ahead"),
        ({"pseudonym": "Марійка"}, Invalid, "CH-"),
    ],
)
def test_what_cannot_be_called(changes: dict[str, Any], refusal: type[DomainError], says: str) -> None:
    with pytest.raises(refusal, match=says):
        agreed_plan.decide_call(None, {CHILD: None}, CHILD, changed(CALL, **changes))


@pytest.mark.parametrize("where", [CHILD, OTHER_CHILD])
def test_a_child_has_one_conference_at_a_time(where: UUID) -> None:
    of_child = {CHILD: None, OTHER_CHILD: None, where: AgreedPlan(under_way=EARLIER)}
    with pytest.raises(ConferenceUnderWay, match="under way"):
        agreed_plan.decide_call(None, of_child, CHILD, CALL)
    with pytest.raises(AlreadyExists):
        agreed_plan.decide_call(state(CALLED), {CHILD: None}, CHILD, CALL)


def test_one_that_is_over_or_in_force_does_not_stand_in_the_way() -> None:
    agreed_plan.decide_call(None, {CHILD: AgreedPlan(in_force=EARLIER)}, CHILD, CALL)


# led ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*LEADING, EXCLUDE, DO], ids=lambda command: type(command).__name__)
def test_what_was_never_called_takes_nothing(command: ConferenceCommand) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says="no conference")


@pytest.mark.parametrize("phase", ENDED)
@pytest.mark.parametrize("command", LEADING, ids=lambda command: type(command).__name__)
def test_what_is_over_is_led_no_more(phase: str, command: ConferenceCommand) -> None:
    given(DECIDER, *ENDED[phase]).when(command).then_refused(WrongState, says=phase)


@pytest.mark.parametrize("command", LEADING[1:], ids=lambda command: type(command).__name__)
def test_one_that_is_only_suggested_waits_for_a_time(command: ConferenceCommand) -> None:
    given(DECIDER, SUGGESTED).when(command).then_refused(WrongState, says="suggested")


def test_scheduled_and_scheduled_anew() -> None:
    for history in ((SUGGESTED,), (CALLED,)):
        given(DECIDER, *history).when(SCHEDULE).then(SCHEDULED)
    given(DECIDER, CALLED, SCHEDULED).when(SCHEDULE).then()
    given(DECIDER, CALLED).when(changed(SCHEDULE, meets_at=NOW)).then_refused(Invalid, field="meets_at")


def test_an_agency_is_admitted_on_an_agreement_and_a_consent() -> None:
    given(DECIDER, CALLED).when(ADMIT).then(ADMITTED)
    given(DECIDER, CALLED).when(changed(ADMIT, agreed=False)).then_refused(NotAgreed)
    given(DECIDER, CALLED).when(changed(ADMIT, consented=False)).then_refused(NotConsented)
    given(DECIDER, CALLED).when(changed(ADMIT, agency_unit=None)).then_refused(Invalid, field="agency")
    given(DECIDER, CALLED, ADMITTED).when(ADMIT).then_refused(AlreadyExists, says=str(AGENCY))
    full = [changed(ADMITTED, agency=uuid(900 + number)) for number in range(AGENCIES_MAX)]
    given(DECIDER, CALLED, *full).when(ADMIT).then_refused(Invalid, field="agency", says=str(AGENCIES_MAX))


def test_an_admission_keeps_which_unit_had_the_case_then() -> None:
    told_by = {None: UNIT, THIRD_UNIT: THIRD_UNIT}  # by what the event says: an old one says nothing
    for unit, shares in told_by.items():
        (admitted,) = folded(DECIDER, (CALLED, changed(ADMITTED, unit=unit))).admitted
        assert (admitted.unit, admitted.shared_by) == (OTHER_UNIT, shares)


def test_an_agency_is_excluded_once_whatever_it_was() -> None:
    for history in ((CALLED,), (CALLED, ADMITTED), ENDED["agreed"]):
        given(DECIDER, *history).when(EXCLUDE).then(EXCLUDED)
    given(DECIDER, CALLED, ADMITTED, EXCLUDED).when(EXCLUDE).then()
    given(DECIDER, CALLED).when(changed(EXCLUDE, cause="whim")).then_refused(Invalid, field="cause")
    given(DECIDER, CALLED, ADMITTED, EXCLUDED).when(ADMIT).then(ADMITTED)


def test_decisions_are_recorded() -> None:
    given(DECIDER, CALLED).when(DECIDE).then(DECIDED)
    empty = changed(DECIDE, narrative=Sealed(CONFERENCE, Narrative(" ")))
    given(DECIDER, CALLED).when(empty).then_refused(Invalid, field="narrative")
    given(DECIDER, CALLED, *[DECIDED] * DECISIONS_MAX).when(DECIDE).then_refused(Invalid, says=str(DECISIONS_MAX))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agency": OTHER_AGENCY}, "agency"),
        ({"service": "counselling"}, "service"),
        ({"due_at": NOW}, "due_at"),
        ({"narrative": Sealed(CONFERENCE, Narrative(""))}, "narrative"),
    ],
)
def test_what_is_no_task(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, CALLED, ADMITTED).when(changed(AGREE_TASK, **changes)).then_refused(Invalid, field=field)


def test_tasks_come_and_go() -> None:
    given(DECIDER, CALLED, ADMITTED).when(AGREE_TASK).then(PLANNED)
    given(DECIDER, CALLED).when(changed(AGREE_TASK, task=OWN_TASK, agency=None)).then(OF_POLICE)
    given(DECIDER, CALLED, ADMITTED, PLANNED).when(AGREE_TASK).then_refused(AlreadyExists, says=str(TASK))
    given(DECIDER, CALLED, ADMITTED, PLANNED).when(DROP).then(DROPPED)
    given(DECIDER, CALLED, ADMITTED).when(DROP).then_refused(NotFound, says="task")
    given(DECIDER, CALLED, ADMITTED, PLANNED, DROPPED).when(AGREE_TASK).then_refused(AlreadyExists)
    full = [changed(OF_POLICE, task=uuid(900 + number)) for number in range(TASKS_MAX)]
    given(DECIDER, CALLED, ADMITTED, *full).when(AGREE_TASK).then_refused(Invalid, field="task", says=str(TASKS_MAX))


def test_an_agency_says_yes_to_the_plan_as_it_is() -> None:
    given(DECIDER, CALLED, ADMITTED, PLANNED).when(AGREE).then(AGREED)
    given(DECIDER, *READY).when(AGREE).then()
    given(DECIDER, CALLED, ADMITTED).when(AGREE).then_refused(Invalid, field="tasks")
    given(DECIDER, CALLED, OF_POLICE).when(AGREE).then_refused(Invalid, field="agency")
    for change in (OF_POLICE, DROPPED):
        found = state(*READY, change)
        assert found is not None
        assert not found.agreed, "a yes is to the plan as it was"


# settled --------------------------------------------------------------------------------------------------------------


def test_settled_it_is_the_childs_plan() -> None:
    of_child = {CHILD: AgreedPlan(under_way=CONFERENCE)}
    events, of_profiles = agreed_plan.decide_settle(state(*READY), of_child, CHILD, {}, SETTLE)
    assert (events, of_profiles) == ((SETTLED,), {CHILD: (PlanPutInForce(conference=CONFERENCE),)})


@pytest.mark.parametrize(
    ("history", "refusal", "says"),
    [
        ((SUGGESTED,), WrongState, "suggested"),
        (ENDED["agreed"], WrongState, "agreed"),
        (ENDED["cancelled"], WrongState, "cancelled"),
        ((CALLED, OF_POLICE), Invalid, "none is admitted"),
        ((CALLED, ADMITTED), Invalid, "there are none"),
        ((CALLED, ADMITTED, PLANNED), PlanNotAgreed, str(AGENCY)),
        ((CALLED, ADMITTED, SECOND, PLANNED, AGREED), PlanNotAgreed, str(OTHER_AGENCY)),
        ((*READY, OF_POLICE), PlanNotAgreed, str(AGENCY)),
        ((CALLED, ADMITTED, SECOND, PLANNED, EXCLUDED), Invalid, "excluded"),
    ],
)
def test_what_is_not_settled(history: tuple[Event, ...], refusal: type[DomainError], says: str) -> None:
    with pytest.raises(refusal, match=says):
        agreed_plan.decide_settle(state(*history), {CHILD: AgreedPlan(under_way=CONFERENCE)}, CHILD, {}, SETTLE)


@pytest.mark.parametrize(("stands", "named"), [((EARLIER,), ()), ((), (EARLIER,)), ((EARLIER,), (uuid(89),))])
def test_a_plan_is_superseded_by_name(stands: tuple[UUID, ...], named: tuple[UUID, ...]) -> None:
    of_child = {CHILD: AgreedPlan(under_way=CONFERENCE, in_force=stands[0] if stands else None)}
    with pytest.raises(PlanStands, match=str(EARLIER) if stands else "none"):
        agreed_plan.decide_settle(state(*READY), of_child, CHILD, {}, changed(SETTLE, supersedes=named))


def test_plans_of_all_profiles_of_a_child_give_way_to_one() -> None:
    other = uuid(89)
    of_child = {CHILD: AgreedPlan(in_force=EARLIER), OTHER_CHILD: AgreedPlan(under_way=CONFERENCE, in_force=other)}
    command = changed(SETTLE, supersedes=(EARLIER, other))
    events, of_profiles = agreed_plan.decide_settle(state(*READY), of_child, CHILD, {}, command)
    assert events == (PlanAgreed(supersedes=(EARLIER, other), by=IRYNA),)
    assert of_profiles == {
        CHILD: (PlanPutInForce(conference=CONFERENCE),),
        OTHER_CHILD: (PlanningEnded(conference=CONFERENCE), PlanSuperseded(conference=CONFERENCE)),
    }
    plans = {key: agreed_plan.DECIDER.fold(of_profiles[key], of_child[key]) for key in of_child}
    assert plans == {CHILD: AgreedPlan(in_force=CONFERENCE), OTHER_CHILD: AgreedPlan()}


def test_of_a_child_that_was_parted_meanwhile_the_other_profile_is_set_free_and_keeps_its_plan() -> None:
    elsewhere = {OTHER_CHILD: AgreedPlan(under_way=CONFERENCE, in_force=EARLIER)}
    _, of_profiles = agreed_plan.decide_settle(state(*READY), {CHILD: None}, CHILD, elsewhere, SETTLE)
    assert of_profiles == {
        CHILD: (PlanPutInForce(conference=CONFERENCE),),
        OTHER_CHILD: (PlanningEnded(conference=CONFERENCE),),
    }


def test_cancelled_the_child_may_have_another() -> None:
    of_child = {CHILD: AgreedPlan(under_way=CONFERENCE, in_force=EARLIER), OTHER_CHILD: None}
    for history in ((SUGGESTED,), READY):
        events, of_profiles = agreed_plan.decide_cancel(state(*history), of_child, CANCEL)
        assert (events, of_profiles) == ((CANCELLED,), {CHILD: (PlanningEnded(conference=CONFERENCE),)})
        assert agreed_plan.DECIDER.fold(of_profiles[CHILD], of_child[CHILD]) == AgreedPlan(in_force=EARLIER)
    for ended in ENDED.values():
        with pytest.raises(WrongState):
            agreed_plan.decide_cancel(state(*ended), of_child, CANCEL)


def test_a_person_says_every_cause_but_that_the_case_was_closed() -> None:
    for cause in ("whim", "case-closed"):
        with pytest.raises(Invalid, match="cause"):
            agreed_plan.decide_cancel(state(CALLED), {}, changed(CANCEL, cause=cause))
    assert set(SAID_CANCELLATION_CAUSES) == CANCELLATION_CAUSES.keys() - {"case-closed"}
    for cause in SAID_CANCELLATION_CAUSES:
        events, _ = agreed_plan.decide_cancel(state(CALLED), {}, changed(CANCEL, cause=cause))
        assert events == (changed(CANCELLED, cause=cause),)


# carried out ----------------------------------------------------------------------------------------------------------


def test_a_task_is_done_once_by_those_who_took_it_on() -> None:
    agreed = ENDED["agreed"]
    given(DECIDER, *agreed).when(DO).then(DONE)
    given(DECIDER, *agreed).when(changed(DO, by_unit=UNIT)).then(DONE)
    given(DECIDER, *READY).when(DO).then_refused(WrongState, says="called")
    given(DECIDER, *agreed, DONE).when(DO).then_refused(WrongState, says="done")
    unknown = changed(DO, task=OWN_TASK, agreed_at=None)
    given(DECIDER, *agreed).when(unknown).then_refused(NotFound, says="task")
    of_two = (CALLED, ADMITTED, SECOND, PLANNED, AGREED, changed(AGREED, agency=OTHER_AGENCY), SETTLED)
    given(DECIDER, *of_two).when(changed(DO, by_unit=THIRD_UNIT)).then_refused(Invalid, field="task")


def test_a_task_is_done_neither_before_it_was_agreed_on_nor_in_the_future() -> None:
    agreed, first, last = ENDED["agreed"], DO.agreed_at, NOW + CLOCK_TOLERANCE
    assert first is not None
    for at in (first, NOW, last):
        given(DECIDER, *agreed).when(changed(DO, done_at=at)).then(changed(DONE, done_at=at))
    for at, says in ((first - TICK, "before the task was agreed on"), (last + TICK, "future")):
        given(DECIDER, *agreed).when(changed(DO, done_at=at)).then_refused(Invalid, field="done_at", says=says)


# asked anew, whether or not whoever may be told no more was excluded yet ---------------------------------------------


def test_nothing_is_told_while_one_that_is_admitted_may_be_told_no_more() -> None:
    for command in (DECIDE, AGREE_TASK):
        late = changed(command, ended=OVER)
        given(DECIDER, CALLED, ADMITTED).when(late).then_refused(Invalid, field="agencies", says=str(AGENCY))
    with pytest.raises(Invalid, match=f"consent on which {AGENCY} would be told has ended"):
        agreed_plan.decide_settle(state(*READY), {CHILD: None}, CHILD, {}, changed(SETTLE, ended=OVER))


def test_who_may_be_told_no_more_neither_agrees_nor_does_anything() -> None:
    for history, command, event in (((CALLED, ADMITTED, PLANNED), AGREE, AGREED), (ENDED["agreed"], DO, DONE)):
        given(DECIDER, *history).when(changed(command, ended=OVER)).then_refused(Invalid, field="agency", says="ended")
        given(DECIDER, *history).when(changed(command, ended=frozenset({OTHER_AGENCY}))).then(event)
    given(DECIDER, *ENDED["agreed"]).when(changed(DO, by_unit=UNIT, ended=OVER)).then(DONE)


def test_every_command_is_decided() -> None:
    assert set(typing.get_args(ConferenceCommand)) == set(DECIDER.decides)
