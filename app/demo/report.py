"""What the demonstration shows on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from app.demo.accounts import ACCOUNTS, ADMINISTRATOR, PASSWORD


def show(document: dict[str, Any], console: Console) -> None:
    """The walk in three tables, and where the picture lies."""
    footage = document["footage"]
    console.print(
        f"\n{footage['films']} films, {footage['filmed_seconds']} s: indexed in {footage['indexed_in_seconds']} s, "
        f"{footage['times_real_time']} times real time, {footage['rows']} rows"
    )
    for search in document["searches"]:
        console.print(_hits(search))
        console.print(f"  {search['match']['en']}")
        console.print(f"  {search['coverage']}", style="dim")
    console.print(_refusals(document["refusals"]))
    console.print(_replay(document["replay"]))
    console.print(f"\nthe contact sheet: {document['contact_sheet']}   ({document['seconds']} s in all)")


def _hits(search: dict[str, Any]) -> Table:
    rank = search.get("found_at_rank")
    truth = "" if "found_at_rank" not in search else f"   · drawn there: {f'rank {rank}' if rank else 'not found'}"
    table = Table(title=f"{search['query']}{truth}", title_justify="left", title_style="bold")
    for column in ("#", "camera", "Kyiv time", "± s", "score", "match"):
        table.add_column(column, overflow="fold")
    for moment in search["moments"]:
        table.add_row(
            str(moment["rank"]),
            moment["camera_name"],
            moment["shown"],
            f"{moment['uncertainty_seconds']:g}",
            f"{moment['score']:.3f}",
            moment["strength"],
        )
    return table


def _refusals(refusals: list[dict[str, Any]]) -> Table:
    table = Table(title="Refused, and on record", title_justify="left", title_style="bold")
    for column in ("what", "problem", "in words"):
        table.add_column(column, overflow="fold")
    for refusal in refusals:
        table.add_row(refusal["what"], refusal["type"].rpartition("/")[2], refusal["detail"])
    return table


def _replay(replay: dict[str, Any]) -> Table:
    table = Table(title="Replayed from the record by the auditor", title_justify="left", title_style="bold")
    table.add_column("question", overflow="fold")
    table.add_column("answer", overflow="fold")
    then, now = replay["before_the_approval"], replay["now"]
    table.add_row("events", str(replay["events"]))
    table.add_row("two replays give the same views", "yes" if replay["two_replays_are_equal"] else "NO")
    table.add_row(f"searches on record at position {then['position']} (before the approval)", str(then["searches_run"]))
    table.add_row(f"searches on record at position {now['position']} (now)", str(now["searches_run"]))
    table.add_row("refused searches on record", str(replay["refused_searches_on_record"]))
    return table


def show_addresses(address: str, document: dict[str, Any], console: Console) -> None:
    """Where to go on by oneself, and with what."""
    console.print(f"\nserving {address} (the API's description: {address}/schema), until interrupted")
    console.print(f"accounts, password {PASSWORD}:")
    console.print(f"  {ADMINISTRATOR:8} administrator")
    for person in ACCOUNTS:
        console.print(f"  {person.username:8} {person.role}")
    facts = {"DAY": document["day"], "INCIDENT": document["incident"], "AUTHORISATION": document["authorisation"]}
    console.print("in the README's tours:")
    for word, value in {**facts, "SAMPLES": document["samples"]}.items():
        console.print(f"  {word:14}{value}", soft_wrap=True)
    console.print(f"try: oberih login olena --server {address}")
