"""Every aggregate by its kind. Importing this completes `TOPICS`; so does importing anything of `domain`."""

from __future__ import annotations

from domain import (
    account,
    authorisation_events,
    camera,
    camera_events,
    footage_events,
    footage_search,
    incident,
    policy,
    role_grant,
    unit,
)

MODULES = (
    account,
    authorisation_events,
    camera,
    camera_events,
    footage_events,
    footage_search,
    incident,
    policy,
    role_grant,
    unit,
)
