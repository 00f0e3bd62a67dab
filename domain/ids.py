"""Stream ids that follow from what they name, so that "the same thing twice" meets the same stream.

All other ids (incidents, authorisations, searches, units, children) are made by the caller.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

NAMESPACE = UUID("6f626572-6968-4000-8000-000000000001")  # "oberih"; permanent: all derived ids hang on it

PSEUDONYM_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32

POLICY_STREAM = uuid5(NAMESPACE, "policy")  # the one stream of adopted policies
MODEL_STREAM = uuid5(NAMESPACE, "model")  # the one stream of accepted models and of switches between them
CHILD_REGISTER = uuid5(NAMESPACE, "child-register")  # all profiles of children: what a search by name consults
SYSTEM_ACTOR = uuid5(NAMESPACE, "actor:system")  # acts where no person does: first set-up, expiry, indexing


def camera_id(name: str) -> UUID:
    """The camera's stream, by the code that people write; small and capital letters are one."""
    return uuid5(NAMESPACE, f"camera:{name.strip().upper()}")


def camera_day_id(camera: UUID, day: date) -> UUID:
    """The stream of one camera's one day (UTC)."""
    return uuid5(NAMESPACE, f"camera-day:{camera}:{day.isoformat()}")


def footage_id(sha256: str) -> UUID:
    """The footage's stream, by the hex SHA-256 of its bytes."""
    return uuid5(NAMESPACE, f"footage:{sha256.lower()}")


def account_id(username: str) -> UUID:
    """The account's stream, by its username; small and capital letters are one."""
    return uuid5(NAMESPACE, f"account:{username.strip().lower()}")


def child_pseudonym(child: UUID) -> str:
    """How a child that is new here is called: "CH-" and eight of the 32 digits and letters that are told apart when
    read aloud. Of ten thousand children two are called alike once in twenty thousand times.
    """
    return "CH-" + "".join(PSEUDONYM_DIGITS[child.int >> 5 * place & 31] for place in range(8))


def role_grant_id(account: UUID, role: str) -> UUID:
    """The stream of one role of one account, through all its givings and withdrawals."""
    return uuid5(NAMESPACE, f"role-grant:{account}:{role}")


def keeping_id(camera: UUID) -> UUID:
    """The stream of how long a camera's footage is kept, and what holds it."""
    return uuid5(NAMESPACE, f"keeping:{camera}")


def incident_hold_id(incident: UUID) -> UUID:
    """The stream of the hold that came with an incident, on what cameras near it recorded."""
    return uuid5(NAMESPACE, f"incident-hold:{incident}")


def missing_child_authorisation_id(incident: UUID) -> UUID:
    """The stream of the authorisation that was asked for with the report of a missing child."""
    return uuid5(NAMESPACE, f"missing-child-authorisation:{incident}")


def involvement_id(incident: UUID) -> UUID:
    """The stream of which prevention cases an incident has to do with."""
    return uuid5(NAMESPACE, f"involvement:{incident}")


def officer_id(account: UUID) -> UUID:
    """The stream of an account's training and certification as an officer of juvenile prevention."""
    return uuid5(NAMESPACE, f"officer:{account}")


def community_id(region: str, name: str) -> UUID:
    """The stream of a territorial community; small and capital letters are one."""
    return uuid5(NAMESPACE, f"community:{region}:{' '.join(name.split()).lower()}")


def post_id(account: UUID) -> UUID:
    """The stream of an account's posts as a community police officer."""
    return uuid5(NAMESPACE, f"post:{account}")
