"""The chapters of the year, in the order in which they begin. Each enters what is to happen of one subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from app.demo.year.chapters import (
    authorities,
    cameras,
    cases,
    children,
    communities,
    concerns,
    incidents,
    missing_children,
    network,
    officers,
    organisation,
    oversight,
    reports,
    schools,
    sharing,
)
from app.demo.year.region import Region

Chapter: TypeAlias = Callable[[Region], None]

CHAPTERS: tuple[Chapter, ...] = (
    organisation.begin,
    officers.begin,
    communities.begin,
    schools.begin,
    cameras.begin,
    incidents.begin,
    missing_children.begin,
    children.begin,
    cases.begin,
    concerns.begin,
    authorities.begin,
    reports.begin,
    network.begin,
    sharing.begin,
    oversight.begin,
)
