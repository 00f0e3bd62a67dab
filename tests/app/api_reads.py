"""Everything that can be asked of the API, told by the application's own routes: so that what is proved of all that is
read is proved of a route that was added yesterday.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from litestar import Litestar
from litestar.routes import HTTPRoute

_PARAMETER = re.compile(r"\{(\w+):\w+\}")


def routes(app: Litestar) -> set[str]:
    """The paths that are read, with their parameters."""
    return {route.path for route in app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods}


def paths(app: Litestar, things: Mapping[str, Collection[str]], *, without: Collection[str]) -> Iterator[str]:
    """Every address that can be read of some things. `things`: their ids by the noun that begins the path, and, of a
    part of a thing, by the parameter's name. `without`: routes that are left out.

    Raises KeyError for a route of a noun that has no things: name one, or leave the route out and say why.
    """
    for route in sorted(routes(app) - set(without)):
        yield from _filled(route, things)


def _filled(path: str, things: Mapping[str, Collection[str]]) -> Iterator[str]:
    parameter = _PARAMETER.search(path)
    if parameter is None:
        yield path
        return
    noun = path.split("/")[1]
    for key in things[noun if parameter[1] in ("key", "name", "sha256") else parameter[1]]:
        yield from _filled(path.replace(parameter[0], key, 1), things)
