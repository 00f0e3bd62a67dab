"""Searching the footage, and what became of earlier searches."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli import found as finding
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, Limit, instant, iso, one_of
from app.client.http import Answer, Client
from app.client.refused import Refused
from domain.search_query import LIMIT_MAX
from domain.vocabulary import VERDICTS

searches = typer.Typer(no_args_is_help=True, help="Searches that were run: read again, review, attach.")

IMAGE_BYTES_MAX = 64 << 20  # more than any server takes: refused before it is read into memory

Search = Annotated[UUID, typer.Argument(metavar="SEARCH", help="The search's id.")]
Rank = Annotated[int, typer.Argument(metavar="RANK", min=1, help="Rank of the hit.")]
Sheet = Annotated[
    Path | None, typer.Option("--sheet", metavar="FILE.png", help="Also draw the hits as a contact sheet.")
]


Words = Annotated[str | None, typer.Argument(metavar="TEXT", help="What to look for, Ukrainian or English.")]
Picture = Annotated[Path | None, typer.Option("--image", metavar="FILE", help="A picture to look for, not TEXT.")]
ChildImage = Annotated[
    bool, typer.Option("--child-image", help="The picture shows a child: --box it; needs an authorisation for it.")
]
Box = Annotated[str | None, typer.Option("--box", metavar="X,Y,W,H", help="Only this part of the picture, in pixels.")]


def search(
    ctx: typer.Context,
    authorisation: Annotated[UUID, typer.Option("--authorisation", help="The authority to search under.")],
    text: Words = None,
    image: Picture = None,
    box: Box = None,
    minus: Annotated[
        list[str] | None, typer.Option("--minus", help="What it should not look like; repeatable.")
    ] = None,
    child_image: ChildImage = False,
    cameras: Annotated[list[str] | None, typer.Option("--camera", help="Only this one; repeat for several.")] = None,
    from_at: Annotated[datetime | None, typer.Option("--from", parser=instant, metavar=TIME)] = None,
    to_at: Annotated[datetime | None, typer.Option("--to", parser=instant, metavar=TIME)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help="How many moments at most.")] = 10,
    *,
    sheet: Sheet = None,
    as_json: AsJson = False,
) -> None:
    """Find moments in the footage that an authorisation covers. Every search is on record.

    Example: oberih search "white van by the school gate" --authorisation ID --from 2026-11-24T07:30 --sheet van.png
    """
    if (text is None) == (image is None):
        raise typer.BadParameter("give TEXT or --image FILE, one of the two")
    check_sheet(sheet)
    body = {
        "authorisation": str(authorisation),
        "text": text,
        "image": None if image is None else base64.b64encode(_picture(image)).decode("ascii"),
        "box": _box(box, image),
        "minus": minus or None,
        "child_image": child_image or None,
        "cameras": cameras or None,
        "from_at": iso(from_at),
        "to_at": iso(to_at),
        "limit": limit,
    }
    title = text if image is None else f"like {image.name}"
    with connect(ctx) as client:
        _show(ctx, client, client.command("/searches", body), str(title), sheet, image)


@searches.command("list")
def list_searches(
    ctx: typer.Context,
    authorisation: Annotated[UUID | None, typer.Option("--authorisation", help="Only those under this one.")] = None,
    refused: Annotated[bool | None, typer.Option("--refused/--run", help="Only the refused, or only the run.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the searches that you may see: who looked for what under which authority."""
    columns = (
        ("id", "search"),
        ("at", "at"),
        ("searcher", answers.named("searcher")),
        ("by", "kind"),
        ("authorisation", "authorisation"),
        ("refused", "refused_code"),
        ("hits", _hits),
    )
    with connect(ctx) as client:
        said = None if refused is None else str(refused).lower()
        page = client.ask_list("/searches", limit, authorisation=authorisation, refused=said)
    answers.listing(ctx, page, columns, "searches")


@searches.command("show")
def show(ctx: typer.Context, search_id: Search, sheet: Sheet = None, as_json: AsJson = False) -> None:
    """Show a search that was run: who looked for what under which authority, its hits and what became of them.

    That the words were read goes on record, unless they are your own.
    """
    check_sheet(sheet)
    with connect(ctx) as client:
        found = client.ask(f"/searches/{search_id}")
        _show(ctx, client, found, found.get("text") or f"search {search_id}", sheet, None)


@searches.command("review")
def review(
    ctx: typer.Context,
    search_id: Search,
    rank: Rank,
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help=one_of("One of", VERDICTS))],
    note: Annotated[str | None, typer.Option("--note", help="Kept sealed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a hit shows what was looked for.

    Example: oberih searches review ID 1 relevant
    """
    with connect(ctx) as client:
        answer = client.command(f"/searches/{search_id}/hits/{rank}/review", {"verdict": verdict, "note": note})
    answers.receipt(ctx, answer, f"hit {rank} is {verdict}")


@searches.command("attach")
def attach(
    ctx: typer.Context,
    search_id: Search,
    rank: Rank,
    incident: Annotated[UUID, typer.Option("--incident", help="The incident it belongs to.")],
    as_json: AsJson = False,
) -> None:
    """Attach a hit that was reviewed as relevant to an incident."""
    with connect(ctx) as client:
        answer = client.command(f"/searches/{search_id}/hits/{rank}/attach", {"incident": str(incident)})
    answers.receipt(ctx, answer, f"hit {rank} attached to {incident}")


@searches.command("thumbnail")
def thumbnail(
    ctx: typer.Context,
    search_id: Search,
    rank: Rank,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.jpg", help="Where to write it.")],
    as_json: AsJson = False,
) -> None:
    """Save the picture of a hit."""
    with connect(ctx) as client:
        picture = client.picture(f"/searches/{search_id}/hits/{rank}/thumbnail")
    out.write_bytes(picture)
    answers.document(ctx, {"file": str(out), "bytes": len(picture)}, lambda: answers.line(f"{out}"))


def _hits(row: answers.Row) -> str:
    """How many were found, and what people made of them."""
    counts = {word: row.get(f"{word}_count") or 0 for word in ("moments", "reviewed", "relevant", "attached")}
    made = ", ".join(f"{count} {word}" for word, count in counts.items() if count and word != "moments")
    return f"{counts['moments']}: {made}" if made else str(counts["moments"])


def check_sheet(sheet: Path | None) -> None:
    """Before a search is drawn from the quota."""
    if sheet is not None and (sheet.suffix.lower() != ".png" or not sheet.parent.is_dir()):
        raise typer.BadParameter(f"{sheet}: name a .png file in a folder that exists")


def _show(
    ctx: typer.Context, client: Client, found: Answer, title: str, sheet: Path | None, image: Path | None
) -> None:
    written = sheet is None or answers.written(sheet, lambda: sheet.write_bytes(_drawn(client, found, title, image)))
    told = {**found, "sheet": str(sheet)} if sheet is not None and written else found
    answers.document(ctx, told, lambda: finding.show(told))
    if not written:
        raise typer.Exit(1)


def _drawn(client: Client, found: Answer, title: str, image: Path | None) -> bytes:
    from app import contact_sheet

    drawn = contact_sheet.SearchOnSheet(
        title=title,
        answer=found,
        thumbnails=_thumbnails(client, found),
        query_image=None if image is None else image.read_bytes(),
    )
    return contact_sheet.draw([drawn])


def _thumbnails(client: Client, found: Answer) -> dict[int, bytes]:
    """The hits' pictures by rank. One that cannot be had leaves its place empty and is named."""
    pictures: dict[int, bytes] = {}
    for moment in found["moments"]:
        if moment["thumbnail"] is None:
            answers.say(f"no picture of hit {moment['rank']}: {finding.UNSHOWN}")
            continue
        try:
            pictures[moment["rank"]] = client.picture(moment["thumbnail"])
        except Refused as refusal:
            answers.say(f"no picture of hit {moment['rank']}: {refusal.line}")
    return pictures


def _picture(image: Path) -> bytes:
    if image.stat().st_size > IMAGE_BYTES_MAX:
        raise Refused(f"{image} has {image.stat().st_size >> 20} MiB; cut out what to look for, or save it smaller")
    return image.read_bytes()


def _box(text: str | None, image: Path | None) -> list[int] | None:
    if text is None:
        return None
    parts = text.split(",")
    if image is None or len(parts) != 4 or not all(each.strip().isdecimal() for each in parts):
        raise typer.BadParameter("--box X,Y,W,H is a part of the --image: four whole numbers of pixels")
    return [int(each) for each in parts]
