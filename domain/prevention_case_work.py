"""What is done within a prevention case that is open: measures, contacts, the transfer to another unit, attachments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import case_words, checks
from domain import prevention_case_commands as commands
from domain import prevention_case_events as facts
from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.event import Event
from domain.incident import NARRATIVE_CHARACTERS_MAX
from domain.personal import Narrative
from domain.prevention_case_state import KIND, PreventionCase, still_open
from domain.sealed import Sealed

MEASURES_MAX = 300
CONTACTS_MAX = 5_000
ATTACHMENTS_MAX = 100
ATTACHMENT_BYTES_MAX = 20 * 2**20
AHEAD_MAX = timedelta(days=366)
OFFLINE_MAX = timedelta(days=14)  # a client that was offline may say later what was arranged for a day gone by
UNIT_KIND = "juvenile-prevention"  # of the units that have cases


def check_assignee(
    unit: UUID, officer: UUID, serves_in: UUID | None, *, certified: bool, field: str = "officer"
) -> None:
    """Whether somebody may be in charge of a case of this unit. Raises Invalid."""
    if serves_in != unit:
        raise Invalid(field, f"{officer} is no juvenile officer of the case's unit", "name one who serves there")
    if not certified:
        raise Invalid(field, f"{officer} is not certified", "name an officer whose certification stands")


def decide_schedule(state: PreventionCase | None, command: commands.ScheduleMeasure) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    if any(each.key == command.measure for each in case.measures):
        raise AlreadyExists("measure", command.measure)
    if len(case.measures) >= MEASURES_MAX:
        raise Invalid("measure", f"the case has {MEASURES_MAX} measures", "close the case, or go on in another")
    due_at = checks.utc("due_at", command.due_at)
    if not command.at - OFFLINE_MAX <= due_at <= command.at + AHEAD_MAX:
        mend = f"give one from {OFFLINE_MAX.days} days ago to {AHEAD_MAX.days} days ahead"
        raise Invalid("due_at", "is too far from today", mend)
    return (
        facts.MeasureScheduled(
            measure=command.measure,
            kind=checks.one_of("kind", command.kind, case_words.MEASURE_KINDS),
            due_at=due_at,
            narrative=written(command.narrative),
        ),
    )


def decide_complete(state: PreventionCase | None, command: commands.CompleteMeasure) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    measure = next((each for each in case.measures if each.key == command.measure), None)
    if measure is None:
        raise NotFound("measure", command.measure)
    if measure.completed:
        raise WrongState("measure", command.measure, "completed", "schedule another where more is to be done")
    return (
        facts.MeasureCompleted(
            measure=command.measure,
            result=checks.one_of("result", command.result, case_words.MEASURE_RESULTS),
            ended_at=checks.past("ended_at", command.ended_at, command.at),
            narrative=written(command.narrative),
        ),
    )


def decide_note(state: PreventionCase | None, command: commands.NoteContact) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    if case.contacts >= CONTACTS_MAX:
        raise Invalid("contact", f"the case has {CONTACTS_MAX} contacts", "close the case, or go on in another")
    return (
        facts.ContactNoted(
            contact=command.contact,
            kind=checks.one_of("kind", command.kind, case_words.CONTACT_KINDS),
            occurred_at=checks.past("occurred_at", command.occurred_at, command.at),
            narrative=written(command.narrative),
        ),
    )


def decide_offer(state: PreventionCase | None, command: commands.OfferTransfer) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    if case.offered_unit is not None:
        mend = "wait for the answer, or take the offer back"
        raise WrongState(KIND, command.case, "offered", mend, words="offered to a unit already")
    if command.to_unit_kind != UNIT_KIND:
        raise Invalid("to_unit", f"{command.to_unit} is no unit of juvenile prevention", "name one; see GET /units")
    if command.to_unit == case.unit:
        raise Invalid("to_unit", "is the unit that has the case", "name another, or assign another officer")
    answer_by = checks.utc("answer_by", command.answer_by)
    if not command.at < answer_by <= command.at + AHEAD_MAX:
        raise Invalid("answer_by", "is past, or too far ahead", f"give a time within {AHEAD_MAX.days} days")
    return (
        facts.TransferOffered(
            to_unit=command.to_unit, answer_by=answer_by, reason=checks.reason("reason", command.reason)
        ),
    )


def decide_accept(state: PreventionCase | None, command: commands.AcceptTransfer) -> tuple[Event, ...]:
    """The unit that it was offered to takes it over, and names who is in charge there."""
    case = _offered(state, command.case)
    if command.by_unit != case.offered_unit:
        raise Invalid("unit", "is not the one that the case was offered to", "leave the answer to that unit")
    check_assignee(command.by_unit, command.officer, command.assignee_unit, certified=command.assignee_certified)
    return (facts.TransferAccepted(unit=command.by_unit, officer=command.officer),)


def decide_decline(state: PreventionCase | None, command: commands.DeclineTransfer) -> tuple[Event, ...]:
    case = _offered(state, command.case)
    if command.by_unit not in (case.offered_unit, case.unit):
        raise Invalid("unit", "neither offered the case nor was offered it", "leave the answer to those units")
    return (facts.TransferDeclined(by_unit=command.by_unit, reason=checks.reason("reason", command.reason)),)


def decide_add(state: PreventionCase | None, command: commands.AddAttachment) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    if command.attachment in case.attachments or command.attachment in case.removed:
        raise AlreadyExists("attachment", command.attachment)
    check_room(case)
    checks.line("name", command.name.fresh_value().name)
    return (
        facts.AttachmentAdded(
            attachment=command.attachment,
            media_type=checks.one_of("media_type", command.media_type, case_words.MEDIA_TYPES),
            size_bytes=checks.whole("size_bytes", command.size_bytes, least=1, most=ATTACHMENT_BYTES_MAX),
            sealed_sha256=checks.sha256("sealed_sha256", command.sealed_sha256),
            name=command.name,
        ),
    )


def check_room(case: PreventionCase) -> None:
    """Whether another attachment can be taken, asked before a byte of it is received. Raises Invalid."""
    if len(case.attachments) + len(case.removed) >= ATTACHMENTS_MAX:
        mend = f"at most {ATTACHMENTS_MAX} are taken in the life of a case: join pages into one document"
        raise Invalid("attachment", f"the case has had {ATTACHMENTS_MAX} of them", mend)


def decide_remove(state: PreventionCase | None, command: commands.RemoveAttachment) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    if command.attachment in case.removed:
        raise WrongState("attachment", command.attachment, "removed", "it cannot be removed twice")
    if command.attachment not in case.attachments:
        raise NotFound("attachment", command.attachment)
    return (facts.AttachmentRemoved(attachment=command.attachment, reason=checks.reason("reason", command.reason)),)


def written(narrative: Sealed[Narrative]) -> Sealed[Narrative]:
    """What somebody wrote, still to be sealed. Raises Invalid."""
    checks.text("narrative", narrative.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return narrative


def _offered(state: PreventionCase | None, key: UUID) -> PreventionCase:
    case = still_open(state, key)
    if case.offered_unit is None:
        raise WrongState(KIND, key, "not-offered", "offer it first", words="offered to nobody")
    return case


DECIDES: Mapping[type[Any], Callable[[Any, Any], tuple[Event, ...]]] = MappingProxyType(
    {
        commands.ScheduleMeasure: decide_schedule,
        commands.CompleteMeasure: decide_complete,
        commands.NoteContact: decide_note,
        commands.OfferTransfer: decide_offer,
        commands.AcceptTransfer: decide_accept,
        commands.DeclineTransfer: decide_decline,
        commands.AddAttachment: decide_add,
        commands.RemoveAttachment: decide_remove,
    }
)
