"""How somebody who reported says they are reached: whoever calls back is not to find out then that it is wrong."""

from __future__ import annotations

import re

from domain import checks
from domain.errors import Invalid
from domain.personal import ReporterContact
from domain.sealed import Sealed

CONTACT_CHARACTERS_MAX = 200
DIGITS_MIN, DIGITS_MAX = 7, 15

_PHONE = re.compile(r"\+?[\d ()\u2010-\u2015-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def checked_contact(value: Sealed[ReporterContact]) -> Sealed[ReporterContact]:
    """Raises Invalid. What was given is not in the error."""
    contact = value.fresh_value()
    checks.name("contact: full_name", contact.full_name)
    if not (contact.phone or contact.email):
        raise Invalid("contact", "has neither telephone nor e-mail", "give one, or report anonymously")
    if contact.phone:
        said = checks.line("contact: phone", contact.phone, characters_max=CONTACT_CHARACTERS_MAX)
        if not _PHONE.fullmatch(said) or not DIGITS_MIN <= sum(map(str.isdigit, said)) <= DIGITS_MAX:
            mend = f"write {DIGITS_MIN} to {DIGITS_MAX} digits, as in +380 44 555 12 12"
            raise Invalid("contact: phone", "is no telephone number", mend)
    if contact.email:
        said = checks.line("contact: email", contact.email, characters_max=CONTACT_CHARACTERS_MAX)
        if not _EMAIL.fullmatch(said):
            raise Invalid("contact: email", "is no e-mail address", "write it as name@example.org")
    return value
