"""The demonstration district's script: four cameras, what passes before each, and what people may ask for.

Times are seconds from a film's start. Lanes are ground paths in px on a 640 x 384 picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from gpu_jobs.offline_model.scenes import Figure

Lane = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Passage:
    """Someone or something crosses the picture along a lane, left to right unless `back`."""

    start_s: float
    seconds: float
    lane: str
    figures: tuple[Figure, ...]
    caption_en: str
    caption_uk: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A camera of the district and the scenery before it."""

    key: str
    name_uk: str
    name_en: str
    place: str
    region: str
    light: Literal["day", "dusk", "night"]
    rain: bool
    recorded_offset_s: int
    keyframe_gap_frames: int
    backdrop_seed: int
    horizon: float
    near_metre_px: float
    pitch: float
    lanes: dict[str, Lane]
    passages: tuple[Passage, ...]
    number: int = 0  # of the camera in its district: settles, with a seed, what nobody chose; it is in the picture


def _walker(age: str, upper: str, lower: str, *extras: str, pose: str = "walking", dog: bool = False) -> Figure:
    umbrella = next((extra.split(":")[1] for extra in extras if extra.startswith("umbrella:")), None)
    named = frozenset(extra.split(":")[0] for extra in extras)
    return Figure("person", 0, None, upper, lower, age, pose, named, umbrella, dog)


def _rider(kind: str, colour: str, age: str, upper: str, lower: str, *extras: str) -> Figure:
    return Figure(kind, 0, colour, upper, lower, age, None, frozenset(extras))


def _adult(upper: str, lower: str, *extras: str, pose: str = "walking", dog: bool = False) -> tuple[Figure, ...]:
    return (_walker("adult", upper, lower, *extras, pose=pose, dog=dog),)


def _child(upper: str, lower: str, *extras: str, pose: str = "walking") -> tuple[Figure, ...]:
    return (_walker("child", upper, lower, *extras, pose=pose),)


def _group(age: str, *clothes: tuple[str, str]) -> tuple[Figure, ...]:
    return tuple(_walker(age, upper, lower) for upper, lower in clothes)


def _vehicle(kind: str, colour: str) -> tuple[Figure, ...]:
    return (Figure(kind, 0, colour),)


SCHOOL = Place(
    *("school-gate", "Шкільна брама", "School gate", "schoolyard", "Kyiv", "day", False, 8 * 3600, 20, 5),
    *(0.3, 62.0, 0.42),
    {
        "far": (-40, 196, 680, 186),
        "drive": (-130, 238, 770, 238),
        "middle": (-50, 275, 690, 262),
        "near": (-60, 350, 700, 340),
    },
    (
        Passage(3, 8, "near", _child("red", "blue", "backpack"),
            "a boy in a red jacket with a backpack", "хлопчик у червоній куртці з рюкзаком"),
        Passage(10, 8, "far", _adult("black", "grey", "bag"),
            "a man in a black coat with a bag", "чоловік у чорному пальті із сумкою", True),
        Passage(15, 7, "drive", _vehicle("van", "white"), "a white van by the school", "білий фургон біля школи"),
        Passage(21, 6, "near", _child("yellow", "black", pose="running"),
            "a child in yellow running", "дитина в жовтому біжить", True),
        Passage(27, 7, "middle", (_rider("scooter", "pink", "child", "white", "purple"),),
            "a girl on a pink scooter", "дівчинка на рожевому самокаті"),
        Passage(33, 8, "near", _adult("green", "brown", dog=True),
            "a person in green walking a dog", "людина в зеленому із собакою"),
        Passage(41, 8, "middle",
            _group("child", ("red", "black"), ("blue", "grey"), ("white", "blue"), ("orange", "black")),
            "a group of children", "група дітей", True),
        Passage(48, 7, "drive", _vehicle("bus", "yellow"), "a yellow bus", "жовтий автобус"),
        Passage(54, 8, "near", _adult("purple", "black", "hat"),
            "a woman in a purple coat and a hat", "жінка у фіолетовому пальті та шапці", True),
        Passage(60, 6, "far", _child("orange", "blue", "backpack", pose="running"),
            "a child in orange running with a backpack", "дитина в помаранчевому біжить з рюкзаком"),
        Passage(66, 6, "near", (_rider("bicycle", "blue", "child", "white", "black"),),
            "a child on a blue bicycle", "дитина на синьому велосипеді"),
        Passage(72, 8, "middle", _adult("grey", "blue", "umbrella:orange"),
            "a person with an orange umbrella", "людина з помаранчевою парасолькою", True),
        Passage(79, 8, "near", _child("pink", "white", "bag"),
            "a girl in a pink jacket with a bag", "дівчинка в рожевій куртці із сумкою"),
    ),
)  # fmt: skip

STREET = Place(
    *("lypova-street", "Вулиця Липова", "Lypova Street", "street", "Kyiv", "dusk", False, 20 * 3600 + 1500, 10, 6),
    *(0.26, 50.0, 0.42),
    {
        "far": (-40, 152, 680, 152),
        "east": (-150, 236, 790, 236),
        "west": (-150, 290, 790, 290),
        "near": (-60, 366, 700, 366),
    },
    (
        Passage(2, 6, "east", _vehicle("car", "red"), "a red car", "червона машина"),
        Passage(7, 8, "near", _adult("grey", "black", "hat"),
            "a man in a grey coat and a hat", "чоловік у сірому пальті та шапці", True),
        Passage(12, 7, "west", _vehicle("truck", "blue"), "a blue truck", "синя вантажівка", True),
        Passage(18, 6, "near", _adult("yellow", "black", pose="running"),
            "a runner in a yellow top", "бігун у жовтій футболці"),
        Passage(23, 7, "east", _vehicle("bus", "green"), "a green bus", "зелений автобус"),
        Passage(27, 8, "far", _adult("red", "black", "bag"),
            "a woman in a red coat with a bag", "жінка в червоному пальті із сумкою", True),
        Passage(33, 6, "west", _vehicle("car", "white"), "a white car", "біла машина", True),
        Passage(38, 6, "east", (_rider("motorcycle", "black", "adult", "red", "grey"),),
            "a motorcyclist in a red jacket", "мотоцикліст у червоній куртці"),
        Passage(43, 7, "near", _vehicle("dog", "brown"), "a brown dog", "коричневий собака"),
        Passage(48, 6, "west", _vehicle("van", "yellow"), "a yellow van", "жовтий фургон", True),
        Passage(53, 7, "east", (_rider("bicycle", "red", "adult", "green", "blue"),),
            "a cyclist in green", "велосипедист у зеленому"),
        Passage(58, 8, "near", _group("adult", ("black", "blue"), ("white", "black"), ("brown", "grey")),
            "a group of people", "група людей", True),
        Passage(64, 6, "west", _vehicle("car", "black"), "a black car", "чорна машина", True),
        Passage(69, 7, "east", _vehicle("truck", "grey"), "a grey truck", "сіра вантажівка"),
        Passage(73, 8, "near", _adult("white", "red", "backpack"),
            "a person in a white jacket and red trousers with a backpack",
            "людина в білій куртці та червоних штанах з рюкзаком", True),
        Passage(78, 6, "east", (_rider("scooter", "green", "adult", "orange", "black"),),
            "a person on a scooter in an orange jacket", "людина на самокаті в помаранчевій куртці"),
        Passage(83, 6, "west", _vehicle("car", "blue"), "a blue car", "синя машина", True),
    ),
)  # fmt: skip

PARKING = Place(
    *("market-parking",
            "Парковка біля ринку", "Market car park", "parking", "Luhansk", "day", True, 7 * 3600 + 900, 80, 7),
    *(0.24, 52.0, 0.5),
    {
        "far": (-40, 185, 680, 185),
        "aisle": (-150, 262, 790, 262),
        "near": (-60, 356, 700, 350),
    },
    (
        Passage(2, 8, "near", _adult("blue", "black", "umbrella:yellow"),
            "a person with a yellow umbrella", "людина з жовтою парасолькою"),
        Passage(9, 7, "aisle", _vehicle("car", "grey"), "a grey car", "сіра машина", True),
        Passage(14, 8, "far", _adult("red", "blue", "umbrella:black"),
            "a person in red with a black umbrella", "людина в червоному з чорною парасолькою"),
        Passage(20, 7, "aisle", _vehicle("van", "black"), "a black van", "чорний фургон"),
        Passage(26, 6, "near", _adult("brown", "grey", pose="running"),
            "a man in a brown jacket running", "чоловік у коричневій куртці біжить", True),
        Passage(31, 7, "aisle", _vehicle("car", "yellow"), "a yellow car", "жовта машина"),
        Passage(36, 8, "near", _child("green", "blue", "umbrella:pink"),
            "a child with a pink umbrella", "дитина з рожевою парасолькою"),
        Passage(43, 7, "aisle", _vehicle("truck", "red"), "a red truck", "червона вантажівка", True),
        Passage(48, 8, "far", _adult("white", "black", "bag"),
            "a person in white with a bag", "людина в білому із сумкою", True),
        Passage(54, 7, "aisle", _vehicle("car", "green"), "a green car", "зелена машина"),
        Passage(59, 8, "near", _adult("purple", "blue", "umbrella:red"),
            "a woman in purple with a red umbrella", "жінка у фіолетовому з червоною парасолькою", True),
        Passage(66, 7, "aisle", _vehicle("van", "blue"), "a blue van", "синій фургон", True),
        Passage(71, 7, "near", _adult("orange", "black", "backpack"),
            "a person in an orange jacket with a backpack", "людина в помаранчевій куртці з рюкзаком"),
        Passage(76, 7, "aisle", _vehicle("car", "brown"), "a brown car", "коричнева машина"),
        Passage(80, 8, "far", _adult("black", "white", "umbrella:green"),
            "a person with a green umbrella", "людина із зеленою парасолькою", True),
    ),
)  # fmt: skip

PLAYGROUND = Place(
    *("park-playground", "Дитячий майданчик", "Park playground", "playground", "Kyiv", "day", False, 16 * 3600, 50, 6),
    *(0.2, 60.0, 0.45),
    {"far": (-40, 196, 680, 196), "middle": (-50, 268, 690, 262), "near": (-60, 352, 700, 346)},
    (
        Passage(2, 7, "near", _child("red", "yellow", pose="running"),
            "a child in a red shirt and yellow trousers running", "дитина в червоній футболці та жовтих штанах біжить"),
        Passage(9, 8, "middle", _adult("pink", "blue"), "a woman in a pink jacket", "жінка в рожевій куртці", True),
        Passage(16, 7, "far", _vehicle("dog", "black"), "a black dog", "чорний собака"),
        Passage(22, 7, "near", (_rider("scooter", "blue", "child", "yellow", "red"),),
            "a child on a blue scooter in a yellow jacket", "дитина на синьому самокаті в жовтій куртці"),
        Passage(28, 9, "middle", _adult("grey", "blue", dog=True),
            "a man in grey with a dog", "чоловік у сірому з собакою", True),
        Passage(36, 8, "near", _group("child", ("green", "black"), ("pink", "blue"), ("yellow", "grey")),
            "several children together", "кілька дітей разом"),
        Passage(43, 8, "far", _child("purple", "green", "hat"),
            "a child in purple with a hat", "дитина у фіолетовому в шапці", True),
        Passage(49, 7, "near", (_rider("bicycle", "green", "child", "orange", "blue"),),
            "a boy on a green bicycle", "хлопчик на зеленому велосипеді"),
        Passage(55, 8, "middle", _adult("brown", "black", "bag", "hat"),
            "a woman in a brown coat with a bag", "жінка в коричневому пальті із сумкою"),
        Passage(62, 6, "near", _child("white", "pink", pose="running"),
            "a girl in white and pink trousers running", "дівчинка в білому та рожевих штанах біжить", True),
        Passage(67, 8, "far", _adult("blue", "grey", "backpack"),
            "a person in a blue jacket with a backpack", "людина в синій куртці з рюкзаком"),
        Passage(74, 7, "middle", _vehicle("dog", "white"), "a white dog", "білий собака", True),
        Passage(80, 8, "near", _adult("red", "white", "hat"),
            "a woman in a red jacket and white trousers", "жінка в червоній куртці та білих штанах"),
    ),
)  # fmt: skip

PLACES: tuple[Place, ...] = tuple(
    replace(place, number=number) for number, place in enumerate((SCHOOL, STREET, PARKING, PLAYGROUND))
)
