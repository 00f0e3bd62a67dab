"""What a whole search comes to, in plain words of both languages. "No match" is an answer."""

from __future__ import annotations

import msgspec

from domain.footage_search import FoundMoment, SearchRun
from domain.strength import ORDER, expected_by_chance
from domain.vocabulary import STRENGTHS

_DOUBT = "; це не доводить, що цього там немає", "; that does not show that it is not there"


class Words(msgspec.Struct, frozen=True):
    uk: str
    en: str


class MatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How far the best hit stands out from what chance brings in a search of this size."""

    strength: str  # none, weak, fair or strong
    words: Words
    statement: Words  # why, in a sentence
    calibration: str  # digest of the null distribution that the percentiles are of


def words_of(strength: str) -> Words | None:
    """None where a search of before calibration has no strength."""
    return Words(*STRENGTHS[strength]) if strength else None


def match_of(run: SearchRun) -> MatchAnswer | None:
    """None for a search of before calibration."""
    words = words_of(run.strength)
    if words is None:
        return None
    return MatchAnswer(
        strength=run.strength, words=words, statement=_statement(run, words), calibration=run.calibration
    )


def _statement(run: SearchRun, words: Words) -> Words:
    best = max(run.moments, key=lambda moment: moment.percentile or 0.0, default=None)
    if best is None:
        return _nothing(run, words)
    rows = run.coverage.rows_in_scope
    chance = _rounded(expected_by_chance(best.percentile or 0.0, rows))
    standing = f"{_percent(best)} %"
    left_uk, left_en = _left_out(run)
    # Most right answers of a weak model are no better than chance would bring: nobody may read this as an alibi.
    doubt_uk, doubt_en = _DOUBT if run.strength == ORDER[0] else ("", "")
    return Words(
        f"{words.uk}: найкращий збіг ближчий, ніж {standing} зображень, на яких цього немає; "
        f"сам лише випадок дав би серед {rows} переглянутих зображень {chance} таких{left_uk}{doubt_uk}",
        f"{words.en}: the best hit is closer than {standing} of pictures that do not show it; "
        f"among the {rows} pictures searched, chance alone would bring {chance} like it{left_en}{doubt_en}",
    )


def _left_out(run: SearchRun) -> tuple[str, str]:
    """A strength is of what was looked for, which may be less than what was asked."""
    count = run.unknown_words_count
    if not count:
        return "", ""
    return f"; слів, яких не шукали або вгадували: {count}", f"; words not looked for, or only guessed: {count}"


def _nothing(run: SearchRun, words: Words) -> Words:
    if not run.coverage.rows_in_scope:
        return Words(f"{words.uk}: у пошуку немає жодного зображення", f"{words.en}: there was no picture to search")
    return Words(
        f"{words.uk}: збіги не показано, бо їхні відео саме індексуються наново; повторіть пошук згодом",
        f"{words.en}: the hits are withheld while their footage is indexed anew; search again later",
    )


def _rounded(expected: float) -> str:
    return f"{expected:.0f}" if expected >= 9.5 else f"{expected:.1g}" if expected >= 0.001 else "< 0.001"


def _percent(moment: FoundMoment) -> str:
    """As many places as tell it from a hundred."""
    percentile = moment.percentile or 0.0
    return next(text for places in (1, 2, 3, 4, 5, 6) if float(text := f"{percentile:.{places}f}") < 100)
