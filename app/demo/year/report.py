"""What the year shows on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from domain.kyiv_time import KYIV


def progress(console: Console) -> Callable[[datetime, int], None]:
    """Says so at the beginning of every month."""

    def tell(at: datetime, happened: int) -> None:
        here = at.astimezone(KYIV)
        if here.day == 1 and here.hour < 6:
            console.print(f"{here:%Y-%m-%d}  {happened} happenings so far", style="dim")

    return tell


def show(document: dict[str, Any], console: Console) -> None:
    console.print(
        f"\na year at {document['scale']:g} of its size, seed {document['seed']}: {document['commands']} commands, "
        f"{document['questions']} questions, {document['events']} events in {document['seconds']} s "
        f"({document['events_per_second']} events/s)"
    )
    console.print(_views(document))
    for difference in document["differences"]:
        console.print(f"DIFFERS: {difference}", style="bold red")
    refused = ", ".join(f"{code} {count}" for code, count in document["refusals"].items())
    console.print(f"refused, as they were to be: {refused or 'nothing'}")
    for what, count in document["told"].items():
        console.print(f"{what}: {count}")
    console.print(f"digest of all events: {document['digest']}")
    console.print(f"an example for good: {document['folder']}")


def _views(document: dict[str, Any]) -> Table:
    table = Table(title="Every view beside a recount from the raw events", title_justify="left", title_style="bold")
    for column in ("view", "rows", "equal", "tables, in the columns that --json names"):
        table.add_column(column, overflow="fold")
    for view in document["views"]:
        table.add_row(
            view["view"],
            str(view["rows"]),
            "yes" if view["equal"] else "NO",
            ", ".join(each.partition("(")[0] for each in view["compared"]),
        )
    return table
