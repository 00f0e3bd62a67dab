"""The process in which bytes from outside are parsed: one file, one request, then it ends.

It is started by `gpu_jobs.decoding` with an empty environment, the file as an open descriptor, a request on standard
input and its answer on standard output. It shuts itself in before it reads the first byte of the file.
"""

from __future__ import annotations

import io
import sys
import time
import warnings
from typing import BinaryIO

import av
import av.error
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from gpu_jobs.decode_protocol import (
    End,
    FrameHeader,
    FramesRequest,
    ImageRequest,
    Order,
    Refused,
    Sealed,
    pack,
    read_order,
)
from gpu_jobs.errors import DecodeOverLimit, GpuJobFault, ImageTooLarge, ImageUnreadable, Unreadable
from gpu_jobs.footage_reading import examine, send_frames
from gpu_jobs.sandbox import seal

PICTURE_FORMATS = ("JPEG", "PNG", "WEBP")


def main() -> None:
    source = open(int(sys.argv[2]), "rb", buffering=0)  # noqa: SIM115, PTH123 (the descriptor that came with us)
    answer = io.FileIO(1, "wb", closefd=False)
    order = read_order(sys.stdin.buffer)
    _warm_up()
    _write(answer, pack(Sealed(seal(memory_bytes=order.memory_bytes, cpu_seconds=order.cpu_seconds))))
    try:
        last: End | Refused = _answer(source, order, answer)
    except GpuJobFault as fault:
        last = Refused(type(fault).__name__, str(fault))
    except (MemoryError, av.error.MemoryError):
        last = Refused(DecodeOverLimit.__name__, f"decoding needs more than {order.memory_bytes} bytes of memory")
    except (av.error.FFmpegError, OSError, ValueError, OverflowError) as fault:
        last = Refused(Unreadable.__name__, f"the file cannot be read: {type(fault).__name__}; fetch it again")
    _write(answer, pack(last))


def _answer(source: BinaryIO, order: Order, answer: io.FileIO) -> End:
    def send(header: FrameHeader, picture: NDArray[np.uint8]) -> None:
        _write(answer, pack(header))
        _write(answer, picture.data.cast("B"))

    request = order.request
    if isinstance(request, ImageRequest):
        picture = read_picture(source, request)
        send(FrameHeader(pts=0, width=picture.shape[1], height=picture.shape[0]), picture)
        return End(seen=1, sent=1, cpu_seconds=time.process_time())
    probe = examine(source)
    _write(answer, pack(probe))
    if isinstance(request, FramesRequest):
        return send_frames(source, probe, request, send)
    return End(end_pts=probe.end_pts, cpu_seconds=time.process_time())


def read_picture(source: BinaryIO, request: ImageRequest) -> NDArray[np.uint8]:
    """A picture as it is shown. Raises ImageUnreadable, or ImageTooLarge from the header alone."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    try:
        with Image.open(source, formats=PICTURE_FORMATS) as picture:
            width, height = picture.size
            if width * height > request.pixels_max:
                raise ImageTooLarge(
                    f"image: {width} × {height} pixels are more than {request.pixels_max}; send a smaller copy"
                )
            shown = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as fault:
        raise ImageUnreadable(f"image: not a readable {', '.join(PICTURE_FORMATS)} picture; send another") from fault
    return np.asarray(shown)


def _warm_up() -> None:
    """Make the libraries load what they load when first used: afterwards there are no files."""
    warnings.simplefilter("ignore")
    Image.init()
    sample = io.BytesIO()
    with av.open(sample, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    examine(sample)


def _write(answer: io.FileIO, content: bytes | memoryview) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[answer.write(rest) :]
