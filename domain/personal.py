"""What is sealed: the values of `Sealed[T]` in events. All free text and all that names a person is one of these.

Each is small, has no behaviour, and only ever grows by optional fields: the vault decodes what was stored years ago.
"""

from __future__ import annotations

import msgspec


class Narrative(msgspec.Struct, frozen=True):
    """What happened, in an officer's words. Its subject is the incident, which lists the persons it names."""

    text: str


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Exactly where it happened, which may be somebody's home. Its subject is the incident."""

    text: str = ""
    latitude: float | None = None  # WGS 84, degrees
    longitude: float | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why somebody decided so. Its subject is the record decided on."""

    text: str


class PersonName(msgspec.Struct, frozen=True):
    """The name of an account's holder. Its subject is the account."""

    full_name: str


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was looked for, in words or by picture. Its subject is the search."""

    text: str = ""
    minus: tuple[str, ...] = ()
    image_sha256: str = ""  # of the picture as it was sent, hex
    box: tuple[int, int, int, int] | None = None  # the part of it: left, top, width, height in pixels
    unknown_words: tuple[str, ...] = ()  # of the text, that the model does not know
    read_as: tuple[tuple[str, str], ...] = ()  # words that were taken for others, misspelt ones, and for which
    widened_words: tuple[str, ...] = ()  # that were taken in a wider sense: "woman" for any adult


class FileName(msgspec.Struct, frozen=True):
    """The name a file had where it came from. Its subject is the footage."""

    name: str


class ChildIdentity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who a child is. Its subject is the child."""

    surname: str
    given_name: str = ""  # of a foundling, none
    patronymic: str = ""
    other_names: tuple[str, ...] = ()  # surname and given name in other documents, as called at home
    born: str = ""  # as far as it is known: 2012, 2012-05 or 2012-05-17


class ChildContacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a child is found, and who answers for it. Its subject is the child."""

    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()  # who, and how they are reached
    school: str = ""


class HelpPerson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody whom the pupils of a school can turn to. Its subject is a record of its own."""

    full_name: str
    phone: str = ""


class SharedFields(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is shared about a child with an agency, as it stood when it was shared: those of `words.SHARED_FIELDS` that
    were agreed on, and nothing else. Its subject is the record of the share, which names the child.
    """

    identity: ChildIdentity | None = None
    phones: tuple[str, ...] = ()  # with the addresses: contacts
    addresses: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()
    school: str = ""
    help_needed: str = ""
    risk: str = ""  # a code, as it was last judged by a person
    protective_factors: tuple[str, ...] = ()  # codes, which belong to the risk
    plan: str = ""  # the plan of the case that was approved
    incident_kinds: tuple[str, ...] = ()  # codes


class ReporterContact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How somebody who reported and said who they are is reached. Its subject is a record of its own."""

    full_name: str
    phone: str = ""
    email: str = ""
