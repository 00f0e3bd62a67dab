"""Everything that people write of children, sent through the API with secrets for words: profiles, incidents, missing
children, prevention cases and their files, concerns, officers, holds, and the queue of a client that was offline.
Whatever was written is read at once, by those whom it is for and by those whom it is not for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

import httpx

from app.call import now
from domain.ids import account_id
from tests.app.planting import PDF, Planter
from tests.app.prevention_house import (
    ASSESSMENT,
    CLOSE,
    COLLEAGUE,
    CONTACT,
    IN_CHARGE,
    MEASURE,
    OTHER_OFFICER,
    OTHER_SUPERVISOR,
    STRANGERS,
    SUPERVISOR,
    Prevention,
    ago,
    ahead,
)
from tests.app.referring_house import PARTNER, PARTNER_OTHER, PROTECTOR, Space

OUTSIDE = (*STRANGERS, "bohdan", "oksana", "andrii")
APPROVER = "taras"
CAMERA = "KYIV-931"
TIMES = 3  # that each life is lived


class Read(NamedTuple):
    """What somebody was answered; `secrets`: what is theirs to read of it."""

    username: str
    path: str
    status: int
    text: str
    raw: bytes
    secrets: tuple[str, ...]


class Lives:
    def __init__(self, prevention: Prevention) -> None:
        self.prevention, self.house, self.plant = prevention, prevention.house, Planter()
        self.space = Space(self.house, prevention)
        self.read: list[Read] = []
        self.unread: set[str] = set()  # names that were only searched for, and what was refused
        self.things: dict[str, str] = {}  # the last of each kind
        self.time = 0

    def live(self) -> None:
        self.space.settle()
        casework = (self._child, self._incident, self._missing, self._case, self._transfer, self._concern)
        for self.time in range(TIMES):
            for life in (*casework, self._queue, self._hold, self._officer, self._shared):
                life()
        self._refused()

    def _reading(self, path: str, by: Sequence[str], secrets: Sequence[str], others: Sequence[str] = OUTSIDE) -> None:
        for username in by:
            self._keep(username, path, self.house.ask(username, path), tuple(secrets))
        for username in others[self.time :: TIMES]:  # all of them, over the times that a life is lived
            if username not in by:
                self._keep(username, path, self.house.ask(username, path), ())

    def _keep(self, username: str, path: str, answer: httpx.Response, secrets: tuple[str, ...]) -> None:
        raw = b"\n".join((*(value for _, value in answer.headers.raw), answer.content))
        text = answer.content.decode(errors="replace") + unquote(answer.headers.get("content-disposition", ""))
        self.read.append(Read(username, path, answer.status_code, text, raw, secrets))

    def _sentences(self, count: int) -> list[str]:
        return [self.plant.sentence() for _ in range(count)]

    def _child(self) -> None:
        done, reasons = self.house.done, self._sentences(5)
        first, later = ((self._identity(), self._contacts()) for _ in range(2))
        narratives = self._sentences(2)
        key = done(IN_CHARGE, "/children", {**first[0], "contacts": first[1], "narrative": narratives[0]})["id"]
        path = self.things["children"] = f"/children/{key}"
        self._reading(f"{path}/identity", (IN_CHARGE, SUPERVISOR), texts(*first))
        done(IN_CHARGE, f"{path}/identity", {**later[0], "reason": reasons[0]})
        done(IN_CHARGE, f"{path}/contacts", later[1])
        done(IN_CHARGE, f"{path}/narratives", {"text": narratives[1]})
        other = self._identity()
        both = {"other": done(IN_CHARGE, "/children", other)["id"]}
        done(SUPERVISOR, f"{path}/merge", {**both, "reason": reasons[1]})
        done(SUPERVISOR, f"{path}/unmerge", {**both, "reason": reasons[2]})
        done(IN_CHARGE, f"{path}/erasure", {"order": "12-з", "reason": reasons[3]})
        done(SUPERVISOR, f"{path}/erasure/refuse", {"reason": reasons[4]})
        self._reading(f"{path}/identity", (COLLEAGUE, SUPERVISOR), texts(*later))
        self._reading(f"{path}/narratives", (IN_CHARGE, SUPERVISOR), narratives)
        self._reading(f"{path}/reasons", (SUPERVISOR,), reasons)
        self._reading(f"/children/{both['other']}/identity", (IN_CHARGE,), texts(other))
        self._searches(later[0], key)

    def _identity(self) -> dict[str, Any]:
        parts = {part: self.plant.name() for part in ("surname", "given_name", "patronymic")}
        return {**parts, "other_names": [self.plant.name()], "born": "2012-05-17"}

    def _contacts(self) -> dict[str, Any]:
        said = {part: [self.plant.sentence()] for part in ("addresses", "guardians")}
        return {"phones": [self.plant.phone()], **said, "school": self.plant.sentence()}

    def _searches(self, identity: dict[str, Any], key: str) -> None:
        """By the whole name, by a part of it, by a name of nobody; by those who may not as well."""
        whole = f"{identity['surname']} {identity['given_name']}"
        nobody = self.plant.name()
        self.unread.add(nobody)
        for name in (whole, identity["surname"].upper(), nobody):
            for username in (IN_CHARGE, *OUTSIDE[self.time :: TIMES]):
                found = self.house.command(username, "/children/search", {"name": name})
                shown = (identity["surname"],) if username == IN_CHARGE and name != nobody else ()
                self._keep(username, "/children/search", found, shown)
        self.house.ask(SUPERVISOR, f"/children/{key}/duplicates")

    def _incident(self) -> None:
        narrative, place, *reasons = self._sentences(5)
        done = self.house.done
        where = {"text": place, "latitude": 50.45, "longitude": 30.52}
        path = f"/incidents/{self.house.record_incident(IN_CHARGE, narrative=narrative, place=where)}"
        self.things["incidents"] = path
        child = done(IN_CHARGE, f"{path}/children", {"role": "witness"})["child"]
        done(IN_CHARGE, f"{path}/children/{child}/unlink", {"role": "witness", "reason": reasons[0]})
        done(SUPERVISOR, f"{path}/reclassify", {"kind": "theft", "reason": reasons[1]})
        self._reading(f"{path}/narrative", (IN_CHARGE, COLLEAGUE, SUPERVISOR), [narrative])
        self._reading(f"{path}/place", (IN_CHARGE, COLLEAGUE, SUPERVISOR), [place])
        done(SUPERVISOR, f"{path}/void", {"reason": reasons[2]})
        self._reading(f"{path}/reasons", (SUPERVISOR,), reasons)

    def _missing(self) -> None:
        narrative, place, purpose, reason = self._sentences(4)
        body = {
            "last_seen_at": (now() - timedelta(hours=2)).isoformat(),
            "region": "UA-30",
            "community": "Подільська",
            "cameras": [CAMERA],
            "place": {"text": place},
            "narrative": narrative,
            "reference": "ЄО 12345",
            "purpose": purpose,
        }
        made = self.house.done(IN_CHARGE, "/missing-children", body)
        path = self.things["authorisations"] = f"/authorisations/{made['authorisation']}"
        supervisors = (APPROVER, SUPERVISOR, "halyna", OTHER_SUPERVISOR)  # it waits for one of them
        self._reading(f"{path}/purpose", (IN_CHARGE, *supervisors), [purpose])
        self.house.done(APPROVER, f"{path}/refuse", {"reason": reason})
        self._reading(f"{path}/reasons", (IN_CHARGE, APPROVER), [reason])
        self._reading(f"/incidents/{made['id']}/narrative", (IN_CHARGE, SUPERVISOR), [narrative])
        self._reading(f"/incidents/{made['id']}/place", (IN_CHARGE, SUPERVISOR), [place])

    def _case(self) -> None:
        done, said = self.house.done, self._sentences(11)
        words = iter(said)
        path = self.things["cases"] = f"/cases/{self.prevention.open(reason=next(words))}"
        done(IN_CHARGE, f"{path}/risk", {**ASSESSMENT, "narrative": next(words)})
        for deed in ("reject", "approve"):
            done(IN_CHARGE, f"{path}/plans", {"narrative": next(words)})
            plan = self.house.ask(IN_CHARGE, path).json()["content"]["plan"]
            done(SUPERVISOR, f"{path}/plans/{plan}/{deed}", {"reason": next(words)} if deed == "reject" else None)
        done(IN_CHARGE, f"{path}/measures", {**MEASURE, "narrative": next(words)})
        measure = self.house.ask(IN_CHARGE, path).json()["measures"][0]["measure"]
        end = {"result": "done", "ended_at": ago(0.01), "narrative": next(words)}
        done(IN_CHARGE, f"{path}/measures/{measure}/complete", end)
        done(IN_CHARGE, f"{path}/contacts", {**CONTACT, "narrative": next(words)})
        done(SUPERVISOR, f"{path}/extend", {"term_ends": ahead(200), "reason": next(words)})
        names = self._attachments(path, next(words))
        self._reading(f"{path}/narratives", (IN_CHARGE,), [*said[:-1], *names], (COLLEAGUE,))
        done(SUPERVISOR, f"{path}/close", {**CLOSE, "reason": next(words)})
        self._reading(f"{path}/narratives", (SUPERVISOR,), [*said, *names], (*OUTSIDE, COLLEAGUE))

    def _attachments(self, path: str, reason: str) -> list[str]:
        """One stays, the other is taken away. Returns their names."""
        names, keys = [self.plant.file_name() for _ in range(2)], []
        for name in names:
            content = self.plant.document()
            sent = self.prevention.attach(IN_CHARGE, path.rpartition("/")[2], content, name=name)
            keys.append(sent.json()["attachment"])
            told = [content.removeprefix(PDF).decode(), name]
            file = self.things["attachment"] = f"{path}/attachments/{keys[-1]}"
            self._reading(file, (IN_CHARGE, SUPERVISOR), told, (*OUTSIDE, COLLEAGUE))
        self.house.done(IN_CHARGE, f"{path}/attachments/{keys[1]}/remove", {"reason": reason})
        return names

    def _transfer(self) -> None:
        done, said = self.house.done, self._sentences(6)
        path = f"/cases/{self.prevention.open(reason=said[0])}"
        offer = {"to_unit": self.house.units["juvenile-left"], "answer_by": ahead(7)}
        for number in (1, 3):
            done(SUPERVISOR, f"{path}/transfer", {**offer, "reason": said[number]})
            self._reading(f"{path}/offer", (SUPERVISOR, OTHER_SUPERVISOR), [said[number]], (*OUTSIDE, COLLEAGUE))
            if number == 1:
                done(OTHER_SUPERVISOR, f"{path}/transfer/decline", {"reason": said[2]})
        done(OTHER_SUPERVISOR, f"{path}/transfer/accept", {"officer": str(account_id(OTHER_OFFICER))})
        done(OTHER_SUPERVISOR, f"{path}/close", {**CLOSE, "reason": said[4]})
        done(OTHER_SUPERVISOR, f"{path}/reopen", {"term_ends": ahead(60), "reason": said[5]})
        done(OTHER_SUPERVISOR, f"{path}/assign", {"officer": str(account_id(OTHER_OFFICER))})
        self._reading(f"{path}/narratives", (OTHER_OFFICER, OTHER_SUPERVISOR), said, (*OUTSIDE, IN_CHARGE, SUPERVISOR))

    def _concern(self) -> None:
        endings = {"help": {"kind": "psychologist"}, "dismiss": {"cause": "not-confirmed"}}
        for (deed, ending), finding in zip(endings.items(), ("help-needed", "no-help-needed"), strict=True):
            narrative, *reasons = self._sentences(3)
            body = {"kind": "missing-school", "narrative": narrative, "unit": self.house.units["juvenile"]}
            path = f"/concerns/{self.house.done(IN_CHARGE, '/concerns', body)['id']}"
            self.house.done(SUPERVISOR, f"{path}/review", {"finding": finding, "reason": reasons[0]})
            self.house.done(SUPERVISOR, f"{path}/{deed}", {**ending, "reason": reasons[1]})
            self._reading(f"{path}/narrative", (IN_CHARGE, COLLEAGUE, SUPERVISOR), [narrative])
            self._reading(f"{path}/reasons", (COLLEAGUE, SUPERVISOR), reasons)
            self.things["concerns"] = path

    def _queue(self) -> None:
        narrative, contact, concern = self._sentences(3)
        identity, searched = self._identity(), self.plant.name()
        self.unread.add(searched)
        case = f"/cases/{self.prevention.open()}"
        incident = {
            "kind": "theft",
            "occurred_from": ago(1),
            "occurred_to": ago(1),
            "region": "UA-30",
            "community": "Подільська",
            "narrative": narrative,
        }
        commands: list[tuple[str, dict[str, Any]]] = [
            ("/incidents", incident),
            ("/incidents/@1/children", {"role": "offender"}),
            (f"{case}/contacts", {**CONTACT, "narrative": contact}),
            ("/concerns", {"kind": "self-harm", "narrative": concern, "unit": self.house.units["juvenile"]}),
            ("/children", identity),
            ("/children/search", {"name": searched}),
        ]
        sent = [{"path": path, "body": body, "idempotency_key": uuid4().hex} for path, body in commands]
        answers = self.house.done(IN_CHARGE, "/queue", {"commands": sent})["answers"]
        assert all(each["status"] < 400 for each in answers), answers
        recorded, _, _, raised, registered, _ = (each["answer"].get("id") for each in answers)
        self._reading(f"/incidents/{recorded}/narrative", (IN_CHARGE,), [narrative])
        self._reading(f"{case}/narratives", (IN_CHARGE,), [contact], (*OUTSIDE, COLLEAGUE))
        self._reading(f"/concerns/{raised}/narrative", (IN_CHARGE,), [concern])
        self._reading(f"/children/{registered}/identity", (IN_CHARGE,), texts(identity))

    def _hold(self) -> None:
        reasons = self._sentences(2)
        of = {"cameras": [CAMERA], "incident": self.house.record_incident(IN_CHARGE)}
        body = {**of, "from_at": ago(2), "to_at": ago(1), "reason": reasons[0]}
        path = self.things["holds"] = f"/holds/{self.house.done(IN_CHARGE, '/holds', body)['id']}"
        self.house.done(IN_CHARGE, f"{path}/release", {"reason": reasons[1]})
        self._reading(f"{path}/reasons", (IN_CHARGE, SUPERVISOR), reasons)

    def _officer(self) -> None:
        username, reason, unit = f"withdrawn{self.time}", self.plant.sentence(), self.house.units["juvenile"]
        account = self.house.create_account(username, unit, "juvenile-officer")
        self.prevention.certify(username, unit)
        path = self.things["officers"] = f"/officers/{account}"
        self.house.done(SUPERVISOR, f"{path}/withdraw", {"reason": reason})
        self._reading(f"{path}/reasons", (username, SUPERVISOR), [reason], (*OUTSIDE, COLLEAGUE))

    def _shared(self) -> None:
        """With an agency; what is told in a conference. Another agency reads none of it."""
        identity, words = self._identity(), self._sentences(6)
        contacts = {"phones": [self.plant.phone()], "addresses": [self.plant.sentence()]}
        child = self.house.done(IN_CHARGE, "/children", {**identity, "contacts": contacts})["id"]
        case = self.prevention.open(child=child, pseudonym=None)
        saying = iter(words)
        referral, conference = self.space.live(case, child, lambda: next(saying))
        others = (*OUTSIDE, COLLEAGUE, PARTNER_OTHER, PROTECTOR)
        readers = (PARTNER, IN_CHARGE, SUPERVISOR)
        self._reading(f"/referrals/{referral}/shared", readers, [*texts(identity, contacts), words[0]], others)
        self._reading(f"/referrals/{referral}/words", readers, words[1:2], others)
        self._reading(f"/conferences/{conference}/words", readers, words[2:], others)
        self.things |= {"referrals": f"/referrals/{referral}", "conferences": f"/conferences/{conference}"}
        self.things["agencies"] = f"/agencies/{self.space.agencies[PARTNER]}"
        self.things["agreements"] = f"/agreements/{self.space.agreement}"
        self.things["consents"] = f"/consents/{self.space.consent(child)}"

    def _refused(self) -> None:
        """For their form, or because they come from somebody who may not. An answer tells its sender what is wrong."""
        before = len(self.plant.made)
        child, incident, case, concern = (self.things[each] for each in ("children", "incidents", "cases", "concerns"))
        attempts: list[tuple[str, dict[str, Any]]] = [
            ("/children", {**self._identity(), "born": self.plant.phone()}),
            ("/children", {**self._identity(), "contacts": {"phones": [self.plant.sentence()]}}),
            ("/children", {**self._identity(), "colour": self.plant.sentence()}),
            (f"{child}/narratives", {"text": [self.plant.sentence()]}),
            (f"{child}/identity", {**self._identity(), "reason": self.plant.sentence() * 1_000}),
            (f"{incident}/reclassify", {"kind": self.plant.name(), "reason": self.plant.sentence()}),
            (f"{case}/contacts", {**CONTACT, "kind": self.plant.name(), "narrative": self.plant.sentence()}),
            (f"{case}/reopen", {"term_ends": self.plant.name(), "reason": self.plant.sentence()}),
            (f"{concern}/review", {"finding": "unclear", "reason": self.plant.sentence()}),
            ("/concerns", {"kind": self.plant.name(), "narrative": self.plant.sentence()}),
            ("/holds", {"cameras": [self.plant.name()], "reason": self.plant.sentence()}),
        ]
        self.unread.update(secret.text for secret in self.plant.made[before:])
        for path, body in attempts:
            for username in (IN_CHARGE, SUPERVISOR, *OUTSIDE[::TIMES]):
                answer = self.house.command(username, path, body)
                assert answer.status_code >= 400, (path, answer.text)


def texts(*bodies: object) -> tuple[str, ...]:
    """Every secret in what is sent: all that is written in it but a day of birth."""
    found: list[str] = []
    for body in bodies:
        if isinstance(body, str):
            found.append(body)
        elif isinstance(body, dict):
            found += texts(*(value for name, value in body.items() if name != "born"))
        elif isinstance(body, list):
            found += texts(*body)
    return tuple(found)
