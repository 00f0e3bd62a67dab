"""A query is read into facts whatever its inflection, and words that the model cannot know are named."""

from __future__ import annotations

import pytest

from gpu_jobs.offline_model.reading import parse_query


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("червона машина", {"car", "colour:red"}),
        ("червону машину", {"car", "colour:red"}),
        ("машина червоного кольору", {"car", "colour:red"}),
        ("Автомобіль, червоний", {"car", "colour:red"}),
        ("ЧЕРВОНЕ АВТО", {"car", "colour:red"}),
        ("red auto", {"car", "colour:red"}),
        ("car, red", {"car", "colour:red"}),
        ("людина в червоній куртці", {"person", "upper:red"}),
        ("людину у червоному", {"person", "upper:red"}),
        ("червона куртка", {"person", "upper:red"}),
        ("man wearing red", {"person", "adult", "upper:red"}),
        ("a cyclist dressed in dark red", {"bicycle", "rider", "person", "upper:red"}),
        ("хлопець у червоній куртці з рюкзаком", {"person", "upper:red", "backpack"}),
        ("білий фургон біля школи", {"van", "colour:white", "place:schoolyard"}),
        (
            "жінка в синьому пальті з жовтою парасолькою",
            {"person", "adult", "upper:blue", "umbrella", "umbrella:yellow"},
        ),
        ("темно-синя вантажівка", {"truck", "colour:blue"}),
        ("вантажний автомобіль білого кольору", {"truck", "colour:white"}),
        ("людина у білому та сірих штанах", {"person", "upper:white", "lower:grey"}),
        ("людина у білих та сірих штанах", {"person", "lower:white", "lower:grey"}),
        ("a man in red and light blue jeans", {"person", "adult", "upper:red", "lower:blue"}),
        ("a man in a red and blue jacket", {"person", "adult", "upper:red", "upper:blue"}),
        ("велосипедист у зеленій футболці", {"bicycle", "rider", "person", "upper:green"}),
        ("дівчинка на рожевому самокаті", {"person", "child", "scooter", "rider", "colour:pink"}),
        ("a person in a black jacket and blue jeans", {"person", "upper:black", "lower:blue"}),
        ("school bus", {"bus"}),
        ("people in the dark", {"person", "night"}),
        ("person in a dark red coat", {"person", "upper:red"}),
        ("no one in the car park", {"empty", "place:parking"}),
        ("без людей", {"empty"}),
        ("група дітей на майданчику", {"group", "person", "child", "place:playground"}),
        ("людина йде з собакою під дощем", {"person", "pose:walking", "dog", "rain"}),
        ("пса", {"dog"}),
        ("подвір'я школи", {"place:schoolyard"}),
        ("подвірʼя школи", {"place:schoolyard"}),
        ("подвір’я школи", {"place:schoolyard"}),
        ("вулиця без людей", {"empty", "place:street"}),
        ("людей немає", {"empty"}),
        ("нікого немає вночі", {"empty", "night"}),
        ("people in the dark infrared camera", {"person", "night", "mono"}),
        ("street, dark", {"place:street", "night"}),
        ("людина при денному світлі", {"person", "day"}),
        ("dark blue car", {"car", "colour:blue"}),
        ("темні сині штани", {"person", "lower:blue"}),
        ("жінка в яскраво-червоній куртці", {"person", "adult", "upper:red"}),
        ("a cyclist in dark red on a blue bicycle", {"bicycle", "rider", "person", "upper:red", "colour:blue"}),
        ("чорний джип", {"car", "colour:black"}),
        ("black SUV", {"car", "colour:black"}),
        ("red hooded jacket", {"person", "upper:red", "hood"}),
        ("жінка в червоному несе сумку", {"person", "adult", "upper:red", "bag"}),
        ("woman in red holding a dog", {"person", "adult", "upper:red", "dog"}),
        ("yellow school bus", {"bus", "colour:yellow"}),
        ("біла шуба", {"person", "upper:white"}),
        ("runner", {"person", "pose:running"}),
        ("бігун вночі", {"person", "pose:running", "night"}),
        ("хтось стоїть", {"person", "pose:standing"}),
        ("чоловік із сином", {"person", "adult"}),
        ("чорно-біле зображення", {"mono"}),
        ("кадр чорно-білий", {"mono"}),
        ("infrared, monochrome person", {"mono", "person"}),
        ("чорно-біла машина", {"car", "colour:black", "colour:white"}),
        ("двоє у червоному", {"person", "group", "count:2", "upper:red"}),
        ("two in the shop", {"person", "group", "count:2", "place:shop"}),
        ("three school children", {"person", "child", "group", "count:3"}),
    ],
)
def test_reads(text: str, facts: set[str]) -> None:
    assert parse_query(text).facts == facts
    assert parse_query(text).unknown_words == ()


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Літак у небі", ("Літак", "небі")),
        ("жінка з коляскою", ("коляскою",)),
        ("someone with a knife", ("knife",)),
        ("red leather jacket", ("leather",)),
        ("великий білий автобус", ("великий",)),
        ("дитина з червоним рюкзаком", ("червоним",)),  # the colour of a bag is not learnt
        ("людина без шапки", ("без", "шапки")),  # nothing can be left out
        ("синиця", ("синиця",)),  # begins like «синій»
        ("дорогий", ("дорогий",)),  # begins like «дорога»
        ("червоної машини немає", ("червоної", "машини", "немає")),
    ],
)
def test_names_what_it_does_not_know(text: str, unknown: tuple[str, ...]) -> None:
    assert parse_query(text).unknown_words == unknown


ADULT, CHILD, GROUP = {"person", "adult"}, {"person", "child"}, {"person", "group"}


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("дві години тому біла машина", {"car", "colour:white"}, "дві години тому"),
        ("two hours ago a white car", {"car", "colour:white"}, "two hours ago"),
        ("person in a black coat two days ago", {"person", "upper:black"}, "two days ago"),
        ("дві години тому чоловік у чорному", ADULT | {"upper:black"}, "дві години тому"),
        ("three bottles standing on a table", set(), "three bottles standing table"),
        ("three standing on a table", GROUP | {"count:3", "pose:standing"}, "table"),
        ("два ножі", set(), "два ножі"),
        ("two red jackets", {"person", "upper:red"}, "two"),
        ("two drunk men", GROUP | {"count:2"}, "drunk"),
        ("two tall young masked men", GROUP | {"count:2"}, "tall young masked"),
        ("three hooded men", GROUP | {"count:3", "hood"}, ""),
        ("дві години тому чоловік", {"person", "adult"}, "дві години тому"),
        ("two policemen", set(), "two policemen"),
        ("двоє поліцейських", GROUP | {"count:2"}, "поліцейських"),
        ("two school bags", {"bag"}, "two"),
        ("camera two", set(), "two"),
        ("camera two at night", {"night"}, "two"),
        ("boy of five in a red coat", CHILD | {"upper:red"}, "five"),
        ("boy, five, red coat", CHILD | {"upper:red"}, "five"),
        ("два дня назад мужчина", ADULT, "два назад"),
        ("the last two days", set(), "last two days"),
        ("двоє на мотоциклі", GROUP | {"count:2", "motorcycle"}, ""),
        ("two of the cars", {"car"}, "two"),
        ("two of them in hoodies", GROUP | {"count:2"}, ""),
        ("two in black by a car", GROUP | {"count:2", "upper:black", "car"}, ""),
        ("several cars", {"car"}, "several"),
        ("кілька чорних машин", {"car", "colour:black"}, "кілька"),
        ("кілька хвилин тому людина", {"person"}, "кілька хвилин тому"),
        ("кілька невідомих молодих людей", GROUP, "невідомих молодих"),
        ("several young men", GROUP, "young"),
        ("a crowd of football fans", GROUP, "football fans"),
        ("a pack, a group of dogs", {"dog"}, "pack group"),
        ("машини разом", {"car"}, "разом"),
        ("two cyclists", GROUP | {"count:2", "bicycle", "rider"}, ""),
        ("group of five", GROUP | {"count:5"}, ""),
    ],
)
def test_a_number_counts_people_or_is_told(text: str, facts: set[str], unknown: str) -> None:
    read = parse_query(text)
    assert (read.facts, " ".join(read.unknown_words)) == (facts, unknown)


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("girl in school uniform", CHILD, "school"),
        ("дівчинка у шкільній формі", CHILD, "шкільній формі"),
        ("girl in a school by the bus", CHILD | {"place:schoolyard", "bus"}, ""),
        ("child at the bus stop", CHILD, "bus stop"),
        ("a bus stops", {"bus"}, "stops"),
        ("school bus driver", set(), "bus driver"),
        ("водій автобуса в синій сорочці", {"person", "upper:blue"}, "водій автобуса"),
        ("на зупинці автобус", {"bus"}, "зупинці"),
        ("man in red running shoes", ADULT, "red running shoes"),
        ("man with a walking stick", ADULT, "walking stick"),
        ("woman in a rain jacket", ADULT, "rain"),
        ("boy in a bike helmet", CHILD | {"helmet"}, "bike"),
        ("woman in an evening dress", ADULT, "evening"),
        ("жінка у вечірній сукні", ADULT, "вечірній"),
        ("girl in a riding helmet", CHILD | {"helmet"}, "riding"),
        ("black car with a white top", {"car", "colour:black"}, "white top"),
        ("white top by a black car", {"car", "colour:black"}, "white top"),
        ("cyclist in a white top", {"bicycle", "rider", "person", "upper:white"}, ""),
        ("man in a white top by a car", ADULT | {"upper:white", "car"}, ""),
        ("дорога машина", {"car"}, "дорога"),
        ("на дорозі машина", {"car", "place:street"}, ""),
        ("чорно-біла шапка", {"hat"}, "чорно-біла"),
        ("чорно-білі кросівки", set(), "чорно-білі кросівки"),
    ],
)
def test_what_only_says_of_what_sort_a_thing_is_is_told(text: str, facts: set[str], unknown: str) -> None:
    read = parse_query(text)
    assert (read.facts, " ".join(read.unknown_words)) == (facts, unknown)


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("grey-haired man in a black coat", ADULT | {"upper:black"}, "grey haired"),
        ("red headed boy", CHILD, "red headed"),
        ("сивий чоловік у чорній куртці", ADULT | {"upper:black"}, "сивий"),
        ("рыжий мальчик", CHILD, "рыжий"),
        ("black man in a white shirt", ADULT | {"upper:white"}, "black"),
        ("біла людина", {"person"}, "біла"),
        ("жінка в білому", ADULT | {"upper:white"}, ""),
        ("сива машина", {"car", "colour:grey"}, ""),
    ],
)
def test_hair_and_skin_are_nothing_worn(text: str, facts: set[str], unknown: str) -> None:
    read = parse_query(text)
    assert (read.facts, " ".join(read.unknown_words)) == (facts, unknown)


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("дитина без дорослих", CHILD, "без дорослих"),
        ("child without adults", CHILD, "without adults"),
        ("girl on a bench with no people", CHILD, "no people"),
        ("вулиця без дітей", {"place:street"}, "без дітей"),  # there may be others
        ("чоловік без бороди, жінка", ADULT, "без бороди"),
        ("man without glasses, woman", ADULT, "without glasses"),
        ("чоловік без бороди з дитиною", CHILD, "без бороди"),
        ("чоловік без бороди вночі", ADULT | {"night"}, "без бороди"),
        ("дитина без нагляду дорослих", CHILD, "без нагляду дорослих"),
        ("man with empty hands", ADULT, "empty hands"),
        ("чоловік з порожніми руками", ADULT, "порожніми руками"),
        ("man, nobody near", ADULT, "nobody"),
        ("no people in red", set(), "no people red"),
        ("car without a woman in a red coat", {"car"}, "without woman red coat"),
        ("велосипед без хлопця у синьому", {"bicycle"}, "без хлопця синьому"),
        ("чоловік без шапки і рюкзака", ADULT, "без шапки рюкзака"),
        ("man without a hat or a bag", ADULT, "without hat bag"),
        ("man without a hat and a dog", ADULT | {"dog"}, "without hat"),
        ("вулиця без людей і машин", {"empty", "place:street"}, "без машин"),
        ("стоянка, жодної машини", {"place:parking"}, "жодної машини"),
        ("a bus without two people", {"bus"}, "without two people"),
        ("людина не в червоній куртці", {"person"}, "не червоній"),
        ("червона, не синя куртка", {"person", "upper:red"}, "не синя"),
        ("neither red nor blue jacket", {"person"}, "neither red nor blue"),
        ("all children except boys", {"person", "child"}, "except boys"),
        ("man not wearing a hat", ADULT, "not hat"),
        ("a man who isn't running", ADULT, "isn't running"),
        ("людина не стоїть", {"person"}, "не стоїть"),
        ("не людина", set(), "не людина"),
        ("the street is not empty", {"place:street"}, "not empty"),
        ("cyclist without a helmet in red", {"bicycle", "rider", "person", "upper:red"}, "without helmet"),
        ("неповнолітній у невеликому авто", {"car"}, "неповнолітній невеликому"),
    ],
)
def test_what_is_not_to_be_there_is_told_and_changes_nothing_else(text: str, facts: set[str], unknown: str) -> None:
    read = parse_query(text)
    assert (read.facts, " ".join(read.unknown_words)) == (facts, unknown)


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("man in a dark jacket", ADULT, "dark"),
        ("dark car", {"car"}, "dark"),
        ("dark-haired man", ADULT, "dark haired"),
        ("man in dark", ADULT, "dark"),
        ("людина в темному одязі", {"person"}, "темному"),
        ("світла куртка", {"person"}, "світла"),
        ("light jeans", {"person"}, "light"),
        ("under a street light", {"place:street"}, "light"),
    ],
)
def test_dark_and_light_alone_are_no_colour_and_no_night(text: str, facts: set[str], unknown: str) -> None:
    read = parse_query(text)
    assert (read.facts, " ".join(read.unknown_words)) == (facts, unknown)


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("людина з червоною валізою", {"person", "suitcase"}, "червоною"),
        ("людина в червоному шоломі", {"person", "helmet"}, "червоному"),
        ("червоний капюшон", {"hood"}, "червоний"),
        ("black shoes", set(), "black shoes"),
        ("man in black shoes and blue jeans", ADULT | {"lower:blue"}, "black shoes"),
        ("людина біля жовтого будинку", {"person"}, "жовтого будинку"),
        ("людина біля будинку жовтого кольору", {"person"}, "будинку жовтого"),
        ("man near a green fence", ADULT, "green fence"),
        ("man near a yellow building", ADULT, "yellow building"),
        ("man on a red bench", ADULT, "red"),
        ("person near a red shop", {"person", "place:shop"}, "red"),
        ("red Toyota", set(), "red Toyota"),
        ("man in red talking", ADULT | {"upper:red"}, "talking"),
        ("людина в червоному розмовляє", {"person", "upper:red"}, "розмовляє"),
        ("машина червона стара", {"car", "colour:red"}, "стара"),
        ("автобус старий жовтий", {"bus", "colour:yellow"}, "старий"),
        ("чорна куртка сині джинси білі кросівки", {"person", "upper:black", "lower:blue"}, "білі кросівки"),
        ("чоловік у синіх джинсах чорних кросівках", ADULT | {"lower:blue"}, "чорних кросівках"),
        ("чорна шкіряна куртка білі кросівки", {"person", "upper:black"}, "шкіряна білі кросівки"),
        ("куртка червона штани чорні", {"person", "upper:red", "lower:black"}, ""),
        ("штани чорні куртка червона", {"person", "upper:red", "lower:black"}, ""),
        ("red thing", {"person", "upper:red", "colour:red"}, "thing"),
    ],
)
def test_the_colour_of_what_is_not_known_is_nobody_else_s(text: str, facts: set[str], unknown: str) -> None:
    read = parse_query(text)
    assert (read.facts, " ".join(read.unknown_words)) == (facts, unknown)


def test_says_that_it_tells_no_woman_from_a_man() -> None:
    assert parse_query("woman in a red coat").widened_words == ("woman",)
    assert parse_query("хлопчика в синьому").widened_words == ("хлопчика",)
    assert parse_query("мати шукає сина").widened_words == ("сина",)
    assert parse_query("підліток біля джипа").widened_words == ("підліток", "джипа")
    assert parse_query("person in a red coat").widened_words == ()


def test_nothing_understood_leaves_no_facts() -> None:
    assert parse_query("літак").facts == frozenset()
    assert parse_query("").facts == frozenset()
    assert parse_query("?!…").unknown_words == ()
    assert parse_query("де ця лавка, покажи").unknown_words == ("ця", "лавка")
    assert parse_query("the bench, please").unknown_words == ("the", "bench", "please"), "guessed at: nothing is known"


@pytest.mark.parametrize(
    ("text", "facts", "unknown"),
    [
        ("біжить", set(), ("біжить",)),
        ("собака біжить", {"dog"}, ("біжить",)),
        ("машина стоїть біля паркану", {"car"}, ("стоїть", "паркану")),
        ("a dog running", {"dog"}, ("running",)),
    ],
)
def test_what_others_than_people_do_is_told(text: str, facts: set[str], unknown: tuple[str, ...]) -> None:
    assert (parse_query(text).facts, parse_query(text).unknown_words) == (facts, unknown)


def test_a_colour_that_is_to_be_missing_is_reported_and_not_asked_for() -> None:
    for text in ("машина без червоного", "a car without red"):
        parsed = parse_query(text)
        assert parsed.facts == {"car"}
        assert len(parsed.unknown_words) == 2


def test_english_words_beside_the_vocabulary_are_no_ukrainian_ones() -> None:
    for text in ("police", "police car", "police officer", "person near trees", "company", "man sleep", "man walls"):
        facts = parse_query(text).facts
        assert not facts & {"place:shop", "group", "pose:walking", "count:3"}, (text, facts)
