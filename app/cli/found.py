"""How a search is shown on the terminal: what was asked, what was found, what people made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.cli import answers
from app.client.http import Answer
from domain.kyiv_time import KYIV

UNSHOWN = "it was made outside the times searched; look at the original, or search from the whole minute on"


def show(found: Answer) -> None:
    """The moments, and how much was looked at; of a search that is read again first who asked what, and when."""
    if "reviews" in found:
        answers.table(_asked(found), (("", "field"), ("", "value")), headings=False)
    _say_match(found)
    if found["moments"]:
        answers.table(found["moments"], MOMENTS)
        answers.line("similar appearance, not identity: a lead until a person reviewed it")
        if unshown := [str(moment["rank"]) for moment in found["moments"] if moment["thumbnail"] is None]:
            answers.line(f"no picture of hit {', '.join(unshown)}: {UNSHOWN}")
    else:
        answers.line("nothing found")
    for change in found.get("clock_changes", ()):
        answers.line(f"note: {change['statement']}")
        for hit in change["hits"]:
            answers.line(f"hit {hit['rank']} really was at {hit['shown']}")
    for review in found.get("reviews", ()):
        answers.line(_reviewed(review))
    for words in words_of(found):
        answers.line(words)
    coverage = found.get("coverage")
    if isinstance(coverage, dict) and coverage.get("statement"):
        answers.line(f"coverage: {coverage['statement']}")
    left = f", {found['quota_left']} left under the authorisation" if "quota_left" in found else ""
    answers.line(f"search {found.get('id', '')}{left}")
    if "sheet" in found:
        answers.line(f"contact sheet: {found['sheet']}")


def _say_match(found: Answer) -> None:
    """What the search comes to, before anybody looks at the hits."""
    match = found.get("match")
    if isinstance(match, dict):
        answers.line(match["statement"]["en"])


def words_of(found: Answer) -> Iterator[str]:
    """What became of words that cannot be looked for, or not as they were typed or meant."""
    if found.get("read_as"):
        yield f"read as: {', '.join('{typed} → {read}'.format(**each) for each in found['read_as'])}"
    if found.get("unknown_words"):
        yield f"words that were not looked for, or only guessed: {', '.join(found['unknown_words'])}"
    if found.get("widened_words"):
        yield f"words taken in a wider sense (woman as any adult): {', '.join(found['widened_words'])}"


def _asked(found: Answer) -> Iterator[answers.Row]:
    facts = {
        "looked for": _looked_for(found),
        "but not": ", ".join(found.get("minus") or ()),
        "searched": found.get("searched_at"),
        "by": f"{answers.named('searcher')(found)}, {answers.named('searcher_unit')(found)}",
        "authorisation": " ".join(filter(None, (found.get("authorisation_reference"), found.get("authorisation")))),
        "cameras": answers.named("cameras")(found),
        "from": found.get("from_at"),
        "to": found.get("to_at"),
    }
    return ({"field": name, "value": value} for name, value in facts.items() if value)


def _looked_for(found: Answer) -> str:
    if found.get("text"):
        return str(found["text"])
    if found.get("image_sha256"):
        return f"a picture (sha256 {found['image_sha256'][:12]}…)"
    return "(sealed, or erased)"


def _span(moment: answers.Row) -> str:
    ends = (datetime.fromisoformat(moment[end]).astimezone(KYIV) for end in ("from_at", "to_at"))
    return "–".join(f"{end:%H:%M:%S}.{end.microsecond // 100_000}" for end in ends)


def _corners(moment: answers.Row) -> str:
    x, y, width, height = moment["box"]
    return f"{x},{y} {width}×{height}"


def _reviewed(review: answers.Row) -> str:
    """What the last reviewer said of a hit, and where it was attached."""
    said = f"hit {review['rank']} is {review['verdict']} ({answers.named('reviewed_by')(review)})"
    note = f": {review['note']}" if review.get("note") else ""
    attached = f"; attached to incident {review['incident']}" if review.get("incident") else ""
    return f"{said}{note}{attached}"


MOMENTS: tuple[answers.Column, ...] = (
    ("#", "rank"),
    ("camera", answers.named("camera")),
    ("Kyiv time", lambda moment: moment.get("shown") or moment["best_at"]),
    ("from–to", _span),
    ("±", lambda moment: f"{moment['uncertainty_seconds']:g} s"),
    ("score", lambda moment: f"{moment['score']:.4f}"),
    ("match", lambda moment: moment.get("strength")),
    ("box", _corners),
)
