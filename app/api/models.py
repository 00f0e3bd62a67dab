"""Models over HTTP: which one is in force, which were accepted, and the switch from one to another."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, Page, done, done_with, page_of, versioned
from app.api.calls import Asked, House, call_of
from app.model_decisions import ModelsStand, name_of
from domain.ids import MODEL_STREAM
from projections import models

Doc = msgspec.Meta


class AcceptedCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: Annotated[str, Doc(examples=["local-dir:/srv/models/xlm"], description="as the setting `model` names it")]
    card_sha256: Annotated[str, Doc(examples=["9f" * 32], description="of the card that was read")]
    reason: Annotated[str, Doc(examples=["Картку прочитано; модель розуміє українську"])]
    precision: Annotated[str, Doc(examples=["float32"], description="or bfloat16, or auto: the faster here")] = (
        "float32"
    )


class AcceptedModel(Done, frozen=True, kw_only=True):
    """`generation` is of the vectors that the model makes: what a switch to it names."""

    generation: str


class WantedGeneration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    generation: Annotated[str, Doc(examples=["9f" * 32], description="of a card that somebody else accepted")]


class Abandoned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Модель шукає гірше за попередню"])]


@get("/models", sync_to_thread=True)
def read_models(request: Asked, house: House) -> Response[ModelsStand]:
    """The generation that answers now, the cards that were accepted, and how far a switch is. Where models lie on this
    machine only those are told who may switch to them; others read the model's name."""
    call = call_of(request, house)
    house.desk.require(call, Operation.MODEL_READ)
    stand = house.models.stand(call)
    return versioned(stand, stand.version)


@get("/models/history", sync_to_thread=True)
def model_history(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[models.ModelDecision]:
    """What was decided about models and what it took, the latest first; models as `GET /models` names them."""
    call = call_of(request, house)
    house.desk.require(call, Operation.MODEL_READ)
    with house.views.reading() as views:
        page = page_of(models.model_page(views, cursor=cursor, limit=limit))
    if house.models.shows_places(call):
        return page
    named = [msgspec.structs.replace(each, model=each.model and name_of(each.model)) for each in page.items]
    return msgspec.structs.replace(page, items=named)


@post("/models/accept", status_code=200, sync_to_thread=True)
def accept_card(request: Asked, house: House, data: JSONBody[AcceptedCard]) -> Response[AcceptedModel]:
    """Accept a model's card for this deployment: exactly the weights that lie here now, which are loaded for it."""
    call = call_of(request, house, data)
    receipt, generation = house.models.accept(call, data.model, data.precision, data.card_sha256, data.reason)
    return done_with(AcceptedModel, receipt, MODEL_STREAM, generation=generation)


@post("/models/switch", status_code=200, sync_to_thread=True)
def begin_switch(request: Asked, house: House, data: JSONBody[WantedGeneration]) -> Response[Done]:
    """Build the generation of a model whose card another administrator accepted. Searches are answered with the present
    one until it is whole; then it answers."""
    call = call_of(request, house, data)
    return done(house.models.begin(call, data.generation), MODEL_STREAM)


@post("/models/abandon", status_code=200, sync_to_thread=True)
def abandon_switch(request: Asked, house: House, data: JSONBody[Abandoned]) -> Response[Done]:
    """Stay with the present model. What was built of the other goes off the disk."""
    call = call_of(request, house, data)
    receipt = house.models.abandon(call, data.reason)
    house.keeper.wake()
    return done(receipt, MODEL_STREAM)


ROUTES = (read_models, model_history, accept_card, begin_switch, abandon_switch)
