"""What everybody may see of reports, and the words that one is made with; and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.access.operations import Operation
from app.api.answers import Page, wanted
from app.api.calls import Asked, House, call_of
from app.api.incident_counts import CountsTable, counts_table, months_between
from app.api.languages import label_of, language_of
from domain.checks import one_of
from domain.personal import Narrative
from domain.reports import words
from domain.suppression import publish
from domain.vocabulary import REGIONS, Label
from projections.reports import public


class PublicReport(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is what an officer wrote for everybody, where one did. The position is rounded to about a kilometre."""

    report: UUID
    month: str
    category: str
    category_label: str
    region: str
    community: UUID
    community_name: str | None
    state: str
    state_label: str
    outcome: str | None
    latitude: float | None
    longitude: float | None
    text: str | None


class ReportWord(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    label: str


class ReportWords(msgspec.Struct, frozen=True, kw_only=True):
    """`communities`: of the region that was asked for."""

    language: str
    categories: list[ReportWord]
    regions: list[ReportWord]
    communities: tuple[public.NamedCommunity, ...]


@get("/reports/public", sync_to_thread=True, public=True)
def list_public_reports(
    request: Asked,
    house: House,
    community: FromQuery[UUID | None] = None,
    category: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[PublicReport]:
    """Reports that officers have read, the latest months first: what sort of thing, about where, and how it stands. Of
    what concerns homes, children or suspicions, none is shown.
    """
    language = language_of(request)
    with house.views.reading() as views:
        page = public.public_page(
            views,
            community=community,
            category=wanted("category", category, words.PUBLISHED),
            cursor=cursor,
            limit=limit,
        )
    return Page([_shown(house, row, language) for row in page.items], page.next_cursor)


@get("/reports/public/words", sync_to_thread=True, public=True)
def list_report_words(request: Asked, house: House, region: FromQuery[str | None] = None) -> ReportWords:
    """Categories, regions, and the communities of a region, to make a report with."""
    language = language_of(request)
    with house.views.reading() as views:
        known = () if region is None else public.named_communities(views, one_of("region", region, REGIONS))
    return ReportWords(
        language=language,
        categories=_labelled(words.REPORT_CATEGORIES, language),
        regions=_labelled(REGIONS, language),
        communities=known,
    )


@get("/counts/reports", sync_to_thread=True)
def count_reports(
    request: Asked, house: House, from_month: FromQuery[str | None] = None, to_month: FromQuery[str | None] = None
) -> CountsTable:
    """Reports that are not in the public list, by region and month of Kyiv's clocks, without counts under 5 and what
    they could be told from. Those in the list are counted there.
    """
    house.desk.require(call_of(request, house), Operation.REPORT_COUNT)
    months = months_between(from_month, to_month)
    with house.views.reading() as views:
        counted = public.counts(views, months)
    return counts_table(publish(tuple(REGIONS), months, counted, suppress=True), language_of(request))


def _shown(house: House, row: public.PublicReport, language: str) -> PublicReport:
    text = None if row.text is None else house.disclosures.open_addressed(row.text, Narrative)
    return PublicReport(
        report=row.report,
        month=row.month,
        category=row.category,
        category_label=label_of(words.REPORT_CATEGORIES[row.category], language),
        region=row.region,
        community=row.community,
        community_name=row.community_name,
        state=row.state,
        state_label=label_of(words.REPORT_PHASES[row.state], language),
        outcome=row.outcome,
        latitude=row.latitude,
        longitude=row.longitude,
        text=None if text is None else text.text,
    )


def _labelled(labels: Mapping[str, Label], language: str) -> list[ReportWord]:
    return [ReportWord(code=code, label=label_of(each, language)) for code, each in labels.items()]


ROUTES = (list_public_reports, list_report_words, count_reports)
