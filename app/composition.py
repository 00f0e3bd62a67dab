"""The composition root: opens one data directory and joins the rooms. Nothing else constructs what it uses."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app import archiving, clock, deployment, example
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
from app.camera_network.importing import CameraImports
from app.childhood import Childhood, open_childhood
from app.clock_watch import watching
from app.clockwork import Clockwork
from app.cutting import Cutting
from app.deployment import Deployment
from app.desk import Desk
from app.disclosing import Disclosures
from app.event_store.faults import LogBusy
from app.event_store.keys import KeyStore
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from app.house_opening import open_decisions, open_entrance, open_keeping, open_progress, open_safe, open_telling
from app.house_parts import Lookout, Record, Roads
from app.in_force import InForce, Sight
from app.keeper import Keeper
from app.keeping import Keepings
from app.listening import Listeners
from app.model_decisions import ModelDecisions
from app.model_loading import Load, model_in_force
from app.people import People
from app.processes import Processes
from app.querying import queries_of
from app.reactions import open_processes
from app.receiving import WRITERS_MAX, Receiving
from app.residents import Residents
from app.rhythm import STEPPED, THREADS, Rhythm
from app.scrubbing import Scrub
from app.searching import Searching
from app.sign_ins import SignIns
from app.struct_types import work_out_structs
from app.switching import Switching
from app.webhooks.deliveries import Deliveries
from app.webhooks.signing import Secrets
from domain import policy
from domain.errors import LogFull
from domain.ids import POLICY_STREAM
from gpu_jobs.encoders import Precision
from projections.database import ViewsDatabase, open_views
from projections.projector import Projector
from projections.views import VIEWS
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Services:
    """An open house: everything that a request may need. Safe to share between threads."""

    deployment: Deployment
    log: SqliteEventLog
    vault: Vault
    views: ViewsDatabase
    projector: Projector
    background: Background
    clockwork: Clockwork
    processes: Processes
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
    camera_imports: CameraImports
    in_force: InForce
    models: ModelDecisions
    switching: Switching
    searching: Searching
    keepings: Keepings
    attachments: Attachments
    deliveries: Deliveries
    webhook_secrets: Secrets
    keeper: Keeper
    scrub: Scrub
    backlogs: Backlogs
    listeners: Listeners
    childhood: Childhood
    residents: Residents
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
    folder: Path, *, encoder: Encoder | None = None, load: Load | None = None, address: str = LOOPBACK
) -> Services:
    """Open a data directory for serving. In tests `encoder` stands in for the one that the settings name, and `load`
    for `gpu_jobs.encoders.load_encoder`.

    Raises:
        DeploymentFault, StoreRefused, PolicyInvalid, ManifestMismatch, ...: what is amiss; nothing was changed.
    """
    return _opened(folder, encoder, load, address, THREADS)


def open_driven(folder: Path, encoder: Encoder | None = None) -> Services:
    """As `open_house`, with nothing at work beside the requests: whoever opens it drives that. Raises as it does."""
    return _opened(folder, encoder, None, LOOPBACK, STEPPED)


def _opened(folder: Path, encoder: Encoder | None, load: Load | None, address: str, rhythm: Rhythm) -> Services:
    with ExitStack() as opening:
        place = deployment.load(folder)
        opening.enter_context(deployment.served_alone(place))
        archiving.sweep(place)
        record, vault = _open_desk(place, rhythm, opening)
        desk, views, background = record["desk"], record["views"], record["background"]
        in_force = opening.enter_context(closing(InForce(_open_sight(place, record["log"], views, encoder, load))))
        safe = open_safe(place, desk, vault, views)
        entrance = open_entrance(place, desk, background, address, opening)
        watch = open_keeping(place, record["log"], views, in_force, vault, background, opening)
        return Services(
            deployment=place,
            **record,
            **entrance,
            **open_telling(place, record, entrance["people"], opening),
            digests=CommandDigests.of(place.root_key),
            **safe,
            **open_decisions(desk),
            **_open_roads(place, desk, safe["disclosures"], watch["scrub"], opening),
            **_open_lookout(place, desk, views, in_force, watch["keeper"], background, load, opening),
            **watch,
            **open_progress(views, in_force, opening),
            childhood=open_childhood(place, desk, views, vault, safe["attachments"], background, opening),
            searching=Searching(desk, in_force, views),
            _open=opening.pop_all(),
        )


def _open_desk(place: Deployment, rhythm: Rhythm, opening: ExitStack) -> tuple[Record, Vault]:
    """Where commands are taken, with the log and the views, and what follows by itself."""
    log, vault = open_record(place, opening)
    views, projector, background, clockwork = _open_views(place, log, rhythm, opening)
    desk = Desk(log, Gate.load(), projector)
    processes = open_processes(place, desk, views, background, opening)
    return {
        "log": log,
        "views": views,
        "projector": projector,
        "background": background,
        "clockwork": clockwork,
        "processes": processes,
        "desk": desk,
    }, vault


def open_record(place: Deployment, opening: ExitStack) -> tuple[SqliteEventLog, Vault]:
    """Log and keys, closed with `opening`.

    Raises:
        DeploymentFault: it is marked as an example in one place alone; or it is none, where the clock is simulated.
    """
    work_out_structs()
    opening.enter_context(clock.in_use(place))
    keys = KeyStore(place.keys, place.root_key)
    opening.callback(keys.close)
    vault = Vault(keys)
    log = opening.enter_context(SqliteEventLog(place.log, vault))
    example.require_mark(place, log)
    return log, vault


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
    camera_imports = CameraImports(desk)
    opening.callback(camera_imports.close)
    return {
        "archiving": Archiving(place, desk, receiving, scrub, threading.Lock()),
        "cutting": Cutting(place, desk, disclosures, receiving, scrub),
        "camera_imports": camera_imports,
    }


def _open_views(
    place: Deployment, log: SqliteEventLog, rhythm: Rhythm, opening: ExitStack
) -> tuple[ViewsDatabase, Projector, Background, Clockwork]:
    """The views, and the threads that keep them up to the log and the log up to the clock."""
    views = open_views(place.views, VIEWS)
    opening.callback(views.close)
    projector = rhythm.projector(log, views, transient=(LogBusy, LogFull))
    clockwork = Clockwork(log, views, watched=watching(place, log))
    background = rhythm.background()
    background.start("projector", projector.run)
    opening.callback(background.end, "projector")
    background.start("clockwork", clockwork.run, clockwork.notes)
    opening.callback(background.end, "clockwork")
    return views, projector, background, clockwork
