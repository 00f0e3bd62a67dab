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
from domain.communities import community, post
from domain.decider import Decider
from domain.disclosure import Disclosed
from domain.sign_in import SignedIn, SignInRefused

UNDECIDED = (Disclosed, SignedIn, SignInRefused)  # facts of one event each, on which nothing is decided later

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
            community,
            post,
        )
    }
)
