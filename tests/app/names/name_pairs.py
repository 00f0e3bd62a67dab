"""Pairs of names: the one that a child is registered under, and the one that somebody types; of the same child or not.

Made by rule from the lists below, the same every time. The rules are written from the norms and from grammar, and know
nothing of the program's own tables.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from domain.personal import ChildIdentity

SEED = 20261127
PERSONS = 120
_SURNAMES = """
Коваленко Шевченко Бондаренко Ткаченко Кравченко Олійник Шевчук Коваль Поліщук Бойко Мельник Лисенко Марченко Савченко
Руденко Мороз Петренко Клименко Левченко Павленко Кравчук Кузьменко Савчук Гончаренко Пономаренко Сидоренко Мазур
Ковальчук Гончарук Романюк Хоменко Василенко Карпенко Швець Кравець Гриценко Щербак Юрченко Яременко Хмельницький
Ковальський Левицький Вишневський Заблоцький Соловйов Ґудзь Згурський Щасливий Дем’яненко Лук’яненко Прокоп’юк Стеценко
Жук Чорновіл Євтушенко Гайдай Цимбалюк Іщенко Яцюк Фролов Рибак В’юнник Горобець
"""
SURNAMES = _SURNAMES.split()
RUSSIAN_GIVEN = {  # a given name in a Russian document
    "Олександр": "Александр", "Олексій": "Алексей", "Андрій": "Андрей", "Богдан": "Богдан", "Василь": "Василий",
    "Володимир": "Владимир", "Григорій": "Григорий", "Данило": "Даниил", "Дмитро": "Дмитрий", "Євген": "Евгений",
    "Іван": "Иван", "Ігор": "Игорь", "Ілля": "Илья", "Кирило": "Кирилл", "Максим": "Максим", "Матвій": "Матвей",
    "Микита": "Никита", "Микола": "Николай", "Михайло": "Михаил", "Назар": "Назар", "Олег": "Олег", "Павло": "Павел",
    "Петро": "Петр", "Сергій": "Сергей", "Тимофій": "Тимофей", "Юрій": "Юрий", "Ярослав": "Ярослав",
    "Анастасія": "Анастасия", "Вікторія": "Виктория", "Ганна": "Анна", "Дарія": "Дарья", "Єлизавета": "Елизавета",
    "Злата": "Злата", "Ірина": "Ирина", "Катерина": "Екатерина", "Марія": "Мария", "Наталія": "Наталья",
    "Олена": "Елена", "Ольга": "Ольга", "Поліна": "Полина", "Софія": "София", "Тетяна": "Татьяна", "Уляна": "Ульяна",
    "Юлія": "Юлия", "Яна": "Яна", "Мар’яна": "Марьяна", "Соломія": "Соломия",
}  # fmt: skip
GIVEN = tuple(RUSSIAN_GIVEN)
_FLEETING = """
    Заєць/Зайця/Зайцеві/Зайцем Швець/Шевця/Шевцеві/Шевцем Жнець/Женця/Женцеві/Женцем Орел/Орла/Орлові/Орлом
    Козел/Козла/Козлу/Козлом Бобер/Бобра/Боброві/Бобром Жовтень/Жовтня/Жовтневі/Жовтнем Дубок/Дубка/Дубкові/Дубком
    Голубець/Голубця/Голубцеві/Голубцем Хребет/Хребта/Хребту/Хребтом Сокіл/Сокола/Соколові/Соколом
    Кисіль/Киселя/Киселеві/Киселем Лебідь/Лебедя/Лебедеві/Лебедем Ведмідь/Ведмедя/Ведмедю/Ведмедем
    Чорновіл/Чорновола/Чорноволові/Чорноволом Гребінь/Гребеня/Гребеневі/Гребенем Ворон/Ворона/Воронові/Вороном
    Середній/Середнього/Середньому/Середнім Козій/Козія/Козієві/Козієм Рудий/Рудого/Рудому/Рудим
"""
FLEETING = [tuple(each.split("/")) for each in _FLEETING.split()]  # in the first case, and in three others
SHORT_SURNAMES = ("Сірко", "Бойко", "Жулай", "Мазур", "Гайда", "Зуб’як", "Сорба", "Кобза", "Лисак", "Ґудзь", "Швець")
_SIMILAR_SURNAMES = """
    Іваненко/Іванченко Савченко/Савчук Кравченко/Кравчук Бондар/Бондаренко Ткач/Ткаченко Коваль/Коваленко
    Ковальчук/Коваль Петренко/Петрук Левченко/Левицький Мороз/Морозюк Лисенко/Лисюк Шевченко/Шевчук Мазур/Мазуренко
    Руденко/Рудик Клименко/Климчук Сидоренко/Сидорук Пономаренко/Пономарчук Хоменко/Хомич Юрченко/Юрчук Бойко/Бойчук
    Романюк/Романенко Мельник/Мельничук Олійник/Олійниченко Карпенко/Карпюк Яременко/Яремчук Павленко/Павлюк Жук/Жученко
    Хоменко/Фоменко Гриценко/Грищенко Марченко/Харченко Василенко/Васильченко Кузьменко/Куценко Савченко/Сивченко
    Литвин/Литвак Гончар/Гончарук Мартинюк/Мартинчук Кравець/Кравченко Швець/Шевць Панченко/Ванченко Рибак/Рибалко
"""
_SIMILAR_GIVEN = """
    Марина/Дарина Аліна/Поліна Іван/Іванна Олександр/Олександра Дмитро/Данило Олег/Остап Євген/Євгенія Юрій/Юлія
    Ганна/Інна Тарас/Тимур Назар/Захар Леся/Олеся Яна/Ліна Роман/Руслан Віктор/Вікторія Максим/Макар Марта/Марія
    Софія/Соломія Артем/Антон Кіра/Віра Микола/Микита Павло/Петро Степан/Стефанія Мілана/Уляна Злата/Лада
"""
SIMILAR_SURNAMES = [tuple(pair.split("/")) for pair in _SIMILAR_SURNAMES.split()]  # of different families
SIMILAR_GIVEN = [tuple(pair.split("/")) for pair in _SIMILAR_GIVEN.split()]
KEYS = ("йцукенгшщзхї", "фівапролджє", "ячсмитьбю")


class Pair(NamedTuple):
    kind: str
    registered: ChildIdentity
    typed: str
    same: bool  # whether it is the same child's name


def pairs() -> list[Pair]:
    """All of them, those of one child first."""
    rng = random.Random(SEED)
    people = [(rng.choice(SURNAMES), rng.choice(GIVEN)) for _ in range(PERSONS)]
    same = list(_same(people, rng))
    return [*same, *_same_and_short(random.Random(SEED)), *_different(rng)]


def _same(people: list[tuple[str, str]], rng: random.Random) -> Iterator[Pair]:
    for surname, given in people:
        registered = identity_of(surname, given)
        written = registered.surname
        for kind, write in ROMANISATIONS.items():
            yield Pair(kind, registered, f"{write(given)} {write(written)}", True)
        russian = f"{_russian(written)} {RUSSIAN_GIVEN[given]}"
        yield Pair("Russian form", registered, russian, True)
        yield Pair("Russian form, romanised", registered, _mapped(russian, RUSSIAN_PASSPORT), True)
        for case in range(3):
            yield Pair("ending (case)", registered, f"{_cased(written, given, case)} {_given_cased(given, case)}", True)
        for _ in range(2):
            first, second = written, given
            if rng.random() < 0.5:
                first = slip_in(written, rng)
            else:
                second = slip_in(given, rng)
            yield Pair("slip", registered, f"{first} {second}", True)
        if "’" in written + given:
            for sign in ("'", "", "ʼ", '"', "*", "`"):
                yield Pair("apostrophe", registered, f"{written} {given}".replace("’", sign), True)


def _same_and_short(rng: random.Random) -> Iterator[Pair]:
    """Surnames that lose or change a vowel, and slips in short ones, of men: women's are as they are in every case."""
    for first, *cases in FLEETING:
        for given in rng.sample([each for each in GIVEN if not is_female(each) and each[-1] not in "аяо"], 2):
            for case, written in enumerate(cases):
                yield Pair("fleeting vowel", identity_of(first, given), f"{written} {_given_cased(given, case)}", True)
                yield Pair("fleeting vowel, alone", identity_of(first, given), written, True)
    for surname in SHORT_SURNAMES:
        given = rng.choice(GIVEN)
        registered = identity_of(surname, given, born="2012-05-17")
        for place in range(1, len(surname)):
            lacking = surname[:place] + surname[place + 1 :]
            exchanged = surname[: place - 1] + surname[place] + surname[place - 1] + surname[place + 1 :]
            for written in (lacking, exchanged):
                yield Pair("slip, short surname", registered, f"{written} {given}", True)
                yield Pair("slip, short surname and year", registered, f"{written} 2012", True)


def _different(rng: random.Random) -> Iterator[Pair]:
    for one, other in SIMILAR_SURNAMES:
        for given in rng.sample(GIVEN, 4):
            yield Pair("similar surname", identity_of(one, given), f"{other} {given}", False)
            yield Pair("similar surname", identity_of(other, given), f"{one} {given}", False)
    for one, other in SIMILAR_GIVEN:
        for surname in rng.sample(SURNAMES, 4):
            yield Pair("another given name", identity_of(surname, one), f"{surname} {other}", False)
            yield Pair("another given name", identity_of(surname, other), f"{surname} {one}", False)
    for _ in range(100):
        one, other = rng.sample(SURNAMES, 2)
        given = rng.choice(GIVEN)
        yield Pair("another surname", identity_of(one, given), f"{other} {given}", False)


def identity_of(surname: str, given: str, **more: str) -> ChildIdentity:
    if surname.endswith("ий") and is_female(given):
        surname = surname[:-2] + "а"
    if surname.endswith("ов") and is_female(given):
        surname += "а"
    return ChildIdentity(surname=surname, given_name=given, **more)


def is_female(given: str) -> bool:
    return given[-1] in "ая" and given not in ("Ілля", "Микола", "Микита")


# romanisations ------------------------------------------------------------------------------------------------------

_KMU_LETTERS = "a b v h g d e z y i i i k l m n o p r s t u f kh ts ch sh shch ie iu ia"
_RUSSIAN_LETTERS = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch y e iu ia"
_KMU = dict(
    zip("абвгґдезиіїйклмнопрстуфхцчшщєюя", _KMU_LETTERS.split(), strict=True)
) | {"ж": "zh", "ь": "", "’": ""}  # fmt: skip
_KMU_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_SCHOLARLY = _KMU | {"ж": "ž", "х": "x", "ц": "c", "ч": "č", "ш": "š", "щ": "šč", "є": "je", "ю": "ju", "я": "ja",
                     "ї": "ji", "й": "j", "ь": "ʹ", "’": "ʼ"}  # fmt: skip
_INFORMAL = _KMU | {"х": "h", "щ": "sch", "є": "e", "ю": "yu", "я": "ya", "ї": "yi", "й": "y", "и": "i", "г": "g",
                    "ц": "c"}  # fmt: skip
RUSSIAN_PASSPORT = dict(
    zip("абвгдежзийклмнопрстуфхцчшщыэюя", _RUSSIAN_LETTERS.split(), strict=True)
) | {"ё": "e", "ь": "", "ъ": "ie"}  # fmt: skip


def kmu_55_2010(word: str) -> str:
    """The Cabinet's table: some letters are written otherwise at the start of a word, and зг is zgh."""
    small = word.lower().replace("зг", "з\0")
    letters = [_KMU_FIRST[small[0]] if small[0] in _KMU_FIRST else _KMU[small[0]]]
    letters += ["gh" if letter == "\0" else _KMU[letter] for letter in small[1:]]
    return "".join(letters).capitalize()


def _of_the_language(word: str) -> str:
    """As in atlases: y before vowels, й and ий as y."""
    changed = _KMU | {"є": "ye", "ю": "yu", "я": "ya", "ї": "yi", "й": "y", "и": "y"}
    return _mapped(word, changed).replace("yy", "y")


def _mapped(word: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in word.lower()).title()


ROMANISATIONS: dict[str, Callable[[str], str]] = {
    "KMU 55/2010": kmu_55_2010,
    "scholarly": lambda word: _mapped(word, _SCHOLARLY),
    "as in atlases": _of_the_language,
    "informal": lambda word: _mapped(word, _INFORMAL),
}


# forms --------------------------------------------------------------------------------------------------------------


def _russian(surname: str) -> str:
    """A Ukrainian surname as it is spelt in a Russian document."""
    changed = surname.lower().replace("йо", "ё").replace("ськ", "ск").replace("цьк", "цк").replace("ець", "ец")
    return changed.translate(str.maketrans("іїєґ’", "иеегъ")).title()


def _cased(surname: str, given: str, case: int) -> str:
    """Genitive, dative, instrumental."""
    if is_female(given):
        if surname.endswith(("ова", "ка", "ва", "ла")) and surname[-2:] != "ко":
            return surname[:-1] + ("ої", "ій", "ою")[case]
        return surname
    if surname.endswith("ий"):
        return surname[:-2] + ("ого", "ому", "им")[case]
    if surname.endswith("ов"):
        return surname + ("а", "у", "им")[case]
    if surname.endswith("о"):
        return surname[:-1] + ("а", "у", "ом")[case]
    if surname.endswith("ець"):
        soft = "в" if surname == "Швець" else ""
        return surname[: -3 - len(soft)] + soft + ("ця", "цю", "цем")[case] if not soft else "Шевц" + "яюе"[case]
    if surname.endswith(("ь", "й")):
        return surname[:-1] + ("я", "ю", "ем")[case]
    return surname + ("а", "ові", "ом")[case]


def _given_cased(given: str, case: int) -> str:
    if given.endswith("ія"):
        return given[:-1] + ("ї", "ї", "єю")[case]
    if given.endswith("я"):
        return given[:-1] + ("і", "і", "ею")[case]
    if given.endswith("а"):
        return given[:-1] + ("и", "і", "ою")[case]
    if given.endswith("о"):
        return given[:-1] + ("а", "ові", "ом")[case]
    if given.endswith("й"):
        return given[:-1] + ("я", "єві", "єм")[case]
    if given in ("Ігор", "Василь"):
        return given.removesuffix("ь") + ("я", "еві", "ем")[case]
    return given + ("а", "ові", "ом")[case]


def slip_in(word: str, rng: random.Random) -> str:
    """A letter beside the right one, one left out, one twice, one too many, or two exchanged; not the first one."""
    small = word.lower()
    place = rng.randrange(1, len(small))
    before, letter, after = small[:place], small[place], small[place + 1 :]
    row = next((row for row in KEYS if letter in row), "оае")
    beside = row[min(len(row) - 1, max(0, row.find(letter) + rng.choice((-1, 1))))]
    made = (
        before + beside + after,
        before + after,
        before + letter + letter + after,
        before + letter + beside + after,
        before[:-1] + letter + before[-1] + after,
    )
    return rng.choice(made).title()
