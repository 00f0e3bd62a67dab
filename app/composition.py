"""The composition root: opens one data directory and joins the rooms. Nothing else constructs what it uses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from app import archiving, deployment
from app.access.gate import Gate
from app.access.passwords import Passwords
from app.access.tokens import LoopbackIssuer
from app.approvals import Approvals
from app.archiving import Archiving
from app.background import Background
from app.call import CommandDigests
from app.clockwork import Clockwork
from app.deployment import Deployment
from app.desk import Desk
from app.disclosing import Disclosures
from app.event_store.faults import LogBusy
from app.event_store.keys import KeyStore
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from app.indexing_queue import IndexingQueue
from app.keeper import Keeper
from app.keeping import Keepings
from app.people import People
from app.querying import Queries
from app.receiving import WRITERS_MAX, Receiving
from app.scrubbing import Scrub
from app.searching import Searching
from app.sign_ins import SignIns
from domain import policy
from domain.errors import LogFull
from domain.ids import POLICY_STREAM
from gpu_jobs.encoders import load_encoder
from gpu_jobs.pipeline import PipelineSettings, Progress
from gpu_jobs.query_image import QueryImages
from gpu_jobs.worker import Worker
from projections.database import ViewsDatabase, open_views
from projections.projector import Projector
from projections.views import VIEWS
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex


class Watch(TypedDict):
    """What sees to the footage in the background."""

    keeper: Keeper
    scrub: Scrub


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
    index: FootageIndex
    searching: Searching
    keepings: Keepings
    keeper: Keeper
    scrub: Scrub
    _open: ExitStack
    replaying: threading.Lock = field(default_factory=threading.Lock)  # held while the record is replayed

    def policy_in_force(self) -> bool:
        """Whether the policies that decide are those that were adopted on record."""
        adopted = self.desk.load(policy.DECIDER, POLICY_STREAM).state
        return adopted is not None and adopted.sha256 == self.desk.gate.digest

    def close(self) -> None:
        """End the projector and close the databases."""
        self._open.close()


def open_house(folder: Path, *, encoder: Encoder | None = None, address: str = "127.0.0.1") -> Services:
    """Open a data directory for serving. `encoder` stands in for the one that the settings name, in tests.

    Raises:
        DeploymentFault, StoreRefused, PolicyInvalid, ManifestMismatch, ...: something is not as it must be, and
        which; nothing was changed.
    """
    with ExitStack() as opening:
        place = deployment.load(folder)
        opening.enter_context(deployment.served_alone(place))
        archiving.sweep(place)
        log, vault = _open_record(place, opening)
        views, projector, background = _open_views(place, log, opening)
        desk = Desk(log, Gate.load(), projector)
        passwords, sign_ins = Passwords(place.credentials), _open_sign_ins(log, background, opening)
        model = encoder or load_encoder(place.settings.model, place.settings.precision)
        index = opening.enter_context(FootageIndex(place.index, model.manifest))
        return Services(
            deployment=place,
            log=log,
            vault=vault,
            views=views,
            projector=projector,
            background=background,
            desk=desk,
            people=People(desk, passwords, sign_ins),
            sign_ins=sign_ins,
            passwords=passwords,
            tokens=LoopbackIssuer(address, lifetime_seconds=60 * place.settings.token_minutes),
            digests=CommandDigests.of(place.root_key),
            disclosures=Disclosures(log, vault),
            approvals=Approvals(desk),
            archiving=_open_archiving(place, desk, opening),
            index=index,
            keepings=Keepings(desk),
            **_open_keeping(place, log, views, index, vault, background, opening),
            searching=Searching(desk, index, Queries(model, QueryImages(model)), views),
            _open=opening.pop_all(),
        )


def _open_record(place: Deployment, opening: ExitStack) -> tuple[SqliteEventLog, Vault]:
    keys = KeyStore(place.keys, place.root_key)
    opening.callback(keys.close)
    vault = Vault(keys)
    return opening.enter_context(SqliteEventLog(place.log, vault)), vault


def _open_archiving(place: Deployment, desk: Desk, opening: ExitStack) -> Archiving:
    writers = opening.enter_context(ThreadPoolExecutor(WRITERS_MAX, thread_name_prefix="upload"))
    return Archiving(place, desk, Receiving(place, writers), threading.Lock())


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
    index: FootageIndex,
    vault: Vault,
    background: Background,
    opening: ExitStack,
) -> Watch:
    """What takes footage off the disk when its time is over, and what sees that the rest is whole."""
    keeper, scrub = Keeper(place, log, views, index, vault), Scrub(place, log, views, index)
    background.start("keeper", keeper.run, keeper.notes)
    opening.callback(background.end, "keeper")
    background.start("scrub", scrub.run, scrub.notes)
    opening.callback(background.end, "scrub")
    return {"keeper": keeper, "scrub": scrub}


def _open_sign_ins(log: SqliteEventLog, background: Background, opening: ExitStack) -> SignIns:
    """Signing in, and the thread that records what was refused of it."""
    sign_ins = SignIns(log)
    background.start("sign-ins", sign_ins.run, sign_ins.notes)
    opening.callback(background.end, "sign-ins")
    return sign_ins


@contextmanager
def open_work(
    folder: Path, *, encoder: Encoder | None = None, report: Callable[[Progress], None] = lambda _: None
) -> Iterator[tuple[Worker, FootageIndex]]:
    """Open a data directory for indexing; `report` hears of every unit. Raises as `open_house` does."""
    with ExitStack() as opening:
        place = deployment.load(folder)
        log, _ = _open_record(place, opening)
        views = open_views(place.views, VIEWS)
        opening.callback(views.close)
        model = encoder or load_encoder(place.settings.model, place.settings.precision)
        index = opening.enter_context(FootageIndex(place.index, model.manifest))
        settings = PipelineSettings.at_rate(place.settings.frames_per_second)
        yield Worker(IndexingQueue(log, views, place, index), index, model, settings, report=report), index
