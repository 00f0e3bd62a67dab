"""What an incident can be classified as: a list that each deployment configures and has checked by counsel.

An entry says under which article such an incident falls, where somebody stated one, and who held that against the
law's text, and when. Nobody has verified what this program brings along: those articles were read in the sources named
beside them, where a kind may fall under others too; an entry without one has none that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from domain import checks
from domain.errors import Invalid
from domain.vocabulary import INCIDENT_KINDS, Label

MISSING_CHILD = "missing-child"
KINDS = tuple(INCIDENT_KINDS)
KIND = re.compile(r"[a-z][a-z0-9-]{1,63}")
ENTRIES_MAX = 500


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of incident. Labels, and the reference that comes along, may be left out of a kind that is in the
    vocabulary: they stay as they are.
    """

    kind: str
    uk: str = ""
    en: str = ""
    reference: str = ""  # the article, as counsel writes it
    read_in: str = ""  # where it was read
    verified_by: str = ""  # who held it against the law's text
    verified_on: date | None = None
    in_use: bool = True  # else nothing new is classified so; what was, stays

    @property
    def verified(self) -> bool:
        return self.verified_on is not None


_READ = (
    Entry(kind="bullying", reference="ст. 173-4 КУпАП", read_in="hsa.org.ua, Булінг в студентському середовищі"),
    Entry(kind="domestic-violence", reference="ст. 126-1 КК України", read_in="unba.org.ua, news/9896"),
    Entry(kind="sexual-violence", reference="ст. 153 КК України", read_in="protocol.ua, КК України, ст. 153"),
    Entry(kind="neglect", reference="ст. 184 КУпАП", read_in="novyny.live, Штраф за погане виховання дітей"),
    Entry(kind="robbery", reference="ст. 186, 187 КК України", read_in="wiki.legalaid.gov.ua, Грабіж; Розбій"),
    Entry(kind="extortion", reference="ст. 189 КК України", read_in="protocol.ua, КК України, ст. 189"),
    Entry(kind="theft", reference="ст. 185 КК України", read_in="doi.org/10.37692/visnyk.aau.16.2(43).50-58"),
    Entry(kind="hooliganism", reference="ст. 296 КК України", read_in="p-for.com, Хуліганство (ст. 296 КК)"),
)


def classification(configured: Iterable[Entry] = ()) -> tuple[Entry, ...]:
    """Every entry, each kind once: those of the vocabulary, with what a deployment says of them in their place, then
    its own.

    Raises:
        domain.errors.Invalid: a kind is named twice, lacks its labels, or says by halves that it was verified.
    """
    known = {entry.kind: entry for entry in _READ}
    listed = {kind: _labelled(known.get(kind, Entry(kind=kind))) for kind in INCIDENT_KINDS}
    named = set[str]()
    for entry in configured:
        if entry.kind in named:
            raise Invalid("classification", f"{entry.kind} stands in it twice", "leave one out")
        named.add(entry.kind)
        listed[entry.kind] = _checked(entry, known.get(entry.kind))
    if len(listed) > ENTRIES_MAX:
        raise Invalid("classification", f"has {len(listed)} kinds", f"at most {ENTRIES_MAX} are taken")
    return tuple(listed.values())


def kinds_in_use(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What something new can be classified as."""
    return tuple(entry.kind for entry in entries if entry.in_use)


def _checked(entry: Entry, brought: Entry | None) -> Entry:
    field = f"classification of {entry.kind[:64]}"
    checks.pattern("classification", entry.kind, KIND, "write small letters, digits and hyphens, as in road-accident")
    labelled = _labelled(entry)
    for name in ("uk", "en"):
        checks.line(f"{field}: {name}", getattr(labelled, name))
    if bool(entry.verified_by) != entry.verified:
        raise Invalid(field, "says by halves that it was verified", "give verified_by and verified_on, or neither")
    if entry.verified and not entry.reference:
        raise Invalid(field, "was verified without a reference", "name the article that was verified")
    if entry.kind == MISSING_CHILD and not entry.in_use:
        raise Invalid(field, "is out of use", "leave it in use: missing children are reported by it")
    if brought is not None and not entry.reference:
        return msgspec.structs.replace(labelled, reference=brought.reference, read_in=entry.read_in or brought.read_in)
    return labelled


def _labelled(entry: Entry) -> Entry:
    label = INCIDENT_KINDS.get(entry.kind, Label("", ""))
    return msgspec.structs.replace(entry, uk=entry.uk or label.uk, en=entry.en or label.en)
