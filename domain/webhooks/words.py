"""The closed lists of webhooks, labelled as in `domain.vocabulary`."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

WEBHOOK_STATES = MappingProxyType(
    {
        "registered": Label("зареєстровано, ще не підтверджено", "registered, not confirmed yet"),
        "active": Label("діє", "active"),
        "paused": Label("призупинено", "paused"),
        "removed": Label("вилучено", "removed"),
    }
)

PAUSE_CAUSES = MappingProxyType(
    {
        "asked": Label("на прохання", "asked for"),
        "receiver-failing": Label("отримувач довго не відповідає", "the receiver fails for long"),
        "receiver-gone": Label("отримувач відмовився", "the receiver is gone for good"),
    }
)
