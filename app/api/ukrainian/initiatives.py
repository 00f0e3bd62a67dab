"""The Ukrainian of refusals that concern initiatives, and of their policies."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "{} is no commitment of the initiative": "{} не є зобов’язанням цієї ініціативи",
        "take one of its commitments": "візьміть одне з її зобов’язань",
        "{} is no issue of the initiative": "{} не є питанням цієї ініціативи",
        "take one of its issues, or none": "візьміть одне з її питань або жодного",
        "lies before the commitment was made": "раніше, ніж узято зобов’язання",
        "launch another initiative": "започаткуйте іншу ініціативу",
        "nothing is left to do": "робити більше нічого",
    }
)

REASONS = MappingProxyType(
    {
        "Initiatives are listed by community officers, supervisors and auditors.": (
            "Перелік ініціатив — для офіцерів громади, керівників та аудиторів."
        ),
        "An initiative, and what residents said, is read by the community's officer and the supervisors of its police "
        "unit.": ("Ініціативу і сказане мешканцями читають офіцер громади та керівники її поліцейського підрозділу."),
        "Auditors read every initiative, with what is sealed left sealed.": (
            "Аудитори читають кожну ініціативу; запечатане лишається запечатаним."
        ),
        "Initiatives are led by the community's officer and the supervisors of its police unit.": (
            "Ініціативи ведуть офіцер громади та керівники її поліцейського підрозділу."
        ),
        "What public bodies committed themselves to is open to everybody.": (
            "До чого зобов’язалися органи, відкрито для всіх."
        ),
    }
)
