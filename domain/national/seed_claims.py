"""The claims of May 2021 that the project began with, as their source stated them. Loaded by a command alone.

Nobody here has verified them. That the figure of offences against children is most likely a slip is a remark: what the
source said is kept as it said it.
"""

from __future__ import annotations

from typing import NamedTuple

from domain.national.claim import COUNTRY, Saying

SOURCE = "National Police of Ukraine, May 2021"
AS_OF = "2021-05"
THREE_YEARS_BEFORE = "2018"


class SeedClaim(NamedTuple):
    measure: str
    region: str
    saying: Saying


def _stated(
    measure: str,
    value: int,
    precision: str = "as-stated",
    *,
    region: str = COUNTRY,
    as_of: str = AS_OF,
    since: str = "",
    remark: str = "",
) -> SeedClaim:
    saying = Saying(value=value, precision=precision, as_of=as_of, since=since, source=SOURCE, remark=remark)
    return SeedClaim(measure, region, saying)


SEED_CLAIMS = (
    _stated("cameras", 31_000, "about"),
    _stated("cameras", 6_750, region="UA-30"),
    _stated("cameras", 327, region="UA-09"),
    _stated("cameras-with-analytics", 3_300, "more-than"),
    _stated("community-officers", 450),
    _stated("regions-with-officers", 19),
    _stated("communities", 279),
    _stated("residents-served", 4_000_000, "more-than"),
    _stated("community-officers-planned", 500, "about", remark="of-a-plan"),
    _stated("residents-planned", 10_000_000, remark="of-a-plan"),
    _stated("stations", 530),
    _stated("stations", 4, as_of=THREE_YEARS_BEFORE),
    _stated("incidents-by", 1_400, "more-than", since="2021-01"),
    _stated("incidents-against", 1_200_000, remark="likely-about-1200"),
)
