"""The national picture over HTTP: as a document, as a sheet, and as a map. Claims stand beside the counts, in lists of
their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from app.access.operations import Operation
from app.api.calls import Asked, House, call_of
from app.api.incident_counts import months_between
from app.api.languages import label_of, language_of
from app.api.national_map import drawn
from app.api.national_sheets import claims_sheet, picture_sheet
from app.call import Call, now
from app.national.measures import BY_CODE, Measure
from app.national.picture import WITHHELD, Cells, Counted, Picture, picture, shown_as
from domain.checks import one_of
from domain.errors import Invalid
from domain.kyiv_time import KYIV
from domain.national import words
from domain.vocabulary import REGIONS
from projections.national import claims
from projections.national.claims import ShownClaim
from projections.national.window import Window

Doc = msgspec.Meta
CSV, SVG = "text/csv", "image/svg+xml"


class MeasureAnswer(msgspec.Struct, frozen=True, kw_only=True):
    measure: str
    label: str
    happens: Annotated[bool, Doc(description="within a month; else it is what stands at the month's end")]
    shown: Annotated[str, Doc(description="a code of GET /words: lists.shown_as")]
    country: Cells


class ClaimBeside(msgspec.Struct, frozen=True, kw_only=True):
    """What a source said. It is no count: `claimed` is the source's figure, and nothing here was made of it."""

    claim: UUID
    measure: str
    label: str
    claimed: int
    precision: str
    precision_label: str
    as_of: str
    since: str
    source: str
    remark: str
    remark_label: str


class RegionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    region: str
    label: str
    counts: dict[str, Cells]  # by measure
    claims: tuple[ClaimBeside, ...]


class NationalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`cells` are by month. Null: left out because it or another count of that month is under 5, not for the caller, or
    of what stands, of which nothing is on record in the region. `value` is of the last month of what stands, and the
    sum of what is shown of what happens, with how many months are left out of it. `claims`: of the whole country.
    """

    months: tuple[str, ...]
    measures: tuple[MeasureAnswer, ...]
    regions: tuple[RegionAnswer, ...]
    claims: tuple[ClaimBeside, ...]


@get("/national", sync_to_thread=True)
def read_national(
    request: Asked,
    house: House,
    from_month: FromQuery[str | None] = None,
    to_month: FromQuery[str | None] = None,
    region: FromQuery[str | None] = None,
) -> NationalAnswer:
    """What there is and what happens in every region by month of Kyiv's clocks, both months included; of the last
    twelve months, unless others are named; and beside it what sources claimed.
    """
    call, shown = _asked(request, house, region)
    found = picture(house, call, _window(from_month, to_month))
    return _answer(found, shown, language_of(request))


@get("/national.csv", sync_to_thread=True, media_type=CSV)
def read_national_sheet(
    request: Asked,
    house: House,
    from_month: FromQuery[str | None] = None,
    to_month: FromQuery[str | None] = None,
    region: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The same counts as comma-separated values: a row for each region and month, a column a measure. Claims are not
    among them: GET /claims.csv.
    """
    call, shown = _asked(request, house, region)
    found = picture(house, call, _window(from_month, to_month))
    return _file(picture_sheet(found, shown, language_of(request)), CSV, "national.csv")


@get("/claims.csv", sync_to_thread=True, media_type=CSV)
def read_claims_sheet(request: Asked, house: House) -> Response[bytes]:
    """What sources claimed and nobody withdrew, as comma-separated values."""
    house.desk.require(call_of(request, house), Operation.CLAIM_LIST)
    with house.views.reading() as views:
        found = claims.standing(views)
    return _file(claims_sheet(found, language_of(request)), CSV, "claims.csv")


@get("/national.svg", sync_to_thread=True, media_type=SVG)
def read_national_map(
    request: Asked,
    house: House,
    measure: FromQuery[str] = "cameras",
    from_month: FromQuery[str | None] = None,
    to_month: FromQuery[str | None] = None,
) -> Response[bytes]:
    """One measure as a map of tiles, a region each, in its place: `value` of GET /national. What is left out, and where
    nothing is on record, is hatched and dotted; claims are told below, and colour nothing.
    """
    call, _ = _asked(request, house, None)
    wanted = BY_CODE[one_of("measure", measure, BY_CODE)]
    if shown_as(house, call, wanted) == WITHHELD:
        house.desk.require(call, Operation.NATIONAL_READ_PEOPLE)
    found = picture(house, call, _window(from_month, to_month), (wanted,))
    return _file(drawn(found, language_of(request)).encode(), SVG, "national.svg")


def _asked(request: Asked, house: House, region: str | None) -> tuple[Call, Sequence[str]]:
    """The call, which may have the picture, and the regions that it is to show."""
    call = call_of(request, house)
    house.desk.require(call, Operation.NATIONAL_READ)
    return call, tuple(REGIONS) if region is None else (one_of("region", region, REGIONS),)


def _window(from_month: str | None, to_month: str | None) -> Window:
    at = now()
    asked = months_between(from_month, to_month)
    if asked[-1] > f"{at.astimezone(KYIV):%Y-%m}":
        raise Invalid("to_month", "is to come", "name this month, or an earlier one")
    return Window(asked, at)


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",  # a map runs and loads nothing
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


def _answer(found: Picture, shown: Sequence[str], language: str) -> NationalAnswer:
    return NationalAnswer(
        months=found.window.months,
        measures=tuple(_measure(counted, language) for counted in found.counted),
        regions=tuple(
            RegionAnswer(
                region=region,
                label=label_of(REGIONS[region], language),
                counts={counted.measure.code: counted.regions[region] for counted in found.counted},
                claims=_beside(found.claims, region, language),
            )
            for region in shown
        ),
        claims=_beside(found.claims, "", language),
    )


def _measure(counted: Counted, language: str) -> MeasureAnswer:
    measure: Measure = counted.measure
    return MeasureAnswer(
        measure=measure.code,
        label=label_of(measure.label, language),
        happens=measure.happens,
        shown=counted.shown,
        country=counted.country,
    )


def _beside(standing: Sequence[ShownClaim], region: str, language: str) -> tuple[ClaimBeside, ...]:
    return tuple(
        ClaimBeside(
            claim=claim.claim,
            measure=claim.measure,
            label=label_of(words.NATIONAL_MEASURES[claim.measure], language),
            claimed=claim.value,
            precision=claim.precision,
            precision_label=label_of(words.CLAIM_PRECISIONS[claim.precision], language),
            as_of=claim.as_of,
            since=claim.since,
            source=claim.source,
            remark=claim.remark,
            remark_label=label_of(words.CLAIM_REMARKS[claim.remark], language) if claim.remark else "",
        )
        for claim in standing
        if claim.region == region
    )


ROUTES = (read_national, read_national_sheet, read_claims_sheet, read_national_map)
