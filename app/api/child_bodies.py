"""What is sent about a child. All of it is sealed, or kept as a token under a key."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from domain.personal import ChildContacts, ChildIdentity

Doc = msgspec.Meta


class Contacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    phones: Annotated[list[str], Doc(examples=[["+380 44 123 45 67"]])] = []
    addresses: Annotated[list[str], Doc(examples=[["Київ, вул. Волоська, 5, кв. 12"]])] = []
    guardians: Annotated[list[str], Doc(examples=[["мати, Олена Сірко, +380 67 123 45 67"]])] = []
    school: Annotated[str, Doc(examples=["Ліцей № 7"])] = ""

    def value(self) -> ChildContacts:
        return ChildContacts(
            phones=tuple(each.strip() for each in self.phones),
            addresses=tuple(each.strip() for each in self.addresses),
            guardians=tuple(each.strip() for each in self.guardians),
            school=self.school.strip(),
        )


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    surname: Annotated[str, Doc(examples=["Сірко"])]
    given_name: Annotated[str, Doc(examples=["Іван"])] = ""
    patronymic: Annotated[str, Doc(examples=["Петрович"])] = ""
    other_names: Annotated[list[str], Doc(examples=[["Sirko Ivan"]], description="in other documents, at home")] = []
    born: Annotated[
        str, Doc(examples=["2012-05-17"], description="as far as it is known: 2012, 2012-05, 2012-05-17")
    ] = ""

    def value(self) -> ChildIdentity:
        return ChildIdentity(
            surname=self.surname.strip(),
            given_name=self.given_name.strip(),
            patronymic=self.patronymic.strip(),
            other_names=tuple(each.strip() for each in self.other_names),
            born=self.born.strip(),
        )


class RegisterChild(Identity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the caller's unit. One whom the caller may read of already is named by its id, its pseudonym or both, and
    keeps them.
    """

    contacts: Contacts | None = None
    narrative: Annotated[str | None, Doc(examples=["Другий тиждень не ночує вдома."])] = None
    names: Annotated[list[UUID], Doc(description="other children whom the narrative names")] = []
    pseudonym: Annotated[str | None, Doc(description="of the child, as in GET /children")] = None
    child: Annotated[UUID | None, Doc(description="the child's id")] = None


class CorrectIdentity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is; null takes away what stands. A surname there always is."""

    surname: Annotated[str | UnsetType, Doc(examples=["Сірко"])] = UNSET
    given_name: Annotated[str | UnsetType | None, Doc(examples=["Іван"])] = UNSET
    patronymic: Annotated[str | UnsetType | None, Doc(examples=["Петрович"])] = UNSET
    other_names: Annotated[
        list[str] | UnsetType | None, Doc(examples=[["Sirko Ivan"]], description="all of them, as from now on")
    ] = UNSET
    born: Annotated[str | UnsetType | None, Doc(examples=["2012-05-17"])] = UNSET
    reason: Annotated[str, Doc(examples=["За свідоцтвом про народження"])]

    def given(self) -> dict[str, Any]:
        return _given(self, ChildIdentity)


class CorrectContacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is; null takes away what stands. A list is given whole, as from now on."""

    phones: Annotated[list[str] | UnsetType | None, Doc(examples=[["+380 44 123 45 67"]])] = UNSET
    addresses: Annotated[list[str] | UnsetType | None, Doc(examples=[["Київ, вул. Волоська, 5, кв. 12"]])] = UNSET
    guardians: Annotated[list[str] | UnsetType | None, Doc(examples=[["мати, Олена Сірко, +380 67 123 45 67"]])] = UNSET
    school: Annotated[str | UnsetType | None, Doc(examples=["Ліцей № 7"])] = UNSET

    def given(self) -> dict[str, Any]:
        return _given(self, ChildContacts)


class AddNarrative(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Annotated[str, Doc(examples=["Розмова з класним керівником: пропускає уроки з вересня."])]
    names: Annotated[list[UUID], Doc(description="other children whom it names")] = []


class SearchByName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[
        str, Doc(examples=["Сірко Іван"], description="in either alphabet, any order and case; a surname, or more")
    ]
    born: Annotated[str, Doc(examples=["2012"], description="the year, or a date; it finds by given name, too")] = ""


class OtherProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    other: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]
    reason: Annotated[str, Doc(examples=["Одна дитина: той самий день народження й опікун"])]


class NewChildErasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    order: Annotated[str, Doc(examples=["757/1204/26-К"], description="number of the order, or of the request")]
    reason: Annotated[str, Doc(examples=["Запит законного представника"])]


def _given(body: msgspec.Struct, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """What a correction says, field by field, as it is stored; null is a field's default, which is empty."""
    said = {each.name: (each, getattr(body, each.name)) for each in msgspec.structs.fields(kind)}
    return {
        name: field.default if value is None else _trimmed(value)
        for name, (field, value) in said.items()
        if value is not UNSET
    }


def _trimmed(value: str | list[str]) -> str | tuple[str, ...]:
    return value.strip() if isinstance(value, str) else tuple(each.strip() for each in value)
