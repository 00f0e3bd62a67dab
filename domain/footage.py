"""One archived file: received of a camera, claimed by workers one at a time, indexed, rejected or given up.

The log is the queue. A claim is an event at the expected version, so only one of two workers gets it; the version of
that event is the claim's fence, which every later word of the worker must carry. A worker that falls silent loses
the footage when its lease is over and another claims it; one that stops in order gives it back, and the attempt does
not count. After a failed attempt it rests, ever longer, so that a fault that passes does not spend all attempts.

Silence is no failure of the footage as long as units of it are committed: power goes, a worker is killed, and the next
one goes on. Footage over which one worker after another falls silent before it commits anything is given up.
Archiving and rejecting concern the camera too: `domain/footage_of_camera.py`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import Invalid, WrongState
from domain.event import Event
from domain.footage_events import (
    ClaimReleased,
    ClaimRenewed,
    FootageClaimed,
    FootageFailed,
    FootageIndexed,
    FootageRetried,
)
from domain.footage_refusals import ClaimLost
from domain.footage_state import ARCHIVED, CLAIMED, EVOLVES, FAILED, GIVEN_UP, INDEXED, Footage
from domain.keeping_events import FootageReindexed, OriginalDamaged, OriginalSound
from domain.kyiv_time import shown

ATTEMPTS_MAX = 3
SILENCES_MAX = 20  # without a unit more since (ten came about by power cuts alone); a lease and a restart each
REST_SECONDS, REST_GROWTH = 60.0, 5  # after the first failed attempt, and how many times longer after each further one
REST_SECONDS_MAX = REST_SECONDS * REST_GROWTH ** (ATTEMPTS_MAX - 2)  # the last attempt has none after it
LEASE_SECONDS_MIN, LEASE_SECONDS_MAX = 1.0, 3_600.0
CLOCKS_APART_SECONDS_MAX = 300.0  # of workers, and of one that was set back a little: no reason to cut a rest short
SIDE_PIXELS_MAX = 16_384
COUNT_MAX = 1 << 53  # what JSON's numbers hold exactly
GAPS_MAX = 10_000
CUT_OFF_SECONDS_MAX = 7 * 86_400.0
DETAIL_CHARACTERS_MAX = 500


_WORD = re.compile(r"[\w.:,+ -]{1,120}", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9-]{1,59}")
_DIGEST = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class ClaimFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    worker: str
    at: datetime
    lease_seconds: float
    units: int = 0  # that the index holds of it now


class RenewClaim(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    fence: int  # version of the claim's event
    at: datetime
    lease_seconds: float


class ReleaseClaim(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    fence: int


class IndexFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    fence: int
    generation: str
    pipeline: str
    units: int
    rows: int
    from_at: datetime
    to_at: datetime
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    frames_sampled: int
    codec: str
    width: int
    height: int
    cut_off_seconds: float = 0.0


class FailFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    fence: int
    reason_code: str
    detail: str
    at: datetime


class RetryFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str


class ReindexFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    reason_code: str  # vocabulary.REINDEX_REASONS


class ReportOriginal(msgspec.Struct, frozen=True, kw_only=True):
    """What the scrub found: `fault` of vocabulary.ORIGINAL_FAULTS, "" where it is bit for bit what was archived."""

    sha256: str
    fault: str


FootageCommand: TypeAlias = (
    ClaimFootage
    | RenewClaim
    | ReleaseClaim
    | IndexFootage
    | FailFootage
    | RetryFootage
    | ReindexFootage
    | ReportOriginal
)


def claimable(footage: Footage, at: datetime) -> bool:
    """Whether a worker may take it now: nobody holds it, it does not rest, and it is neither done nor given up."""
    if footage.phase == CLAIMED:
        return not _lasts(footage.lease_until, at, LEASE_SECONDS_MAX)
    return footage.phase in {ARCHIVED, FAILED} and not _lasts(footage.retry_at, at, REST_SECONDS_MAX)


def _lasts(until: datetime | None, at: datetime, seconds_max: float) -> bool:
    """What ends later than anything can now was told by a clock that was ahead: it keeps nobody waiting."""
    return until is not None and at < until <= at + timedelta(seconds=seconds_max + CLOCKS_APART_SECONDS_MAX)


def decide_claim(state: Footage | None, command: ClaimFootage) -> tuple[Event, ...]:
    """`FootageClaimed`; or, where too many fell silent over it, `FootageFailed` for good instead."""
    footage = checks.existing("footage", command.sha256, state)
    worker = technical_word("worker", command.worker)
    lease_until = _lease_until(command.at, command.lease_seconds)
    if not claimable(footage, command.at):
        raise _wrong_phase(footage, command.sha256, "look for other footage")
    units = checks.whole("units", command.units, least=0, most=COUNT_MAX)
    was_silent = footage.phase == CLAIMED
    silences = 0 if units > footage.units else footage.silences + was_silent
    if silences >= SILENCES_MAX:
        return (
            FootageFailed(
                reason_code="worker-silent",
                detail=f"{silences} workers fell silent over it, and nothing was committed meanwhile",
                attempt=footage.attempt,
                final=True,
            ),
        )
    attempt = footage.attempt + (not was_silent)
    return (FootageClaimed(worker=worker, lease_until=lease_until, attempt=attempt, units=units, silences=silences),)


def decide_renew(state: Footage | None, command: RenewClaim) -> tuple[Event, ...]:
    """Also after the lease's end, as long as nobody else claimed: the fence, not the clock, says who holds it."""
    held(state, command.sha256, command.fence)
    return (ClaimRenewed(lease_until=_lease_until(command.at, command.lease_seconds)),)


def decide_release(state: Footage | None, command: ReleaseClaim) -> tuple[Event, ...]:
    footage = held(state, command.sha256, command.fence)
    return (ClaimReleased(attempts=footage.attempt - 1),)


def decide_index(state: Footage | None, command: IndexFootage) -> tuple[Event, ...]:
    held(state, command.sha256, command.fence)
    from_at, to_at = checks.span("from_at", command.from_at, "to_at", command.to_at)
    if len(command.gaps) > GAPS_MAX:
        raise Invalid("gaps", f"has {len(command.gaps)} entries", f"at most {GAPS_MAX} are taken: join small ones")
    return (
        FootageIndexed(
            generation=checks.pattern("generation", command.generation, _DIGEST, "give the manifest's digest"),
            pipeline=checks.pattern("pipeline", command.pipeline, _DIGEST, "give the configuration's digest"),
            units=checks.whole("units", command.units, least=0, most=COUNT_MAX),
            rows=checks.whole("rows", command.rows, least=0, most=COUNT_MAX),
            from_at=from_at,
            to_at=to_at,
            gaps=tuple(checks.span("gaps from", start, "gaps to", end) for start, end in command.gaps),
            frames_sampled=checks.whole("frames_sampled", command.frames_sampled, least=0, most=COUNT_MAX),
            codec=technical_word("codec", command.codec),
            width=checks.whole("width", command.width, least=1, most=SIDE_PIXELS_MAX),
            height=checks.whole("height", command.height, least=1, most=SIDE_PIXELS_MAX),
            cut_off_seconds=cut_off("cut_off_seconds", command.cut_off_seconds),
        ),
    )


def decide_fail(state: Footage | None, command: FailFootage) -> tuple[Event, ...]:
    footage = held(state, command.sha256, command.fence)
    is_final = footage.attempt >= ATTEMPTS_MAX
    rest = timedelta(seconds=REST_SECONDS * REST_GROWTH ** (footage.attempt - 1))
    return (
        FootageFailed(
            reason_code=reason_code(command.reason_code),
            detail=detail_of(command.detail),
            attempt=footage.attempt,
            final=is_final,
            retry_at=None if is_final else checks.utc("at", command.at) + rest,
        ),
    )


def decide_retry(state: Footage | None, command: RetryFootage) -> tuple[Event, ...]:
    footage = checks.existing("footage", command.sha256, state)
    if footage.phase not in {FAILED, GIVEN_UP}:
        raise _wrong_phase(footage, command.sha256, "only footage that failed or was given up is retried")
    return (FootageRetried(),)


def decide_reindex(state: Footage | None, command: ReindexFootage) -> tuple[Event, ...]:
    """Not while it waits anyway; a worker that has it under way loses it."""
    footage = checks.existing("footage", command.sha256, state)
    reason = checks.one_of("reason_code", command.reason_code, vocabulary.REINDEX_REASONS)
    if footage.phase not in {INDEXED, GIVEN_UP, CLAIMED}:
        raise _wrong_phase(footage, command.sha256, "it is not indexed: nothing is to be made anew")
    return (FootageReindexed(reason_code=reason),)


def decide_report_original(state: Footage | None, command: ReportOriginal) -> tuple[Event, ...]:
    """On record where something changed: found damaged, found otherwise damaged, found whole again. What was made of
    other bytes before that was known, or was given up while it was damaged, is then to be made anew."""
    footage = checks.existing("footage", command.sha256, state)
    if command.fault:
        checks.one_of("fault", command.fault, vocabulary.ORIGINAL_FAULTS)
    if footage.is_gone or footage.damage == command.fault:
        return ()
    if command.fault:
        return (OriginalDamaged(fault=command.fault),)
    if footage.phase == GIVEN_UP or (footage.phase == INDEXED and footage.altered):
        return OriginalSound(), FootageReindexed(reason_code="original-damaged")
    return (OriginalSound(),)


DECIDER: Decider[FootageCommand, Footage] = Decider(
    kind="footage",
    decides={
        ClaimFootage: decide_claim,
        RenewClaim: decide_renew,
        ReleaseClaim: decide_release,
        IndexFootage: decide_index,
        FailFootage: decide_fail,
        RetryFootage: decide_retry,
        ReindexFootage: decide_reindex,
        ReportOriginal: decide_report_original,
    },
    evolves=EVOLVES,
)


def held(state: Footage | None, sha256: str, fence: int) -> Footage:
    """The footage, held by the claim with this fence. Raises ClaimLost where another claim or end came between."""
    footage = checks.existing("footage", sha256, state)
    if footage.phase != CLAIMED or footage.fence != fence:
        raise ClaimLost(sha256, fence)
    return footage


def technical_word(field: str, value: str) -> str:
    return checks.pattern(field, value, _WORD, "use up to 120 Latin letters, digits, blanks and . : , + - _")


def reason_code(value: str) -> str:
    return checks.pattern("reason_code", value, _CODE, "use small Latin letters, digits and dashes, a letter first")


def detail_of(value: str) -> str:
    """Our own code's words on what went wrong: never a file name, which may name a person."""
    return checks.text("detail", value, characters_max=DETAIL_CHARACTERS_MAX)


def cut_off(field: str, seconds: float) -> float:
    """What a file announces and does not hold. Only said, never counted as footage: so a wrong header, which may claim
    any length, is heard up to a bound, and blocks nothing.
    """
    return checks.number(field, min(seconds, CUT_OFF_SECONDS_MAX), least=0, most=CUT_OFF_SECONDS_MAX)


def _lease_until(at: datetime, lease_seconds: float) -> datetime:
    lease = checks.number("lease_seconds", lease_seconds, least=LEASE_SECONDS_MIN, most=LEASE_SECONDS_MAX)
    return checks.utc("at", at) + timedelta(seconds=lease)


def _wrong_phase(footage: Footage, sha256: str, mend: str) -> WrongState:
    if footage.phase == FAILED and footage.retry_at is not None:
        words, until = f"failed, and rests until {shown(footage.retry_at)}", footage.retry_at.isoformat()
        return WrongState("footage", sha256, FAILED, mend, words=words, retry_at=until)
    if footage.phase != CLAIMED or footage.lease_until is None:
        return WrongState("footage", sha256, footage.phase, mend)
    words, until = f"claimed until {shown(footage.lease_until)}", footage.lease_until.isoformat()
    return WrongState("footage", sha256, CLAIMED, mend, words=words, lease_until=until)
