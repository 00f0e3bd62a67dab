"""One child that is in everything a child can be in, put on record over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx

from app.call import now
from app.clockwork import system_meta
from domain import concern
from domain.ids import account_id
from domain.incident import ChildLinked
from domain.log import Change
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.app.conftest import House
from tests.app.prevention_house import CLOSE, CONTACT, IN_CHARGE, PDF, SUPERVISOR, Prevention, ahead

OFFERED = "bohuslava"  # supervisor of the unit that the open case is offered to


class Scene(NamedTuple):
    """One child of a unit of juvenile prevention, and everything that it is in."""

    house: House
    child: str
    incident: str  # of the unit
    elsewhere: str  # of the investigators
    case: str  # open, and offered to a further unit
    attachment: str
    sealed_case: str
    sealed_attachment: str
    concern: str
    expired: str  # a concern whose time is over

    def ask(self, username: str, path: str, **parameters: object) -> httpx.Response:
        return self.house.ask(username, path.format_map(self._asdict()), **parameters)


def scene(house: House) -> Scene:
    """The child and its things, put on record."""
    made = Prevention(house)
    made.settle()
    house.units["offered"] = house.done(
        "admin", "/units", {"name": "offered", "region": "UA-30", "kind": "juvenile-prevention"}
    )["id"]
    house.create_account(OFFERED, house.units["offered"], "supervisor")
    incident = house.record_incident(IN_CHARGE, place={"text": "під’їзд, де живе"})
    linked = house.done(IN_CHARGE, f"/incidents/{incident}/children", {"role": "victim"})
    child, pseudonym = str(linked["child"]), str(linked["pseudonym"])
    person = {"surname": "Запорожець", "given_name": "Соломія", "patronymic": "Юріївна", "born": "2013-04-02"}
    told = {"contacts": {"phones": ["+380 44 555 12 12"], "guardians": ["бабуся"]}, "narrative": "Не ночує вдома."}
    house.register_child(**person, **told, child=child)
    house.done(IN_CHARGE, f"/children/{child}/identity", {"other_names": ["Соля"], "reason": "За свідоцтвом"})
    elsewhere = house.record_incident("olena")
    link = ChildLinked(child=UUID(child), pseudonym=pseudonym, role="victim")
    append(house, elsewhere, 1, link)  # by nobody who could be asked: no juvenile officer serves in that unit
    sealed_case, sealed_attachment = opened_case(made, child, incident)
    house.done(SUPERVISOR, f"/cases/{sealed_case}/close", CLOSE)
    house.done(SUPERVISOR, f"/cases/{sealed_case}/seal", {"reason": "Строк минув"})
    case, attachment = opened_case(made, child, incident)
    offer = {"to_unit": house.units["offered"], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"/cases/{case}/transfer", offer)
    concerns = raised(house, child, pseudonym)
    return Scene(
        house, child, incident, elsewhere, case, attachment, sealed_case, sealed_attachment, concerns[0], concerns[1]
    )


def opened_case(made: Prevention, child: str, incident: str) -> tuple[str, str]:
    """A case with something that was written in it, and a file."""
    case = made.open(child=child, pseudonym=None, incident=incident)
    made.house.done(IN_CHARGE, f"/cases/{case}/contacts", CONTACT)
    return case, str(made.attach(IN_CHARGE, case, PDF).json()["attachment"])


def raised(house: House, child: str, pseudonym: str) -> tuple[str, str]:
    """A concern, and one whose time is over."""
    told = {"kind": "missing-school", "narrative": "Не ходить до школи; мама Оксана Гнатюк."}
    body = {**told, "unit": house.units["juvenile"], "child": child}
    stands = str(house.done("olena", "/concerns", body)["id"])
    house.done(IN_CHARGE, f"/concerns/{stands}/review", {"finding": "unclear", "reason": "Розмова зі школою"})
    expired = uuid4()
    command = concern.RaiseConcern(
        concern=expired,
        child=UUID(child),
        pseudonym=pseudonym,
        kind="missing-school",
        unit=UUID(house.units["juvenile"]),
        unit_kind="juvenile-prevention",
        by=account_id("olena"),
        narrative=Sealed(expired, Narrative(told["narrative"])),
        days=90,
        at=now() - timedelta(days=90),
    )
    append(house, str(expired), 0, *concern.DECIDER.decide(None, command))
    return stands, str(expired)


def append(house: House, stream: str, version: int, *events: Any) -> None:
    house.services.log.append([Change(UUID(stream), version, events)], system_meta("test"))
