"""The words of both languages for every fact: one set of tables for writing captions and for reading queries.

Ukrainian nouns are (nominative, accusative, gender), gender being m, f, n or a (masculine, animate: its adjective
has the genitive's ending in the accusative).
"""

from __future__ import annotations

UkNoun = tuple[str, str, str]

EN_COLOURS: dict[str, tuple[str, ...]] = {
    "red": ("red", "red", "red", "crimson", "scarlet", "dark red"),
    "orange": ("orange",),
    "yellow": ("yellow",),
    "green": ("green", "green", "green", "dark green", "olive"),
    "blue": ("blue", "blue", "blue", "dark blue", "navy"),
    "purple": ("purple", "violet"),
    "pink": ("pink",),
    "brown": ("brown",),
    "black": ("black",),
    "white": ("white",),
    "grey": ("grey", "gray", "silver"),
}
# A stem ending in "!" is soft: синій, not синий.
UK_COLOURS: dict[str, tuple[str, ...]] = {
    "red": ("червон",),
    "orange": ("помаранчев", "оранжев"),
    "yellow": ("жовт",),
    "green": ("зелен",),
    "blue": ("син!", "син!", "блакитн", "темно-син!"),
    "purple": ("фіолетов", "бузков"),
    "pink": ("рожев",),
    "brown": ("коричнев", "брунатн"),
    "black": ("чорн",),
    "white": ("біл",),
    "grey": ("сір", "сіреньк", "сріблист"),
}
HARD_ENDINGS = {
    "m": "ий", "f": "а", "n": "е", "p": "і",
    "m_acc": "ий", "a_acc": "ого", "f_acc": "у", "n_acc": "е",
    "m_gen": "ого", "f_loc": "ій", "m_loc": "ому", "p_loc": "их", "f_ins": "ою", "p_gen": "их",
}  # fmt: skip
SOFT_ENDINGS = {
    "m": "ій", "f": "я", "n": "є", "p": "і",
    "m_acc": "ій", "a_acc": "ього", "f_acc": "ю", "n_acc": "є",
    "m_gen": "ього", "f_loc": "ій", "m_loc": "ьому", "p_loc": "іх", "f_ins": "ьою", "p_gen": "іх",
}  # fmt: skip

EN_SUBJECTS: dict[str, tuple[str, ...]] = {
    "person": ("person", "person", "pedestrian", "somebody", "someone", "teenager"),
    "adult": ("man", "woman", "adult", "man", "woman"),
    "child": ("child", "kid", "boy", "girl", "child", "schoolchild"),
    "car": ("car", "car", "car", "auto", "automobile", "sedan"),
    "van": ("van", "van", "minivan", "minibus"),
    "bus": ("bus",),
    "truck": ("truck", "lorry"),
    "vehicle": ("vehicle",),
    "bicycle": ("bicycle", "bike"),
    "motorcycle": ("motorcycle", "motorbike"),
    "scooter": ("scooter", "kick scooter"),
    "dog": ("dog",),
}
UK_SUBJECTS: dict[str, tuple[UkNoun, ...]] = {
    "person": (
        *(("людина", "людину", "f"), ("людина", "людину", "f"), ("особа", "особу", "f")),
        *(("пішохід", "пішохода", "a"), ("хлопець", "хлопця", "a"), ("дівчина", "дівчину", "f")),
    ),
    "adult": (("чоловік", "чоловіка", "a"), ("жінка", "жінку", "f"), ("дорослий", "дорослого", "a")),
    "child": (
        *(("дитина", "дитину", "f"), ("дитина", "дитину", "f"), ("хлопчик", "хлопчика", "a")),
        *(("дівчинка", "дівчинку", "f"), ("школяр", "школяра", "a"), ("школярка", "школярку", "f")),
    ),
    "car": (
        *(("машина", "машину", "f"), ("машина", "машину", "f"), ("авто", "авто", "n")),
        *(("автомобіль", "автомобіль", "m"), ("легковик", "легковик", "m"), ("автівка", "автівку", "f")),
    ),
    "van": (("фургон", "фургон", "m"), ("мікроавтобус", "мікроавтобус", "m"), ("бус", "бус", "m")),
    "bus": (("автобус", "автобус", "m"),),
    "truck": (("вантажівка", "вантажівку", "f"), ("фура", "фуру", "f")),
    "vehicle": (("транспорт", "транспорт", "m"),),
    "bicycle": (("велосипед", "велосипед", "m"), ("ровер", "ровер", "m")),
    "motorcycle": (("мотоцикл", "мотоцикл", "m"),),
    "scooter": (("самокат", "самокат", "m"),),
    "dog": (("собака", "собаку", "a"), ("пес", "пса", "a")),
}
EN_RIDERS = {
    "bicycle": ("cyclist", "person riding a bicycle", "person on a bike"),
    "motorcycle": ("motorcyclist", "biker", "person on a motorcycle"),
    "scooter": ("person on a scooter", "person riding a scooter"),
}
UK_RIDERS: dict[str, tuple[UkNoun, ...]] = {
    "bicycle": (
        ("велосипедист", "велосипедиста", "a"),
        ("людина на велосипеді", "людину на велосипеді", "f"),
    ),
    "motorcycle": (
        ("мотоцикліст", "мотоцикліста", "a"),
        ("людина на мотоциклі", "людину на мотоциклі", "f"),
    ),
    "scooter": (("людина на самокаті", "людину на самокаті", "f"), ("самокатник", "самокатника", "a")),
}
UK_MOUNTS = {"bicycle": "велосипеді", "motorcycle": "мотоциклі", "scooter": "самокаті"}
EN_UPPER = ("jacket", "jacket", "coat", "shirt", "top", "sweater", "hoodie", "t-shirt", "clothes")
EN_LOWER = ("trousers", "trousers", "pants", "jeans", "leggings")
# Locative with its agreement; accusative follows «одягнений у».
UK_UPPER = (
    *(("куртці", "f_loc"), ("куртці", "f_loc"), ("футболці", "f_loc"), ("кофті", "f_loc"), ("сорочці", "f_loc")),
    *(("пальті", "m_loc"), ("светрі", "m_loc"), ("одязі", "m_loc"), ("худі", "m_loc"), ("пуховику", "m_loc")),
)
UK_LOWER = ("штанах", "штанах", "джинсах", "брюках")
EN_EXTRAS = {
    "backpack": ("with a backpack", "wearing a backpack", "carrying a rucksack"),
    "bag": ("with a bag", "carrying a bag", "with a handbag"),
    "suitcase": ("with a suitcase", "pulling a suitcase"),
    "hat": ("in a hat", "wearing a cap", "with a hat"),
    "hood": ("with a hood", "with the hood up", "hooded"),
    "helmet": ("with a helmet", "wearing a helmet"),
    "umbrella": ("with an umbrella", "under an umbrella", "holding an umbrella"),
}
UK_EXTRAS = {
    "backpack": ("з рюкзаком", "із рюкзаком", "з наплічником", "з ранцем"),
    "bag": ("із сумкою", "з сумкою", "з пакетом"),
    "suitcase": ("з валізою", "із валізою"),
    "hat": ("у шапці", "в кепці", "в капелюсі"),
    "hood": ("у капюшоні", "з капюшоном", "в капюшоні"),
    "helmet": ("у шоломі", "в шоломі", "в касці"),
    "umbrella": ("з парасолькою", "під парасолькою", "із парасолею"),
}
EN_POSES = {
    "standing": ("standing",),
    "walking": ("walking",),
    "running": ("running", "jogging"),
    "sitting": ("sitting", "sitting on a bench", "seated"),
    "lying": ("lying", "lying on the ground", "fallen"),
}
UK_POSES = {
    "standing": ("стоїть", "що стоїть"),
    "walking": ("йде", "іде", "що йде", "крокує"),
    "running": ("біжить", "що біжить"),
    "sitting": ("сидить", "сидить на лавці", "що сидить"),
    "lying": ("лежить", "лежить на землі", "що лежить"),
}
EN_PLACES = {
    "street": ("on the street", "on the road", "in the street"),
    "schoolyard": ("in the school yard", "near the school", "by the school"),
    "playground": ("at the playground", "on the playground"),
    "parking": ("in the parking lot", "in the car park"),
    "shop": ("in the shop", "in a store", "in the supermarket"),
}
UK_PLACES = {
    "street": ("на вулиці", "на дорозі"),
    "schoolyard": ("на шкільному подвірʼї", "біля школи", "на подвір'ї школи", "у дворі школи"),
    "playground": ("на дитячому майданчику", "на майданчику"),
    "parking": ("на парковці", "на стоянці", "на паркінгу"),
    "shop": ("у магазині", "в супермаркеті", "у крамниці"),
}
EN_LIGHTS = {
    "day": ("by day", "in daylight"),
    "dusk": ("at dusk", "in the evening"),
    "night": ("at night", "in the dark"),
}
UK_LIGHTS = {"day": ("вдень", "удень"), "dusk": ("увечері", "в сутінках"), "night": ("вночі", "уночі", "у темряві")}
EN_RAIN, UK_RAIN = ("in the rain", "in rainy weather"), ("під дощем", "у дощ")
EN_MONO, UK_MONO = ("in black and white", "infrared camera"), ("чорно-біле", "інфрачервона камера")
# People by number: alone, and in Ukrainian after «група з».
EN_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
UK_NUMBERS = {2: ("двоє", "двох"), 3: ("троє", "трьох"), 4: ("четверо", "чотирьох"), 5: ("п'ятеро", "п'яти")}
EN_GROUPS = {
    "child": ("a group of children", "several children", "children together"),
    "adult": ("a group of people", "several people", "a crowd"),
}
UK_GROUPS = {
    "child": ("група дітей", "кілька дітей", "діти разом", "групу дітей"),
    "adult": ("група людей", "кілька людей", "люди разом", "групу людей"),
}
EN_EMPTY = ("empty scene", "nobody there", "nothing", "no one")
UK_EMPTY = ("порожньо", "нікого немає", "без людей", "порожня сцена")
EN_LEADS = ("show ", "find ", "a photo of ", "looking for ", "search for ", "where is ")
UK_LEADS_NOMINATIVE = ("фото: ", "кадр: ", "де ", "")
UK_LEADS_ACCUSATIVE = ("знайди ", "покажи ", "шукаю ", "знайти ", "")

# How queries are read: a stem stands for facts. Endings that may follow a Ukrainian stem are any of up to three
# letters; an English stem takes s, es, 's, er, ing or ed.
UK_STEMS: dict[str, tuple[str, ...]] = {
    "людин": ("person",), "людей": ("person",), "людьм": ("person",), "люд": ("person",), "особ": ("person",),
    "пішохід": ("person",), "пішоход": ("person",), "перехож": ("person",), "хтось": ("person",),
    "чоловік": ("person", "adult"), "чоловіч": ("person", "adult"), "жін": ("person", "adult"),
    "доросл": ("person", "adult"), "дядьк": ("person", "adult"), "тітк": ("person", "adult"),
    "дитин": ("person", "child"), "дитя": ("person", "child"), "діт": ("person", "child"),
    "дітл": ("person", "child"), "хлопчик": ("person", "child"), "дівчин": ("person",),
    "дівчинк": ("person", "child"), "дівчат": ("person",), "хлоп": ("person",), "хлопець": ("person",),
    "хлопц": ("person",),
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
    "біжат": ("pose:running",), "бігун": ("pose:running",),
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
)  # fmt: skip
UK_LOWER_STEMS = ("штан", "джинс", "брюк", "шорт", "спідниц", "легінс", "низ")
EN_STEMS: dict[str, tuple[str, ...]] = {
    "person": ("person",), "people": ("person",), "pedestrian": ("person",), "somebody": ("person",),
    "someone": ("person",), "anyone": ("person",), "teenager": ("person",), "teen": ("person",),
    "man": ("person", "adult"),
    "men": ("person", "adult"), "woman": ("person", "adult"), "women": ("person", "adult"),
    "adult": ("person", "adult"),
    "guy": ("person",), "lady": ("person", "adult"), "youngster": ("person",), "child": ("person", "child"),
    "children": ("person", "child"), "kid": ("person", "child"), "boy": ("person", "child"),
    "girl": ("person", "child"),
    "pupil": ("person", "child"), "schoolchild": ("person", "child"), "schoolboy": ("person", "child"),
    "schoolgirl": ("person", "child"), "schoolchildren": ("person", "child"), "toddler": ("person", "child"),
    "car": ("car",), "auto": ("car",), "automobile": ("car",), "sedan": ("car",), "hatchback": ("car",),
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
    "runner": ("pose:running",), "sitting": ("pose:sitting",), "sit": ("pose:sitting",), "seated": ("pose:sitting",),
    "lying": ("pose:lying",), "lies": ("pose:lying",), "fallen": ("pose:lying",), "suitcase": ("suitcase",),
    "luggage": ("suitcase",), "hood": ("hood",), "hooded": ("hood",), "helmet": ("helmet",),
    "two": ("count:2",), "three": ("count:3",), "four": ("count:4",), "five": ("count:5",),
    "monochrome": ("mono",), "infrared": ("mono",), "shelf": ("place:shop",), "shelves": ("place:shop",),
    "street": ("place:street",), "road": ("place:street",),
    "school": ("place:schoolyard",),
    "schoolyard": ("place:schoolyard",), "playground": ("place:playground",), "parking": ("place:parking",),
    "shop": ("place:shop",), "store": ("place:shop",), "supermarket": ("place:shop",), "day": ("day",),
    "daylight": ("day",), "daytime": ("day",), "dusk": ("dusk",), "evening": ("dusk",), "twilight": ("dusk",),
    "night": ("night",), "dark": ("night",), "rain": ("rain",), "rainy": ("rain",), "raining": ("rain",),
    "group": ("group",), "crowd": ("group",), "several": ("group",), "together": ("group",), "empty": ("empty",),
    "nobody": ("empty",), "nothing": ("empty",), "deserted": ("empty",),
}  # fmt: skip
EN_UPPER_STEMS = (
    "jacket", "coat", "shirt", "top", "sweater", "hoodie", "t-shirt", "tshirt", "blouse", "vest", "clothes", "clothing",
    "pullover", "jumper", "anorak", "parka", "uniform", "outfit", "raincoat",
)  # fmt: skip
EN_LOWER_STEMS = ("trousers", "pants", "jeans", "leggings", "shorts", "skirt", "bottoms")
EN_COLOUR_STEMS = {
    **{word: name for name, words in EN_COLOURS.items() for word in words if " " not in word},
    "maroon": "red", "beige": "brown", "golden": "yellow", "lilac": "purple", "azure": "blue",
}  # fmt: skip
UK_COLOUR_STEMS = {
    **{stem.rstrip("!"): name for name, stems in UK_COLOURS.items() for stem in stems if "-" not in stem},
    "голуб": "blue", "бордов": "red", "бежев": "brown", "пурпуров": "purple", "сив": "grey",
}  # fmt: skip
# Words that carry no fact, so that none of them is called unknown.
_PLAIN = """
a an the in on at by of to for with and or is are was near next from who that which this there one his her wearing
dressed carrying holding has have it its into under over through past light bright coloured colored colour color
show find me look looking search where photo image picture video footage camera cctv any all some lot park yard area
kick ground floor bench up down court sports between scene weather outside please see seen moving goes going drives
driving passing parked pulling в у на з із зі та і й або біля коло поруч через під над до від де хто що який яка яке
які якого яку це одягнений одягнена одягнене одягнені кольору колір кольором світло темно світлий світла світлому
світлій темний темна темному темній знайди знайти покажи показати шукаю шукай дай є був була було фото кадр відео
камера камери камері будь їде їхав їхала їдуть немає сцена сцену двір дворі подвірʼя подвірʼї подвіря подвірї
дитячий дитячому дитячого засіб один одна одне землі землю підлозі підлогу лавці лаві лавку між тягне несе тримає
має мимо повз по за час дня
"""
PLAIN_WORDS = frozenset(_PLAIN.split())
