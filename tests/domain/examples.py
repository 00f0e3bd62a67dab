"""One good command of each kind. A test changes what it is about: `changed(RECORD, kind="pranks")`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace as changed

from domain import (
    account,
    authorisation,
    camera,
    footage,
    footage_of_camera,
    footage_search,
    incident,
    prevention_case_commands,
    role_grant,
    search_coverage,
)
from domain.event import Event
from domain.ids import account_id, camera_id, footage_id
from domain.personal import FileName, Narrative, PersonName, Reason, SearchQuery
from domain.sealed import Sealed
from domain.search_draw import DrawSearch

__all__ = ["changed"]


def uuid(number: int) -> UUID:
    return UUID(int=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def reason(text: str = "Рішення слідства") -> Sealed[Reason]:
    return Sealed(uuid(99), Reason(text))


NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
INCIDENT, AUTHORISATION, SEARCH = uuid(1), uuid(2), uuid(3)
UNIT, OTHER_UNIT, THIRD_UNIT = uuid(11), uuid(12), uuid(13)
OLENA, TARAS, IRYNA, PETRO = (account_id(name) for name in ("olena", "taras", "iryna", "petro"))
CHILD, OTHER_CHILD = uuid(31), uuid(32)
GATE, YARD = camera_id("KYIV-014"), camera_id("KYIV-015")
SHA256, OTHER_SHA256 = "ab" * 32, "cd" * 32

RECORD = incident.RecordIncident(
    incident=INCIDENT,
    kind="robbery",
    occurred_from=NOW - hours(3),
    occurred_to=NOW - hours(2),
    region="UA-30",
    community="Подільська",
    unit=UNIT,
    officer=OLENA,
    officer_roles=frozenset({"investigator"}),
    narrative=Sealed(INCIDENT, Narrative("Біля воріт забрали рюкзак.")),
    names=(CHILD,),
    at=NOW,
)
LINK_CHILD = incident.LinkChild(incident=INCIDENT, child=CHILD, pseudonym="CH-4F2A", role="victim")
LINK_FOOTAGE = incident.LinkFootage(
    incident=INCIDENT, footage_sha256=SHA256, camera=GATE, from_at=NOW - hours(3), to_at=NOW - hours(2)
)

REGISTER = camera.RegisterCamera(
    name="KYIV-014",
    region="UA-30",
    community="Подільська",
    owner="Департамент інформатизації",
    place="Ворота школи 12",
    place_kind="school-gate",
    latitude=50.45,
    longitude=30.52,
    analytics=True,
    installed_at=NOW - hours(1000),
    at=NOW,
)

ARCHIVE = footage_of_camera.ArchiveFootage(
    sha256=SHA256,
    size_bytes=1_000_000,
    camera=GATE,
    recorded_at=NOW - hours(5),
    uncertainty_seconds=0.5,
    anchor_source="operator",
    duration_seconds=600.0,
    codec="h264",
    container="mov,mp4,m4a,3gp,3g2,mj2",
    width=1280,
    height=720,
    name=Sealed(footage_id(SHA256), FileName("gate 14.mp4")),
    at=NOW,
)
CLAIM = footage.ClaimFootage(sha256=SHA256, worker="worker-1", at=NOW, lease_seconds=60.0)
INDEX = footage.IndexFootage(
    sha256=SHA256,
    fence=2,
    generation="g1",
    pipeline="p1",
    units=10,
    rows=200,
    from_at=NOW - hours(5),
    to_at=NOW - hours(4.9),
    gaps=((NOW - hours(4.95), NOW - hours(4.94)),),
    frames_sampled=600,
    codec="h264",
    width=1280,
    height=720,
)

REQUEST = authorisation.RequestAuthorisation(
    authorisation=AUTHORISATION,
    requester=OLENA,
    requester_unit=UNIT,
    legal_basis="court-order",
    reference="760/1234/26",
    incident=INCIDENT,
    cameras=(GATE, YARD),
    window_from=NOW - hours(24),
    window_to=NOW,
    quota=2,
    purpose=reason("Встановити, куди пішли"),
    valid_hours=48,
    at=NOW,
)
APPROVE = authorisation.ApproveAuthorisation(
    authorisation=AUTHORISATION, by=TARAS, by_unit=OTHER_UNIT, at=NOW + hours(1)
)
DRAW = DrawSearch(
    authorisation=AUTHORISATION,
    search=SEARCH,
    searcher=OLENA,
    searcher_unit=UNIT,
    searcher_investigates=True,
    cameras=(GATE,),
    from_at=NOW - hours(6),
    to_at=NOW - hours(4),
    at=NOW + hours(2),
)


def moment(rank: int = 1, **changes: Any) -> footage_search.FoundMoment:
    """The best frame, 18 s after the moment's start; each rank is a minute later than the one before."""
    start = NOW - hours(5) + timedelta(minutes=rank - 1)
    found = footage_search.FoundMoment(
        rank=rank,
        camera=GATE,
        from_at=start,
        to_at=start + timedelta(seconds=36),
        best_at=start + timedelta(seconds=18),
        uncertainty_seconds=0.5,
        footage_sha256=SHA256,
        row=41,
        score=0.31,
        box=(10, 20, 64, 128),
    )
    return changed(found, **changes)


RUN = footage_search.RunSearch(
    search=SEARCH,
    authorisation=AUTHORISATION,
    searcher=OLENA,
    searcher_unit=UNIT,
    cameras=(GATE,),
    from_at=NOW - hours(6),
    to_at=NOW - hours(4),
    query=Sealed(SEARCH, SearchQuery(text="людина в червоній куртці", minus=("авто",))),
    kind="text",
    generation="g1",
    limit=5,
    moments=(moment(1), moment(2)),
    coverage=search_coverage.SearchCoverage(
        complete=False,
        scope_seconds=7_200,
        searched_seconds=600,
        rows_in_scope=200,
        unavailable_segments=("s-1",),
        outages=(search_coverage.CameraInterval(camera=GATE, from_at=NOW - hours(5.5), to_at=NOW - hours(5.2)),),
    ),
)

CREDENTIAL, OTHER_CREDENTIAL = uuid(41), uuid(42)
CREATE_ACCOUNT = account.CreateAccount(
    username="olena", unit=UNIT, person=Sealed(OLENA, PersonName("Олена Коваль")), credential=CREDENTIAL
)
GIVE = role_grant.GiveRole(account=OLENA, role="investigator", unit=UNIT, by=PETRO, roles_held=frozenset())


def archived_events(command: footage_of_camera.ArchiveFootage = ARCHIVE) -> tuple[Event, ...]:
    """The footage's first event, of a camera that has no other footage."""
    registered = camera.DECIDER.fold(camera.DECIDER.decide(None, REGISTER))
    return footage_of_camera.decide_archive(None, registered, command)[0]


CASE, PLAN, MEASURE, ATTACHMENT = uuid(51), uuid(52), uuid(53), uuid(54)


def words(text: str = "Домовилися зустрітися у школі.") -> Sealed[Narrative]:
    return Sealed(CASE, Narrative(text))


OPEN_CASE = prevention_case_commands.OpenCase(
    case=CASE,
    child=CHILD,
    pseudonym="CH-4F2A",
    ground="administrative-offence",
    unit=UNIT,
    unit_kind="juvenile-prevention",
    term_ends=NOW + hours(24 * 90),
    reason=reason("Протокол складено двічі за місяць"),
    incident=INCIDENT,
    reported_at=NOW - hours(2),
    at=NOW,
)
ASSIGN_CASE = prevention_case_commands.AssignCase(case=CASE, officer=IRYNA, assignee_unit=UNIT, assignee_certified=True)
ASSESS_RISK = prevention_case_commands.AssessRisk(
    case=CASE,
    level="medium",
    protective_factors=("trusted-adult", "attends-school"),
    by=IRYNA,
    review_by=NOW + hours(24 * 30),
    narrative=words("Бабуся поруч, школу відвідує."),
    at=NOW,
)
PROPOSE_PLAN = prevention_case_commands.ProposePlan(case=CASE, plan=PLAN, by=IRYNA, narrative=words("Гурток, бесіди."))
SCHEDULE_MEASURE = prevention_case_commands.ScheduleMeasure(
    case=CASE, measure=MEASURE, kind="home-visit", due_at=NOW + hours(48), narrative=words("Відвідати вдома."), at=NOW
)
ADD_ATTACHMENT = prevention_case_commands.AddAttachment(
    case=CASE,
    attachment=ATTACHMENT,
    media_type="application/pdf",
    size_bytes=1_000,
    sealed_sha256=SHA256,
    name=Sealed(CASE, FileName("характеристика.pdf")),
)
