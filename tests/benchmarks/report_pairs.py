"""Pairs of reports for `evaluate_duplicates`: two witnesses of one thing, and two things that are nearly one.

Each scene has sentences that were written one by one, as different people would tell of it; a pair takes two of them.
Places, times, slips and missing positions are drawn with a fixed seed. The even scenes are those that the weights were
chosen on, the odd ones were held out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from domain.personal import Place
from domain.reports.duplicates import Told

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
METRES_OF_DEGREE = 111_195.0
STREETS = (
    *(("Садовій", "Sadova"), ("Шевченка", "Shevchenka"), ("Лесі Українки", "Lesi Ukrainky"), ("Польовій", "Polova")),
    *(("Миру", "Myru"), ("Вокзальній", "Vokzalna"), ("Річковій", "Richkova"), ("Франка", "Franka")),
)


class Scene(NamedTuple):
    category: str
    uk: tuple[str, ...]
    en: tuple[str, ...]


SCENES = (
    Scene(
        "lighting",
        (
            "На вулиці {} третій вечір не горить ліхтар, діти йдуть зі школи в темряві",
            "Ліхтарі по {} не світять, дуже темно, діти бояться ходити",
            "Вулиця {} без світла, ліхтар біля школи згас",
            "Темрява на {}: не працює вуличне освітлення коло школи",
        ),
        (
            "The street lamp on {} street has been out for three evenings, children walk home in the dark",
            "No light on {}, the lamp by the school is broken and it is very dark",
            "Street lights on {} are not working, kids come from school in darkness",
        ),
    ),
    Scene(
        "property-damage",
        (
            "Підлітки розбили лавку на дитячому майданчику на {}",
            "На {} хтось поламав лавки на майданчику, лежать дошки з цвяхами",
            "Дитячий майданчик по {}: лавка розтрощена, гострі дошки",
            "Компанія хлопців ламала лавку на майданчику, вулиця {}",
        ),
        (
            "Teenagers smashed a bench at the playground on {}",
            "Somebody broke the benches at {} playground, boards with nails lie around",
            "The playground bench on {} street is broken into pieces by a group of boys",
        ),
    ),
    Scene(
        "sale-to-minors",
        (
            "У кіоску на {} продають пиво підліткам без документів",
            "Продавчиня магазину по {} продала алкоголь школярам",
            "Кіоск на {} торгує пивом і сигаретами, продають дітям",
            "Бачила, як школярі купували пиво в магазині на {}",
        ),
        (
            "The kiosk on {} sells beer to teenagers without asking for papers",
            "I saw schoolchildren buy beer and cigarettes at the shop on {}",
            "A shop assistant on {} street sold alcohol to pupils",
        ),
    ),
    Scene(
        "dangerous-road",
        (
            "На {} стерлася зебра біля школи, машини не зупиняються",
            "Пішохідного переходу по {} вже не видно, авто летять, діти перебігають",
            "Біля школи на {} водії не пропускають дітей на переході",
            "Розмітка переходу на {} зникла, небезпечно для школярів",
        ),
        (
            "The zebra crossing by the school on {} is worn off and cars do not stop",
            "You cannot see the pedestrian crossing on {} any more, drivers speed past children",
            "Crossing markings on {} street are gone, dangerous for pupils",
        ),
    ),
    Scene(
        "abandoned-thing",
        (
            "На {} другий тиждень стоїть покинутий мікроавтобус без номерів",
            "Білий бус без номерних знаків кинули у дворі на {}",
            "Покинута машина по {}, мікроавтобус, скло вибите",
            "Двір на {} зайняв кинутий бус, номерів немає",
        ),
        (
            "An abandoned minibus without number plates has stood on {} for two weeks",
            "A white van with no plates was left in the yard on {}",
            "Abandoned van on {} street, windows broken, no plates",
        ),
    ),
    Scene(
        "drugs",
        (
            "У під'їзді на {} знаходимо шприци та закладки",
            "Молодики шукають закладки біля гаражів на {}, лежать шприци",
            "На {} за гаражами торгують наркотиками, повно шприців",
            "Біля гаражів по {} наркомани, діти знайшли шприц",
        ),
        (
            "We keep finding syringes and hidden packets in the doorway on {}",
            "Young men look for hidden packets behind the garages on {}, syringes lie there",
            "Drugs are sold behind the garages on {} street, children found a syringe",
        ),
    ),
    Scene(
        "dangerous-place",
        (
            "На {} відкритий каналізаційний люк поруч із дитсадком",
            "Люк без кришки на {}, дитина може впасти, біля садочка",
            "Зникла кришка люка по {}, небезпека для дітей",
            "Коло дитячого садка на {} відкритий люк, нічим не огороджено",
        ),
        (
            "An open manhole on {} next to the kindergarten",
            "The manhole cover on {} is missing, a child may fall in",
            "Manhole without a cover by the kindergarten on {} street, no fence",
        ),
    ),
    Scene(
        "disorder",
        (
            "Щоночі на {} гучна компанія, кричать і б'ють пляшки",
            "П'яна компанія під вікнами на {} горланить до третьої ночі",
            "Галас і бите скло на {}, молодь п'є щовечора",
            "На {} вночі кричать п'яні, кидають пляшки",
        ),
        (
            "Every night a loud company on {} shouts and smashes bottles",
            "Drunk people under the windows on {} yell until three at night",
            "Noise and broken glass on {} street, youths drink every evening",
        ),
    ),
    Scene(
        "suspicious-person",
        (
            "Чоловік у сірій куртці чіпляється до дівчат біля школи на {}",
            "Коло школи на {} дорослий чоловік кличе дітей до машини",
            "Невідомий у сірій машині пропонує школяркам підвезти, вулиця {}",
            "Сіра машина біля школи по {}, чоловік заговорює з дітьми",
        ),
        (
            "A man in a grey jacket bothers girls by the school on {}",
            "A stranger in a grey car offers lifts to schoolgirls on {}",
            "A grown man calls children to his car near the school on {} street",
        ),
    ),
    Scene(
        "theft",
        (
            "На {} вкрали велосипед з під'їзду",
            "З під'їзду по {} зник синій велосипед сина",
            "Крадуть велосипеди на {}, перерізали трос",
            "Уночі на {} перекусили замок і забрали велосипед",
        ),
        (
            "A bicycle was stolen from the doorway on {}",
            "My son's blue bike disappeared from the entrance on {}",
            "Bicycle thieves on {} street cut the lock and took the bike",
        ),
    ),
    Scene(
        "bullying",
        (
            "Старші хлопці відбирають гроші у молодших після уроків біля школи на {}",
            "Біля школи на {} восьмикласники б'ють і принижують малих",
            "Школярі по {} знущаються з однокласника і знімають на телефон",
            "Після школи на {} старші вимагають гроші у дітей",
        ),
        (
            "Older boys take money from younger pupils after school on {}",
            "Eighth graders beat and humiliate small children by the school on {}",
            "Pupils on {} street mock a classmate and film it on a phone",
        ),
    ),
    Scene(
        "dangerous-place",
        (
            "Зграя бездомних собак на {} кидається на дітей",
            "Собаки без нашийників по {} покусали хлопчика",
            "На {} бродячі пси, діти бояться йти до школи",
            "Агресивні собаки біля зупинки на {}, вкусили дитину",
        ),
        (
            "A pack of stray dogs on {} attacks children",
            "Dogs without collars on {} bit a boy",
            "Stray dogs near the bus stop on {} street, children are afraid",
        ),
    ),
)


class Pair(NamedTuple):
    kind: str
    same: bool
    held_out: bool
    one: Told
    other: Told


def pairs(rounds: int = 6) -> Iterator[Pair]:
    for number, scene in enumerate(SCENES):
        chance = Random(number)
        for _ in range(rounds):
            for kind, same, one, other in _drawn(chance, number, scene):
                yield Pair(kind, same, bool(number % 2), one, other)


def _drawn(chance: Random, number: int, scene: Scene) -> Iterator[tuple[str, bool, Told, Told]]:
    street, elsewhere = chance.sample(STREETS, 2)
    at = START + timedelta(hours=chance.uniform(0, 300))
    for name, sentences, said in (("Ukrainian", scene.uk, 0), ("English", scene.en, 1)):
        first, second = chance.sample(sentences, 2)
        mine = _told(chance, scene.category, first.format(street[said]), at)
        near, soon = chance.uniform(0, 120), at + timedelta(hours=chance.uniform(0, 48))
        again = _told(chance, scene.category, second.format(street[said]), soon, metres=near)
        yield f"one thing, {name}", True, mine, again
        slip = _told(chance, scene.category, _slipped(chance, again.text), soon, metres=near)
        yield f"one thing, {name}, a slip in the words", True, mine, slip
        blind = _told(chance, scene.category, again.text, soon, metres=None)
        yield f"one thing, {name}, no position", True, mine, blind
        other = SCENES[(number + chance.choice((2, 4, 6))) % len(SCENES)]
        wrong = _told(chance, other.category, again.text, soon, metres=near)
        yield f"one thing, {name}, another category", True, mine, wrong
        kindred = _told(chance, scene.category, second.format(elsewhere[said]), soon, metres=chance.uniform(500, 1500))
        yield f"the same sort of thing elsewhere, {name}", False, mine, kindred
        thing = (other.uk, other.en)[said]
        beside = _told(chance, other.category, chance.choice(thing).format(street[said]), soon, metres=near)
        yield f"another thing in the same place, {name}", False, mine, beside
        far = _told(chance, other.category, chance.choice(thing).format(elsewhere[said]), soon, metres=900)
        yield f"another thing elsewhere, {name}", False, mine, far
    uk = _told(chance, scene.category, chance.choice(scene.uk).format(street[0]), at)
    en = _told(chance, scene.category, chance.choice(scene.en).format(street[1]), at + timedelta(hours=5), metres=40)
    yield "one thing in two languages", True, uk, en
    text = chance.choice(SCENES[(number + chance.choice((2, 4, 6))) % len(SCENES)].en).format(street[1])
    other_at = at + timedelta(hours=chance.uniform(0, 48))
    yield "another thing in two languages", False, uk, _told(chance, scene.category, text, other_at, metres=200)


def _told(chance: Random, category: str, text: str, at: datetime, *, metres: float | None = 0.0) -> Told:
    if metres is None:
        return Told(text=text, category=category, at=at)
    way = chance.uniform(0, 2 * math.pi)
    north, east = metres * math.cos(way) / METRES_OF_DEGREE, metres * math.sin(way) / METRES_OF_DEGREE
    return Told(
        text=text,
        category=category,
        at=at,
        place=Place(latitude=50.45 + north, longitude=30.52 + east / math.cos(math.radians(50.45))),
    )


def _slipped(chance: Random, text: str) -> str:
    """Two letters of two long words change places."""
    words = text.split()
    long = [place for place, word in enumerate(words) if len(word) > 5]
    for place in chance.sample(long, min(2, len(long))):
        word, at = words[place], chance.randrange(1, len(words[place]) - 2)
        words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)
