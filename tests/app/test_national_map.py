"""What is drawn and written of the picture: every region once, nothing that tells of what is left out, nothing that
runs or leads elsewhere; and sheets that are read back as they were.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import combinations
from math import dist
from random import Random
from uuid import uuid4
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.national_map import LINE_CHARACTERS_MAX, drawn, number
from app.api.national_palette import DARK, LIGHT, SHADES, Scale, Theme
from app.api.national_sheets import claims_sheet, picture_sheet
from app.api.national_tiles import TILES, WIDTH, centre
from app.national import picture as pictures
from app.national.measures import BY_CODE, MEASURES
from app.national.picture import EXACT, OWN, SUPPRESSED, WITHHELD, Counted, Picture
from domain.national import words
from domain.suppression import SMALL, suppressed
from domain.vocabulary import REGIONS
from projections.national.claims import ShownClaim
from projections.national.window import Window

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ("2026-09", "2026-10")
WINDOW = Window(MONTHS, datetime(2026, 11, 20, tzinfo=UTC))
LANGUAGES = ("uk", "en")
Table = Mapping[tuple[str, str], int]
SOME = tuple(REGIONS)[:4]  # of which there are counts, the others have none


def happened(counts: Table, shown: str = SUPPRESSED) -> Counted:
    return pictures._happened(BY_CODE["incidents-against"], WINDOW, counts, shown)


def stood(counts: Table) -> Counted:
    return pictures._stood(BY_CODE["cameras"], WINDOW, counts)


def claimed(measure: str = "cameras", region: str = "", source: str = "МВС", value: int = 777_777) -> ShownClaim:
    return ShownClaim(
        claim=uuid4(),
        measure=measure,
        region=region,
        value=value,
        precision="about",
        as_of="2021-05",
        since="",
        source=source,
        remark="doubted",
        state="stated",
        cause=None,
        by=uuid4(),
        by_username="andrii",
        recorded_at=WINDOW.at,
        changed_at=WINDOW.at,
        version=1,
    )


def of(*counted: Counted, claims: tuple[ShownClaim, ...] = ()) -> Picture:
    return Picture(window=WINDOW, counted=counted, claims=claims)


def tiles(svg: str) -> dict[str, Xml.Element]:
    found = [each for each in Xml.fromstring(svg).iter(f"{SVG}g") if "data-region" in each.attrib]
    assert len(found) == len({each.attrib["data-region"] for each in found})
    return {each.attrib["data-region"]: each for each in found}


def written_in(tile: Xml.Element) -> list[str]:
    return [each.text or "" for each in tile.iter(f"{SVG}text")]


def rows_of(sheet: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))


# ------------------------------------------------------------------ what is left out cannot be told

tables = st.dictionaries(st.tuples(st.sampled_from(SOME), st.sampled_from(MONTHS)), st.integers(0, 12))


@settings(max_examples=30)
@given(tables)
def test_no_small_count_is_shown_anywhere(counts: Table) -> None:
    counted = happened(counts)
    for place, month in enumerate(MONTHS):
        column = suppressed([counts.get((region, month), 0) for region in REGIONS])
        assert tuple(cells.cells[place] for cells in counted.regions.values()) == column.cells
        assert counted.country.cells[place] == column.total
    for cells in (*counted.regions.values(), counted.country):
        assert all(cell is None or cell >= SMALL for cell in (*cells.cells, cells.value))
    for _, _, _, *cells in rows_of(picture_sheet(of(counted), tuple(REGIONS), "en"))[1:]:
        assert all(cell == "left out" or int(cell) >= SMALL for cell in cells)
    for tile in tiles(drawn(of(counted), "en")).values():
        for text in written_in(tile)[1:]:
            assert not text.strip("≥\u00a0").isdecimal() or int(text.strip("≥\u00a0")) >= SMALL


@settings(max_examples=20)
@given(tables, st.randoms(use_true_random=False))
def test_two_that_are_left_out_of_a_month_may_be_exchanged_and_nothing_shows_it(counts: Table, chance: Random) -> None:
    """Document, sheet and map are the same, so no reader can know which of the two it was."""
    counted = happened(counts)
    place = chance.randrange(len(MONTHS))
    hidden = [region for region, cells in counted.regions.items() if cells.cells[place] is None]
    assert len(hidden) > 1, "in most regions nothing happened"
    one, other = chance.sample(hidden, 2)
    month = MONTHS[place]
    exchanged = {**counts, (one, month): counts.get((other, month), 0), (other, month): counts.get((one, month), 0)}
    assert happened(exchanged) == counted
    for language in LANGUAGES:
        assert drawn(of(happened(exchanged)), language) == drawn(of(counted), language)
    assert picture_sheet(of(happened(exchanged)), SOME, "uk") == picture_sheet(of(counted), SOME, "uk")


def test_only_what_happens_may_be_sensitive() -> None:
    """Of what stands, two months that differ by one would tell of that one."""
    assert all(measure.happens for measure in MEASURES if measure.sensitive)
    assert all(measure.sensitive for measure in MEASURES if measure.own)
    assert {measure.code for measure in MEASURES} <= words.NATIONAL_MEASURES.keys()
    assert len(BY_CODE) == len(MEASURES)
    assert {EXACT, SUPPRESSED, OWN, WITHHELD} == words.SHOWN_AS.keys()


# ------------------------------------------------------------------ the map

CAMERAS = {(region, month): 7 * place for place, region in enumerate(REGIONS) if place % 5 for month in MONTHS}
INCIDENTS = {(region, month): place for place, region in enumerate(REGIONS) for month in MONTHS}
PICTURES = {
    "cameras": of(stood(CAMERAS), claims=(claimed(), claimed(region="UA-30"))),
    "incidents": of(happened(INCIDENTS)),
    "nothing": of(stood({})),
    "all left out": of(happened({})),
    "own": of(happened(INCIDENTS, OWN)),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_region_is_on_the_map_once_with_its_name_and_number(name: str, language: str) -> None:
    picture = PICTURES[name]
    found = tiles(drawn(picture, language))
    assert found.keys() == REGIONS.keys()
    for region, tile in found.items():
        label = REGIONS[region].uk if language == "uk" else REGIONS[region].en
        title = tile.find(f"{SVG}title")
        assert title is not None
        assert (title.text or "").startswith(f"{label} ({region}): ")
        value = picture.counted[0].regions[region].value
        if value is not None:
            assert written_in(tile)[1].removeprefix("≥\u00a0") == number(value, language)


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_in_it_runs_or_leads_elsewhere(name: str) -> None:
    svg = drawn(PICTURES[name], "uk")
    root = Xml.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        *("svg", "title", "desc", "defs", "pattern", "line", "circle", "style", "rect", "text", "g", "polygon"),
    }
    for each in root.iter():
        assert not [name for name in each.attrib if name.startswith("on") or "href" in name]
    assert set(re.findall(r"url\(([^)]*)\)", svg)) <= {"#hatch", "#dots"}
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert "@import" not in svg


def test_what_is_left_out_and_where_nothing_is_on_record_look_different() -> None:
    without = {region: tile.attrib["class"] for region, tile in tiles(drawn(of(stood(CAMERAS)), "uk")).items()}
    assert without["UA-05"] == "tile nothing"
    assert "tile hidden" not in without.values()
    hidden = {region: tile.attrib["class"] for region, tile in tiles(drawn(of(happened(INCIDENTS)), "uk")).items()}
    assert hidden["UA-05"] == "tile hidden"
    assert "tile nothing" not in hidden.values()


def test_of_a_sum_that_lacks_months_it_says_at_least() -> None:
    counts = {("UA-30", MONTHS[0]): 9, ("UA-46", MONTHS[0]): 20, ("UA-30", MONTHS[1]): 9}
    tile = tiles(drawn(of(happened(counts)), "en"))["UA-46"]
    assert written_in(tile)[1] == "≥\u00a020"


def test_claims_colour_nothing_and_are_told_below() -> None:
    counts = of(stood(CAMERAS))
    beside = of(stood(CAMERAS), claims=(claimed(), claimed(region="UA-46"), claimed(measure="stations")))
    bare, told = (tiles(drawn(each, "en")) for each in (counts, beside))
    for region in REGIONS:
        assert bare[region].attrib == told[region].attrib
        assert written_in(bare[region]) == written_in(told[region])
    svg = drawn(beside, "en")
    assert svg.count("777,777") == 3, "below for the country and for one region, and in that region's title"
    assert "Claimed by sources, not counted here" in svg
    assert "Claimed" not in drawn(counts, "en")


def test_words_of_a_source_are_words() -> None:
    source = '</text><script>alert("1")</script> & Co. ' + "дуже довге джерело " * 8
    svg = drawn(of(stood(CAMERAS), claims=(claimed(source=source, region="UA-30"),)), "uk")
    assert not list(Xml.fromstring(svg).iter(f"{SVG}script"))
    lines = [each.text or "" for each in Xml.fromstring(svg).iter(f"{SVG}text")]
    assert max(map(len, lines)) <= LINE_CHARACTERS_MAX


def test_no_tile_lies_on_another_and_neighbours_are_near() -> None:
    apart = {frozenset(pair): dist(*(centre(TILES[region]) for region in pair)) for pair in combinations(TILES, 2)}
    assert min(apart.values()) > WIDTH * 0.99
    neighbours = (
        "UA-30 UA-32",
        "UA-43 UA-65",
        "UA-43 UA-40",
        "UA-09 UA-14",
        "UA-46 UA-07",
        "UA-51 UA-48",
        "UA-21 UA-46",
    )
    for pair in neighbours:
        assert apart[frozenset(pair.split())] < WIDTH * 1.1, pair


@settings(max_examples=50)
@given(st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=27))
def test_every_number_has_a_shade_and_more_is_never_a_lesser_one(values: list[int | None]) -> None:
    scale = Scale.of(values)
    there = sorted(value for value in values if value is not None)
    shades = [scale.shade_of(value) for value in there]
    assert shades == sorted(shades)
    assert len(scale.classes) <= 1 + len(SHADES)
    for shade, least, most in scale.classes:
        assert {least, most} <= {value for value in there if scale.shade_of(value) == shade} | {0}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_can_be_read(theme: Theme) -> None:
    assert contrast(theme.paper, theme.text) >= 4.5
    assert contrast(theme.paper, theme.line) >= 3
    for shade, ink in theme.shades.items():
        assert contrast(ink.fill, ink.text) >= 4.5, shade
    steps = [luminance(theme.shades[shade].fill) for shade in SHADES]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


# ------------------------------------------------------------------ the sheets


def test_a_sheet_is_read_back_as_the_picture_was() -> None:
    picture = of(stood(CAMERAS), happened(INCIDENTS), pictures._withheld(BY_CODE["incidents-by"], WINDOW))
    head, *rows = rows_of(picture_sheet(picture, tuple(REGIONS), "uk"))
    assert head == ["Код області", "Область", "Місяць", "камери", "події щодо дітей", "події, вчинені дітьми"]
    assert [row[:3] for row in rows] == [
        *([region, label.uk, month] for region, label in REGIONS.items() for month in MONTHS),
        *(["UA", "Україна", month] for month in MONTHS),
    ]
    marks = {"немає записів": "cameras", "приховано": "incidents-against", "не для вас": "incidents-by"}
    for region, _, month, *cells in rows:
        for counted, cell in zip(picture.counted, cells, strict=True):
            of_region = counted.country if region == "UA" else counted.regions[region]
            value = of_region.cells[MONTHS.index(month)]
            assert (marks.get(cell) == counted.measure.code) if value is None else cell == str(value)


def test_the_heading_says_that_only_ones_own_are_counted() -> None:
    assert rows_of(picture_sheet(PICTURES["own"], SOME, "en"))[0][3] == (
        "incidents against children (only those that you may read)"
    )


def test_a_part_of_the_regions_has_no_row_of_the_country() -> None:
    assert [row[0] for row in rows_of(picture_sheet(PICTURES["cameras"], ("UA-30",), "en"))[1:]] == ["UA-30"] * 2


def test_claims_are_read_back_as_they_were() -> None:
    sheet = rows_of(claims_sheet([claimed(source='МВС, "звіт"'), claimed(region="UA-30")], "en"))
    assert sheet[1:] == [
        ["cameras", "cameras", "UA", "Ukraine", "about", "777777", "2021-05", "", 'МВС, "звіт"', "in doubt"],
        ["cameras", "cameras", "UA-30", "Kyiv city", "about", "777777", "2021-05", "", "МВС", "in doubt"],
    ]


@pytest.mark.parametrize("source", ["=1+1", "+380", "-1", "@SUM(A1)", " =1+1", "\t=1"])
def test_no_words_of_a_source_are_a_formula(source: str) -> None:
    (row,) = rows_of(claims_sheet([claimed(source=source)], "en"))[1:]
    assert row[8] == f"'{source}"
