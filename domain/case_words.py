"""The closed lists of prevention cases: every code that a command may carry, labelled as in `domain.vocabulary`.

A ground is a claim about the law. Each names the act that it is said to rest on, and who checked that it does: of
MIA Order 1044/2017, which governs juvenile prevention, only the header could be retrieved when this list was written,
so that no clause of it is cited and nothing here is verified. A counsel who checks one writes their name and the date.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from domain.vocabulary import Label


class Verified(NamedTuple):
    """Who held the entry against the text of the act, and when (a date, ISO 8601)."""

    by: str
    on: str


class Ground(NamedTuple):
    label: Label
    reference: Label  # the act, never a clause that nobody saw
    verified: Verified | None = None  # None: nobody checked it


_ORDER = Label(
    "наказ МВС України № 1044 від 2017 року; пункт не встановлено",
    "Order 1044 of 2017 of the Ministry of Internal Affairs of Ukraine; clause not established",
)

GROUNDS = MappingProxyType(
    {
        "released-from-custody": Ground(Label("звільнення з місць позбавлення волі", "release from custody"), _ORDER),
        "sentence-without-custody": Ground(
            Label("покарання, не пов’язане з позбавленням волі", "a sentence without deprivation of liberty"), _ORDER
        ),
        "educational-measures": Ground(
            Label("примусові заходи виховного характеру", "compulsory measures of an educational nature"), _ORDER
        ),
        "suspicion-notified": Ground(
            Label("повідомлення про підозру", "a notice of suspicion in a criminal case"), _ORDER
        ),
        "offence-below-age": Ground(
            Label("суспільно небезпечне діяння до віку відповідальності", "an offence below the age of liability"),
            _ORDER,
        ),
        "administrative-offence": Ground(Label("адміністративне правопорушення", "an administrative offence"), _ORDER),
        "domestic-violence": Ground(
            Label("домашнє насильство, вчинене дитиною", "domestic violence by the child"),
            Label(
                "Закон України «Про запобігання та протидію домашньому насильству»; статтю не встановлено",
                "Law of Ukraine on Preventing and Combating Domestic Violence; article not established",
            ),
        ),
        "bullying": Ground(
            Label("булінг, вчинений дитиною", "bullying by the child"),
            Label(
                "Закон України «Про освіту»; статтю не встановлено",
                "Law of Ukraine on Education; article not established",
            ),
        ),
        "running-away": Ground(
            Label("самовільне залишення дому чи закладу", "running away from home or an institution"), _ORDER
        ),
    }
)

OUTCOMES = MappingProxyType(
    {
        "goals-met": Label("мети плану досягнуто", "the goals of the plan were met"),
        "term-over": Label("строк минув", "the term is over"),
        "ground-gone": Label("підстави більше немає", "the ground does not hold any more"),
        "came-of-age": Label("досягнення повноліття", "the child came of age"),
        "moved-away": Label("виїзд за межі країни", "the child moved out of the country"),
        "child-died": Label("смерть дитини", "the child died"),
        "opened-in-error": Label("відкрито помилково", "opened in error"),
    }
)

# Judged by a person, the least first. Nothing computes one, and nothing is computed from one.
RISK_LEVELS = MappingProxyType(
    {
        "low": Label("низький", "low"),
        "medium": Label("середній", "medium"),
        "high": Label("високий", "high"),
    }
)

PROTECTIVE_FACTORS = MappingProxyType(
    {
        "trusted-adult": Label("є дорослий, якому дитина довіряє", "an adult whom the child trusts"),
        "family-support": Label("підтримка родини", "support of the family"),
        "stable-home": Label("стабільні умови проживання", "a stable home"),
        "attends-school": Label("відвідує заклад освіти", "attends school"),
        "friends": Label("друзі, які підтримують", "friends who support"),
        "pastime": Label("гурток, спорт або захоплення", "a club, sport or pastime"),
        "accepts-help": Label("приймає допомогу", "accepts help"),
        "specialist": Label("супровід фахівця", "accompanied by a specialist"),
        "plans-ahead": Label("має плани на майбутнє", "has plans for the future"),
    }
)

MEASURE_KINDS = MappingProxyType(
    {
        "conversation": Label("профілактична бесіда", "preventive conversation"),
        "home-visit": Label("відвідування вдома", "visit at home"),
        "parents-meeting": Label("зустріч із батьками", "meeting with the parents"),
        "school-meeting": Label("зустріч у закладі освіти", "meeting at school"),
        "psychologist": Label("робота з психологом", "work with a psychologist"),
        "social-service": Label("соціальна послуга", "social service"),
        "reconciliation": Label("примирення з потерпілим", "reconciliation with the victim"),
        "addiction-help": Label("допомога при залежності", "help with an addiction"),
        "leisure": Label("залучення до дозвілля", "bringing into a club or sport"),
        "programme": Label("корекційна програма", "correctional programme"),
    }
)

MEASURE_RESULTS = MappingProxyType(
    {
        "done": Label("виконано", "done"),
        "partly": Label("виконано частково", "partly done"),
        "not-taken-up": Label("не відбулося", "not taken up"),
    }
)

CONTACT_KINDS = MappingProxyType(
    {
        "visit": Label("візит", "visit"),
        "at-school": Label("зустріч у школі", "met at school"),
        "at-station": Label("зустріч у підрозділі поліції", "met at the station"),
        "telephone": Label("телефонна розмова", "telephone call"),
        "message": Label("повідомлення", "message"),
        "with-family": Label("розмова з родиною", "talk with the family"),
        "with-agency": Label("зв’язок з іншою службою", "contact with another agency"),
    }
)

MEDIA_TYPES = MappingProxyType(
    {
        "image/jpeg": Label("зображення у форматі джейпег", "picture, in jpeg"),
        "image/png": Label("зображення у форматі пнг", "picture, in png"),
        "image/webp": Label("зображення у форматі вебпі", "picture, in webp"),
        "application/pdf": Label("документ у форматі пдф", "document, in pdf"),
        "audio/mpeg": Label("звук у форматі емпетри", "sound, in mpeg"),
        "audio/wav": Label("звук у форматі вав", "sound, in wav"),
        "audio/ogg": Label("звук у форматі огг", "sound, in ogg"),
        "audio/mp4": Label("звук у форматі емпечотири", "sound, in mpeg-four"),
    }
)
