"""Who read which thing, or saw what is sealed in it, and for what: on record before it is answered.

Directive (EU) 2016/680, article 25, asks for logs of consultation and disclosure. Each disclosure is a stream of one
event: who and why is in its `Meta`.
"""

from __future__ import annotations

from uuid import UUID

from domain.event import Event


class Disclosed(Event, frozen=True, kw_only=True):
    TOPIC = "disclosure.made"

    thing: UUID  # its stream
    operation: str  # what of it: an operation of app/access/operations.py
    subject: UUID | None = None  # whose sealed value was opened: the person, or the record such as a narrative
