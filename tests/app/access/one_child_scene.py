"""One child that is in everything a child can be in, put on record over HTTP."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from app.call import now
from domain import concern
from domain.ids import account_id
from domain.incident import ChildLinked
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.app.access.scene import Scene
from tests.app.neighbourhood import PARTNER as SCHOOL_PARTNER
from tests.app.prevention_house import ASSESSMENT, CLOSE, CONTACT, IN_CHARGE, PDF, SUPERVISOR, ahead


def put(scene: Scene) -> None:
    """The child and its things: `incident` is its unit's, `elsewhere` the investigators'; `case` is open, and offered
    to a further unit; `referral` was accepted, `asked` not answered yet; `expired` is a concern whose time is over.
    """
    house, things = scene.house, scene.things
    incident = house.record_incident(IN_CHARGE, place={"text": "під’їзд, де живе"})
    linked = house.done(IN_CHARGE, f"/incidents/{incident}/children", {"role": "victim"})
    child, pseudonym = str(linked["child"]), str(linked["pseudonym"])
    person = {"surname": "Запорожець", "given_name": "Соломія", "patronymic": "Юріївна", "born": "2013-04-02"}
    told = {"contacts": {"phones": ["+380 44 555 12 12"], "guardians": ["бабуся"]}, "narrative": "Не ночує вдома."}
    house.register_child(**person, **told, child=child)
    house.done(IN_CHARGE, f"/children/{child}/identity", {"other_names": ["Соля"], "reason": "За свідоцтвом"})
    elsewhere = house.record_incident("olena")
    link = ChildLinked(child=UUID(child), pseudonym=pseudonym, role="victim")
    scene.append(elsewhere, 1, link)  # by nobody who could be asked: no juvenile officer serves in that unit
    things |= {"child": child, "incident": incident, "elsewhere": elsewhere}
    things["sealed_case"], things["sealed_attachment"] = opened_case(scene)
    house.done(SUPERVISOR, f"/cases/{things['sealed_case']}/close", CLOSE)
    house.done(SUPERVISOR, f"/cases/{things['sealed_case']}/seal", {"reason": "Строк минув"})
    things["case"], things["attachment"] = opened_case(scene)
    share(scene)
    offer = {"to_unit": house.units["offered"], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"/cases/{things['case']}/transfer", offer)
    raise_concerns(scene, pseudonym)


def opened_case(scene: Scene) -> tuple[str, str]:
    """A case with something that was written in it, and a file."""
    made, things = scene.space.prevention, scene.things
    case = made.open(child=things["child"], pseudonym=None, incident=things["incident"])
    made.house.done(IN_CHARGE, f"/cases/{case}/contacts", CONTACT)
    return case, str(made.attach(IN_CHARGE, case, PDF).json()["attachment"])


def share(scene: Scene) -> None:
    """A referral that an agency works on, one that it has not answered, and a conference that ended in a plan."""
    house, things = scene.house, scene.things
    house.done(IN_CHARGE, f"/cases/{things['case']}/risk", ASSESSMENT)
    things["referral"], things["conference"] = scene.space.live(things["case"], things["child"])
    told = house.ask(IN_CHARGE, f"/referrals/{things['referral']}").json()
    things["consent"] = told["content"]["consent"]
    things["asked"] = scene.space.send(things["case"], things["consent"], service="shelter")


def raise_concerns(scene: Scene, pseudonym: str) -> None:
    """One of an investigator, one whose time is over, and one that the child's school described."""
    house, things = scene.house, scene.things
    child = things["child"]
    told = {"kind": "missing-school", "narrative": "Не ходить до школи; мама Оксана Гнатюк."}
    body = {**told, "unit": house.units["juvenile"], "child": child}
    things["concern"] = str(house.done("olena", "/concerns", body)["id"])
    review = {"finding": "unclear", "reason": "Розмова зі школою"}
    house.done(IN_CHARGE, f"/concerns/{things['concern']}/review", review)
    things["school_concern"] = str(house.done(SCHOOL_PARTNER, "/school-concerns", told)["id"])
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
    scene.append(str(expired), 0, *concern.DECIDER.decide(None, command))
    things["expired"] = str(expired)
