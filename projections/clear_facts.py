"""What of an event may be shown to whoever may read of it: the clear facts. A sealed part says only whose it is."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.event import Event
from domain.sealed import Sealed, Token
from projections.columns import token_of


def clear_facts(event: Event) -> tuple[str, tuple[Token, ...]]:
    """A JSON object, in which a sealed field is {"sealed": part, "subject": UUID}; and the tokens by part."""
    tokens: list[Token] = []

    def lay_aside(value: Any) -> Any:
        if not isinstance(value, Sealed):
            raise TypeError(f"an event cannot carry a {type(value).__name__}")
        token = token_of(value)
        tokens.append(token)
        return {"sealed": token.part, "subject": token.subject}

    return msgspec.json.encode(event, enc_hook=lay_aside).decode(), tuple(tokens)
