"""Incidents against and by children."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, IfVersion, Limit, Reason, instant, iso, one_of, text_or_file
from app.cli.people import account_key
from app.client.http import part
from domain.vocabulary import INCIDENT_KINDS, REGIONS

incidents = typer.Typer(no_args_is_help=True, help="Incidents against and by children.")

Incident = Annotated[UUID, typer.Argument(metavar="INCIDENT", help="The incident's id.")]
Kind = Annotated[str, typer.Option("--kind", help=one_of("One of", INCIDENT_KINDS))]


@incidents.command("list")
def list_incidents(
    ctx: typer.Context,
    kind: Annotated[str | None, typer.Option("--kind", help="Only of this kind.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Only of this region (UA-30).")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only these: open or voided.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the incidents that you may see, the latest first."""
    columns = (
        ("id", "incident"),
        ("kind", "kind"),
        ("occurred", "occurred_from"),
        ("region", "region"),
        ("community", "community"),
        ("unit", answers.named("unit")),
        ("officer", answers.named("officer")),
        ("state", _state),
    )
    with connect(ctx) as client:
        page = client.ask_list("/incidents", limit, kind=kind, region=region, incident_state=state)
    answers.listing(ctx, page, columns, "incidents")


def _state(row: answers.Row) -> object:
    """With how much of what its reporter added the officer has not read."""
    return f"{row['state']}, {row['unheard']} unheard" if row.get("unheard") else row.get("state")


@incidents.command("record")
def record(
    ctx: typer.Context,
    kind: Kind,
    occurred_from: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME, help="Not before.")],
    region: Annotated[str, typer.Option("--region", help=one_of("ISO 3166-2 code", REGIONS))],
    community: Annotated[str, typer.Option("--community", help="The territorial community.")],
    occurred_to: Annotated[
        datetime | None, typer.Option("--to", parser=instant, metavar=TIME, help="Not after; the same if left out.")
    ] = None,
    narrative: Annotated[
        str | None, typer.Option("--narrative", help="What happened; kept sealed. This, or a file.")
    ] = None,
    narrative_file: Annotated[
        Path | None, typer.Option("--narrative-file", help="Or the narrative from this file ('-': standard input).")
    ] = None,
    names: Annotated[
        list[UUID] | None, typer.Option("--names", help="Id of a child whom the narrative names; repeatable.")
    ] = None,
    officer: Annotated[
        str | None, typer.Option("--officer", metavar="USER", help="Who is in charge; you if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record an incident.

    Example: oberih incident record --kind missing-child --from 2026-11-23T14:05 --region UA-30
    --community Podil --narrative-file -
    """
    body = {
        "kind": kind,
        "occurred_from": iso(occurred_from),
        "occurred_to": iso(occurred_to or occurred_from),
        "region": region,
        "community": community,
        "narrative": text_or_file("narrative", narrative, narrative_file),
        "names": [str(name) for name in names or ()],
        "officer": None if officer is None else account_key(officer),
    }
    with connect(ctx) as client:
        answers.receipt(ctx, client.command("/incidents", body), "incident recorded")


@incidents.command("show")
def show(ctx: typer.Context, incident: Incident, as_json: AsJson = False) -> None:
    """Show an incident with its children and footage, without its narrative."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/incidents/{incident}"))


@incidents.command("narrative")
def narrative(ctx: typer.Context, incident: Incident, as_json: AsJson = False) -> None:
    """Read an incident's narrative and what its reporter added; that it was read goes on record."""
    with connect(ctx) as client:
        found = client.ask(f"/incidents/{incident}/narrative")

    def readable() -> None:
        answers.line(answers.unsealed(found["text"]))
        for added in found["added"]:
            answers.line(f"added {answers.cell(added['at'])}: {answers.unsealed(added['text'])}")

    answers.document(ctx, found, readable)


@incidents.command("timeline")
def timeline(ctx: typer.Context, incident: Incident, limit: Limit = 500, as_json: AsJson = False) -> None:
    """Show what happened to an incident, in order."""
    columns = (
        ("position", "position"),
        ("recorded", "recorded_at"),
        ("what", "topic"),
        ("by", answers.named("actor")),
        ("role", "role"),
        ("purpose", "purpose"),
        ("facts", lambda row: answers.compact(row["facts"])),
        ("since", lambda row: (row.get("clock_change") or {}).get("statement", "")),
    )
    with connect(ctx) as client:
        answers.listing(ctx, client.ask_list(f"/incidents/{incident}/timeline", limit), columns, "events")


@incidents.command("reclassify")
def reclassify(
    ctx: typer.Context,
    incident: Incident,
    kind: Kind,
    reason: Reason,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Change an incident's kind."""
    _change(ctx, incident, "reclassify", {"kind": kind, "reason": reason}, if_version, f"incident is {kind} now")


@incidents.command("link-footage")
def link_footage(
    ctx: typer.Context,
    incident: Incident,
    footage: Annotated[str, typer.Option("--footage", metavar="SHA256", help="Digest of the footage.")],
    from_at: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME)],
    to_at: Annotated[datetime, typer.Option("--to", parser=instant, metavar=TIME)],
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Link a stretch of footage to an incident: a part of what the footage lasts."""
    body = {"footage_sha256": footage, "from_at": iso(from_at), "to_at": iso(to_at)}
    _change(ctx, incident, "footage", body, if_version, "footage linked", already="it was linked already")


@incidents.command("void")
def void(
    ctx: typer.Context, incident: Incident, reason: Reason, if_version: IfVersion = None, as_json: AsJson = False
) -> None:
    """Void an incident that was recorded in error: it stays readable and takes nothing more."""
    _change(ctx, incident, "void", {"reason": reason}, if_version, "incident voided")


def _change(
    ctx: typer.Context,
    incident: UUID,
    verb: str,
    body: Mapping[str, str | None],
    if_version: int | None,
    done: str,
    already: str = "nothing changed: it was so before",
) -> None:
    with connect(ctx) as client:
        answer = client.command(f"/incidents/{part(str(incident))}/{verb}", body, if_version=if_version)
    answers.receipt(ctx, answer, done, already=already)
