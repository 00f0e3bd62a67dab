"""Given names: which ones are one name, in Ukrainian, in Russian and as people are called at home.

A given name is one of a few hundred, so a slip in it is told by comparing with all of them; a surname may be anything.
A form may be of several names ("Саша"). Not every name is here: one that is not is taken as it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from app.names.sounds import sounds, words
from app.names.word_forms import stem, stems, wholes_near

SLIP_LETTERS_MIN = 3  # of a sound: two letters are near too many names
_NAMES = """
Олександр Александр Олесь Сашко Саша Саня Шура; Олексій Алексей Олекса Льоша Альоша Лёша Алёша;
Андрій Андрей Андрійко Андрюша; Антон Антін; Артем Артём Артемій Артемий; Арсен Арсеній Арсений;
Арсентій Арсентий; Богдан Богданко Данко; Борис; Вадим Вадик; Валентин; Валерій Валерий Валера;
Василь Василий Вася Васько Василько; Віктор Виктор Вітя Витя; Віталій Виталий Віталік Виталик; Владислав Влад Владик;
Володимир Владимир Вова Володя Вовка; Всеволод Сева; В'ячеслав Вячеслав Слава Славко; Гліб Глеб; Гордій Гордей;
Григорій Григорий Гриша Гриць Грицько; Давид; Дем'ян Демьян; Даніель Даниэль; Данило Даниил Данила Данил Даня;
Денис Дениско; Дмитро Дмитрий Дмитрій Діма Дима Митя; Едуард Эдуард Едік; Ерік Эрик; Євген Евгений Євгеній Женя;
Єгор Егор; Захар; Зиновій Зіновій Зиновий; Іван Иван Ваня Івась Іванко; Ігор Игорь Ігорко; Ілля Илья Ілья;
Йосип Иосиф Осип; Казимир; Кирило Кирилл Кирил; Костянтин Константин Костя; Лев Левко; Леонід Леонид Льоня;
Лука; Любомир; Макар; Максим Макс; Марк; Марко; Мар'ян Марьян; Матвій Матвей; Микита Никита;
Микола Николай Коля Миколка; Мирон; Мирослав; Михайло Михаил Миша Михась; Назар Назарій Назарий; Нестор; Олег;
Омелян Емельян; Орест; Остап; Павло Павел Паша Павлик; Петро Петр Пётр Петя Петрик; Пилип Филипп; Платон; Радислав;
Ростислав; Роман Рома Ромчик; Руслан; Савелій Савелий; Сава Савва; Самуїл Самуил; Святослав; Семен Семён Сеня;
Сергій Сергей Серьожа Серёжа Сергійко; Станіслав Станислав Стас; Степан; Тарас Тарасик; Тимофій Тимофей Тимоша;
Тимур; Тихон; Устим; Федір Федор Фёдор Федя; Юліан Юлиан; Юрій Юрий Юра Юрко; Яким; Яків Яков Яша; Ян; Яромир;
Ярослав Ярик; Ярема;
Агата; Аделіна Аделина; Аліна Алина; Аліса Алиса; Алла; Аміна Амина; Анастасія Анастасия Настя Настуся;
Ангеліна Ангелина; Анжела; Анжеліка Анжелика; Антоніна Антонина Тоня; Богдана; Божена; Валентина; Валерія Валерия Лєра;
Варвара Варя; Василина; Віра Вера; Вероніка Вероника; Вікторія Виктория Віка Вика; Віолетта Виолетта;
Владислава; Галина Галя; Ганна Анна Аня Ганнуся; Дана; Дарина; Дарія Дарья Дар'я Даша; Діана Диана; Домініка Доминика;
Єва Ева; Евеліна Эвелина Евелина; Євгенія Евгения Женя; Єлизавета Елизавета Ліза Лиза; Емілія Эмилия; Жанна; Злата;
Зоряна; Зоя; Іванна Иванна; Іва; Інна Инна; Ірина Ирина Іра Ира Іринка; Каміла Камила; Карина Каріна;
Катерина Екатерина Катя Катруся; Кіра Кира; Ксенія Ксения; Лариса; Леся; Олеся; Лідія Лидия; Лілія Лилия; Ліна Лина;
Любов Любовь Люба; Людмила Люда; Маргарита Рита; Марина; Марія Мария Марійка Маша Маруся; Марта; Мар'яна Марьяна;
Меланія Мелания; Мирослава; Мілана Милана; Надія Надежда Надя; Наталія Наталья Наталя Наташа; Ніка Ника; Ніна Нина;
Оксана; Олена Елена Оленка Лена; Альона Алена Алёна; Олександра Александра Саша Сашка; Ольга Оля; Орина; Поліна Полина;
Раїса Раиса; Роксолана; Руслана; Сабіна Сабина; Світлана Светлана Света; Соломія Соломия; Софія София Софья Соня;
Стефанія Стефания; Таїсія Таисия Тая; Тамара; Тетяна Татьяна Таня; Уляна Ульяна; Устина; Христина Кристина Христя;
Юлія Юлия Юля; Юліана Юлиана; Яна; Ярина; Ярослава
"""


@cache
def names_called(sound: str) -> frozenset[str]:
    """The names that one of exactly this sound is: none, where it is in no list."""
    return _tables()[0].get(sound, frozenset())


def names_in_any_case(sound: str) -> frozenset[str]:
    """The names of which a word of this sound is a form."""
    by_stem = _tables()[1]
    return frozenset().union(*(by_stem.get(each, frozenset()) for each in stems(sound)))


def names_near(sound: str) -> frozenset[str]:
    """The names that a word in no list is, where it has one slip."""
    if len(sound) < SLIP_LETTERS_MIN:
        return frozenset()
    return frozenset().union(*(names for known, names in _tables()[0].items() if _one_slip(sound, known)))


def _one_slip(typed: str, known: str) -> bool:
    if abs(len(typed) - len(known)) > 1:
        return False
    if len(typed) == len(known) and sum(a != b for a, b in zip(typed, known, strict=True)) == 1:
        return True
    return known in wholes_near(typed) or typed in wholes_near(known)


@cache
def _tables() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Names by the sound of each of their forms, and by its stem."""
    forms = [line.split() for line in _NAMES.replace("\n", " ").split(";")]
    spoken = [(sound, each[0]) for each in forms for form in each for word in words(form) for sound in sounds(word)]
    return _gathered(spoken), _gathered((stem(sound), name) for sound, name in spoken)


def _gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for sound, name in pairs:
        found[sound].add(name)
    return {sound: frozenset(names) for sound, names in found.items()}
