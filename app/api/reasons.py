"""The reasons that people gave for what they decided, over HTTP. They are sealed: who reads them is on record first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app import relations
from app.access.operations import Operation
from app.api.answers import Page
from app.api.calls import Asked, House, call_of
from app.call import Call, now
from app.disclosing import Wish, require_purpose
from app.sharing import relations as sharing
from domain import account, authorisation, concern, footage, hold, incident, officer
from domain.checks import one_of
from domain.event import Recorded
from domain.ids import MODEL_STREAM, footage_id, officer_id
from domain.officer_words import SERVICES
from domain.personal import Reason
from domain.sealed import Sealed
from domain.sharing import agency, agreement, consent
from projections import organisation_queries


class GivenReason(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is null once it was erased."""

    version: int  # of the event that it was given with, in the thing's stream
    topic: str
    at: datetime
    by: UUID
    by_username: str | None
    text: str | None


@get("/incidents/{key:uuid}/reasons", sync_to_thread=True)
def incident_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it was reclassified or voided."""
    call, operation = call_of(request, house), Operation.INCIDENT_READ_NARRATIVE
    house.desk.require(call, operation, relations.incident(key, house.desk.load(incident.DECIDER, key).state))
    return _opened(house, call, operation, key)


@get("/children/{key:uuid}/reasons", sync_to_thread=True)
def child_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why its identity was corrected, profiles were merged or parted, and its erasure was asked for or refused."""
    call, operation = call_of(request, house), Operation.CHILD_READ_NARRATIVE
    house.desk.require(call, operation, house.childhood.profiles.resource(key, house.childhood.profiles.load(key)))
    require_purpose(call)
    return _opened(house, call, operation, key)


@get("/authorisations/{key:uuid}/reasons", sync_to_thread=True)
def authorisation_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it was withdrawn, refused or revoked."""
    call, operation = call_of(request, house), Operation.AUTHORISATION_READ_PURPOSE
    house.desk.require(call, operation, relations.authorisation(key, house.desk.load(authorisation.DECIDER, key).state))
    return _opened(house, call, operation, key)


@get("/holds/{key:uuid}/reasons", sync_to_thread=True)
def hold_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it was placed and released."""
    call, operation = call_of(request, house), Operation.HOLD_READ_REASONS
    house.desk.require(call, operation, relations.hold(key, house.desk.load(hold.DECIDER, key).state))
    return _opened(house, call, operation, key)


@get("/footage/{sha256:str}/reasons", sync_to_thread=True)
def footage_reasons(request: Asked, house: House, sha256: FromPath[str]) -> Page[GivenReason]:
    """Why its erasure was asked for or refused, and its clock corrected: what whoever agrees to it has to read."""
    call, operation, key = call_of(request, house), Operation.FOOTAGE_READ_REASONS, footage_id(sha256)
    house.desk.require(call, operation, relations.footage(sha256, house.desk.load(footage.DECIDER, key).state))
    return _opened(house, call, operation, key)


@get("/accounts/{key:uuid}/reasons", sync_to_thread=True)
def account_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it was suspended."""
    call, operation = call_of(request, house), Operation.ACCOUNT_READ_NAME
    house.desk.require(call, operation, relations.account(key, house.desk.load(account.DECIDER, key).state))
    return _opened(house, call, operation, key)


@get("/models/reasons", sync_to_thread=True)
def model_reasons(request: Asked, house: House) -> Page[GivenReason]:
    """Why cards of models were accepted, and switches abandoned."""
    call, operation = call_of(request, house), Operation.MODEL_READ_REASONS
    house.desk.require(call, operation)
    return _opened(house, call, operation, MODEL_STREAM)


@get("/officers/{key:uuid}/reasons", sync_to_thread=True)
def officer_reasons(
    request: Asked, house: House, key: FromPath[UUID], service: FromQuery[str] = officer.JUVENILE
) -> Page[GivenReason]:
    """Why certifications for a service were withdrawn."""
    call, operation = call_of(request, house), Operation.OFFICER_READ_REASONS
    stream = officer_id(key, one_of("service", service, SERVICES))
    house.desk.require(call, operation, relations.officer(key, house.desk.load(officer.DECIDER, stream).state))
    return _opened(house, call, operation, stream)


@get("/concerns/{key:uuid}/reasons", sync_to_thread=True)
def concern_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it was found so, which help was offered, and why it was dismissed."""
    call, operation = call_of(request, house), Operation.CONCERN_READ_REASONS
    house.desk.require(call, operation, relations.concern(key, house.desk.load(concern.DECIDER, key).state, now()))
    return _opened(house, call, operation, key)


@get("/agencies/{key:uuid}/reasons", sync_to_thread=True)
def agency_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it takes part no more."""
    call, operation = call_of(request, house), Operation.AGENCY_READ_REASONS
    house.desk.require(call, operation, sharing.of_agency(key, house.desk.load(agency.DECIDER, key).state))
    return _opened(house, call, operation, key)


@get("/agreements/{key:uuid}/reasons", sync_to_thread=True)
def agreement_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why it was suspended, resumed or ended."""
    call, operation = call_of(request, house), Operation.AGREEMENT_READ_REASONS
    state = house.desk.load(agreement.DECIDER, key).state
    house.desk.require(call, operation, sharing.of_agreement(house.desk, key, state))
    return _opened(house, call, operation, key)


@get("/consents/{key:uuid}/reasons", sync_to_thread=True)
def consent_reasons(request: Asked, house: House, key: FromPath[UUID]) -> Page[GivenReason]:
    """Why nobody was asked, why it was withdrawn, and why it was or was not done without."""
    call, operation = call_of(request, house), Operation.CONSENT_READ_REASONS
    house.desk.require(
        call, operation, sharing.of_consent(house.views, key, house.desk.load(consent.DECIDER, key).state)
    )
    return _opened(house, call, operation, key)


def _opened(house: House, call: Call, operation: Operation, key: UUID) -> Page[GivenReason]:
    """All of a stream's, in order. On record, with the subject of each, before they are answered."""
    given = [
        (recorded, reason)
        for recorded in house.log.stream(key)
        if isinstance(reason := getattr(recorded.event, "reason", None), Sealed)
    ]
    opened = house.disclosures.open_each(call, operation, [Wish(key, reason, Reason) for _, reason in given])
    with house.views.reading() as views:
        names = organisation_queries.usernames(views, {recorded.meta.actor for recorded, _ in given})
    return Page([_answer(recorded, reason, names) for (recorded, _), reason in zip(given, opened, strict=True)])


def _answer(recorded: Recorded, reason: Reason | None, names: Mapping[UUID, str]) -> GivenReason:
    return GivenReason(
        version=recorded.version,
        topic=recorded.event.TOPIC,
        at=recorded.meta.recorded_at,
        by=recorded.meta.actor,
        by_username=names.get(recorded.meta.actor),
        text=None if reason is None else reason.text,
    )


ROUTES = (
    *(incident_reasons, authorisation_reasons, hold_reasons, footage_reasons, account_reasons, model_reasons),
    *(officer_reasons, concern_reasons, child_reasons),
    *(agency_reasons, agreement_reasons, consent_reasons),
)
