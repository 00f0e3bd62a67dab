"""Who saw what was sealed, of which thing, and for what: every consultation is on record before it is answered.

Directive (EU) 2016/680, article 25, asks for logs of consultation and disclosure. Each disclosure is a stream of one
event: who and why is in its `Meta`.
"""

from __future__ import annotations

from uuid import UUID

from domain.event import Event


class Disclosed(Event, frozen=True, kw_only=True):
    TOPIC = "disclosure.made"

    thing: UUID  # the stream that the sealed value belongs to
    operation: str  # which part of it: an operation of app/access/operations.py
