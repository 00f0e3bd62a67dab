"""What the house has for children: how their profiles change, are found by name, and go; how words of concerns go."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from app.attachments import Attachments
from app.background import Background
from app.child_erasing import ChildErasures
from app.child_profiles import ChildProfiles
from app.clock_watch import watching
from app.concern_forgetting import ExpiredConcerns
from app.deployment import Deployment
from app.desk import Desk
from app.event_store.root_key import RootKey
from app.event_store.vault import Vault
from app.names.index import NameIndex
from app.names.store import NameStore
from app.names.tokens import NameKey
from projections.database import ViewsDatabase

NAMES = "child-names"  # what the index of names is called among the projections


@dataclass(frozen=True)
class Childhood:
    profiles: ChildProfiles
    names: NameIndex
    erasures: ChildErasures
    expired_concerns: ExpiredConcerns


def open_childhood(
    place: Deployment,
    desk: Desk,
    views: ViewsDatabase,
    vault: Vault,
    attachments: Attachments,
    background: Background,
    opening: ExitStack,
) -> Childhood:
    """The index of names opens identities by itself and keeps tokens of them; nobody reads what it opens."""
    key = NameKey(RootKey.read(place.root_key).derived("names"))
    names = NameIndex(desk.log, NameStore(place.names, key), key, vault.open)
    opening.callback(names.close)
    background.start("index of names", names.run, names.notes)
    opening.callback(background.end, "index of names")
    erasures = ChildErasures(desk.log, views, vault, names, attachments.sweep)
    background.start("child erasures", erasures.run, erasures.notes)
    opening.callback(background.end, "child erasures")
    expired = ExpiredConcerns(desk.log, views, vault, watched=watching(place, desk.log))
    background.start("expired concerns", expired.run, expired.notes)
    opening.callback(background.end, "expired concerns")
    return Childhood(ChildProfiles(desk, views), names, erasures, expired)
