"""The process in which bytes from outside are parsed: one file, one request, then it ends.

It is started by `gpu_jobs.decoding` with an empty environment, the file as an open descriptor, a request on standard
input (a socket) and its answer on standard output. It shuts itself in before it reads the first byte of the file.
"""

from __future__ import annotations

import io
import socket
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from gpu_jobs.decode_protocol import (
    ClipRequest,
    End,
    ImageRequest,
    Message,
    Order,
    Refused,
    Sealed,
    Write,
    pack,
    read_order,
)
from gpu_jobs.errors import DecodeOverLimit, GpuJobFault, ReadFailed, Unreadable
from gpu_jobs.sandbox import seal


def main() -> None:
    source = open(int(sys.argv[2]), "rb", buffering=0)  # noqa: SIM115, PTH123 (the descriptor that came with us)
    pipe = io.FileIO(1, "wb", closefd=False)

    def write(message: Message, content: memoryview | None = None) -> None:
        for part in (memoryview(pack(message)), content.cast("B") if content else memoryview(b"")):
            while part:
                part = part[pipe.write(part) :]  # noqa: PLW2901

    channel = socket.socket(fileno=0)
    order = read_order(sys.stdin.buffer)
    answer = _reader(order)
    sys.excepthook = sys.unraisablehook = _say_nothing
    sys.tracebacklimit = 0
    limits = {"memory_bytes": order.memory_bytes, "cpu_seconds": order.cpu_seconds}
    protections = seal(**limits, channel=channel, parent=int(sys.argv[3]))
    channel.detach()  # at its end a socket asks the kernel for its name
    write(Sealed(protections))
    write(_last_word(answer, source, order, write))


def _say_nothing(*_: object) -> None:
    """Of a bug of ours the exit status tells: to print where it was, Python would open the sources."""


def _reader(order: Order) -> Callable[..., End]:
    """What answers this request, with its libraries loaded and warm; of the others none."""
    if isinstance(order.request, ImageRequest):
        from gpu_jobs import picture_reading

        picture_reading.warm_up()
        return picture_reading.answer
    if isinstance(order.request, ClipRequest):
        from gpu_jobs import clip_process

        clip_process.warm_up()
        return clip_process.answer
    from gpu_jobs import footage_reading

    footage_reading.warm_up()
    return footage_reading.answer


def _last_word(answer: Callable[..., End], source: BinaryIO, order: Order, write: Write) -> End | Refused:
    try:
        end = answer(source, order.request, write)
        return msgspec.structs.replace(end, cpu_seconds=time.process_time())
    except GpuJobFault as fault:
        return Refused(type(fault).__name__, str(fault))
    except MemoryError:
        return Refused(DecodeOverLimit.__name__, f"decoding needs more than {order.memory_bytes} bytes of memory")
    except OSError as fault:  # FFmpeg's own were told apart: this one is of the disk, and may pass
        return Refused(ReadFailed.__name__, f"the file could not be read ({fault.strerror}); look after the disk")
    except (ValueError, OverflowError) as fault:
        return Refused(Unreadable.__name__, f"the file cannot be read ({type(fault).__name__}); fetch it again")
