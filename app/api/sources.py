"""Where a request comes from: by that a flood is slowed. Nobody keeps it as it is."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from litestar.connection import ASGIConnection

from app.composition import Services

HOST_BITS = 64  # of an address of IPv6: whoever has one of a network has all of it


def source_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The last that the operator's own proxy names, where the settings say in which header; else who connected."""
    services: Services = connection.app.state.services
    header = services.deployment.settings.report_source_header
    named = connection.headers.get(header, "") if header else ""
    if named:
        return _network(named.rpartition(",")[2].strip())
    return _network(connection.client.host) if connection.client else "unknown"


def _network(address: str) -> str:
    """Of IPv6 the network; what is no address is taken as it is."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return str(read)
    return str(read.ipv4_mapped or IPv6Address(int(read) >> HOST_BITS << HOST_BITS))
