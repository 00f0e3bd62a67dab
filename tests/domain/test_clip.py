"""A clip is recorded only where an authorisation covers it, of footage that is there, whole, and within the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from domain import authorisation, footage
from domain.authorisation_events import AuthorisationRevoked, SearchDrawn
from domain.authorisation_state import Authorisation
from domain.clip import DECIDER, Clip, ClipCut, CutClip, RefuseClip, check_asked, decide_cut
from domain.clip_refusals import FootageDamaged, FootageGone
from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.event import Event
from domain.footage_events import FootageClaimed, FootageRejected
from domain.footage_refusals import OutsideFootage
from domain.footage_state import Footage
from domain.keeping_events import ClockCorrected, FootagePurged, OriginalDamaged, OriginalSound
from domain.search_refusals import (
    ApproverIsRequester,
    AuthorisationExpired,
    AuthorisationUnknown,
    OutsideCameras,
    OutsideWindow,
)
from domain.search_refusals import AuthorisationRevoked as Revoked
from tests.domain.examples import (
    APPROVE,
    ARCHIVE,
    DRAW,
    NOW,
    OTHER_UNIT,
    REQUEST,
    SHA256,
    TARAS,
    YARD,
    archived_events,
    changed,
    hours,
    reason,
)
from tests.given import folded

BEGINS = ARCHIVE.recorded_at
ASK = changed(DRAW, cameras=(ARCHIVE.camera,), from_at=BEGINS, to_at=BEGINS + timedelta(minutes=2))
CUT = CutClip(
    ask=ASK,
    footage_sha256=SHA256,
    recorded_at=BEGINS,
    uncertainty_seconds=ARCHIVE.uncertainty_seconds,
    from_at=BEGINS,
    to_at=BEGINS + timedelta(minutes=2, seconds=4),
    mode="lossless",
    frames=3_000,
    container="mp4",
    codec="h264",
    software="PyAV",
    sha256="ef" * 32,
    size_bytes=1_000,
)
APPROVED = (
    *authorisation.DECIDER.decide(None, REQUEST),
    *authorisation.DECIDER.decide(folded(authorisation.DECIDER, authorisation.DECIDER.decide(None, REQUEST)), APPROVE),
)
CLAIMED = FootageClaimed(worker="worker-1", lease_until=NOW + hours(1), attempt=1)


def authority(*more: Event) -> Authorisation:
    state: Authorisation = folded(authorisation.DECIDER, [*APPROVED, *more])
    return state


def shelved(*more: Event) -> Footage:
    state: Footage = folded(footage.DECIDER, [*archived_events(), *more])
    return state


def refused(command: CutClip = CUT, *, under: Sequence[Event] = (), of: Sequence[Event] = ()) -> type[DomainError]:
    with pytest.raises(DomainError) as caught:
        decide_cut(None, authority(*under), shelved(*of), command)
    return type(caught.value)


def test_it_is_recorded_with_what_was_asked_and_what_it_shows() -> None:
    (event,) = decide_cut(None, authority(), shelved(), CUT)
    assert isinstance(event, ClipCut)
    assert (event.asked_from, event.asked_to) == (ASK.from_at, ASK.to_at)
    assert (event.from_at, event.to_at) == (CUT.from_at, CUT.to_at)
    assert DECIDER.fold([event]) == Clip(ASK.searcher, ASK.searcher_unit, ASK.authorisation, refused=False)


def test_a_spent_quota_and_an_index_that_is_not_made_do_not_matter() -> None:
    spent = [SearchDrawn(search=ASK.search, number=number) for number in (1, 2)]
    assert decide_cut(None, authority(*spent), shelved(CLAIMED), CUT)


@pytest.mark.parametrize(
    ("ask", "under", "error"),
    [
        ({"searcher_unit": OTHER_UNIT, "searcher": YARD}, (), AuthorisationUnknown),
        ({"searcher": TARAS}, (), ApproverIsRequester),
        ({"cameras": (OTHER_UNIT,)}, (), OutsideCameras),
        ({"from_at": NOW - hours(25)}, (), OutsideWindow),
        ({"at": NOW + hours(100)}, (), AuthorisationExpired),
        ({}, (AuthorisationRevoked(by=TARAS, reason=reason()),), Revoked),
    ],
)
def test_no_authority_no_clip(ask: dict[str, Any], under: Sequence[Event], error: type[DomainError]) -> None:
    assert refused(changed(CUT, ask=changed(ASK, **ask)), under=under) is error
    with pytest.raises(AuthorisationUnknown):
        decide_cut(None, None, shelved(), CUT)


@pytest.mark.parametrize(
    ("of", "error"),
    [
        ((FootagePurged(kept_until=NOW, retention_days=1),), FootageGone),
        ((OriginalDamaged(fault="altered"),), FootageDamaged),
        ((CLAIMED, FootageRejected(reason_code="broken", detail="broken")), WrongState),
        (
            (ClockCorrected(recorded_at=BEGINS + hours(0.01), uncertainty_seconds=0.5, anchor_source="operator",
                            reason=reason()),),
            WrongState,
        ),
    ],
)  # fmt: skip
def test_of_footage_that_is_not_what_it_was_nothing_is_cut(of: Sequence[Event], error: type[DomainError]) -> None:
    assert refused(of=of) is error
    assert decide_cut(None, authority(), shelved(OriginalDamaged(fault="altered"), OriginalSound()), CUT)


@pytest.mark.parametrize(
    "command",
    [
        changed(CUT, from_at=REQUEST.window_from - timedelta(microseconds=1)),
        changed(CUT, to_at=REQUEST.window_to + timedelta(microseconds=1)),
        changed(CUT, to_at=CUT.from_at),
        changed(CUT, frames=0),
        changed(CUT, sha256="no digest"),
        changed(CUT, ask=changed(ASK, cameras=(YARD,))),
    ],
)
def test_what_the_cutting_came_to_is_held_against_what_was_allowed(command: CutClip) -> None:
    assert refused(command) is Invalid


def test_what_is_asked_must_be_a_part_of_the_footage() -> None:
    before = changed(ASK, from_at=BEGINS - hours(2), to_at=BEGINS - hours(1))
    after = changed(ASK, from_at=BEGINS + hours(1), to_at=BEGINS + hours(2))
    for ask in (before, after):
        assert refused(changed(CUT, ask=ask)) is OutsideFootage
    with pytest.raises(NotFound):
        decide_cut(None, authority(), None, CUT)
    with pytest.raises(Invalid):
        check_asked(BEGINS, BEGINS, "lossless")
    with pytest.raises(Invalid):
        check_asked(BEGINS, BEGINS + hours(1), "fast")
    with pytest.raises(Invalid, match="15 minutes"):
        check_asked(BEGINS, BEGINS + hours(1), "exact")


def test_a_refusal_is_recorded_whatever_was_asked_and_each_once() -> None:
    command = RefuseClip(ask=ASK, footage_sha256=SHA256, code="outside-window", mode="exact")
    (event,) = DECIDER.decide(None, command)
    state = DECIDER.fold([event])
    assert state is not None
    assert state.refused
    with pytest.raises(AlreadyExists):
        DECIDER.decide(state, command)
    with pytest.raises(AlreadyExists):
        decide_cut(state, authority(), shelved(), CUT)
