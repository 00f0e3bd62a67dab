"""A house whose communities have police, and residents who report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import cv2
import httpx
import numpy as np
import pytest

from app.clockwork import Clockwork, system_meta
from app.residents import Sources
from domain.communities.community import CommunityRegistered
from domain.communities.post import PostedToCommunity
from domain.ids import account_id, community_id, post_id, report_id
from domain.log import Change
from tests.app.conftest import House

COMMUNITY, OTHER_COMMUNITY = "Деснянська", "Оболонська"
OFFICER, SUPERVISOR, OTHER_OFFICER, OTHER_SUPERVISOR = "ostap", "zoia", "lavro", "yaryna"
EXIF = b"PLANTED-CAMERA-AND-PLACE"
TOLD = {
    "category": "lighting",
    "region": "UA-30",
    "community": COMMUNITY,
    "narrative": "Третій вечір не горить ліхтар біля шкільних воріт на вулиці Садовій.",
    "place": {"latitude": 50.46123, "longitude": 30.51234, "text": "Біля воріт"},
}


@dataclass
class Resident:
    """Somebody with the token of a report."""

    office: Office
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Report {self.token}"}

    @property
    def report(self) -> str:
        principal = self.office.house.services.residents.tokens.principal(self.token)
        assert principal is not None
        return str(report_id(principal.account))

    def submit(self, **more: Any) -> httpx.Response:
        return self.post("/reports/own", {**TOLD, **more})

    def post(self, path: str, body: object) -> httpx.Response:
        answer = self.office.house.http.post(path, json=body, headers=self.headers)
        self.office.house.caught_up()
        return answer

    def page(self, language: str = "en") -> dict[str, Any]:
        headers = {**self.headers, "Accept-Language": language}
        answer = self.office.house.http.get("/reports/own", headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@dataclass
class Office:
    house: House

    def settle(self) -> None:
        """Two communities, each with a unit of police, an officer who is posted there and a supervisor."""
        by = account_id("admin")
        for name, officer, supervisor in (
            (COMMUNITY, OFFICER, SUPERVISOR),
            (OTHER_COMMUNITY, OTHER_OFFICER, OTHER_SUPERVISOR),
        ):
            unit = {"name": f"police of {name}", "region": "UA-30", "kind": "community-police"}
            key = self.house.units[name] = str(self.house.done("admin", "/units", unit)["id"])
            self.house.create_account(officer, key, "community-officer")
            self.house.create_account(supervisor, key, "supervisor")
            community = community_id("UA-30", name)
            registered = CommunityRegistered(name=name, region="UA-30", unit=UUID(key), by=by)
            posted = PostedToCommunity(
                account=account_id(officer),
                community=community,
                from_at=datetime.now(UTC),
                residence_attested=True,
                by=by,
            )
            changes = [Change(community, 0, (registered,)), Change(post_id(account_id(officer)), 0, (posted,))]
            self.house.services.log.append(changes, system_meta("test"))
        self.house.caught_up()

    def unslowed(self) -> None:
        """All requests of a test come from one address."""
        object.__setattr__(self.house.services.residents, "sources", Sources(10**6))

    def resident(self) -> Resident:
        answer = self.house.http.post("/reports/own/token")
        assert answer.status_code == 201
        return Resident(self, answer.json()["token"])

    def reported(self, **more: Any) -> Resident:
        resident = self.resident()
        answer = resident.submit(**more)
        assert answer.status_code == 201, answer.text
        return resident

    def read(self, **more: Any) -> Resident:
        """Reported, and read by the officer."""
        resident = self.reported(**more)
        self.house.done(OFFICER, f"/reports/{resident.report}/acknowledge")
        return resident

    def tick(self, minutes: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """As if the clock were so much later."""
        later = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr("app.clockwork.now", lambda: later)
        Clockwork(self.house.services.log, self.house.services.views).tick()
        self.house.caught_up()


def picture(side: int = 64) -> bytes:
    """A JPEG that says where and with what it was taken."""
    pixels = np.random.default_rng(5).integers(0, 255, (side, side, 3), dtype=np.uint8)
    done, jpeg = cv2.imencode(".jpg", pixels)
    assert done
    content = bytes(jpeg)
    said = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00" + EXIF
    return content[:2] + b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said + content[2:]


def unknown() -> str:
    return str(uuid4())
