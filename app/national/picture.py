"""The picture of all regions, each measure as its reader may have it. Claims stand beside: no count is made of them.

What is sensitive is published by months, each by itself, over all regions at once (`domain/suppression.py`): naming one
region, or other months, shows a part of the same tables and nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from app.lists import condition
from app.national.measures import MEASURES, Measure
from app.relations import SYSTEM
from domain.suppression import publish
from domain.vocabulary import REGIONS
from projections.national import claims
from projections.national.claims import ShownClaim
from projections.national.window import Counts, Window

EXACT, SUPPRESSED, OWN, WITHHELD = "exact", "suppressed", "own", "withheld"  # domain.national.words.SHOWN_AS


class Cells(msgspec.Struct, frozen=True, kw_only=True):
    """`cells` by month; null: left out, withheld, or nothing is on record. `value`: of what stands, at the end of the
    last month; of what happens, the sum of what is shown, with how many months are left out of it.
    """

    cells: tuple[int | None, ...]
    value: int | None
    left_out: int


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    measure: Measure
    shown: str
    regions: Mapping[str, Cells]
    country: Cells


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    window: Window
    counted: tuple[Counted, ...]
    claims: tuple[ShownClaim, ...]  # that nobody withdrew


def picture(house: Services, call: Call, window: Window, measures: Sequence[Measure] = MEASURES) -> Picture:
    """What the caller, who may have the picture, gets of each measure."""
    with house.views.reading() as views:
        return Picture(
            window=window,
            counted=tuple(_counted(house, call, views, measure, window) for measure in measures),
            claims=claims.standing(views),
        )


def shown_as(house: Services, call: Call, measure: Measure) -> str:
    """How the caller gets it."""
    if not measure.sensitive:
        return EXACT
    if house.desk.allows(call, Operation.NATIONAL_READ_PEOPLE, SYSTEM):
        return SUPPRESSED
    return OWN if measure.own is not None and house.desk.allows(call, measure.own.may, SYSTEM) else WITHHELD


def _counted(house: Services, call: Call, views: Connection, measure: Measure, window: Window) -> Counted:
    shown = shown_as(house, call, measure)
    if shown == WITHHELD:
        return _withheld(measure, window)
    if shown == OWN and measure.own is not None:
        only = condition(house, call, measure.own.rows, measure.own.columns())
        counts = measure.own.counted(views, window, only)
    else:
        counts = measure.counted(views, window)
    if measure.happens:
        return _happened(measure, window, counts, shown)
    return _stood(measure, window, counts)


def _withheld(measure: Measure, window: Window) -> Counted:
    nothing = Cells(cells=(None,) * len(window.months), value=None, left_out=len(window.months))
    return Counted(measure=measure, shown=WITHHELD, regions=dict.fromkeys(REGIONS, nothing), country=nothing)


def _stood(measure: Measure, window: Window, counts: Counts) -> Counted:
    regions = {region: tuple(counts.get((region, month)) for month in window.months) for region in REGIONS}
    country = tuple(_sum([cells[place] for cells in regions.values()]) for place in range(len(window.months)))
    return Counted(
        measure=measure,
        shown=EXACT,
        regions={region: Cells(cells=cells, value=cells[-1], left_out=0) for region, cells in regions.items()},
        country=Cells(cells=country, value=country[-1], left_out=0),
    )


def _happened(measure: Measure, window: Window, counts: Counts, shown: str) -> Counted:
    table = publish(tuple(REGIONS), window.months, counts, suppress=shown == SUPPRESSED)
    return Counted(
        measure=measure,
        shown=shown,
        regions={region: _of_shown(cells) for region, cells in zip(table.rows, table.cells, strict=True)},
        country=_of_shown(table.column_totals),
    )


def _of_shown(cells: tuple[int | None, ...]) -> Cells:
    return Cells(cells=cells, value=_sum(cells), left_out=cells.count(None))


def _sum(cells: Sequence[int | None]) -> int | None:
    """Of what is there; nothing where nothing is."""
    there = [cell for cell in cells if cell is not None]
    return sum(there) if there else None
