"""A report that becomes an incident: both in one step, with the hold on what cameras near it recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.access.operations import Operation
from app.call import Call, now
from app.children import check_names
from app.composition import Services
from app.desk import expect
from app.recording import held
from app.reports.answering import opened_words, resource
from app.unerased import unerased
from domain import account, incident, unit
from domain.checks import existing
from domain.classification import kinds_in_use
from domain.communities import community
from domain.errors import Invalid, WrongState
from domain.event import Recorded
from domain.incident import RecordIncident
from domain.log import Change, Receipt
from domain.personal import Narrative, Place
from domain.reports import report
from domain.reports.commands import ConvertReport
from domain.reports.events import ReportFollowedUp
from domain.reports.report import KIND
from domain.reports.state import Report
from domain.sealed import Sealed
from projections.reports import follow_ups

UNIT_KINDS = ("investigation", "juvenile-prevention")  # of the units that are in charge of incidents


class NewIncident(msgspec.Struct, frozen=True, kw_only=True):
    """Of a report. `words` come before what was reported."""

    kind: str
    occurred_from: datetime
    occurred_to: datetime
    unit: UUID
    officer: UUID
    words: str = ""
    names: tuple[UUID, ...] = ()


def convert(house: Services, call: Call, key: UUID, new: NewIncident) -> tuple[Receipt, UUID]:
    """The receipt, and the incident, which the named unit has from now on, in the charge of the named officer.

    Raises:
        domain.errors.Invalid: no such unit of the report's region takes incidents; the officer is none of its.
        and what `Desk.perform` raises.
    """
    incident_key = call.new_key()
    opened: list[tuple[str | None, Place | None]] = []

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(report.DECIDER, key)
        house.desk.require(call, Operation.REPORT_CONVERT, resource(house, key, loaded.state))
        expect(call, loaded)
        state = existing(KIND, key, loaded.state)
        kept = call.new_record()
        command = ConvertReport(report=key, incident=incident_key, record=kept, by=call.principal.account)
        converted = Change(key, loaded.version, report.DECIDER.decide(state, command))
        roles, guards = _officer(house, state, new)
        if not opened:  # once, however often this is decided anew
            opened.append(opened_words(house, call, Operation.REPORT_CONVERT, key))
        record = _record(house, incident_key, kept, state, new, roles, *opened[0])
        of_incident = house.desk.load(incident.DECIDER, incident_key)
        recorded = Change(incident_key, of_incident.version, incident.DECIDER.decide(of_incident.state, record))
        check_names(house, call, new.names)
        holds = held(house, record, call.principal.account, new.unit)
        return converted, recorded, *holds, *guards, *unerased(house.desk, record.names)

    return house.desk.commit(call, Operation.REPORT_CONVERT, decide), incident_key


def follow_ups_of(house: Services, key: UUID) -> list[tuple[Recorded, Sealed[Narrative]]]:
    """What was added to the reports that are this incident, before and since, the first first; not to those that were
    taken up again when it was struck off.
    """
    with house.views.reading() as views:
        became = follow_ups.reports_of(views, key)
    states = {each: house.desk.load(report.DECIDER, each).state for each in became}
    still = [each for each, state in states.items() if state is not None and state.incident == key]
    rows = (row for each in still for row in house.log.stream(each))
    return [(row, row.event.narrative) for row in rows if isinstance(row.event, ReportFollowedUp)]


def _officer(house: Services, state: Report, new: NewIncident) -> tuple[frozenset[str], tuple[Change, ...]]:
    """The roles of the officer that is to be in charge, and what that rests on. Raises Invalid."""
    of = house.desk.load(unit.DECIDER, new.unit).state
    if of is None or of.kind not in UNIT_KINDS or of.region != state.region:
        fault = f"{new.unit} is no unit of {' or '.join(UNIT_KINDS)} in the region of the report"
        raise Invalid("unit", fault, "name one of GET /units")
    holder = house.desk.load(account.DECIDER, new.officer).state
    if holder is None or holder.unit != new.unit:
        raise Invalid("officer", f"{new.officer} does not serve in that unit", "name somebody who does")
    return house.people.guarded_roles(new.officer)


def _record(
    house: Services,
    key: UUID,
    record: UUID,
    state: Report,
    new: NewIncident,
    roles: frozenset[str],
    text: str | None,
    place: Place | None,
) -> RecordIncident:
    if text is None:
        raise WrongState(KIND, key, "erased", "record an incident of its own")
    of = existing("community", state.community, house.desk.load(community.DECIDER, state.community).state)
    return RecordIncident(
        incident=key,
        kind=new.kind,
        occurred_from=new.occurred_from,
        occurred_to=new.occurred_to,
        region=state.region,
        community=of.name,
        unit=new.unit,
        officer=new.officer,
        officer_roles=roles,
        narrative=Sealed(record, Narrative(f"{new.words.strip()}\n\n{text}".strip())),
        names=tuple(dict.fromkeys((*state.names, *new.names))),
        place=None if place is None else Sealed(record, place),
        kinds=kinds_in_use(house.deployment.settings.kinds),
        at=now(),
    )
