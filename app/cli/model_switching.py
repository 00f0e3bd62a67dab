"""Which model answers: accepting a card, switching to its model, abandoning that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import AsJson, IfVersion, Limit, Reason, invocation

WAY_OUT = (
    "as long as one of these is left, the switch waits. Each is tried again by itself: mend the cause, such as an"
    " original that is gone. Where that cannot be: oberih footage reindex SHA256 (it is out of the search until it is"
    " indexed anew, and holds the switch up no longer even where that fails), oberih footage erase SHA256 (by order),"
    " or oberih model abandon"
)
CARDS: tuple[answers.Column, ...] = (
    ("model", "model"),
    ("precision", "precision"),
    ("licence", "licence"),
    ("generation", "generation"),
)
HISTORY: tuple[answers.Column, ...] = (
    ("at", "at"),
    ("what", "topic"),
    ("generation", "generation"),
    ("by", answers.named("by")),
    ("footages", "footages"),
    ("rows", "rows"),
    ("bytes", "bytes"),
)


def accept(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="MODEL", help="As the setting `model` names it.")],
    card: Annotated[str, typer.Option("--card", metavar="SHA256", help="The digest of the card that you read.")],
    reason: Reason,
    precision: Annotated[str, typer.Option("--precision", help="float32, bfloat16 or auto.")] = "float32",
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Accept a model's card for this deployment: the model is loaded, and known by its weights from then on.

    Example: oberih model accept local-dir:/srv/models/xlm --card 9f2c... --reason "Card read; licence permits it"
    """
    body = {"model": name, "card_sha256": card, "precision": precision, "reason": reason}
    with connect(ctx) as client:
        answer = client.command("/models/accept", body, if_version=if_version)
    answers.receipt(ctx, answer, f"{name} accepted")
    if not invocation(ctx).as_json:
        answers.line(f"another administrator begins the switch to it: oberih model switch {answer['generation']}")


def switch(
    ctx: typer.Context,
    generation: Annotated[str, typer.Argument(metavar="GENERATION", help="As `accept` and `status` name it.")],
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Switch to a model whose card another administrator accepted; searches are answered throughout."""
    with connect(ctx) as client:
        answer = client.command("/models/switch", {"generation": generation}, if_version=if_version)
    answers.receipt(ctx, answer, "the switch is begun: oberih model status tells how far it is")


def abandon(ctx: typer.Context, reason: Reason, if_version: IfVersion = None, as_json: AsJson = False) -> None:
    """Abandon the switch under way; what was built of it goes off the disk."""
    with connect(ctx) as client:
        answer = client.command("/models/abandon", {"reason": reason}, if_version=if_version)
    answers.receipt(ctx, answer, "the switch is abandoned")


def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show which model answers, which were accepted, and how far a switch is."""
    with connect(ctx) as client:
        found = client.ask("/models")

    def readable() -> None:
        answers.line(f"{found['model']} answers ({found['rows']} rows, {found['bytes']} bytes): {found['generation']}")
        if found["accepted"]:
            answers.table(found["accepted"], CARDS)
        if under_way := found["switch"]:
            done = under_way["footages"] - under_way["footages_left"]
            answers.line(f"{done} of {under_way['footages']} footages are built in {under_way['to_generation']}")
            for sha256, fault in under_way["faults"].items():
                answers.say(f"{sha256}: {fault}")
            if under_way["faults"]:
                answers.say(WAY_OUT)

    answers.document(ctx, found, readable)


def history(ctx: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List what was decided about models, and what each switch took."""
    with connect(ctx) as client:
        answers.listing(ctx, client.ask_list("/models/history", limit), HISTORY, "decisions about models")


def reasons(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Read why cards were accepted and switches abandoned; that it was read goes on record."""
    columns = (("at", "at"), ("what", "topic"), ("by", answers.named("by")), ("reason", "text"))
    with connect(ctx) as client:
        answers.listing(ctx, client.ask("/models/reasons"), columns, "reasons")


VERBS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("accept", accept),
    ("switch", switch),
    ("abandon", abandon),
    ("status", status),
    ("history", history),
    ("reasons", reasons),
)
