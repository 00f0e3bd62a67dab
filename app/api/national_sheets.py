"""The picture and the claims as sheets of comma-separated values: two of them, so that no sum takes in both.

For people with a spreadsheet: headings and marks are in their language, and no text is taken for a formula. The byte
order mark at the beginning tells spreadsheets that it is UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from app.api.languages import label_of
from app.national.picture import OWN, SUPPRESSED, WITHHELD, Cells, Counted, Picture
from app.spreadsheets import harmless
from domain.national import words
from domain.vocabulary import REGIONS, Label
from projections.national.claims import ShownClaim

COUNTRY_CODE = "UA"
COUNTRY = Label("Україна", "Ukraine")
LEFT_OUT = Label("приховано", "left out")
NOTHING = Label("немає записів", "nothing on record")
NOT_FOR_YOU = words.SHOWN_AS[WITHHELD]

_HEADS = (
    Label("Код області", "Region code"),
    Label("Область", "Region"),
    Label("Місяць", "Month"),
)
_CLAIM_HEADS = (
    Label("Код показника", "Measure code"),
    Label("Показник", "Measure"),
    Label("Код області", "Region code"),
    Label("Область", "Region"),
    Label("Точність", "Precision"),
    Label("Твердження", "Claimed"),
    Label("Станом на", "As of"),
    Label("Рахуючи з", "Since"),
    Label("Джерело", "Source"),
    Label("Примітка", "Remark"),
)


def picture_sheet(picture: Picture, regions: Sequence[str], language: str) -> bytes:
    """A row for each region and month, and of the whole country where all regions are asked for; a column a measure."""
    heads = [label_of(each, language) for each in _HEADS]
    heads += [_head(counted, language) for counted in picture.counted]
    rows: list[list[str]] = [heads]
    for region in regions:
        name = label_of(REGIONS[region], language)
        of_region = [counted.regions[region] for counted in picture.counted]
        rows += _rows(picture, region, name, of_region, language)
    if len(regions) == len(REGIONS):
        of_country = [counted.country for counted in picture.counted]
        rows += _rows(picture, COUNTRY_CODE, label_of(COUNTRY, language), of_country, language)
    return _sheet(rows)


def claims_sheet(claims: Iterable[ShownClaim], language: str) -> bytes:
    rows = [[label_of(each, language) for each in _CLAIM_HEADS]]
    rows += [
        [
            claim.measure,
            label_of(words.NATIONAL_MEASURES[claim.measure], language),
            claim.region or COUNTRY_CODE,
            region_name(claim.region, language),
            label_of(words.CLAIM_PRECISIONS[claim.precision], language),
            str(claim.value),
            claim.as_of,
            claim.since,
            claim.source,
            label_of(words.CLAIM_REMARKS[claim.remark], language) if claim.remark else "",
        ]
        for claim in claims
    ]
    return _sheet(rows)


def region_name(region: str, language: str) -> str:
    """Of a code of `vocabulary.REGIONS`; empty: the country."""
    return label_of(REGIONS[region] if region else COUNTRY, language)


def mark_of(counted: Counted) -> Label:
    """Why there is no number."""
    marks: Mapping[str, Label] = {WITHHELD: NOT_FOR_YOU, SUPPRESSED: LEFT_OUT}
    return marks.get(counted.shown, NOTHING)


def _head(counted: Counted, language: str) -> str:
    label = label_of(counted.measure.label, language)
    return f"{label} ({label_of(words.SHOWN_AS[OWN], language)})" if counted.shown == OWN else label


def _rows(picture: Picture, code: str, name: str, of_measures: Sequence[Cells], language: str) -> list[list[str]]:
    marks = [label_of(mark_of(counted), language) for counted in picture.counted]
    return [
        [code, name, month]
        + [
            mark if cells.cells[place] is None else str(cells.cells[place])
            for cells, mark in zip(of_measures, marks, strict=True)
        ]
        for place, month in enumerate(picture.window.months)
    ]


def _sheet(rows: Iterable[Sequence[str]]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held).writerows([harmless(cell) for cell in row] for row in rows)
    return held.getvalue().encode("utf-8-sig")
