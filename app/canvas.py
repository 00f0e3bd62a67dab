"""A picture under way: rounded panels, photographs, and words in any language of the house.

Pillow lays out, OpenCV writes: its built-in font has Cyrillic on every machine, which Pillow's has not.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

Colour: TypeAlias = tuple[int, int, int]  # red, green, blue
Box: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

SMOOTH = 4  # corners are drawn this much larger, then scaled down
LINE_PIXELS_MAX = 1_000_000  # a line is measured as if the canvas had no right edge


@dataclass(frozen=True)
class Text:
    """Words in one line; `x`, `y` is the beginning of their baseline in pixels."""

    x: int
    y: int
    words: str
    size: int
    colour: Colour
    weight: int = 400


@dataclass
class Canvas:
    """The picture under way. Words are written last, over everything else."""

    image: Image.Image
    texts: list[Text] = field(default_factory=list)

    def panel(self, box: Box, colour: Colour, radius: int) -> None:
        self.image.paste(colour, box, rounded(box[2] - box[0], box[3] - box[1], radius))

    def write(self, x: int, y: int, words: str, size: int, colour: Colour, weight: int = 400) -> None:
        self.texts.append(Text(x, y, words, size, colour, weight))

    def png(self) -> bytes:
        """The finished picture."""
        canvas = np.array(self.image)
        for text in self.texts:
            cv2.putText(canvas, text.words, (text.x, text.y), text.colour, _font(), text.size, text.weight)
        out = io.BytesIO()
        Image.fromarray(canvas).save(out, "PNG")
        return out.getvalue()


def decoded(encoded: bytes | None) -> Image.Image | None:
    """A JPEG or PNG, upright; None where it is absent or unreadable."""
    if encoded is None:
        return None
    try:
        return ImageOps.exif_transpose(Image.open(io.BytesIO(encoded))).convert("RGB")
    except (UnidentifiedImageError, OSError):
        return None


@cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


def width_of(words: str, size: int, weight: int = 400) -> int:
    """Of the words in one line, in pixels."""
    box = cv2.getTextSize((LINE_PIXELS_MAX, 100), words, (0, 50), _font(), size, weight)
    return int(box[2])


def lines_of(words: str, width: int, size: int, weight: int = 400) -> list[str]:
    """The words broken into lines that fit."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(shortened(word, width, size, weight))
    return lines


def shortened(words: str, width: int, size: int, weight: int = 400) -> str:
    """The words, or as many of their letters as fit and an ellipsis."""
    if width_of(words, size, weight) <= width:
        return words
    fits, too_long = 0, len(words)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if width_of(f"{words[:middle]}…", size, weight) <= width:
            fits = middle
        else:
            too_long = middle
    return f"{words[:fits]}…"


@lru_cache(maxsize=64)
def rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with round corners; not to be drawn on, it is shared."""
    mask = Image.new("L", (width * SMOOTH, height * SMOOTH), 0)
    corners = (0, 0, width * SMOOTH - 1, height * SMOOTH - 1)
    ImageDraw.Draw(mask).rounded_rectangle(corners, radius * SMOOTH, fill=255)
    return mask.resize((width, height), Image.Resampling.LANCZOS)
