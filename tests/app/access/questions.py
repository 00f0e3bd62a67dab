"""What is asked about a thing, and what an answer comes to."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import httpx

from app.call import now
from domain.kyiv_time import KYIV
from tests.app.access.scene import Scene

READS, KNOWS, REFUSED, NOTHING, LEFT_OUT, OUTSIDE = "reads", "knows", "refused", "nothing", "left-out", "outside"
WITHOUT = MappingProxyType({401: OUTSIDE, 403: REFUSED, 404: NOTHING})

Question = Callable[[Scene, str], str]


def opened(path: str, word: str = "", **parameters: object) -> Question:
    """Something that is read by itself. `word`: stands in what was sealed, and in no other answer."""

    def question(scene: Scene, reader: str) -> str:
        answer = scene.ask(reader, path, **parameters)
        if answer.status_code in WITHOUT:
            return WITHOUT[answer.status_code]
        assert answer.status_code == 200, answer.text
        assert word.encode() in answer.content, f"{reader} {path} is answered without {word}"
        return READS

    return question


def told(path: str, word: str) -> Question:
    """A page that has one address for everybody: whose it is, the word in it tells."""

    def question(scene: Scene, reader: str) -> str:
        outcome = opened(path)(scene, reader)
        return NOTHING if outcome == READS and word not in scene.ask(reader, path).text else outcome

    return question


def parted(path: str, part: str, within: str) -> Question:
    """Something of which whoever may only know of it is answered with a null in the place of what is in it."""

    def question(scene: Scene, reader: str) -> str:
        outcome = opened(path)(scene, reader)
        if outcome != READS:
            return outcome
        found = scene.ask(reader, path).json()
        return KNOWS if (found[within] if within else found)[part] is None else READS

    return question


def listed(path: str, key: str, field: str, **parameters: object) -> Question:
    """A list, in which it stands or not."""

    def question(scene: Scene, reader: str) -> str:
        answer = scene.ask(reader, path, limit=200, **parameters)
        return _among(answer, lambda: scene.things[key] in [each[field] for each in answer.json()["items"]])

    return question


def on_board(path: str, key: str, field: str) -> Question:
    """A board, whose lines may be without what is in the thing."""

    def question(scene: Scene, reader: str) -> str:
        answer = scene.ask(reader, path, limit=200)
        if answer.status_code in WITHOUT:
            return WITHOUT[answer.status_code]
        lines = {each["summary"][field]: each["content"] for each in answer.json()["items"]}
        thing = scene.things[key]
        return NOTHING if thing not in lines else KNOWS if lines[thing] is None else READS

    return question


def in_timeline(key: str) -> Question:
    """A strand of the child's timeline."""

    def question(scene: Scene, reader: str) -> str:
        answer = scene.ask(reader, "/children/{child}/timeline")
        if answer.status_code in WITHOUT:
            return WITHOUT[answer.status_code]
        of = [each for each in answer.json()["items"] if each["thing"] == scene.things[key]]
        return NOTHING if not of else KNOWS if all(each["actor"] is None for each in of) else READS

    return question


def by_name(scene: Scene, reader: str) -> str:
    answer = scene.command(reader, "/children/search", {"name": "Solomiia Zaporozhets"})
    return _among(answer, lambda: scene.things["child"] in {each["child"] for each in answer.json()["items"]})


def _among(answer: httpx.Response, stands: Callable[[], bool]) -> str:
    if answer.status_code in WITHOUT:
        return WITHOUT[answer.status_code]
    assert answer.is_success, answer.text
    return READS if stands() else NOTHING


def counted(path: str, *, region: str, month: str | None = None, **parameters: object) -> Question:
    """How many of the region and the month are counted; of this month, where none is named."""

    def question(scene: Scene, reader: str) -> str:
        of = month or f"{now().astimezone(KYIV):%Y-%m}"
        answer = scene.ask(reader, path, from_month=of, to_month=of, **parameters)
        if answer.status_code in WITHOUT:
            return WITHOUT[answer.status_code]
        (count,) = (row["cells"][0] for row in answer.json()["regions"] if row["region"] == region)
        return LEFT_OUT if count is None else str(count)

    return question


def figures(scene: Scene, reader: str) -> str:
    """How many closed cases the figures are of."""
    answer = scene.ask(reader, "/cases/figures")
    return WITHOUT.get(answer.status_code) or str(answer.json()["open_to_close"]["cases"])
