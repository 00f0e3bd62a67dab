"""A register of cameras over HTTP: taken in whole, or not at all, and told row by row."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app.call import Call, now
from app.camera_network import importing
from app.camera_network.importing import CameraImports, Wish
from app.camera_network.register_file import REGISTER_BYTES_MAX
from app.clockwork import system_meta
from app.receiving import Received
from domain.camera import CameraRegistered
from domain.camera_network.camera_import import CamerasImported
from domain.event import Recorded
from domain.ids import account_id, camera_id
from tests.app.conftest import House
from tests.benchmarks import register_rows
from tests.benchmarks.register_rows import COLUMNS, as_csv, communities, register

HEADER = ",".join(COLUMNS)
ENDED_SECONDS_MAX = 60.0
BOTH = Wish(dry_run=True, accept_refused=True)


@pytest.fixture(scope="module", autouse=True)
def of_known_communities(house: House) -> None:
    house.services.log.append(communities(), system_meta("test"))


def send(house: House, body: bytes, *, username: str = "admin", key: str = "", **query: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {house.token(username)}", "Idempotency-Key": key or uuid4().hex}
    return house.http.post("/cameras/imports", content=body, headers=headers, params=query)


def ended(house: House, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    path, deadline = f"/cameras/imports/{answer.json()['camera_import']}", time.monotonic() + ENDED_SECONDS_MAX
    while True:
        told: dict[str, Any] = house.ask("admin", path).json()
        if told["ended_at"] is not None:
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.01)


def imported(house: House, body: bytes, **more: Any) -> dict[str, Any]:
    return ended(house, send(house, body, **more))


def refused(house: House, told: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    path = f"/cameras/imports/{told['camera_import']}/refused"
    token = {"Authorization": f"Bearer {house.token('admin')}"}
    answer = house.http.get(path, params={"limit": 200}, headers={**token, **headers})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def rows(start: int, count: int) -> list[register_rows.Row]:
    """Good ones, that no other test imports."""
    made = register(count, seed=start)
    for number, row in enumerate(made):
        row["name"] = f"REG-{start}-{number}"
    return made


def events_since(house: House, head: int) -> list[Any]:
    return [each.event for each in house.recorded_since(head) if isinstance(each, Recorded)]


def test_all_rows_go_on_record_in_one_piece(house: House) -> None:
    head, made = house.caught_up(), rows(1, 30)
    told = imported(house, as_csv(made))
    assert (told["state"], told["rows"], told["registered"], told["refused"]) == ("recorded", 30, 30, 0)
    recorded = [each for each in house.recorded_since(head) if isinstance(each, Recorded)]
    assert [type(each.event) for each in recorded] == [CamerasImported, *[CameraRegistered] * 30]
    assert len({each.meta.command_id for each in recorded}) == 1
    assert recorded[-1].position == told["position"]
    shown = house.ask("olena", f"/cameras/{made[7]['name']}").json()["camera"]
    assert (shown["place"], shown["community"]) == (made[7]["place"], made[7]["community"])
    listed = house.ask("admin", "/cameras/imports").json()["items"][0]
    assert (listed["camera_import"], listed["by_username"]) == (told["camera_import"], "admin")


def test_a_dry_run_only_tells(house: House) -> None:
    head = house.caught_up()
    told = imported(house, as_csv(rows(2, 5)), dry_run=True)
    assert (told["state"], told["registered"], told["position"]) == ("judged", 5, None)
    assert events_since(house, head) == []


def test_every_kind_of_fault_is_told_with_its_row(house: House) -> None:
    made = rows(3, 40)
    spoilt = register_rows.with_faults(made, seed=3)
    assert spoilt == Counter(dict.fromkeys(register_rows.FAULTS, 1))
    head = house.caught_up()
    told = imported(house, as_csv(made))
    assert (told["state"], told["registered"], told["refused"]) == ("refused", 28, 12)
    assert events_since(house, head) == [], "some of a refused register was recorded"
    items = refused(house, told)
    assert Counter(each["field"] for each in items) == {
        "name": 2,
        "region": 1,
        "community": 1,
        "place_kind": 1,
        "latitude": 2,
        "longitude": 1,
        "analytics": 1,
        "installed_at": 2,
        "row": 1,
    }
    assert all(each["fault"] and each["mend"] for each in items)
    twice = next(each for each in items if each["fault"] == "stands in line 2 already")
    assert made[twice["line"] - 2]["name"] == made[0]["name"] == twice["name"]

    again = imported(house, as_csv(made), accept_refused=True)
    assert (again["state"], again["registered"], again["refused"]) == ("recorded", 28, 12)
    assert len(events_since(house, head)) == 29


def test_the_report_is_told_in_ukrainian_and_as_a_file(house: House) -> None:
    made = rows(4, 40)
    made[5]["name"] = " =HYPERLINK(1)"
    register_rows.with_faults(made[6:], seed=4)
    told = imported(house, as_csv(made), dry_run=True)
    items = refused(house, told, **{"Accept-Language": "uk"})
    assert len(items) == 13
    assert not any(word in each["fault"] + each["mend"] for each in items for word in (" is ", " the ", "write"))
    answer = house.ask("admin", f"/cameras/imports/{told['camera_import']}/refused.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "line,name,field,fault,mend"
    assert [int(line.split(",")[0]) for line in lines[1:]] == [each["line"] for each in items]
    assert any(",' =HYPERLINK(1)," in line for line in lines)


def test_the_report_comes_in_pages(house: House) -> None:
    body = "\n".join([HEADER, *["x"] * 5]).encode()
    path = f"/cameras/imports/{imported(house, body)['camera_import']}/refused"
    first = house.ask("admin", path, limit=3).json()
    rest = house.ask("admin", path, limit=3, cursor=first["next"]).json()
    assert [each["line"] for each in [*first["items"], *rest["items"]]] == [2, 3, 4, 5, 6]
    assert rest["next"] is None
    assert house.ask("admin", path, cursor="x").json()["field"] == "cursor"


def test_the_same_file_again_registers_nothing_anew(house: House) -> None:
    made = rows(5, 8)
    imported(house, as_csv(made[:5]))
    told = imported(house, as_csv(made))
    assert (told["state"], told["registered"], told["already"]) == ("recorded", 3, 5)
    again = imported(house, as_csv(made))
    assert (again["registered"], again["already"], again["refused"]) == (0, 8, 0)


def test_a_row_of_a_community_that_nobody_knows_is_refused(house: House) -> None:
    made = rows(12, 3)
    made[0]["community"], made[1]["region"] = f"  {made[0]['community'].upper()} ", "UA-09"
    made[2]["community"] = "Нідемська"
    told = imported(house, as_csv(made), dry_run=True)
    assert (told["registered"], told["refused"]) == (2, 1)
    (item,) = refused(house, told)
    assert (item["line"], item["field"]) == (4, "community")
    assert "'Нідемська' is not known" in item["fault"]
    names = made[0]["community"].strip().title(), made[1]["community"]
    imported(house, as_csv(made), accept_refused=True)
    cameras = [house.ask("admin", f"/cameras/{each['name']}").json()["camera"]["community"] for each in made[:2]]
    assert cameras == list(names), "as the community was registered, whatever its capitals in the file"


def test_a_camera_that_is_on_record_otherwise_is_refused(house: House) -> None:
    made = rows(6, 3)
    imported(house, as_csv(made[:2]))
    told = imported(house, as_csv([{**made[0], "place": "Інде", "analytics": "ні"}, made[1]]))
    assert (told["already"], told["refused"]) == (1, 1)
    (item,) = refused(house, told)
    assert item["field"] == "name"
    assert "place" in item["fault"]
    house.done("admin", f"/cameras/{made[1]['name']}/decommission", {"at": now().isoformat()})
    told = imported(house, as_csv(made[1:]), accept_refused=True)
    assert (told["registered"], told["already"], told["refused"]) == (1, 0, 1)
    (item,) = refused(house, told)
    assert (item["field"], item["fault"]) == ("name", "was decommissioned")


def test_the_same_key_is_the_same_import(house: House) -> None:
    made = rows(7, 3)
    first = imported(house, as_csv(made), key="once")
    head = house.caught_up()
    again = send(house, as_csv(made), key="once")
    assert again.json() == first
    other = send(house, as_csv(made[:2]), key="once")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/command-id-reused")
    assert events_since(house, head) == []
    assert list(house.services.deployment.incoming.glob("[0-9a-f]*")) == [], "a file was left"


def test_after_a_restart_the_record_tells_of_it(house: House) -> None:
    made = [*rows(8, 3), {**rows(8, 3)[0], "name": "no name"}]
    told = imported(house, as_csv(made), accept_refused=True, key="before")
    key, later = UUID(told["camera_import"]), CameraImports(house.services.desk)
    try:
        known = later.progress(key)
        counts = (known.state, known.registered, known.refused, known.position)
        assert counts == ("recorded", 3, 1, told["position"])
        assert (told["refused_told"], known.refused_told) == (True, False)
        with pytest.raises(importing.ReportGone, match="of the last 8 imports"):
            later.refusals(key)
    finally:
        later.close()


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        (b"", "file", "is empty"),
        (b"name,region\n", "header", "lacks community"),
        (f"{HEADER},colour\n".encode(), "header", "'colour'"),
        (f"{HEADER},name\n".encode(), "header", "twice"),
        (HEADER.encode("utf-16"), "row", "is not UTF-8"),
    ],
)
def test_what_is_no_register_is_refused_at_once(house: House, body: bytes, field: str, says: str) -> None:
    answer = send(house, body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert says in answer.json()["fault"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.token('admin')}", "Content-Length": str(REGISTER_BYTES_MAX + 1)}
    answer = house.http.post("/cameras/imports", content=iter([b"x"]), headers=headers)
    assert (answer.status_code, answer.json()["bytes_max"]) == (413, REGISTER_BYTES_MAX)


def test_only_administrators_import(house: House) -> None:
    assert send(house, as_csv(rows(9, 1)), username="halyna").status_code == 403
    key = imported(house, as_csv(rows(9, 1)))["camera_import"]
    for part in ("", f"/{key}", f"/{key}/refused", f"/{key}/refused.csv"):
        assert house.ask("oksana", f"/cameras/imports{part}").status_code == 403
    assert house.ask("admin", f"/cameras/imports/{uuid4()}").status_code == 404


def test_who_was_faster_with_a_camera_of_the_file_breaks_it_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the judging and the append: nothing is recorded, and the same command may be sent again."""
    made, judge = rows(10, 4), importing.judge

    def slowly(*given: Any) -> Any:
        judged = judge(*given)
        if camera_id(made[2]["name"]) not in registered:
            registered.add(camera_id(made[2]["name"]))
            house.register_camera(made[2]["name"])
        return judged

    registered: set[UUID] = set()
    monkeypatch.setattr(importing, "judge", slowly)
    head = house.caught_up()
    told = imported(house, as_csv(made), key="raced")
    assert told["state"] == "failed"
    assert "meanwhile" in told["fault"]
    assert [event.name for event in events_since(house, head)] == [made[2]["name"]]
    again = imported(house, as_csv(made), key="raced")
    assert (again["state"], again["registered"], again["refused"]) == ("refused", 3, 1)


def test_a_closing_server_breaks_it_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    head, judge, own = house.caught_up(), importing.judge, CameraImports(house.services.desk)

    def once_it_closes(*given: Any) -> Any:
        assert own._closing.wait(ENDED_SECONDS_MAX)
        return judge(*given)

    monkeypatch.setattr(importing, "judge", once_it_closes)
    monkeypatch.setattr(importing, "TOLD_EVERY_ROWS", 1)
    path = house.services.deployment.incoming / "closing"
    path.write_bytes(as_csv(rows(11, 5)))
    call = Call(
        principal=house.services.people.holder(account_id("admin"))[0],
        purpose="",
        command_id=uuid4(),
        digest=b"closing",
        correlation_id=uuid4(),
    )
    begun = own.start(call, Received(path, "ab" * 32, path.stat().st_size), Wish(dry_run=False, accept_refused=False))
    with pytest.raises(importing.ImportUnderWay):
        own.start(msgspec.structs.replace(call, command_id=uuid4()), Received(path.with_name("no"), "", 0), BOTH)
    own.close()
    told = own.progress(begun.camera_import)
    assert (told.state, told.position) == ("failed", None)
    assert "closed" in (told.fault or "")
    assert not path.exists()
    assert events_since(house, head) == []
