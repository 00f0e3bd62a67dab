"""Footage and query pictures are decoded in a process of their own, one for each file.

Whatever the process does (crash, hang, answer nonsense, try to break out), the caller gets frames within the limits
or a typed error.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decode_parent import DecodeLimits, Decoder, idle
from gpu_jobs.decode_protocol import End, FrameHeader, FramesRequest, ImageRequest, Probe, ProbeRequest, Sealed
from gpu_jobs.errors import DecodeOverLimit, EmptyFile, ImageTooLarge, ImageUnreadable
from gpu_jobs.geometry import scaled
from gpu_jobs.sampling import Sampling
from gpu_jobs.sandbox import PROTECTIONS

__all__ = ["DecodeLimits", "FootageFrames", "Frame", "Sandbox", "decode_image", "probe", "sandbox"]


class Frame(msgspec.Struct, frozen=True):
    """A sampled frame: its PTS, the picture (height, width, 3) RGB, and the gaps (from, to) in PTS before it."""

    pts: int
    image: NDArray[np.uint8]
    gaps: tuple[tuple[int, int], ...]


class Sandbox(msgspec.Struct, frozen=True):
    """What decoding is shut in by on this machine: of `gpu_jobs.sandbox.PROTECTIONS`."""

    present: tuple[str, ...]
    missing: tuple[str, ...]


@functools.cache
def sandbox() -> Sandbox:
    """Found out by sealing a process, once. Raises DecodeFailed where no decoding process comes up at all."""
    with _in_memory(b"-") as source, Decoder(source, ImageRequest(1), DecodeLimits()) as decoder:
        present = decoder.expect(Sealed).protections
    return Sandbox(present, tuple(each for each in PROTECTIONS if each not in present))


def probe(path: Path, limits: DecodeLimits = DecodeLimits()) -> Probe:  # noqa: B008 (immutable)
    """What this file is, found out in a process of its own.

    Raises:
        gpu_jobs.errors.FootageRefused: EmptyFile, NotAVideo, NoVideoStream, CodecUnsupported or Unreadable.
        gpu_jobs.errors.DecodeFailed: the process crashed, hung or went over a limit.
    """
    with footage_file(path) as source, Decoder(source, ProbeRequest(), limits) as decoder:
        decoder.expect(Sealed)
        return decoder.expect(Probe)


class FootageFrames:
    """The sampled frames of one file, in order of time. A context; iterate it once; then `end` says what was left out.

    Raises as `probe` does, on entering or at any frame.
    """

    def __init__(
        self,
        path: Path,
        sampling: Sampling,
        *,
        side_px_max: int,
        limits: DecodeLimits = DecodeLimits(),  # noqa: B008 (immutable)
        pulse: Callable[[], None] = idle,
    ) -> None:
        self._path, self._limits, self._pulse = path, limits, pulse
        self._request = FramesRequest(sampling, side_px_max)
        self._open = ExitStack()
        self.end = End()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            source = opening.enter_context(footage_file(self._path))
            self._decoder = opening.enter_context(Decoder(source, self._request, self._limits, self._pulse))
            self._decoder.expect(Sealed)
            self.probe = self._decoder.expect(Probe)
            self.width, self.height = scaled(self.probe.width, self.probe.height, self._request.side_px_max)
            self._open = opening.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    @property
    def waited_seconds(self) -> float:
        """How long the caller waited for frames."""
        return self._decoder.waited_seconds

    def __iter__(self) -> Iterator[Frame]:
        latest = self.probe.start_pts - 1
        for _ in range(self._limits.frames_max):
            message = self._decoder.message()
            if isinstance(message, End):
                self.end = message
                return
            if not isinstance(message, FrameHeader) or not latest < message.pts:
                raise DecodeOverLimit("the decoding process sent something else than the next frame")
            latest = message.pts
            yield Frame(message.pts, self._decoder.picture(message, self.width, self.height), message.gaps)
        raise DecodeOverLimit(f"more than {self._limits.frames_max} sampled frames; sample less often")


def decode_image(content: bytes, limits: DecodeLimits = DecodeLimits()) -> NDArray[np.uint8]:  # noqa: B008 (immutable)
    """A picture (height, width, 3), RGB, as it is shown, from the bytes of a JPEG, PNG or WebP file.

    Raises:
        gpu_jobs.errors.ImageRefused: empty, too many bytes or pixels, or not readable.
        gpu_jobs.errors.DecodeFailed: the process crashed, hung or went over a limit.
    """
    if not content:
        raise ImageUnreadable("image: it is empty; send a JPEG, PNG or WebP picture")
    if len(content) > limits.image_bytes_max:
        raise ImageTooLarge(f"image: {len(content)} bytes are more than {limits.image_bytes_max}; send a smaller copy")
    with _in_memory(content) as source, Decoder(source, ImageRequest(limits.image_pixels_max), limits) as decoder:
        decoder.expect(Sealed)
        header = decoder.expect(FrameHeader)
        if header.width * header.height > limits.image_pixels_max:
            raise DecodeOverLimit("the decoding process sent a larger picture than it may")
        return decoder.picture(header, header.width, header.height)


def footage_file(path: Path) -> BinaryIO:
    source = path.open("rb", buffering=0)
    if os.fstat(source.fileno()).st_size == 0:
        source.close()
        raise EmptyFile("the file is empty; send it again")
    return source


def _in_memory(content: bytes) -> BinaryIO:
    """A descriptor to read these bytes from: a query picture does not touch the disk where the system can help it."""
    if hasattr(os, "memfd_create"):
        source: BinaryIO = os.fdopen(os.memfd_create("image"), "w+b", buffering=0)
    else:
        source = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
    source.write(content)
    return source
