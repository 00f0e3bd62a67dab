"""The labelled query set of the four real clips: what is asked, and at which seconds it is true.

`real_queries.json` was made by looking at the frames (at one a second throughout, at two to ten where something begins
or ends), by no model. Every query is asked of all four clips as four cameras, and its moments are all there are.

    clips     clip -> presentation time of its last frame, seconds from the first
    queries   id        unique, lower case with hyphens
              en, uk    the question as an investigator might write it; the same question in both languages
              about     what it asks for, one or more of `About`
              size      height of the thing as a share of the picture's: small < .10 <= medium < .33 <= large, for
                        most of its time; null where there is nothing to find
              still     true where the thing never moves, so that motion alone would never find it
              moments   clip -> [[from, to], ...] in seconds: true all through; {} where the answer is "nothing"
              unsure    the same: the eye could not settle it; a result there is neither right nor wrong
              reason    what is seen, and where in the picture
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).parent / "real_queries.json"

About = Literal["person", "group", "car", "cyclist", "clothing colour", "vehicle colour", "object", "place", "action"]
Size = Literal["small", "medium", "large"]
Seconds = tuple[float, float]
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class RealQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question and its whole answer over all clips (see the module's description)."""

    id: str
    en: str
    uk: str
    about: list[About]
    size: Size | None
    still: bool
    moments: dict[str, list[Seconds]]
    unsure: dict[str, list[Seconds]]
    reason: str


class RealQueries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All questions, and how long the clips are that they are asked of."""

    clips: dict[str, float]
    queries: list[RealQuery]


def real_queries(file: Path = FILE) -> RealQueries:
    """The query set of a file. Raises `ValueError` that lists every fault and where it is."""
    asked = msgspec.json.decode(file.read_bytes(), type=RealQueries)
    if found := list(faults(asked)):
        raise ValueError(f"{file.name}: " + "; ".join(found))
    return asked


def faults(asked: RealQueries) -> Iterator[str]:
    """What is wrong with a query set, each fault with the query and the field it is in."""
    for field in ("id", "en", "uk"):
        times = Counter(getattr(query, field) for query in asked.queries)
        yield from (f"{field} {value!r} is given {n} times: make it unique" for value, n in times.items() if n > 1)
    for query in asked.queries:
        yield from (f"{query.id}: {fault}" for fault in _faults_of(query, asked.clips))


def _faults_of(query: RealQuery, clips: dict[str, float]) -> Iterator[str]:
    if not _ID.fullmatch(query.id):
        yield "id: use lower-case letters, digits and single hyphens"
    for field in ("en", "uk", "reason", "about"):
        if not getattr(query, field):
            yield f"{field} is empty: fill it in"
    if re.search("[а-яіїєґ]", query.en, re.IGNORECASE) or not re.search("[а-яіїєґ]", query.uk, re.IGNORECASE):
        yield "en, uk: write en in English and uk in Ukrainian"
    if (query.size is None) != (not query.moments):
        yield "size: give it where there are moments, null where there are none"
    for field, intervals in (("moments", query.moments), ("unsure", query.unsure)):
        for clip, times in intervals.items():
            yield from (f"{field} of {clip}: {fault}" for fault in _faults_in_time(times, clips.get(clip)))
    for clip, times in query.moments.items():
        if list(_out_of_order(sorted([*times, *query.unsure.get(clip, [])]))):
            yield f"unsure of {clip} overlaps moments: cut what is certain out of it"


def _faults_in_time(times: list[Seconds], end: float | None) -> Iterator[str]:
    if end is None:
        yield "no such clip: name one in clips"
        return
    if not times:
        yield "no interval: leave the clip out"
    for start, stop in times:
        if not 0 <= start < stop <= end:
            yield f"[{start}, {stop}] must begin before it ends, within 0 and {end}"
    yield from _out_of_order(times)


def _out_of_order(times: list[Seconds]) -> Iterator[str]:
    """Intervals may touch but not overlap."""
    for earlier, later in pairwise(times):
        if later[0] < earlier[1]:
            yield f"{list(later)} begins before {list(earlier)} has ended: order and join them"
