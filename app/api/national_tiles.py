"""Where each region stands on the map: a tile each, all of one size, beside its neighbours as far as that goes.

No region is larger than another here: an area says nothing of how many children live in it. Odd rows are shifted by
half a tile, as the cells of a honeycomb are.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from domain.vocabulary import Label


class Tile(NamedTuple):
    column: int
    row: int
    name: Label  # short enough for it


TILES = MappingProxyType(
    {
        "UA-07": Tile(1, 0, Label("Волинь", "Volyn")),
        "UA-56": Tile(2, 0, Label("Рівне", "Rivne")),
        "UA-18": Tile(3, 0, Label("Житомир", "Zhytomyr")),
        "UA-30": Tile(4, 0, Label("м. Київ", "Kyiv city")),
        "UA-74": Tile(5, 0, Label("Чернігів", "Chernihiv")),
        "UA-59": Tile(6, 0, Label("Суми", "Sumy")),
        "UA-46": Tile(0, 1, Label("Львів", "Lviv")),
        "UA-61": Tile(1, 1, Label("Тернопіль", "Ternopil")),
        "UA-68": Tile(2, 1, Label("Хмельн.", "Khmeln.")),
        "UA-32": Tile(3, 1, Label("Київщина", "Kyiv obl.")),
        "UA-53": Tile(4, 1, Label("Полтава", "Poltava")),
        "UA-63": Tile(5, 1, Label("Харків", "Kharkiv")),
        "UA-09": Tile(6, 1, Label("Луганськ", "Luhansk")),
        "UA-21": Tile(0, 2, Label("Закарп.", "Zakarp.")),
        "UA-26": Tile(1, 2, Label("Ів.-Фр.", "Iv.-Fr.")),
        "UA-77": Tile(2, 2, Label("Чернівці", "Chernivtsi")),
        "UA-05": Tile(3, 2, Label("Вінниця", "Vinnytsia")),
        "UA-71": Tile(4, 2, Label("Черкаси", "Cherkasy")),
        "UA-35": Tile(5, 2, Label("Кіровогр.", "Kirovohr.")),
        "UA-12": Tile(6, 2, Label("Дніпро", "Dnipro")),
        "UA-14": Tile(7, 2, Label("Донецьк", "Donetsk")),
        "UA-51": Tile(3, 3, Label("Одеса", "Odesa")),
        "UA-48": Tile(4, 3, Label("Миколаїв", "Mykolaiv")),
        "UA-65": Tile(5, 3, Label("Херсон", "Kherson")),
        "UA-23": Tile(6, 3, Label("Запоріжжя", "Zaporizh.")),
        "UA-43": Tile(6, 4, Label("Крим", "Crimea")),
        "UA-40": Tile(5, 5, Label("Севаст.", "Sevastopol")),
    }
)
COLUMNS, ROWS = 8, 6
RADIUS = 52.0
WIDTH = 90.0  # of a tile, side to side
ROW_HEIGHT = 78.0


def centre(tile: Tile) -> tuple[float, float]:
    """Of the tile, from the upper left corner of the map."""
    return (tile.column + 0.5 + tile.row % 2 * 0.5) * WIDTH, RADIUS + tile.row * ROW_HEIGHT


def outline(tile: Tile) -> str:
    """The six corners, as SVG writes points."""
    x, y = centre(tile)
    half, side = WIDTH / 2, RADIUS / 2
    corners = ((0, -RADIUS), (half, -side), (half, side), (0, RADIUS), (-half, side), (-half, -side))
    return " ".join(f"{x + across:g},{y + down:g}" for across, down in corners)
