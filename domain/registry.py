"""Every aggregate by its kind. Importing this completes `TOPICS`; so does importing anything of `domain`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from domain import (
    account,
    authorisation,
    camera,
    camera_day,
    child,
    clip,
    concern,
    example,
    footage,
    footage_search,
    hold,
    incident,
    involvement,
    keeping,
    model,
    officer,
    policy,
    prevention_case,
    role_grant,
    unit,
)
from domain.camera_network import camera_import, programme
from domain.communities import community, post, station
from domain.decider import Decider
from domain.disclosure import Disclosed
from domain.initiatives import initiative
from domain.national import claim
from domain.reports import report
from domain.schools import school
from domain.sharing import agency, agreed_plan, agreement, conference, consent, referral
from domain.sign_in import SignedIn, SignInRefused
from domain.webhooks import webhook
from domain.webhooks.webhook import WebhookDelivered

UNDECIDED = (
    Disclosed,
    SignedIn,
    SignInRefused,
    WebhookDelivered,
)  # facts of one event each, on which nothing is decided later

DECIDERS: MappingProxyType[str, Decider[Any, Any]] = MappingProxyType(
    {
        aggregate.DECIDER.kind: aggregate.DECIDER
        for aggregate in (
            account,
            authorisation,
            camera,
            camera_day,
            child,
            clip,
            concern,
            example,
            footage,
            footage_search,
            hold,
            incident,
            involvement,
            keeping,
            model,
            officer,
            policy,
            prevention_case,
            role_grant,
            unit,
            webhook,
            community,
            post,
            station,
            school,
            initiative,
            programme,
            camera_import,
            claim,
            agency,
            agreement,
            consent,
            referral,
            conference,
            agreed_plan,
            report,
        )
    }
)
