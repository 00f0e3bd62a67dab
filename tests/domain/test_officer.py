"""Officers: selected, trained, certified, lapsed; every command taken, every refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain import officer
from domain.errors import Invalid, NotFound, WrongState
from domain.officer import (
    CERTIFIED_DAYS_MAX,
    COURSES_MAX,
    DECIDER,
    CandidateSelected,
    CertificationLapsed,
    CertifyOfficer,
    CompleteTraining,
    LapseCertification,
    Officer,
    OfficerCertified,
    OwnCertification,
    SelectCandidate,
    TrainingCompleted,
    WithdrawCertification,
    is_certified,
    phase_at,
)
from tests.domain.examples import IRYNA, NOW, PETRO, UNIT, changed, hours, reason
from tests.given import folded, given

YEAR = timedelta(days=365)
UNTIL = NOW + YEAR
SERVES = frozenset({"juvenile-officer"})

SELECT = SelectCandidate(account=IRYNA, unit=UNIT, roles=SERVES, by=PETRO)
TRAIN = CompleteTraining(
    account=IRYNA, course="juvenile-prevention", completed_at=NOW - hours(50), by=PETRO, at=NOW
)  # fmt: skip
CERTIFY = CertifyOfficer(account=IRYNA, until=UNTIL, roles=SERVES, by=PETRO, at=NOW)
LAPSE = LapseCertification(account=IRYNA, at=UNTIL)
WITHDRAW = WithdrawCertification(account=IRYNA, reason=reason("Порушення правил"), by=PETRO, at=NOW)

SELECTED = CandidateSelected(account=IRYNA, unit=UNIT, by=PETRO)
COMPLETED = TrainingCompleted(course="juvenile-prevention", completed_at=NOW - hours(50), by=PETRO)
SCHOOL = TrainingCompleted(course="school-work", completed_at=NOW - hours(50), by=PETRO)
CERTIFIED = OfficerCertified(until=UNTIL, by=PETRO)
LAPSED = CertificationLapsed(account=IRYNA, unit=UNIT, cause="time-over", at=UNTIL)

PIPELINE = (SELECTED, COMPLETED, CERTIFIED)


def test_selected() -> None:
    given(DECIDER).when(SELECT).then(SELECTED)


@pytest.mark.parametrize("roles", [frozenset(), frozenset({"investigator", "supervisor"})])
def test_only_a_juvenile_officer_in_service_is_selected(roles: frozenset[str]) -> None:
    given(DECIDER).when(changed(SELECT, roles=roles)).then_refused(Invalid, field="account", says="juvenile-officer")


@pytest.mark.parametrize(
    ("history", "state"),
    [((SELECTED,), "candidate"), ((SELECTED, COMPLETED), "trained"), (PIPELINE, "certified"),
     ((*PIPELINE, LAPSED), "lapsed")],
)  # fmt: skip
def test_selected_once(history: tuple[Any, ...], state: str) -> None:
    given(DECIDER, *history).when(SELECT).then_refused(WrongState, says=state)


@pytest.mark.parametrize(
    "command",
    [changed(SELECT, by=IRYNA), changed(TRAIN, by=IRYNA), changed(CERTIFY, by=IRYNA), changed(WITHDRAW, by=IRYNA)],
    ids=lambda command: type(command).__name__,
)
def test_nobody_decides_on_themselves(command: Any) -> None:
    history = () if isinstance(command, SelectCandidate) else PIPELINE
    given(DECIDER, *history).when(command).then_refused(OwnCertification, says="another supervisor")


def test_trained() -> None:
    given(DECIDER, SELECTED).when(TRAIN).then(COMPLETED)


def test_the_same_course_twice_changes_nothing() -> None:
    given(DECIDER, SELECTED, COMPLETED).when(TRAIN).then_nothing()


def test_another_course_is_another_training() -> None:
    given(DECIDER, SELECTED, COMPLETED).when(changed(TRAIN, course="school-work")).then(SCHOOL)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"course": "karate"}, "course", "juvenile-prevention"),
        ({"completed_at": NOW + hours(1)}, "completed_at", "future"),
    ],
)
def test_what_training_cannot_be_recorded(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, SELECTED).when(changed(TRAIN, **changes)).then_refused(Invalid, field=field, says=says)


def test_trainings_are_bounded() -> None:
    many = [changed(SCHOOL, completed_at=NOW - hours(100 + n)) for n in range(COURSES_MAX)]
    given(DECIDER, SELECTED, *many[1:]).when(TRAIN).then(COMPLETED)
    given(DECIDER, SELECTED, *many).when(TRAIN).then_refused(Invalid, field="course", says="100")


def test_certified_after_the_required_course() -> None:
    given(DECIDER, SELECTED, COMPLETED).when(CERTIFY).then(CERTIFIED)


@pytest.mark.parametrize("history", [(SELECTED,), (SELECTED, SCHOOL), (*PIPELINE, LAPSED), (*PIPELINE, LAPSED, SCHOOL)])
def test_not_certified_without_it(history: tuple[Any, ...]) -> None:
    at = changed(CERTIFY, at=UNTIL, until=UNTIL + YEAR)
    given(DECIDER, *history).when(at).then_refused(WrongState, says="juvenile-prevention")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"until": NOW}, "until", "over already"),
        ({"until": NOW + timedelta(days=CERTIFIED_DAYS_MAX, seconds=1)}, "until", "days away"),
        ({"roles": frozenset()}, "account", "juvenile-officer"),
    ],
)
def test_what_cannot_be_certified(changes: dict[str, Any], field: str, says: str) -> None:
    history = (SELECTED, COMPLETED)
    given(DECIDER, *history).when(changed(CERTIFY, **changes)).then_refused(Invalid, field=field, says=says)


def test_certified_again_for_longer() -> None:
    given(DECIDER, *PIPELINE).when(changed(CERTIFY, until=UNTIL + YEAR)).then(
        OfficerCertified(until=UNTIL + YEAR, by=PETRO)
    )
    given(DECIDER, *PIPELINE).when(CERTIFY).then_refused(Invalid, field="until", says="stands already")


def test_not_prolonged_when_its_time_is_over_and_nobody_said_so_yet() -> None:
    late = changed(CERTIFY, at=UNTIL, until=UNTIL + YEAR)
    given(DECIDER, *PIPELINE).when(late).then_refused(WrongState, says="lapsed")


def test_lapsed_by_the_clock() -> None:
    given(DECIDER, *PIPELINE).when(LAPSE).then(LAPSED)
    given(DECIDER, *PIPELINE).when(changed(LAPSE, at=UNTIL + YEAR)).then(LAPSED)


def test_not_before_its_time() -> None:
    given(DECIDER, *PIPELINE).when(changed(LAPSE, at=UNTIL - hours(1))).then_refused(Invalid, field="at")


@pytest.mark.parametrize("cause", ["account-suspended", "role-withdrawn"])
def test_lapsed_at_once_where_the_account_may_not_serve(cause: str) -> None:
    given(DECIDER, *PIPELINE).when(changed(LAPSE, cause=cause, at=NOW)).then(changed(LAPSED, cause=cause, at=NOW))


def test_a_person_withdraws_it_by_the_command_that_names_them() -> None:
    given(DECIDER, *PIPELINE).when(changed(LAPSE, cause="withdrawn")).then_refused(Invalid, field="cause")


@pytest.mark.parametrize("history", [(), (SELECTED,), (SELECTED, COMPLETED), (*PIPELINE, LAPSED)])
def test_where_none_stands_nothing_lapses(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(LAPSE).then_nothing()


def test_withdrawn_with_a_reason() -> None:
    given(DECIDER, *PIPELINE).when(WITHDRAW).then(
        CertificationLapsed(
            account=IRYNA, unit=UNIT, cause="withdrawn", at=NOW, by=PETRO, reason=reason("Порушення правил")
        )
    )
    given(DECIDER, *PIPELINE).when(changed(WITHDRAW, reason=reason(""))).then_refused(Invalid, field="reason")


@pytest.mark.parametrize("history", [(SELECTED,), (SELECTED, COMPLETED), (*PIPELINE, LAPSED)])
def test_only_what_stands_is_withdrawn(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(WITHDRAW).then_refused(WrongState, says="that stands")


@pytest.mark.parametrize("command", [TRAIN, CERTIFY, WITHDRAW], ids=lambda command: type(command).__name__)
def test_an_unknown_officer_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(IRYNA))


def test_who_lapsed_trains_anew() -> None:
    history = (*PIPELINE, LAPSED)
    again = changed(TRAIN, completed_at=UNTIL, at=UNTIL)
    given(DECIDER, *history).when(again).then(changed(COMPLETED, completed_at=UNTIL))
    trained = (*history, changed(COMPLETED, completed_at=UNTIL))
    late = changed(CERTIFY, at=UNTIL, until=UNTIL + YEAR)
    given(DECIDER, *trained).when(late).then(OfficerCertified(until=UNTIL + YEAR, by=PETRO))


def test_certified_until_the_last_moment_and_not_after() -> None:
    state: Officer = folded(DECIDER, PIPELINE)
    assert is_certified(state, UNTIL - timedelta(microseconds=1))
    assert not is_certified(state, UNTIL)
    assert (phase_at(state, NOW), phase_at(state, UNTIL)) == ("certified", "lapsed")
    assert not is_certified(None, NOW)
    assert not is_certified(folded(DECIDER, PIPELINE[:2]), NOW)
    assert not is_certified(folded(DECIDER, (*PIPELINE, LAPSED)), NOW)


def test_training_while_certified_keeps_the_certification() -> None:
    state: Officer = folded(DECIDER, (*PIPELINE, SCHOOL, changed(COMPLETED, completed_at=NOW)))
    assert (state.phase, state.certified_until, len(state.courses)) == ("certified", UNTIL, 3)


def test_a_lapse_leaves_nothing_to_certify_on() -> None:
    state: Officer = folded(DECIDER, (*PIPELINE, LAPSED))
    assert state == Officer(account=IRYNA, unit=UNIT, phase=officer.LAPSED)
