"""Footage and query pictures are decoded in a process of their own, one for each file; this is its bounded parent.

Whatever the process does (crash, hang, answer nonsense), the caller gets frames within the limits or a typed error.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decode_protocol import (
    End,
    FrameHeader,
    FramesRequest,
    ImageRequest,
    Message,
    Order,
    Probe,
    ProbeRequest,
    Refused,
    Sealed,
    length,
    pack,
    unpack,
)
from gpu_jobs.errors import (
    REFUSALS,
    DecodeCrashed,
    DecodeFailed,
    DecodeOverLimit,
    DecodeTimedOut,
    EmptyFile,
    ImageTooLarge,
    ImageUnreadable,
)
from gpu_jobs.geometry import scaled
from gpu_jobs.sampling import Sampling

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from gpu_jobs.decode_process import main; main()"
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_SLOW_DISK_BYTES_A_SECOND = 20e6  # a probe says nothing until it has seen every packet
_PROTECTIONS = ("rlimits", "landlock", "seccomp")
_Expected = TypeVar("_Expected", Probe, FrameHeader, End, Sealed)


class DecodeLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one decoding process may cost."""

    memory_bytes: int = 3 << 30
    cpu_seconds: int = 4 * 3600
    silence_seconds: float = 60.0  # without a message while we wait for one, and what reading the whole file takes
    frames_max: int = 1_000_000
    image_bytes_max: int = 20 << 20
    image_pixels_max: int = 40_000_000


class Frame(msgspec.Struct, frozen=True):
    """A sampled frame: its PTS, the picture (height, width, 3) RGB, and the gaps (from, to) in PTS before it."""

    pts: int
    image: NDArray[np.uint8]
    gaps: tuple[tuple[int, int], ...]


def _idle() -> None:
    return


class Decoder:
    """One decoding process and the messages it sends. A context: leaving it ends the process."""

    def __init__(
        self,
        source: BinaryIO,
        request: ProbeRequest | FramesRequest | ImageRequest,
        limits: DecodeLimits,
        pulse: Callable[[], None] = _idle,
    ) -> None:
        self._limits, self._pulse = limits, pulse
        self.waited_seconds = 0.0
        descriptor = source.fileno()
        size_bytes = os.lseek(descriptor, 0, os.SEEK_END)
        self._silence_seconds = limits.silence_seconds + size_bytes / _SLOW_DISK_BYTES_A_SECOND
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own module)
            [sys.executable, "-I", "-c", _BOOT, str(_ROOT), str(descriptor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            pass_fds=(descriptor,),
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._answer = self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._answer, select.POLLIN | select.POLLHUP)
        try:
            self._process.stdin.write(pack(Order(limits.memory_bytes, limits.cpu_seconds, request)))
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it died at once: reading its answer says how

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._answer.close()

    def message(self) -> Message:
        """The next message. Raises the typed error for a refusal, a crash, a timeout or nonsense."""
        try:
            message = unpack(bytes(self._read(length(bytes(self._read(4))))))
        except ValueError as fault:
            raise DecodeOverLimit(f"the decoding process answered nonsense: {fault}") from fault
        if isinstance(message, Refused):
            raise REFUSALS.get(message.kind, DecodeFailed)(message.reason)
        if isinstance(message, Sealed) and set(_PROTECTIONS) - set(message.protections):
            _log.warning("decoding without %s", ", ".join(sorted(set(_PROTECTIONS) - set(message.protections))))
        return message

    def expect(self, kind: type[_Expected]) -> _Expected:
        message = self.message()
        if not isinstance(message, kind):
            raise DecodeOverLimit(f"the decoding process sent {type(message).__name__}, not {kind.__name__}")
        return message

    def picture(self, header: FrameHeader, width: int, height: int) -> NDArray[np.uint8]:
        """The pixels that follow a header, which must be of the size that was asked for."""
        if (header.width, header.height) != (width, height):
            raise DecodeOverLimit(f"a frame of {header.width} × {header.height}; {width} × {height} was expected")
        return np.frombuffer(self._read(width * height * 3), np.uint8).reshape(height, width, 3)

    def _read(self, size: int) -> bytearray:
        content = bytearray(size)
        rest = memoryview(content)
        start = time.monotonic()
        while rest:
            if not self._poll.poll(1000):
                self._pulse()
                if time.monotonic() - start > self._silence_seconds:
                    raise DecodeTimedOut(f"decoding sent nothing for {self._silence_seconds:.0f} seconds")
                continue
            count = self._answer.readinto(rest)  # type: ignore[attr-defined]
            if not count:
                raise self._ended()
            rest = rest[count:]
        self.waited_seconds += time.monotonic() - start
        return content

    def _ended(self) -> DecodeFailed:
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return DecodeTimedOut(f"decoding took more than {self._limits.cpu_seconds} seconds of processor time")
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        return DecodeCrashed(f"the decoding process ended with {how} before it was done")


def probe(path: Path, limits: DecodeLimits = DecodeLimits()) -> Probe:  # noqa: B008 (immutable)
    """What this file is, found out in a process of its own.

    Raises:
        gpu_jobs.errors.FootageRefused: EmptyFile, NotAVideo, NoVideoStream, CodecUnsupported or Unreadable.
        gpu_jobs.errors.DecodeFailed: the process crashed, hung or went over a limit.
    """
    with _footage(path) as source, Decoder(source, ProbeRequest(), limits) as decoder:
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
        pulse: Callable[[], None] = _idle,
    ) -> None:
        self._path, self._limits, self._pulse = path, limits, pulse
        self._request = FramesRequest(sampling, side_px_max)
        self._open = ExitStack()
        self.end = End()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            source = opening.enter_context(_footage(self._path))
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


def _footage(path: Path) -> BinaryIO:
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
