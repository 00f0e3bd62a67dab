"""Misspelt words: which known word is meant, where only one can be.

A slip keeps the first letter. It leaves a letter out, doubles or adds one, exchanges two neighbours, or puts another
that sounds alike or lies beside it on the keyboard (Damerau 1964: four slips in five are one such edit). One slip in a
word of five letters, two in one of eight; shorter words are taken as they stand. What is a word of its own
(`OTHER_WORDS`) is never taken for another, and where two known words are equally near, none is; but of colours all are.
Where the nearest colour lacks a letter that was typed, one that lies a slip further counts, too: «чорвна» is black or
red.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

ONE_SLIP_LETTERS, TWO_SLIPS_LETTERS = 5, 8
SLIPS_MAX = 2
STEM_LETTERS_MIN, TWO_SLIPS_STEM_MIN = 4, 6
_ROWS = "йцукенгшщзхї", "фівапролджє", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm"
_ALIKE = ("иіеєїйыэ", "оа", "еєо", "уоюв", "гґхк", "сзц", "шщчж", "дт", "бп", "вф", "ая", "яє",
          "aeo", "ei", "iy", "ou", "ck", "sc", "sz", "dt", "bp", "vw", "gj")  # fmt: skip
_NEAR = frozenset(
    pair for row in _ROWS for left, right in pairwise(row) for pair in ((left, right), (right, left))
) | frozenset((left, right) for sound in _ALIKE for left in sound for right in sound if left != right)
_OTHER_WORDS = """
police policy policies company companies trees tree sleep sleeping walls wall crows crow settings setting bottom blocks
block officer officers
курка курки курку казка казки казку казці сорока сороки сороку шкода шкоди шкоду шкодо пилка пилки палка палки палку
палиця палиці палицю палицею полин бита бити битою білка білки білку юшка юшки кутка кутку хлопок бавовна червень
червня чорнило синяк синяки зелень жовток білок автор автора авторка фурнітура торт торти собор собори пісок песок
пасок паска паску парк парки парку парком паркан паркану парканом школярство гараж гаражі вокзал лікар лікаря лікарка
лікарня лікарні сусід сусіда сусідка вулик вулики вуличка гори горе магніт шорох шорстка жилка жилки жила житло житель
кава каву кафе каша каші капуста капелан капітан каструля кран кеш чорниці сірник сірники сірка вода води водій водія
ворона ворони ворота воріт воротах стовп стіна стіни стіл стола стілець стояк статуя пошта пошти поштар пляж плакат
пліт плитка плита плани велич велика великий великого велике велосос верба верби мотор мотори мотора самовар самосвал
самота дощечка дошка дошки біблія бігунець груша груші грядка машиніст людство людожер особливо особливий
особливе осібно дитсадок диван дивани дівич пальма пальми палац палець пальці пальцем кофе костюмер дерево дерева
джміль джерело спідометр низка низки низько краса краси красень кросівки кросівок кросівках маска масці маску окуляри
окулярах рукавиці рукавички коляска коляску візок візком пістолет ножем ніж ножиці молоток зброя зброєю коробка
коробку пляшка пляшку пляшкою трактор трамвай тролейбус потяг поїзд літак човен корабель кіт кішка кішку кінь
птах голуб голуби ведмідь телефон телефоном кулька кулькою квіти квітами прапор пояс шарф шарфом бородою борода вусами
волосся взуття чоботи красиво краска белка белки серия черника чернила бедный белье сирень детектив девять десять
вчора учора вранці вчера четверга пятниці лютий лютого лютому плаче плачуть плакав внучка внучку внучки внучці внуки
топик топики топику топиком топік топіки топіку топіком клітинка клітинку клітинки людний людно площа площі площу
площею парковий паркова паркове парковою худий худій буси бусах бусами пятий пятим вечірка вечірку вечірки вечірці
вечеря вечерю вечері дорого лежак лежаку лежака лежаки верхи вершник верхня верхню верхні верхній верхнє верхнього
верхньої верхньою переходу переході переходом переходи переходів переход перехода переходе переходы платять платить
вибрано вибрана вибрані выбран выбрана выбрано нічий трохи поділіть точка точки точку зліва шкала шкали шкалу шкалі
кореневий кореневого груповий групових маршруту коротка короткою коротком короткий паролями компактні вместо путем
путей вверх вверху разовый разовая разного разному каком похожие похожий похожая похожее похожих похож насколько
никакого свертки свертку
short days boot boots shoe shoes sport spot shot shots track tracks tracked trick trunk trucker slack blank while whole
write greet greek greedy crown brow blown chill chilly chilled house horse sweet straight stone stove score story
stories stored strand strands lines lives read reads reading readings costs costly casts suite sorts shortest remaining
retaining rising noting datetime overall uniformly backs tricks inferred solver solvers right eight might threw shooter
scouter packet racket range fitting laying dying ruining talking waking barking packing marking working plants plant
paints paint parts pint bean press carpet carton cart care card scarf scar start star busy bush bust dose doge dodge
valve bagel badge beg begin cape capital capture hate heat hatch hotel personal persona parson prison wallet wait water
tall table chair door window gate gates knife knives gun pistol bottle box boxes phone mask glasses beard gloves
stroller pram train tram tractor boat plane cat cats bird cow sheep fence roof river bridge snow fog dust rein reign
rant rust root rope rabbit ball balloon flower flowers flag broad board mean meant mane menu mine mint womb world word
wild wile whine shelter shell shield schooner shoplift shape ship ships sheet shoot shade shake croud cloud clown cross
gross grope great gravy grave guard guide guild gold lordly lamb later layer largely liquid livid lung beach branch
strict string strong stairs stadium station statue stray coal coast cost reed rod rat pick pinch pine point parks pack
package path pathway party skill sleeve sleeves striped stripes checked collar button zipper
"""
OTHER_WORDS = frozenset(_OTHER_WORDS.split())
OFTEN = {"bycicle": "bicycle", "bycicles": "bicycle", "bycecle": "bicycle", "vecicle": "vehicle", "vehical": "vehicle"}


class Known(NamedTuple):
    """A stem that the reader knows, and the endings that may follow it."""

    stem: str
    endings: frozenset[str]


class Slip(NamedTuple):
    slips: int
    read: str


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may hold."""
    if word in OTHER_WORDS or not word.isalpha():
        return 0
    return SLIPS_MAX if len(word) >= TWO_SLIPS_LETTERS else 1 if len(word) >= ONE_SLIP_LETTERS else 0


def nearest(word: str, known: Mapping[str, tuple[Known, ...]]) -> list[Slip]:
    """The known words that are nearest to one that nobody knows; several where they are equally near.

    `known` has the stems by their first letter.
    """
    if word in OFTEN:
        return [Slip(2, OFTEN[word])]
    found = sorted(set(_within(word, known.get(word[:1], ()), slips_allowed(word))))
    return [each for each in found if each.slips == found[0].slips]


def beside(word: str, nearest: Slip, colours: Mapping[str, tuple[Known, ...]]) -> list[Slip]:
    """The words of colours that may be meant as well as the nearest one, itself among them; `colours` as `nearest` has
    its stems."""
    slips = min(nearest.slips + (len(nearest.read) < len(word)), SLIPS_MAX)
    return sorted(set(_within(word, colours.get(word[:1], ()), slips)))


def _within(word: str, known: tuple[Known, ...], allowed: int) -> Iterator[Slip]:
    for stem, endings in known:
        limit = allowed if len(stem) >= TWO_SLIPS_STEM_MIN else min(1, allowed)
        if len(stem) < STEM_LETTERS_MIN or not limit:
            continue
        for size in range(max(2, len(stem) - limit), min(len(word), len(stem) + limit) + 1):
            ending = word[size:]
            if len(endings) > 2 and size != len(stem) and word[size - 1] != stem[-1]:
                continue  # another ending makes another word: «дорогий» is no «дорога»
            if ending in endings and 0 < (slips := slips_between(word[:size], stem, limit)) <= limit:
                yield Slip(slips, stem + ending)


def slips_between(typed: str, meant: str, limit: int) -> int:
    """Slips from one word to the other (optimal string alignment); what is no slip counts two. More than `limit` is
    told as limit + 1."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, 1):
        above, before, row = before, row, [i]
        for j, wanted in enumerate(meant, 1):
            change = 0 if letter == wanted else 1 if (letter, wanted) in _NEAR else 2
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + change)
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == wanted and letter != wanted:
                best = min(best, above[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return row[-1]
