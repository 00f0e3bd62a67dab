"""A child in several incidents: made known once, found again by pseudonym, and by nobody who may not read of it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.clockwork import system_meta
from domain.ids import account_id, child_pseudonym
from domain.incident import PSEUDONYM, ChildLinked
from domain.log import Change
from tests.app.conftest import House


def test_a_new_child_gets_id_and_pseudonym_and_is_linked_elsewhere_by_it(house: House) -> None:
    first, second = house.record_incident("iryna"), house.record_incident("iryna")
    new = house.done("iryna", f"/incidents/{first}/children", {"role": "victim"}, key="new child")
    assert PSEUDONYM.fullmatch(new["pseudonym"])
    assert (new["pseudonym"], new["already"]) == (child_pseudonym(UUID(new["child"])), False)
    assert house.done("iryna", f"/incidents/{first}/children", {"role": "victim"}, key="new child") == new, "a retry"
    same = house.done("iryna", f"/incidents/{second}/children", {"role": "witness", "pseudonym": new["pseudonym"]})
    assert (same["child"], same["pseudonym"]) == (new["child"], new["pseudonym"])
    by_id = house.done("iryna", f"/incidents/{second}/children", {"role": "offender", "child": new["child"]})
    assert by_id["pseudonym"] == new["pseudonym"]
    again = house.done("iryna", f"/incidents/{second}/children", {"role": "witness", "pseudonym": new["pseudonym"]})
    assert (again["already"], again["position"], again["child"]) == (True, 0, new["child"])
    known = house.ask("iryna", "/children", pseudonym=new["pseudonym"]).json()["items"]
    assert [(each["incident"], each["role"]) for each in known] == [
        (second, "offender"),
        (second, "witness"),
        (first, "victim"),
    ]


def test_another_child_of_the_same_incident_is_another_child(house: House) -> None:
    incident = house.record_incident("iryna")
    linked = [house.done("iryna", f"/incidents/{incident}/children", {"role": "witness"}) for _ in range(2)]
    assert len({each["child"] for each in linked}) == len({each["pseudonym"] for each in linked}) == 2


def test_a_pseudonym_of_nobody_and_one_of_another_unit_are_the_same(house: House) -> None:
    house.create_account("ivanna", house.units["investigators"], "juvenile-officer")
    theirs = house.record_incident("iryna")
    child = {"child": str(uuid4()), "pseudonym": "CH-THEIRS", "role": "victim"}
    house.done("iryna", f"/incidents/{theirs}/children", child)
    ours = house.record_incident("olena")
    answers = [
        house.command("ivanna", f"/incidents/{ours}/children", {"role": "victim", "pseudonym": name})
        for name in ("CH-THEIRS", "CH-NOBODY")
    ]
    theirs_told, nobody_told = (answer.json() for answer in answers)
    assert theirs_told["detail"].startswith("pseudonym: CH-THEIRS is no child that you may read of;")
    assert theirs_told["detail"].replace("CH-THEIRS", "CH-NOBODY") == nobody_told["detail"]
    by_id = house.command("ivanna", f"/incidents/{ours}/children", {"role": "victim", "child": child["child"]})
    assert by_id.json()["field"] == "child"
    assert house.ask("ivanna", "/children", pseudonym="CH-THEIRS").json()["items"] == []


def test_two_children_that_are_called_alike_are_told_apart_by_id(house: House) -> None:
    """As older records may have them: a pseudonym that is used is not given to another child any more."""
    for _ in range(2):
        child = {"child": str(uuid4()), "pseudonym": "CH-TWICE", "role": "victim"}
        link = ChildLinked(child=UUID(child["child"]), pseudonym="CH-TWICE", role="victim")
        house.services.log.append([Change(UUID(house.record_incident("iryna")), 1, (link,))], system_meta("test"))
    third = house.record_incident("iryna")
    refused = house.command("iryna", f"/incidents/{third}/children", {"role": "victim", "pseudonym": "CH-TWICE"})
    assert "2 children are called CH-TWICE; give the child's id, too" in refused.json()["detail"]
    house.done("iryna", f"/incidents/{third}/children", child)


def test_a_voided_incident_makes_no_child_known(house: House) -> None:
    incident = house.record_incident("olena", officer=str(account_id("iryna")))
    linked = house.done("iryna", f"/incidents/{incident}/children", {"role": "victim"})
    assert house.ask("halyna", "/children", pseudonym=linked["pseudonym"]).json()["items"]
    house.done("halyna", f"/incidents/{incident}/void", {"reason": "Записано двічі"})
    assert house.ask("halyna", "/children", pseudonym=linked["pseudonym"]).json()["items"] == []


@pytest.mark.parametrize(("username", "status"), [("olena", 200), ("oksana", 200), ("admin", 403)])
def test_who_lists_children(house: House, username: str, status: int) -> None:
    assert house.ask(username, "/children").status_code == status
