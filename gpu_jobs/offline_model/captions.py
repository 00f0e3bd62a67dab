"""Captions of scenes in English and Ukrainian, each with the exact facts that it states.

One grammar for both languages: a subject, what it wears and carries, what it does, where and when. Any part may be
left out; a part left out states nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

import numpy as np

from gpu_jobs.offline_model import vocabulary as words
from gpu_jobs.offline_model.scenes import EXTRAS, RIDDEN, VEHICLES, Figure, Scene

Language = Literal["en", "uk"]
T = TypeVar("T")


def adjective(stem: str, form: str) -> str:
    """A Ukrainian adjective: its stem (soft ones end in "!") and a form such as "f", "f_acc", "m_loc"."""
    if stem.endswith("!"):
        return stem[:-1] + words.SOFT_ENDINGS[form]
    return stem + words.HARD_ENDINGS[form]


def _one(choices: Sequence[T], rng: np.random.Generator) -> T:
    return choices[int(rng.integers(len(choices)))]


class _Writer:
    """Collects the phrases of one caption and the facts that they state."""

    def __init__(self, scene: Scene, language: Language, rng: np.random.Generator, whole: bool) -> None:
        self.scene, self.english, self.rng, self.whole = scene, language == "en", rng, whole
        self.stated: set[str] = set()
        self.accusative = not self.english and rng.random() < 0.35

    def says(self, probability: float) -> bool:
        """Whether a fact is stated."""
        return self.turns(probability) or self.whole

    def turns(self, probability: float) -> bool:
        """Whether it is said in one of several ways."""
        return bool(self.rng.random() < probability)

    def either(self, english: Sequence[str], ukrainian: Sequence[str]) -> str:
        return _one(english if self.english else ukrainian, self.rng)

    def colour(self, name: str, form: str) -> str:
        if self.english:
            return _one(words.EN_COLOURS[name], self.rng)
        return adjective(_one(words.UK_COLOURS[name], self.rng), form)

    def subject(self, figure: Figure) -> str:
        if figure.kind in RIDDEN and figure.upper and self.says(0.7):
            return self.rider(figure)
        key = figure.kind
        if key == "person":
            key = figure.age if figure.age and self.says(0.55 if figure.age == "child" else 0.25) else "person"
            self.stated |= {"person", key}
        elif key in VEHICLES and not self.whole and self.turns(0.06):
            key = "vehicle"
        self.stated.add(key)
        named = None
        if figure.colour and not self.scene.mono and self.says(0.75):
            named = figure.colour
            self.stated.add(f"colour:{named}")
        return self.noun(key, named)

    def noun(self, key: str, colour: str | None) -> str:
        if self.english:
            noun = _one(words.EN_SUBJECTS[key], self.rng)
            if colour and self.turns(0.1):
                return f"{noun}, {self.colour(colour, '')}"
            return f"{self.colour(colour, '')} {noun}" if colour else noun
        nominative, accusative, gender = _one(words.UK_SUBJECTS[key], self.rng)
        noun = accusative if self.accusative else nominative
        if not colour:
            return noun
        if self.turns(0.18):
            return f"{noun} {self.colour(colour, 'm_gen')} кольору"
        agreed = self.colour(colour, f"{gender}_acc" if self.accusative else gender.replace("a", "m"))
        return f"{noun} {agreed}" if self.turns(0.15) else f"{agreed} {noun}"

    def rider(self, figure: Figure) -> str:
        self.stated |= {figure.kind, "rider", "person"}
        if figure.colour and not self.scene.mono and self.says(0.4):
            self.stated.add(f"colour:{figure.colour}")
            if self.english:
                mount = _one(words.EN_SUBJECTS[figure.kind], self.rng)
                return f"{_one(words.EN_SUBJECTS['person'], self.rng)} on a {self.colour(figure.colour, '')} {mount}"
            person = "людину" if self.accusative else "людина"
            return f"{person} на {self.colour(figure.colour, 'm_loc')} {words.UK_MOUNTS[figure.kind]}"
        if self.english:
            return _one(words.EN_RIDERS[figure.kind], self.rng)
        nominative, accusative, _ = _one(words.UK_RIDERS[figure.kind], self.rng)
        return accusative if self.accusative else nominative

    def wears(self, figure: Figure) -> list[str]:
        phrases: list[str] = []
        if self.scene.mono:
            return phrases
        if figure.upper and self.says(0.6):
            self.stated.add(f"upper:{figure.upper}")
            phrases.append(self.upper(figure.upper))
        if figure.lower and self.says(0.35):
            self.stated.add(f"lower:{figure.lower}")
            joint = self.either(("and",), ("та", "і")) if phrases else self.either(("in", "wearing"), ("у", "в"))
            noun = self.either(words.EN_LOWER, words.UK_LOWER)
            phrases.append(f"{joint} {self.colour(figure.lower, 'p_loc')} {noun}")
        return phrases

    def upper(self, name: str) -> str:
        if self.english:
            if self.turns(0.15):
                return f"{_one(('in', 'wearing', 'dressed in'), self.rng)} {self.colour(name, '')}"
            lead = _one(("in a", "wearing a", "with a"), self.rng)
            return f"{lead} {self.colour(name, '')} {_one(words.EN_UPPER, self.rng)}"
        lead = _one(("у", "в"), self.rng)
        if self.turns(0.15):
            return f"{lead} {self.colour(name, 'm_loc')}"
        noun, form = _one(words.UK_UPPER, self.rng)
        return f"{lead} {self.colour(name, form)} {noun}"

    def carries(self, figure: Figure) -> list[str]:
        phrases = []
        for extra in EXTRAS:
            if extra not in figure.extras or not self.says(0.55):
                continue
            self.stated.add(extra)
            if extra == "umbrella" and figure.umbrella and not self.scene.mono and self.says(0.6):
                self.stated.add(f"umbrella:{figure.umbrella}")
                colour = self.colour(figure.umbrella, "f_ins")
                phrases.append(f"with a {colour} umbrella" if self.english else f"з {colour} парасолькою")
            else:
                phrases.append(self.either(words.EN_EXTRAS[extra], words.UK_EXTRAS[extra]))
        if figure.with_dog and self.says(0.6):
            self.stated.add("dog")
            phrases.append(self.either(("with a dog", "walking a dog"), ("із собакою", "з собакою", "з псом")))
        return phrases

    def does(self, figure: Figure) -> list[str]:
        if not figure.pose or not self.says(0.35):
            return []
        self.stated.add(f"pose:{figure.pose}")
        return [self.either(words.EN_POSES[figure.pose], words.UK_POSES[figure.pose])]

    def around(self) -> list[str]:
        phrases, scene = [], self.scene
        likely = 0.6 if scene.framing == "wide" else 0.16
        if scene.place and self.says(likely):
            self.stated.add(f"place:{scene.place}")
            phrases.append(self.either(words.EN_PLACES[scene.place], words.UK_PLACES[scene.place]))
        if self.says(0.05 if scene.light == "day" else 0.25):
            self.stated.add(scene.light)
            phrases.append(self.either(words.EN_LIGHTS[scene.light], words.UK_LIGHTS[scene.light]))
        if scene.rain and self.says(0.35):
            self.stated.add("rain")
            phrases.append(self.either(words.EN_RAIN, words.UK_RAIN))
        if scene.mono and self.says(0.35):
            self.stated.add("mono")
            phrases.append(self.either(words.EN_MONO, words.UK_MONO))
        return phrases

    def crowd(self) -> str:
        children = all(figure.age == "child" for figure in self.scene.figures)
        key = "child" if children and self.says(0.7) else "adult"
        self.stated |= {"group", "person"} | ({"child"} if key == "child" else set())
        if self.says(0.4):
            return self.counted(key, len(self.scene.figures))
        return self.either(words.EN_GROUPS[key], words.UK_GROUPS[key])

    def counted(self, key: str, count: int) -> str:
        self.stated.add(f"count:{count}")
        if self.english:
            noun = "children" if key == "child" else _one(("people", "persons", "pedestrians"), self.rng)
            lead = "a group of " if self.turns(0.4) else ""
            return f"{lead}{words.EN_NUMBERS[count]} {noun}"
        alone, grouped = words.UK_NUMBERS[count]
        noun = "дітей" if key == "child" else "людей"
        return f"група з {grouped} {noun}" if self.turns(0.4) else f"{alone} {noun}"

    def bare_garment(self, figure: Figure) -> str:
        """«червона куртка»: the garment without its wearer."""
        assert figure.upper
        self.stated |= {f"upper:{figure.upper}", "person"}
        if self.english:
            return f"{self.colour(figure.upper, '')} {_one(words.EN_UPPER, self.rng)}"
        form = "f_acc" if self.accusative else "f"
        noun = _one((("куртка", "куртку"), ("футболка", "футболку"), ("кофта", "кофту")), self.rng)
        return f"{self.colour(figure.upper, form)} {noun[self.accusative]}"

    def main_part(self) -> list[str]:
        scene = self.scene
        if not scene.figures:
            self.stated.add("empty")
            return [self.either(words.EN_EMPTY, words.UK_EMPTY)]
        if scene.framing == "group" and self.says(0.75):
            return [self.crowd()]
        figure = scene.figures[0] if self.whole else _one(scene.figures, self.rng)
        if figure.upper and figure.kind == "person" and not scene.mono and not self.whole and self.turns(0.08):
            return [self.bare_garment(figure)]
        phrases = [self.subject(figure)]
        clothes = [*self.wears(figure), *self.carries(figure)]
        doing = self.does(figure)
        return phrases + (doing + clothes if self.turns(0.5) else clothes + doing)

    def lead(self) -> str:
        if self.english:
            return _one(words.EN_LEADS, self.rng) if self.turns(0.12) else ""
        leads = words.UK_LEADS_ACCUSATIVE if self.accusative else words.UK_LEADS_NOMINATIVE
        return _one(leads, self.rng) if self.turns(0.3) else ""


def write_caption(
    scene: Scene, language: Language, rng: np.random.Generator, *, whole: bool = False
) -> tuple[str, frozenset[str]]:
    """A random true caption and the facts that it states; a `whole` one states all it can of the first figure."""
    writer = _Writer(scene, language, rng, whole)
    text = " ".join([*writer.main_part(), *writer.around()])
    if writer.english and rng.random() < 0.5 and not text.startswith(("a ", "nobody", "nothing", "no ", "several")):
        text = f"{'an' if text[0] in 'aeio' else 'a'} {text}"
    return writer.lead() + text, frozenset(writer.stated)
