"""The people of the example district. Its server listens on loopback only, so one password does for all.

The administrator gives each account another, initial one, and each account changes it over HTTP, as people would.
"""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "kalyna-demo-2026"  # noqa: S105 (printed for everybody who runs the demonstration)
INITIAL_PASSWORD = "kalyna-initial-2026"  # noqa: S105 (gone before the demonstration tells anything)


class ExampleUnit(NamedTuple):
    key: str
    name: str
    kind: str


class ExampleAccount(NamedTuple):
    username: str
    full_name: str
    unit: str  # key of an ExampleUnit
    role: str


UNITS = (
    ExampleUnit("investigators", "Слідчий відділ, Поділ", "investigation"),
    ExampleUnit("juvenile", "Ювенальна превенція, Поділ", "juvenile-prevention"),
    ExampleUnit("duty", "Чергова частина, Київ", "duty"),
    ExampleUnit("audit", "Внутрішній аудит", "audit"),
)
ACCOUNTS = (
    ExampleAccount("olena", "Олена Коваль", "investigators", "investigator"),
    ExampleAccount("iryna", "Ірина Бондар", "juvenile", "juvenile-officer"),
    ExampleAccount("taras", "Тарас Мельник", "duty", "supervisor"),
    ExampleAccount("oksana", "Оксана Шевчук", "audit", "auditor"),
)
ADMINISTRATOR = "admin"
