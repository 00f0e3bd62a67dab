"""Stream ids that follow from what they name, so that "the same thing twice" meets the same stream.

All other ids (incidents, authorisations, searches, units, children) are made by the caller.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from unicodedata import normalize
from uuid import UUID, uuid5

NAMESPACE = UUID("6f626572-6968-4000-8000-000000000001")  # "oberih"; permanent: all derived ids hang on it

PSEUDONYM_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32

APOSTROPHES = str.maketrans("’ʼ`", "'''")

POLICY_STREAM = uuid5(NAMESPACE, "policy")  # the one stream of adopted policies
MODEL_STREAM = uuid5(NAMESPACE, "model")  # the one stream of accepted models and of switches between them
EXAMPLE_STREAM = uuid5(NAMESPACE, "example")  # of the mark that a deployment is an example
CHILD_REGISTER = uuid5(NAMESPACE, "child-register")  # all profiles of children: what a search by name consults
RECORD = uuid5(NAMESPACE, "record")  # all that was ever recorded: what a replay reads
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


def officer_id(account: UUID, service: str = "juvenile-prevention") -> UUID:
    """The stream of an account's training and certification for a service. That of juvenile prevention is named by the
    account alone: it was there before the others.
    """
    return uuid5(
        NAMESPACE, f"officer:{account}" if service == "juvenile-prevention" else f"officer:{service}:{account}"
    )


def school_id(unit: UUID) -> UUID:
    """The stream of the school whose people have their accounts in the unit."""
    return uuid5(NAMESPACE, f"school:{unit}")


def community_id(region: str, name: str) -> UUID:
    """The stream of a territorial community; small and capital letters are one, and so are the ways to write an
    apostrophe and to compose a letter.
    """
    plain = " ".join(normalize("NFC", name).translate(APOSTROPHES).split()).lower()
    return uuid5(NAMESPACE, f"community:{region}:{plain}")


def post_id(account: UUID) -> UUID:
    """The stream of an account's posts as a community police officer."""
    return uuid5(NAMESPACE, f"post:{account}")


def webhook_delivery_id(webhook: UUID, stream: UUID, version: int) -> UUID:
    """The stream of one message to a webhook, and the message's id: the same however often it is sent."""
    return uuid5(NAMESPACE, f"webhook-delivery:{webhook}:{stream}:{version}")


def programme_id(region: str, name: str) -> UUID:
    """The stream of a region's programme; small and capital letters are one."""
    return uuid5(NAMESPACE, f"programme:{region}:{' '.join(name.split()).lower()}")


def claim_id(measure: str, region: str, as_of: str, source: str) -> UUID:
    """The stream of what one source said of one measure as of one time; small and capital letters are one."""
    return uuid5(NAMESPACE, f"claim:{measure}:{region}:{as_of}:{' '.join(source.split()).lower()}")


def agreed_plan_id(child: UUID) -> UUID:
    """The stream of which conference about a child is under way, and whose plan is in force."""
    return uuid5(NAMESPACE, f"agreed-plan:{child}")


def suggested_conference_id(referral: UUID) -> UUID:
    """The stream of the conference that was called by itself when an agency accepted the referral."""
    return uuid5(NAMESPACE, f"suggested-conference:{referral}")


def conference_closing_id(conference: UUID) -> UUID:
    """The sealed record of why a conference ended with its case. What is sealed under the conference itself goes when
    the child is erased, after which nothing more could be.
    """
    return uuid5(NAMESPACE, f"conference-closing:{conference}")


def authorisation_ending_id(authorisation: UUID) -> UUID:
    """The sealed record of why a missing child's authorisation ended by itself: what is sealed under the authorisation
    goes when the child is erased, after which nothing more could be.
    """
    return uuid5(NAMESPACE, f"authorisation-ending:{authorisation}")


def agency_id(unit: UUID) -> UUID:
    """The stream of the agency whose people serve in the unit."""
    return uuid5(NAMESPACE, f"agency:{unit}")


def reporter_id(token: bytes) -> UUID:
    """Whoever holds the token of a report: it leads neither to them nor to the token."""
    return uuid5(NAMESPACE, f"reporter:{sha256(token).hexdigest()}")


def report_id(reporter: UUID) -> UUID:
    """The stream of the one report of a token."""
    return uuid5(NAMESPACE, f"report:{reporter}")


def report_words_id(report: UUID) -> UUID:
    """The sealed record of what a report says and shows: of its words, place and pictures."""
    return uuid5(NAMESPACE, f"report-words:{report}")


def report_contact_id(report: UUID) -> UUID:
    """The sealed record of how whoever reported is reached: it can be forgotten alone."""
    return uuid5(NAMESPACE, f"report-contact:{report}")
