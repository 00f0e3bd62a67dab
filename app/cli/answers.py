"""How answers are shown: tables and facts for people, exactly one JSON document with --json.

Standard output carries the answer alone; whatever else there is to say goes to standard error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import typer

from app.cli.options import invocation
from app.cli.refused import CONTROL
from domain.kyiv_time import shown

Row: TypeAlias = Mapping[str, Any]
Column: TypeAlias = tuple[str, str | Callable[[Row], object]]  # heading, and the row's key or what makes the cell

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
COLUMNS = 120  # characters of a line where no terminal bounds it
BETWEEN = 3  # characters that a column takes beside its own
WORD = 28  # characters; a longer word is broken where there is no room
WHOLE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")  # what is copied is never broken
COMPACT_MAX = 120  # characters of a nested value within a table


def document(ctx: typer.Context, answer: object, readable: Callable[[], None]) -> None:
    """The whole answer: as JSON where that was asked for, else as `readable` prints it."""
    if invocation(ctx).as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        readable()


def listing(ctx: typer.Context, answer: Row, columns: Sequence[Column], what: str) -> None:
    """A page of things. Says so on standard error where there are none, or more."""
    items: list[Row] = answer["items"]

    def readable() -> None:
        if items:
            table(items, columns)
        else:
            say(f"no {what}")
        if answer.get("next") is not None:
            say(f"there are more than these {len(items)}: raise --limit")

    document(ctx, answer, readable)


def facts(ctx: typer.Context, answer: Row) -> None:
    """One thing: a line for each of its fields, a table for each of its lists of things."""
    document(ctx, answer, lambda: _print_facts(answer))


def opened(ctx: typer.Context, answer: Row, field: str) -> None:
    """Something that was sealed, as it reads."""
    document(ctx, answer, lambda: line(unsealed(answer[field])))


def unsealed(text: str | None) -> str:
    """A person whose data was erased has left nothing."""
    return "erased" if text is None else text


def receipt(ctx: typer.Context, answer: Row, done: str, *, already: str = "nothing changed: it was so before") -> None:
    """What a command did, and where it stands in the record; `already`, where it changed nothing."""

    def readable() -> None:
        version, position = answer.get("version", "?"), answer.get("position", "?")
        if position == 0:
            line(f"{already}: {answer.get('id', '')}")
        else:
            line(f"{done}: {answer.get('id', '')} (version {version}, position {position} of the record)")

    document(ctx, answer, readable)


def written(file: Path, write: Callable[[], object]) -> bool:
    """Whether a file beside the answer could be written. Where not it is said: what was done is to be shown all the
    same, and the exit status is the caller's.
    """
    try:
        write()
    except OSError as fault:
        say(f"oberih: {file} could not be written ({fault.strerror or fault}); all else that was asked for is done")
        return False
    return True


def table(rows: Iterable[Row], columns: Sequence[Column], *, headings: bool = True) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [[cell(pick(row) if callable(pick) else row.get(pick)) for _, pick in columns] for row in rows]
    drawn = Table(box=SIMPLE_HEAD, show_header=headings, pad_edge=False)
    console = Console(highlight=False)
    bound = (console.width if console.is_terminal else COLUMNS) - BETWEEN * len(columns)
    cells = [[heading, *(made[place] for made in lines)] for place, (heading, _) in enumerate(columns)]
    widths = _widths([max(map(cell_len, each)) for each in cells], list(map(_least, cells)), bound)
    for (heading, _), width in zip(columns, widths, strict=True):
        drawn.add_column(heading, overflow="fold", width=width)
    for made in lines:
        drawn.add_row(*map(Text, made))
    console.width = sum(widths) + BETWEEN * len(columns)
    console.print(drawn)


def _least(cells: Sequence[str]) -> int:
    """What a column needs, so that no word of it is broken but a very long one, and no id at all."""
    words = (word for each in cells for word in each.split())
    return max(1, *(len(word) if WHOLE.search(word) else min(len(word), WORD) for word in words), 0)


def _widths(longest: Sequence[int], least: Sequence[int], bound: int) -> list[int]:
    """As wide as its longest cell is each column, where all fit; else what is left over is shared out evenly."""
    widths = list(least)
    while (spare := bound - sum(widths)) > 0:
        short = [place for place, width in enumerate(widths) if width < longest[place]]
        if not short:
            break
        for place in short[:spare]:
            widths[place] += min(max(1, spare // len(short)), longest[place] - widths[place])
    return widths


def named(field: str) -> Callable[[Row], object]:
    """Makes the cell of an id as people know it: the name that the answer has beside it, else the id."""
    return lambda row: next((row[name] for name in _names_of(field) if row.get(name)), row.get(field))


def _names_of(field: str) -> tuple[str, ...]:
    return (f"{field[:-1]}_names",) if field.endswith("s") else (f"{field}_name", f"{field}_username")


def cell(value: object) -> str:
    """A value as a person reads it: Kyiv time, yes and no, lists with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() if INSTANT.fullmatch(value):
            return shown(datetime.fromisoformat(value))
        case float():
            return f"{value:.6g}"
        case list() if all(not isinstance(each, list | dict) for each in value):
            return ", ".join(cell(each) for each in value)
        case list() | dict():
            return compact(value)
        case _:
            return CONTROL.sub("�", str(value))


def compact(value: object) -> str:
    """A nested value in few words; --json shows it whole."""
    text = _words(value)
    return text if len(text) <= COMPACT_MAX else f"{text[:COMPACT_MAX]}…"


def _words(value: object) -> str:
    match value:
        case {"sealed": _}:
            return "(sealed)"
        case dict():
            return ", ".join(f"{name}={_words(part)}" for name, part in value.items())
        case list():
            return f"[{', '.join(_words(part) for part in value)}]"
        case _:
            return cell(value)


def line(text: str) -> None:
    typer.echo(CONTROL.sub("�", text))


def say(text: str) -> None:
    """Beside the answer: on standard error."""
    typer.echo(CONTROL.sub("�", text), err=True)


def _print_facts(answer: Row) -> None:
    fields: list[Row] = []
    lists: dict[str, list[Row]] = {}
    for name, value in _without_named_ids(answer).items():
        if isinstance(value, dict):
            fields += [{"field": part, "value": of_it} for part, of_it in _without_named_ids(value).items()]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lists[name] = value
        else:
            fields.append({"field": name, "value": value})
    if fields:
        table(fields, (("field", "field"), ("value", "value")), headings=False)
    for name, rows in lists.items():
        line(f"{name}:")
        table([_without_named_ids(row) for row in rows], [(key, key) for key in _without_named_ids(rows[0])])


def _without_named_ids(row: Row) -> Row:
    """Ids that have their name beside them are for programs: --json shows both."""
    beside = {name: field for field in row for name in _names_of(field) if row.get(name)}
    return {beside.get(name, name): value for name, value in row.items() if name not in beside.values()}
