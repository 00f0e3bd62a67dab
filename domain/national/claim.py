"""A claim: what a source said of the country or a region, as of a day. It is never counted with, and never counted.

The picture shows it beside what is counted here, so that both can be seen and neither be taken for the other. As of
when it was is kept as precisely as the source said it: a year, a month or a day.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.kyiv_time import KYIV
from domain.national import words

COUNTRY = ""  # the region of a claim about all of them
VALUE_MAX = 1_000_000_000
DATE = re.compile(r"(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")

STATED, WITHDRAWN = "stated", "withdrawn"  # words.CLAIM_STATES


class ClaimStated(Event, frozen=True, kw_only=True):
    TOPIC = "claim.stated"

    measure: str  # words.NATIONAL_MEASURES
    region: str = COUNTRY  # vocabulary.REGIONS
    value: int
    precision: str  # words.CLAIM_PRECISIONS
    as_of: str  # 2021, 2021-05 or 2021-05-19
    since: str = ""  # of what was counted over a time: from when on
    source: str
    remark: str = ""  # words.CLAIM_REMARKS
    by: UUID


class ClaimCorrected(Event, frozen=True, kw_only=True):
    """What it says from now on, whole. What it said before stays on record."""

    TOPIC = "claim.corrected"

    value: int
    precision: str
    as_of: str
    since: str = ""
    source: str
    remark: str = ""
    cause: str  # words.CLAIM_CORRECTIONS
    by: UUID


class ClaimWithdrawn(Event, frozen=True, kw_only=True):
    TOPIC = "claim.withdrawn"

    cause: str  # words.CLAIM_WITHDRAWALS
    by: UUID


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says."""

    value: int
    precision: str
    as_of: str
    since: str = ""
    source: str
    remark: str = ""


class StateClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.claim_id` of the measure, the region, as of when, and the source: one source says one thing
    at a time.
    """

    claim: UUID
    measure: str
    region: str = COUNTRY
    saying: Saying
    by: UUID
    at: datetime


class CorrectClaim(msgspec.Struct, frozen=True, kw_only=True):
    claim: UUID
    saying: Saying
    cause: str
    by: UUID
    at: datetime


class WithdrawClaim(msgspec.Struct, frozen=True, kw_only=True):
    claim: UUID
    cause: str
    by: UUID


ClaimCommand: TypeAlias = StateClaim | CorrectClaim | WithdrawClaim


class Claim(msgspec.Struct, frozen=True):
    saying: Saying
    phase: str = STATED


def decide_state(state: Claim | None, command: StateClaim) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("claim", command.claim)
    region = command.region and checks.one_of("region", command.region, vocabulary.REGIONS)
    measure = checks.one_of("measure", command.measure, words.NATIONAL_MEASURES)
    saying = _checked(command.saying, command.at)
    return (ClaimStated(measure=measure, region=region, by=command.by, **msgspec.structs.asdict(saying)),)


def decide_correct(state: Claim | None, command: CorrectClaim) -> tuple[Event, ...]:
    """To what it says already: changes nothing."""
    claim = _standing(state, command.claim)
    cause = checks.one_of("cause", command.cause, words.CLAIM_CORRECTIONS)
    saying = _checked(command.saying, command.at)
    if saying == claim.saying:
        return ()
    return (ClaimCorrected(cause=cause, by=command.by, **msgspec.structs.asdict(saying)),)


def decide_withdraw(state: Claim | None, command: WithdrawClaim) -> tuple[Event, ...]:
    _standing(state, command.claim)
    return (ClaimWithdrawn(cause=checks.one_of("cause", command.cause, words.CLAIM_WITHDRAWALS), by=command.by),)


def evolve_stated(state: None, event: ClaimStated) -> Claim:
    return Claim(saying=_said(event))


def evolve_corrected(state: Claim, event: ClaimCorrected) -> Claim:
    return replace(state, saying=_said(event))


def evolve_withdrawn(state: Claim, event: ClaimWithdrawn) -> Claim:
    return replace(state, phase=WITHDRAWN)


DECIDER: Decider[ClaimCommand, Claim] = Decider(
    kind="claim",
    decides={StateClaim: decide_state, CorrectClaim: decide_correct, WithdrawClaim: decide_withdraw},
    evolves={ClaimStated: evolve_stated, ClaimCorrected: evolve_corrected, ClaimWithdrawn: evolve_withdrawn},
)


def _said(event: ClaimStated | ClaimCorrected) -> Saying:
    return msgspec.convert(event, Saying, from_attributes=True)


def _standing(state: Claim | None, key: UUID) -> Claim:
    claim = checks.existing("claim", key, state)
    if claim.phase == WITHDRAWN:
        raise WrongState("claim", key, WITHDRAWN, "nothing is left to do")
    return claim


def _checked(saying: Saying, at: datetime) -> Saying:
    as_of = _date("as_of", saying.as_of, at)
    since = saying.since and _date("since", saying.since, at)
    if since[: len(as_of)] > as_of:
        raise Invalid("since", "is after as_of", "exchange them, or correct one")
    return Saying(
        value=checks.whole("value", saying.value, least=0, most=VALUE_MAX),
        precision=checks.one_of("precision", saying.precision, words.CLAIM_PRECISIONS),
        as_of=as_of,
        since=since,
        source=checks.line("source", saying.source),
        remark=saying.remark and checks.one_of("remark", saying.remark, words.CLAIM_REMARKS),
    )


def _date(field: str, value: str, at: datetime) -> str:
    """A year, a month or a day that is not to come, on Kyiv's clocks."""
    mend = "write it as 2021, 2021-05 or 2021-05-19"
    checks.pattern(field, value, DATE, mend)
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError as fault:
        raise Invalid(field, "is no day of the calendar", mend) from fault
    today = at.astimezone(KYIV).date().isoformat()
    if value > today[: len(value)]:
        raise Invalid(field, "is to come", "give when the source said it was so")
    return value
