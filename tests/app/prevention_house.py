"""A house with two units of juvenile prevention, for the tests of prevention cases: who serves where, who is certified,
and one case of each kind that a test needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx

from app.clockwork import system_meta
from domain import officer
from domain.ids import account_id, officer_id
from domain.log import Change
from tests.app.conftest import House

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
IN_CHARGE, COLLEAGUE, SUPERVISOR = "iryna", "maksym", "sofiia"
OTHER_OFFICER, OTHER_SUPERVISOR = "vira", "yaroslav"
UNCERTIFIED = "zakhar"
STRANGERS = ("olena", "halyna", "taras", "admin", OTHER_OFFICER, OTHER_SUPERVISOR)  # who hear of no case here


def ahead(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def ago(days: float) -> str:
    return ahead(-days)


@dataclass
class Prevention:
    house: House

    def settle(self) -> None:
        """Units, people and certifications."""
        house = self.house
        unit = {"name": "juvenile-left", "region": "UA-30", "kind": "juvenile-prevention"}
        house.units["juvenile-left"] = house.done("admin", "/units", unit)["id"]
        for username, where, role in (
            (COLLEAGUE, "juvenile", "juvenile-officer"),
            (SUPERVISOR, "juvenile", "supervisor"),
            (UNCERTIFIED, "juvenile", "juvenile-officer"),
            (OTHER_OFFICER, "juvenile-left", "juvenile-officer"),
            (OTHER_SUPERVISOR, "juvenile-left", "supervisor"),
        ):
            house.create_account(username, house.units[where], role)
        for username, where in ((IN_CHARGE, "juvenile"), (COLLEAGUE, "juvenile"), (OTHER_OFFICER, "juvenile-left")):
            self.certify(username, house.units[where])

    def certify(self, username: str, unit: str) -> None:
        account, by = account_id(username), account_id("admin")
        of = officer_id(account)
        events = (
            officer.CandidateSelected(account=account, unit=UUID(unit), by=by),
            officer.TrainingCompleted(course=officer.REQUIRED_COURSE, completed_at=datetime.now(UTC), by=by),
            officer.OfficerCertified(until=datetime.now(UTC) + timedelta(days=365), by=by),
        )
        self.house.services.log.append([Change(of, 0, events)], system_meta("test"))

    def lapse(self, username: str, unit: str) -> None:
        account = account_id(username)
        lapsed = officer.CertificationLapsed(
            account=account, unit=UUID(unit), cause=officer.TIME_OVER, at=datetime.now(UTC)
        )
        version = len(self.house.services.log.events(officer_id(account)))
        self.house.services.log.append([Change(officer_id(account), version, (lapsed,))], system_meta("test"))

    def child(self, username: str = IN_CHARGE) -> tuple[str, str]:
        """An incident of theirs, and the pseudonym of a child that is new in it."""
        incident = self.house.record_incident(username)
        linked = self.house.done(username, f"/incidents/{incident}/children", {"role": "offender"})
        return incident, linked["pseudonym"]

    def open(self, username: str = IN_CHARGE, *, assign: str | None = IN_CHARGE, **more: Any) -> str:
        incident, pseudonym = self.child(username)
        body = {
            "pseudonym": pseudonym,
            "incident": incident,
            "ground": "administrative-offence",
            "term_ends": ahead(90),
            "reason": "Два протоколи на Івана Сірка",
        }
        key = str(self.house.done(username, "/cases", {**body, **more})["id"])
        if assign is not None:
            self.house.done(SUPERVISOR, f"/cases/{key}/assign", {"officer": str(account_id(assign))})
        return key

    def attach(
        self,
        username: str,
        case: str,
        content: bytes = PDF,
        *,
        name: str = "лист.pdf",
        key: str = "",
        version: int | None = None,
    ) -> httpx.Response:
        sent = {
            "Authorization": f"Bearer {self.house.token(username)}",
            "Idempotency-Key": key or uuid4().hex,
            "Oberih-File-Name": quote(name),
        }
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        return self.house.http.post(f"/cases/{case}/attachments", content=content, headers=sent)


ASSESSMENT = {
    "level": "medium",
    "protective_factors": ["trusted-adult"],
    "review_by": ahead(30),
    "narrative": "Бабуся Ганна Сірко поруч.",
}
MEASURE = {"kind": "home-visit", "due_at": ahead(3), "narrative": "Відвідати Сірків удома"}
CONTACT = {"kind": "telephone", "occurred_at": ago(0.1), "narrative": "Мати, 050 111 22 33, просить допомогти"}
CLOSE = {"outcome": "goals-met", "reason": "План виконано"}
