"""Children in incidents, known by pseudonym."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.incidents import Incident, incidents
from app.cli.options import AsJson, IfVersion, Limit, one_of
from domain.vocabulary import CHILD_ROLES

__all__ = ["incidents"]  # with the commands of this module


@incidents.command("link-child")
def link_child(
    ctx: typer.Context,
    incident: Incident,
    role: Annotated[str, typer.Option("--role", help=one_of("One of", CHILD_ROLES))],
    pseudonym: Annotated[
        str | None, typer.Option("--pseudonym", help="Of a child that is in another incident; left out: a new child.")
    ] = None,
    child: Annotated[UUID | None, typer.Option("--child", help="The child's id, where two are called alike.")] = None,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Link a child to an incident, by a pseudonym: never by name.

    A child that is new here gets its pseudonym from the server. To link the same child to another incident, say that
    pseudonym: `oberih incident children` lists those of the incidents that you may read.

    Example: oberih incident link-child ID --role victim
    """
    body = {"role": role, "pseudonym": pseudonym, "child": None if child is None else str(child)}
    with connect(ctx) as client:
        answer = client.command(f"/incidents/{incident}/children", body, if_version=if_version)
    called = answer.get("pseudonym", pseudonym)
    answers.receipt(ctx, answer, f"{called} linked as {role}", already=f"{called} was linked as {role} already")


@incidents.command("children")
def list_children(
    ctx: typer.Context,
    pseudonym: Annotated[str | None, typer.Option("--pseudonym", help="Only the child called so.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the children of the incidents that you may see, by pseudonym."""
    columns = (
        ("pseudonym", "pseudonym"),
        ("role", "role"),
        ("kind", "kind"),
        ("community", "community"),
        ("occurred", "occurred_from"),
        ("incident", "incident"),
    )
    with connect(ctx) as client:
        answers.listing(ctx, client.ask_list("/children", limit, pseudonym=pseudonym), columns, "children")
