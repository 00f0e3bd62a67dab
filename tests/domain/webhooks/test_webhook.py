"""Webhooks: where one may lead, what it is told of, and how it is paused, resumed and removed."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.registry import DECIDERS
from domain.webhooks.webhook import (
    ASKED,
    DECIDER,
    FAILING,
    GONE,
    ConfirmerIsRegistrar,
    ConfirmWebhook,
    PauseWebhook,
    RegisterWebhook,
    RemoveWebhook,
    RenewSecret,
    ResumeWebhook,
    SecretRenewed,
    WebhookConfirmed,
    WebhookPaused,
    WebhookRegistered,
    WebhookRemoved,
    WebhookResumed,
    check_origins,
    origin_of,
)
from tests.domain.examples import IRYNA, NOW, OLENA, TARAS, changed, uuid
from tests.given import folded, given

WEBHOOK = uuid(61)
URL = "https://social.example:8443/oberih/news"
REGISTER = RegisterWebhook(
    webhook=WEBHOOK,
    account=OLENA,
    roles=frozenset({"partner"}),
    url=URL,
    origins=("https://social.example:8443",),
    subjects=("concern",),
    subjects_known=("concern", "incident"),
    by=IRYNA,
)
REGISTERED = WebhookRegistered(account=OLENA, url=URL, subjects=("concern",), by=IRYNA)
CONFIRM = ConfirmWebhook(webhook=WEBHOOK, by=TARAS)
CONFIRMED = WebhookConfirmed(by=TARAS)
RENEW = RenewSecret(webhook=WEBHOOK, by=IRYNA, at=NOW)
PAUSE = PauseWebhook(webhook=WEBHOOK, cause=ASKED, by=IRYNA)
RESUME = ResumeWebhook(webhook=WEBHOOK, by=IRYNA)
REMOVE = RemoveWebhook(webhook=WEBHOOK, by=IRYNA)
PAUSED, RESUMED, REMOVED = WebhookPaused(cause=ASKED, by=IRYNA), WebhookResumed(by=IRYNA), WebhookRemoved(by=IRYNA)


def test_it_is_in_the_registry() -> None:
    assert DECIDERS["webhook"] is DECIDER


def test_one_is_registered() -> None:
    given(DECIDER).when(REGISTER).then(REGISTERED)
    given(DECIDER, REGISTERED).when(REGISTER).then_refused(AlreadyExists)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"roles": frozenset()}, "account", "holds no role in service"),
        ({"url": "https://social.example/oberih"}, "url", "may not send to https://social.example"),
        ({"url": "ftp://social.example"}, "url", "no address of the web"),
        ({"url": "https://me:secret@social.example:8443/"}, "url", "carries a name"),
        ({"url": f"{URL}?token=1"}, "url", "carries a name, a query or a fragment"),
        ({"url": "https://social.example:99999/"}, "url", "is no address"),
        ({"subjects": ()}, "subjects", ""),
        ({"subjects": ("weather",)}, "subjects", "weather"),
    ],
)
def test_where_it_may_lead_and_what_it_may_be_told_of(change: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(REGISTER, **change)).then_refused(Invalid, field=field, says=says)


def test_a_secret_is_renewed_as_often_as_one_likes() -> None:
    renewed = SecretRenewed(at=NOW, by=IRYNA)
    given(DECIDER, REGISTERED).when(RENEW).then(renewed)
    state = folded(DECIDER, (REGISTERED, renewed, renewed))
    assert (state.renewals, state.renewed_at) == (2, NOW)


def test_it_is_paused_and_resumed() -> None:
    given(DECIDER, REGISTERED, CONFIRMED).when(PAUSE).then(PAUSED)
    given(DECIDER, REGISTERED, CONFIRMED, PAUSED).when(PAUSE).then_nothing()
    given(DECIDER, REGISTERED, CONFIRMED, PAUSED).when(RESUME).then(RESUMED)
    given(DECIDER, REGISTERED, CONFIRMED).when(RESUME).then_nothing()
    for cause in (FAILING, GONE):
        given(DECIDER, REGISTERED, CONFIRMED).when(changed(PAUSE, cause=cause)).then(
            WebhookPaused(cause=cause, by=IRYNA)
        )
    given(DECIDER, REGISTERED, CONFIRMED).when(changed(PAUSE, cause="bored")).then_refused(Invalid, field="cause")


def test_a_second_person_lets_it_begin() -> None:
    given(DECIDER, REGISTERED).when(CONFIRM).then(CONFIRMED)
    given(DECIDER, REGISTERED).when(changed(CONFIRM, by=IRYNA)).then_refused(ConfirmerIsRegistrar)
    given(DECIDER, REGISTERED, CONFIRMED).when(CONFIRM).then_nothing()
    for command in (PAUSE, RESUME):
        given(DECIDER, REGISTERED).when(command).then_refused(WrongState, says="confirm it first")
    assert folded(DECIDER, (REGISTERED,)).phase == "registered"
    assert folded(DECIDER, (REGISTERED, CONFIRMED)).phase == "active"


@pytest.mark.parametrize("command", [CONFIRM, RENEW, PAUSE, RESUME, REMOVE], ids=lambda command: type(command).__name__)
def test_a_removed_one_takes_nothing_more(command: object) -> None:
    given(DECIDER).when(command).then_refused(NotFound)
    given(DECIDER, REGISTERED, REMOVED).when(command).then_refused(WrongState, says="removed")


def test_it_is_removed() -> None:
    given(DECIDER, REGISTERED).when(REMOVE).then(REMOVED)


@pytest.mark.parametrize(
    "origin", ["http://social.example", "https://social.example/path", "social.example", "https://", "https://a?b"]
)
def test_an_operator_lists_origins_only(origin: str) -> None:
    with pytest.raises(ValueError, match="webhook_origins"):
        check_origins((origin,))


def test_plain_http_is_for_this_machine_alone() -> None:
    check_origins(("https://social.example", "https://social.example:8443", "http://127.0.0.1:80"))
    assert origin_of("http://127.0.0.1:80/x") == "http://127.0.0.1:80"
