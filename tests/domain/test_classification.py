"""What incidents are classified as: a configured list that says of each article who verified it, and invents none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.classification import KINDS, Entry, classification, kinds_in_use
from domain.errors import Invalid
from domain.incident import DECIDER, IncidentRecorded, ReclassifyIncident
from domain.vocabulary import INCIDENT_KINDS
from tests.domain.examples import INCIDENT, RECORD, changed, reason
from tests.given import given

OWN = Entry(kind="begging", uk="жебрацтво", en="begging")


def named(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    return {entry.kind: entry for entry in entries}


def test_nothing_that_comes_along_claims_to_be_verified_and_every_article_says_where_it_was_read() -> None:
    brought = classification()
    assert tuple(entry.kind for entry in brought) == tuple(INCIDENT_KINDS) == KINDS
    assert not any(entry.verified for entry in brought)
    assert all(bool(entry.reference) == bool(entry.read_in) for entry in brought)
    assert {bool(entry.reference) for entry in brought} == {True, False}, "an article that nobody read is not invented"
    assert all(entry.uk and entry.en for entry in brought)


def test_a_deployment_says_who_verified_an_article_and_adds_kinds_of_its_own() -> None:
    theft = Entry(
        kind="theft", reference="ст. 185 КК України", verified_by="юридичний відділ", verified_on=date(2026, 11, 2)
    )
    listed = named(classification([theft, OWN]))
    assert listed["theft"].verified
    assert listed["theft"].uk == INCIDENT_KINDS["theft"].uk
    assert (listed["begging"].reference, listed["begging"].verified) == ("", False)
    assert len(listed) == len(INCIDENT_KINDS) + 1


def test_what_an_entry_leaves_out_of_a_known_kind_stays() -> None:
    brought = named(classification())["bullying"]
    assert brought.reference
    listed = named(classification([Entry(kind="bullying"), Entry(kind="theft", in_use=False), OWN]))
    assert listed["bullying"] == brought
    assert listed["theft"] == changed(named(classification())["theft"], in_use=False)
    other = named(classification([Entry(kind="bullying", reference="ст. 1")]))["bullying"]
    assert (other.reference, other.read_in) == ("ст. 1", ""), "where the other one was read says nothing of it"


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([OWN, OWN], "twice"),
        ([Entry(kind="begging", uk="жебрацтво")], "en"),
        ([Entry(kind="Begging", uk="а", en="a")], "small letters"),
        ([Entry(kind="theft", reference="ст. 185", verified_by="хтось")], "by halves"),
        ([Entry(kind="theft", reference="ст. 185", verified_on=date(2026, 1, 1))], "by halves"),
        ([Entry(kind="theft", verified_by="хтось", verified_on=date(2026, 1, 1))], "without a reference"),
        ([Entry(kind="missing-child", in_use=False)], "leave it in use"),
        ([Entry(kind=f"kind-{number}", uk="а", en="a") for number in range(500)], "at most 500"),
    ],
)
def test_a_list_that_cannot_be(entries: list[Entry], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        classification(entries)


@pytest.mark.parametrize("command", ["record", "reclassify"])
def test_an_incident_is_classified_by_the_list_in_force(command: str) -> None:
    kinds = kinds_in_use(classification([OWN, Entry(kind="theft", in_use=False)]))
    history: tuple[Any, ...] = () if command == "record" else DECIDER.decide(None, RECORD)
    anew = ReclassifyIncident(incident=INCIDENT, kind="begging", reason=reason(), kinds=kinds)
    asked: Any = changed(RECORD, kind="begging", kinds=kinds) if command == "record" else anew
    assert given(DECIDER, *history).when(asked).error is None
    given(DECIDER, *history).when(changed(asked, kind="theft")).then_refused(Invalid, field="kind", says="begging")
    given(DECIDER, *history).when(changed(asked, kinds=KINDS)).then_refused(Invalid, field="kind")


def test_what_was_classified_by_a_kind_that_went_out_of_use_stays() -> None:
    recorded = DECIDER.decide(None, changed(RECORD, kind="theft"))[0]
    assert isinstance(recorded, IncidentRecorded)
    kinds = kinds_in_use(classification([Entry(kind="theft", in_use=False)]))
    anew = ReclassifyIncident(incident=INCIDENT, kind="robbery", reason=reason(), kinds=kinds)
    assert given(DECIDER, recorded).when(anew).error is None
