"""What is asked about one child, and what an answer comes to."""

from __future__ import annotations

from collections.abc import Callable

from tests.app.access.one_child_scene import Scene

READS, KNOWS, REFUSED, NOTHING, LEFT_OUT = "reads", "knows", "refused", "nothing", "left-out"

Question = Callable[[Scene, str], str]


def opened(path: str, word: str = "") -> Question:
    """Something that is read by itself. `word`: stands in what was sealed, and in no other answer."""

    def question(scene: Scene, username: str) -> str:
        answer = scene.ask(username, path)
        if answer.status_code in (403, 404):
            return REFUSED if answer.status_code == 403 else NOTHING
        assert answer.status_code == 200, answer.text
        assert word.encode() in answer.content, f"{username} {path} is answered without {word}"
        return READS

    return question


def parted(path: str, part: str, within: str) -> Question:
    """Something of which whoever may only know of it is answered with a null in the place of what is in it."""

    def question(scene: Scene, username: str) -> str:
        outcome = opened(path)(scene, username)
        if outcome != READS:
            return outcome
        found = scene.ask(username, path).json()
        return KNOWS if (found[within] if within else found)[part] is None else READS

    return question


def listed(path: str, key: str, field: str) -> Question:
    """A list, in which it stands or not."""

    def question(scene: Scene, username: str) -> str:
        answer = scene.ask(username, path, limit=200)
        if answer.status_code == 403:
            return REFUSED
        shown = [each[field] for each in answer.json()["items"]]
        return READS if getattr(scene, key) in shown else NOTHING

    return question


def on_board(key: str) -> Question:
    """The board of cases, whose lines may be without what is in the case."""

    def question(scene: Scene, username: str) -> str:
        answer = scene.ask(username, "/cases", limit=200)
        if answer.status_code == 403:
            return REFUSED
        lines = {each["summary"]["case"]: each["content"] for each in answer.json()["items"]}
        case = getattr(scene, key)
        return NOTHING if case not in lines else KNOWS if lines[case] is None else READS

    return question


def in_timeline(key: str) -> Question:
    """A strand of the child's timeline."""

    def question(scene: Scene, username: str) -> str:
        answer = scene.ask(username, "/children/{child}/timeline")
        if answer.status_code != 200:
            return NOTHING if answer.status_code == 404 else REFUSED
        of = [each for each in answer.json()["items"] if each["thing"] == getattr(scene, key)]
        return NOTHING if not of else KNOWS if all(each["actor"] is None for each in of) else READS

    return question


def by_name(scene: Scene, username: str) -> str:
    answer = scene.house.command(username, "/children/search", {"name": "Solomiia Zaporozhets"})
    if answer.status_code == 403:
        return REFUSED
    return READS if scene.child in {each["child"] for each in answer.json()["items"]} else NOTHING


def counted(path: str) -> Question:
    """How many incidents of the child's region and month are counted; both are of this child."""

    def question(scene: Scene, username: str) -> str:
        answer = scene.ask(username, path, side="against", from_month="2026-03", to_month="2026-03")
        if answer.status_code == 403:
            return REFUSED
        (count,) = (row["cells"][0] for row in answer.json()["regions"] if row["region"] == "UA-30")
        return LEFT_OUT if count is None else str(count)

    return question


def figures(scene: Scene, username: str) -> str:
    """How many closed cases the figures are of."""
    answer = scene.ask(username, "/cases/figures")
    return REFUSED if answer.status_code == 403 else str(answer.json()["open_to_close"]["cases"])
