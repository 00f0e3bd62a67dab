"""What happens to the profile of a child. Who the child is stands in `Sealed` alone; in the clear it is a pseudonym.

Identity and contacts are sealed under the child. A narrative, and the reason of a merge, is a record of its own that
lists whom it names: whoever of these is erased takes it along.
"""

from __future__ import annotations

from uuid import UUID

from domain.event import Event
from domain.personal import ChildContacts, ChildIdentity, Narrative, Reason
from domain.sealed import Sealed


class ChildRegistered(Event, frozen=True, kw_only=True):
    """The stream is the child's id. One that was linked to an incident before keeps its id and its pseudonym."""

    TOPIC = "child.registered"

    pseudonym: str  # e.g. "CH-4F2A"
    unit: UUID  # that works with the child
    identity: Sealed[ChildIdentity]
    contacts: Sealed[ChildContacts] | None = None
    narrative: Sealed[Narrative] | None = None
    names: tuple[UUID, ...] = ()  # other persons that the narrative names


class IdentityCorrected(Event, frozen=True, kw_only=True):
    TOPIC = "child.identity-corrected"

    identity: Sealed[ChildIdentity]
    reason: Sealed[Reason]


class ContactsCorrected(Event, frozen=True, kw_only=True):
    TOPIC = "child.contacts-corrected"

    contacts: Sealed[ChildContacts]


class NarrativeAdded(Event, frozen=True, kw_only=True):
    TOPIC = "child.narrative-added"

    narrative: Sealed[Narrative]
    names: tuple[UUID, ...] = ()  # other persons that the narrative names


class ProfilesMerged(Event, frozen=True, kw_only=True):
    """Of the surviving profile: the other one is of the same child. That one got `MergedInto` with it."""

    TOPIC = "child.profiles-merged"

    other: UUID
    reason: Sealed[Reason]


class MergedInto(Event, frozen=True, kw_only=True):
    """Of the profile that is not gone on with. Its history stays where it is."""

    TOPIC = "child.merged-into"

    survivor: UUID


class ProfilesUnmerged(Event, frozen=True, kw_only=True):
    """Of the profile that had survived: the other one is of another child after all."""

    TOPIC = "child.profiles-unmerged"

    other: UUID
    reason: Sealed[Reason]


class MergeUndone(Event, frozen=True, kw_only=True):
    """Of the profile that stands for itself again."""

    TOPIC = "child.merge-undone"

    survivor: UUID


class ChildErasureRequested(Event, frozen=True, kw_only=True):
    TOPIC = "child.erasure-requested"

    order: str  # reference of the court's or authority's order, or of the request
    by: UUID
    reason: Sealed[Reason]


class ChildErasureRefused(Event, frozen=True, kw_only=True):
    TOPIC = "child.erasure-refused"

    by: UUID
    reason: Sealed[Reason]


class IdentityErased(Event, frozen=True, kw_only=True):
    """Agreed to by somebody else than who asked: from now on nobody opens it. `IdentityDestroyed` follows."""

    TOPIC = "child.identity-erased"

    order: str
    requested_by: UUID
    by: UUID


class IdentityDestroyed(Event, frozen=True, kw_only=True):
    """The certificate: the keys are destroyed, and the index of names forgot the child. Backups are not reached.
    Another one follows for what was written later and names the child all the same.
    """

    TOPIC = "child.identity-destroyed"

    records: int  # whose keys went along, because they name the child; in a later one, those that no earlier counts
