"""The stems of both languages by which a query's words are read, and the words that carry no fact."""

from __future__ import annotations

from gpu_jobs.offline_model.vocabulary import EN_COLOURS, UK_COLOURS

# How queries are read: a stem stands for facts. Endings that may follow a Ukrainian stem are any of up to three
# letters; an English stem takes s, es, 's, er, ing or ed.
UK_STEMS: dict[str, tuple[str, ...]] = {
    "людин": ("person",), "людей": ("person",), "людьм": ("person",), "люд": ("person",), "особ": ("person",),
    "пішохід": ("person",), "пішоход": ("person",), "перехож": ("person",),
    "чоловік": ("person", "adult"), "чоловіч": ("person", "adult"), "жін": ("person", "adult"),
    "доросл": ("person", "adult"), "дядьк": ("person", "adult"), "тітк": ("person", "adult"),
    "дитин": ("person", "child"), "дитя": ("person", "child"), "діт": ("person", "child"),
    "дітл": ("person", "child"), "хлопчик": ("person", "child"), "дівчин": ("person",),
    "дівчинк": ("person", "child"), "дівчат": ("person",), "хлоп": ("person",), "хлопець": ("person",),
    "хлопц": ("person",), "син": ("person",),
    "малюк": ("person", "child"), "школяр": ("person", "child"), "учн": ("person", "child"),
    "учен": ("person", "child"), "підліт": ("person",),
    "машин": ("car",), "авт": ("car",), "автомобіл": ("car",), "легков": ("car",), "автівк": ("car",),
    "автівц": ("car",), "фургон": ("van",), "мікроавтобус": ("van",), "бус": ("van",), "автобус": ("bus",),
    "маршрутк": ("van",), "вантажн": ("truck",), "вантажівк": ("truck",), "вантажівц": ("truck",), "фур": ("truck",),
    "транспорт": ("vehicle",), "велосипед": ("bicycle",), "ровер": ("bicycle",), 
    "велосипедист": ("bicycle", "rider"), "мотоцикл": ("motorcycle",), "мотоцикліст": ("motorcycle", "rider"),
    "байк": ("motorcycle",), "самокат": ("scooter",), "самокатник": ("scooter", "rider"),
    "собак": ("dog",), "собац": ("dog",), "пес": ("dog",), "пса": ("dog",), "пс": ("dog",), "песик": ("dog",),
    "рюкзак": ("backpack",), "наплічник": ("backpack",), "ранц": ("backpack",), "ранец": ("backpack",),
    "портфел": ("backpack",), "сумк": ("bag",), "сумц": ("bag",), "пакет": ("bag",), "торб": ("bag",),
    "шапк": ("hat",), "шапц": ("hat",), "кепк": ("hat",), "кепц": ("hat",), "капелюх": ("hat",),
    "капелюс": ("hat",), "парасол": ("umbrella",), "парасольк": ("umbrella",), "парасольц": ("umbrella",),
    "стої": ("pose:standing",), "стоят": ("pose:standing",), "стояч": ("pose:standing",),
    "йде": ("pose:walking",), "іде": ("pose:walking",), "йду": ("pose:walking",), "іду": ("pose:walking",),
    "кроку": ("pose:walking",), "гуля": ("pose:walking",), "вигул": ("pose:walking",),
    "прогулю": ("pose:walking",), "ходит": ("pose:walking",),
    "біжит": ("pose:running",), "бігт": ("pose:running",), "бігом": ("pose:running",), "біга": ("pose:running",),
    "біжат": ("pose:running",), "бігун": ("person", "pose:running"),
    "сидит": ("pose:sitting",), "сидяч": ("pose:sitting",), "сидят": ("pose:sitting",), "сиді": ("pose:sitting",),
    "лежит": ("pose:lying",), "лежач": ("pose:lying",), "лежат": ("pose:lying",), "лежа": ("pose:lying",),
    "впав": ("pose:lying",), "впала": ("pose:lying",), "упав": ("pose:lying",), "упала": ("pose:lying",),
    "валіз": ("suitcase",), "чемодан": ("suitcase",), "капюшон": ("hood",), "каптур": ("hood",),
    "шолом": ("helmet",), "каск": ("helmet",), "касц": ("helmet",),
    "двоє": ("count:2",), "двох": ("count:2",), "дві": ("count:2",), "два": ("count:2",),
    "троє": ("count:3",), "трьох": ("count:3",), "три": ("count:3",),
    "четверо": ("count:4",), "чотирьох": ("count:4",), "чотири": ("count:4",),
    "пятеро": ("count:5",), "пяти": ("count:5",), "пять": ("count:5",),
    "чорно-біл": ("mono",), "інфрачервон": ("mono",), "полиц": ("place:shop",),
    "вулиц": ("place:street",), "дорог": ("place:street",), "дороз": ("place:street",), "шкіл": ("place:schoolyard",),
    "шкільн": ("place:schoolyard",), "школ": ("place:schoolyard",), "майданчик": ("place:playground",),
    "парков": ("place:parking",), "стоянк": ("place:parking",), "стоянц": ("place:parking",),
    "паркінг": ("place:parking",), "магазин": ("place:shop",), "супермаркет": ("place:shop",),
    "крамниц": ("place:shop",), "вдень": ("day",), "удень": ("day",), "увечер": ("dusk",), "ввечер": ("dusk",),
    "вечір": ("dusk",), "вечор": ("dusk",), "сутінк": ("dusk",), "присмерк": ("dusk",), "вноч": ("night",),
    "уноч": ("night",), "ніч": ("night",), "ноч": ("night",), "темряв": ("night",), "дощ": ("rain",), "злив": ("rain",),
    "груп": ("group",), "кільк": ("group",), "натовп": ("group",), "компані": ("group",), "разом": ("group",),
    "порожн": ("empty",), "нікого": ("empty",), "безлюдн": ("empty",),
}  # fmt: skip
UK_UPPER_STEMS = (
    "куртк", "куртц", "пальт", "кофт", "светр", "футболк", "футболц", "сороч", "худі", "жилет", "пуховик", "толстовк",
    "толстовц", "плащ", "верх", "блуз", "одяг", "одяз", "вбран", "піджак",
    "кардиган", "водолазк", "водолазц", "кожух", "шуб", "дублянк", "дублянц", "реглан", "халат",
    "тільняшк", "тільняшц",
)  # fmt: skip
UK_LOWER_STEMS = ("штан", "джинс", "брюк", "шорт", "спідниц", "легінс", "низ", "бридж", "лосин", "треник")
EN_STEMS: dict[str, tuple[str, ...]] = {
    "person": ("person",), "people": ("person",), "pedestrian": ("person",), "somebody": ("person",),
    "someone": ("person",), "he": ("person",), "she": ("person",), "anyone": ("person",),
    "teenager": ("person",), "teen": ("person",),
    "man": ("person", "adult"),
    "men": ("person", "adult"), "woman": ("person", "adult"), "women": ("person", "adult"),
    "adult": ("person", "adult"),
    "guy": ("person",), "lady": ("person", "adult"), "youngster": ("person",), "child": ("person", "child"),
    "children": ("person", "child"), "kid": ("person", "child"), "boy": ("person", "child"),
    "girl": ("person", "child"),
    "pupil": ("person", "child"), "schoolchild": ("person", "child"), "schoolboy": ("person", "child"),
    "schoolgirl": ("person", "child"), "schoolchildren": ("person", "child"), "toddler": ("person", "child"),
    "car": ("car",), "auto": ("car",), "automobile": ("car",), "sedan": ("car",), "hatchback": ("car",),
    "suv": ("car",), "jeep": ("car",), "taxi": ("car",),
    "van": ("van",), "minivan": ("van",), "minibus": ("van",), "bus": ("bus",), "truck": ("truck",),
    "lorry": ("truck",),
    "lorries": ("truck",), "vehicle": ("vehicle",), "bicycle": ("bicycle",), "bike": ("bicycle",),
    "cyclist": ("bicycle", "rider"), "cycling": ("bicycle", "rider"), "motorcycle": ("motorcycle",),
    "motorbike": ("motorcycle",), "moped": ("motorcycle",), "motorcyclist": ("motorcycle", "rider"),
    "biker": ("motorcycle", "rider"), "scooter": ("scooter",), "riding": ("rider",), "rider": ("rider",),
    "dog": ("dog",),
    "puppy": ("dog",), "backpack": ("backpack",), "rucksack": ("backpack",), "schoolbag": ("backpack",),
    "bag": ("bag",),
    "handbag": ("bag",), "hat": ("hat",), "cap": ("hat",), "beanie": ("hat",), "umbrella": ("umbrella",),
    "standing": ("pose:standing",), "stand": ("pose:standing",), "walk": ("pose:walking",),
    "walking": ("pose:walking",), "run": ("pose:running",), "running": ("pose:running",), "jogging": ("pose:running",),
    "runner": ("person", "pose:running"), "jogger": ("person", "pose:running"),
    "sitting": ("pose:sitting",), "sit": ("pose:sitting",), "seated": ("pose:sitting",),
    "lying": ("pose:lying",), "lies": ("pose:lying",), "fallen": ("pose:lying",), "suitcase": ("suitcase",),
    "luggage": ("suitcase",), "hood": ("hood",), "hooded": ("hood",), "helmet": ("helmet",),
    "two": ("count:2",), "three": ("count:3",), "four": ("count:4",), "five": ("count:5",),
    "monochrome": ("mono",), "infrared": ("mono",), "shelf": ("place:shop",), "shelves": ("place:shop",),
    "street": ("place:street",), "road": ("place:street",),
    "school": ("place:schoolyard",),
    "schoolyard": ("place:schoolyard",), "playground": ("place:playground",), "parking": ("place:parking",),
    "shop": ("place:shop",), "store": ("place:shop",), "supermarket": ("place:shop",), "day": ("day",),
    "daylight": ("day",), "daytime": ("day",), "dusk": ("dusk",), "evening": ("dusk",), "twilight": ("dusk",),
    "night": ("night",), "darkness": ("night",), "rain": ("rain",), "rainy": ("rain",), "raining": ("rain",),
    "group": ("group",), "crowd": ("group",), "several": ("group",), "together": ("group",), "empty": ("empty",),
    "nobody": ("empty",), "nothing": ("empty",), "deserted": ("empty",),
}  # fmt: skip
EN_UPPER_STEMS = (
    "jacket", "coat", "shirt", "top", "sweater", "hoodie", "t-shirt", "tshirt", "blouse", "vest", "clothes", "clothing",
    "pullover", "jumper", "anorak", "parka", "uniform", "outfit", "raincoat",
    "cardigan", "sweatshirt", "windbreaker", "fleece", "jersey", "poncho",
)  # fmt: skip
EN_LOWER_STEMS = ("trousers", "pants", "jeans", "leggings", "shorts", "skirt", "bottoms", "sweatpants")
EN_COLOUR_STEMS = {
    **{word: name for name, words in EN_COLOURS.items() for word in words if " " not in word},
    "maroon": "red", "beige": "brown", "golden": "yellow", "lilac": "purple", "azure": "blue",
}  # fmt: skip
UK_COLOUR_STEMS = {
    **{stem.rstrip("!"): name for name, stems in UK_COLOURS.items() for stem in stems if "-" not in stem},
    "голуб": "blue", "бордов": "red", "бежев": "brown", "пурпуров": "purple", "сив": "grey",
}  # fmt: skip
UK_SOFT_COLOURS = frozenset(stem[:-1] for stems in UK_COLOURS.values() for stem in stems if stem.endswith("!"))
# Words that carry no fact, so that none of them is called unknown.
_PLAIN = """
a an the in on at by of to for with and or is are was near next from who that which this there one his her wearing
dressed carrying holding has have it its they hi into under over through past coloured colored colour color show find me
look looking search where photo image picture video footage camera cctv any something all some lot park yard area kick
ground floor bench up down court sports between scene weather outside please see seen moving goes going drives driving
passing parked pulling в у на з із зі та і й або біля коло поруч через під над до від де хто щось що який яка яке які
якого яку це одягнений одягнена одягнене одягнені кольору колір кольором знайди знайти покажи показати шукаю шукай дай є
був була було фото кадр відео камера камери камері будь їде їхав їхала їдуть немає сцена сцену двір дворі подвірʼя
подвірʼї подвіря подвірї дитячий дитячому дитячого засіб один одна одне землі землю підлозі підлогу лавці лаві лавку між
them тягне несе тримає має мимо повз по за час дня
"""
PLAIN_WORDS = frozenset(_PLAIN.split())
# What comes before a colour and is only a shade of it; before anything else the model does not know it.
EN_SHADES = frozenset(["dark", "light", "bright"])
CYRILLIC_SHADES = ("темн", "світл", "светл", "яскрав", "ярк")
