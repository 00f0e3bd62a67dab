"""The closed lists of communities, labelled as in `domain.vocabulary`: why a post ended, why a station was closed."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

POSTING_ENDS = MappingProxyType(
    {
        "decided": Label("за рішенням", "by decision"),
        "handed-over": Label("громаду передано", "community handed over"),
        "certification-lapsed": Label("атестація втратила чинність", "certification lapsed"),
    }
)

STATION_CLOSINGS = MappingProxyType(
    {
        "moved": Label("переїзд", "moved"),
        "premises-lost": Label("приміщення більше немає", "premises no longer available"),
        "damaged": Label("приміщення пошкоджено", "premises damaged"),
        "danger": Label("небезпека для людей", "danger to people"),
        "reorganised": Label("реорганізація", "reorganisation"),
        "opened-in-error": Label("відкрито помилково", "opened in error"),
    }
)
