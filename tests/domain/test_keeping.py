"""How long footage is kept, what holds it, and how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import camera, footage, footage_keeping, hold, keeping
from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.event import Event
from domain.footage import ReindexFootage, ReportOriginal
from domain.footage_events import FootageClaimed, FootageFailed
from domain.footage_keeping import AgreeToErasure, PurgeFootage, RecordDestruction, RefuseErasure, RequestErasure
from domain.footage_of_camera import decide_archive
from domain.footage_refusals import ClaimLost, ErasureBySameAccount, FootageOnHold, RetentionNotOver
from domain.footage_state import ARCHIVED, CLAIMED, DESTROYED, GONE, Footage
from domain.hold import PlaceHold, ReleaseHold
from domain.keeping import NOTICE_DAYS, Keeping, SetRetention
from domain.keeping_events import (
    ClockCorrected,
    ErasureRefused,
    ErasureRequested,
    FootageDestroyed,
    FootageErased,
    FootageHeld,
    FootagePurged,
    FootageReindexed,
    HoldLifted,
    HoldPlaced,
    HoldReleased,
    OriginalDamaged,
    OriginalSound,
    RetentionSet,
)
from tests.domain.examples import (
    ARCHIVE,
    CLAIM,
    GATE,
    INCIDENT,
    INDEX,
    NOW,
    OLENA,
    REGISTER,
    SHA256,
    TARAS,
    UNIT,
    YARD,
    archived_events,
    changed,
    hours,
    reason,
    uuid,
)
from tests.given import folded, given

HOLD = uuid(71)
GATE_STATE = folded(camera.DECIDER, camera.DECIDER.decide(None, REGISTER))
BEGINS = ARCHIVE.recorded_at
ENDS = BEGINS + timedelta(seconds=ARCHIVE.duration_seconds)
SHELVED = archived_events()
ARCHIVED_EVENT = SHELVED[0]
CLAIMED_EVENT = FootageClaimed(worker="worker-1", lease_until=NOW + hours(1), attempt=1)
INDEXED_EVENTS = [
    *SHELVED,
    CLAIMED_EVENT,
    *footage.DECIDER.decide(folded(footage.DECIDER, [*SHELVED, CLAIMED_EVENT]), INDEX),
]

PLACE = PlaceHold(
    hold=HOLD, cameras=(GATE, YARD), from_at=BEGINS, to_at=ENDS, incident=INCIDENT, by=OLENA, unit=UNIT, reason=reason()
)
PURGE = PurgeFootage(sha256=SHA256, default_days=30, at=ENDS + timedelta(days=30))
ASK = RequestErasure(sha256=SHA256, order="757/1204/26-К", by=OLENA, reason=reason())
AGREE = AgreeToErasure(sha256=SHA256, by=TARAS)
ASKED = ErasureRequested(order="757/1204/26-К", by=OLENA, reason=reason())


def shelved(*more: Event) -> Footage:
    state = folded(footage.DECIDER, [*SHELVED, *more])
    assert isinstance(state, Footage)
    return state


def held(from_at: datetime = BEGINS, to_at: datetime = ENDS) -> FootageHeld:
    return FootageHeld(camera=GATE, hold=HOLD, from_at=from_at, to_at=to_at)


def retention(days: int, basis: str = "a", set_at: datetime = NOW) -> RetentionSet:
    return RetentionSet(camera=GATE, days=days, effective_at=set_at + timedelta(days=NOTICE_DAYS), basis=basis)


def rules(*events: Event) -> Keeping | None:
    state = folded(keeping.DECIDER, list(events))
    return state if isinstance(state, Keeping) else None


# How long


def test_a_camera_has_a_retention_of_its_own() -> None:
    given(keeping.DECIDER).when(SetRetention(camera=GATE, days=14, basis="Наказ 7", at=NOW)).then(
        retention(14, "Наказ 7")
    )
    assert rules(retention(14, "a"), retention(90, "b")) == Keeping(
        retention_days=90, effective_at=NOW + timedelta(days=NOTICE_DAYS)
    )


@pytest.mark.parametrize(("days", "basis", "field"), [(0, "x", "days"), (36_501, "x", "days"), (14, " ", "basis")])
def test_what_is_no_retention(days: int, basis: str, field: str) -> None:
    command = SetRetention(camera=GATE, days=days, basis=basis, at=NOW)
    given(keeping.DECIDER).when(command).then_refused(Invalid, field=field)


def test_footage_goes_when_its_retention_is_over_and_not_a_moment_before() -> None:
    assert footage_keeping.decide_purge(shelved(), None, PURGE) == (
        FootagePurged(kept_until=PURGE.at, retention_days=30),
    )
    early = changed(PURGE, at=PURGE.at - timedelta(microseconds=1))
    with pytest.raises(RetentionNotOver) as refused:
        footage_keeping.decide_purge(shelved(), None, early)
    assert refused.value.fields["kept_until"] == PURGE.at.isoformat()


def test_the_cameras_own_retention_wins_over_the_deployments() -> None:
    own = rules(retention(90, "a"))
    with pytest.raises(RetentionNotOver):
        footage_keeping.decide_purge(shelved(), own, PURGE)
    (purged,) = footage_keeping.decide_purge(shelved(), own, changed(PURGE, at=ENDS + timedelta(days=90)))
    assert purged == FootagePurged(kept_until=ENDS + timedelta(days=90), retention_days=90)


def test_nothing_goes_by_a_new_retention_for_a_week() -> None:
    new = rules(retention(1))
    week = NOW + timedelta(days=NOTICE_DAYS)
    early = changed(PURGE, at=week - timedelta(microseconds=1))
    with pytest.raises(RetentionNotOver) as refused:
        footage_keeping.decide_purge(shelved(), new, early)
    assert refused.value.fields["kept_until"] == week.isoformat()
    assert footage_keeping.decide_purge(shelved(), new, changed(PURGE, at=week))


def test_a_correction_makes_no_retention_end_earlier() -> None:
    corrected = ClockCorrected(
        recorded_at=BEGINS - timedelta(days=60), uncertainty_seconds=0.5, anchor_source="operator", reason=reason()
    )
    with pytest.raises(RetentionNotOver):
        footage_keeping.decide_purge(shelved(corrected), None, changed(PURGE, at=PURGE.at - hours(1)))
    assert footage_keeping.decide_purge(shelved(corrected), None, PURGE)


def test_footage_that_may_show_the_held_time_is_held() -> None:
    unsure = changed(ARCHIVED_EVENT, uncertainty_seconds=30.0)
    state = folded(footage.DECIDER, [unsure])
    after = rules(held(ENDS + timedelta(seconds=29), ENDS + hours(1)))
    with pytest.raises(FootageOnHold):
        footage_keeping.decide_purge(state, after, PURGE)
    assert footage_keeping.decide_purge(state, rules(held(ENDS + timedelta(seconds=31), ENDS + hours(1))), PURGE)


def test_without_any_retention_footage_is_kept_for_good() -> None:
    for_ever = changed(PURGE, default_days=None, at=ENDS + timedelta(days=36_500))
    with pytest.raises(RetentionNotOver, match="for good"):
        footage_keeping.decide_purge(shelved(), None, for_ever)
    assert footage_keeping.decide_purge(shelved(), rules(retention(1, "a")), for_ever)


# What holds it


def test_a_hold_is_placed_on_all_cameras_at_once() -> None:
    of_hold, of_cameras = hold.decide_place(None, PLACE)
    assert of_hold == (
        HoldPlaced(
            cameras=(GATE, YARD),
            from_at=BEGINS,
            to_at=ENDS,
            incident=INCIDENT,
            by=OLENA,
            unit=UNIT,
            reason=PLACE.reason,
        ),
    )
    assert of_cameras == {GATE: (held(),), YARD: (changed(held(), camera=YARD),)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cameras": ()}, "cameras"),
        ({"to_at": BEGINS}, "to_at"),
        ({"to_at": BEGINS + timedelta(days=400)}, "to_at"),
        ({"incident": None}, "incident"),
        ({"case": "12026100070001234"}, "incident"),
        ({"incident": None, "case": "Шевченко"}, "case"),
        ({"reason": reason(" ")}, "reason"),
    ],
)
def test_what_is_no_hold(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        hold.decide_place(None, changed(PLACE, **changes))
    assert refused.value.fields["field"] == field


def test_a_hold_is_released_once_and_for_all_its_cameras() -> None:
    placed, _ = hold.decide_place(None, PLACE)
    standing = folded(hold.DECIDER, placed)
    release = ReleaseHold(hold=HOLD, by=TARAS, reason=reason())
    of_hold, of_cameras = hold.decide_release(standing, release)
    assert of_hold == (HoldReleased(by=TARAS, reason=release.reason),)
    assert of_cameras == {GATE: (HoldLifted(camera=GATE, hold=HOLD),), YARD: (HoldLifted(camera=YARD, hold=HOLD),)}
    released = folded(hold.DECIDER, [*placed, *of_hold])
    with pytest.raises(WrongState):
        hold.decide_release(released, release)
    with pytest.raises(NotFound):
        hold.decide_release(None, release)
    with pytest.raises(AlreadyExists):
        hold.decide_place(standing, PLACE)


@pytest.mark.parametrize(
    ("from_at", "to_at", "is_held"),
    [
        (BEGINS, ENDS, True),
        (BEGINS - hours(1), BEGINS + timedelta(microseconds=1), True),
        (ENDS - timedelta(microseconds=1), ENDS + hours(1), True),
        (BEGINS - hours(1), BEGINS - timedelta(seconds=1), False),
        (ENDS + timedelta(seconds=1), ENDS + hours(1), False),
    ],
)
def test_a_hold_wins_over_retention_and_orders(from_at: datetime, to_at: datetime, is_held: bool) -> None:
    standing = rules(held(from_at, to_at))
    if not is_held:
        assert footage_keeping.decide_purge(shelved(), standing, PURGE)
        assert footage_keeping.decide_agree(shelved(ASKED), standing, AGREE)
        return
    with pytest.raises(FootageOnHold) as refused:
        footage_keeping.decide_purge(shelved(), standing, PURGE)
    assert refused.value.fields["hold"] == str(HOLD)
    with pytest.raises(FootageOnHold):
        footage_keeping.decide_agree(shelved(ASKED), standing, AGREE)
    lifted = rules(held(from_at, to_at), HoldLifted(camera=GATE, hold=HOLD))
    assert footage_keeping.decide_purge(shelved(), lifted, PURGE)


def test_lifting_one_hold_leaves_the_others() -> None:
    other = FootageHeld(camera=GATE, hold=uuid(72), from_at=BEGINS, to_at=ENDS)
    state = rules(held(), other, HoldLifted(camera=GATE, hold=HOLD))
    assert state is not None
    assert state.held_by(BEGINS, ENDS) == uuid(72)


# By order


def test_an_erasure_is_asked_for_by_one_and_agreed_to_by_another() -> None:
    assert footage_keeping.decide_request_erasure(shelved(), ASK) == (
        ErasureRequested(order=ASK.order, by=OLENA, reason=ASK.reason),
    )
    assert footage_keeping.decide_agree(shelved(ASKED), None, AGREE) == (
        FootageErased(order=ASK.order, requested_by=OLENA, by=TARAS),
    )
    with pytest.raises(ErasureBySameAccount):
        footage_keeping.decide_agree(shelved(ASKED), None, changed(AGREE, by=OLENA))


@pytest.mark.parametrize("order", ["", "x" * 80, "12\n13", "ухвала, бо так"])
def test_an_order_has_a_number(order: str) -> None:
    with pytest.raises(Invalid) as refused:
        footage_keeping.decide_request_erasure(shelved(), changed(ASK, order=order))
    assert refused.value.fields["field"] == "order"


def test_a_refused_request_is_over_and_can_be_made_again() -> None:
    refuse = RefuseErasure(sha256=SHA256, by=OLENA, reason=reason())
    (refused,) = footage_keeping.decide_refuse(shelved(ASKED), refuse)
    assert refused == ErasureRefused(by=OLENA, reason=refuse.reason)
    assert footage_keeping.decide_request_erasure(shelved(ASKED, refused), ASK)
    with pytest.raises(WrongState):
        footage_keeping.decide_agree(shelved(ASKED, refused), None, AGREE)
    with pytest.raises(WrongState):
        footage_keeping.decide_request_erasure(shelved(ASKED), ASK)


# Gone


ERASED = FootageErased(order=ASK.order, requested_by=OLENA, by=TARAS)
PURGED = FootagePurged(kept_until=NOW, retention_days=30)
DESTROYED_EVENT = FootageDestroyed(original_bytes=7, rows=3, segments_rewritten=1)


@pytest.mark.parametrize(
    "gone", [(ERASED,), (PURGED,), (PURGED, DESTROYED_EVENT)], ids=["erased", "purged", "destroyed"]
)
def test_what_is_gone_takes_nothing_more(gone: Sequence[Event]) -> None:
    state = shelved(*gone)
    assert state.phase == (DESTROYED if DESTROYED_EVENT in gone else GONE)
    assert footage_keeping.decide_purge(state, None, PURGE) == ()
    for refused in (
        lambda: footage_keeping.decide_request_erasure(state, ASK),
        lambda: footage_keeping.decide_agree(state, None, AGREE),
        lambda: footage.DECIDER.decide(state, changed(CLAIM, at=NOW + hours(1000))),
        lambda: footage.DECIDER.decide(state, ReindexFootage(sha256=SHA256, reason_code="operator")),
    ):
        with pytest.raises(DomainError):
            refused()
    with pytest.raises(WrongState):
        decide_archive(state, GATE_STATE, ARCHIVE)
    assert footage.DECIDER.decide(state, ReportOriginal(sha256=SHA256, fault="missing")) == ()


def test_a_worker_loses_what_goes() -> None:
    state = shelved(CLAIMED_EVENT, PURGED)
    with pytest.raises(ClaimLost):
        footage.DECIDER.decide(state, INDEX)


def test_destruction_is_recorded_once() -> None:
    command = RecordDestruction(sha256=SHA256, original_bytes=7, rows=3, segments_rewritten=1)
    assert footage_keeping.decide_destroyed(shelved(PURGED), command) == (DESTROYED_EVENT,)
    assert footage_keeping.decide_destroyed(shelved(PURGED, DESTROYED_EVENT), command) == ()
    assert footage_keeping.decide_destroyed(shelved(), command) == ()


# Damage and repair


def test_damage_and_repair_are_on_record_where_something_changed() -> None:
    def told(*before: Event, fault: str) -> tuple[Event, ...]:
        return tuple(given(footage.DECIDER, *SHELVED, *before).when(ReportOriginal(sha256=SHA256, fault=fault)).events)

    altered = OriginalDamaged(fault="altered")
    assert told(fault="") == ()
    assert told(fault="altered") == (altered,)
    assert told(altered, fault="altered") == ()
    assert told(altered, fault="missing") == (OriginalDamaged(fault="missing"),)
    assert told(altered, fault="") == (OriginalSound(),)
    anew = FootageReindexed(reason_code="original-damaged")
    assert told(*INDEXED_EVENTS[1:], altered, fault="") == (OriginalSound(), anew)
    moved_away = OriginalDamaged(fault="missing")
    assert told(*INDEXED_EVENTS[1:], altered, moved_away, fault="") == (OriginalSound(), anew)
    assert told(*INDEXED_EVENTS[1:], moved_away, fault="") == (OriginalSound(),)
    assert told(*INDEXED_EVENTS[1:], altered, OriginalSound(), moved_away, fault="") == (OriginalSound(),)
    given_up = FootageFailed(reason_code="original-damaged", detail="the original is missing", attempt=3, final=True)
    assert told(CLAIMED_EVENT, given_up, OriginalDamaged(fault="missing"), fault="") == (OriginalSound(), anew)
    unknown = ReportOriginal(sha256=SHA256, fault="sad")
    given(footage.DECIDER, *SHELVED).when(unknown).then_refused(Invalid, field="fault")


def test_what_is_indexed_anew_starts_from_nothing_and_older_units_do_not_count() -> None:
    again = ReindexFootage(sha256=SHA256, reason_code="segment-damaged")
    given(footage.DECIDER, *INDEXED_EVENTS).when(again).then(FootageReindexed(reason_code="segment-damaged"))
    state = folded(footage.DECIDER, [*INDEXED_EVENTS, FootageReindexed(reason_code="operator")])
    assert (state.phase, state.attempt, state.anew_since) == (ARCHIVED, 0, 4)
    claimed = shelved(CLAIMED_EVENT, FootageReindexed(reason_code="operator"))
    assert claimed.phase != CLAIMED
    given(footage.DECIDER, *SHELVED).when(again).then_refused(WrongState)
    given(footage.DECIDER).when(again).then_refused(NotFound)
