"""A server's words as somebody at a terminal typed them: fields and headers of the API are options here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "Idempotency-Key": "--key",
        "If-Match": "--if-version",
        "Oberih-Purpose": "--purpose",
        "anchor_source": "--names or --from-names or --recorded-at",
        "at": "--at",
        "authorisation": "--authorisation",
        "authorisation_state": "--state",
        "box": "--box",
        "camera": "--camera",
        "camera_state": "--state",
        "cameras": "--camera",
        "case": "--case",
        "child": "--child",
        "community": "--community",
        "decommissioned_at": "--at",
        "erasure": "--erasure",
        "footage_sha256": "--footage",
        "footage_state": "--state",
        "from_at": "--from",
        "full_name": "--full-name",
        "image": "--image",
        "incident": "--incident",
        "incident_state": "--state",
        "installed_at": "--installed-at",
        "kind": "--kind",
        "latitude": "--latitude",
        "legal_basis": "--basis",
        "limit": "--limit",
        "longitude": "--longitude",
        "minus": "--minus",
        "name": "NAME",
        "names": "--names",
        "narrative": "--narrative",
        "note": "--note",
        "occurred_from": "--from",
        "occurred_to": "--to",
        "officer": "--officer",
        "owner": "--owner",
        "place": "--place",
        "place_kind": "--place-kind",
        "position": "--position",
        "pseudonym": "--pseudonym",
        "purpose": "--purpose",
        "quota": "--quota",
        "rank": "RANK",
        "reason": "--reason",
        "recorded_at": "--recorded-at",
        "reference": "--reference",
        "region": "--region",
        "restored_at": "--at",
        "role": "ROLE or --role",
        "text": "TEXT",
        "to_at": "--to",
        "uncertainty_seconds": "--uncertainty",
        "unit": "--unit",
        "until": "--until",
        "username": "USERNAME",
        "valid_hours": "--valid-hours",
        "verdict": "VERDICT",
        "window_from": "--from",
        "window_to": "--to",
    }
)
UNMISTAKABLE = re.compile(  # in a sentence: other fields are words of the language, too
    rf"(?<![\w-])({'|'.join(re.escape(name) for name in OPTIONS if '_' in name or '-' in name)})(?![\w-])"
)


def as_typed(sentence: str, problem: Mapping[str, Any]) -> str:
    """The detail of a problem with options in the place of fields; the problem itself keeps the API's names."""
    faults = problem.get("faults")
    fields = [each.get("field") for each in faults] if isinstance(faults, list) else [problem.get("field")]
    for field in fields:
        if isinstance(field, str) and field in OPTIONS:
            sentence = re.sub(rf"(?:^|(?<=; ))(?:{re.escape(field)}): ", f"{OPTIONS[field]}: ", sentence, count=1)
    if "header" in fields:  # of a file, whose columns are named as the API names its fields
        return sentence
    return UNMISTAKABLE.sub(lambda found: OPTIONS[found[1]], sentence)
