"""The authorities for searches: who asked, who decided, how much of the quota is used, when it ends."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain import authorisation_events as facts
from domain.authorisation_state import APPROVED, EXPIRED, REFUSED, REQUESTED, REVOKED, WITHDRAWN
from domain.event import Recorded
from domain.sealed import Token
from projections.columns import Instant, Packed, token_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
authorisations = Table(
    "authorisations",
    metadata,
    Column("authorisation", Uuid, primary_key=True),
    Column("requested_position", BigInteger, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("requester", Uuid, nullable=False),
    Column("requester_unit", Uuid, nullable=False),
    Column("legal_basis", String(32), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("incident", Uuid),
    Column("case_id", Uuid),  # of requests from before cases had numbers
    Column("case_number", String(32)),
    Column("cameras", Packed(tuple[UUID, ...]), nullable=False),
    Column("window_from", Instant, nullable=False),
    Column("window_to", Instant, nullable=False),
    Column("quota", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("purpose", Packed(Token), nullable=False),
    Column("valid_hours", Integer, nullable=False),
    Column("child_image", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("approver", Uuid),
    Column("approver_unit", Uuid),
    Column("approved_at", Instant),
    Column("expires_at", Instant),
    Column("ended_by", Uuid),
    Column("ended_at", Instant),
    Column("reason", Packed(Token)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("requested_position"),
    UniqueConstraint("requester", "requested_position"),
    UniqueConstraint("requester_unit", "requested_position"),
)
denials = Table(
    "authorisation_denials",
    metadata,
    Column("authorisation", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("by", Uuid, nullable=False),
    Column("by_unit", Uuid, nullable=False),
    Column("code", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)


def _requested(rows: Rows, at: Recorded, event: facts.AuthorisationRequested) -> None:
    rows.put(
        authorisations,
        authorisation=at.stream,
        requested_position=at.position,
        requested_at=at.meta.recorded_at,
        requester=event.requester,
        requester_unit=event.requester_unit,
        legal_basis=event.legal_basis,
        reference=event.reference,
        incident=event.incident,
        case_id=event.case,
        case_number=event.case_number,
        cameras=event.cameras,
        window_from=event.window_from,
        window_to=event.window_to,
        quota=event.quota,
        used=0,
        purpose=token_of(event.purpose),
        valid_hours=event.valid_hours,
        child_image=event.child_image,
        state=REQUESTED,
        version=at.version,
    )


def _approved(rows: Rows, at: Recorded, event: facts.AuthorisationApproved) -> None:
    rows.change(
        authorisations,
        at.stream,
        state=APPROVED,
        approver=event.approver,
        approver_unit=event.approver_unit,
        approved_at=at.meta.recorded_at,
        expires_at=event.expires_at,
        version=at.version,
    )


def _denied(rows: Rows, at: Recorded, event: facts.ApprovalDenied) -> None:
    rows.put(
        denials,
        authorisation=at.stream,
        version=at.version,
        by=event.by,
        by_unit=event.by_unit,
        code=event.code,
        at=at.meta.recorded_at,
    )
    rows.change(authorisations, at.stream, version=at.version)


def _refused(rows: Rows, at: Recorded, event: facts.AuthorisationRefused) -> None:
    _ended(rows, at, event, REFUSED)


def _withdrawn(rows: Rows, at: Recorded, event: facts.AuthorisationWithdrawn) -> None:
    _ended(rows, at, event, WITHDRAWN)


def _revoked(rows: Rows, at: Recorded, event: facts.AuthorisationRevoked) -> None:
    _ended(rows, at, event, REVOKED)


def _ended(
    rows: Rows,
    at: Recorded,
    event: facts.AuthorisationRefused | facts.AuthorisationRevoked | facts.AuthorisationWithdrawn,
    state: str,
) -> None:
    rows.change(
        authorisations,
        at.stream,
        state=state,
        ended_by=event.by,
        ended_at=at.meta.recorded_at,
        reason=token_of(event.reason),
        version=at.version,
    )


def _expired(rows: Rows, at: Recorded, event: facts.AuthorisationExpired) -> None:
    rows.change(authorisations, at.stream, state=EXPIRED, ended_at=event.at, version=at.version)


def _drawn(rows: Rows, at: Recorded, event: facts.SearchDrawn) -> None:
    rows.change(authorisations, at.stream, used=event.number, version=at.version)


VIEW = View(
    name="authorisations",
    version=3,
    metadata=metadata,
    folds={
        facts.AuthorisationRequested: _requested,
        facts.AuthorisationWithdrawn: _withdrawn,
        facts.AuthorisationApproved: _approved,
        facts.ApprovalDenied: _denied,
        facts.AuthorisationRefused: _refused,
        facts.AuthorisationRevoked: _revoked,
        facts.AuthorisationExpired: _expired,
        facts.SearchDrawn: _drawn,
    },
)
