"""Reports that may be of one thing, with the detail that it takes to decide: by an officer who may read all of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from app.disclosing import Wish
from app.lists import condition, report_columns
from app.reports.answering import known, resource, submitted
from domain.personal import Narrative, Place
from domain.reports import report
from domain.reports.duplicates import Likeness, Told, likeness
from projections.reports import board

DAYS = 14
DEGREES = 0.02  # of what is rounded to 0.01: a place just beyond the next line is near, too
COMPARED_MAX = 60
SHOWN_MAX = 10


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    report: board.ShownReport
    text: str
    likeness: Likeness


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The most alike first. `text` is null once it was erased: then nothing is compared."""

    text: str | None
    candidates: list[Candidate]


def compare(house: Services, call: Call, key: UUID) -> Comparison:
    """That the words of all of them were opened is on record before any is compared."""
    known(house, call, Operation.REPORT_COMPARE, key)
    only = condition(house, call, Operation.REPORT_LIST, report_columns())
    with house.views.reading() as views:
        near = board.near(views, key, days=DAYS, degrees=DEGREES, only=only, limit=COMPARED_MAX)
    readable = [each for each in near if _may_compare(house, call, each)]
    mine, *others = _told(house, call, (key, *readable))
    if mine is None:
        return Comparison(text=None, candidates=[])
    alike = [(likeness(mine, other), of, other) for of, other in zip(readable, others, strict=True) if other]
    alike.sort(key=lambda each: (-each[0].score, each[1]))
    with house.views.reading() as views:
        shown = [(found, board.report(views, of), other) for found, of, other in alike[:SHOWN_MAX]]
    return Comparison(
        text=mine.text,
        candidates=[
            Candidate(report=row, text=other.text, likeness=found) for found, row, other in shown if row is not None
        ],
    )


def _may_compare(house: Services, call: Call, key: UUID) -> bool:
    state = house.desk.load(report.DECIDER, key).state
    return house.desk.allows(call, Operation.REPORT_COMPARE, resource(house, key, state))


def _told(house: Services, call: Call, keys: tuple[UUID, ...]) -> list[Told | None]:
    firsts = [submitted(house, key) for key in keys]
    wishes = [Wish(key, first.narrative, Narrative) for key, first in zip(keys, firsts, strict=True)]
    places = [Wish(key, first.place, Place) for key, first in zip(keys, firsts, strict=True) if first.place is not None]
    opened = house.disclosures.open_each(call, Operation.REPORT_COMPARE, [*wishes, *places])
    narratives = opened[: len(keys)]
    at_place = dict(zip((wish.thing for wish in places), opened[len(keys) :], strict=True))
    return [
        None
        if narrative is None
        else Told(text=narrative.text, category=first.category, at=_submitted_at(house, key), place=at_place.get(key))
        for key, first, narrative in zip(keys, firsts, narratives, strict=True)
    ]


def _submitted_at(house: Services, key: UUID) -> datetime:
    return next(iter(house.log.stream(key, until_version=1))).meta.recorded_at
