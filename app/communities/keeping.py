"""What is decided of communities and stations: each rests on a unit or a community that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.access.operations import Operation
from app.call import Call, now
from app.communities import relations
from app.composition import Services
from app.desk import expect
from domain import unit
from domain.checks import existing
from domain.communities import community, station
from domain.communities.community import RegisterCommunity
from domain.communities.station import OpenStation
from domain.ids import community_id
from domain.log import Change, Receipt


class NewCommunity(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    region: str
    code: str
    unit: UUID


class NewStation(msgspec.Struct, frozen=True, kw_only=True):
    community: UUID
    name: str
    place: str
    latitude: float
    longitude: float
    opened_at: datetime


def register(house: Services, call: Call, new: NewCommunity) -> tuple[Receipt, UUID]:
    """Raises as `Desk.perform` does; Invalid where no such unit serves communities."""
    key = community_id(new.region, new.name)

    def decide() -> Sequence[Change]:
        house.desk.require(call, Operation.COMMUNITY_REGISTER, relations.proposed_community(key, new.unit))
        loaded = house.desk.load(community.DECIDER, key)
        expect(call, loaded)
        of = house.desk.load(unit.DECIDER, new.unit).state
        command = RegisterCommunity(
            community=key,
            name=new.name,
            region=new.region,
            code=new.code,
            unit=new.unit,
            unit_kind="" if of is None else of.kind,
            by=call.principal.account,
        )
        return (Change(key, loaded.version, community.DECIDER.decide(loaded.state, command)),)

    return house.desk.commit(call, Operation.COMMUNITY_REGISTER, decide), key


def open_station(house: Services, call: Call, new: NewStation) -> tuple[Receipt, UUID]:
    """Raises as `Desk.perform` does; NotFound where there is no such community."""
    key = call.new_key()

    def decide() -> Sequence[Change]:
        of = house.desk.load(community.DECIDER, new.community)
        house.desk.require(call, Operation.COMMUNITY_READ, relations.community(new.community, of.state))
        state = existing("community", new.community, of.state)
        house.desk.require(call, Operation.STATION_OPEN, relations.proposed_station(key, state.unit))
        loaded = house.desk.load(station.DECIDER, key)
        expect(call, loaded)
        command = OpenStation(
            station=key,
            community=new.community,
            name=new.name,
            place=new.place,
            latitude=new.latitude,
            longitude=new.longitude,
            opened_at=new.opened_at,
            by=call.principal.account,
            at=now(),
        )
        return (Change(key, loaded.version, station.DECIDER.decide(loaded.state, command)),)

    return house.desk.commit(call, Operation.STATION_OPEN, decide), key
