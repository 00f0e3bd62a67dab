"""The authority for searches: asked for, approved by somebody of elsewhere, refused, revoked, ended, drawn on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from domain import search_refusals
from domain.authorisation import (
    DECIDER,
    QUOTA_MAX,
    VALID_HOURS_MAX,
    ExpireAuthorisation,
    RefuseAuthorisation,
    RevokeAuthorisation,
    WithdrawAuthorisation,
    refusal_of,
)
from domain.authorisation_events import (
    ApprovalDenied,
    AuthorisationApproved,
    AuthorisationExpired,
    AuthorisationRefused,
    AuthorisationRequested,
    AuthorisationRevoked,
    AuthorisationWithdrawn,
    SearchDrawn,
)
from domain.authorisation_ground import decide_approve_for, decide_request_for
from domain.authorisation_state import Authorisation
from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.event import Event
from domain.incident import DECIDER as INCIDENT_DECIDER
from domain.incident import IncidentVoided
from domain.search_draw import CAMERAS_MAX, check_search
from domain.search_refusals import (
    ApproverIsRequester,
    ApproverSameUnit,
    AuthorisationNotApproved,
    AuthorisationUnknown,
    OutsideCameras,
    OutsideWindow,
    QuotaSpent,
    SearchRefusal,
)
from tests.domain.examples import (
    APPROVE,
    AUTHORISATION,
    DRAW,
    GATE,
    INCIDENT,
    IRYNA,
    NOW,
    OLENA,
    OTHER_UNIT,
    PETRO,
    RECORD,
    REQUEST,
    SEARCH,
    TARAS,
    THIRD_UNIT,
    UNIT,
    YARD,
    changed,
    hours,
    reason,
    uuid,
)
from tests.given import folded, given

REQUESTED = DECIDER.decide(None, REQUEST)[0]
EXPIRES_AT = NOW + hours(49)
APPROVED = AuthorisationApproved(approver=TARAS, approver_unit=OTHER_UNIT, expires_at=EXPIRES_AT)
REFUSED = AuthorisationRefused(by=TARAS, reason=reason())
REVOKED = AuthorisationRevoked(by=TARAS, reason=reason())
WITHDRAWN = AuthorisationWithdrawn(by=OLENA, reason=reason())
EXPIRED = AuthorisationExpired(at=EXPIRES_AT)
REFUSE = RefuseAuthorisation(authorisation=AUTHORISATION, by=TARAS, reason=reason())
WITHDRAW = WithdrawAuthorisation(authorisation=AUTHORISATION, by=OLENA, reason=reason())
REVOKE = RevokeAuthorisation(authorisation=AUTHORISATION, by=TARAS, reason=reason())
EXPIRE = ExpireAuthorisation(authorisation=AUTHORISATION, at=EXPIRES_AT)
DRAWN = SearchDrawn(search=SEARCH, number=1)


def test_requested_with_all_its_facts() -> None:
    given(DECIDER).when(REQUEST).then(
        AuthorisationRequested(
            requester=OLENA,
            requester_unit=UNIT,
            legal_basis="court-order",
            reference="760/1234/26",
            incident=INCIDENT,
            cameras=(GATE, YARD),
            window_from=NOW - hours(24),
            window_to=NOW,
            quota=2,
            purpose=reason("Встановити, куди пішли"),
            valid_hours=48,
        )
    )


@pytest.mark.parametrize("reference", ["760/1234/26-к", "№ 12.3", "ЄРДР 12026100000000123"])
def test_documents_are_numbered_in_many_ways(reference: str) -> None:
    assert given(DECIDER).when(changed(REQUEST, reference=reference)).error is None


@pytest.mark.parametrize("number", ["12026100070001234", "757/1204/26-К", "1-КП/760/1234/26", "A-12"])
def test_for_a_case_by_its_number_as_well(number: str) -> None:
    requested = given(DECIDER).when(changed(REQUEST, incident=None, case_number=number)).events[0]
    assert isinstance(requested, AuthorisationRequested)
    assert (requested.incident, requested.case, requested.case_number) == (None, None, number)


def test_withdrawn_with_a_reason_while_it_waits() -> None:
    given(DECIDER, REQUESTED).when(WITHDRAW).then(WITHDRAWN)
    given(DECIDER, REQUESTED).when(changed(WITHDRAW, reason=reason(" "))).then_refused(Invalid, field="reason")


def test_asked_for_an_incident_that_stands() -> None:
    stands = folded(INCIDENT_DECIDER, [INCIDENT_DECIDER.decide(None, RECORD)[0]])
    assert decide_request_for(None, stands, REQUEST) == (REQUESTED,)
    voided = folded(INCIDENT_DECIDER, [INCIDENT_DECIDER.decide(None, RECORD)[0], IncidentVoided(reason=reason())])
    with pytest.raises(WrongState, match="is voided; ask for an incident that stands"):
        decide_request_for(None, voided, REQUEST)
    with pytest.raises(NotFound):
        decide_request_for(None, None, REQUEST)
    for_a_case = changed(REQUEST, incident=None, case_number="12026100070001234")
    assert decide_request_for(None, None, for_a_case)


def test_approved_while_its_incident_stands() -> None:
    recorded = INCIDENT_DECIDER.decide(None, RECORD)[0]
    stands, voided = (folded(INCIDENT_DECIDER, [recorded, *more]) for more in ((), (IncidentVoided(reason=reason()),)))
    state = folded(DECIDER, [REQUESTED])
    assert decide_approve_for(state, stands, APPROVE) == (APPROVED,)
    with pytest.raises(WrongState, match="is voided; refuse what was asked for it"):
        decide_approve_for(state, voided, APPROVE)
    own = changed(APPROVE, by=OLENA)
    assert decide_approve_for(state, voided, own) == DECIDER.decide(state, own), "the attempt is on record as before"
    for_a_case = folded(DECIDER, DECIDER.decide(None, changed(REQUEST, incident=None, case_number="12026100070001234")))
    assert decide_approve_for(for_a_case, None, APPROVE) == (APPROVED,)
    with pytest.raises(NotFound):
        decide_approve_for(None, None, APPROVE)


def test_the_smallest_request() -> None:
    command = changed(REQUEST, cameras=(GATE,), window_from=NOW - timedelta(seconds=1), quota=1, valid_hours=1)
    assert given(DECIDER).when(command).error is None


def test_the_largest_request() -> None:
    command = changed(
        REQUEST,
        cameras=tuple(map(uuid, range(CAMERAS_MAX))),
        window_from=NOW - timedelta(days=31),
        quota=QUOTA_MAX,
        valid_hours=VALID_HOURS_MAX,
    )
    assert given(DECIDER).when(command).error is None


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"incident": None}, "incident", "exactly one"),
        ({"case_number": "12026100070001234"}, "incident", "exactly one"),
        *(
            ({"incident": None, "case_number": number}, "case", "as it is registered")
            for number in ("", "A12", "КРАЖА", "12 26", "12026100070001234 Марія", "12/26 о. К.", "1" * 33, "/123")
        ),
        ({"legal_basis": "curiosity"}, "legal_basis", "court-order"),
        ({"reference": ""}, "reference", "document's number"),
        ({"reference": "ухвала, яку підписала Марія Петренко, щодо її сина Андрія 2013 р. н."}, "reference", "60"),
        ({"cameras": ()}, "cameras", "0 entries"),
        ({"cameras": tuple(map(uuid, range(CAMERAS_MAX + 1)))}, "cameras", "501 entries"),
        ({"window_to": NOW - hours(24)}, "window_to", "later"),
        ({"window_to": NOW - hours(25)}, "window_to", "exchange"),
        ({"window_from": NOW - timedelta(days=31, seconds=1)}, "window_to", "31 days"),
        ({"window_from": NOW + hours(1), "window_to": NOW + hours(2)}, "window_from", "future"),
        ({"window_from": NOW.replace(tzinfo=None)}, "window_from", "no time zone"),
        ({"quota": 0}, "quota", "from 1"),
        ({"quota": QUOTA_MAX + 1}, "quota", "1000"),
        ({"valid_hours": 0}, "valid_hours", "from 1"),
        ({"valid_hours": VALID_HOURS_MAX + 1}, "valid_hours", "720"),
        ({"purpose": reason("")}, "purpose", "empty"),
    ],
)
def test_what_cannot_be_requested(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(REQUEST, **changes)).then_refused(Invalid, field=field, says=says)


def test_an_id_is_used_once() -> None:
    given(DECIDER, REQUESTED).when(REQUEST).then_refused(AlreadyExists, says=str(AUTHORISATION))


def test_approved_by_somebody_of_another_unit() -> None:
    given(DECIDER, REQUESTED).when(APPROVE).then(APPROVED)
    assert refusal_of(APPROVED) is None


@pytest.mark.parametrize(
    ("by", "by_unit", "error"),
    [
        (OLENA, UNIT, ApproverIsRequester),
        (OLENA, OTHER_UNIT, ApproverIsRequester),
        (TARAS, UNIT, ApproverSameUnit),
    ],
    ids=["their own", "their own, from another unit", "their unit's"],
)
def test_four_eyes_of_two_units(by: Any, by_unit: Any, error: type[DomainError]) -> None:
    """The attempt is stored, then refused; the request stays open."""
    denied = ApprovalDenied(by=by, by_unit=by_unit, code=error.code)
    given(DECIDER, REQUESTED).when(changed(APPROVE, by=by, by_unit=by_unit)).then(denied)
    assert type(refusal_of(denied)) is error
    given(DECIDER, REQUESTED, denied).when(APPROVE).then(APPROVED)


def test_refused_and_revoked_with_a_reason() -> None:
    given(DECIDER, REQUESTED).when(REFUSE).then(REFUSED)
    given(DECIDER, REQUESTED, APPROVED).when(REVOKE).then(REVOKED)
    given(DECIDER, REQUESTED).when(changed(REFUSE, reason=reason(" "))).then_refused(Invalid, field="reason")
    given(DECIDER, REQUESTED, APPROVED).when(changed(REVOKE, reason=reason(" "))).then_refused(Invalid, field="reason")


def test_expired_when_its_time_is_over() -> None:
    given(DECIDER, REQUESTED, APPROVED).when(EXPIRE).then(EXPIRED)
    given(DECIDER, REQUESTED, APPROVED).when(changed(EXPIRE, at=EXPIRES_AT + hours(5))).then(EXPIRED)
    given(DECIDER, REQUESTED, APPROVED, EXPIRED).when(EXPIRE).then_nothing()


def test_not_expired_before() -> None:
    early = changed(EXPIRE, at=EXPIRES_AT - timedelta(microseconds=1))
    given(DECIDER, REQUESTED, APPROVED).when(early).then_refused(Invalid, field="at", says="not over")


@pytest.mark.parametrize(
    ("command", "history"),
    [
        *[(WITHDRAW, end) for end in [(WITHDRAWN,), (APPROVED,), (REFUSED,), (APPROVED, REVOKED), (APPROVED, EXPIRED)]],
        *[(APPROVE, end) for end in [(WITHDRAWN,), (APPROVED,), (REFUSED,), (APPROVED, REVOKED), (APPROVED, EXPIRED)]],
        *[(REFUSE, end) for end in [(WITHDRAWN,), (APPROVED,), (REFUSED,), (APPROVED, REVOKED), (APPROVED, EXPIRED)]],
        *[(REVOKE, end) for end in [(), (WITHDRAWN,), (REFUSED,), (APPROVED, REVOKED), (APPROVED, EXPIRED)]],
        *[(EXPIRE, end) for end in [(), (WITHDRAWN,), (REFUSED,), (APPROVED, REVOKED)]],
    ],
)
def test_what_comes_too_late_or_too_early(command: Any, history: tuple[Event, ...]) -> None:
    given(DECIDER, REQUESTED, *history).when(command).then_refused(WrongState, says="this needs one that is")


@pytest.mark.parametrize("command", [WITHDRAW, APPROVE, REFUSE, REVOKE, EXPIRE], ids=lambda c: type(c).__name__)
def test_an_unknown_authorisation_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(AUTHORISATION))


# Searches


def test_drawn_one_by_one() -> None:
    given(DECIDER, REQUESTED, APPROVED).when(DRAW).then(SearchDrawn(search=SEARCH, number=1))
    given(DECIDER, REQUESTED, APPROVED, DRAWN).when(changed(DRAW, search=uuid(8))).then(
        SearchDrawn(search=uuid(8), number=2)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"searcher": IRYNA},
        {"searcher_investigates": False},
        {"cameras": (GATE, YARD)},
        {"from_at": NOW - hours(24), "to_at": NOW},
        {"at": EXPIRES_AT - timedelta(microseconds=1)},
    ],
    ids=["an investigator of the unit", "the requester in any role", "all cameras", "the whole window", "the last"],
)
def test_also_allowed(changes: dict[str, Any]) -> None:
    given(DECIDER, REQUESTED, APPROVED).when(changed(DRAW, **changes)).then(DRAWN)


LATE = {"at": EXPIRES_AT}
STRANGE_CAMERA = {"cameras": (GATE, uuid(77))}
TOO_EARLY, TOO_LATE = {"from_at": NOW - hours(24.1)}, {"to_at": NOW + hours(0.1)}
SPENT = (DRAWN, SearchDrawn(search=uuid(8), number=2))
COLLEAGUE_OF_ELSEWHERE = {"searcher": IRYNA, "searcher_unit": THIRD_UNIT}
COLLEAGUE_WHO_DOES_NOT_INVESTIGATE = {"searcher": IRYNA, "searcher_investigates": False}
APPROVER_WHO_MOVED = {"searcher": TARAS}
APPROVER = {"searcher": TARAS, "searcher_unit": OTHER_UNIT}


@pytest.mark.parametrize(
    ("history", "changes", "error"),
    [
        ((), COLLEAGUE_OF_ELSEWHERE, search_refusals.AuthorisationUnknown),
        ((APPROVED,), COLLEAGUE_OF_ELSEWHERE, search_refusals.AuthorisationUnknown),
        ((APPROVED,), COLLEAGUE_WHO_DOES_NOT_INVESTIGATE, search_refusals.AuthorisationUnknown),
        ((APPROVED, REVOKED), COLLEAGUE_OF_ELSEWHERE | LATE | STRANGE_CAMERA, search_refusals.AuthorisationUnknown),
        ((APPROVED,), APPROVER, search_refusals.ApproverIsRequester),
        ((APPROVED,), APPROVER_WHO_MOVED, search_refusals.ApproverIsRequester),
        ((APPROVED, REVOKED, *SPENT), APPROVER | LATE | STRANGE_CAMERA | TOO_LATE, search_refusals.ApproverIsRequester),
        ((REFUSED,), APPROVER, search_refusals.AuthorisationUnknown),
        ((), {}, search_refusals.AuthorisationNotApproved),
        ((REFUSED,), STRANGE_CAMERA | LATE, search_refusals.AuthorisationNotApproved),
        ((AuthorisationRefused(by=OLENA, reason=reason()),), {}, search_refusals.AuthorisationNotApproved),
        ((APPROVED, REVOKED), {}, search_refusals.AuthorisationRevoked),
        ((APPROVED, REVOKED, *SPENT), LATE | STRANGE_CAMERA | TOO_LATE, search_refusals.AuthorisationRevoked),
        ((APPROVED,), LATE, search_refusals.AuthorisationExpired),
        ((APPROVED, EXPIRED), {}, search_refusals.AuthorisationExpired),
        ((APPROVED, *SPENT), LATE | STRANGE_CAMERA | TOO_LATE, search_refusals.AuthorisationExpired),
        ((APPROVED,), STRANGE_CAMERA, search_refusals.OutsideCameras),
        ((APPROVED,), {"cameras": tuple(map(uuid, range(CAMERAS_MAX + 1)))}, search_refusals.OutsideCameras),
        ((APPROVED,), {"from_at": NOW.replace(year=1920)}, search_refusals.OutsideWindow),
        ((APPROVED, *SPENT), STRANGE_CAMERA | TOO_LATE, search_refusals.OutsideCameras),
        ((APPROVED,), TOO_EARLY, search_refusals.OutsideWindow),
        ((APPROVED, *SPENT), TOO_LATE, search_refusals.OutsideWindow),
        ((APPROVED, *SPENT), {}, search_refusals.QuotaSpent),
    ],
)
def test_refused_for_the_first_reason_that_counts(
    history: tuple[Event, ...], changes: dict[str, Any], error: type[SearchRefusal]
) -> None:
    given(DECIDER, REQUESTED, *history).when(changed(DRAW, **changes)).then_refused(error)


def test_refusals_say_what_would_be_allowed() -> None:
    state = folded(DECIDER, [REQUESTED, APPROVED])
    outside = check_search(state, changed(DRAW, **STRANGE_CAMERA))
    assert isinstance(outside, OutsideCameras)
    assert outside.fields == {"cameras": [str(uuid(77))]}, "only the camera that is not allowed"
    window = check_search(state, changed(DRAW, **TOO_LATE))
    assert isinstance(window, OutsideWindow)
    assert window.fields["allowed_to"] == NOW.isoformat()
    pending = check_search(folded(DECIDER, [REQUESTED]), DRAW)
    assert isinstance(pending, AuthorisationNotApproved)
    assert pending.fields == {"state": "requested"}
    assert "wait for its approval" in pending.detail
    withdrawn = check_search(folded(DECIDER, [REQUESTED, WITHDRAWN]), DRAW)
    assert isinstance(withdrawn, AuthorisationNotApproved)
    assert withdrawn.detail.endswith("is withdrawn; request another")
    spent = check_search(folded(DECIDER, [REQUESTED, APPROVED, *SPENT]), DRAW)
    assert isinstance(spent, QuotaSpent)
    assert spent.fields == {"quota": 2}


def test_no_search_without_authorisation() -> None:
    given(DECIDER).when(DRAW).then_refused(AuthorisationUnknown)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cameras": ()}, "cameras"),
        ({"to_at": NOW - hours(6)}, "to_at"),
        ({"from_at": NOW.replace(tzinfo=None)}, "from_at"),
    ],
)
def test_what_is_no_search(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, REQUESTED, APPROVED).when(changed(DRAW, **changes)).then_refused(Invalid, field=field)


def test_every_refusal_of_a_search_has_a_code_of_its_own() -> None:
    codes = [error.code for error in SearchRefusal.__subclasses__()]
    assert len(codes) == len(set(codes)) == 9


# What no sequence of people, deeds and clocks may bring about.

deeds = st.lists(
    st.tuples(
        st.sampled_from(["approve", "approve", "draw", "draw", "draw", "draw", "refuse", "revoke", "expire"]),
        st.sampled_from([(OLENA, UNIT), (IRYNA, UNIT), (TARAS, OTHER_UNIT), (PETRO, THIRD_UNIT)]),
        st.sampled_from([(GATE,), (GATE,), (GATE, YARD), (uuid(77),)]),
        st.sampled_from([0, 0, 0, 1, 30]),  # hours that pass before it
    ),
    max_size=25,
)


@settings(max_examples=300)
@generated(deeds, st.integers(1, 3))
def test_every_search_drawn_was_allowed_and_within_the_quota(sequence: list[Any], quota: int) -> None:
    history: list[Event] = [changed(REQUESTED, quota=quota)]
    at, ended, approved_by = NOW, False, None
    for number, (deed, (by, unit), cameras, pause_hours) in enumerate(sequence):
        at += hours(pause_hours)
        state = DECIDER.fold(history)
        try:
            events = DECIDER.decide(state, command_of(deed, by, unit, cameras, at, number))
        except DomainError:
            continue
        history.extend(events)
        match events:
            case (AuthorisationApproved() as approved,):
                assert not ended
                assert (approved.approver, approved.approver_unit) not in [(OLENA, UNIT), (IRYNA, UNIT)]
                approved_by, expires_at = approved.approver, approved.expires_at
            case (SearchDrawn(),):
                assert approved_by is not None, "before its approval"
                assert not ended, "after its end"
                assert at < expires_at, "after its time"
                assert by != approved_by
                assert unit == UNIT
                assert set(cameras) <= {GATE, YARD}
            case (AuthorisationRefused() | AuthorisationRevoked() | AuthorisationExpired(),):
                ended = True
    numbers = [event.number for event in history if isinstance(event, SearchDrawn)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= quota
    assert isinstance(folded(DECIDER, history), Authorisation)


def command_of(deed: str, by: Any, unit: Any, cameras: Any, at: Any, number: int) -> Any:
    match deed:
        case "approve":
            return changed(APPROVE, by=by, by_unit=unit, at=at)
        case "draw":
            return changed(DRAW, searcher=by, searcher_unit=unit, cameras=cameras, at=at, search=uuid(500 + number))
        case "refuse":
            return changed(REFUSE, by=by)
        case "revoke":
            return changed(REVOKE, by=by)
    return changed(EXPIRE, at=at)
