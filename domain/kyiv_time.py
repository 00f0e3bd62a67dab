"""How people read an instant: on Kyiv's clocks. What programs read (events, fields of problems, the API) is UTC."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")


def shown(at: datetime) -> str:
    """Kyiv time to the tenth of a second, with the name of its offset: "2026-11-23 14:05:07.3 EET"."""
    local = at.astimezone(KYIV)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 100_000} {local:%Z}"
