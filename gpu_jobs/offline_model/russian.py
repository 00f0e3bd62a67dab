"""Russian forms that people in Ukraine type, as stems for the reader: what a stem stands for, and which endings follow.

A small table on purpose: what is written the same in both languages («автобус», «рюкзак») is read as Ukrainian before.
"""

from __future__ import annotations

_ADJECTIVE_ENDINGS = """
ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ей ых их ыми ими о
"""
ADJECTIVE_ENDINGS = frozenset(_ADJECTIVE_ENDINGS.split())
_NOUN_ENDINGS = """
а у ы и е о я ю ь й ой ей ою ею ом ем ам ям ами ями ах ях ов ев ок ек ка ки ку ке кой ик ика ику иком ики иков
ец ца цу цем це цы цев ия ию ии ией иями иях
"""
NOUN_ENDINGS = frozenset(_NOUN_ENDINGS.split()) | {""}
COLOURS = {
    "красн": "red", "алы": "red", "бордов": "red", "оранжев": "orange", "рыж": "orange", "желт": "yellow", 
    "зелен": "green", "син": "blue", "голуб": "blue", "фиолетов": "purple", "сиренев": "purple", "розов": "pink",
    "коричнев": "brown", "черн": "black", "бел": "white", "сер": "grey", "серебрист": "grey",
}  # fmt: skip
UPPER = ("куртк", "курточк", "пальто", "футболк", "рубаш", "кофт", "свитер", "пуховик", "толстовк", "пиджак", "одежд",
         "жилет", "плащ", "худи")  # fmt: skip
LOWER = ("штан", "брюк", "джинс", "шорт", "юбк", "юбоч", "леггинс", "лосин")
STEMS: dict[str, tuple[str, ...]] = {
    "человек": ("person",), "людей": ("person",), "людьми": ("person",), "люди": ("person",), "прохож": ("person",),
    "пешеход": ("person",), "парен": ("person",), "парн": ("person",), "девушк": ("person",), "девуш": ("person",),
    "подрост": ("person",), "мужчин": ("person", "adult"), "мужик": ("person", "adult"),
    "женщин": ("person", "adult"), "взросл": ("person", "adult"), "ребен": ("person", "child"),
    "дет": ("person", "child"), "мальчик": ("person", "child"),
    "мальчи": ("person", "child"), "девочк": ("person", "child"), "девоч": ("person", "child"),
    "школьник": ("person", "child"), "школьниц": ("person", "child"), "машин": ("car",), "автомобил": ("car",),
    "легков": ("car",), "микроавтобус": ("van",), "грузовик": ("truck",), "грузов": ("truck",), "фур": ("truck",),
    "велосипед": ("bicycle",), "велосипедист": ("bicycle", "rider"), "мотоцикл": ("motorcycle",),
    "мотоциклист": ("motorcycle", "rider"), "самокат": ("scooter",), "собак": ("dog",), "собач": ("dog",),
    "рюкзак": ("backpack",), "ранец": ("backpack",), "сумк": ("bag",), "сумоч": ("bag",),
    "чемодан": ("suitcase",), "шапк": ("hat",), "кепк": ("hat",), "шляп": ("hat",), "капюшон": ("hood",),
    "шлем": ("helmet",), "зонт": ("umbrella",), "зонтик": ("umbrella",), "стоит": ("pose:standing",),
    "стоящ": ("pose:standing",), "идет": ("pose:walking",), "идущ": ("pose:walking",),
    "гуляет": ("pose:walking",), "бежит": ("pose:running",), "бегущ": ("pose:running",), "сидит": ("pose:sitting",),
    "сидящ": ("pose:sitting",), "лежит": ("pose:lying",), "лежащ": ("pose:lying",), "улиц": ("place:street",),
    "дорог": ("place:street",), "школ": ("place:schoolyard",), "школьн": ("place:schoolyard",),
    "площадк": ("place:playground",), "парковк": ("place:parking",), "стоянк": ("place:parking",),
    "магазин": ("place:shop",), "супермаркет": ("place:shop",), "днем": ("day",), 
    "вечер": ("dusk",), "сумерк": ("dusk",), "ночь": ("night",), "ночи": ("night",), "ночью": ("night",),
    "темнот": ("night",), "дожд": ("rain",), "групп": ("group",), "толп": ("group",), "несколько": ("group",),
    "вместе": ("group",), "пуст": ("empty",), "никого": ("empty",),
}  # fmt: skip
ADJECTIVES = frozenset({"взросл", "легков", "грузов", "школьн", "пуст", "прохож", "стоящ", "идущ", "бегущ", "сидящ"})
NEAR = frozenset(["с", "со", "возле", "около", "рядом", "от", "к", "мимо", "под", "над"])  # prepositions
BACKWARD = frozenset(["цвета", "цвет", "цветом"])  # «машина красного цвета»
_PLAIN = """
и или который которая которое которые это одетый одетая одетое одеты найти найди покажи показать ищу где кто что
есть был была было детской детская детский едет ехал ехала во двор дворе двора несет держит имеет его ее их
"""
PLAIN = frozenset(_PLAIN.split())
