"""A register of cameras as a CSV file: its header, its rows, and what is wrong with a row before anything is decided.

A row is a line: no cell of a camera has a line break in it. So a quotation mark that is never closed costs its own
line, and cannot hide the thousand lines behind it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from app.instants import of_kyiv, parse
from domain.camera import RegisterCamera
from domain.camera_network.camera_import import ROWS_MAX
from domain.errors import DomainError, Invalid

REGISTER_BYTES_MAX = 64 * 2**20
LINE_BYTES_MAX = 16 * 2**10
TEXTS = ("name", "region", "community", "owner", "place", "place_kind")
REQUIRED = (*TEXTS, "installed_at")
OPTIONAL = ("latitude", "longitude", "analytics")
COLUMNS = (*REQUIRED, *OPTIONAL)
SHOWN_CHARACTERS = 40

YES, NO = frozenset(("yes", "true", "1", "так")), frozenset(("", "no", "false", "0", "ні"))
_DEGREES = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,15})?")
_NOT_UTF8 = re.compile("[\ud800-\udfff]")

Value = TypeVar("Value")


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a row."""

    line: int  # of the file, from 1
    name: str  # as the row gives it, shortened
    field: str
    fault: str
    mend: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it was read: what it asks for, or what is wrong with it."""

    line: int
    name: str
    command: RegisterCamera | None
    faults: tuple[Invalid, ...] = ()
    read_bytes: int  # of the file, so far


class RegisterFile:
    """An open file whose header was read. Raises Invalid where it is none."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            self._delimiter, self._columns = _header(self._file.readline(LINE_BYTES_MAX))
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        self._file.close()

    def rows(self, at: datetime) -> Iterator[Row]:
        """Every row from the first. Blank lines are none. Raises Invalid where there are more than are taken."""
        number, rows = 1, 0
        while block := self._file.readline(LINE_BYTES_MAX + 1):
            number += 1
            long = len(block) > LINE_BYTES_MAX and not block.endswith(b"\n")
            while long and (rest := self._file.readline(LINE_BYTES_MAX)) and not rest.endswith(b"\n"):
                continue
            if not block.strip():
                continue
            rows += 1
            if rows > ROWS_MAX:
                raise Invalid("file", f"has more than {ROWS_MAX} rows", "cut it into several files")
            yield self._row(number, block, long=long, at=at)

    def _row(self, number: int, block: bytes, *, long: bool, at: datetime) -> Row:
        cells: dict[str, str] = {}
        command: RegisterCamera | None = None
        faults: tuple[Invalid, ...] = ()
        try:
            cells = self._cells(block, long=long)
            command = _command(cells, at)
        except Invalid as fault:
            faults = (fault,)
        except _Faults as several:
            faults = several.faults
        name = cells.get("name", "")[:SHOWN_CHARACTERS]
        return Row(line=number, name=name, command=command, faults=faults, read_bytes=self._file.tell())

    def _cells(self, block: bytes, *, long: bool) -> dict[str, str]:
        if long:
            raise Invalid("row", f"is longer than {LINE_BYTES_MAX} bytes", "see whether line breaks are missing")
        cells = _parted(block, self._delimiter)
        if len(cells) != len(self._columns):
            fault = f"has {len(cells)} cells, and the header has {len(self._columns)}"
            raise Invalid("row", fault, "put cells that have the delimiter in them in quotation marks")
        return dict(zip(self._columns, cells, strict=True))


class _Faults(Exception):
    def __init__(self, faults: tuple[Invalid, ...]) -> None:
        super().__init__(*faults)
        self.faults = faults


def refused(line: int, name: str, error: DomainError) -> RefusedRow:
    """A refusal as a row of the report."""
    field = str(error.fields.get("field", "name"))
    fault, _, mend = error.detail.removeprefix(f"{field}: ").partition("; ")
    return RefusedRow(
        line=line,
        name=name[:SHOWN_CHARACTERS],
        field=field,
        fault=str(error.fields.get("fault", fault)),
        mend=str(error.fields.get("mend", mend)),
    )


def _header(block: bytes) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the columns: in any order, none twice, none that is not known."""
    if not block.strip():
        raise Invalid("file", "is empty", "send its bytes as the body")
    delimiter = ";" if block.count(b";") > block.count(b",") else ","
    columns = tuple(cell.strip().lower() for cell in _parted(block.removeprefix(b"\xef\xbb\xbf"), delimiter))
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name[:SHOWN_CHARACTERS] for name in columns if name not in COLUMNS]
    mend = f"begin the file with a line of these names, in any order: {', '.join(COLUMNS)}"
    if missing:
        raise Invalid("header", f"lacks {', '.join(missing)}", mend)
    if unknown:
        raise Invalid("header", f"has {', '.join(map(repr, unknown))}, which is no column", mend)
    if len(set(columns)) < len(columns):
        raise Invalid("header", "names a column twice", mend)
    return delimiter, columns


def _parted(block: bytes, delimiter: str) -> Sequence[str]:
    line = block.decode("utf-8", "surrogateescape").rstrip("\r\n")
    if _NOT_UTF8.search(line):
        raise Invalid("row", "is not UTF-8", "save the file as UTF-8")
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        mend = "close each quotation mark, and write one within a cell twice"
        raise Invalid("row", "has a quotation mark out of place", mend) from None


def _command(cells: dict[str, str], at: datetime) -> RegisterCamera:
    """Raises _Faults with everything that cannot be read."""
    faults: list[Invalid] = []

    def read(column: str, reading: Callable[[str, str], Value], absent: Value) -> Value:
        try:
            return reading(column, cells.get(column, "").strip())
        except Invalid as fault:
            faults.append(fault)
            return absent

    latitude, longitude = read("latitude", _degrees, None), read("longitude", _degrees, None)
    analytics, installed_at = read("analytics", _yes, False), read("installed_at", _instant, at)
    if faults:
        raise _Faults(tuple(faults))
    name, region, community, owner, place, place_kind = (cells[column].strip() for column in TEXTS)
    return RegisterCamera(
        name=name,
        region=region,
        community=community,
        owner=owner,
        place=place,
        place_kind=place_kind,
        latitude=latitude,
        longitude=longitude,
        analytics=analytics,
        installed_at=installed_at,
        at=at,
    )


def _degrees(column: str, text: str) -> float | None:
    if not text:
        return None
    if not _DEGREES.fullmatch(text):
        raise Invalid(column, f"{text[:SHOWN_CHARACTERS]!r} is not a number", "write degrees, as in 50.4501")
    return float(text.replace(",", "."))


def _yes(column: str, text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise Invalid(column, f"{text[:SHOWN_CHARACTERS]!r} is neither yes nor no", "write yes or no")
    return word in YES


def _instant(column: str, text: str) -> datetime:
    """A day is its beginning in Kyiv: registers say no more of when a camera was put up."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = datetime.fromisoformat(text)
        except ValueError:
            raise Invalid(column, f"{text!r} is not a day", "write it as 2026-11-23") from None
        return of_kyiv(column, datetime.combine(day, time.min), text)
    return parse(column, text[:SHOWN_CHARACTERS])
