"""Opens the parts of a house, each with what it rests on: `app.composition` calls these in their order."""

from __future__ import annotations

from contextlib import ExitStack

from app import example
from app.access.passwords import Passwords
from app.access.tokens import LoopbackIssuer
from app.approvals import Approvals
from app.attachments import Attachments
from app.background import Background
from app.backlog import Backlogs
from app.clock_watch import watching
from app.deployment import Deployment
from app.desk import Desk
from app.disclosing import Disclosures
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from app.house_parts import Decisions, Entrance, Progressing, Record, Safe, Telling, Watch
from app.in_force import InForce
from app.keeper import Keeper
from app.keeping import Keepings
from app.listening import Listeners
from app.people import People
from app.residents import Residents
from app.scrubbing import Scrub
from app.sign_ins import SignIns
from app.webhooks.deliveries import Deliveries
from app.webhooks.signing import Secrets
from projections.database import ViewsDatabase


def open_keeping(
    place: Deployment,
    log: SqliteEventLog,
    views: ViewsDatabase,
    in_force: InForce,
    vault: Vault,
    background: Background,
    opening: ExitStack,
) -> Watch:
    """What takes footage off the disk when its time is over, and what sees that the rest is whole."""
    keeper = Keeper(place, log, views, in_force, vault, watched=watching(place, log))
    scrub = Scrub(place, log, views, in_force)
    background.start("keeper", keeper.run, keeper.notes)
    opening.callback(background.end, "keeper")
    background.start("scrub", scrub.run, scrub.notes)
    opening.callback(background.end, "scrub")
    return {"keeper": keeper, "scrub": scrub}


def open_safe(place: Deployment, desk: Desk, vault: Vault, views: ViewsDatabase) -> Safe:
    attachments = Attachments.swept(place, desk, vault, views)
    return {"vault": vault, "disclosures": Disclosures(desk.log, vault, views), "attachments": attachments}


def open_decisions(desk: Desk) -> Decisions:
    return {"approvals": Approvals(desk), "keepings": Keepings(desk)}


def open_entrance(place: Deployment, desk: Desk, background: Background, address: str, opening: ExitStack) -> Entrance:
    """Signing in, and the thread that records what was refused of it."""
    passwords, sign_ins = Passwords(place.credentials, hasher=example.hasher(place)), SignIns(desk.log)
    background.start("sign-ins", sign_ins.run, sign_ins.notes)
    opening.callback(background.end, "sign-ins")
    return {
        "people": People(desk, passwords, sign_ins),
        "sign_ins": sign_ins,
        "passwords": passwords,
        "tokens": LoopbackIssuer(address, lifetime_seconds=60 * place.settings.token_minutes),
        "residents": Residents.of(place),
    }


def open_telling(place: Deployment, record: Record, people: People, opening: ExitStack) -> Telling:
    """The thread that tells partners' systems what changed."""
    secrets, positions = Secrets.of(place.root_key), record["processes"].positions
    origins, days = place.settings.webhook_origins, place.settings.webhook_failing_days
    deliveries = Deliveries(record["desk"], people, record["views"], positions, secrets, origins, days)
    record["background"].start("webhooks", deliveries.run, deliveries.notes)
    opening.callback(record["background"].end, "webhooks")
    return {"deliveries": deliveries, "webhook_secrets": secrets}


def open_progress(views: ViewsDatabase, in_force: InForce, opening: ExitStack) -> Progressing:
    listeners = Listeners()
    opening.callback(listeners.closing.set)
    return {"backlogs": Backlogs(views, in_force), "listeners": listeners}
