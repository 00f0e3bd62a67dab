"""The commands of a client that was offline, sent at once: done in order, each answered as if it had come alone.

Each has the idempotency key and the expected version that it was made with, so that the whole queue can be sent again
after a cut connection, and nothing that somebody else changed meanwhile is overwritten: that one command is refused,
with the current version, and those after it are tried all the same, unless the client asks to stop.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.params import JSONBody

from app.api.calls import KEY_LENGTH_MAX, PURPOSE_LENGTH_MAX, VERSION_DIGITS_MAX, Asked, House, call_of
from app.api.problems import refused, status_of
from app.desk import expect_nothing
from domain.checks import whole
from domain.errors import Invalid

Doc = msgspec.Meta

COMMANDS_MAX = 100
VERSION_MAX = 10**VERSION_DIGITS_MAX - 1
NOT_QUEUED = ("/login", "/queue", "/me/password", "/accounts", "/footage", "/searches")  # secrets, pictures
CARRIED = (b"authorization", b"accept-language")
BINARY = re.compile(r"/cases/[^/]+/attachments")  # sent as they are
PLAIN = re.compile(r"(/[A-Za-z0-9@-]+)+")
PLACE = re.compile(r"@(\d{1,3})(?=/|$)")


class Queued(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One command, as it would be sent alone. `@1` as a part of its path stands for the id that the first command of
    the queue was answered with: an incident that was recorded offline has none yet.
    """

    path: Annotated[str, Doc(examples=["/cases/7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60/contacts"])]
    body: Annotated[dict[str, Any], Doc(examples=[{}])] = {}
    idempotency_key: Annotated[str, Doc(min_length=1, max_length=KEY_LENGTH_MAX, examples=["telephone-7-20261120-1"])]
    expected_version: Annotated[int | None, Doc(description="as If-Match")] = None
    purpose: Annotated[str, Doc(max_length=PURPOSE_LENGTH_MAX, description="as Oberih-Purpose, percent-encoded")] = ""


class Queue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    commands: Annotated[
        list[Queued],
        Doc(
            min_length=1,
            max_length=COMMANDS_MAX,
            examples=[[{"path": "/cases/7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60/close", "idempotency_key": "7-1"}]],
        ),
    ]
    stop_at_refusal: bool = False


class QueuedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the command alone would have been answered: its receipt, or why it was refused. `status` 424: the command
    that it stands on was refused, or the queue was to stop; it was not tried.
    """

    idempotency_key: str
    status: int
    version: int | None  # of the thing now: also where it was not the expected one
    answer: Any


class QueueAnswer(msgspec.Struct, frozen=True):
    answers: list[QueuedAnswer]


@post("/queue", status_code=200)
async def send_queue(request: Asked, house: House, data: JSONBody[Queue]) -> QueueAnswer:
    """Do the commands of a client that was offline, in order, and answer each. Casework only: nothing that is sent as
    a file, and no passwords. The queue itself has no version: an If-Match is refused.
    """
    call = await asyncio.to_thread(call_of, request, house)
    expect_nothing(call)
    _check(data.commands)
    answers: list[QueuedAnswer] = []
    for command in data.commands:
        stopped = data.stop_at_refusal and any(each.status >= 400 for each in answers)
        answers.append(_not_tried(command) if stopped else await _answer(request, command, answers))
    return QueueAnswer(answers)


async def _answer(request: Asked, command: Queued, before: Sequence[QueuedAnswer]) -> QueuedAnswer:
    """One that cannot be queued is refused alone: what the others do does not wait for it."""
    try:
        _check_one(len(before), command)
    except Invalid as fault:
        answer = refused(request, fault).content
        status = int(status_of(fault))
        return QueuedAnswer(idempotency_key=command.idempotency_key, status=status, version=None, answer=answer)
    path = _path(command.path, before)
    return _not_tried(command) if path is None else await _send(request, path, command)


def _check(commands: Sequence[Queued]) -> None:
    """Of all of them, before the first is done: each has a key of its own. Raises Invalid."""
    keys = [command.idempotency_key for command in commands]
    if len(set(keys)) < len(keys):
        raise Invalid("idempotency_key", "is the same of two commands", "give each one of its own")
    if any(not key.isascii() for key in keys):  # a header carries no other letters, and would make two keys one
        raise Invalid("idempotency_key", "has letters beyond ASCII", "write it in Latin letters and digits")


def _check_one(place: int, command: Queued) -> None:
    field = f"commands[{place}].path"
    queued = PLAIN.fullmatch(command.path) and not BINARY.fullmatch(command.path)
    if not queued or command.path.startswith(NOT_QUEUED):
        raise Invalid(field, "is no command that is queued", "send it by itself")
    if command.expected_version is not None:
        whole(f"commands[{place}].expected_version", command.expected_version, least=0, most=VERSION_MAX)
    if any(not 1 <= int(number) <= place for number in PLACE.findall(command.path)):
        raise Invalid(field, "stands on a command that does not come before it", "number them from 1, in order")


def _path(path: str, answers: Sequence[QueuedAnswer]) -> str | None:
    """With the ids of earlier commands in their places; None where one of them was refused, or made nothing."""
    for number in {int(each) for each in PLACE.findall(path)}:
        before = answers[number - 1]
        if before.status >= 400 or not isinstance(before.answer, dict) or "id" not in before.answer:
            return None
        path = re.sub(rf"@{number}(?=/|$)", str(before.answer["id"]), path)
    return path


def _not_tried(command: Queued) -> QueuedAnswer:
    return QueuedAnswer(idempotency_key=command.idempotency_key, status=424, version=None, answer=None)


async def _send(request: Asked, path: str, command: Queued) -> QueuedAnswer:
    """Through the whole application, as if it had come alone: the same guards, the same refusals, the same record."""
    said: list[Any] = []
    body = msgspec.json.encode(command.body)
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    scope: Any = {
        **{name: request.scope.get(name) for name in ("type", "asgi", "http_version", "scheme", "client", "server")},
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": _headers(request, command, len(body)),
        "state": {},
        "extensions": {},
    }
    application: Any = request.app
    await asyncio.create_task(application(scope, receive, send))  # a context of its own: its logs are its own
    return _answered(command, said)


def _headers(request: Asked, command: Queued, length: int) -> list[tuple[bytes, bytes]]:
    given = [(name, value) for name, value in request.scope["headers"] if name in CARRIED]
    made = {
        "content-type": "application/json",
        "content-length": str(length),
        "idempotency-key": command.idempotency_key,
        "if-match": "" if command.expected_version is None else f'"{command.expected_version}"',
        "oberih-purpose": command.purpose or request.headers.get("Oberih-Purpose", ""),
    }
    return [*given, *((name.encode(), value.encode("latin-1", "replace")) for name, value in made.items() if value)]


def _answered(command: Queued, said: Sequence[Any]) -> QueuedAnswer:
    headers = {name.lower(): value for name, value in said[0]["headers"]}
    answer = msgspec.json.decode(b"".join(each.get("body", b"") for each in said[1:]) or b"null")
    tag = headers.get(b"etag", b"").decode().strip('"')
    return QueuedAnswer(
        idempotency_key=command.idempotency_key,
        status=said[0]["status"],
        version=int(tag) if tag.isdigit() else None,
        answer=answer,
    )


ROUTES = (send_queue,)
