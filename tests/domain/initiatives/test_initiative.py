"""Initiatives: issues raised, commitments made, reminded of, kept and missed; every command taken, every refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.incident import NARRATIVE_CHARACTERS_MAX
from domain.initiatives.initiative import (
    COMMITMENT_DAYS_MAX,
    COMMITMENTS_MAX,
    DECIDER,
    ISSUES_MAX,
    REMINDER_DAYS_MAX,
    Initiative,
    KeepCommitment,
    LapseCommitments,
    LaunchInitiative,
    MakeCommitment,
    MissCommitment,
    RaiseIssue,
    RemindOfCommitments,
    phase_at,
)
from domain.initiatives.initiative_events import (
    CommitmentKept,
    CommitmentMade,
    CommitmentMissed,
    CommitmentReminded,
    InitiativeLaunched,
    IssueRaised,
)
from domain.personal import Narrative
from domain.public_words import ChildNamed
from domain.sealed import Sealed
from tests.domain.examples import IRYNA, NOW, UNIT, changed, hours, uuid
from tests.given import folded, given

INITIATIVE, COMMUNITY, ISSUE, COMMITMENT, OTHER = (uuid(number) for number in (711, 712, 713, 714, 715))
DAY = timedelta(days=1)
DUE = NOW + 30 * DAY

LAUNCH = LaunchInitiative(
    initiative=INITIATIVE,
    title=" Безпечний шлях до школи ",
    names_child=False,
    community=COMMUNITY,
    region="UA-30",
    unit=UNIT,
    by=IRYNA,
)
LAUNCHED = InitiativeLaunched(title="Безпечний шлях до школи", community=COMMUNITY, region="UA-30", unit=UNIT, by=IRYNA)
SAID = Sealed(uuid(716), Narrative("Від зупинки до ліцею взимку темно."))
RAISE = RaiseIssue(
    initiative=INITIATIVE,
    issue=ISSUE,
    category="lighting",
    met_at=NOW - hours(48),
    narrative=SAID,
    by=IRYNA,
    at=NOW,
)
RAISED = IssueRaised(issue=ISSUE, category="lighting", met_at=NOW - hours(48), narrative=SAID, by=IRYNA)
MAKE = MakeCommitment(
    initiative=INITIATIVE,
    commitment=COMMITMENT,
    issue=ISSUE,
    body="Відділ благоустрою міської ради",
    what="Освітити тротуар від зупинки до ліцею",
    names_child=False,
    due_at=DUE,
    reminder_days=7,
    by=IRYNA,
    at=NOW,
)
MADE = CommitmentMade(
    commitment=COMMITMENT,
    issue=ISSUE,
    body="Відділ благоустрою міської ради",
    what="Освітити тротуар від зупинки до ліцею",
    made_at=NOW,
    due_at=DUE,
    remind_at=DUE - 7 * DAY,
    by=IRYNA,
)
KEEP = KeepCommitment(initiative=INITIATIVE, commitment=COMMITMENT, kept_at=DUE - DAY, by=IRYNA, at=DUE + 3 * DAY)
KEPT = CommitmentKept(commitment=COMMITMENT, kept_at=DUE - DAY, by=IRYNA)
MISS = MissCommitment(initiative=INITIATIVE, commitment=COMMITMENT, by=IRYNA, at=NOW + DAY)
GIVEN_UP = CommitmentMissed(commitment=COMMITMENT, at=NOW + DAY, by=IRYNA)
LAPSED = CommitmentMissed(commitment=COMMITMENT, at=DUE)
REMINDED = CommitmentReminded(commitment=COMMITMENT, due_at=DUE)
REMIND = RemindOfCommitments(initiative=INITIATIVE, at=DUE - 7 * DAY)
LAPSE = LapseCommitments(initiative=INITIATIVE, at=DUE)

STANDING = (LAUNCHED, RAISED, MADE)
LATER = (RAISE, MAKE, KEEP, MISS, REMIND, LAPSE)


def test_launched_with_all_its_facts() -> None:
    given(DECIDER).when(LAUNCH).then(LAUNCHED)
    given(DECIDER, LAUNCHED).when(LAUNCH).then_refused(AlreadyExists, says=str(INITIATIVE))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [({"title": ""}, "title", "empty"), ({"region": ""}, "community", "there is no community")],
)
def test_what_cannot_be_launched(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(LAUNCH, **changes)).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
def test_an_unknown_initiative_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(INITIATIVE))


def test_an_issue_is_raised_once() -> None:
    given(DECIDER, LAUNCHED).when(RAISE).then(RAISED)
    given(DECIDER, LAUNCHED, RAISED).when(RAISE).then_refused(AlreadyExists, says=str(ISSUE))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"category": "neighbours"}, "category", "lighting"),
        ({"met_at": NOW + hours(1)}, "met_at", "in the future"),
        ({"narrative": Sealed(uuid(716), Narrative(" "))}, "narrative", "empty"),
        ({"narrative": Sealed(uuid(716), Narrative("x" * (NARRATIVE_CHARACTERS_MAX + 1)))}, "narrative", "20001"),
    ],
)
def test_what_is_no_issue(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, LAUNCHED).when(changed(RAISE, **changes)).then_refused(Invalid, field=field, says=says)


def test_a_commitment_has_a_body_and_a_day_and_answers_an_issue_or_none() -> None:
    given(DECIDER, LAUNCHED, RAISED).when(MAKE).then(MADE)
    given(DECIDER, LAUNCHED).when(changed(MAKE, issue=None)).then(changed(MADE, issue=None))
    given(DECIDER, *STANDING).when(MAKE).then_refused(AlreadyExists, says=str(COMMITMENT))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"issue": OTHER}, "issue", str(OTHER)),
        ({"body": ""}, "body", "empty"),
        ({"what": "Два\nрядки"}, "what", "one line"),
        ({"due_at": NOW}, "due_at", "past"),
        ({"due_at": NOW + (COMMITMENT_DAYS_MAX + 1) * DAY}, "due_at", "too far ahead"),
        ({"due_at": DUE.replace(tzinfo=None)}, "due_at", "no time zone"),
        ({"reminder_days": 0}, "reminder_days", "from 1"),
        ({"reminder_days": REMINDER_DAYS_MAX + 1}, "reminder_days", str(REMINDER_DAYS_MAX)),
    ],
)
def test_what_is_no_commitment(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, LAUNCHED, RAISED).when(changed(MAKE, **changes)).then_refused(Invalid, field=field, says=says)


def test_an_initiative_is_bounded() -> None:
    issues = [changed(RAISED, issue=uuid(10_000 + number)) for number in range(ISSUES_MAX)]
    given(DECIDER, LAUNCHED, *issues).when(RAISE).then_refused(Invalid, field="issues", says=str(ISSUES_MAX))
    made = [changed(MADE, commitment=uuid(10_000 + number)) for number in range(COMMITMENTS_MAX)]
    full = given(DECIDER, LAUNCHED, RAISED, *made).when(MAKE)
    full.then_refused(Invalid, field="commitments", says=str(COMMITMENTS_MAX))


def test_reminded_of_once_and_not_before_its_time_nor_after_its_day() -> None:
    given(DECIDER, *STANDING).when(changed(REMIND, at=REMIND.at - hours(1))).then_nothing()
    given(DECIDER, *STANDING).when(REMIND).then(REMINDED)
    given(DECIDER, *STANDING, REMINDED).when(REMIND).then_nothing()
    given(DECIDER, *STANDING).when(changed(REMIND, at=DUE)).then_nothing()
    for settled in (KEPT, GIVEN_UP):
        given(DECIDER, *STANDING, settled).when(REMIND).then_nothing()


def test_what_is_due_sooner_than_its_reminder_is_reminded_of_at_once() -> None:
    soon = changed(MAKE, due_at=NOW + DAY)
    made = changed(MADE, due_at=NOW + DAY, remind_at=NOW - 6 * DAY)
    given(DECIDER, LAUNCHED, RAISED).when(soon).then(made)
    reminded = changed(REMINDED, due_at=NOW + DAY)
    given(DECIDER, LAUNCHED, RAISED, made).when(changed(REMIND, at=NOW)).then(reminded)


def test_it_lapses_by_the_clock_each_by_its_own_day_and_once() -> None:
    later = changed(MADE, commitment=OTHER, due_at=DUE + DAY)
    given(DECIDER, *STANDING, later).when(changed(LAPSE, at=DUE - hours(1))).then_nothing()
    given(DECIDER, *STANDING, later).when(LAPSE).then(LAPSED)
    both = given(DECIDER, *STANDING, later).when(changed(LAPSE, at=DUE + 9 * DAY))
    both.then(LAPSED, changed(LAPSED, commitment=OTHER, at=DUE + DAY))
    given(DECIDER, *STANDING, LAPSED).when(LAPSE).then_nothing()
    given(DECIDER, *STANDING, KEPT).when(LAPSE).then_nothing()


def test_kept_also_where_that_is_put_on_record_after_its_day() -> None:
    given(DECIDER, *STANDING).when(KEEP).then(KEPT)
    given(DECIDER, *STANDING, LAPSED).when(KEEP).then(KEPT)
    state = folded(DECIDER, [*STANDING, LAPSED, KEPT])
    assert state.commitment(COMMITMENT).phase == "kept"


def test_kept_late_is_told_as_late() -> None:
    late = changed(KEPT, kept_at=DUE + DAY)
    given(DECIDER, *STANDING, LAPSED).when(changed(KEEP, kept_at=DUE + DAY)).then(late)
    assert folded(DECIDER, [*STANDING, LAPSED, late]).commitment(COMMITMENT).phase == "kept-late"
    assert folded(DECIDER, [*STANDING, changed(KEPT, kept_at=DUE)]).commitment(COMMITMENT).phase == "kept"


def test_given_up_before_its_day() -> None:
    given(DECIDER, *STANDING).when(MISS).then(GIVEN_UP)


@pytest.mark.parametrize(
    ("history", "state"),
    [((KEPT,), "kept"), ((changed(KEPT, kept_at=DUE + DAY),), "kept-late"), ((GIVEN_UP,), "missed")],
)
def test_what_is_settled_is_not_given_up(history: tuple[Any, ...], state: str) -> None:
    given(DECIDER, *STANDING, *history).when(MISS).then_refused(WrongState, says=state)


def test_what_is_over_is_missed_already_though_the_clock_did_not_say_so() -> None:
    given(DECIDER, *STANDING).when(changed(MISS, at=DUE)).then_refused(WrongState, says="missed")


@pytest.mark.parametrize("kept", [KEPT, changed(KEPT, kept_at=DUE + DAY)], ids=["in time", "late"])
def test_it_is_kept_once(kept: CommitmentKept) -> None:
    given(DECIDER, *STANDING, kept).when(KEEP).then_refused(WrongState, says="nothing is left to do")


@pytest.mark.parametrize("command", [KEEP, MISS], ids=lambda command: type(command).__name__)
def test_another_initiative_s_commitment_is_none_of_this_one(command: Any) -> None:
    given(DECIDER, *STANDING).when(changed(command, commitment=OTHER)).then_refused(Invalid, field="commitment")


@pytest.mark.parametrize(
    ("kept_at", "says"), [(KEEP.at + DAY, "in the future"), (NOW - hours(1), "before the commitment was made")]
)
def test_when_it_cannot_have_been_kept(kept_at: datetime, says: str) -> None:
    refused = given(DECIDER, *STANDING).when(changed(KEEP, kept_at=kept_at))
    refused.then_refused(Invalid, field="kept_at", says=says)


def test_its_state() -> None:
    state: Initiative = folded(DECIDER, [*STANDING, REMINDED])
    assert (state.community, state.unit, state.issues) == (COMMUNITY, UNIT, {ISSUE})
    commitment = state.commitment(COMMITMENT)
    assert (commitment.phase, commitment.reminded, commitment.due_at) == ("open", True, DUE)
    assert (phase_at(commitment, DUE - hours(1)), phase_at(commitment, DUE)) == ("open", "missed")


def test_what_everybody_reads_names_no_child() -> None:
    given(DECIDER).when(changed(LAUNCH, names_child=True)).then_refused(ChildNamed)
    given(DECIDER, LAUNCHED, RAISED).when(changed(MAKE, names_child=True)).then_refused(ChildNamed)
