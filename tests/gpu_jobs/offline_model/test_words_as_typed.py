"""Words as people write them: every case, slips, mixed alphabets, Latin letters, Russian; and nothing made up."""

from __future__ import annotations

import pytest

from gpu_jobs.offline_model.reading import parse_query

# Nouns: nominative, genitive, dative, accusative, instrumental, locative; singular, then plural. What they all mean.
PARADIGMS = """
person: людина людини людині людину людиною людині | люди людей людям людей людьми людях
person: особа особи особі особу особою особі | особи осіб особам осіб особами особах
person: хлопець хлопця хлопцю хлопця хлопцем хлопцеві | хлопці хлопців хлопцям хлопців хлопцями хлопцях
person: дівчина дівчини дівчині дівчину дівчиною дівчині | дівчата дівчат дівчатам дівчат дівчатами дівчатах
person: пішохід пішохода пішоходу пішохода пішоходом пішоходові | пішоходи пішоходів пішоходам пішоходами пішоходах
person: підліток підлітка підлітку підлітка підлітком підліткові | підлітки підлітків підліткам підлітками підлітках
person adult: чоловік чоловіка чоловіку чоловіка чоловіком чоловікові | чоловіки чоловіків чоловікам чоловіками
person adult: жінка жінки жінці жінку жінкою жінці | жінки жінок жінкам жінок жінками жінках
person child: дитина дитини дитині дитину дитиною дитині | діти дітей дітям дітей дітьми дітях
person child: хлопчик хлопчика хлопчику хлопчиком хлопчикові | хлопчики хлопчиків хлопчикам хлопчиками хлопчиках
person child: дівчинка дівчинки дівчинці дівчинку дівчинкою | дівчинки дівчинок дівчинкам дівчинками дівчинках
person child: школяр школяра школяру школярем школяреві | школярі школярів школярам школярами школярах
person child: школярка школярки школярці школярку школяркою | школярки школярок школяркам школярками школярках
person: син сина сину сином синові | сини синів синам синами синах
person child: учень учня учню учнем учневі | учні учнів учням учнями учнях
car: машина машини машині машину машиною машині | машини машин машинам машини машинами машинах
car: автомобіль автомобіля автомобілю автомобілем автомобілі | автомобілі автомобілів автомобілям автомобілями
car: авто
car: автівка автівки автівці автівку автівкою | автівки автівок автівкам автівками автівках
car: легковик легковика легковику легковиком легковикові | легковики легковиків легковикам легковиками легковиках
van: фургон фургона фургону фургоном фургоні | фургони фургонів фургонам фургонами фургонах
van: мікроавтобус мікроавтобуса мікроавтобусу мікроавтобусом мікроавтобусі | мікроавтобуси мікроавтобусів
van: маршрутка маршрутки маршрутці маршрутку маршруткою | маршрутки маршруток маршруткам маршрутками маршрутках
bus: автобус автобуса автобусу автобус автобусом автобусі | автобуси автобусів автобусам автобусами автобусах
truck: вантажівка вантажівки вантажівці вантажівку вантажівкою | вантажівки вантажівок вантажівкам вантажівками
truck: фура фури фурі фуру фурою | фури фур фурам фурами фурах
bicycle: велосипед велосипеда велосипеду велосипедом велосипеді | велосипеди велосипедів велосипедам велосипедами
motorcycle: мотоцикл мотоцикла мотоциклу мотоциклом мотоциклі | мотоцикли мотоциклів мотоциклам мотоциклами
scooter: самокат самоката самокату самокатом самокаті | самокати самокатів самокатам самокатами самокатах
dog: собака собаки собаці собаку собакою | собаки собак собакам собаками собаках
dog: пес пса псу псом псові | пси псів псам псами псах
backpack: рюкзак рюкзака рюкзаку рюкзаком рюкзаці | рюкзаки рюкзаків рюкзакам рюкзаками рюкзаках
backpack: наплічник наплічника наплічнику наплічником | наплічники наплічників наплічникам наплічниками
backpack: ранець ранця ранцю ранцем ранці | ранці ранців ранцям ранцями ранцях
bag: сумка сумки сумці сумку сумкою | сумки сумок сумкам сумками сумках
bag: пакет пакета пакету пакетом пакеті | пакети пакетів пакетам пакетами пакетах
suitcase: валіза валізи валізі валізу валізою | валізи валіз валізам валізами валізах
hat: шапка шапки шапці шапку шапкою | шапки шапок шапкам шапками шапках
hat: кепка кепки кепці кепку кепкою | кепки кепок кепкам кепками кепках
hat: капелюх капелюха капелюху капелюхом капелюсі | капелюхи капелюхів капелюхам капелюхами капелюхах
hood: капюшон капюшона капюшону капюшоном капюшоні | капюшони капюшонів капюшонам капюшонами капюшонах
helmet: шолом шолома шолому шоломом шоломі | шоломи шоломів шоломам шоломами шоломах
umbrella: парасолька парасольки парасольці парасольку парасолькою | парасольки парасольок парасолькам парасольками
umbrella: парасоля парасолі парасолю парасолею | парасолі парасоль парасолям парасолями парасолях
place:street: вулиця вулиці вулицю вулицею | вулиці вулиць вулицям вулицями вулицях
place:street: дорога дороги дорозі дорогу дорогою | дороги доріг дорогам дорогами дорогах
place:schoolyard: школа школи школі школу школою | школи шкіл школам школами школах
place:playground: майданчик майданчика майданчику майданчиком | майданчики майданчиків майданчикам майданчиками
place:parking: парковка парковки парковці парковку парковкою | парковки парковок парковкам парковками парковках
place:parking: стоянка стоянки стоянці стоянку стоянкою | стоянки стоянок стоянкам стоянками стоянках
place:shop: магазин магазину магазину магазином магазині | магазини магазинів магазинам магазинами магазинах
place:shop: крамниця крамниці крамницю крамницею | крамниці крамниць крамницям крамницями крамницях
night: ніч ночі ночі ніччю | ночі ночей ночам ночами ночах
rain: дощ дощу дощеві дощем дощі | дощі дощів дощам дощами дощах
"""
GARMENTS = """
upper: куртка куртки куртці куртку курткою | куртки курток курткам куртками куртках
upper: футболка футболки футболці футболку футболкою | футболки футболок футболкам футболками футболках
upper: сорочка сорочки сорочці сорочку сорочкою | сорочки сорочок сорочкам сорочками сорочках
upper: кофта кофти кофті кофту кофтою | кофти кофт кофтам кофтами кофтах
upper: светр светра светру светром светрі | светри светрів светрам светрами светрах
upper: пальто пальта пальту пальтом пальті
upper: пуховик пуховика пуховику пуховиком | пуховики пуховиків пуховикам пуховиками пуховиках
upper: худі
lower: штани штанів штанам штани штанами штанах
lower: джинси джинсів джинсам джинсами джинсах
lower: брюки брюк брюкам брюками брюках
lower: шорти шортів шортам шортами шортах
lower: спідниця спідниці спідницю спідницею | спідниці спідниць спідницям спідницями спідницях
"""
HARD = ["ий", "а", "е", "і", "ого", "ої", "ому", "ій", "у", "ою", "им", "их", "ими"]
SOFT = ["ій", "я", "є", "і", "ього", "ьої", "ьому", "ю", "ьою", "ім", "іх", "іми"]
COLOURS = {
    "червон": "red", "помаранчев": "orange", "жовт": "yellow", "зелен": "green", "блакитн": "blue",
    "фіолетов": "purple", "рожев": "pink", "коричнев": "brown", "чорн": "black", "біл": "white", "сір": "grey",
    "бордов": "red", "бежев": "brown", "голуб": "blue",
}  # fmt: skip


def forms(table: str) -> list[tuple[str, str]]:
    """(word, what it means), every form once."""
    found = {}
    for line in table.strip().splitlines():
        meaning, _, words = line.rpartition(": ")
        found.update(dict.fromkeys((word for word in words.split() if word != "|"), meaning))
    return list(found.items())


@pytest.mark.parametrize(("word", "meaning"), forms(PARADIGMS))
def test_every_form_of_a_noun_reads_alike(word: str, meaning: str) -> None:
    read = parse_query(word)
    assert read.facts == set(meaning.split())
    assert (read.unknown_words, read.read_as) == ((), ())


@pytest.mark.parametrize(("word", "part"), forms(GARMENTS))
def test_every_form_of_a_garment_reads_alike(word: str, part: str) -> None:
    read = parse_query(f"{word} червоного кольору")
    assert read.facts == {"person", f"{part}:red"}
    assert (read.unknown_words, read.read_as) == ((), ())


@pytest.mark.parametrize("stem", COLOURS)
@pytest.mark.parametrize("ending", HARD)
def test_every_form_of_a_colour_reads_alike(stem: str, ending: str) -> None:
    assert parse_query(f"{stem}{ending} машина").facts == {"car", f"colour:{COLOURS[stem]}"}


@pytest.mark.parametrize("ending", SOFT)
def test_every_form_of_blue_reads_alike(ending: str) -> None:
    assert parse_query(f"син{ending} автобус").facts == {"bus", "colour:blue"}


CASES = [
    ("person adult upper:red backpack", """
     чоловік у червоній куртці з рюкзаком; чоловіка в червоній куртці з рюкзаком; чоловіку у червоній куртці з рюкзаком;
     чоловіком у червоній куртці та з рюкзаком; рюкзак чоловіка в червоній куртці"""),
    ("van colour:white place:schoolyard", """
     білий фургон біля школи; білого фургона біля школи; білому фургону біля школи; білим фургоном біля школи;
     у білому фургоні біля школи; фургон білого кольору біля школи; білі фургони біля шкіл"""),
    ("person child scooter rider colour:pink", """
     дівчинка на рожевому самокаті; дівчинку на рожевому самокаті; дівчинці на рожевому самокаті;
     дівчинкою на рожевому самокаті; дівчинки на рожевих самокатах"""),
    ("person adult upper:blue umbrella umbrella:yellow", """
     жінка в синьому пальті з жовтою парасолькою; жінку в синьому пальті з жовтою парасолькою;
     жінці в синьому пальті з жовтою парасолькою; жінкою в синьому пальті з жовтою парасолькою"""),
    ("truck colour:green", """
     зелена вантажівка; зеленої вантажівки; зеленій вантажівці; зелену вантажівку; зеленою вантажівкою;
     зелені вантажівки; зелених вантажівок; зеленим вантажівкам; зеленими вантажівками; зелених вантажівках"""),
    ("dog colour:black", """
     чорний пес; чорного пса; чорному псу; чорним псом; чорні пси; чорних псів; чорним псам; чорними псами"""),
    ("person upper:red backpack place:schoolyard", """
     хлопець у червоній куртці з рюкзаком біля шкільних воріт; хлопця у червоній куртці з рюкзаком біля воріт школи;
     хлопцем у червоній куртці з рюкзаком біля шкільних воріт"""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "facts"), [(phrase.strip(), facts) for facts, phrases in CASES for phrase in phrases.split(";")]
)
def test_every_case_of_a_phrase_reads_alike(phrase: str, facts: str) -> None:
    read = parse_query(phrase)
    assert read.facts == set(facts.split())
    assert read.unknown_words == ()


MISSPELT = """
червоня машина = car colour:red
чевона машина = car colour:red
червонна машина = car colour:red
червна машина = car colour:red
черовна машина = car colour:red
червона машына = car colour:red
червона мошина = car colour:red
червона маашина = car colour:red
червона машинна = car colour:red
чирвона машина = car colour:red
зилена машина = car colour:green
зеленна машина = car colour:green
жовттий автобус = bus colour:yellow
жовтий автбус = bus colour:yellow
жовтий автобуус = bus colour:yellow
жовтий автобсу = bus colour:yellow
жовтий афтобус = bus colour:yellow
білий фурон = van colour:white
білий фургонн = van colour:white
білий фургог = van colour:white
рожевый самокат = scooter colour:pink
рожевий смокат = scooter colour:pink
рожевий самакат = scooter colour:pink
рожевий саомкат = scooter colour:pink
синій велосипет = bicycle colour:blue
синій велосепед = bicycle colour:blue
синій виласипед = bicycle colour:blue
синій велосипедд = bicycle colour:blue
чорний матоцикл = motorcycle colour:black
чорний мотоцикил = motorcycle colour:black
чорний мотцикл = motorcycle colour:black
сіра вантажывка = truck colour:grey
сіра вантажвка = truck colour:grey
сіра вантажіфка = truck colour:grey
чорна сабака = dog colour:black
чорна собакка = dog colour:black
людина в чорній куртцы = person upper:black
людина в чорній крутці = person upper:black
людина в чорній куртціі = person upper:black
людна в чорній куртці = person upper:black
людинна в чорній куртці = person upper:black
чоловiк з рюкзаком = person adult backpack
чоловік з рукзаком = person adult backpack
чоловік з рюгзаком = person adult backpack
чоловік з рюкзком = person adult backpack
чоловік з рюкзокам = person adult backpack
жінка з парасолкою = person adult umbrella
жінка з парсолькою = person adult umbrella
жінка з порасолькою = person adult umbrella
дтина на майданчику = person child place:playground
дитина на майданчіку = person child place:playground
дитина на майданичку = person child place:playground
хлопчк у шапці = person child hat
хлопчик у шаапці = person child hat
дівчинкка в рожевому = person child upper:pink
людина в супермаркиті = person place:shop
людина в супрмаркеті = person place:shop
людина в магазіні = person place:shop
людина біля школи вноочі = person place:schoolyard night
помаранчева футболкка = person upper:orange
помаранчиева футболка = person upper:orange
помoранчева футболка = person upper:orange
фіолетва сукня = person upper:purple lower:purple
фиолетова куртка = person upper:purple
коричнивий пес = dog colour:brown
коричнеевий пес = dog colour:brown
мікроавтобс білий = van colour:white
мекроавтобус білий = van colour:white
людина бежить = person pose:running
людина у капюшені = person hood
людина з вализою = person suitcase
red jackt = person upper:red
red jaket = person upper:red
red jackett = person upper:red
red jakcet = person upper:red
yelow bus = bus colour:yellow
yellwo bus = bus colour:yellow
yellow vehicel = vehicle colour:yellow
white trcuk = truck colour:white
whiet van = van colour:white
balck dog = dog colour:black
blakc dog = dog colour:black
orenge car = car colour:orange
purpel car = car colour:purple
green bycicle = bicycle colour:green
green bicicle = bicycle colour:green
green bicycel = bicycle colour:green
a perosn with a backpak = person backpack
a persn with a bakcpack = person backpack
a person with a bacpack = person backpack
person with an umbrela = person umbrella
person with an umberella = person umbrella
child at the playgroud = person child place:playground
chlid at the playground = person child place:playground
man in the supermarkt = person adult place:shop
a motorcylce = motorcycle
a motrocycle = motorcycle
red scoter = scooter colour:red
person runing = person pose:running
person in a swetaer, red = person upper:red
person with a helmit = person helmet
person with a suitcas = person suitcase
"""
MIXED = """
мaшина = car
чepвона машина = car colour:red
чеpвона мaшинa = car colour:red
ЧЕPВОНА MAШИНА = car colour:red
білий фуpгон = van colour:white
cиня куpткa = person upper:blue
вeлосипед = bicycle
пеc = dog
пec = dog
rеd cаr = car colour:red
blасk dоg = dog colour:black
whitе vаn = van colour:white
людина з pюкзаком = person backpack
подвір"я школи = place:schoolyard
подвір`я школи = place:schoolyard
подвір*я школи = place:schoolyard
подвіря школи = place:schoolyard
маши́на = car
чер­вона машина = car colour:red
"""
LATIN = """
chervona mashyna = car colour:red
chervona mashina = car colour:red
chervonu mashynu = car colour:red
bilyi furgon = van colour:white
bilyy fourgon bilya shkoly = place:schoolyard
bila mashyna = car colour:white
zhovtyi avtobus = bus colour:yellow
zhovtyj avtobus = bus colour:yellow
syniy avtomobil = car colour:blue
synia kurtka = person upper:blue
chorna kurtka = person upper:black
chornyi pes = dog colour:black
liudyna v chervonii kurtci = person upper:red
lyudyna v chervoniy kurttsi = person upper:red
khlopets z riukzakom = person backpack
hlopets z ryukzakom = person backpack
hlopchyk na samokati = person child scooter rider
zhinka z sumkoyu = person adult bag
zhinka v palto = person adult
dytyna na velosypedi = person child bicycle rider
sobaka = dog
cholovik u chornomu = person adult upper:black
vantazhivka = truck
krasnaya mashina = car colour:red
chelovek v siney kurtke = person upper:blue
xthdjyf vfibyf = car colour:red
xjhyf cevrf = bag
"""
RUSSIAN = """
красная машина = car colour:red
красную машину = car colour:red
машина красного цвета = car colour:red
человек в синей куртке = person upper:blue
человека в синей куртке = person upper:blue
мужчина с рюкзаком = person adult backpack
женщина в черном пальто = person adult upper:black
женщину с зонтом = person adult umbrella
мальчик на велосипеде = person child bicycle rider
девочка с желтым рюкзаком = person child backpack
ребенок возле школы = person child place:schoolyard
ребёнок у школы = person child place:schoolyard
белый микроавтобус = van colour:white
зелёный грузовик = truck colour:green
черная собака = dog colour:black
люди ночью под дождем = person night rain
парень в серых штанах = person lower:grey
человек бежит по улице = person pose:running place:street
дети на площадке = person child place:playground
подросток в капюшоне = person hood
"""


def table(text: str) -> list[tuple[str, set[str]]]:
    return [
        (typed, set(facts.split())) for typed, _, facts in (line.partition(" = ") for line in text.split("\n") if line)
    ]


READS = [row for text in (MISSPELT, MIXED, LATIN, RUSSIAN) for row in table(text)]
UNRELATED = """
літак човен ніж пістолет коляска маска окуляри борода казка курка сорока шкода палиця палка бита білка юшка червень
чорнило синяк зелень жовток автор торт собор пісок парк паркан гараж вокзал лікар лікарня сусід гора магніт шорох
кава каша ворона вода водій пошта плакат плитка велич верба мотор дошка груша диван пальма палець дерево джерело
краса кросівки рукавички кулька квіти прапор шарф голова рука нога небо сонце стілець вікно двері дах
short boots shoes track block while write greet crown chill house horse sweet stone story right tree
shooter packet range setting fitting talking working plants paint press carpet card scarf bush hate heat personal
wall table chair window gate knife gun bottle phone mask glasses beard stroller train tram boat bird bridge
вранці вчора учора завтра сьогодні лютий плаче плачуть топик топік клітинка клітинку внучка площа людний четверга
пятниці парковий худий буси бусах лежак вечірка пятий дорого вершник сильно спина переході
зліва трохи короткою точка похожие вверх верхня reading costs lives days
flower ladder hammer garden river mountain computer pizza guitar history future question
"""


def test_there_are_enough_of_each() -> None:
    assert len(READS) >= 120
    assert len(UNRELATED.split()) >= 60


@pytest.mark.parametrize(("typed", "facts"), READS)
def test_what_is_typed_reads_as_meant(typed: str, facts: set[str]) -> None:
    read = parse_query(typed)
    assert read.facts - {"rider"} == facts - {"rider"}


@pytest.mark.parametrize("word", UNRELATED.split())
def test_a_word_of_its_own_is_not_taken_for_another(word: str) -> None:
    read = parse_query(word)
    assert (read.facts, read.unknown_words, read.read_as) == (frozenset(), (word,), ())


def test_what_a_word_was_read_as_is_told() -> None:
    assert parse_query("чевона машина").read_as == (("чевона", "червона"),)
    assert parse_query("red jackt").read_as == (("jackt", "jacket"),)
    assert parse_query("chervona mashyna").read_as == (("chervona", "червона"), ("mashyna", "машина"))
    assert parse_query("червона машина").read_as == ()
    assert parse_query("мaшина").read_as == (), "nobody could see the difference"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("червний", ["червоний", "черний"]),  # a slip from each
        ("чорвна", ["чорна", "червона"]),  # the nearer one has no «в»
        ("чорвний", ["чорний", "червоний"]),
    ],
)
def test_of_two_colours_that_may_be_meant_both_are_looked_for_and_told(typed: str, read: list[str]) -> None:
    found = parse_query(f"{typed} куртка")
    assert found.facts == {"person", "upper:black", "upper:red"}
    assert found.read_as == tuple((typed, each) for each in read)
    assert parse_query(f"{typed} машина").facts == {"car", "colour:black", "colour:red"}


@pytest.mark.parametrize(
    ("typed", "facts"),
    [("червна", {"car", "colour:red"}), ("чорнна", {"car", "colour:black"}), ("черна", {"car", "colour:black"})],
)
def test_a_colour_that_only_one_can_be_is_alone(typed: str, facts: set[str]) -> None:
    assert parse_query(f"{typed} машина").facts == facts


def test_a_known_word_is_never_taken_for_another() -> None:
    for word, meaning in forms(PARADIGMS):
        assert parse_query(word).facts == set(meaning.split())
    assert parse_query("shirt").facts == {"person"}
    assert parse_query("skirt").facts == {"person"}


def test_an_english_query_keeps_its_unknown_words() -> None:
    assert parse_query("person with a magazine").unknown_words == ("magazine",)
    assert parse_query("a man reading a map").unknown_words == ("reading", "map")
