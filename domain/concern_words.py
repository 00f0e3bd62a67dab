"""The closed lists of concerns, labelled as in `domain.vocabulary`: what is seen of a child in trouble before anything
happened, and what came of looking into it.
"""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

CONCERN_KINDS = MappingProxyType(
    {
        "signs-of-violence": Label("ознаки насильства", "signs of violence"),
        "signs-of-neglect": Label("ознаки недогляду", "signs of neglect"),
        "bullied-or-bullying": Label("цькують або цькує", "bullied or bullying"),
        "running-away": Label("втечі з дому", "running away from home"),
        "missing-school": Label("пропуски занять", "missing school"),
        "substances": Label("алкоголь, тютюн або наркотики", "alcohol, tobacco or drugs"),
        "self-harm": Label("загроза для самої дитини", "danger to the child's own self"),
        "dangerous-contacts": Label("небезпечні знайомства", "dangerous contacts"),
        "family-in-crisis": Label("сім’я у кризі", "family in crisis"),
        "other-trouble": Label("інша біда", "other trouble"),
    }
)

CONCERN_FINDINGS = MappingProxyType(
    {
        "help-needed": Label("допомога потрібна", "help is needed"),
        "no-help-needed": Label("допомога не потрібна", "no help is needed"),
        "unclear": Label("з’ясувати не вдалося", "could not be cleared up"),
    }
)

HELP_KINDS = MappingProxyType(
    {
        "talk": Label("розмова з дитиною чи батьками", "a talk with child or parents"),
        "psychologist": Label("психолог", "psychologist"),
        "social-services": Label("соціальні служби", "social services"),
        "school-support": Label("підтримка у школі", "support at school"),
        "family-support": Label("підтримка сім’ї", "support of the family"),
        "leisure": Label("гуртки та дозвілля", "clubs and leisure"),
        "health-care": Label("медична допомога", "health care"),
        "legal-aid": Label("правова допомога", "legal aid"),
        "other-help": Label("інша допомога", "other help"),
    }
)

CONCERN_DISMISSALS = MappingProxyType(
    {
        "not-confirmed": Label("не підтвердилося", "not confirmed"),
        "helped-already": Label("допомогу вже надано", "helped already"),
        "raised-twice": Label("подано двічі", "raised twice"),
        "raised-in-error": Label("подано помилково", "raised in error"),
    }
)

CONCERN_PHASES = MappingProxyType(
    {
        "raised": Label("подано", "raised"),
        "reviewed": Label("розглянуто", "reviewed"),
        "help-offered": Label("допомогу запропоновано", "help offered"),
        "dismissed": Label("відхилено", "dismissed"),
        "expired": Label("строк сплив", "expired"),
    }
)
