"""Incidents: every command taken, every refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.incident import (
    CHILD_LINKS_MAX,
    DECIDER,
    FOOTAGE_LINKS_MAX,
    NAMES_MAX,
    NARRATIVE_CHARACTERS_MAX,
    ChildLinked,
    FootageLinked,
    IncidentReclassified,
    IncidentRecorded,
    IncidentVoided,
    ReclassifyIncident,
    VoidIncident,
)
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.domain.examples import (
    CHILD,
    GATE,
    INCIDENT,
    LINK_CHILD,
    LINK_FOOTAGE,
    NOW,
    OLENA,
    OTHER_CHILD,
    OTHER_SHA256,
    RECORD,
    SEARCH,
    SHA256,
    UNIT,
    changed,
    hours,
    reason,
    uuid,
)
from tests.given import folded, given

RECORDED = DECIDER.decide(None, RECORD)[0]
VOIDED = IncidentVoided(reason=reason())
RECLASSIFY = ReclassifyIncident(incident=INCIDENT, kind="extortion", reason=reason())
VOID = VoidIncident(incident=INCIDENT, reason=reason("Подвійний запис"))


def test_recorded_with_all_its_facts() -> None:
    given(DECIDER).when(RECORD).then(
        IncidentRecorded(
            kind="robbery",
            occurred_from=NOW - hours(3),
            occurred_to=NOW - hours(2),
            region="UA-30",
            community="Подільська",
            unit=UNIT,
            officer=OLENA,
            narrative=Sealed(INCIDENT, Narrative("Біля воріт забрали рюкзак.")),
            names=(CHILD,),
        )
    )


def test_an_instant_is_kept_in_utc() -> None:
    kyiv = timezone(timedelta(hours=2))
    event = DECIDER.decide(None, changed(RECORD, occurred_from=(NOW - hours(3)).astimezone(kyiv)))[0]
    assert isinstance(event, IncidentRecorded)
    assert event.occurred_from.tzinfo is UTC
    assert event.occurred_from == NOW - hours(3)


def test_one_instant_is_a_time_too() -> None:
    assert given(DECIDER).when(changed(RECORD, occurred_from=NOW, occurred_to=NOW)).error is None


def test_a_narrative_may_name_nobody() -> None:
    assert given(DECIDER).when(changed(RECORD, names=())).error is None


def test_names_are_kept_once() -> None:
    event = DECIDER.decide(None, changed(RECORD, names=(CHILD, OTHER_CHILD, CHILD)))[0]
    assert isinstance(event, IncidentRecorded)
    assert event.names == (CHILD, OTHER_CHILD)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"kind": "pranks"}, "kind", "use one of: missing-child"),
        ({"kind": "Robbery"}, "kind", "not known"),
        ({"region": "UA-99"}, "region", "UA-05"),
        ({"community": "  "}, "community", "empty"),
        ({"community": "x" * 201}, "community", "201 characters"),
        ({"community": "a\nb"}, "community", "one line"),
        ({"narrative": Sealed(INCIDENT, Narrative(""))}, "narrative", "empty"),
        ({"narrative": Sealed(INCIDENT, Narrative("x" * (NARRATIVE_CHARACTERS_MAX + 1)))}, "narrative", "20001"),
        ({"narrative": Sealed(INCIDENT, Narrative("a\x00b"))}, "narrative", "control"),
        ({"names": tuple(uuid(n) for n in range(NAMES_MAX + 1))}, "names", "101 entries"),
        ({"occurred_from": datetime(2026, 11, 20, 9)}, "occurred_from", "no time zone"),  # noqa: DTZ001
        ({"occurred_to": datetime(2026, 11, 20, 9)}, "occurred_to", "no time zone"),  # noqa: DTZ001
        ({"occurred_to": NOW - hours(4)}, "occurred_to", "before occurred_from"),
        ({"occurred_to": NOW + timedelta(seconds=6)}, "occurred_to", "future"),
        ({"officer_roles": frozenset()}, "officer", "no investigator or juvenile-officer"),
        ({"officer_roles": frozenset({"supervisor", "auditor"})}, "officer", "name somebody who is one"),
        ({"occurred_from": datetime(202, 11, 20, tzinfo=UTC)}, "occurred_from", "check the year"),
    ],
)
def test_what_cannot_be_recorded(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(RECORD, **changes)).then_refused(Invalid, field=field, says=says)


def test_clocks_may_differ_a_little() -> None:
    assert given(DECIDER).when(changed(RECORD, occurred_to=NOW + timedelta(seconds=5))).error is None


def test_an_id_is_used_once() -> None:
    given(DECIDER, RECORDED).when(RECORD).then_refused(AlreadyExists, says=str(INCIDENT))


def test_reclassified_with_a_reason() -> None:
    given(DECIDER, RECORDED).when(RECLASSIFY).then(IncidentReclassified(kind="extortion", reason=reason()))


def test_reclassified_again_from_the_new_kind() -> None:
    history = (RECORDED, IncidentReclassified(kind="extortion", reason=reason()))
    given(DECIDER, *history).when(changed(RECLASSIFY, kind="robbery")).then(
        IncidentReclassified(kind="robbery", reason=reason())
    )


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"kind": "robbery"}, "kind", "already"),
        ({"kind": "pranks"}, "kind", "not known"),
        ({"reason": reason("")}, "reason", "empty"),
        ({"reason": reason("x" * 2_001)}, "reason", "2001 characters"),
    ],
)
def test_what_cannot_be_reclassified(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, RECORDED).when(changed(RECLASSIFY, **changes)).then_refused(Invalid, field=field, says=says)


VICTIM = ChildLinked(child=CHILD, pseudonym="CH-4F2A", role="victim")


def test_child_linked_by_pseudonym() -> None:
    given(DECIDER, RECORDED).when(LINK_CHILD).then(VICTIM)


def test_the_same_child_in_the_same_role_changes_nothing() -> None:
    given(DECIDER, RECORDED, VICTIM).when(LINK_CHILD).then_nothing()


def test_one_child_may_be_victim_and_offender_at_once() -> None:
    given(DECIDER, RECORDED, VICTIM).when(changed(LINK_CHILD, role="offender")).then(
        ChildLinked(child=CHILD, pseudonym="CH-4F2A", role="offender")
    )


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"pseudonym": "Марійка"}, "pseudonym", "CH-"),
        ({"pseudonym": "CH-12"}, "pseudonym", "CH-"),
        ({"role": "suspect"}, "role", "victim, offender, witness"),
        ({"pseudonym": "CH-9999", "role": "witness"}, "pseudonym", "the child is called CH-4F2A"),
        ({"child": OTHER_CHILD, "role": "witness"}, "pseudonym", "another child of the incident is called CH-4F2A"),
    ],
)
def test_what_child_cannot_be_linked(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, RECORDED, VICTIM).when(changed(LINK_CHILD, **changes)).then_refused(Invalid, field=field, says=says)


def test_children_are_bounded() -> None:
    many = [ChildLinked(child=uuid(1000 + n), pseudonym=f"CH-{n:04}", role="witness") for n in range(CHILD_LINKS_MAX)]
    given(DECIDER, RECORDED, *many[:-1]).when(LINK_CHILD).then(VICTIM)
    given(DECIDER, RECORDED, *many).when(LINK_CHILD).then_refused(Invalid, field="child", says="200")


LINKED = FootageLinked(footage_sha256=SHA256, camera=GATE, from_at=NOW - hours(3), to_at=NOW - hours(2))


def test_footage_linked() -> None:
    given(DECIDER, RECORDED).when(LINK_FOOTAGE).then(LINKED)


def test_the_same_stretch_changes_nothing_whichever_search_found_it() -> None:
    given(DECIDER, RECORDED, LINKED).when(changed(LINK_FOOTAGE, search=SEARCH, rank=1)).then_nothing()


def test_another_stretch_of_the_same_footage_is_another_link() -> None:
    given(DECIDER, RECORDED, LINKED).when(changed(LINK_FOOTAGE, to_at=NOW - hours(1))).then(
        changed(LINKED, to_at=NOW - hours(1))
    )


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"footage_sha256": "AB" * 32}, "footage_sha256", "lower-case"),
        ({"footage_sha256": "ab"}, "footage_sha256", "64"),
        ({"to_at": NOW - hours(4)}, "to_at", "before from_at"),
        ({"from_at": datetime(2026, 1, 1)}, "from_at", "no time zone"),  # noqa: DTZ001
        ({"search": SEARCH, "rank": 0}, "rank", "from 1"),
    ],
)
def test_what_footage_cannot_be_linked(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, RECORDED).when(changed(LINK_FOOTAGE, **changes)).then_refused(Invalid, field=field, says=says)


def test_footage_links_are_bounded() -> None:
    many = [changed(LINKED, from_at=NOW - hours(3) + timedelta(seconds=n)) for n in range(1, FOOTAGE_LINKS_MAX + 1)]
    given(DECIDER, RECORDED, *many[:-1]).when(LINK_FOOTAGE).then(LINKED)
    given(DECIDER, RECORDED, *many).when(LINK_FOOTAGE).then_refused(Invalid, field="footage_sha256", says="1000")


def test_voided_with_a_reason() -> None:
    given(DECIDER, RECORDED).when(VOID).then(IncidentVoided(reason=reason("Подвійний запис")))


def test_not_voided_without_one() -> None:
    given(DECIDER, RECORDED).when(changed(VOID, reason=reason(" "))).then_refused(Invalid, field="reason")


@pytest.mark.parametrize("command", [RECLASSIFY, LINK_CHILD, LINK_FOOTAGE, VOID], ids=lambda c: type(c).__name__)
def test_a_voided_incident_takes_nothing(command: Any) -> None:
    given(DECIDER, RECORDED, VOIDED).when(command).then_refused(WrongState, says="voided")


@pytest.mark.parametrize("command", [RECLASSIFY, LINK_CHILD, LINK_FOOTAGE, VOID], ids=lambda c: type(c).__name__)
def test_an_unknown_incident_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(INCIDENT))


def test_its_state() -> None:
    state = folded(DECIDER, [RECORDED, IncidentReclassified(kind="theft", reason=reason()), VICTIM, LINKED, VOIDED])
    assert (state.kind, state.unit, state.officer, state.region) == ("theft", UNIT, OLENA, "UA-30")
    assert (state.children, state.footage, state.voided) == ((VICTIM,), (LINKED,), True)


def test_another_footage_is_another_link() -> None:
    given(DECIDER, RECORDED, LINKED).when(changed(LINK_FOOTAGE, footage_sha256=OTHER_SHA256)).then(
        changed(LINKED, footage_sha256=OTHER_SHA256)
    )
