"""Query parameters that an operation does not have are refused: a filter that is misspelt would show everything. So is
one that is given twice: none is a list, and which was meant is asked back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import OpenAPI, Parameter

from domain.errors import Invalid

Known: TypeAlias = Mapping[tuple[str, str], frozenset[str]]  # (path, method) -> the names of its query parameters


def known_in(document: OpenAPI) -> Known:
    """What the API's own description says."""
    return {
        (path, method): frozenset(
            each.name for each in operation.parameters or () if isinstance(each, Parameter) and each.param_in == "query"
        )
        for path, item in (document.paths or {}).items()
        for method in ("get", "post")
        if (operation := getattr(item, method)) is not None
    }


def known_only(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard. Raises domain.errors.Invalid for a parameter that the operation does not know, and 400 for one twice."""
    known: Known = connection.app.state.parameters
    names = known.get((_described(connection.scope["path_template"]), str(connection.scope.get("method", "")).lower()))
    for name in connection.query_params if names is not None else ():
        if name not in (names or ()):
            mend = f"it has {', '.join(sorted(names or ()))}" if names else "it has none"
            raise Invalid(name[:40], "this operation has no such parameter", mend)
        if len(connection.query_params.getall(name)) > 1:
            raise ClientException(f"the address names {name!r} twice; send one value of it")


def _described(template: str) -> str:
    """A path as the description writes it: without the types of its parts."""
    parts = template.split("/")
    return "/".join(f"{{{part[1:-1].partition(':')[0]}}}" if part.startswith("{") else part for part in parts) or "/"
