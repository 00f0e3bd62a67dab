"""The closed lists of trained officers, labelled as in `domain.vocabulary`: for which service, by which courses. Which
courses there are is configuration; each service needs one of them for its certification.
"""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

SERVICES = MappingProxyType(
    {
        "juvenile-prevention": Label("ювенальна превенція", "juvenile prevention"),
        "community-police": Label("поліцейські офіцери громади", "community police"),
    }
)

COURSES = MappingProxyType(
    {
        "juvenile-prevention": Label("базовий курс ювенальної превенції", "basic course of juvenile prevention"),
        "community-policing": Label("базовий курс поліцейського офіцера громади", "basic course of community police"),
        "interviewing-children": Label("опитування дитини", "interviewing children"),
        "domestic-violence": Label("протидія домашньому насильству", "countering domestic violence"),
        "school-work": Label("робота у закладах освіти", "work in schools"),
        "safety-online": Label("безпека дітей в інтернеті", "children's safety online"),
        "first-psychological-aid": Label("перша психологічна допомога", "first psychological aid"),
    }
)

LAPSE_CAUSES = MappingProxyType(
    {
        "time-over": Label("строк сплив", "its time is over"),
        "withdrawn": Label("скасовано", "withdrawn"),
        "account-suspended": Label("обліковий запис призупинено", "account suspended"),
        "role-withdrawn": Label("роль відкликано", "role withdrawn"),
    }
)

OFFICER_PHASES = MappingProxyType(
    {
        "candidate": Label("відібрано", "selected"),
        "trained": Label("навчено", "trained"),
        "certified": Label("атестовано", "certified"),
        "lapsed": Label("атестація втратила чинність", "certification lapsed"),
    }
)
