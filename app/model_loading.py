"""Which model is in force, as the record has it, and loading it: at first the one that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import structlog

from app.deployment import Deployment
from domain import model
from domain.ids import MODEL_STREAM
from domain.log import EventLog
from domain.model import Card, Models
from gpu_jobs import encoders
from gpu_jobs.encoders import Precision, precision_for
from search_index.encoder import Encoder
from search_index.errors import ManifestMismatch
from search_index.footage_index import manifest_of

Load: TypeAlias = Callable[[str, str], Encoder]  # of a model and a precision, as `load_encoder` takes them


def models_on_record(log: EventLog) -> Models:
    """Raises app.event_store.faults.EventUnreadable where nobody can say which model is in force."""
    return model.DECIDER.fold(log.events(MODEL_STREAM)) or Models()


def load_encoder(model: str, precision: str) -> Encoder:
    return encoders.load_encoder(model, precision)


def load_card(card: Card, load: Load | None = None) -> Encoder:
    """The model that was accepted with this card, and no other.

    Raises gpu_jobs.errors.ModelUnavailable, or ManifestMismatch where other weights lie where it lay.
    """
    encoder = (load or load_encoder)(card.model, card.precision)
    found = encoder.manifest.digest()
    if found != card.generation:
        raise ManifestMismatch(expected=card.generation, found=found)
    return encoder


def model_in_force(
    place: Deployment, log: EventLog, *, encoder: Encoder | None = None, load: Load | None = None
) -> tuple[Encoder, Precision]:
    """The encoder, and how its arithmetic was chosen. `encoder` stands in for the one that the settings name."""
    card = models_on_record(log).in_force
    if card is not None:
        return load_card(card, load), Precision(card.precision, "as the model was accepted")
    if encoder:
        return encoder, Precision(encoder.manifest.precision, "as the given model has it")
    return model_of_settings(place, load=load)


def model_of_settings(place: Deployment, *, load: Load | None = None) -> tuple[Encoder, Precision]:
    """The model that the settings name, in the arithmetic of the rows that the index has."""
    settings = place.settings
    precision = precision_for(settings.model, settings.precision, manifest_of(place.index))
    structlog.get_logger().info("arithmetic", model=settings.model, precision=precision.name, chosen=precision.chosen)
    return (load or load_encoder)(settings.model, precision.name), precision
