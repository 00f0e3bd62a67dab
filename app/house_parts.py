"""The parts of an open house, by what they are for: `app.composition` joins them."""

from __future__ import annotations

from typing import TypedDict

from app.access.passwords import Passwords
from app.access.tokens import LoopbackIssuer
from app.approvals import Approvals
from app.archiving import Archiving
from app.attachments import Attachments
from app.background import Background
from app.backlog import Backlogs
from app.camera_network.importing import CameraImports
from app.clockwork import Clockwork
from app.cutting import Cutting
from app.desk import Desk
from app.disclosing import Disclosures
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from app.in_force import InForce
from app.keeper import Keeper
from app.keeping import Keepings
from app.listening import Listeners
from app.model_decisions import ModelDecisions
from app.people import People
from app.processes import Processes
from app.residents import Residents
from app.scrubbing import Scrub
from app.sign_ins import SignIns
from app.switching import Switching
from app.webhooks.deliveries import Deliveries
from app.webhooks.signing import Secrets
from projections.database import ViewsDatabase
from projections.projector import Projector


class Record(TypedDict):
    """The record, what people see of it, and what follows from it by itself."""

    log: SqliteEventLog
    views: ViewsDatabase
    projector: Projector
    background: Background
    clockwork: Clockwork
    processes: Processes
    desk: Desk


class Entrance(TypedDict):
    """Who people are, and how they show it."""

    people: People
    sign_ins: SignIns
    passwords: Passwords
    tokens: LoopbackIssuer
    residents: Residents


class Telling(TypedDict):
    """What tells partners' systems that something changed."""

    deliveries: Deliveries
    webhook_secrets: Secrets


class Watch(TypedDict):
    """What sees to the footage in the background."""

    keeper: Keeper
    scrub: Scrub


class Lookout(TypedDict):
    """What searches look with, and what puts another model in its place."""

    in_force: InForce
    models: ModelDecisions
    switching: Switching


class Roads(TypedDict):
    """The ways of footage into the house and out of it."""

    archiving: Archiving
    cutting: Cutting
    camera_imports: CameraImports


class Safe(TypedDict):
    """What is sealed, and what opens it on record."""

    vault: Vault
    disclosures: Disclosures
    attachments: Attachments


class Decisions(TypedDict):
    """Roads of commands that concern more than one thing."""

    approvals: Approvals
    keepings: Keepings


class Progressing(TypedDict):
    """What tells how indexing goes, and to whom."""

    backlogs: Backlogs
    listeners: Listeners
