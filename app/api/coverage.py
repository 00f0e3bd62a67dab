"""How far community police reach, at any date, over HTTP."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.access.operations import Operation
from app.api.answers import Page, page_of, wanted
from app.api.calls import Asked, House, call_of
from app.call import now
from domain.checks import past
from domain.vocabulary import REGIONS
from projections.communities import coverage


class RegionCoverage(msgspec.Struct, frozen=True, kw_only=True):
    region: str
    figures: coverage.Coverage


class CoverageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was so at a date, as the record knows it today. `residents` are claims of sources, added up; GET
    /coverage/communities names each.
    """

    at: datetime
    region: str | None  # null: everywhere
    figures: coverage.Coverage
    regions: tuple[RegionCoverage, ...]  # those in which there was anything; none where one was asked for


@get("/coverage", sync_to_thread=True)
def read_coverage(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    at: FromQuery[datetime | None] = None,
) -> CoverageAnswer:
    """Officers with a post, communities in the project, open stations, and the residents of communities that have an
    officer, at a date; today where none is given.
    """
    house.desk.require(call_of(request, house), Operation.COVERAGE_READ)
    only, when = wanted("region", region, REGIONS), _when(at)
    with house.views.reading() as views:
        figures = coverage.coverage(views, only, when)
        by_region = coverage.by_region(views, when) if only is None else {}
    regions = tuple(RegionCoverage(region=code, figures=each) for code, each in by_region.items())
    return CoverageAnswer(at=when, region=only, figures=figures, regions=regions)


@get("/coverage/communities", sync_to_thread=True)
def list_reached(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    at: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[coverage.Reached]:
    """The communities that had an officer at a date, each with the claim that counts for its residents: how many, as of
    which day, by which source, and when that went on record.
    """
    house.desk.require(call_of(request, house), Operation.COVERAGE_READ)
    only, when = wanted("region", region, REGIONS), _when(at)
    with house.views.reading() as views:
        return page_of(coverage.reached_page(views, only, when, cursor=cursor, limit=limit))


def _when(at: datetime | None) -> datetime:
    """Raises Invalid where it is still to come: nobody knows what will be so."""
    asked = now()
    return asked if at is None else past("at", at, asked)


ROUTES = (read_coverage, list_reached)
