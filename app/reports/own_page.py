"""What whoever reported is told, by their token: how it stands, in words that promise nothing, and what the police
wrote to them. That they looked is on no record: who asks after a report, and when, is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.reports.answering import is_voided
from domain.checks import existing
from domain.event import Recorded
from domain.ids import report_id
from domain.personal import Narrative, Reason
from domain.reports import events as happened
from domain.reports import report, words
from domain.reports.report import FOLLOW_UPS_MAX, KIND
from domain.reports.state import CLOSED, DUPLICATE, REDIRECTED, SUBMITTED, Report
from domain.vocabulary import Label

ANEW = (happened.ReportReopened, happened.ReportRedirected)  # what lets it be read again
CHAIN_MAX = 20  # of reports that are duplicates one of another

HONEST = MappingProxyType(
    {
        "submitted": Label(
            "Ваше повідомлення збережено. Його ще ніхто не прочитав.",
            "Your report is on record. Nobody has read it yet.",
        ),
        "acknowledged": Label(
            "Поліція прочитала ваше повідомлення. Рішення ще немає.",
            "The police have read your report. Nothing is decided yet.",
        ),
        "triaged": Label(
            "Поліція працює з вашим повідомленням. Чим це скінчиться, ще невідомо.",
            "The police work on your report. What will come of it is not known yet.",
        ),
        "duplicate": Label(
            "Про це вже повідомляли раніше. Далі йде робота за тим повідомленням.",
            "This was reported before. Work goes on under that report.",
        ),
        "redirected": Label(
            "Це справа іншого органу, йому передано. Що він зробить, поліція не знає.",
            "This is for another body, and was passed on to it. What it will do, the police do not know.",
        ),
        "converted": Label(
            "За вашим повідомленням зареєстровано подію. Перебіг роботи тут не показують.",
            "An incident was recorded from your report. How that goes on is not shown here.",
        ),
        "closed": Label(
            "Повідомлення закрито. Це не означає, що причину усунуто.",
            "The report is closed. That does not mean that what you saw is mended.",
        ),
    }
)
READ_ANEW = Label(
    "Ваше повідомлення відкрито знову або передано іншій громаді. Відтоді його ще ніхто не прочитав.",
    "Your report was opened again, or passed to another community. Nobody has read it since.",
)
VOIDED = Label(
    "Подію, записану за вашим повідомленням, знято з обліку. Якщо це помилка, повідомте ще раз.",
    "The incident that was recorded from your report was struck off. If that is a mistake, report it again.",
)
GOES_NOWHERE = Label(
    "Про це вже повідомляли раніше, і роботу за тим повідомленням завершено. Якщо це триває, повідомте ще раз.",
    "This was reported before, and work on that report has ended. If it goes on, report it again.",
)
LATE = Label(
    "Вчасно ніхто не відповів, тому залучено чергову частину.",
    "Nobody acted in time, so the duty desk was called in.",
)
IN_DANGER = Label(
    "Якщо хтось у небезпеці зараз, телефонуйте 102 або 112.", "If somebody is in danger now, call 102 or 112."
)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, when, and what was written to the reporter with it. `what`: the end of the event's topic."""

    at: datetime
    what: str
    code: str | None = None  # of an end, a priority or a body
    label: str | None = None
    text: str | None = None


class OwnReport(msgspec.Struct, frozen=True, kw_only=True):
    """`says` is how it stands, honestly. Of a duplicate, `goes_on_as` is the state of the report that goes on."""

    state: str
    state_label: str
    says: str
    category: str
    category_label: str
    anonymous: bool
    photos: int
    submitted_at: datetime
    goes_on_as: str | None
    goes_on_as_label: str | None
    may_reopen_until: datetime | None
    follow_ups_left: int
    steps: tuple[Step, ...]


def own_page(house: Services, call: Call, language: str) -> OwnReport:
    """Raises NotFound where nothing was submitted under the token."""
    key = report_id(call.principal.account)
    rows = tuple(house.log.stream(key))
    state = report.DECIDER.fold(row.event for row in rows)
    house.desk.require(call, Operation.REPORT_READ_OWN, relations.report(key, state))
    state, first = existing(KIND, key, state), rows[0].event
    assert isinstance(first, happened.ReportSubmitted)
    goes_on = _goes_on_as(house, key, rows) if state.phase == DUPLICATE else None
    return OwnReport(
        state=state.phase,
        state_label=label_of(words.REPORT_PHASES[state.phase], language),
        says=_says(house, rows, state, goes_on, language),
        category=state.category,
        category_label=label_of(words.REPORT_CATEGORIES[state.category], language),
        anonymous=not state.named,
        photos=len(first.photos),
        submitted_at=rows[0].meta.recorded_at,
        goes_on_as=goes_on,
        goes_on_as_label=None if goes_on is None else label_of(words.REPORT_PHASES[goes_on], language),
        may_reopen_until=_reopened_until(house, state),
        follow_ups_left=FOLLOW_UPS_MAX - state.follow_ups,
        steps=tuple(_steps(house, rows, language)),
    )


def label_of(label: Label, language: str) -> str:
    return label.uk if language == "uk" else label.en


def _says(house: Services, rows: Sequence[Recorded], state: Report, goes_on: str | None, language: str) -> str:
    said = [HONEST[state.phase]]
    if state.phase == SUBMITTED and any(isinstance(row.event, ANEW) for row in rows):
        said = [READ_ANEW]
    elif goes_on in (CLOSED, REDIRECTED):
        said = [GOES_NOWHERE]
    elif is_voided(house, state):
        said = [VOIDED]
    if state.escalated:
        said.append(LATE)
    if state.category in words.DANGEROUS:
        said.append(IN_DANGER)
    return " ".join(label_of(each, language) for each in said)


def _reopened_until(house: Services, state: Report) -> datetime | None:
    if state.phase not in (CLOSED, REDIRECTED) or state.ended_at is None:
        return None
    until = state.ended_at + timedelta(days=house.deployment.settings.report_reopen_days)
    return until if until > now() else None


def _goes_on_as(house: Services, key: UUID, rows: tuple[Recorded, ...]) -> str:
    """The state of the report at the end of the chain; of that report, nothing else is told."""
    seen, phase = {key}, DUPLICATE
    events = [row.event for row in rows]
    while phase == DUPLICATE and len(seen) <= CHAIN_MAX:
        of = next(each.of for each in reversed(events) if isinstance(each, happened.ReportMarkedDuplicate))
        if of in seen:
            break
        seen.add(of)
        events = list(house.log.events(of))
        phase = existing(KIND, of, report.DECIDER.fold(events)).phase
    return phase


def _steps(house: Services, rows: tuple[Recorded, ...], language: str) -> Iterator[Step]:
    for row in rows:
        code, label, text = _told(house, row.event)
        what = row.event.TOPIC.partition(".")[2]
        if what in SHOWN:
            shown = None if label is None else label_of(label, language)
            yield Step(at=row.meta.recorded_at, what=what, code=code, label=shown, text=text)


SHOWN = frozenset(
    {
        *("submitted", "acknowledged", "triaged", "escalated", "marked-duplicate", "duplicate-undone", "redirected"),
        *("converted-to-incident", "reporter-updated", "followed-up", "contact-forgotten"),
        *("closed", "reopened"),
    }
)


def _told(house: Services, event: Any) -> tuple[str | None, Label | None, str | None]:
    """The code of it, with its label; and what was written to the reporter, as a redirection's reason is not. Not how
    it was weighed.
    """
    match event:
        case happened.ReportClosed():
            return event.outcome, words.REPORT_OUTCOMES[event.outcome], _text(house, event.reason, Reason)
        case happened.ReportRedirected(body=body):
            label = words.REPORT_BODIES[body] if body else None
            return body or None, label, None  # the reason is for the police: it may be written in a hurry, of anybody
        case happened.ReporterUpdated():
            return None, None, _text(house, event.narrative, Narrative)
    return None, None, None


def _text(house: Services, sealed: Any, kind: type[Narrative] | type[Reason]) -> str | None:
    found = house.disclosures.open_addressed(sealed, kind)
    return None if found is None else found.text
