"""The closed lists of initiatives, labelled as in `domain.vocabulary`."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

ISSUE_CATEGORIES = MappingProxyType(
    {
        "road-and-crossing": Label("дорога та перехід", "road and crossing"),
        "lighting": Label("освітлення", "lighting"),
        "way-to-school": Label("шлях до школи", "way to school"),
        "playground": Label("дитячий або спортивний майданчик", "playground or sports ground"),
        "abandoned-building": Label("покинута будівля", "abandoned building"),
        "sale-to-minors": Label("продаж неповнолітнім", "sale to minors"),
        "leisure": Label("дозвілля дітей", "leisure of children"),
        "shelter": Label("укриття", "shelters"),
        "dogs": Label("безпритульні тварини", "stray animals"),
        "cameras": Label("відеоспостереження", "video surveillance"),
        "violence": Label("насильство та булінг", "violence and bullying"),
        "other-issue": Label("інше питання", "another issue"),
    }
)

COMMITMENT_PHASES = MappingProxyType(
    {
        "open": Label("чекає на виконання", "to be kept"),
        "kept": Label("виконано вчасно", "kept in time"),
        "kept-late": Label("виконано із запізненням", "kept late"),
        "missed": Label("не виконано", "missed"),
    }
)
