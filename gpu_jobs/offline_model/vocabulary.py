"""The words of both languages for every fact: what captions are written with.

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
