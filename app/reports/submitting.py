"""The road of a resident's own report: submitted, added to, opened again. Of the request, nothing but what was written
is kept: not its address, not its agent.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.event_store.faults import ErasureIncomplete, LogBusy
from app.event_store.keys import ERASURE_SECONDS
from app.reports import pictures
from domain.communities import community
from domain.errors import Invalid
from domain.event import Event
from domain.ids import community_id, report_contact_id, report_id, report_words_id
from domain.log import Change, Receipt
from domain.personal import Narrative, Place, Reason, ReporterContact
from domain.reports import report
from domain.reports.commands import Destination, FollowUpReport, ForgetContact, ReopenReport, SubmitReport
from domain.reports.events import Photo, ReportSubmitted
from domain.sealed import Sealed


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    category: str
    region: str
    community: str
    narrative: str
    place: Place | None = None
    contact: ReporterContact | None = None
    photos: tuple[bytes, ...] = ()


def submit(house: Services, call: Call, new: NewReport, address: str) -> Receipt:
    """The one report of the caller's token. `address`: of the source, which is counted and not kept.

    Raises:
        app.residents.TooManyReports: nothing was kept.
        domain.errors.Invalid: no such community, or a value or picture that cannot be taken.
        domain.errors.AlreadyExists: the token has a report.
    """
    key = report_id(call.principal.account)
    known = house.log.receipt(call.command_id, command_digest=call.digest)
    if known is not None:
        return known
    _decided(house, call, key, new, ())  # whatever can be refused without the pictures, before they are decoded
    house.residents.sources.take(address)
    photos = pictures.keep(house, key, new.photos)
    try:
        return house.desk.commit(call, Operation.REPORT_SUBMIT, lambda: _decided(house, call, key, new, photos))
    finally:  # also where the same report, sent twice at once, is on record with the pictures of the other request
        recorded = {each.photo for first in house.log.events(key, until_version=1) for each in _photos_of(first)}
        pictures.drop(house, [each for each in photos if each.photo not in recorded])


def destination(house: Services, region: str, name: str) -> tuple[Destination, Change]:
    """A community by its name, and its stream, to be named unchanged. Raises Invalid."""
    key = community_id(region, name)
    loaded = house.desk.load(community.DECIDER, key)
    if loaded.state is None:
        raise Invalid("community", "is not known in this region", "name one of GET /reports/public/words")
    to = Destination(region=loaded.state.region, community=key, unit=loaded.state.unit)
    return to, Change(key, loaded.version, ())


def follow_up(house: Services, call: Call, narrative: str) -> Receipt:
    key = report_id(call.principal.account)
    command = FollowUpReport(report=key, narrative=Sealed(call.new_record(), Narrative(narrative)))
    return house.desk.perform(
        call,
        Operation.REPORT_FOLLOW_UP,
        report.DECIDER,
        key,
        command,
        lambda state: relations.report(key, state),
    )


def forget_contact(house: Services, call: Call) -> Receipt:
    """The key goes first: a crash before the certificate means that it is destroyed once more, which changes nothing.

    Raises LogBusy: a reader was in the way; to be asked again.
    """
    key = report_id(call.principal.account)
    state = house.desk.load(report.DECIDER, key).state
    house.desk.require(call, Operation.REPORT_FORGET_CONTACT, relations.report(key, state))
    if state is not None and state.named:
        try:
            house.vault.erase(report_contact_id(key))
        except ErasureIncomplete as fault:
            raise LogBusy(ERASURE_SECONDS) from fault
    return house.desk.perform(
        call,
        Operation.REPORT_FORGET_CONTACT,
        report.DECIDER,
        key,
        ForgetContact(report=key),
        lambda state: relations.report(key, state),
    )


def reopen_own(house: Services, call: Call, reason: str) -> Receipt:
    key, settings = report_id(call.principal.account), house.deployment.settings
    command = ReopenReport(
        report=key,
        reason=Sealed(call.new_record(), Reason(reason)),
        by=call.principal.account,
        within_days=settings.report_reopen_days,
        danger_minutes=settings.report_danger_minutes,
        at=now(),
    )
    return house.desk.perform(
        call,
        Operation.REPORT_REOPEN_OWN,
        report.DECIDER,
        key,
        command,
        lambda state: relations.report(key, state),
    )


def _photos_of(first: Event) -> tuple[Photo, ...]:
    return first.photos if isinstance(first, ReportSubmitted) else ()


def _decided(house: Services, call: Call, key: UUID, new: NewReport, photos: tuple[Photo, ...]) -> Sequence[Change]:
    to, guard = destination(house, new.region, new.community)
    proposed = relations.proposed_report(key, call.principal.account, to.community, to.unit)
    house.desk.require(call, Operation.REPORT_SUBMIT, proposed)
    loaded = house.desk.load(report.DECIDER, key)
    words = report_words_id(key)
    command = SubmitReport(
        report=key,
        reporter=call.principal.account,
        category=new.category,
        to=to,
        narrative=Sealed(words, Narrative(new.narrative)),
        place=None if new.place is None else Sealed(words, new.place),
        contact=None if new.contact is None else Sealed(report_contact_id(key), new.contact),
        photos=photos,
        danger_minutes=house.deployment.settings.report_danger_minutes,
        at=now(),
    )
    return Change(key, loaded.version, report.DECIDER.decide(loaded.state, command)), guard
