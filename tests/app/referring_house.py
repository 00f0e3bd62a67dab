"""A house with two agencies, an agreement with both and consents, for the tests of referrals and conferences."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.call import now
from app.clockwork import system_meta
from domain.event import Event
from domain.ids import account_id, agency_id
from domain.log import Change
from domain.personal import PersonName, Reason
from domain.sealed import Sealed
from domain.sharing import agency, agreement_events, consent_events
from domain.sharing.words import SHARED_FIELDS, SHARING_PURPOSES
from tests.app.conftest import House
from tests.app.prevention_house import ASSESSMENT, IN_CHARGE, SUPERVISOR, Prevention, ago

WAIT_SECONDS = 60.0
PARTNER, PARTNER_OTHER, PROTECTOR = "solomiia", "danylo", "zlata"
CONTACTS = {
    "phones": ["+380 44 555 12 12"],
    "addresses": ["Київ, Липська 1"],
    "guardians": ["бабуся Ганна"],
    "school": "Ліцей № 7",
}
FIELDS = ("identity", "contacts", "help-needed")
HELP = "Зустрічі з психологинею двічі на тиждень"


@dataclass
class Space:
    house: House
    prevention: Prevention
    agencies: dict[str, str] = field(default_factory=dict)  # by the partner who serves there
    agreement: str = ""

    @classmethod
    def of(cls, house: House) -> Space:
        """With the units and people of prevention."""
        prevention = Prevention(house)
        prevention.settle()
        made = cls(house, prevention)
        made.settle()
        return made

    def settle(self) -> None:
        house = self.house
        for username in (PARTNER, PARTNER_OTHER):
            self.agencies[username] = str(self.join(username))
        house.create_account(PROTECTOR, house.units["audit"], "data-protection-officer")
        self.agreement = str(self.agree())

    def join(self, username: str) -> UUID:
        """An agency, and somebody who serves there."""
        unit = self.house.done("admin", "/units", {"name": username, "region": "UA-30", "kind": "agency"})["id"]
        self.house.units[username] = unit
        self.house.create_account(username, unit, "partner")
        key = agency_id(UUID(unit))
        facts = {"name": username, "kind": "social-services", "region": "UA-30"}
        self.tell(key, agency.AgencyRegistered(unit=UUID(unit), by=account_id("admin"), **facts))
        return key

    def tell(self, stream: UUID, *events: Event) -> None:
        version = len(self.house.services.log.events(stream))
        self.house.services.log.append([Change(stream, version, events)], system_meta("test"))
        self.house.caught_up()

    def agree(self, unit: str = "juvenile") -> UUID:
        key, by, at = uuid4(), account_id(SUPERVISOR), now()
        proposed = agreement_events.AgreementProposed(
            units=(UUID(self.house.units[unit]),),
            agencies=tuple(map(UUID, self.agencies.values())),
            purposes=tuple(SHARING_PURPOSES),
            fields=tuple(SHARED_FIELDS),
            from_at=at - timedelta(days=1),
            until=at + timedelta(days=90),
            by=by,
        )
        self.tell(key, proposed, agreement_events.AgreementSigned(by=account_id(PROTECTOR)))
        return key

    def case(self, **more: Any) -> tuple[str, str]:
        """Of a child that has a profile, in the charge of an officer. Returns the case and the child."""
        child = self.house.register_child(IN_CHARGE, contacts=CONTACTS, **more)["id"]
        case = self.prevention.open(child=child, pseudonym=None)
        self.house.done(IN_CHARGE, f"/cases/{case}/risk", ASSESSMENT)
        return case, child

    def consent(self, child: str, *, fields: tuple[str, ...] = tuple(SHARED_FIELDS)) -> str:
        key = uuid4()
        given = consent_events.ConsentGiven(
            child=UUID(child),
            pseudonym="CH-4F2A",
            unit=UUID(self.house.units["juvenile"]),
            giver="parent",
            giver_name=Sealed(UUID(child), PersonName("Оксана Сірко")),
            purposes=tuple(SHARING_PURPOSES),
            agencies=tuple(map(UUID, self.agencies.values())),
            fields=fields,
            expires_at=now() + timedelta(days=60),
            by=account_id(IN_CHARGE),
        )
        self.tell(key, given)
        return str(key)

    def withdraw(self, consent: str) -> None:
        reason = Sealed(uuid4(), Reason("Більше не хоче"))
        self.tell(
            UUID(consent), consent_events.ConsentWithdrawn(giver="parent", by=account_id(IN_CHARGE), reason=reason)
        )

    def referral(self, case: str, consent: str, to: str = PARTNER, **more: Any) -> dict[str, Any]:
        return {
            "case": case,
            "agency": self.agencies[to],
            "service": "psychologist",
            "purpose": "psychological-help",
            "fields": list(FIELDS),
            "agreement": self.agreement,
            "consent": consent,
            "help_needed": HELP,
            **more,
        }

    def send(self, case: str, consent: str, to: str = PARTNER, **more: Any) -> str:
        return str(self.house.done(IN_CHARGE, "/referrals", self.referral(case, consent, to, **more))["id"])

    def live(self, case: str, child: str, said: Callable[[], str] = lambda: HELP) -> tuple[str, str]:
        """A referral that an agency works on, and a conference that ended in a plan; `said`: the words in them."""
        done, consent = self.house.done, self.consent(child)
        referral = self.send(case, consent, help_needed=said())
        done(PARTNER, f"/referrals/{referral}/accept")
        delivery = {"service": "psychologist", "delivered_at": ago(0.1), "narrative": said()}
        done(PARTNER, f"/referrals/{referral}/deliveries", delivery)
        path = f"/conferences/{self.conference(case, PARTNER)}"
        self.admit(path.rpartition("/")[2], consent, PARTNER)
        done(IN_CHARGE, f"{path}/decisions", {"narrative": said()})
        for _ in range(2):
            body = {"service": "shelter", "due_at": soon(10), "narrative": said(), "agency": self.agencies[PARTNER]}
            task = done(IN_CHARGE, f"{path}/tasks", body)["task"]
        done(PARTNER, f"{path}/agree")
        done(IN_CHARGE, f"{path}/settle")
        done(PARTNER, f"{path}/tasks/{task}/done", {"done_at": ago(0), "narrative": said()})
        return referral, path.rpartition("/")[2]

    def conference(self, case: str, *partners: str) -> str:
        invited = [self.agencies[each] for each in partners or (PARTNER, PARTNER_OTHER)]
        body = {"case": case, "agencies": invited, "meets_at": soon(3)}
        return str(self.house.done(IN_CHARGE, "/conferences", body)["id"])

    def admit(self, conference: str, consent: str, *partners: str) -> None:
        for each in partners:
            body = {"agency": self.agencies[each], "agreement": self.agreement, "consent": consent}
            self.house.done(IN_CHARGE, f"/conferences/{conference}/agencies", body)


def soon(days: float) -> str:
    at: datetime = now() + timedelta(days=days)
    return at.isoformat()


def wait_for(space: Space, stream: UUID, event: type[Any]) -> list[Any]:
    """What the processes are to record there, once they have."""
    until = time.monotonic() + WAIT_SECONDS
    while not (found := [each for each in space.house.services.log.events(stream) if isinstance(each, event)]):
        assert time.monotonic() < until, f"no {event.__name__} of {stream}"
        time.sleep(0.05)
    space.house.caught_up()
    return found
