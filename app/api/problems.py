"""One table from errors to problem+json (RFC 9457). No other place knows an HTTP status of an error."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from app.access.gate import AccountSuspended, Forbidden, PolicyFailed
from app.access.passwords import PasswordMustBeChanged, TooManyAttempts
from app.api import messages, shapes
from app.api.languages import ENGLISH, UKRAINIAN, language_of
from app.api.ukrainian import TITLES
from app.attachments import AttachmentDamaged, AttachmentErased
from app.camera_network.importing import ImportUnderWay, ReportGone
from app.event_store.faults import LogBusy, SubjectErased
from app.listening import TooManyListeners
from app.names.faults import RebuildUnderWay
from app.receiving import DiskReserved, UploadTooLarge
from app.replaying import ReplayUnderWay
from app.residents import ReportedAlready, TooManyReports
from app.searching import PictureGone, PictureOutside
from domain import errors, search_refusals
from domain.clip_refusals import ClipNotRepeated, CutsUnderWay, FootageDamaged, FootageGone
from domain.communities.post import OwnPosting
from domain.concern import ReviewerIsRaiser
from domain.footage_refusals import ErasureBySameAccount, FootageOnHold, RetentionNotOver
from domain.model import SwitchBySameAccount
from domain.officer import OwnCertification
from domain.prevention_case import ApproverIsProposer
from domain.sharing.agreed_plan import ConferenceUnderWay, PlanNotAgreed, PlanStands
from domain.sharing.agreement import SignerIsProposer
from domain.sharing.consent import AuthoriserIsRequester
from domain.sharing.refusals import NotAgreed, NotConsented
from domain.webhooks.webhook import ConfirmerIsRegistrar

MEDIA_TYPE = "application/problem+json"

FORBIDDEN: tuple[type[errors.DomainError], ...] = (
    search_refusals.ApproverSameUnit,
    errors.OwnAccount,
    ErasureBySameAccount,
    SwitchBySameAccount,
    AccountSuspended,
    PolicyFailed,
    PasswordMustBeChanged,
    PictureOutside,
    OwnCertification,
    OwnPosting,
    ReviewerIsRaiser,
    ConfirmerIsRegistrar,
    ApproverIsProposer,
    SignerIsProposer,
    AuthoriserIsRequester,
    NotAgreed,
    NotConsented,
)

STATUS: Mapping[str, HTTPStatus] = {
    errors.NotFound.code: HTTPStatus.NOT_FOUND,
    errors.AlreadyExists.code: HTTPStatus.CONFLICT,
    errors.WrongState.code: HTTPStatus.CONFLICT,
    FootageOnHold.code: HTTPStatus.CONFLICT,
    RetentionNotOver.code: HTTPStatus.CONFLICT,
    FootageDamaged.code: HTTPStatus.CONFLICT,
    AttachmentDamaged.code: HTTPStatus.CONFLICT,
    ClipNotRepeated.code: HTTPStatus.CONFLICT,
    FootageGone.code: HTTPStatus.GONE,
    AttachmentErased.code: HTTPStatus.GONE,
    CutsUnderWay.code: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.VersionConflict.code: HTTPStatus.PRECONDITION_FAILED,
    errors.CommandIdReused.code: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.LogFull.code: HTTPStatus.INSUFFICIENT_STORAGE,
    DiskReserved.code: HTTPStatus.INSUFFICIENT_STORAGE,
    UploadTooLarge.code: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Forbidden.code: HTTPStatus.FORBIDDEN,
    PictureGone.code: HTTPStatus.GONE,
    TooManyAttempts.code: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyListeners.code: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyReports.code: HTTPStatus.TOO_MANY_REQUESTS,
    ReportedAlready.code: HTTPStatus.CONFLICT,
    ReplayUnderWay.code: HTTPStatus.SERVICE_UNAVAILABLE,
    ImportUnderWay.code: HTTPStatus.SERVICE_UNAVAILABLE,
    RebuildUnderWay.code: HTTPStatus.SERVICE_UNAVAILABLE,
    ReportGone.code: HTTPStatus.GONE,
    LogBusy.code: HTTPStatus.SERVICE_UNAVAILABLE,
    SubjectErased.code: HTTPStatus.CONFLICT,
    ConferenceUnderWay.code: HTTPStatus.CONFLICT,
    PlanNotAgreed.code: HTTPStatus.CONFLICT,
    PlanStands.code: HTTPStatus.CONFLICT,
    **{refusal.code: HTTPStatus.FORBIDDEN for refusal in (*search_refusals.SearchRefusal.__subclasses__(), *FORBIDDEN)},
}


MENDS: Mapping[int, str] = {  # of what the framework refuses with no more than the phrase of its status
    HTTPStatus.NOT_FOUND: "there is nothing at this address; GET /schema lists those that there are",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take this method; the Allow header names those that it takes",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is larger than this address takes; send a smaller one",
    HTTPStatus.TOO_MANY_REQUESTS: "too many requests in this minute; wait as long as the RateLimit-Reset header says",
}


def status_of(error: errors.DomainError) -> HTTPStatus:
    """422 unless the table says otherwise: most refusals are of a value."""
    return STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def problem(
    status: int,
    code: str,
    detail: str,
    fields: Mapping[str, object],
    headers: Mapping[str, str],
    *,
    title: str | None = None,
) -> Response[Any]:
    body = {
        "type": f"/problems/{code}",
        "title": title or code.replace("-", " ").capitalize(),
        "status": int(status),
        "detail": detail,
        **fields,
    }
    return Response(body, status_code=int(status), media_type=MEDIA_TYPE, headers=dict(headers))


def refused(request: Request[Any, Any, Any], error: errors.DomainError) -> Response[Any]:
    headers = {}
    if isinstance(error, errors.VersionConflict):
        headers["ETag"] = f'"{error.current}"'
    if "retry_after_seconds" in error.fields:
        headers["Retry-After"] = str(error.fields["retry_after_seconds"])
    detail, title, fields = error.detail, None, error.fields
    if names_ukrainian(request) and (said := messages.detail_of(error)) is not None:
        detail, title, fields = said, messages.title_of(error), messages.fields_of(error)
        headers["Content-Language"] = UKRAINIAN
    return problem(status_of(error), error.code, detail, fields, headers, title=title)


def names_ukrainian(request: Request[Any, Any, Any]) -> bool:
    """Problems are told in English unless Ukrainian is asked for by name, and first."""
    return UKRAINIAN in request.headers.get("Accept-Language", "").lower() and language_of(request) == UKRAINIAN


def http_refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework itself refuses: no such route, a body of another shape, too many requests."""
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    language = UKRAINIAN if names_ukrainian(request) else ENGLISH
    fields: dict[str, object] = {}
    detail, title = MENDS.get(error.status_code, error.detail), None
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = headers["RateLimit-Reset"]
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    said = messages.phrase(detail) if language == UKRAINIAN else None
    if isinstance(error.extra, list):
        faults, whole = _faults(error.extra, language)
        fields["faults"] = faults
        detail = "; ".join(f"{each['field']}: {each['fault']}" for each in faults)
        said = detail if whole else None
    if language == UKRAINIAN and said is not None:
        detail, title = said, TITLES.get(code)
        headers["Content-Language"] = UKRAINIAN
    return problem(error.status_code, code, detail, fields, headers, title=title)


def _faults(told: list[Any], language: str) -> tuple[list[dict[str, str]], bool]:
    """What is wrong with the shape of a body, and whether all of it is in the language; else it is in English.

    The framework calls a body `data`.
    """
    said = [(str(each.get("key", "")), str(each.get("message", ""))) for each in told]
    whole = all(shapes.told(message, language) is not None for _, message in said)
    used = language if whole else ENGLISH
    return [
        {"field": "body" if key in ("", "data") else key, "fault": shapes.told(message, used) or message}
        for key, message in said
    ], whole


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: logged whole under the correlation id, told in one sentence."""
    structlog.get_logger().error("request failed", path=request.url.path, exc_info=error)
    correlation = str(request.scope.get("state", {}).get("correlation_id", ""))
    return problem(500, "fault", f"the server failed; give its operator this number: {correlation}", {}, {})


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    errors.DomainError: refused,
    HTTPException: http_refused,
    Exception: failed,
}
