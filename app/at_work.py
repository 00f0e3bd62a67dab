"""Opens one data directory for work on its footage: indexing, and building another model's generation of vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from app import deployment
from app.composition import open_record
from app.indexing_queue import IndexingQueue
from app.looking import looking
from app.model_loading import Load, load_card, model_in_force, models_on_record
from app.remaking import LOCKS, FootageLocks, RemakeQueue
from domain.model import Models
from gpu_jobs.pipeline import Progress
from gpu_jobs.remaking import Remaker
from gpu_jobs.worker import Worker
from projections.database import open_views
from projections.views import VIEWS
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex

Report: TypeAlias = Callable[[Progress], None]


def _unheard(_: Progress) -> None:
    return


@contextmanager
def open_work(
    folder: Path, *, encoder: Encoder | None = None, load: Load | None = None, report: Report = _unheard
) -> Iterator[tuple[Worker, FootageIndex]]:
    """Open a data directory for indexing with the model in force; `report` hears of every unit. Raises as `open_house`
    does."""
    with ExitStack() as opening:
        place = deployment.load(folder)
        log, _ = open_record(place, opening)
        views = open_views(place.views, VIEWS)
        opening.callback(views.close)
        model, _ = model_in_force(place, log, encoder=encoder, load=load)
        index = opening.enter_context(FootageIndex(place.index, model.manifest))
        queue = IndexingQueue(log, views, place, index)
        at_once = place.settings.footages_at_once
        usual = looking(place.settings).pipeline(place.settings)
        yield Worker(queue, index, model, usual, report=report, footages_at_once=at_once), index


@contextmanager
def open_models(folder: Path) -> Iterator[Callable[[], Models]]:
    """The record of a data directory, to be asked again and again which model is in force."""
    with ExitStack() as opening:
        log, _ = open_record(deployment.load(folder), opening)
        yield partial(models_on_record, log)


@contextmanager
def open_remaking(
    folder: Path, *, load: Load | None = None, report: Report = _unheard
) -> Iterator[tuple[Remaker, FootageIndex] | None]:
    """Open a data directory to build the generation that is switched to; None where no switch is under way.

    Raises as `open_house` does, and ManifestMismatch where the model is not the one that was accepted.
    """
    with ExitStack() as opening:
        place = deployment.load(folder)
        log, _ = open_record(place, opening)
        models = models_on_record(log)
        if models.switch is None:
            yield None
            return
        model = load_card(models.cards[models.switch.to_generation], load)
        index = opening.enter_context(FootageIndex(place.index, model.manifest, beside=True))
        locks = FootageLocks(place.index / LOCKS)
        opening.callback(locks.close)
        queue = RemakeQueue(log, place, index, models.switch, locks)
        if queue.is_over:  # since it was read; from here on nothing can be committed to it once it is over
            yield None
            return
        yield Remaker(queue, index, model, looking(place.settings).pipeline(place.settings), report=report), index
