"""Concerns: raised, reviewed, answered with help, dismissed, expired; every command taken, every refusal."""

from __future__ import annotations

import typing
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.concern import (
    DAYS_MAX,
    DECIDER,
    HELP_OFFERS_MAX,
    Concern,
    ConcernDismissed,
    ConcernExpired,
    ConcernRaised,
    ConcernReviewed,
    DismissConcern,
    ExpireConcern,
    HelpOffered,
    OfferHelp,
    RaiseConcern,
    RecordWordsDestruction,
    ReviewConcern,
    ReviewerIsRaiser,
    WordsDestroyed,
    phase_at,
)
from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.incident import NAMES_MAX, NARRATIVE_CHARACTERS_MAX
from domain.personal import Narrative
from domain.registry import DECIDERS
from domain.sealed import Sealed
from tests.domain.examples import (
    CHILD,
    IRYNA,
    NOW,
    OLENA,
    TARAS,
    UNIT,
    changed,
    hours,
    reason,
    uuid,
)
from tests.given import folded, given

CONCERN = uuid(51)
DAYS = timedelta(days=90)

RAISE = RaiseConcern(
    concern=CONCERN,
    child=CHILD,
    pseudonym="CH-4F2A",
    kind="missing-school",
    unit=UNIT,
    unit_kind="juvenile-prevention",
    by=OLENA,
    narrative=Sealed(CONCERN, Narrative("Третій тиждень не ходить до школи, ночує у під’їзді.")),
    names=(CHILD,),
    days=90,
    at=NOW,
)
REVIEW = ReviewConcern(concern=CONCERN, finding="help-needed", reason=reason(), by=IRYNA, at=NOW + hours(1))
OFFER = OfferHelp(concern=CONCERN, kind="psychologist", reason=reason(), by=IRYNA, at=NOW + hours(2))
DISMISS = DismissConcern(concern=CONCERN, cause="not-confirmed", reason=reason(), by=TARAS, at=NOW + hours(2))
EXPIRE = ExpireConcern(concern=CONCERN, at=NOW + DAYS)

RAISED = DECIDER.decide(None, RAISE)[0]
NEEDED = ConcernReviewed(finding="help-needed", by=IRYNA, reason=reason())
NOT_NEEDED = changed(NEEDED, finding="no-help-needed")
OFFERED = HelpOffered(kind="psychologist", by=IRYNA, reason=reason())
DISMISSED = ConcernDismissed(cause="not-confirmed", by=TARAS, reason=reason())
EXPIRED = ConcernExpired(at=NOW + DAYS)
WRITTEN, LATE = (uuid(61), uuid(62)), uuid(63)  # records
DESTROY = RecordWordsDestruction(concern=CONCERN, records=WRITTEN)
DESTROYED = WordsDestroyed(records=WRITTEN)

LATER = (REVIEW, OFFER, DISMISS)


def test_raised_with_all_its_facts() -> None:
    given(DECIDER).when(RAISE).then(
        ConcernRaised(
            child=CHILD,
            pseudonym="CH-4F2A",
            kind="missing-school",
            unit=UNIT,
            by=OLENA,
            narrative=Sealed(CONCERN, Narrative("Третій тиждень не ходить до школи, ночує у під’їзді.")),
            names=(CHILD,),
            expires_at=NOW + DAYS,
        )
    )


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"kind": "bad-child"}, "kind", "missing-school"),
        ({"pseudonym": "Марійка"}, "pseudonym", "CH-"),
        ({"unit_kind": ""}, "unit", "juvenile-prevention"),
        ({"unit_kind": "investigation"}, "unit", "juvenile-prevention"),
        ({"days": 0}, "days", "from 1"),
        ({"days": DAYS_MAX + 1}, "days", str(DAYS_MAX)),
        ({"narrative": Sealed(CONCERN, Narrative(" "))}, "narrative", "empty"),
        ({"narrative": Sealed(CONCERN, Narrative("x" * (NARRATIVE_CHARACTERS_MAX + 1)))}, "narrative", "20001"),
        ({"names": tuple(uuid(n) for n in range(NAMES_MAX + 1))}, "names", "101 entries"),
    ],
)
def test_what_cannot_be_raised(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(RAISE, **changes)).then_refused(Invalid, field=field, says=says)


def test_an_id_is_used_once() -> None:
    given(DECIDER, RAISED).when(RAISE).then_refused(AlreadyExists, says=str(CONCERN))


def test_reviewed_by_a_second_person() -> None:
    given(DECIDER, RAISED).when(REVIEW).then(NEEDED)
    given(DECIDER, RAISED).when(changed(REVIEW, by=OLENA)).then_refused(ReviewerIsRaiser, says="colleague")


def test_reviewed_again_with_another_finding() -> None:
    given(DECIDER, RAISED, NEEDED).when(changed(REVIEW, finding="no-help-needed")).then(NOT_NEEDED)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [({"finding": "guilty"}, "finding", "help-needed"), ({"reason": reason("")}, "reason", "empty")],
)
def test_what_review_cannot_be_taken(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, RAISED).when(changed(REVIEW, **changes)).then_refused(Invalid, field=field, says=says)


def test_help_is_offered_where_it_is_needed_and_more_of_it() -> None:
    given(DECIDER, RAISED, NEEDED).when(OFFER).then(OFFERED)
    given(DECIDER, RAISED, NEEDED, OFFERED).when(changed(OFFER, kind="talk")).then(changed(OFFERED, kind="talk"))


@pytest.mark.parametrize("finding", ["no-help-needed", "unclear"])
def test_no_help_is_offered_that_is_not_needed(finding: str) -> None:
    history = (RAISED, changed(NEEDED, finding=finding))
    given(DECIDER, *history).when(OFFER).then_refused(WrongState, says=f"reviewed: {finding}")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [({"kind": "arrest"}, "kind", "psychologist"), ({"reason": reason("")}, "reason", "empty")],
)
def test_what_help_cannot_be_offered(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, RAISED, NEEDED).when(changed(OFFER, **changes)).then_refused(Invalid, field=field, says=says)


def test_offers_are_bounded() -> None:
    given(DECIDER, RAISED, NEEDED, *[OFFERED] * (HELP_OFFERS_MAX - 1)).when(OFFER).then(OFFERED)
    given(DECIDER, RAISED, NEEDED, *[OFFERED] * HELP_OFFERS_MAX).when(OFFER).then_refused(Invalid, field="kind")


@pytest.mark.parametrize("finding", ["no-help-needed", "unclear"])
def test_dismissed_where_no_help_is_needed(finding: str) -> None:
    given(DECIDER, RAISED, changed(NEEDED, finding=finding)).when(DISMISS).then(DISMISSED)


def test_not_dismissed_where_help_is_needed() -> None:
    given(DECIDER, RAISED, NEEDED).when(DISMISS).then_refused(WrongState, says="offer help")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [({"cause": "lazy"}, "cause", "not-confirmed"), ({"reason": reason("")}, "reason", "empty")],
)
def test_what_dismissal_cannot_be_taken(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, RAISED, NOT_NEEDED).when(changed(DISMISS, **changes)).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize(
    "history", [(RAISED,), (RAISED, NEEDED), (RAISED, NEEDED, OFFERED), (RAISED, NOT_NEEDED, DISMISSED)]
)
def test_it_expires_answered_or_not(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(EXPIRE).then(EXPIRED)
    given(DECIDER, *history).when(changed(EXPIRE, at=NOW + 2 * DAYS)).then(EXPIRED)
    early = changed(EXPIRE, at=NOW + DAYS - timedelta(microseconds=1))
    given(DECIDER, *history).when(early).then_refused(Invalid, field="at")


def test_it_expires_once() -> None:
    given(DECIDER, RAISED, EXPIRED).when(EXPIRE).then_nothing()
    given(DECIDER, RAISED, EXPIRED, DESTROYED).when(EXPIRE).then_nothing()


@pytest.mark.parametrize("history", [(RAISED, EXPIRED), (RAISED, NOT_NEEDED, DISMISSED, EXPIRED)])
def test_the_words_of_an_expired_one_are_destroyed_once_and_what_was_missed_once_more(history: tuple[Any, ...]) -> None:
    given(DECIDER, *history).when(DESTROY).then(DESTROYED)
    given(DECIDER, *history).when(changed(DESTROY, records=(*WRITTEN, WRITTEN[0]))).then(DESTROYED)
    given(DECIDER, *history, DESTROYED).when(DESTROY).then_nothing()
    further, more = WordsDestroyed(records=(LATE,)), changed(DESTROY, records=(LATE, *WRITTEN))
    given(DECIDER, *history, DESTROYED).when(more).then(further)
    given(DECIDER, *history, DESTROYED, further).when(more).then_nothing()


@pytest.mark.parametrize(
    ("history", "state"),
    [((RAISED,), "raised"), ((RAISED, NEEDED), "reviewed"), ((RAISED, NEEDED, OFFERED), "help-offered"),
     ((RAISED, NOT_NEEDED, DISMISSED), "dismissed")],
)  # fmt: skip
def test_no_words_are_destroyed_of_one_that_did_not_expire(history: tuple[Any, ...], state: str) -> None:
    refused = given(DECIDER, *history).when(DESTROY)
    refused.then_refused(WrongState, says=state)
    refused.then_refused(WrongState, says="needs one that is expired")


@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize(
    ("history", "state"),
    [((RAISED, NOT_NEEDED, DISMISSED), "dismissed"), ((RAISED, NEEDED, EXPIRED), "expired"),
     ((RAISED, NEEDED, EXPIRED, DESTROYED), "expired")],
)  # fmt: skip
def test_what_ended_takes_nothing(command: Any, history: tuple[Any, ...], state: str) -> None:
    given(DECIDER, *history).when(command).then_refused(WrongState, says=state)


@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
def test_what_is_over_takes_nothing_also_before_the_clock_said_so(command: Any) -> None:
    given(DECIDER, RAISED, NOT_NEEDED).when(changed(command, at=NOW + DAYS)).then_refused(WrongState, says="expired")


@pytest.mark.parametrize(
    ("command", "history", "needs"),
    [(OFFER, (RAISED,), "reviewed"), (DISMISS, (RAISED,), "reviewed"), (REVIEW, (RAISED, NEEDED, OFFERED), "raised"),
     (DISMISS, (RAISED, NEEDED, OFFERED), "reviewed")],
)  # fmt: skip
def test_one_step_after_the_other(command: Any, history: tuple[Any, ...], needs: str) -> None:
    given(DECIDER, *history).when(command).then_refused(WrongState, says=needs)


@pytest.mark.parametrize("command", [*LATER, EXPIRE, DESTROY], ids=lambda command: type(command).__name__)
def test_an_unknown_concern_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(CONCERN))


def test_its_state() -> None:
    state: Concern = folded(DECIDER, [RAISED, NEEDED, OFFERED, OFFERED])
    assert (state.child, state.pseudonym, state.unit, state.raiser) == (CHILD, "CH-4F2A", UNIT, OLENA)
    assert (state.phase, state.finding, state.offers) == ("help-offered", "help-needed", 2)
    assert (phase_at(state, NOW), phase_at(state, NOW + DAYS)) == ("help-offered", "expired")
    assert folded(DECIDER, [RAISED, NOT_NEEDED, DISMISSED]).phase == "dismissed"
    gone: Concern = folded(DECIDER, [RAISED, EXPIRED, DESTROYED, WordsDestroyed(records=(LATE,))])
    assert (gone.phase, gone.destroyed) == ("expired", {*WRITTEN, LATE})


def test_nothing_else_has_a_place_where_a_concern_could_be_named() -> None:
    """Neither raises it a risk nor authorises a search: no command or event beside its own has such a field."""
    ours = {*DECIDER.decides, *DECIDER.evolves}
    others = {kind for decider in DECIDERS.values() for kind in (*decider.decides, *decider.evolves)} - ours
    named = [
        f"{kind.__name__}.{field.name}"
        for kind in others
        for field in msgspec.structs.fields(kind)
        if "concern" in field.name.lower() or "Concern" in str(typing.get_type_hints(kind)[field.name])
    ]
    assert named == []
