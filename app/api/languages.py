"""In which language labels are answered: the first of Ukrainian and English that Accept-Language asks for."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection

from domain.vocabulary import Label

UKRAINIAN, ENGLISH = "uk", "en"


def language_of(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Ukrainian, where the header asks for neither, or there is none."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(request.headers.get("Accept-Language", "").split(",")):
        name, _, quality = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in (UKRAINIAN, ENGLISH):
            wishes.append((-_quality(quality), place, language))
    wanted = [wish for wish in sorted(wishes) if wish[0] < 0]
    return wanted[0][2] if wanted else UKRAINIAN


def label_of(label: Label, language: str) -> str:
    return label.uk if language == UKRAINIAN else label.en


def _quality(parameter: str) -> float:
    """Of a weight that is none, as of one that is left out: 1."""
    text = parameter.strip().lower().removeprefix("q=")
    return float(text) if text.replace(".", "", 1).isdecimal() else 1.0
