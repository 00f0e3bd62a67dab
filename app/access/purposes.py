"""The purpose that an operation serves by itself: what is recorded where whoever asks says no purpose of their own.

A code of `domain.vocabulary.PURPOSES`. It never stands for a purpose that has to be said: `app.disclosing` asks for
that one.
"""

from __future__ import annotations

from types import MappingProxyType

from app.access.operations import Operation

_BY_NOUN = MappingProxyType(
    {
        "incident": "prevention",
        "classification": "prevention",
        "child": "prevention",
        "case": "prevention",
        "officer": "prevention",
        "concern": "prevention",
        "community": "administration",
        "station": "administration",
        "post": "administration",
        "coverage": "administration",
        "school": "prevention",
        "initiative": "prevention",
        "commitment": "prevention",
        "national": "prevention",
        "claim": "prevention",
        "agency": "administration",
        "agreement": "administration",
        "consent": "prevention",
        "referral": "prevention",
        "conference": "prevention",
        "report": "prevention",
        "footage": "investigation",
        "hold": "investigation",
        "authorisation": "investigation",
        "search": "investigation",
        "clip": "investigation",
        "camera": "administration",
        "webhook": "administration",
        "unit": "administration",
        "account": "administration",
        "role": "administration",
        "model": "administration",
        "policy": "administration",
        "projections": "administration",
        "network": "administration",
        "programme": "administration",
        "replay": "audit",
        "sign-in": "audit",
        "disclosure": "audit",
    }
)
_EXCEPTIONS = MappingProxyType(
    {
        Operation.INCIDENT_REPORT_MISSING: "missing-person",
        Operation.FOOTAGE_WATCH: "administration",
        Operation.FOOTAGE_ARCHIVE: "administration",
        Operation.FOOTAGE_RETRY: "administration",
        Operation.FOOTAGE_REINDEX: "administration",
        Operation.FOOTAGE_CORRECT_CLOCK: "administration",
        Operation.FOOTAGE_REQUEST_ERASURE: "administration",
        Operation.FOOTAGE_DECIDE_ERASURE: "administration",
        Operation.FOOTAGE_READ_REASONS: "administration",
        Operation.FOOTAGE_SCRUB: "administration",
    }
)


def own_purpose(operation: Operation) -> str:
    """Raises KeyError where the operation's noun is in no table: put it there."""
    return _EXCEPTIONS.get(operation) or _BY_NOUN[operation.value.partition(".")[0]]
