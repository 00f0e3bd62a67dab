"""Reports over HTTP for those who answer them: lists, one report, and what is sealed of it, opened on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.access.operations import Operation
from app.api.answers import Page, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.files import FileStream, Sending
from app.attachments import AttachmentErased
from app.disclosing import Wish
from app.lists import condition, report_columns
from app.reports import pictures
from app.reports.answering import known, opened_words, submitted
from app.reports.comparing import Comparison, compare
from domain.checks import existing
from domain.errors import NotFound
from domain.personal import Narrative, Reason, ReporterContact
from domain.reports import words
from domain.reports.events import Photo, ReportSubmitted
from domain.reports.report import KIND
from projections.reports import board, timeline


class ReportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it stands. Its words, pictures and contact are opened by requests of their own."""

    report: board.ShownReport
    photos: tuple[Photo, ...]
    duplicates: tuple[UUID, ...]  # reports that were marked as duplicates of it, whoever may read them


class PlaceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    latitude: float | None
    longitude: float | None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What was written of it later: by whoever reported, or by an officer. `text` is null once it was erased."""

    version: int
    what: str  # the end of the event's topic
    at: datetime
    text: str | None


class WordsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Nulls once it was erased."""

    text: str | None
    place: PlaceAnswer | None
    written: tuple[Written, ...]


class ContactAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Null where it was made anonymously, or once the contact was erased."""

    contact: ReporterContact | None


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `actor` is null where whoever reported did it. A sealed part of `facts` says only whose it is."""

    position: int
    version: int
    topic: str
    recorded_at: datetime
    actor: UUID | None
    actor_username: str | None
    role: str
    facts: dict[str, Any]


@get("/reports", sync_to_thread=True)
def list_reports(
    request: Asked,
    house: House,
    community: FromQuery[UUID | None] = None,
    category: FromQuery[str | None] = None,
    report_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[board.ShownReport]:
    """The reports that the caller may read, the latest first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.REPORT_LIST)
    only = condition(house, call, Operation.REPORT_LIST, report_columns())
    with house.views.reading() as views:
        page = board.report_page(
            views,
            only=only,
            community=community,
            category=wanted("category", category, words.REPORT_CATEGORIES),
            state=wanted("report_state", report_state, words.REPORT_PHASES),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/reports/{key:uuid}", sync_to_thread=True)
def read_report(request: Asked, house: House, key: FromPath[UUID]) -> Response[ReportAnswer]:
    """One report as it stands. That it was read goes on record before it is answered."""
    call = call_of(request, house)
    known(house, call, Operation.REPORT_READ, key)
    house.disclosures.consult(call, Operation.REPORT_READ, key)
    with house.views.reading() as views:
        shown = existing(KIND, key, board.report(views, key))
        answer = ReportAnswer(
            report=shown, photos=submitted(house, key).photos, duplicates=board.duplicates_of(views, key)
        )
    return versioned(answer, shown.version)


@get("/reports/{key:uuid}/words", sync_to_thread=True)
def read_report_words(request: Asked, house: House, key: FromPath[UUID]) -> WordsAnswer:
    """What was reported, where exactly, and what was written of it since. Opening it goes on record first."""
    call, operation = call_of(request, house), Operation.REPORT_READ_WORDS
    known(house, call, operation, key)
    text, place = opened_words(house, call, operation, key)
    rows = [row for row in house.log.stream(key) if not isinstance(row.event, ReportSubmitted)]
    written = [(row, sealed, kind) for row in rows for sealed, kind in _written(row.event)]
    opened = house.disclosures.open_each(call, operation, [Wish(key, sealed, kind) for _, sealed, kind in written])
    return WordsAnswer(
        text=text,
        place=None if place is None else msgspec.convert(place, PlaceAnswer, from_attributes=True),
        written=tuple(
            Written(
                version=row.version,
                what=row.event.TOPIC.partition(".")[2],
                at=row.meta.recorded_at,
                text=None if found is None else found.text,
            )
            for (row, _, _), found in zip(written, opened, strict=True)
        ),
    )


@get("/reports/{key:uuid}/contact", sync_to_thread=True)
def read_report_contact(request: Asked, house: House, key: FromPath[UUID]) -> ContactAnswer:
    """How whoever reported is reached, where they said so. Opening it goes on record first."""
    call = call_of(request, house)
    known(house, call, Operation.REPORT_READ_CONTACT, key)
    sealed = submitted(house, key).contact
    if sealed is None:
        return ContactAnswer(contact=None)
    opened = house.disclosures.open(call, Operation.REPORT_READ_CONTACT, key, sealed, ReporterContact)
    return ContactAnswer(contact=opened)


@get("/reports/{key:uuid}/photos/{photo:uuid}", sync_to_thread=True, media_type="image/jpeg")
def read_report_photo(request: Asked, house: House, key: FromPath[UUID], photo: FromPath[UUID]) -> FileStream:
    """A picture, as it was made anew from its pixels. Opening it goes on record before a byte of it leaves."""
    call = call_of(request, house)
    known(house, call, Operation.REPORT_READ_WORDS, key)
    first = submitted(house, key)
    found = next((each for each in first.photos if each.photo == photo), None)
    if found is None:
        raise NotFound("photo", photo)
    if house.disclosures.open(call, Operation.REPORT_READ_WORDS, key, first.narrative, Narrative) is None:
        raise AttachmentErased(photo, house.disclosures.erased_at(first.narrative.subject))
    file, blocks = pictures.opened(house, key, found)
    headers = {
        "Content-Length": str(found.size_bytes),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return FileStream(Sending(file, blocks), media_type="image/jpeg", headers=headers)


@get("/reports/{key:uuid}/duplicates", sync_to_thread=True)
def read_report_duplicates(request: Asked, house: House, key: FromPath[UUID]) -> Comparison:
    """Reports that may be of the same thing, near in place, time and words, the most alike first, with what they say.
    That the words of all that were compared were opened goes on record first.
    """
    return compare(house, call_of(request, house), key)


@get("/reports/{key:uuid}/history", sync_to_thread=True)
def read_report_history(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 100
) -> Page[Happened]:
    """Everything that was recorded of it, in order; sealed parts stay sealed. That it was read goes on record first."""
    call = call_of(request, house)
    reporter = known(house, call, Operation.REPORT_READ, key).reporter
    house.disclosures.consult(call, Operation.REPORT_READ, key)
    with house.views.reading() as views:
        page = timeline.timeline_page(views, key, cursor=cursor, limit=limit)
    return Page(
        [
            Happened(
                position=entry.position,
                version=entry.version,
                topic=entry.topic,
                recorded_at=entry.recorded_at,
                actor=None if entry.actor == reporter else entry.actor,
                actor_username=entry.actor_username,
                role=entry.role,
                facts={name: fact for name, fact in entry.read_facts().items() if fact != str(reporter)},
            )
            for entry in page.items
        ],
        page.next_cursor,
    )


def _written(event: Any) -> list[tuple[Any, type[Narrative] | type[Reason]]]:
    kinds: dict[str, type[Narrative] | type[Reason]] = {"narrative": Narrative, "reason": Reason}
    return [(sealed, kind) for name, kind in kinds.items() if (sealed := getattr(event, name, None)) is not None]


ROUTES = (
    list_reports,
    read_report,
    read_report_words,
    read_report_contact,
    read_report_photo,
    read_report_duplicates,
    read_report_history,
)
