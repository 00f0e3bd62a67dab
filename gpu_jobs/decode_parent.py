"""The bounded parent of a decoding process: its messages come within the limits, or a typed error, whatever it does."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decode_protocol import (
    ClipPart,
    End,
    FrameHeader,
    Message,
    Order,
    Probe,
    Refused,
    Request,
    Sealed,
    length,
    pack,
    unpack,
)
from gpu_jobs.errors import (
    REFUSALS,
    DecodeCrashed,
    DecodeEscaping,
    DecodeFailed,
    DecodeOverLimit,
    DecodeTimedOut,
)
from gpu_jobs.sandbox import PROTECTIONS
from gpu_jobs.system_calls import attempt

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from gpu_jobs.decode_process import main; main()"
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_SLOW_DISK_BYTES_A_SECOND = 20e6  # a probe says nothing until it has seen every packet
_ENDING_SECONDS_MAX = 10.0  # from the last word to the end
PART_BYTES_MAX = 1 << 20  # of a clip, at once
_Expected = TypeVar("_Expected", Probe, FrameHeader, End, Sealed)


class DecodeLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one decoding process may cost."""

    memory_bytes: int = 3 << 30
    cpu_seconds: int = 4 * 3600
    silence_seconds: float = 60.0  # without a message while we wait for one, and what reading the whole file takes
    frames_max: int = 1_000_000
    image_bytes_max: int = 20 << 20
    image_pixels_max: int = 40_000_000


def idle() -> None:
    return


class Decoder:
    """One decoding process and the messages it sends. A context: leaving it ends the process."""

    def __init__(
        self,
        source: BinaryIO,
        request: Request,
        limits: DecodeLimits,
        pulse: Callable[[], None] = idle,
    ) -> None:
        self._limits, self._pulse = limits, pulse
        self.waited_seconds = 0.0
        descriptor = source.fileno()
        size_bytes = os.lseek(descriptor, 0, os.SEEK_END)
        self._silence_seconds = limits.silence_seconds + size_bytes / _SLOW_DISK_BYTES_A_SECOND
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own module)
                [sys.executable, "-I", "-c", _BOOT, str(_ROOT), str(descriptor), str(os.getpid())],
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                pass_fds=(descriptor,),
                bufsize=0,
            )
        assert self._process.stdout is not None
        self._answer = self._process.stdout
        self._listener = -1  # tells what the sealed process tries
        self._poll = select.poll()
        for each in (self._answer, self._channel):
            self._poll.register(each, select.POLLIN | select.POLLHUP)
        with suppress(ConnectionError):  # it died at once: reading its answer says how
            self._channel.sendall(pack(Order(limits.memory_bytes, limits.cpu_seconds, request)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._answer.close()
        self._channel.close()
        if self._listener >= 0:
            os.close(self._listener)

    def message(self) -> Message:
        """The next message. Raises the typed error for a refusal, a crash, a timeout or nonsense."""
        try:
            message = unpack(bytes(self._read(length(bytes(self._read(4))))))
        except ValueError as fault:
            raise DecodeOverLimit(f"the decoding process answered nonsense: {fault}") from fault
        if isinstance(message, Refused):
            raise REFUSALS.get(message.kind, DecodeFailed)(message.reason)
        if isinstance(message, Sealed) and (missing := set(PROTECTIONS) - set(message.protections)):
            _log.warning("decoding without %s", ", ".join(sorted(missing)))
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

    def content(self, part: ClipPart) -> bytearray:
        """The bytes that follow the header of a part. Raises DecodeOverLimit for more than one may have."""
        if not 0 < part.size <= PART_BYTES_MAX:
            raise DecodeOverLimit(f"a part of {part.size} bytes; at most {PART_BYTES_MAX} are allowed")
        return self._read(part.size)

    def _read(self, size: int) -> bytearray:
        content = bytearray(size)
        rest = memoryview(content)
        start = time.monotonic()
        while rest:
            ready = dict(self._poll.poll(1000))
            self._look_after(ready)
            self._check_time(time.monotonic() - start)
            if self._answer.fileno() not in ready:
                self._pulse()
                continue
            count = os.readv(self._answer.fileno(), [rest])
            if not count:
                raise self._ended()
            rest = rest[count:]
        self.waited_seconds += time.monotonic() - start
        return content

    def _look_after(self, ready: dict[int, int]) -> None:
        """Raises DecodeEscaping where the process tried what it may not; takes the means to see that when they come."""
        if self._channel.fileno() in ready:
            self._poll.unregister(self._channel)
            descriptors: list[int] = []
            with suppress(ConnectionError):  # it died before it read its order
                descriptors = list(socket.recv_fds(self._channel, 1, 1)[1])
            for self._listener in descriptors:
                self._poll.register(self._listener, select.POLLIN)
        if ready.get(self._listener, 0) & select.POLLIN and (tried := attempt(self._listener)):
            raise _escaping(tried)

    def _check_time(self, waiting_seconds: float) -> None:
        """Both for one message and in all: who sleeps costs no processor time."""
        if waiting_seconds > self._silence_seconds:
            raise DecodeTimedOut(f"decoding sent nothing whole for {self._silence_seconds:.0f} seconds")
        if self.waited_seconds + waiting_seconds > self._limits.cpu_seconds + self._silence_seconds:
            raise DecodeTimedOut(f"decoding took more than {self._limits.cpu_seconds} seconds")

    def _ended(self) -> DecodeFailed:
        try:
            status = self._process.wait(_ENDING_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            return DecodeCrashed("the decoding process closed its answer and went on")
        if status == -signal.SIGSYS:
            return _escaping("do what it may not (this kernel does not say what)")
        if status == -signal.SIGXCPU:
            return DecodeTimedOut(f"decoding took more than {self._limits.cpu_seconds} seconds of processor time")
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        return DecodeCrashed(f"the decoding process ended with {how} before it was done")


def _escaping(tried: str) -> DecodeEscaping:
    _log.error("a decoding process tried to %s and was killed", tried)
    return DecodeEscaping(f"the decoding process tried to {tried} and was killed; treat the file as hostile")
