"""One measure of the national picture as an SVG: a tile a region, coloured by how much; readable in light and in dark,
by those who see no colours (every number is written), and by those who see nothing (every tile has its title).

It has no script, loads nothing and leads nowhere. Only counts are coloured. Claims are told below in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from app.api.languages import UKRAINIAN, label_of
from app.api.national_palette import HIDDEN, NOTHING, PATTERNED, STYLE, Scale
from app.api.national_sheets import COUNTRY, mark_of, region_name
from app.api.national_tiles import COLUMNS, ROW_HEIGHT, ROWS, TILES, WIDTH, Tile, centre, outline
from app.national.picture import EXACT, SUPPRESSED, Cells, Counted, Picture
from domain.national import words
from domain.vocabulary import REGIONS, Label
from projections.national.claims import ShownClaim

MARGIN, HEAD_HEIGHT, LINE_HEIGHT = 24.0, 96.0, 20.0
MAP_HEIGHT = ROWS * ROW_HEIGHT + ROW_HEIGHT / 3
LEGEND_LINE_HEIGHT = 26.0
LINE_CHARACTERS_MAX = 92
SOURCE_CHARACTERS_MAX = 60
CLAIMS_MAX = 8

AT_THE_END = Label("наприкінці", "at the end of")
WITHIN = Label("за", "within")
NO_NUMBER_LEFT_OUT = Label("приховано: мале або з ним пов’язане число", "left out: a small count, or one beside it")
NO_NUMBER_NOTHING = Label("немає записів", "nothing on record")
AT_LEAST = Label("≥ — без місяців, які приховано", "≥ without the months that are left out")
CLAIMED = Label("Твердження джерел, не пораховані тут", "Claimed by sources, not counted here")
MORE_CLAIMS = Label("ще тверджень", "more claims")
AS_OF = Label("станом на", "as of")
TOTAL = Label("разом", "in all")


def drawn(picture: Picture, language: str) -> str:
    """The map of the picture's one measure."""
    (counted,) = picture.counted
    scale = Scale.of([cells.value for cells in counted.regions.values()])
    claims = [claim for claim in picture.claims if claim.measure == counted.measure.code]
    below = list(_claims(claims, language))
    width = 2 * MARGIN + COLUMNS * WIDTH
    height = HEAD_HEIGHT + MAP_HEIGHT + LINE_HEIGHT * len(below) + MARGIN
    title, told = _heading(picture, counted, language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="title told" lang="{language}">',
        f'<title id="title">{escape(title)}</title><desc id="told">{escape(told)}</desc>',
        STYLE,
        f'<rect class="paper" width="{width:g}" height="{height:g}"/>',
        _text(MARGIN, 38, title, "title"),
        _text(MARGIN, 64, told, "told"),
        f'<g transform="translate({MARGIN:g} {HEAD_HEIGHT:g})">',
        *(_tile(counted, claims, region, tile, scale, language) for region, tile in TILES.items()),
        *_legend(counted, scale, language),
        "</g>",
    ]
    top = HEAD_HEIGHT + MAP_HEIGHT
    parts += [
        _text(MARGIN, top + LINE_HEIGHT * (place + 1), line, "told" if place else "claims")
        for place, line in enumerate(below)
    ]
    return "\n".join([*parts, "</svg>\n"])


def number(value: int, language: str) -> str:
    """Thousands are parted as the language parts them."""
    return f"{value:,}".replace(",", "\u00a0") if language == UKRAINIAN else f"{value:,}"


def _heading(picture: Picture, counted: Counted, language: str) -> tuple[str, str]:
    months = picture.window.months
    label = label_of(counted.measure.label, language)
    title = label[0].upper() + label[1:]
    if counted.measure.happens:
        period = months[0] if len(months) == 1 else f"{months[0]} — {months[-1]}"
        when = f"{label_of(WITHIN, language)} {period}"
    else:
        when = f"{label_of(AT_THE_END, language)} {months[-1]}"
    parts = [f"{label_of(COUNTRY, language)}, {when}"]
    if counted.country.value is not None:
        parts.append(f"{label_of(TOTAL, language)} {_value(counted.country, language)}")
    if counted.shown != EXACT:
        parts.append(label_of(words.SHOWN_AS[counted.shown], language))
    return title, "; ".join(parts)


def _tile(counted: Counted, claims: Sequence[ShownClaim], region: str, tile: Tile, scale: Scale, language: str) -> str:
    cells, (x, y) = counted.regions[region], centre(tile)
    shade = scale.shade_of(cells.value) if cells.value is not None else _no_number(counted)
    said = _value(cells, language) if cells.value is not None else label_of(mark_of(counted), language)
    name = f"{label_of(REGIONS[region], language)} ({region}): {said}"
    titles = [name, *(_claim(claim, language) for claim in claims if claim.region == region)]
    lines = "" if cells.value is not None else " small"
    return (
        f'<g class="tile {shade}" data-region={quoteattr(region)}><title>{escape(chr(10).join(titles))}</title>'
        f'<polygon points="{outline(tile)}"/>'
        + (f'<polygon class="pattern" points="{outline(tile)}"/>' if cells.value is None else "")
        + _text(x, y - 8, label_of(tile.name, language), "name")
        + "".join(
            _text(x, y + 16 + 13 * place, line, f"value{lines}") for place, line in enumerate(_lines(said, cells))
        )
        + "</g>"
    )


def _lines(said: str, cells: Cells) -> list[str]:
    return [said] if cells.value is not None else said.split(" ", 1)


def _value(cells: Cells, language: str) -> str:
    shown = number(cells.value or 0, language)
    return f"≥\u00a0{shown}" if cells.left_out else shown


def _no_number(counted: Counted) -> str:
    return HIDDEN if counted.shown == SUPPRESSED else NOTHING


def _legend(counted: Counted, scale: Scale, language: str) -> Iterator[str]:
    """In the lower left corner, where Ukraine has neighbours and the map no tiles."""
    entries = [(shade, _range(least, most, language)) for shade, least, most in scale.classes]
    if any(cells.value is None for cells in counted.regions.values()):
        why = NO_NUMBER_LEFT_OUT if counted.shown == SUPPRESSED else NO_NUMBER_NOTHING
        entries.append((_no_number(counted), label_of(why, language)))
    at_least = any(cells.left_out and cells.value is not None for cells in counted.regions.values())
    top = MAP_HEIGHT - (len(entries) + at_least) * LEGEND_LINE_HEIGHT
    for place, (shade, label) in enumerate(entries):
        y = top + place * LEGEND_LINE_HEIGHT
        box = f'x="0" y="{y:g}" width="30" height="18" rx="3"'
        pattern = f'<rect class="pattern" {box}/>' if shade in PATTERNED else ""
        yield f'<g class="tile {shade}"><rect {box}/>{pattern}</g>' + _text(40, y + 14, label, "told")
    if at_least:
        yield _text(0, MAP_HEIGHT - 12, label_of(AT_LEAST, language), "told")


def _range(least: int, most: int, language: str) -> str:
    first, last = number(least, language), number(most, language)
    return first if least == most else f"{first} – {last}"


def _claims(claims: Sequence[ShownClaim], language: str) -> Iterator[str]:
    """Lines that fit below the map."""
    if claims:
        yield label_of(CLAIMED, language)
    for claim in claims[:CLAIMS_MAX]:
        yield from wrap(_claim(claim, language), LINE_CHARACTERS_MAX, subsequent_indent="\u2003")
    if len(claims) > CLAIMS_MAX:
        yield f"+ {len(claims) - CLAIMS_MAX} {label_of(MORE_CLAIMS, language)}"


def _claim(claim: ShownClaim, language: str) -> str:
    source = claim.source if len(claim.source) <= SOURCE_CHARACTERS_MAX else claim.source[:SOURCE_CHARACTERS_MAX] + "…"
    stated = label_of(words.CLAIM_PRECISIONS[claim.precision], language)
    precision = "" if claim.precision == "as-stated" else f"{stated} "
    remark = f"; {label_of(words.CLAIM_REMARKS[claim.remark], language)}" if claim.remark else ""
    figure = f"{region_name(claim.region, language)}: {precision}{number(claim.value, language)}"
    return f"{figure}, {label_of(AS_OF, language)} {claim.as_of} ({source}){remark}"


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(text)}</text>'
