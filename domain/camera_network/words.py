"""The closed lists of the CCTV network, labelled as in `domain.vocabulary`."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

GOAL_KINDS = MappingProxyType(
    {
        "cameras": Label("камери", "cameras"),
        "officers": Label("поліцейські офіцери громад", "community police officers"),
        "communities": Label("громади з поліцейським офіцером", "communities with an officer"),
        "stations": Label("поліцейські станції", "police stations"),
        "residents": Label("охоплені мешканці", "residents reached"),
    }
)

# How a goal stands against what happened.
GOAL_STANDINGS = MappingProxyType(
    {
        "reached": Label("досягнуто", "reached"),
        "open": Label("строк не минув", "its time is not over"),
        "missed": Label("не досягнуто у строк", "not reached in time"),
    }
)

IMPORT_STATES = MappingProxyType(
    {
        "judging": Label("рядки перевіряються", "rows are judged"),
        "recording": Label("записується в журнал", "being recorded"),
        "judged": Label("перевірено, не записано", "judged, nothing recorded"),
        "refused": Label("відхилено цілком", "refused as a whole"),
        "recorded": Label("записано", "recorded"),
        "failed": Label("перервано, не записано", "broken off, nothing recorded"),
    }
)
