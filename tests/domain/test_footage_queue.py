"""Footage as a queue: claimed by one worker at a time, renewed, ended, given up, retried."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from domain.errors import DomainError, Invalid, NotFound, WrongState
from domain.event import Event
from domain.footage import (
    ATTEMPTS_MAX,
    CLOCKS_APART_SECONDS_MAX,
    CUT_OFF_SECONDS_MAX,
    DECIDER,
    GAPS_MAX,
    LEASE_SECONDS_MAX,
    SILENCES_MAX,
    ClaimFootage,
    FailFootage,
    ReleaseClaim,
    RenewClaim,
    RetryFootage,
    claimable,
)
from domain.footage_events import (
    ClaimReleased,
    ClaimRenewed,
    FootageClaimed,
    FootageFailed,
    FootageIndexed,
    FootageRejected,
    FootageRetried,
)
from domain.footage_refusals import ClaimLost
from domain.footage_state import Footage
from domain.keeping_events import FootageReindexed
from tests.domain.examples import CLAIM, INDEX, NOW, SHA256, archived_events, changed, hours
from tests.given import folded, given

ARCHIVED = archived_events()


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


LEASE_END = NOW + minutes(1)


def claimed(
    attempt: int = 1, lease_until: datetime = LEASE_END, *, units: int = 0, silences: int = 0
) -> FootageClaimed:
    return FootageClaimed(worker="worker-1", lease_until=lease_until, attempt=attempt, units=units, silences=silences)


def failed(attempt: int = 1) -> FootageFailed:
    """It may be tried again as soon as it failed: what rests is told where it matters."""
    return FootageFailed(
        reason_code="decoder-died", detail="exit status 9", attempt=attempt, final=attempt == ATTEMPTS_MAX
    )


def resting(minutes_long: float, attempt: int = 1) -> FootageFailed:
    return changed(failed(attempt), retry_at=NOW + minutes(minutes_long))


INDEXED = DECIDER.decide(folded(DECIDER, [*ARCHIVED, claimed()]), INDEX)[0]
REJECTED = FootageRejected(reason_code="no-video-stream", detail="none")
RENEW = RenewClaim(sha256=SHA256, fence=2, at=NOW + minutes(0.5), lease_seconds=60.0)
FAIL = FailFootage(sha256=SHA256, fence=2, reason_code="decoder-died", detail="exit status 9", at=NOW)
RELEASE = ReleaseClaim(sha256=SHA256, fence=2)
RETRY = RetryFootage(sha256=SHA256)
SPENT = (claimed(), failed(), claimed(2), failed(2), claimed(3), failed(3))


def test_claimed_with_a_lease() -> None:
    given(DECIDER, *ARCHIVED).when(CLAIM).then(claimed())


@pytest.mark.parametrize("lease_seconds", [1.0, 3_600.0])
def test_claimed_for_a_second_or_an_hour(lease_seconds: float) -> None:
    given(DECIDER, *ARCHIVED).when(changed(CLAIM, lease_seconds=lease_seconds)).then(
        claimed(lease_until=NOW + timedelta(seconds=lease_seconds))
    )


def test_claimed_again_after_a_failure() -> None:
    given(DECIDER, *ARCHIVED, claimed(), failed()).when(CLAIM).then(claimed(2))


def test_claimed_again_when_the_lease_is_over() -> None:
    history = (*ARCHIVED, claimed(lease_until=NOW))
    given(DECIDER, *history).when(CLAIM).then(claimed(1, silences=1))
    given(DECIDER, *history).when(changed(CLAIM, at=NOW - timedelta(microseconds=1))).then_refused(
        WrongState, says="claimed until"
    )


def test_a_renewed_lease_holds() -> None:
    history = (*ARCHIVED, claimed(lease_until=NOW), ClaimRenewed(lease_until=NOW + minutes(1)))
    given(DECIDER, *history).when(CLAIM).then_refused(WrongState, says="claimed until")


@pytest.mark.parametrize("end", [(claimed(), INDEXED), (claimed(), REJECTED), SPENT], ids=["indexed", "rejected", "up"])
def test_what_is_done_is_not_claimed(end: tuple[Event, ...]) -> None:
    given(DECIDER, *ARCHIVED, *end).when(CLAIM).then_refused(WrongState, says="look for other footage")


def silent(times: int, *, units: int = 0) -> tuple[FootageClaimed, ...]:
    """So many claims, each of which fell silent without a unit more."""
    return tuple(claimed(1, NOW, units=units, silences=number) for number in range(times))


def test_silence_over_it_is_no_attempt_and_given_up_in_the_end() -> None:
    given(DECIDER, *ARCHIVED, *silent(SILENCES_MAX - 1)).when(CLAIM).then(claimed(1, silences=SILENCES_MAX - 1))
    (event,) = given(DECIDER, *ARCHIVED, *silent(SILENCES_MAX)).when(CLAIM).events
    assert isinstance(event, FootageFailed)
    assert (event.reason_code, event.attempt, event.final) == ("worker-silent", 1, True)
    assert "in a row" not in event.detail, "others may have failed, or given it back, between them"
    history = (*ARCHIVED, claimed(), failed(), claimed(2), failed(2), claimed(3, lease_until=NOW))
    given(DECIDER, *history).when(CLAIM).then(claimed(3, silences=1))


def test_killed_for_ever_it_is_never_given_up_while_units_are_committed() -> None:
    history = [claimed(1, NOW, units=number) for number in range(SILENCES_MAX + 1)]
    given(DECIDER, *ARCHIVED, *history).when(changed(CLAIM, units=SILENCES_MAX + 1)).then(
        claimed(1, units=SILENCES_MAX + 1)
    )
    history = [*silent(SILENCES_MAX), claimed(1, NOW, units=3)]
    given(DECIDER, *ARCHIVED, *history).when(changed(CLAIM, units=3)).then(claimed(1, units=3, silences=1))
    given(DECIDER, *ARCHIVED, *history).when(changed(CLAIM, units=2)).then(claimed(1, units=2, silences=1))


@pytest.mark.parametrize("end", [(failed(),), (ClaimReleased(attempts=0),)], ids=["failed", "given back"])
def test_other_ends_neither_add_to_the_silences_nor_end_them(end: tuple[Event, ...]) -> None:
    (event,) = given(DECIDER, *ARCHIVED, *silent(3), *end).when(CLAIM).events
    assert isinstance(event, FootageClaimed)
    assert event.silences == 2


def test_retried_or_made_anew_silences_count_from_none() -> None:
    given_up = failed(ATTEMPTS_MAX)
    given(DECIDER, *ARCHIVED, *silent(SILENCES_MAX), given_up, FootageRetried()).when(CLAIM).then(claimed(1))
    anew = FootageReindexed(reason_code="segment-damaged")
    history = (*ARCHIVED, *silent(3, units=4), anew, claimed(1, NOW))
    given(DECIDER, *history).when(changed(CLAIM, units=1)).then(claimed(1, units=1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"worker": "Оленин ноутбук"}, "worker"),
        ({"worker": ""}, "worker"),
        ({"lease_seconds": 0.0}, "lease_seconds"),
        ({"lease_seconds": 3_601.0}, "lease_seconds"),
        ({"lease_seconds": float("nan")}, "lease_seconds"),
        ({"at": NOW.replace(tzinfo=None)}, "at"),
        ({"units": -1}, "units"),
    ],
)
def test_what_cannot_be_claimed(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, *ARCHIVED).when(changed(CLAIM, **changes)).then_refused(Invalid, field=field)


def test_renewed() -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(RENEW).then(ClaimRenewed(lease_until=NOW + minutes(1.5)))


def test_renewed_late_as_long_as_nobody_else_claimed() -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(changed(RENEW, at=NOW + hours(1))).then(
        ClaimRenewed(lease_until=NOW + hours(1) + minutes(1))
    )


def test_not_renewed_for_too_long() -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(changed(RENEW, lease_seconds=1e9)).then_refused(
        Invalid, field="lease_seconds"
    )


def test_indexed() -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(INDEX).then(
        FootageIndexed(
            generation="g1",
            pipeline="p1",
            units=10,
            rows=200,
            from_at=NOW - hours(5),
            to_at=NOW - hours(4.9),
            gaps=((NOW - hours(4.95), NOW - hours(4.94)),),
            frames_sampled=600,
            codec="h264",
            width=1280,
            height=720,
            cut_off_seconds=0.0,
        )
    )


def test_what_a_file_announces_beyond_its_end_is_told_up_to_a_bound() -> None:
    told = given(DECIDER, *ARCHIVED, claimed()).when(changed(INDEX, cut_off_seconds=1e12)).events[-1]
    assert isinstance(told, FootageIndexed)
    assert told.cut_off_seconds == CUT_OFF_SECONDS_MAX


def test_a_footage_of_nothing_but_gaps_is_indexed_too() -> None:
    gaps = ((NOW - hours(5), NOW - hours(4.9)),) * GAPS_MAX
    empty = changed(INDEX, units=0, rows=0, frames_sampled=0, width=1, height=1, gaps=gaps)
    assert given(DECIDER, *ARCHIVED, claimed()).when(empty).error is None


@pytest.mark.parametrize("end", [(claimed(), REJECTED), (claimed(), INDEXED), (*SPENT, FootageRetried())])
def test_its_version_counts_its_events(end: tuple[Event, ...]) -> None:
    history = [*ARCHIVED, *end]
    assert folded(DECIDER, history).version == len(history)


def test_indexed_under_the_second_claim() -> None:
    history = (*ARCHIVED, claimed(), ClaimRenewed(lease_until=NOW), claimed(2))
    given(DECIDER, *history).when(changed(INDEX, fence=4)).then(INDEXED)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"generation": ""}, "generation"),
        ({"pipeline": "a b"}, "pipeline"),
        ({"units": -1}, "units"),
        ({"rows": -1}, "rows"),
        ({"frames_sampled": -1}, "frames_sampled"),
        ({"to_at": NOW - hours(5)}, "to_at"),
        ({"from_at": NOW.replace(tzinfo=None)}, "from_at"),
        ({"gaps": ((NOW, NOW - hours(1)),)}, "gaps to"),
        ({"gaps": ((NOW - hours(1), NOW),) * (GAPS_MAX + 1)}, "gaps"),
        ({"codec": ""}, "codec"),
        ({"width": 0}, "width"),
        ({"height": 0}, "height"),
    ],
)
def test_what_cannot_be_indexed(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(changed(INDEX, **changes)).then_refused(Invalid, field=field)


def test_failed_until_the_attempts_are_spent() -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(FAIL).then(resting(1))
    history = (*ARCHIVED, claimed(), failed(), claimed(2))
    given(DECIDER, *history).when(changed(FAIL, fence=4)).then(resting(5, attempt=2))
    history = (*ARCHIVED, claimed(), failed(), claimed(2), failed(2), claimed(3))
    given(DECIDER, *history).when(changed(FAIL, fence=6)).then(failed(3))


def test_not_claimed_again_while_it_rests() -> None:
    history = (*ARCHIVED, claimed(), resting(1))
    early = changed(CLAIM, at=NOW + minutes(1) - timedelta(microseconds=1))
    given(DECIDER, *history).when(early).then_refused(WrongState, says="failed, and rests until")
    late = NOW + minutes(1)
    given(DECIDER, *history).when(changed(CLAIM, at=late)).then(claimed(2, lease_until=late + minutes(1)))


def test_what_a_clock_that_was_ahead_told_keeps_nobody_waiting() -> None:
    longest = LEASE_SECONDS_MAX + CLOCKS_APART_SECONDS_MAX
    for until, is_over in ((longest, False), (longest + 1, True)):
        lease = claimed(lease_until=NOW + timedelta(seconds=until))
        assert claimable(folded(DECIDER, [*ARCHIVED, lease]), NOW) is is_over
    given(DECIDER, *ARCHIVED, claimed(lease_until=NOW + hours(87_660))).when(CLAIM).then(claimed(1, silences=1))
    for until_minutes, is_over in ((10, False), (11, True)):
        history = [*ARCHIVED, claimed(), resting(until_minutes)]
        assert claimable(folded(DECIDER, history), NOW) is is_over


def test_given_back_it_is_claimed_at_once_and_the_attempt_does_not_count() -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(RELEASE).then(ClaimReleased(attempts=0))
    given(DECIDER, *ARCHIVED, claimed(), ClaimReleased(attempts=0)).when(CLAIM).then(claimed(1))
    history = (*ARCHIVED, claimed(), resting(-1), claimed(2))
    given(DECIDER, *history).when(changed(RELEASE, fence=4)).then(ClaimReleased(attempts=1))
    given(DECIDER, *history, ClaimReleased(attempts=1)).when(CLAIM).then(claimed(2))


def test_given_back_for_ever_it_is_never_given_up() -> None:
    history = (claimed(), ClaimReleased(attempts=0)) * (ATTEMPTS_MAX + 1)
    given(DECIDER, *ARCHIVED, *history).when(CLAIM).then(claimed(1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_code": "9"}, "reason_code"),
        ({"detail": ""}, "detail"),
        ({"detail": "x" * 501}, "detail"),
        ({"at": NOW.replace(tzinfo=None)}, "at"),
    ],
)
def test_how_it_cannot_fail(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, *ARCHIVED, claimed()).when(changed(FAIL, **changes)).then_refused(Invalid, field=field)


@pytest.mark.parametrize("command", [RENEW, RELEASE, INDEX, FAIL], ids=lambda c: type(c).__name__)
@pytest.mark.parametrize(
    "history",
    [
        (),
        (claimed(), claimed(2)),
        (claimed(), failed()),
        (claimed(), ClaimReleased(attempts=0)),
        (claimed(), INDEXED),
        (claimed(), REJECTED),
        SPENT,
        (*SPENT, FootageRetried()),
    ],
    ids=["never had", "taken over", "failed", "given back", "indexed", "rejected", "given up", "retried"],
)
def test_a_lost_claim_says_no_more(command: Any, history: tuple[Event, ...]) -> None:
    given(DECIDER, *ARCHIVED, *history).when(command).then_refused(ClaimLost, says="claim 2")


def test_retried_without_waiting_for_the_next_attempt() -> None:
    given(DECIDER, *ARCHIVED, claimed(), resting(1)).when(RETRY).then(FootageRetried())
    given(DECIDER, *ARCHIVED, claimed(), resting(1), FootageRetried()).when(CLAIM).then(claimed(1))


def test_retried_when_given_up() -> None:
    given(DECIDER, *ARCHIVED, *SPENT).when(RETRY).then(FootageRetried())
    given(DECIDER, *ARCHIVED, *SPENT, FootageRetried()).when(CLAIM).then(claimed(1))


@pytest.mark.parametrize("history", [(), (claimed(),), (claimed(), REJECTED), (claimed(), INDEXED)])
def test_not_retried_before(history: tuple[Event, ...]) -> None:
    given(DECIDER, *ARCHIVED, *history).when(RETRY).then_refused(WrongState, says="given up")


@pytest.mark.parametrize("command", [CLAIM, RENEW, RELEASE, INDEX, FAIL, RETRY], ids=lambda c: type(c).__name__)
def test_unknown_footage_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=SHA256)


# What no sequence of workers, clocks and failures may bring about.

deeds = st.lists(
    st.tuples(
        st.sampled_from(["claim", "claim", "claim", "renew", "fail", "release", "index", "retry"]),
        st.integers(0, 3),  # which of the claims ever given, counted from the newest, the word is spoken for
        st.sampled_from([-2, 0, 1, 20, 40, 300]),  # seconds that pass before it
    ),
    max_size=40,
)


@settings(max_examples=300)
@generated(deeds)
def test_never_two_live_claims_and_never_too_many_attempts(sequence: list[tuple[str, int, int]]) -> None:
    history: list[Event] = list(ARCHIVED)
    state: Footage | None = DECIDER.fold(history)
    at, fences, newest_lease_end, rests_until, attempts, silences = NOW, list[int](), None, None, 0, 0
    for deed, back, pause_seconds in sequence:
        at += timedelta(seconds=pause_seconds)
        fence = fences[max(0, len(fences) - 1 - back)] if fences else 1
        try:
            events = DECIDER.decide(state, command_of(deed, fence, at))
        except DomainError:
            continue
        history.extend(events)
        state = DECIDER.fold(events, state)
        match events[0]:
            case FootageClaimed(lease_until=until):
                assert newest_lease_end is None or newest_lease_end <= at, "two live claims"
                assert rests_until is None or rests_until <= at, "claimed while it rested"
                is_silent = newest_lease_end is not None
                attempts, silences = attempts + (not is_silent), silences + is_silent
                newest_lease_end = until
                fences.append(len(history))
            case ClaimRenewed(lease_until=until):
                assert fence == fences[-1], "an older claim was renewed"
                newest_lease_end = until
            case FootageRetried():
                attempts, silences, rests_until = 0, 0, None
            case ClaimReleased():
                assert fence == fences[-1], "an older claim was given back"
                attempts, newest_lease_end = attempts - 1, None
            case FootageFailed(final=True):
                assert attempts == ATTEMPTS_MAX or silences == SILENCES_MAX - 1
                newest_lease_end = None
            case FootageFailed(retry_at=until):
                assert fence == fences[-1], "an older claim had the last word"
                newest_lease_end, rests_until = None, until
            case FootageIndexed():
                assert fence == fences[-1], "an older claim had the last word"
                newest_lease_end = None
        assert attempts <= ATTEMPTS_MAX
        assert silences < SILENCES_MAX
        assert state is not None
        assert state.version == len(history)
        assert claimable(state, at) == offers(state, at)
    assert folded(DECIDER, history) == state


def command_of(deed: str, fence: int, at: datetime) -> Any:
    match deed:
        case "claim":
            return ClaimFootage(sha256=SHA256, worker="w", at=at, lease_seconds=20.0)
        case "renew":
            return changed(RENEW, fence=fence, at=at, lease_seconds=20.0)
        case "fail":
            return changed(FAIL, fence=fence, at=at)
        case "release":
            return changed(RELEASE, fence=fence)
        case "index":
            return changed(INDEX, fence=fence)
    return RETRY


def offers(state: Footage, at: datetime) -> bool:
    """Whether a claim would be decided: what `claimable` promises."""
    try:
        return bool(DECIDER.decide(state, changed(CLAIM, at=at)))
    except WrongState:
        return False
