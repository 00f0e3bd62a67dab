"""Logging in and out, units, users and their roles, and the policy."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import AsJson, IfVersion, Limit, PasswordFile, Reason, invocation, one_of, password_from
from app.client import session
from app.client.http import Client, part
from app.client.refused import Refused
from domain.ids import account_id
from domain.vocabulary import REGIONS, ROLES, UNIT_KINDS

units = typer.Typer(no_args_is_help=True, help="Units of the police and of other bodies.")
users = typer.Typer(no_args_is_help=True, help="Accounts and their roles.")
policy = typer.Typer(no_args_is_help=True, help="The policy that says who may do what.")

User = Annotated[str, typer.Argument(metavar="USER", help="A username, or the account's id.")]
Role = Annotated[str, typer.Argument(metavar="ROLE", help=one_of("One of", ROLES))]


def login(
    ctx: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER")],
    server: Annotated[str | None, typer.Option("--server", metavar="URL", help="Where to log in.")] = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Log in at a server; the other commands use this login until it ends.

    Example: oberih login --server http://127.0.0.1:8420 olena
    """
    there = session.Session(session.current(server or invocation(ctx).server).server)
    password = password_from(password_file, confirm=False)
    with Client(there) as client:
        answer = client.login(user, password)
    session.keep(session.Session(there.server, answer["token"], user, answer.get("expires_at")))
    told = {name: value for name, value in answer.items() if name != "token"} | {"server": there.server}
    roles = ", ".join(answer.get("roles", ())) or "no role yet"
    until = answers.cell(answer.get("expires_at"))
    answers.document(ctx, told, lambda: answers.line(f"logged in at {there.server} as {user} ({roles}), until {until}"))
    if answer.get("password_must_be_changed"):
        answers.say("somebody else chose your password: choose your own before anything else: oberih password")


def logout(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Forget the login that is kept on this computer."""
    there = session.forget()
    answers.document(
        ctx, {"logged_out": there}, lambda: answers.line("logged out" if there else "nobody was logged in")
    )


def me(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Who is logged in, in which unit, with which roles."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask("/me"))


@units.command("list")
def list_units(ctx: typer.Context, limit: Limit = 100, as_json: AsJson = False) -> None:
    """List the units."""
    with connect(ctx) as client:
        columns = (("name", "name"), ("region", "region"), ("kind", "kind"), ("id", "unit"))
        answers.listing(ctx, client.ask_list("/units", limit), columns, "units")


@units.command("create")
def create_unit(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    region: Annotated[str, typer.Option("--region", help=one_of("ISO 3166-2 code", REGIONS))],
    kind: Annotated[str, typer.Option("--kind", help=one_of("One of", UNIT_KINDS))],
    as_json: AsJson = False,
) -> None:
    """Create a unit.

    Example: oberih unit create "Podil investigators" --region UA-30 --kind investigation
    """
    with connect(ctx) as client:
        answer = client.command("/units", {"name": name, "region": region, "kind": kind})
    answers.receipt(ctx, answer, "unit created")


@users.command("list")
def list_users(ctx: typer.Context, limit: Limit = 100, as_json: AsJson = False) -> None:
    """List the accounts."""
    columns = (
        ("username", "username"),
        ("state", "state"),
        ("unit", answers.named("unit")),
        ("created", "created_at"),
        ("password", "password"),
        ("suspended", "suspended_at"),
        ("id", "account"),
    )
    with connect(ctx) as client:
        answers.listing(ctx, client.ask_list("/accounts", limit), columns, "accounts")


@users.command("create")
def create_user(
    ctx: typer.Context,
    username: Annotated[str, typer.Argument(metavar="USERNAME")],
    full_name: Annotated[str, typer.Option("--full-name", help="The person's name; kept sealed in the record.")],
    unit: Annotated[str, typer.Option("--unit", help="The unit's name or id.")],
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Create an account; its initial password is asked for, and good for choosing another one.

    Example: oberih user create olena --full-name "Олена Коваль" --unit "Podil investigators"
    """
    password = password_from(password_file, confirm=True)
    with connect(ctx) as client:
        body = {"username": username, "full_name": full_name, "unit": _unit_id(client, unit), "password": password}
        answers.receipt(ctx, client.command("/accounts", body), f"account {username} created")


@users.command("show")
def show_user(ctx: typer.Context, user: User, as_json: AsJson = False) -> None:
    """Show an account, without its holder's name."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/accounts/{account_key(user)}"))


@users.command("name")
def show_name(ctx: typer.Context, user: User, as_json: AsJson = False) -> None:
    """Read the name of an account's holder; that it was read goes on record."""
    with connect(ctx) as client:
        answers.opened(ctx, client.ask(f"/accounts/{account_key(user)}/name"), "full_name")


@users.command("suspend")
def suspend(
    ctx: typer.Context, user: User, reason: Reason, if_version: IfVersion = None, as_json: AsJson = False
) -> None:
    """Suspend an account: it can no longer log in or act."""
    with connect(ctx) as client:
        answer = client.command(f"/accounts/{account_key(user)}/suspend", {"reason": reason}, if_version=if_version)
    answers.receipt(ctx, answer, f"account {user} suspended")


@users.command("give-role")
def give_role(ctx: typer.Context, user: User, role: Role, as_json: AsJson = False) -> None:
    """Give an account a role.

    Example: oberih user give-role olena investigator
    """
    with connect(ctx) as client:
        answer = client.command(f"/accounts/{account_key(user)}/roles", {"role": role})
    answers.receipt(ctx, answer, f"{user} is {role} now")


@users.command("withdraw-role")
def withdraw_role(ctx: typer.Context, user: User, role: Role, as_json: AsJson = False) -> None:
    """Withdraw a role from an account."""
    with connect(ctx) as client:
        answer = client.command(f"/accounts/{account_key(user)}/roles/{part(role)}/withdraw")
    answers.receipt(ctx, answer, f"{user} is {role} no longer")


@policy.command("show")
def show_policy(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the policy in force, and its digest."""
    with connect(ctx) as client:
        found = client.ask("/policy")

    def readable() -> None:
        answers.line(str(found.get("text", "")))
        answers.say(f"sha256 {found.get('sha256')}, in force: {answers.cell(found.get('in_force'))}")

    answers.document(ctx, found, readable)


@policy.command("adopt")
def adopt_policy(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Put the policy that the server runs on record as adopted."""
    with connect(ctx) as client:
        answers.receipt(ctx, client.command("/policy/adopt"), "policy adopted")


def account_key(user: str) -> str:
    """The account's id: the one given, or the one that follows from the username."""
    try:
        return str(UUID(user))
    except ValueError:
        return str(account_id(user))


def _unit_id(client: Client, unit: str) -> str:
    """The unit's id: the one given, or that of the unit with this name."""
    try:
        return str(UUID(unit))
    except ValueError:
        pass
    found = [row for row in client.ask_list("/units", 10_000)["items"] if row.get("name") == unit]
    if len(found) != 1:
        fault = "no unit has" if not found else f"{len(found)} units have"
        raise Refused(f"{fault} the name {unit!r}; give its id: oberih unit list shows them")
    return str(found[0]["unit"])
