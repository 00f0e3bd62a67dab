"""A contact sheet: what searches found, as one picture that a person enjoys reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image, ImageFilter, ImageOps

from app.canvas import Box, Canvas, Colour, decoded, lines_of, rounded, shortened, width_of
from domain.kyiv_time import KYIV, shown

WIDTH = 1600
MARGIN = 56
GAP = 22
TEXT_HEIGHT = 118  # of a card, below its picture
ROUND = 12  # radius of corners

PAPER: Colour = (246, 243, 236)
CARD: Colour = (255, 255, 255)
EDGE: Colour = (226, 220, 208)
DARK: Colour = (38, 42, 48)
INK: Colour = (28, 32, 38)
SOFT: Colour = (112, 112, 108)
WARN: Colour = (168, 84, 12)
TRACK: Colour = (236, 232, 224)
CAMERAS: Sequence[Colour] = (  # after Okabe and Ito: told apart by the colour-blind, too
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (230, 159, 0),
    (86, 180, 233),
)
CAUTION = "Similar appearance, not identity: a lead until a person reviewed it."


@dataclass(frozen=True)
class SearchOnSheet:
    """One search: `answer` as POST /searches gives it, `thumbnails` the pictures (JPEG or PNG) by rank."""

    title: str
    answer: Mapping[str, Any]
    thumbnails: Mapping[int, bytes]
    query_image: bytes | None = None

    @property
    def moments(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.answer["moments"]
        return found


def draw(searches: Sequence[SearchOnSheet]) -> bytes:
    """The sheet as PNG, 1600 pixels wide, one search below the other.

    A hit without a thumbnail, or with an unreadable one, gets an empty frame.
    """
    colours = _colours(searches)
    height = MARGIN + sum(_height(search) + MARGIN for search in searches)
    sheet = Canvas(Image.new("RGB", (WIDTH, height), PAPER))
    top = MARGIN
    for search in searches:
        _draw_search(sheet, search, top, colours)
        top += _height(search) + MARGIN
    return sheet.png()


def _draw_search(sheet: Canvas, search: SearchOnSheet, top: int, colours: Mapping[str, Colour]) -> None:
    y = top
    left = MARGIN
    if search.query_image is not None:
        left += _draw_query(sheet, search.query_image, top)
    for words in _title(search):
        sheet.write(left, y + 36, words, 36, INK, 650)
        y += 46
    for words, colour in _notes(search):
        sheet.write(left, y + 22, words, 18, colour)
        y += 28
    y = top + _head_height(search)
    for place, moment in enumerate(search.moments):
        row, column = divmod(place, _columns(search))
        width, height = _card_size(search)
        x = MARGIN + column * (width + GAP)
        box = (x, y + row * (height + GAP), x + width, y + row * (height + GAP) + height)
        _draw_card(sheet, box, moment, search, colours)
    y += _cards_height(search)
    for words in _footer(search):
        sheet.write(MARGIN, y + 20, words, 17, SOFT)
        y += 26


def _draw_card(
    sheet: Canvas, box: Box, moment: Mapping[str, Any], search: SearchOnSheet, colours: Mapping[str, Colour]
) -> None:
    left, top, right, bottom = box
    sheet.panel((left - 1, top - 1, right + 1, bottom + 2), EDGE, ROUND + 1)
    sheet.panel(box, CARD, ROUND)
    picture_bottom = bottom - TEXT_HEIGHT
    sheet.panel((left, top, right, picture_bottom + ROUND), DARK, ROUND)
    sheet.panel((left, picture_bottom, right, bottom), CARD, ROUND)
    sheet.image.paste(CARD, (left, picture_bottom, right, picture_bottom + ROUND))
    _draw_picture(sheet, (left, top, right, picture_bottom), search.thumbnails.get(moment["rank"]))
    colour = colours[moment["camera"]]
    _draw_rank(sheet, left + 12, top + 12, moment["rank"], colour)
    inside, y = left + 16, picture_bottom
    sheet.panel((inside, y + 17, inside + 12, y + 29), colour, 6)
    name = str(moment.get("camera_name") or moment["camera"])
    # A hit that chance may have brought says nothing here: "no match" is an answer of the whole search.
    strength = "" if moment.get("strength") == "none" else (moment.get("strength_words") or {}).get("en", "")
    taken = width_of(strength, 15)
    sheet.write(inside + 20, y + 30, shortened(name, right - inside - 46 - taken, 19, 600), 19, INK, 600)
    sheet.write(right - 16 - taken, y + 30, strength, 15, SOFT)
    sheet.write(inside, y + 56, str(moment.get("shown") or _kyiv(moment["best_at"])), 17, INK)
    sheet.write(inside, y + 78, _span(moment), 15, SOFT)
    _draw_score(sheet, (inside, y + 94, right - 16, y + 102), moment["score"], search, colour)


def _draw_score(sheet: Canvas, box: Box, score: float, search: SearchOnSheet, colour: Colour) -> None:
    """A bar beside the figure, to compare the hits of one search: the best one's is full."""
    left, top, right, bottom = box
    figure = f"{score:.3f}".replace("-", "−")
    end = right - width_of(figure, 15, 600) - 10
    sheet.panel((left, top, end, bottom), TRACK, 4)
    scores = [float(moment["score"]) for moment in search.moments]
    best, worst = max(scores), min(scores)
    floor = min(0.0, worst - (best - worst) / 4)  # cosines below zero have their bars, too
    length = round((end - left) * (score - floor) / (best - floor)) if best > floor else end - left
    sheet.panel((left, top, left + max(length, bottom - top), bottom), colour, 4)
    sheet.write(end + 10, bottom + 1, figure, 15, INK, 600)


def _draw_rank(sheet: Canvas, x: int, y: int, rank: int, colour: Colour) -> None:
    words = str(rank)
    size = 34
    sheet.panel((x - 2, y - 2, x + size + 2, y + size + 2), CARD, size // 2 + 2)
    sheet.panel((x, y, x + size, y + size), colour, size // 2)
    sheet.write(x + (size - width_of(words, 18, 700)) // 2, y + 24, words, 18, CARD, 700)


def _draw_picture(sheet: Canvas, box: Box, encoded: bytes | None) -> None:
    """The whole picture, over its own dimmed blur where it has another shape than the card."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    picture = decoded(encoded)
    if picture is None:
        words = "no picture"
        sheet.write(left + (size[0] - width_of(words, 17)) // 2, top + size[1] // 2, words, 17, EDGE)
        return
    behind = ImageOps.fit(picture, size).filter(ImageFilter.GaussianBlur(24))
    whole = Image.blend(behind, Image.new("RGB", size, DARK), 0.55)
    fitted = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    whole.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    sheet.image.paste(whole, (left, top), rounded(size[0], size[1] + ROUND, ROUND).crop((0, 0, *size)))


def _draw_query(sheet: Canvas, encoded: bytes, top: int) -> int:
    """The picture that was looked for, left of the title. Returns the width that it takes."""
    picture = decoded(encoded)
    if picture is None:
        return 0
    fitted = ImageOps.contain(picture, (240, 84), Image.Resampling.LANCZOS)
    sheet.image.paste(fitted, (MARGIN, top), rounded(*fitted.size, 8))
    return fitted.width + GAP


def _title(search: SearchOnSheet) -> list[str]:
    return lines_of(search.title, WIDTH - 2 * MARGIN - (260 if search.query_image else 0), 36, 650)[:2]


def _notes(search: SearchOnSheet) -> Iterator[tuple[str, Colour]]:
    count = len(search.moments)
    cameras = len({moment["camera"] for moment in search.moments})
    found = f"{count} moment{'s' * (count != 1)} of {cameras} camera{'s' * (cameras != 1)}, closest first"
    yield (found if count else "nothing found"), SOFT
    match = search.answer.get("match")
    if match:
        for words in lines_of(match["statement"]["en"], WIDTH - 2 * MARGIN - 260, 18):
            yield words, WARN if match["strength"] == "none" else SOFT
    unknown = search.answer.get("unknown_words") or ()
    if unknown:
        words = f"Words that were not looked for, or only guessed: {', '.join(map(str, unknown))}"
        yield shortened(words, WIDTH - 2 * MARGIN - 260, 18), WARN
    read_as = search.answer.get("read_as") or ()
    if read_as:
        words = f"Read as: {', '.join('{typed} → {read}'.format(**each) for each in read_as)}"
        yield shortened(words, WIDTH - 2 * MARGIN - 260, 18), WARN
    widened = search.answer.get("widened_words") or ()
    if widened:
        words = f"Words taken in a wider sense (woman as any adult): {', '.join(map(str, widened))}"
        yield shortened(words, WIDTH - 2 * MARGIN - 260, 18), WARN


def _footer(search: SearchOnSheet) -> list[str]:
    coverage = search.answer.get("coverage")
    statement = coverage.get("statement") if isinstance(coverage, Mapping) else None
    lines = lines_of(f"Coverage: {statement}", WIDTH - 2 * MARGIN, 17) if statement else []
    notes = [line for note in _known_since(search.answer) for line in lines_of(note, WIDTH - 2 * MARGIN, 17)]
    source = lines_of(_source(search.answer), WIDTH - 2 * MARGIN, 17)
    return [*notes, *lines, *([CAUTION] if search.moments else ()), *source]


def _known_since(answer: Mapping[str, Any]) -> Iterator[str]:
    """A sheet that is printed later says what the times on it are worth now."""
    for change in answer.get("clock_changes", ()):
        really = (f"hit {hit['rank']} really was at {hit['shown']}" for hit in change["hits"])
        yield "; ".join((f"Note: {change['statement']}", *really))


def _source(answer: Mapping[str, Any]) -> str:
    """Where it is on record: a printed sheet leads back to its search and to the authority for it."""
    parts = [f"Search {answer['id']}"] if answer.get("id") else []
    if answer.get("searched_at"):
        parts.append(_kyiv(answer["searched_at"]))
    if answer.get("authorisation"):
        named = (answer.get("authorisation_reference"), answer["authorisation"])
        parts.append(" ".join(("authorisation", *filter(None, named))))
    return " · ".join(parts)


def _columns(search: SearchOnSheet) -> int:
    count = len(search.moments)
    return 5 if count == 5 or count > 8 else 4


def _card_size(search: SearchOnSheet) -> tuple[int, int]:
    columns = _columns(search)
    width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) // columns
    return width, width * 4 // 5 + TEXT_HEIGHT


def _head_height(search: SearchOnSheet) -> int:
    words = len(_title(search)) * 46 + len(list(_notes(search))) * 28
    return max(words, 84 if search.query_image else 0) + GAP


def _cards_height(search: SearchOnSheet) -> int:
    rows = -(-len(search.moments) // _columns(search))
    return rows * (_card_size(search)[1] + GAP)


def _height(search: SearchOnSheet) -> int:
    return _head_height(search) + _cards_height(search) + len(_footer(search)) * 26


def _colours(searches: Sequence[SearchOnSheet]) -> Mapping[str, Colour]:
    """A colour for each camera, the same on the whole sheet, in the order of their first appearance."""
    cameras = dict.fromkeys(moment["camera"] for search in searches for moment in search.moments)
    return {camera: CAMERAS[place % len(CAMERAS)] for place, camera in enumerate(cameras)}


def _kyiv(text: str) -> str:
    return shown(datetime.fromisoformat(text))


def _span(moment: Mapping[str, Any]) -> str:
    ends = (datetime.fromisoformat(moment[end]).astimezone(KYIV) for end in ("from_at", "to_at"))
    return f"{'–'.join(f'{end:%H:%M:%S}' for end in ends)}  ± {moment['uncertainty_seconds']:g} s"
