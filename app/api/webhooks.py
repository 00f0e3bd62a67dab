"""Webhooks over HTTP: registered, read, their secret renewed, paused, resumed, removed; and what was taken."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, done_with, page_of, versioned
from app.api.calls import Asked, House, call_of
from app.call import Call, now
from app.desk import expect_nothing
from app.lists import condition, webhook_columns
from app.webhooks.subjects import SUBJECTS
from domain.checks import existing
from domain.log import Receipt
from domain.webhooks import webhook
from domain.webhooks.webhook import (
    ASKED,
    ConfirmWebhook,
    PauseWebhook,
    RegisterWebhook,
    RemoveWebhook,
    RenewSecret,
    ResumeWebhook,
)
from projections import webhooks

Doc = msgspec.Meta


class NewWebhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`account`: of the partner, whose rights decide what it is told of."""

    account: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    url: Annotated[str, Doc(examples=["https://social.example/oberih"])]
    subjects: Annotated[list[str], Doc(examples=[["concern"]], description="kinds of things that it is told of")]


class Secret(Done, frozen=True, kw_only=True):
    """`secret` is what the receiver checks signatures with (Standard Webhooks): to be handed over with care."""

    secret: str


@post("/webhooks", sync_to_thread=True)
def register_webhook(request: Asked, house: House, data: JSONBody[NewWebhook]) -> Response[Secret]:
    """Once a data protection officer confirms it, the address is told of what the account may read. It is told that
    something happened, not what.
    """
    call = call_of(request, house, data)
    expect_nothing(call)
    key = call.new_key()
    command = RegisterWebhook(
        webhook=key,
        account=data.account,
        roles=house.people.roles_in_service(data.account),
        url=data.url,
        origins=house.deployment.settings.webhook_origins,
        subjects=tuple(data.subjects),
        subjects_known=tuple(SUBJECTS),
        by=call.principal.account,
    )
    receipt = house.desk.perform(
        call, Operation.WEBHOOK_REGISTER, webhook.DECIDER, key, command, lambda _: relations.SYSTEM
    )
    return done_with(Secret, receipt, key, created=True, secret=house.webhook_secrets.secret(key, 0))


@get("/webhooks", sync_to_thread=True)
def list_webhooks(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[webhooks.ShownWebhook]:
    """The webhooks that the caller may read, the oldest first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.WEBHOOK_LIST)
    only = condition(house, call, Operation.WEBHOOK_LIST, webhook_columns())
    with house.views.reading() as views:
        return page_of(webhooks.webhook_page(views, only=only, cursor=cursor, limit=limit))


@get("/webhooks/{key:uuid}", sync_to_thread=True)
def read_webhook(request: Asked, house: House, key: FromPath[UUID]) -> Response[webhooks.ShownWebhook]:
    """One webhook, with how many messages were taken, and when the last one was."""
    _required(request, house, Operation.WEBHOOK_READ, key)
    with house.views.reading() as views:
        found = existing("webhook", key, webhooks.webhook(views, key))
    return versioned(found, found.version)


@get("/webhooks/{key:uuid}/deliveries", sync_to_thread=True)
def list_deliveries(
    request: Asked,
    house: House,
    key: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[webhooks.Delivery]:
    """The messages that the receiver took, the latest first."""
    _required(request, house, Operation.WEBHOOK_DELIVERIES, key)
    with house.views.reading() as views:
        return page_of(webhooks.delivery_page(views, key, cursor=cursor, limit=limit))


@post("/webhooks/{key:uuid}/confirm", status_code=200, sync_to_thread=True)
def confirm_webhook(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Let it begin, as a second person: messages leave of what happened since it was registered."""
    call = call_of(request, house)
    return done(_perform(house, call, Operation.WEBHOOK_CONFIRM, ConfirmWebhook(webhook=key, by=_by(call))), key)


@post("/webhooks/{key:uuid}/secret", status_code=200, sync_to_thread=True)
def renew_secret(request: Asked, house: House, key: FromPath[UUID]) -> Response[Secret]:
    """Another secret. For a day messages carry a signature of the old one, too."""
    call = call_of(request, house)
    receipt = _perform(house, call, Operation.WEBHOOK_RENEW, RenewSecret(webhook=key, by=_by(call), at=now()))
    events = house.log.events(key, until_version=receipt.streams[0].version)
    renewals = existing("webhook", key, webhook.DECIDER.fold(events)).renewals
    return done_with(Secret, receipt, key, secret=house.webhook_secrets.secret(key, renewals))


@post("/webhooks/{key:uuid}/pause", status_code=200, sync_to_thread=True)
def pause_webhook(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Nothing is sent until it is resumed; what happens meanwhile waits."""
    call = call_of(request, house)
    command = PauseWebhook(webhook=key, cause=ASKED, by=_by(call))
    return done(_perform(house, call, Operation.WEBHOOK_PAUSE, command), key)


@post("/webhooks/{key:uuid}/resume", status_code=200, sync_to_thread=True)
def resume_webhook(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Go on where it was paused."""
    call = call_of(request, house)
    return done(_perform(house, call, Operation.WEBHOOK_PAUSE, ResumeWebhook(webhook=key, by=_by(call))), key)


@post("/webhooks/{key:uuid}/remove", status_code=200, sync_to_thread=True)
def remove_webhook(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Nothing more is sent, for good. What was sent stays on record."""
    call = call_of(request, house)
    return done(_perform(house, call, Operation.WEBHOOK_REMOVE, RemoveWebhook(webhook=key, by=_by(call))), key)


def _by(call: Call) -> UUID:
    return call.principal.account


def _required(request: Asked, house: House, operation: Operation, key: UUID) -> None:
    state = house.desk.load(webhook.DECIDER, key).state
    house.desk.require(call_of(request, house), operation, relations.webhook(key, state))


def _perform(
    house: House,
    call: Call,
    operation: Operation,
    command: ConfirmWebhook | RenewSecret | PauseWebhook | ResumeWebhook | RemoveWebhook,
) -> Receipt:
    key = command.webhook
    return house.desk.perform(
        call, operation, webhook.DECIDER, key, command, lambda state: relations.webhook(key, state)
    )


ROUTES = (
    register_webhook,
    list_webhooks,
    read_webhook,
    list_deliveries,
    confirm_webhook,
    renew_secret,
    pause_webhook,
    resume_webhook,
    remove_webhook,
)
