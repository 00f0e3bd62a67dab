"""Reading a query picture inside the decoding process. Untrusted bytes are parsed here."""

from __future__ import annotations

import warnings
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from gpu_jobs.decode_protocol import End, FrameHeader, ImageRequest, Write
from gpu_jobs.errors import ImageTooLarge, ImageUnreadable

FORMATS = ("JPEG", "PNG", "WEBP")


def warm_up() -> None:
    """Load what Pillow loads when first used: after the process has shut itself in there are no files."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    Image.init()


def answer(source: BinaryIO, request: ImageRequest, write: Write) -> End:
    picture = read_picture(source, request.pixels_max)
    write(FrameHeader(pts=0, width=picture.shape[1], height=picture.shape[0]), picture.data)
    return End(seen=1, sent=1)


def read_picture(source: BinaryIO, pixels_max: int) -> NDArray[np.uint8]:
    """A picture as it is shown. Raises ImageUnreadable, or ImageTooLarge from the header alone."""
    try:
        with Image.open(source, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > pixels_max:
                raise ImageTooLarge(f"image: {width} × {height} pixels are more than {pixels_max}; send a smaller copy")
            shown = _eight_bits(ImageOps.exif_transpose(picture)).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as fault:
        raise ImageUnreadable(f"image: not a readable {', '.join(FORMATS)} picture; send another") from fault
    return np.ascontiguousarray(shown)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Pillow would cut brightness above 255 off instead of scaling it."""
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8))
