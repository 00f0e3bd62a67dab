"""The composition root: opens one data directory and joins the rooms. Nothing else constructs what it uses."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app import archiving, deployment
from app.access.gate import Gate
from app.access.passwords import Passwords
from app.access.tokens import LoopbackIssuer
from app.approvals import Approvals
from app.archiving import Archiving
from app.attachments import Attachments
from app.background import Background
from app.backlog import Backlogs
from app.calibrating import Calibrations
from app.call import CommandDigests
from app.childhood import Childhood, open_childhood
from app.clockwork import Clockwork
from app.cutting import Cutting
from app.deployment import Deployment
from app.desk import Desk
from app.disclosing import Disclosures
from app.event_store.faults import LogBusy
from app.event_store.keys import KeyStore
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from app.house_parts import Decisions, Entrance, Lookout, Progressing, Roads, Safe, Watch
from app.in_force import InForce, Sight
from app.keeper import Keeper
from app.keeping import Keepings
from app.listening import Listeners
from app.model_decisions import ModelDecisions
from app.model_loading import Load, model_in_force
from app.people import People
from app.querying import queries_of
from app.reactions import open_processes
from app.receiving import WRITERS_MAX, Receiving
from app.scrubbing import Scrub
from app.searching import Searching
from app.sign_ins import SignIns
from app.struct_types import work_out_structs
from app.switching import Switching
from domain import policy
from domain.errors import LogFull
from domain.ids import POLICY_STREAM
from gpu_jobs.encoders import Precision
from projections.database import ViewsDatabase, open_views
from projections.projector import Projector
from projections.views import VIEWS
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex


@dataclass(frozen=True)
class Services:
    """An open house: everything that a request may need. Safe to share between threads."""

    deployment: Deployment
    log: SqliteEventLog
    vault: Vault
    views: ViewsDatabase
    projector: Projector
    background: Background
    desk: Desk
    people: People
    sign_ins: SignIns
    passwords: Passwords
    tokens: LoopbackIssuer
    digests: CommandDigests
    disclosures: Disclosures
    approvals: Approvals
    archiving: Archiving
    cutting: Cutting
    in_force: InForce
    models: ModelDecisions
    switching: Switching
    searching: Searching
    keepings: Keepings
    attachments: Attachments
    keeper: Keeper
    scrub: Scrub
    backlogs: Backlogs
    listeners: Listeners
    childhood: Childhood
    _open: ExitStack
    replaying: threading.Lock = field(default_factory=threading.Lock)  # held while the record is replayed

    @property
    def index(self) -> FootageIndex:
        """The index that answers now."""
        return self.in_force.index

    @property
    def precision(self) -> Precision:
        return self.in_force.now.precision

    def policy_in_force(self) -> bool:
        """Whether the policies that decide are those that were adopted on record."""
        adopted = self.desk.load(policy.DECIDER, POLICY_STREAM).state
        return adopted is not None and adopted.sha256 == self.desk.gate.digest

    def close(self) -> None:
        """End the projector and close the databases."""
        self._open.close()


def open_house(
    folder: Path, *, encoder: Encoder | None = None, load: Load | None = None, address: str = "127.0.0.1"
) -> Services:
    """Open a data directory for serving. In tests `encoder` stands in for the one that the settings name, and `load`
    for `gpu_jobs.encoders.load_encoder`.

    Raises:
        DeploymentFault, StoreRefused, PolicyInvalid, ManifestMismatch, ...: what is amiss; nothing was changed.
    """
    with ExitStack() as opening:
        place = deployment.load(folder)
        opening.enter_context(deployment.served_alone(place))
        archiving.sweep(place)
        log, vault = open_record(place, opening)
        views, projector, background = _open_views(place, log, opening)
        desk = Desk(log, Gate.load(), projector)
        open_processes(place, desk, views, background, opening)
        in_force = InForce(_open_sight(place, log, views, encoder, load))
        opening.callback(in_force.close)
        safe = _open_safe(place, desk, vault, views)
        watch = _open_keeping(place, log, views, in_force, vault, background, opening)
        return Services(
            deployment=place,
            log=log,
            views=views,
            projector=projector,
            background=background,
            desk=desk,
            **_open_entrance(place, desk, background, address, opening),
            digests=CommandDigests.of(place.root_key),
            **safe,
            **_open_decisions(desk),
            **_open_roads(place, desk, safe["disclosures"], watch["scrub"], opening),
            **_open_lookout(place, desk, views, in_force, watch["keeper"], background, load, opening),
            **watch,
            **_open_progress(views, in_force, opening),
            childhood=open_childhood(place, desk, views, vault, safe["attachments"], background, opening),
            searching=Searching(desk, in_force, views),
            _open=opening.pop_all(),
        )


def open_record(place: Deployment, opening: ExitStack) -> tuple[SqliteEventLog, Vault]:
    """Log and keys, closed with `opening`."""
    work_out_structs()
    keys = KeyStore(place.keys, place.root_key)
    opening.callback(keys.close)
    vault = Vault(keys)
    return opening.enter_context(SqliteEventLog(place.log, vault)), vault


def _open_sight(
    place: Deployment, log: SqliteEventLog, views: ViewsDatabase, encoder: Encoder | None, load: Load | None
) -> Sight:
    model, precision = model_in_force(place, log, encoder=encoder, load=load)
    calibrations = Calibrations(place.calibrations, model)
    return Sight(FootageIndex(place.index, model.manifest), queries_of(place, views, model), calibrations, precision)


def _open_lookout(
    place: Deployment,
    desk: Desk,
    views: ViewsDatabase,
    in_force: InForce,
    keeper: Keeper,
    background: Background,
    load: Load | None,
    opening: ExitStack,
) -> Lookout:
    """Decisions about models, and the thread that carries them out."""
    switching = Switching(place, desk.log, in_force, partial(queries_of, place, views), load, keeper.wake)
    background.start("model switch", switching.run, switching.notes)
    opening.callback(background.end, "model switch")
    return {"in_force": in_force, "models": ModelDecisions(desk, in_force, load), "switching": switching}


def _open_roads(place: Deployment, desk: Desk, disclosures: Disclosures, scrub: Scrub, opening: ExitStack) -> Roads:
    """How footage comes in, and how clips of it go out."""
    writers = opening.enter_context(ThreadPoolExecutor(WRITERS_MAX, thread_name_prefix="upload"))
    receiving = Receiving(place, writers)
    return {
        "archiving": Archiving(place, desk, receiving, threading.Lock()),
        "cutting": Cutting(place, desk, disclosures, receiving, scrub),
    }


def _open_views(
    place: Deployment, log: SqliteEventLog, opening: ExitStack
) -> tuple[ViewsDatabase, Projector, Background]:
    """The views, and the threads that keep them up to the log and the log up to the clock."""
    views = open_views(place.views, VIEWS)
    opening.callback(views.close)
    projector = Projector(log, views, transient=(LogBusy, LogFull))
    clockwork = Clockwork(log, views)
    background = Background()
    background.start("projector", projector.run)
    opening.callback(background.end, "projector")
    background.start("clockwork", clockwork.run, clockwork.notes)
    opening.callback(background.end, "clockwork")
    return views, projector, background


def _open_keeping(
    place: Deployment,
    log: SqliteEventLog,
    views: ViewsDatabase,
    in_force: InForce,
    vault: Vault,
    background: Background,
    opening: ExitStack,
) -> Watch:
    """What takes footage off the disk when its time is over, and what sees that the rest is whole."""
    keeper, scrub = Keeper(place, log, views, in_force, vault), Scrub(place, log, views, in_force)
    background.start("keeper", keeper.run, keeper.notes)
    opening.callback(background.end, "keeper")
    background.start("scrub", scrub.run, scrub.notes)
    opening.callback(background.end, "scrub")
    return {"keeper": keeper, "scrub": scrub}


def _open_safe(place: Deployment, desk: Desk, vault: Vault, views: ViewsDatabase) -> Safe:
    attachments = Attachments.swept(place, desk, vault, views)
    return {"vault": vault, "disclosures": Disclosures(desk.log, vault, views), "attachments": attachments}


def _open_decisions(desk: Desk) -> Decisions:
    return {"approvals": Approvals(desk), "keepings": Keepings(desk)}


def _open_entrance(place: Deployment, desk: Desk, background: Background, address: str, opening: ExitStack) -> Entrance:
    """Signing in, and the thread that records what was refused of it."""
    passwords, sign_ins = Passwords(place.credentials), SignIns(desk.log)
    background.start("sign-ins", sign_ins.run, sign_ins.notes)
    opening.callback(background.end, "sign-ins")
    return {
        "people": People(desk, passwords, sign_ins),
        "sign_ins": sign_ins,
        "passwords": passwords,
        "tokens": LoopbackIssuer(address, lifetime_seconds=60 * place.settings.token_minutes),
    }


def _open_progress(views: ViewsDatabase, in_force: InForce, opening: ExitStack) -> Progressing:
    listeners = Listeners()
    opening.callback(listeners.closing.set)
    return {"backlogs": Backlogs(views, in_force), "listeners": listeners}
