"""Camera and time read from where a file lies and what it is called, by a template that its operator writes.

A template is the end of a path with names in braces for what changes: "{date}/{hour}/{camera}/{minute}.{second}.mp4".
What it says of a file is never guessed: a path that can be read in two ways is refused, and so is a time that Kyiv's
clocks showed twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from app.client.refused import Refused
from app.instants import EPOCH, of_kyiv
from domain.kyiv_time import KYIV

FIELDS: dict[str, tuple[str, str]] = {  # what may stand in its place, and what it is
    "camera": (r"[^/]+", "the camera's name"),
    "date": (r"20\d\d(?P<d>[-_.]?)(?:0[1-9]|1[0-2])(?P=d)(?:0[1-9]|[12]\d|3[01])", "20261123, 2026-11-23, 2026_11_23"),
    "time": (r"(?:[01]\d|2[0-3])(?P<t>[-_.:]?)[0-5]\d(?P=t)[0-5]\d", "140507, 14-05-07, 14.05.07, 14_05_07"),
    "year": (r"20\d\d", "2026"),
    "yy": (r"\d\d", "26, for 2026"),
    "month": (r"0?[1-9]|1[0-2]", "11"),
    "day": (r"0?[1-9]|[12]\d|3[01]", "23"),
    "hour": (r"[01]?\d|2[0-3]", "14"),
    "minute": (r"[0-5]\d", "05"),
    "second": (r"[0-5]\d", "07"),
    "millisecond": (r"\d{3}", "120"),
    "ampm": (r"[AaPp]\.?[Mm]\.?", "AM or PM, beside an {hour} of twelve"),
    "offset": (r"[Zz]|[+-](?:0\d|1[0-4])[:.]?[0-5]\d", "+0200 or Z, where names say it"),
    "unix": (r"\d{10}|\d{13}", "seconds or milliseconds since 1970"),
    "digits": (r"\d+", "digits that say nothing, such as when it ends"),
}
DIGITS = frozenset(FIELDS) - {"camera", "ampm", "offset"}
SILENT = ("*", "digits")
TWICE_SAID = (  # a name that contradicts itself would be read one way, and the other never be looked at
    ("unix", set(FIELDS) - {"camera", "unix", "digits"}),
    ("date", {"year", "yy", "month", "day"}),
    ("time", {"hour", "minute", "second"}),
    ("year", {"yy"}),
)
TOKEN = re.compile(r"\{([^{}]*)\}|\*|[^{}*]+|.", re.DOTALL)
ANY_TIME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]?(\d\d)[-_.h]?(\d\d)[-_.m]?(\d\d)(?!\d)")
_AMPM = FIELDS["ampm"][0]
SAID_BEHIND = re.compile(  # a time: how it is meant; digits that go on are when it ends, or a number
    rf"(?:[.,]\d+)?(?:[ ._(-]*{_AMPM}|[ _-]?(?:UTC|GMT)[ _]?[-+]\d[\d:]*|"
    rf"[ _-]?(?P<offset>{FIELDS['offset'][0]}|UTC|GMT))(?![^\W_]|[-+_.:]\d\d)|[^\W\d_]+|"
    rf"[ _-](?-i:EES?T|CES?T|WET|BST|[ECMP][SD]T|MSK)(?![^\W_])",  # in capitals: "_west" and "_exit" are places
    re.IGNORECASE,
)
SAID_BEFORE = re.compile(rf"(?<![^\W_])(?:{_AMPM}|UTC|GMT)[ ._-]*$", re.IGNORECASE)

Reading: TypeAlias = frozenset[tuple[str, str]]


class BadTemplate(ValueError):
    """It says what no name can answer. The text names the fault and the mend."""


class Token(NamedTuple):
    field: str  # of FIELDS, "*", or "" for text that stands there as it is
    pattern: re.Pattern[str]
    whole: bool = False  # no digit follows


@dataclass(frozen=True)
class Clock:
    """Which clock the names go by. `repeated`: of an hour that Kyiv's clocks show twice, 0 the first, 1 the second."""

    offset: timedelta | None = None  # None is Kyiv's
    repeated: int | None = None

    def utc(self, at: datetime) -> datetime:
        """Raises Refused: a time that was not, or was twice."""
        if self.offset is not None:
            return at.replace(tzinfo=timezone(self.offset)).astimezone(UTC)
        first, second = (at.replace(tzinfo=KYIV, fold=fold) for fold in (0, 1))
        if first.utcoffset() > second.utcoffset():  # type: ignore[operator]
            if self.repeated is None:
                raise Refused(
                    f"its name says {at:%Y-%m-%d %H:%M:%S}, which Kyiv's clocks showed twice that night; say "
                    "--repeated-hour first or second, or --clock utc or +02:00 where the recorder's clock goes so"
                )
            return (first, second)[self.repeated].astimezone(UTC)
        if first.utcoffset() < second.utcoffset():  # type: ignore[operator]
            raise Refused(
                f"its name says {at:%Y-%m-%d %H:%M:%S}, which Kyiv's clocks skipped that night; say --clock +02:00 "
                "where the recorder knows no summer time, or utc where it goes by that"
            )
        return of_kyiv("time in the name", at, f"{at:%Y-%m-%dT%H:%M:%S}")


class Named(NamedTuple):
    camera: str | None
    recorded_at: datetime  # UTC


class Template:
    """Raises BadTemplate where it names what is not in FIELDS, a field or a part of a time twice, or no time."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text.strip().strip("/"))
        self._parts = [self._tokens(part) for part in self.text.split("/")]
        fields = [token.field for part in self._parts for token in part if token.field]
        named = [field for field in fields if field not in SILENT]
        twice = sorted({field for field in named if named.count(field) > 1})
        if twice:
            raise BadTemplate(f"{{{twice[0]}}} stands in it twice; write * in one of the places")
        self.fields = frozenset(named)
        for one, other in TWICE_SAID:
            if one in named and (also := [field for field in named if field in other]):
                raise BadTemplate(f"{{{one}}} and {{{also[0]}}} say the same; write * in the place of one of them")
        days = {"date"}, {"year", "month", "day"}, {"yy", "month", "day"}
        hours = {"time"}, {"hour", "minute"}
        whole = any(each <= self.fields for each in days) and any(each <= self.fields for each in hours)
        if "unix" not in self.fields and not whole:
            raise BadTemplate("it has no whole time; write {date} and {time}, or their parts, or {unix}")

    @property
    def to_the_second(self) -> bool:
        return bool(self.fields & {"unix", "time", "second"})

    def read(self, path: Path, clock: Clock) -> Named:
        """Raises Refused: the path is not as the template says, or can be read in two ways, or its time is none."""
        parts = [unicodedata.normalize("NFC", part) for part in path.absolute().parts[-len(self._parts) :]]
        if ".." in parts:
            raise Refused("the template would take .. for the name of a folder; write its path without")
        if len(parts) < len(self._parts):
            raise Refused(f"it does not lie as deep as {self.text!r} says; try the template with --dry-run")
        reading: Reading = frozenset()
        for tokens, part in zip(self._parts, parts, strict=True):
            found = _readings(tuple(tokens), part)
            if not found:
                raise Refused(f"{part!r} is not as {_written(tokens)!r} says; try the template with --dry-run")
            if len(found) > 1:
                one, other = (", ".join(text for _, text in sorted(each - common(found))) for each in found)
                raise Refused(
                    f"{part!r} can be read as {one} and as {other}; write out what stands in the place of *, "
                    "with {digits} for digits that say nothing"
                )
            reading |= found[0]
        fields = dict(reading)
        try:
            return Named(fields.get("camera"), _time(fields, clock))
        except ValueError as fault:
            raise Refused(f"its name says no time that ever was ({fault}); see what it says with --dry-run") from fault

    @staticmethod
    def _tokens(part: str) -> list[Token]:
        found = list(TOKEN.finditer(part))
        names = [match[1] if match[1] is not None else match[0] if match[0] == "*" else "" for match in found]
        tokens = []
        for place, (match, name) in enumerate(zip(found, names, strict=True)):
            if match[1] is not None and name not in FIELDS:
                raise BadTemplate(f"{{{name}}} means nothing; write one of {', '.join(f'{{{one}}}' for one in FIELDS)}")
            if match[0] in ("{", "}"):
                raise BadTemplate(f"{match[0]} stands alone; close it, as in {{camera}}")
            if name == "*":
                pattern = "[^/]*"
            elif not name:
                pattern = re.escape(match[0])
            else:
                pattern = _bounded(name, *(names[at] if 0 <= at < len(names) else "" for at in (place - 1, place + 1)))
            whole = name in DIGITS and names[place + 1 : place + 2] not in [[digits] for digits in DIGITS]
            tokens.append(Token(name, re.compile(pattern, re.IGNORECASE), whole))
        return tokens


def _bounded(name: str, before: str, after: str) -> str:
    """Digits are whole numbers, but for those that stand one beside the other: these have all their digits."""
    pattern = FIELDS[name][0]
    if name not in DIGITS:
        return pattern
    if before in DIGITS or after in DIGITS:
        pattern = pattern.replace("0?[1-9]", "0[1-9]").replace("[01]?\\d", "[01]\\d")
    return f"(?:{pattern})" if before in DIGITS else rf"(?<!\d)(?:{pattern})"


def _readings(tokens: tuple[Token, ...], name: str) -> list[Reading]:
    """The ways to read a name, but no more than two of them: that is one too many already."""

    @cache
    def after(place: int, at: int) -> tuple[Reading, ...]:
        if place == len(tokens):
            return (frozenset(),) if at == len(name) else ()
        found: dict[Reading, None] = {}
        token = tokens[place]
        for end in _ends(token, name, at):
            said = frozenset({(token.field, name[at:end])} if token.field and token.field not in SILENT else ())
            found |= dict.fromkeys(said | rest for rest in after(place + 1, end))
            if len(found) > 1:
                break
        return tuple(found)[:2]

    return list(after(0, 0))


def _ends(token: Token, name: str, at: int) -> Iterator[int]:
    """Where the token may end when it begins there, the nearest first."""
    if not token.field:
        if match := token.pattern.match(name, at):
            yield match.end()
        return
    for end in range(at, len(name) + 1):
        goes_on = token.whole and end < len(name) and name[end].isdigit()
        if not goes_on and token.pattern.fullmatch(name, at, end):
            yield end


def common(readings: list[Reading]) -> Reading:
    return frozenset.intersection(*readings)


def _written(tokens: list[Token]) -> str:
    texts = (token.pattern.pattern for token in tokens)
    return "".join(
        "*" if token.field == "*" else f"{{{token.field}}}" if token.field else re.sub(r"\\(.)", r"\1", text)
        for token, text in zip(tokens, texts, strict=True)
    )


def _time(fields: dict[str, str], clock: Clock) -> datetime:
    if "unix" in fields:
        digits = fields["unix"]
        return EPOCH + timedelta(milliseconds=int(digits) * (1 if len(digits) > 10 else 1000))
    day = re.sub(r"\D", "", fields.get("date", ""))
    hour = re.sub(r"\D", "", fields.get("time", ""))
    at = datetime(  # noqa: DTZ001 (the clock says which zone)
        int(day[:4] or fields.get("year", "") or f"20{fields['yy']}"),
        int(day[4:6] or fields["month"]),
        int(day[6:] or fields["day"]),
        _of_24(int(hour[:2] or fields["hour"]), fields.get("ampm", "")),
        int(hour[2:4] or fields["minute"]),
        int(hour[4:] or fields.get("second", "0")),
        1000 * int(fields.get("millisecond", "0")),
    )
    return (clock_of(fields["offset"]) if "offset" in fields else clock).utc(at)


def _of_24(hour: int, ampm: str) -> int:
    if not ampm:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"{hour} {ampm}")
    return hour % 12 + (12 if ampm[0] in "Pp" else 0)


def clock_of(text: str, repeated: str | None = None) -> Clock:
    """ "kyiv", "utc", or an offset such as +02:00. Raises BadTemplate."""
    which = {None: None, "first": 0, "second": 1}
    if repeated not in which:
        raise BadTemplate(f"{repeated!r} is no reading of the hour; write first or second")
    match text.strip().lower():
        case "kyiv":
            return Clock(None, which[repeated])
        case "utc" | "z":
            return Clock(timedelta())
    found = re.fullmatch(r"([+-])(\d\d)[:.]?(\d\d)", text.strip())
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        raise BadTemplate(f"{text!r} is no clock; write kyiv, utc, or an offset such as +02:00")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return Clock(-offset if found[1] == "-" else offset)


def time_anywhere(name: str, clock: Clock) -> datetime:
    """The one whole time in a name, as in gate_20261123-140507.mp4, and its zone, if it says one. Raises Refused."""
    found = list(ANY_TIME.finditer(name))
    if not found:
        raise Refused("its name carries no time as in gate_20261123-140507.mp4; give --names or --recorded-at instead")
    if len({match.groups() for match in found}) > 1:
        raise Refused("its name carries more than one time; say which it is by --names, with {digits} for the others")
    behind, before = SAID_BEHIND.match(name, found[0].end()), SAID_BEFORE.search(name[: found[0].start()])
    offset = (behind["offset"] or "") if behind else ""
    if unsure := before or (behind if not offset or offset[0] == "-" else None):  # a dash: when it ends, or a number
        raise Refused(
            f"beside the time its name says {unsure[0]!r}, which can be read in two ways; say by --names whether that "
            "is {ampm}, {offset} or {digits}"
        )
    try:
        at = datetime(*map(int, found[0].groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        return (clock_of(offset) if offset else clock).utc(at)
    except ValueError as fault:
        raise Refused(f"its name says no time that ever was ({fault}); give --recorded-at instead") from fault
