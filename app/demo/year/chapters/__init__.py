"""The chapters of the year, in the order in which they begin. Each enters what is to happen of one subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from app.demo.year.chapters import (
    authorities,
    cameras,
    cases,
    children,
    concerns,
    incidents,
    missing_children,
    officers,
    organisation,
    oversight,
)
from app.demo.year.region import Region

Chapter: TypeAlias = Callable[[Region], None]

CHAPTERS: tuple[Chapter, ...] = (
    organisation.begin,
    officers.begin,
    cameras.begin,
    incidents.begin,
    missing_children.begin,
    children.begin,
    cases.begin,
    concerns.begin,
    authorities.begin,
    oversight.begin,
)
