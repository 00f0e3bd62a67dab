"""The map's colours: five shades of blue from little to much, and one for none; more of it stands out more, on light
paper as on dark. What is written on a shade can be read on it (contrast of at least 4.5, as WCAG asks).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

SHADES = ("s1", "s2", "s3", "s4", "s5")
NONE = "s0"  # a count of 0
PATTERNED = HIDDEN, NOTHING = "hidden", "nothing"


class Ink(NamedTuple):
    fill: str
    text: str


class Theme(NamedTuple):
    paper: str
    text: str
    line: str  # around tiles, and of the patterns
    shades: Mapping[str, Ink]


_DARK_TEXT, _LIGHT_TEXT = "#08192b", "#ffffff"

LIGHT = Theme(
    paper="#ffffff",
    text="#1a2733",
    line="#5b6b7b",
    shades=MappingProxyType(
        {
            NONE: Ink("#ffffff", _DARK_TEXT),
            "s1": Ink("#dbe9f6", _DARK_TEXT),
            "s2": Ink("#a6cbe6", _DARK_TEXT),
            "s3": Ink("#5fa3d0", _DARK_TEXT),
            "s4": Ink("#2171b5", _LIGHT_TEXT),
            "s5": Ink("#08306b", _LIGHT_TEXT),
            HIDDEN: Ink("#f1f3f5", _DARK_TEXT),
            NOTHING: Ink("#f1f3f5", _DARK_TEXT),
        }
    ),
)
DARK = Theme(
    paper="#10171f",
    text="#e6edf3",
    line="#8b9aa9",
    shades=MappingProxyType(
        {
            NONE: Ink("#10171f", _LIGHT_TEXT),
            "s1": Ink("#16304b", _LIGHT_TEXT),
            "s2": Ink("#1f5586", _LIGHT_TEXT),
            "s3": Ink("#4a97cd", _DARK_TEXT),
            "s4": Ink("#93c5e6", _DARK_TEXT),
            "s5": Ink("#e8f3fb", _DARK_TEXT),
            HIDDEN: Ink("#232c35", _LIGHT_TEXT),
            NOTHING: Ink("#232c35", _LIGHT_TEXT),
        }
    ),
)


class Scale(msgspec.Struct, frozen=True):
    """Classes with about as many regions each: shade, least and most."""

    classes: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, values: Iterable[int | None]) -> Scale:
        there = sorted(value for value in values if value is not None)
        some = [value for value in there if value]
        found = [(NONE, 0, 0)] if len(some) < len(there) else []
        return cls((*found, *_classes(some)))

    def shade_of(self, value: int) -> str:
        return next(shade for shade, _, most in self.classes if value <= most)


def _classes(some: Sequence[int]) -> list[tuple[str, int, int]]:
    """Values that are the same are in one class; the fewer classes there are, the farther apart are their shades."""
    lasts = sorted({some[(place + 1) * len(some) // len(SHADES) - 1] for place in range(len(SHADES)) if some})
    lasts = [last for last in lasts if last in some]
    groups: list[list[int]] = [[] for _ in lasts]
    for value in some:
        groups[next(place for place, last in enumerate(lasts) if value <= last)].append(value)
    shades = (
        [SHADES[-1]] if len(groups) == 1 else [SHADES[place * 4 // (len(groups) - 1)] for place in range(len(groups))]
    )
    return [(shade, min(group), max(group)) for shade, group in zip(shades, groups, strict=True)]


def _rules(theme: Theme) -> str:
    inks = "".join(
        f".{shade} polygon,.{shade} rect{{fill:{ink.fill}}}.{shade} text{{fill:{ink.text}}}"
        + (f".{shade} text{{stroke:{ink.fill}}}" if shade in PATTERNED else "")
        for shade, ink in theme.shades.items()
    )
    return (
        f".paper{{fill:{theme.paper}}}text{{fill:{theme.text}}}"
        f".tile polygon,.tile rect{{stroke:{theme.line}}}.mark{{stroke:{theme.line}}}.dot{{fill:{theme.line}}}{inks}"
        ".tile .pattern{stroke:none}.hidden .pattern{fill:url(#hatch)}.nothing .pattern{fill:url(#dots)}"
    )


STYLE = (
    "<defs>"
    '<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="mark" x1="0" y1="0" x2="0" y2="8" stroke-width="2"/></pattern>'
    '<pattern id="dots" width="10" height="10" patternUnits="userSpaceOnUse">'
    '<circle class="dot" cx="3" cy="3" r="1.2"/></pattern></defs>'
    "<style>"
    "text{font-family:system-ui,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;font-size:13px}"
    ".title{font-size:24px;font-weight:600}.claims{font-weight:600}"
    ".name,.value{text-anchor:middle}.name{font-size:12.5px}.value{font-size:18px;font-weight:600}"
    ".value.small{font-size:11px;font-weight:400}"
    ".tile polygon,.tile rect{stroke-width:1.25}"
    ".hidden text,.nothing text{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}"
    f"{_rules(LIGHT)}@media (prefers-color-scheme: dark){{{_rules(DARK)}}}"
    "</style>"
)
