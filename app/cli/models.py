"""Pretrained models: which there are, how their files get to a machine without internet, and whether they came whole.

These commands open files themselves and need no server.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from app.cli import answers
from app.cli.local import one_line_faults
from app.cli.options import AsJson
from app.client.refused import Refused

if TYPE_CHECKING:
    from gpu_jobs.models.card import ModelCard
    from gpu_jobs.models.catalogue import Choice

models = typer.Typer(help="Pretrained models: choose, fetch, carry, verify.", no_args_is_help=True)

Model = Annotated[
    str, typer.Argument(metavar="NAME", help="As `oberih model list` names it, or NAME:/weights.safetensors.")
]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER")]


@models.command("list")
def list_models(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Show this one with all that is known.")] = None,
    carried: Annotated[
        list[Path] | None, typer.Option("--in", metavar="DIR", help="Look here for carried models; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the built-in model and the documented choices: published figures, licence, intended use, what lies here.

    Example: oberih model list --in /srv/models
    """
    from gpu_jobs.models.catalogue import CHOICES, OFFLINE, choice_of

    listed = [choice for choice in (OFFLINE, *CHOICES) if name in (None, choice.name)]
    if not listed:
        raise Refused(f"name: {name!r} is not a documented choice; oberih model list names them")
    with one_line_faults():
        here = _carried(carried or [])
        items = [_as_listed(choice, here) for choice in listed]
    if name is not None:
        answers.facts(ctx, items[0])
        return
    others = [str(folder) for folder, card in here if choice_of(card.name) is None]
    answers.listing(ctx, {"items": items, "others_carried_in": others}, _columns(), "choices")
    if others:
        answers.say(f"carried, of one's own making: {', '.join(others)}")


def _as_listed(choice: Choice, here: Sequence[tuple[str, ModelCard]]) -> dict[str, Any]:
    from gpu_jobs.models.catalogue import card_of
    from gpu_jobs.models.hub import is_cached

    return {
        **_plain(choice),
        "card_sha256": card_of(choice.name).digest(),
        "built_in": not choice.repository,
        "cached": bool(choice.repository) and is_cached(choice.repository),
        "carried_in": [folder for folder, card in here if card.name == choice.name],
    }


@models.command()
def fetch(
    ctx: typer.Context,
    name: Model,
    folder: Folder,
    converting: Annotated[
        bool,
        typer.Option("--convert", help="Where weights are there only as a pickle, make safetensors of them, shut in."),
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--convert-without",
            metavar="PART",
            help="Convert even where this kernel lacks that part of the seal (landlock or seccomp); repeatable. The "
            "card says so.",
        ),
    ] = None,
    licence: Annotated[str, typer.Option("--licence", help="Of a model of one's own.")] = "",
    intended_use: Annotated[str, typer.Option("--intended-use", help="Of a model of one's own.")] = "",
    language: Annotated[list[str] | None, typer.Option("--language", help="Of its queries, such as uk.")] = None,
    template: Annotated[
        list[str] | None, typer.Option("--template", help="Put searched words into this, at {}; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put all that a model needs into a new folder, with a card and digests, to be carried where there is no internet.

    Example: oberih model fetch xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k /media/usb/xlm-base --convert
    """
    from gpu_jobs.models.carrying import Terms, carry

    terms = None
    if licence and intended_use:
        terms = Terms(licence=licence, intended_use=intended_use, languages=tuple(language or ["en"]))
    with one_line_faults():
        card = carry(name, folder, converting=converting, without=without or (), terms=terms, templates=template or ())
    _show_fetched(ctx, card, folder)


def _show_fetched(ctx: typer.Context, card: ModelCard, folder: Path) -> None:
    def readable() -> None:
        answers.line(f"{card.name} lies in {folder}: {len(card.files)} files and their card")
        answers.line(f"source: {card.source}")
        answers.line(f"licence: {card.licence}")
        answers.line(f"intended use: {card.intended_use}")
        answers.line(f"digest of the card: {card.digest()}")
        answers.line("tell that digest by another way, and there: oberih model verify FOLDER --digest DIGEST")

    answers.document(ctx, {**_plain(card), "card_sha256": card.digest()}, readable)


@models.command()
def verify(
    ctx: typer.Context,
    folder: Folder,
    digest: Annotated[
        str, typer.Option("--digest", metavar="SHA256", help="What the card's digest must be, as fetch told it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Hash every file of a carried model, load it, embed a picture and a text, and tell its digests and generation.

    Example: oberih model verify /srv/models/xlm-base --digest 9f73…d3e9
    """
    from gpu_jobs.verifying import verify as verified

    with one_line_faults():
        found = verified(folder, card_sha256=digest)
    answers.facts(ctx, {**_plain(found), "setting": f"local-dir:{folder.resolve()}"})


def _carried(folders: Sequence[Path]) -> list[tuple[str, ModelCard]]:
    """Folders with a card, in these or themselves such, and their cards."""
    from gpu_jobs.models.card import read_card

    looked = [each for folder in folders for each in (folder, *sorted(folder.iterdir())) if each.is_dir()]
    return [(str(each), card) for each in looked if (card := read_card(each)) is not None]


def _columns() -> list[answers.Column]:
    from gpu_jobs.models.catalogue import UK_AT_1, UK_MEAN

    return [
        ("name", "name"),
        ("for", "purpose"),
        ("uk R@1", lambda row: _figure(row, UK_AT_1)),
        ("uk mean %", lambda row: _figure(row, UK_MEAN)),
        ("licence", "licence"),
        ("here", lambda row: [*_here(row), *row["carried_in"]]),
    ]


def _here(row: answers.Row) -> list[str]:
    return [words for field, words in (("built_in", "built in"), ("cached", "cached")) if row[field]]


def _figure(row: answers.Row, what: str) -> object:
    return next((each["value"] for each in row["figures"] if each["what"] == what), None)


def _plain(record: msgspec.Struct) -> dict[str, Any]:
    """As JSON has it: lists, no tuples."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return plain
