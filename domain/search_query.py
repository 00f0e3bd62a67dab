"""What may be asked of the footage: checked before a query reaches an encoder, and again before it is recorded."""

from __future__ import annotations

from domain import checks, vocabulary
from domain.errors import Invalid
from domain.personal import SearchQuery

LIMIT_MAX = 200
QUERY_CHARACTERS_MAX = 500
MINUS_TERMS_MAX = 10
PIXELS_MAX = 100_000


def check_query(query: SearchQuery, kind: str, *, child_image: bool = False) -> None:
    """What was asked can be asked. To be checked before the query reaches an encoder.

    A picture that shows a child is cut to a box drawn round the child, whose head is filled whether or not a face is
    found in it: what is looked for is clothing, never a face.

    Raises:
        domain.errors.Invalid: empty, too long, or words for a picture, or the other way round.
    """
    if child_image and kind == "text":
        raise Invalid("child_image", "is said of words", "send the picture too, or leave it out")
    if child_image and (query.box is None or query.box[2] > query.box[3]):
        fault = "is left out" if query.box is None else "is wider than high"
        raise Invalid("box", fault, "draw it round the whole child, so that the head can be filled")
    checks.one_of("kind", kind, vocabulary.QUERY_KINDS)
    if kind == "text":
        checks.line("text", query.text, characters_max=QUERY_CHARACTERS_MAX)
        if query.image_sha256 or query.box is not None:
            raise Invalid("image_sha256", "a search by words has no picture", "search by one of them")
    else:
        checks.sha256("image_sha256", query.image_sha256)
        if query.text:
            raise Invalid("text", "a search by picture has no words", "search by one of them")
    if len(query.minus) > MINUS_TERMS_MAX:
        raise Invalid("minus", f"has {len(query.minus)} terms", f"give at most {MINUS_TERMS_MAX}")
    for term in query.minus:
        checks.line("minus", term, characters_max=QUERY_CHARACTERS_MAX)
    if query.box is not None:
        check_box("box", query.box)


def check_limit(limit: int) -> int:
    """How many moments may be asked for."""
    return checks.whole("limit", limit, least=1, most=LIMIT_MAX)


def check_box(field: str, box: tuple[int, int, int, int]) -> None:
    """Left, top, width and height in pixels."""
    left, top, width, height = box
    if min(left, top) < 0 or min(width, height) < 1 or max(box) > PIXELS_MAX:
        raise Invalid(field, f"{box} is no box", "give left, top, width and height in pixels, the last two from 1")
