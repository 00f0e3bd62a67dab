"""The record replayed, and the health of the views folded from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, Limit, instant, iso
from app.client.http import Answer, Client

projections = typer.Typer(no_args_is_help=True, help="The views folded from the record: state, rebuild, retry.")

PAGE_EVENTS_MAX = 1000

EVENTS: tuple[answers.Column, ...] = (
    ("position", "position"),
    ("recorded", "recorded_at"),
    ("topic", "topic"),
    ("stream", "stream"),
    ("version", "version"),
    ("actor", answers.named("actor")),
    ("role", "role"),
    ("facts", lambda row: row.get("fault") or answers.compact(row["facts"])),
)


VIEWS: tuple[answers.Column, ...] = (
    ("view", "name"),
    ("rows", lambda view: ", ".join(f"{table} {rows}" for table, rows in view["rows"].items())),
    ("sha256", "sha256"),
)


def replay(
    ctx: typer.Context,
    until: Annotated[
        datetime | None, typer.Option("--until", parser=instant, metavar=TIME, help="As the record was then.")
    ] = None,
    position: Annotated[int | None, typer.Option("--position", min=0, help="Or as it was after this position.")] = None,
    stream: Annotated[UUID | None, typer.Option("--stream", help="Only what happened to this one thing.")] = None,
    after: Annotated[int, typer.Option("--after", min=0, help="Print events after this position only.")] = 0,
    limit: Limit = 1000,
    as_json: AsJson = False,
) -> None:
    """Replay the record: what happened, who did it, and the views as they were, each with its digest.

    Two replays to one moment give the same digests. Sealed parts stay sealed.

    Example: oberih replay --until 2026-11-23T18:00
    """
    if until is not None and position is not None:
        raise typer.BadParameter("give --until or --position, one of the two")
    to = {"until": iso(until), "position": position}
    with connect(ctx) as client:
        events = _events(client, after, limit, {**to, "stream": stream})
        views = None if stream else client.ask("/record/views", **to)
    document = events if views is None else {**events, "views": views}

    def readable() -> None:
        answers.table(events["items"], EVENTS)
        if events["next"] is not None:
            answers.say(f"there are more than these {len(events['items'])}: raise --limit, or go on with --after")
        if views is not None:
            _print_views(views)

    answers.document(ctx, document, readable)


@projections.command("status")
def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show how far the views are behind the record, what is parked, and what works in the background."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask("/projections"))


@projections.command("rebuild")
def rebuild(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The view, as `status` names it.")],
    as_json: AsJson = False,
) -> None:
    """Build a view anew from the record, beside the present one, and swap it in."""
    with connect(ctx) as client:
        answers.facts(ctx, client.command("/projections/rebuild", {"name": name}))


@projections.command("retry")
def retry(
    ctx: typer.Context,
    stream: Annotated[UUID, typer.Argument(metavar="STREAM", help="The parked thing, as `status` names it.")],
    as_json: AsJson = False,
) -> None:
    """Fold the events of a parked thing again."""
    with connect(ctx) as client:
        answers.facts(ctx, client.command("/projections/retry", {"stream": str(stream)}))


def _events(client: Client, after: int, limit: int, to: dict[str, object]) -> Answer:
    items: list[Answer] = []
    while True:
        page = client.ask("/record", after=after, limit=min(limit - len(items), PAGE_EVENTS_MAX), **to)
        items += page["items"]
        if page.get("next") is None or len(items) >= limit:
            return {"items": items, "next": page.get("next")}
        after = int(page["next"])  # a page may be empty, with more to come: all it looked at was recorded later


def _print_views(views: Answer) -> None:
    answers.line(f"the views at position {views['position']}:")
    answers.table(views["views"], VIEWS)
