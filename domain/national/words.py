"""The closed lists of the national picture, labelled as in `domain.vocabulary`."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

# What is counted of a region, or claimed of it. A claim stands beside the count that has the same code, where one does.
NATIONAL_MEASURES = MappingProxyType(
    {
        "cameras": Label("камери", "cameras"),
        "cameras-with-analytics": Label("камери з відеоаналітикою", "cameras with video analytics"),
        "juvenile-officers": Label("атестовані інспектори ювенальної превенції", "certified juvenile officers"),
        "community-officers": Label("поліцейські офіцери громад", "community police officers"),
        "stations": Label("поліцейські станції", "police stations"),
        "communities": Label("громади, що беруть участь у проєкті", "communities in the project"),
        "schools": Label("заклади освіти", "schools"),
        "reports": Label("звернення поза відкритим переліком", "reports that are not in the public list"),
        "incidents-against": Label("події щодо дітей", "incidents against children"),
        "incidents-by": Label("події, вчинені дітьми", "incidents by children"),
        "regions-with-officers": Label(
            "області з поліцейськими офіцерами громад", "regions with community police officers"
        ),
        "residents-served": Label(
            "мешканці громад з поліцейським офіцером", "residents of communities with a police officer"
        ),
        "community-officers-planned": Label(
            "поліцейські офіцери громад, яких планують додати", "community police officers planned in addition"
        ),
        "residents-planned": Label(
            "мешканці, яких планують охопити офіцерами громад", "residents planned to be served by community officers"
        ),
    }
)

CLAIM_PRECISIONS = MappingProxyType(
    {
        "as-stated": Label("рівно стільки названо", "stated as it stands"),
        "about": Label("близько", "about"),
        "more-than": Label("понад", "over"),
    }
)

CLAIM_REMARKS = MappingProxyType(
    {
        "likely-about-1200": Label(
            "найімовірніше, обмовка: мало бути близько тисячі двохсот",
            "most likely a slip for about twelve hundred",
        ),
        "of-a-plan": Label("це план, а не те, що є", "a plan, not what there is"),
        "doubted": Label("викликає сумнів", "in doubt"),
    }
)

CLAIM_CORRECTIONS = MappingProxyType(
    {
        "misread": Label("джерело прочитано неправильно", "the source was misread"),
        "mistyped": Label("помилка під час введення", "mistyped here"),
        "source-corrected": Label("джерело виправило себе", "the source corrected itself"),
        "remark-changed": Label("змінено примітку", "the remark was changed"),
    }
)

CLAIM_WITHDRAWALS = MappingProxyType(
    {
        "stated-in-error": Label("внесено помилково", "stated here in error"),
        "source-withdrew": Label("джерело відмовилося від нього", "the source took it back"),
        "no-source": Label("джерела не знайдено", "no such source was found"),
    }
)

CLAIM_STATES = MappingProxyType(
    {
        "stated": Label("наведено", "stated"),
        "withdrawn": Label("відкликано", "withdrawn"),
    }
)

# Why the counts of a measure are as they are shown.
SHOWN_AS = MappingProxyType(
    {
        "exact": Label("усе пораховано", "all are counted"),
        "suppressed": Label("малі числа приховано", "small counts are left out"),
        "own": Label("лише те, що ви можете читати", "only those that you may read"),
        "withheld": Label("не для вас", "not for you"),
    }
)
