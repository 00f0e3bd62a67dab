"""How many incidents against and by children over HTTP, by region and month; and what incidents are classified as."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery
from sqlalchemy import ColumnElement

from app.access.operations import Operation
from app.api.calls import Asked, House, call_of
from app.api.languages import label_of, language_of
from app.call import now
from app.lists import condition, incident_columns
from domain import vocabulary
from domain.checks import one_of, pattern
from domain.errors import Invalid
from domain.kyiv_time import KYIV
from domain.suppression import PublishedTable, ShownTotal, publish
from projections import incident_counts

Doc = msgspec.Meta
MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
MONTHS_MAX = 60


class RegionCounts(msgspec.Struct, frozen=True, kw_only=True):
    region: str
    label: str
    cells: tuple[int | None, ...]  # by month; null: left out, because it or another count of that month is under 5
    total: ShownTotal


class CountsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Totals of months are exact; those of regions, and of all, are of what is shown, and say how much is left out."""

    side: str
    label: str
    suppressed: bool  # small counts are left out; else all are there, of the incidents that the caller may read
    months: tuple[str, ...]
    regions: tuple[RegionCounts, ...]
    month_totals: tuple[int | None, ...]
    total: ShownTotal


class CountsTable(msgspec.Struct, frozen=True, kw_only=True):
    """As `CountsAnswer`, of what has no sides; small counts are left out."""

    months: tuple[str, ...]
    regions: tuple[RegionCounts, ...]
    month_totals: tuple[int | None, ...]
    total: ShownTotal


class KindAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`reference`: the article, where one was stated. Nobody has verified what has no `verified_on`."""

    kind: str
    label: str
    reference: str | None
    read_in: Annotated[str | None, Doc(description="where the article was read")]
    verified: bool
    verified_by: str | None
    verified_on: date | None
    in_use: bool


@get("/counts/incidents", sync_to_thread=True)
def count_incidents(
    request: Asked,
    house: House,
    side: FromQuery[str] = "against",
    from_month: FromQuery[str | None] = None,
    to_month: FromQuery[str | None] = None,
) -> CountsAnswer:
    """Incidents against or by children by region and month of Kyiv's clocks, both months included; of the last twelve
    months, unless others are named. Of each incident the children that are linked to it say so: as victims that it is
    against them, as offenders that it is by them. A missing child is a victim before it is linked; any other incident
    to which no child is linked on that side is not counted.

    To whoever sees only counts, of the whole record, without counts under 5 and what they could be told from.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.INCIDENT_COUNT)
    return _answer(request, house, side, from_month, to_month, suppress=True)


@get("/counts/incidents/own", sync_to_thread=True)
def count_own_incidents(
    request: Asked,
    house: House,
    side: FromQuery[str] = "against",
    from_month: FromQuery[str | None] = None,
    to_month: FromQuery[str | None] = None,
) -> CountsAnswer:
    """The same of the incidents that the caller may read one by one, to the last one."""
    call = call_of(request, house)
    house.desk.require(call, Operation.INCIDENT_COUNT_OWN)
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    return _answer(request, house, side, from_month, to_month, suppress=False, only=only)


@get("/classification", sync_to_thread=True)
def read_classification(request: Asked, house: House) -> list[KindAnswer]:
    """What incidents are classified as here, each with its article and who verified it."""
    house.desk.require(call_of(request, house), Operation.CLASSIFICATION_READ)
    language = language_of(request)
    return [
        KindAnswer(
            kind=entry.kind,
            label=entry.uk if language == "uk" else entry.en,
            reference=entry.reference or None,
            read_in=entry.read_in or None,
            verified=entry.verified,
            verified_by=entry.verified_by or None,
            verified_on=entry.verified_on,
            in_use=entry.in_use,
        )
        for entry in house.deployment.settings.kinds
    ]


def _answer(
    request: Asked,
    house: House,
    side: str,
    from_month: str | None,
    to_month: str | None,
    *,
    suppress: bool,
    only: ColumnElement[bool] | None = None,
) -> CountsAnswer:
    one_of("side", side, vocabulary.SIDES)
    months, language = months_between(from_month, to_month), language_of(request)
    with house.views.reading() as views:
        counted = incident_counts.counts(views, side, months, only=only)
    table = publish(tuple(vocabulary.REGIONS), months, counted, suppress=suppress)
    return CountsAnswer(
        side=side,
        label=label_of(vocabulary.SIDES[side], language),
        suppressed=suppress,
        months=table.columns,
        regions=_regions(table, language),
        month_totals=table.column_totals,
        total=table.total,
    )


def counts_table(table: PublishedTable, language: str) -> CountsTable:
    return CountsTable(
        months=table.columns,
        regions=_regions(table, language),
        month_totals=table.column_totals,
        total=table.total,
    )


def _regions(table: PublishedTable, language: str) -> tuple[RegionCounts, ...]:
    return tuple(
        RegionCounts(region=region, label=label_of(vocabulary.REGIONS[region], language), cells=cells, total=total)
        for region, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
    )


def months_between(from_month: str | None, to_month: str | None) -> tuple[str, ...]:
    """Every month from the one to the other. Raises Invalid."""
    today = now().astimezone(KYIV)
    end = today.year * 12 + today.month - 1 if to_month is None else _number("to_month", to_month)
    start = end - 11 if from_month is None else _number("from_month", from_month)
    if not 0 <= end - start < MONTHS_MAX:
        fault = f"is not within {MONTHS_MAX} months from from_month"
        raise Invalid("to_month", fault, "name a later month, or fewer at once")
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1))


def _number(field: str, month: str) -> int:
    year, _, in_year = pattern(field, month, MONTH, "write it as 2026-11").partition("-")
    return int(year) * 12 + int(in_year) - 1


ROUTES = (count_incidents, count_own_incidents, read_classification)
