"""A webhook: an address of a partner's system, which is told of every event that its account may read.

An administrator registers it, and a second person, who protects data, lets it begin. It is told that something
happened, never what: the event's topic and the thing's id, to be read over the API by the
account, where the policies decide as for anybody. Its secret is stored nowhere: it follows from the deployment's root
key, the webhook and how often it was renewed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid, WrongState
from domain.event import Event
from domain.webhooks import words

URL_CHARACTERS_MAX = 500
LOOPBACK = ("127.0.0.1", "::1", "localhost")
REGISTERED, ACTIVE, PAUSED, REMOVED = "registered", "active", "paused", "removed"  # words.WEBHOOK_STATES
ASKED, FAILING, GONE = "asked", "receiver-failing", "receiver-gone"  # words.PAUSE_CAUSES


class ConfirmerIsRegistrar(DomainError):
    """A second person lets it begin."""

    code = "confirmer-is-registrar"

    def __init__(self) -> None:
        super().__init__("nobody confirms a webhook that they registered; ask a data protection officer")


class WebhookRegistered(Event, frozen=True, kw_only=True):
    TOPIC = "webhook.registered"

    account: UUID  # whose rights decide what it is told of
    url: str
    subjects: tuple[str, ...]  # kinds of things: the first words of topics
    by: UUID


class WebhookConfirmed(Event, frozen=True, kw_only=True):
    """From now on messages leave, of what happened since it was registered."""

    TOPIC = "webhook.confirmed"

    by: UUID


class SecretRenewed(Event, frozen=True, kw_only=True):
    TOPIC = "webhook.secret-renewed"

    at: datetime
    by: UUID


class WebhookPaused(Event, frozen=True, kw_only=True):
    """Nothing is sent meanwhile, and nothing is lost: what happens waits."""

    TOPIC = "webhook.paused"

    cause: str  # words.PAUSE_CAUSES
    by: UUID


class WebhookResumed(Event, frozen=True, kw_only=True):
    TOPIC = "webhook.resumed"

    by: UUID


class WebhookRemoved(Event, frozen=True, kw_only=True):
    TOPIC = "webhook.removed"

    by: UUID


class WebhookDelivered(Event, frozen=True, kw_only=True):
    """The receiver took the message of one event. A stream of its own: `ids.webhook_delivery_id`."""

    TOPIC = "webhook-delivery.taken"

    webhook: UUID
    stream: UUID  # of the event that it was told of
    version: int
    topic: str
    attempts: int  # since the server began to try


class RegisterWebhook(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    account: UUID
    roles: frozenset[str]  # that the account holds in service
    url: str
    origins: tuple[str, ...]  # that this deployment may send to
    subjects: tuple[str, ...]
    subjects_known: tuple[str, ...]
    by: UUID


class ConfirmWebhook(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    by: UUID


class RenewSecret(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    by: UUID
    at: datetime


class PauseWebhook(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    cause: str
    by: UUID


class ResumeWebhook(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    by: UUID


class RemoveWebhook(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    by: UUID


WebhookCommand: TypeAlias = (
    RegisterWebhook | ConfirmWebhook | RenewSecret | PauseWebhook | ResumeWebhook | RemoveWebhook
)


class Webhook(msgspec.Struct, frozen=True):
    account: UUID
    url: str
    subjects: tuple[str, ...]
    registrar: UUID
    phase: str = REGISTERED
    renewals: int = 0
    renewed_at: datetime | None = None


def origin_of(url: str) -> str:
    """Scheme, host and port, as a deployment names them. Raises Invalid where the URL is none to send to."""
    checks.line("url", url, characters_max=URL_CHARACTERS_MAX)
    mend = "write https, host and path, such as https://social.example/oberih"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise Invalid("url", "is no address", mend) from fault
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Invalid("url", "is no address of the web", mend)
    if parts.username is not None or parts.query or parts.fragment:
        raise Invalid("url", "carries a name, a query or a fragment", mend)
    return f"{parts.scheme}://{parts.hostname}" + ("" if port is None else f":{port}")


def check_origins(origins: tuple[str, ...]) -> None:
    """What an operator lists as such. Plain HTTP never leaves the machine. Raises ValueError."""
    for origin in origins:
        try:
            whole = origin_of(origin) == origin
        except Invalid:
            whole = False
        host = urlsplit(origin).hostname if whole else ""
        if not whole or (origin.startswith("http:") and host not in LOOPBACK):
            raise ValueError(f"webhook_origins: {origin!r} is none; write https, host and port only")


def decide_register(state: Webhook | None, command: RegisterWebhook) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("webhook", command.webhook)
    if not command.roles:
        raise Invalid("account", f"{command.account} holds no role in service", "name the account of the partner")
    origin = origin_of(command.url)
    if origin not in command.origins:
        mend = "let the operator add it to webhook_origins in oberih.json"
        raise Invalid("url", f"this deployment may not send to {origin}", mend)
    subjects = checks.unique("subjects", command.subjects, least=1, most=len(command.subjects_known))
    return (
        WebhookRegistered(
            account=command.account,
            url=command.url,
            subjects=tuple(checks.one_of("subjects", subject, command.subjects_known) for subject in subjects),
            by=command.by,
        ),
    )


def decide_confirm(state: Webhook | None, command: ConfirmWebhook) -> tuple[Event, ...]:
    """By a second person: what lets data leave takes two. Confirmed already, nothing changes."""
    webhook = _standing(state, command.webhook)
    if command.by == webhook.registrar:
        raise ConfirmerIsRegistrar
    return (WebhookConfirmed(by=command.by),) if webhook.phase == REGISTERED else ()


def decide_renew(state: Webhook | None, command: RenewSecret) -> tuple[Event, ...]:
    _standing(state, command.webhook)
    return (SecretRenewed(at=command.at, by=command.by),)


def decide_pause(state: Webhook | None, command: PauseWebhook) -> tuple[Event, ...]:
    """Paused already, nothing changes."""
    webhook = _confirmed(state, command.webhook)
    cause = checks.one_of("cause", command.cause, words.PAUSE_CAUSES)
    return () if webhook.phase == PAUSED else (WebhookPaused(cause=cause, by=command.by),)


def decide_resume(state: Webhook | None, command: ResumeWebhook) -> tuple[Event, ...]:
    webhook = _confirmed(state, command.webhook)
    return () if webhook.phase == ACTIVE else (WebhookResumed(by=command.by),)


def decide_remove(state: Webhook | None, command: RemoveWebhook) -> tuple[Event, ...]:
    _standing(state, command.webhook)
    return (WebhookRemoved(by=command.by),)


def evolve_registered(state: None, event: WebhookRegistered) -> Webhook:
    return Webhook(account=event.account, url=event.url, subjects=event.subjects, registrar=event.by)


def evolve_confirmed(state: Webhook, event: WebhookConfirmed) -> Webhook:
    return replace(state, phase=ACTIVE)


def evolve_renewed(state: Webhook, event: SecretRenewed) -> Webhook:
    return replace(state, renewals=state.renewals + 1, renewed_at=event.at)


def evolve_paused(state: Webhook, event: WebhookPaused) -> Webhook:
    return replace(state, phase=PAUSED)


def evolve_resumed(state: Webhook, event: WebhookResumed) -> Webhook:
    return replace(state, phase=ACTIVE)


def evolve_removed(state: Webhook, event: WebhookRemoved) -> Webhook:
    return replace(state, phase=REMOVED)


DECIDER: Decider[WebhookCommand, Webhook] = Decider(
    kind="webhook",
    decides={
        RegisterWebhook: decide_register,
        ConfirmWebhook: decide_confirm,
        RenewSecret: decide_renew,
        PauseWebhook: decide_pause,
        ResumeWebhook: decide_resume,
        RemoveWebhook: decide_remove,
    },
    evolves={
        WebhookRegistered: evolve_registered,
        WebhookConfirmed: evolve_confirmed,
        SecretRenewed: evolve_renewed,
        WebhookPaused: evolve_paused,
        WebhookResumed: evolve_resumed,
        WebhookRemoved: evolve_removed,
    },
)


def _standing(state: Webhook | None, key: UUID) -> Webhook:
    webhook = checks.existing("webhook", key, state)
    if webhook.phase == REMOVED:
        raise WrongState("webhook", key, REMOVED, "register another")
    return webhook


def _confirmed(state: Webhook | None, key: UUID) -> Webhook:
    webhook = _standing(state, key)
    if webhook.phase == REGISTERED:
        raise WrongState("webhook", key, REGISTERED, "let a data protection officer confirm it first")
    return webhook
