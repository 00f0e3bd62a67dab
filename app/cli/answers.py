"""How answers are shown: tables and facts for people, exactly one JSON document with --json.

Standard output carries the answer alone; whatever else there is to say goes to standard error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import typer

from app.cli.options import invocation
from app.cli.refused import CONTROL
from domain.kyiv_time import shown

if TYPE_CHECKING:
    from rich.console import Console

Row: TypeAlias = Mapping[str, Any]
Column: TypeAlias = tuple[str, str | Callable[[Row], object]]  # heading, and the row's key or what makes the cell

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
WIDE = 500  # columns where no person's terminal bounds them: what another program reads is not folded
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
    """Something that was sealed, as it reads; a person whose data was erased has left nothing."""
    text = answer[field]
    document(ctx, answer, lambda: line("erased" if text is None else str(text)))


def receipt(ctx: typer.Context, answer: Row, done: str) -> None:
    """What a command did, and where it stands in the record."""

    def readable() -> None:
        version, position = answer.get("version", "?"), answer.get("position", "?")
        line(f"{done}: {answer.get('id', '')} (version {version}, position {position} of the record)")

    document(ctx, answer, readable)


def table(rows: Iterable[Row], columns: Sequence[Column], *, headings: bool = True) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=SIMPLE_HEAD, show_header=headings, pad_edge=False)
    for heading, _ in columns:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        made = (pick(row) if callable(pick) else row.get(pick) for _, pick in columns)
        drawn.add_row(*(Text(cell(value)) for value in made))
    _console().print(drawn)


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


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)
