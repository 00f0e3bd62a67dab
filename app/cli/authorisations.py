"""The authority for searches: requested by one person, approved by another of another unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, IfVersion, Limit, Reason, instant, iso, one_of
from domain.authorisation_state import PHASES
from domain.vocabulary import LEGAL_BASES

authorisations = typer.Typer(
    no_args_is_help=True, help="The authority for searches: requested by one person, approved by another."
)

NAMED_MAX = 4  # cameras in a line of the list

Authorisation = Annotated[UUID, typer.Argument(metavar="AUTHORISATION", help="The authorisation's id.")]


@authorisations.command("list")
def list_authorisations(
    ctx: typer.Context,
    state: Annotated[
        str | None,
        typer.Option("--state", help=one_of("Only these", PHASES)),
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the authorisations that you may see."""
    columns = (
        ("id", "authorisation"),
        ("state", "state"),
        ("requester", answers.named("requester")),
        ("unit", answers.named("requester_unit")),
        ("document", lambda row: f"{row.get('legal_basis', '')} {row.get('reference', '')}"),
        ("cameras", _cameras),
        ("window", lambda row: f"{answers.cell(row.get('window_from'))} – {answers.cell(row.get('window_to'))}"),
        ("used", lambda row: f"{row.get('used', '?')} of {row.get('quota', '?')}"),
        ("expires", "expires_at"),
    )
    with connect(ctx) as client:
        answers.listing(
            ctx, client.ask_list("/authorisations", limit, authorisation_state=state), columns, "authorisations"
        )


@authorisations.command("request")
def request(
    ctx: typer.Context,
    legal_basis: Annotated[str, typer.Option("--basis", help=one_of("Legal basis", LEGAL_BASES))],
    reference: Annotated[str, typer.Option("--reference", help="Number of the document.")],
    cameras: Annotated[list[str], typer.Option("--camera", help="By its name (KYIV-014) or id; repeat for several.")],
    window_from: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME, help="Begin of the window.")],
    window_to: Annotated[datetime, typer.Option("--to", parser=instant, metavar=TIME, help="End; at most 31 days.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What is looked for and why; kept sealed.")],
    incident: Annotated[UUID | None, typer.Option("--incident", help="The incident it serves.")] = None,
    case: Annotated[str | None, typer.Option("--case", help="Or the number of the case it serves.")] = None,
    quota: Annotated[int, typer.Option("--quota", help="How many searches, 1 to 1000.")] = 20,
    valid_hours: Annotated[int, typer.Option("--valid-hours", help="Hours from its approval, 1 to 720.")] = 72,
    *,
    child_image: Annotated[
        bool, typer.Option("--child-image", help="A picture of the missing child of --incident may be looked for.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Request the authority to search some cameras within a window of time.

    Example: oberih authorise request --incident ID --basis court-order --reference 757/1204/26
    --camera KYIV-014 --from 2026-11-23T08:00 --to 2026-11-23T18:00 --purpose "the van at the gate"
    """
    if (incident is None) == (case is None):
        raise typer.BadParameter("name --incident or --case, one of the two")
    body = {
        "legal_basis": legal_basis,
        "reference": reference,
        "cameras": cameras,
        "window_from": iso(window_from),
        "window_to": iso(window_to),
        "purpose": purpose,
        "incident": None if incident is None else str(incident),
        "case": case,
        "quota": quota,
        "valid_hours": valid_hours,
        "child_image": child_image or None,
    }
    with connect(ctx) as client:
        answers.receipt(ctx, client.command("/authorisations", body), "authorisation requested")


@authorisations.command("show")
def show(ctx: typer.Context, authorisation: Authorisation, as_json: AsJson = False) -> None:
    """Show an authorisation: its state, window, cameras and what is left of its quota."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/authorisations/{authorisation}"))


@authorisations.command("purpose")
def show_purpose(ctx: typer.Context, authorisation: Authorisation, as_json: AsJson = False) -> None:
    """Read what an authorisation is for; that it was read goes on record."""
    with connect(ctx) as client:
        answers.opened(ctx, client.ask(f"/authorisations/{authorisation}/purpose"), "text")


@authorisations.command("withdraw")
def withdraw(
    ctx: typer.Context,
    authorisation: Authorisation,
    reason: Reason,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw your own request, before anybody decided on it."""
    _change(ctx, authorisation, "withdraw", {"reason": reason}, if_version, "request withdrawn")


@authorisations.command("approve")
def approve(
    ctx: typer.Context, authorisation: Authorisation, if_version: IfVersion = None, as_json: AsJson = False
) -> None:
    """Approve a request of another unit."""
    _change(ctx, authorisation, "approve", {}, if_version, "authorisation approved")


@authorisations.command("refuse")
def refuse(
    ctx: typer.Context,
    authorisation: Authorisation,
    reason: Reason,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a request."""
    _change(ctx, authorisation, "refuse", {"reason": reason}, if_version, "authorisation refused")


@authorisations.command("revoke")
def revoke(
    ctx: typer.Context,
    authorisation: Authorisation,
    reason: Reason,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Revoke an authorisation that was approved: no search is run under it any more."""
    _change(ctx, authorisation, "revoke", {"reason": reason}, if_version, "authorisation revoked")


def _cameras(row: answers.Row) -> str:
    """The first codes, and how many there are."""
    names = [str(name) for name in row.get("camera_names") or row.get("cameras") or ()]
    more = f" and {len(names) - NAMED_MAX} more" if len(names) > NAMED_MAX else ""
    return ", ".join(names[:NAMED_MAX]) + more


def _change(
    ctx: typer.Context,
    authorisation: UUID,
    verb: str,
    body: Mapping[str, str | None],
    if_version: int | None,
    done: str,
) -> None:
    with connect(ctx) as client:
        answer = client.command(f"/authorisations/{authorisation}/{verb}", body, if_version=if_version)
    answers.receipt(ctx, answer, done)
