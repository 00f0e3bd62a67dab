"""Ukrainian forms that no stem with an ending gives: vowels that come and go, consonants that change, short plurals.

Also words beside the vocabulary that people use for the same things. Whole words, without apostrophes.
"""

from __future__ import annotations

_PEOPLE: dict[str, tuple[str, ...]] = {
    "осіб": ("person",), "люде": ("person",), "дітьми": ("person", "child"), "дитям": ("person", "child"),
    "дівчинок": ("person", "child"), "дівчинці": ("person", "child"), "дівчаток": ("person", "child"),
    "дівчатка": ("person", "child"), "школярці": ("person", "child"), "хлопчика": ("person", "child"),
    "хлопчина": ("person",), "хлопчини": ("person",), "хлопчину": ("person",), "тіток": ("person", "adult"),
    "тітці": ("person", "adult"), "дорослих": ("person", "adult"), "пацан": ("person",), "пацана": ("person",),
    "пацани": ("person",), "дядечко": ("person", "adult"), "бабуся": ("person", "adult"),
    "бабусю": ("person", "adult"), "дідусь": ("person", "adult"), "дідуся": ("person", "adult"),
    "хтось": ("person",), "когось": ("person",), "комусь": ("person",), "кимось": ("person",),
}  # fmt: skip
_THINGS: dict[str, tuple[str, ...]] = {
    "автівок": ("car",), "автомобілів": ("car",), "тачка": ("car",), "тачку": ("car",), "тачки": ("car",),
    "таксі": ("car",), "маршруток": ("van",), "маршрутці": ("van",), "вантажівок": ("truck",), "велік": ("bicycle",),
    "велосипедистка": ("bicycle", "rider"), "велосипедистку": ("bicycle", "rider"), "мопед": ("motorcycle",),
    "мопеда": ("motorcycle",), "мопеді": ("motorcycle",), "байкер": ("motorcycle", "rider"),
    "байкера": ("motorcycle", "rider"), "самокатник": ("scooter", "rider"), "собачка": ("dog",), "собачку": ("dog",),
    "собачки": ("dog",), "цуценя": ("dog",), "песик": ("dog",), "сумок": ("bag",), "торбинка": ("bag",),
    "торбинку": ("bag",), "шапок": ("hat",), "кепок": ("hat",), "бейсболка": ("hat",), "бейсболку": ("hat",),
    "бейсболці": ("hat",), "парасольок": ("umbrella",), "парасоль": ("umbrella",), "парасоля": ("umbrella",),
    "валіз": ("suitcase",), "касок": ("helmet",), "дощовий": ("rain",), "дощова": ("rain",), "дощу": ("rain",),
    "доріг": ("place:street",), "школа": ("place:schoolyard",), "стоянок": ("place:parking",),
    "крамниць": ("place:shop",), "ніччю": ("night",), "нічний": ("night",), "нічна": ("night",), "нічне": ("night",),
    "вечірній": ("dusk",), "вечірня": ("dusk",), "нічної": ("night",), "бігли": ("pose:running",),
    "біг": ("pose:running",), "йшов": ("pose:walking",), "йшла": ("pose:walking",), "йшли": ("pose:walking",),
    "ішов": ("pose:walking",), "ішла": ("pose:walking",), "стояв": ("pose:standing",), "стояла": ("pose:standing",),
    "стояли": ("pose:standing",), "сидів": ("pose:sitting",), "лежав": ("pose:lying",),
}  # fmt: skip
FORMS = _PEOPLE | _THINGS
STEMS: dict[str, tuple[str, ...]] = {
    "жінк": ("person", "adult"), "підлітк": ("person",), "школярк": ("person", "child"), "легковик": ("car",),
    "рюкзац": ("backpack",), "дівчатк": ("person", "child"), "джип": ("car",), "позашляховик": ("car",),
    "седан": ("car",), "хетчбек": ("car",), "кросовер": ("car",), "самоскид": ("truck",), "тягач": ("truck",),
    "кашкет": ("hat",),
}  # fmt: skip
_UPPER = """
курток футболок кофт кофтин кофтина кофтину кофтині сорочок сорочка светрів светри пальт пальтом пуховиків толстовок
безрукавка безрукавку безрукавці жилетка жилетку жилетці бомбер бомбері вітровка вітровку вітровці курточка курточку
курточці курточки сорочк майка майку майці
"""
UPPER = frozenset(_UPPER.split())
_LOWER = "штанів штанці шортах шортів джинсів брюк спідниць спідничка спідничку спідничці легінсів лосини"
LOWER = frozenset(_LOWER.split())
_PLAIN = """
дворі двору дворах двором зображення картинка картинці чи поряд неподалік
навколо навпроти поміж всередині один одна одне одні кольорі кольорів
одягнуті одягнутий одягнута одягнуте одягнуту одягнутого вдягнений вдягнена вдягнене вдягнуту одягненого одягнену
одягненої носить везе веде вона він вони якась якийсь якесь весь вся все всі
"""
PLAIN = frozenset(_PLAIN.split())
