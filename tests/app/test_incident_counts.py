"""Counts: small ones are left out for those who see nothing else; classification; what is configured."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest

from app import deployment
from app.clockwork import system_meta
from app.deployment import DeploymentFault, Settings
from domain.classification import Entry
from domain.event import Event
from domain.ids import account_id
from domain.incident import ChildLinked, ChildUnlinked, IncidentRecorded, IncidentVoided
from domain.log import Change
from domain.nearby import Reach
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from tests.app.conftest import House

NAMES = UUID("0a6a4a2e-1b1e-4c1e-9c39-6c7d3f2f7a11")
MARCH = datetime(2026, 3, 10, 10, tzinfo=UTC)
JANUARY = datetime(2026, 1, 10, 10, tzinfo=UTC)
WINDOW = {"from_month": "2026-03", "to_month": "2026-04"}


class Writer:
    """Incidents put on record by many, without a request for each."""

    def __init__(self, house: House, unit: UUID) -> None:
        self.house, self.unit, self.count = house, unit, 0

    def record(
        self, number: int, region: str, *roles: str, at: datetime = MARCH, kind: str = "theft", **last: bool
    ) -> None:
        for _ in range(number):
            self.count += 1
            key, child = uuid5(NAMES, f"{self.unit}-{self.count}"), uuid5(NAMES, f"child {self.count}")
            recorded = IncidentRecorded(
                kind=kind,
                occurred_from=at,
                occurred_to=at + timedelta(minutes=1),
                region=region,
                community="Подільська",
                unit=self.unit,
                officer=account_id("olena"),
                narrative=Sealed(key, Narrative("…")),
            )
            linked = [ChildLinked(child=child, pseudonym="CH-4F2A", role=role) for role in roles]
            events: list[Event] = [recorded, *linked]
            reason = Sealed(key, Reason("помилково"))
            if last.get("voided"):
                events.append(IncidentVoided(reason=reason))
            if last.get("unlinked"):
                events += [ChildUnlinked(child=child, role=role, reason=reason) for role in roles]
            self.house.services.log.append([Change(key, 0, tuple(events))], system_meta("test"))


@pytest.fixture(scope="module", autouse=True)
def recorded(house: House) -> None:
    theirs = Writer(house, UUID(house.units["investigators"]))
    theirs.record(9, "UA-30", "victim")
    theirs.record(2, "UA-46", "victim")
    theirs.record(3, "UA-46", "offender")
    theirs.record(1, "UA-46", "victim", voided=True)
    theirs.record(1, "UA-46", "victim", unlinked=True)
    theirs.record(1, "UA-46")
    others = Writer(house, UUID(house.units["duty"]))
    others.record(12, "UA-51", "victim", "offender")
    others.record(30, "UA-12", "victim")
    # 23:30 in Kyiv on the last of March, and half an hour later: another month there, the same one in UTC.
    theirs.record(6, "UA-30", "victim", at=datetime(2026, 3, 31, 20, 30, tzinfo=UTC))
    theirs.record(1, "UA-30", "victim", at=datetime(2026, 3, 31, 21, 30, tzinfo=UTC))
    theirs.record(2, "UA-46", kind="missing-child", at=JANUARY)
    theirs.record(1, "UA-46", "victim", kind="missing-child", at=JANUARY)
    theirs.record(1, "UA-46", "witness", kind="missing-child", at=JANUARY, unlinked=True)
    theirs.record(4, "UA-46", at=JANUARY)
    house.services.desk.caught_up()


def counted(house: House, who: str, path: str = "/counts/incidents", side: str = "against") -> dict[str, Any]:
    answer = house.ask(who, path, side=side, **WINDOW)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def cells(answer: dict[str, Any]) -> dict[str, list[int | None]]:
    return {each["region"]: each["cells"] for each in answer["regions"]}


class TestSuppressed:
    def test_small_counts_are_left_out_with_one_that_would_give_them_away(self, house: House) -> None:
        shown = counted(house, "andrii")
        assert shown["suppressed"] is True
        assert shown["months"] == ["2026-03", "2026-04"]
        of = cells(shown)
        assert (of["UA-12"][0], of["UA-30"][0]) == (30, 15)
        assert of["UA-46"][0] is None
        assert of["UA-51"][0] is None, "the smallest of those that could be shown"
        assert shown["month_totals"] == [59, None], "in April nothing would hide the only one"
        assert all(row[1] is None for row in of.values())
        assert shown["total"] == {"shown": 59, "left_out": 1}

    def test_only_analysts_see_them_and_they_see_nothing_else(self, house: House) -> None:
        for who in ("olena", "iryna", "taras", "oksana", "admin"):
            assert house.ask(who, "/counts/incidents", side="by", **WINDOW).status_code == 403, who
        for path in ("/incidents", "/children", "/cameras", "/searches", "/counts/incidents/own", "/losses"):
            assert house.ask("andrii", path).status_code == 403, path

    def test_whoever_reads_incidents_too_does_not_get_them(self, house: House) -> None:
        """They could take what they know from the totals."""
        house.create_account("both", house.units["duty"], "analyst", "supervisor")
        assert house.ask("both", "/counts/incidents", **WINDOW).status_code == 403

    def test_nothing_narrows_them(self, house: House) -> None:
        """A second table of the same incidents would be held against the first."""
        for narrowed in ({"kind": "theft"}, {"region": "UA-30"}, {"unit": house.units["duty"]}):
            assert house.ask("andrii", "/counts/incidents", **WINDOW, **narrowed).status_code == 422, narrowed


class TestOwn:
    def test_to_the_last_one_within_what_they_may_read(self, house: House) -> None:
        of_unit = counted(house, "halyna", "/counts/incidents/own")
        assert of_unit["suppressed"] is False
        assert (cells(of_unit)["UA-46"], cells(of_unit)["UA-30"]) == ([2, 0], [15, 1])
        assert cells(of_unit)["UA-51"] == [0, 0], "another unit's"
        assert counted(house, "oksana", "/counts/incidents/own")["month_totals"] == [59, 1]
        assert cells(counted(house, "oksana", "/counts/incidents/own", "by"))["UA-46"] == [3, 0]
        assert cells(counted(house, "iryna", "/counts/incidents/own"))["UA-46"] == [0, 0]

    def test_a_missing_child_is_counted_before_anybody_has_linked_it(self, house: House) -> None:
        for side, number in (("against", 4), ("by", 0)):
            window = {"from_month": "2026-01", "to_month": "2026-01", "side": side}
            shown = house.ask("halyna", "/counts/incidents/own", **window).json()
            assert cells(shown)["UA-46"] == [number], side

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"side": "both"}, "side"),
            ({"from_month": "2026-13"}, "from_month"),
            ({"from_month": "2026-05", "to_month": "2026-04"}, "to_month"),
            ({"from_month": "2020-01", "to_month": "2026-04"}, "to_month"),
        ],
    )
    def test_what_is_no_window(self, house: House, asked: dict[str, str], field: str) -> None:
        refused = house.ask("halyna", "/counts/incidents/own", **asked)
        assert (refused.status_code, refused.json()["field"]) == (422, field)

    def test_without_a_window_the_last_twelve_months(self, house: House) -> None:
        assert len(house.ask("halyna", "/counts/incidents/own").json()["months"]) == 12


def asked_in(house: House, language: str, path: str, **parameters: str) -> Any:
    headers = {"Authorization": f"Bearer {house.token('halyna')}", "Accept-Language": language}
    return house.http.get(path, params=parameters, headers=headers).json()


def test_labels_are_in_the_language_that_is_asked_for(house: House) -> None:
    for language, label in (
        ("uk", "крадіжка"),
        ("en", "theft"),
        ("en-GB,uk;q=0.5", "theft"),
        ("de, en;q=0.2, uk;q=0.9", "крадіжка"),
        ("en;q=0", "крадіжка"),
        ("", "крадіжка"),
    ):
        kinds = {each["kind"]: each for each in asked_in(house, language, "/classification")}
        assert kinds["theft"]["label"] == label, language
    assert asked_in(house, "en", "/counts/incidents/own")["label"] == "against children"


def test_an_article_that_nobody_verified_says_so(house: House) -> None:
    kinds = {each["kind"]: each for each in house.ask("andrii", "/classification").json()}
    assert (kinds["bullying"]["reference"], kinds["bullying"]["verified"]) == ("ст. 173-4 КУпАП", False)
    assert kinds["bullying"]["read_in"]
    assert kinds["other"]["reference"] is None


def test_the_list_is_configured(tmp_path: Path) -> None:
    entry = Entry(kind="begging", uk="жебрацтво", en="begging", reference="ст. 150-1", verified_by="юристи",
                  verified_on=date(2026, 11, 2))  # fmt: skip
    place = deployment.create(tmp_path / "house", Settings(classification=(entry,), nearby=Reach(radius_metres=500)))
    read = deployment.load(place.folder).settings
    assert read.kinds[-1] == entry
    assert read.nearby.radius_metres == 500


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"classification": [{"kind": "theft", "verified_by": "хтось"}]}, "by halves"),
        ({"classification": [{"kind": "theft", "artcle": "185"}]}, "artcle"),
        ({"nearby": {"radius_metres": 50_000}}, "nearby: radius_metres"),
        ({"child_image_hours_max": 73}, "child_image_hours_max"),
        ({"token_minutes": 0}, "token_minutes: is 0; give a whole number from 1"),
        ({"token_minutes": 1_441}, "token_minutes"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
    ],
)
def test_a_setting_that_cannot_be_stops_the_start(tmp_path: Path, written: dict[str, Any], says: str) -> None:
    place = deployment.create(tmp_path / "house")
    (place.folder / "oberih.json").write_bytes(msgspec.json.encode(written))
    with pytest.raises(DeploymentFault, match=says):
        deployment.load(place.folder)
