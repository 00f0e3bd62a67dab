"""A decoding process that was taken over reaches nothing: each attempt ends it, and its parent says what it tried."""

from __future__ import annotations

import io
import logging
import tracemalloc
from pathlib import Path

import av
import pytest
from PIL import Image

from gpu_jobs import decode_parent
from gpu_jobs.decode_parent import Decoder
from gpu_jobs.decode_protocol import ProbeRequest, Sealed
from gpu_jobs.decoding import DecodeLimits, FootageFrames, probe, sandbox
from gpu_jobs.errors import DecodeCrashed, DecodeEscaping, DecodeFailed, DecodeOverLimit, DecodeTimedOut, FootageRefused
from gpu_jobs.sampling import Sampling
from gpu_jobs.sandbox import PROTECTIONS
from tests.gpu_jobs.timed_files import Making

ATTEMPTS = {
    "open('/etc/passwd')": "open a file",
    "open('/proc/self/environ')": "open a file",
    "open('/tmp/oberih-escape', 'w')": "open a file",
    "os.memfd_create('more')": "make system call",
    "socket.socket()": "open a socket",
    "os.fork()": "start a process or a thread",
    "threading.Thread(target=int).start()": "start a process or a thread",
    "os.execv('/bin/true', ['true'])": "run a program",
    "os.kill(1, 0)": "signal another process",
    "libc.ptrace(16, 1, 0, 0)": "look into another process",
    "os.listdir('/')": "open a file",
    "os.unlink('/tmp/oberih-escape')": "change files",
    "libc.syscall(425, 8, 0)": "make system call 425",  # io_uring
    "libc.syscall(321, 0, 0, 0)": "make system call 321",  # bpf
}
# The real process, but that what it should decode with tries something else.
TAKEN_OVER = """
import sys; sys.path.insert(0, sys.argv[1])
import ctypes, os, socket, threading
from gpu_jobs import decode_process, sandbox
libc = ctypes.CDLL(None)
ATTEMPT = compile({attempt!r}, "attempt", "exec")
{before}
decode_process._reader = lambda order: lambda *rest: exec(ATTEMPT)
decode_process.main()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.mp4").write_bytes(b"never read")
    return tmp_path / "a.mp4"


@pytest.fixture
def protections() -> tuple[str, ...]:
    return sandbox().present


def taken_over(monkeypatch: pytest.MonkeyPatch, attempt: str, before: str = "") -> None:
    monkeypatch.setattr(decode_parent, "_BOOT", TAKEN_OVER.format(attempt=attempt, before=before))


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_to_escape_ends_the_process_and_is_reported(
    file: Path,
    protections: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    attempt: str,
) -> None:
    if "reports" not in protections:
        pytest.skip(f"this kernel offers only: {protections}")
    taken_over(monkeypatch, attempt)
    with caplog.at_level(logging.ERROR), pytest.raises(DecodeEscaping, match=f"tried to {ATTEMPTS[attempt]}"):
        probe(file)
    assert f"a decoding process tried to {ATTEMPTS[attempt]}" in caplog.text
    assert not Path("/tmp/oberih-escape").exists()


def test_where_the_kernel_cannot_say_what_was_tried_the_attempt_still_ends_the_process(
    file: Path, protections: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "seccomp" not in protections:
        pytest.skip(f"this kernel offers only: {protections}")
    silent = "seal = sandbox.seal; decode_process.seal = lambda **kw: seal(**{**kw, 'channel': None})"
    taken_over(monkeypatch, "socket.socket()", silent)
    with pytest.raises(DecodeEscaping, match="does not say what"):
        probe(file)


@pytest.mark.parametrize(
    "attempt",
    [
        "libc.prctl(22, 2, 0, 0, 0) == -1 or os._exit(3)",  # another filter
        "libc.setrlimit(9, ctypes.byref((ctypes.c_long * 2)(1 << 40, 1 << 40))) == -1 or os._exit(3)",
        "libc.syscall(317, 1, 0, 0)",
        "socket.socket(fileno=0).sendmsg([b'out'])",
    ],
)
def test_what_sealing_needed_is_closed_after_it(
    file: Path, protections: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, attempt: str
) -> None:
    if "seccomp" not in protections:
        pytest.skip(f"this kernel offers only: {protections}")
    taken_over(monkeypatch, f"{attempt}\nraise MemoryError")
    with pytest.raises(DecodeFailed) as fault:
        probe(file, DecodeLimits(memory_bytes=1 << 30))
    assert not isinstance(fault.value, DecodeCrashed)


def test_memory_is_bounded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_over(monkeypatch, "bytearray(1 << 30)")
    with pytest.raises(DecodeOverLimit, match="needs more than 536870912 bytes of memory"):
        probe(file, DecodeLimits(memory_bytes=1 << 29))


def test_a_bug_of_ours_is_a_crash_and_no_escape(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_over(monkeypatch, "raise RuntimeError")
    with pytest.raises(DecodeCrashed, match="status 1"):
        probe(file)


def test_an_exception_that_python_only_mentions_is_no_escape(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mentioned = "class A:\n def __del__(self): raise OSError\nA()\nsys.excepthook(*[None] * 3)\nraise MemoryError"
    taken_over(monkeypatch, f"import sys\n{mentioned}")
    with pytest.raises(DecodeOverLimit):
        probe(file)


def test_what_this_machine_lacks_is_known() -> None:
    found = sandbox()
    assert set(found.present) | set(found.missing) == set(PROTECTIONS)
    assert "rlimits" in found.present


@pytest.mark.parametrize(
    ("attempt", "silence_seconds", "words"),
    [
        (
            "import time\nwhile os.write(1, b'0' * 4): time.sleep(0.2)",
            1,
            "nonsense|nothing whole for 1 sec",
        ),
        (
            "import time\nos.write(1, b'\\0')\nwhile os.write(1, b'\\0\\0'): time.sleep(0.3)",
            1,
            "nonsense|nothing whole",
        ),
        ("os.close(1)\nimport time\ntime.sleep(60)", 60, "closed its answer and went on"),
    ],
)
def test_who_drips_or_falls_silent_is_not_waited_for(
    file: Path, monkeypatch: pytest.MonkeyPatch, attempt: str, silence_seconds: float, words: str
) -> None:
    monkeypatch.setattr(decode_parent, "_ENDING_SECONDS_MAX", 1.0)
    taken_over(monkeypatch, attempt)
    with pytest.raises(DecodeFailed, match=words):
        probe(file, DecodeLimits(silence_seconds=silence_seconds))


def test_who_sends_messages_for_ever_is_ended(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    protocol = "import time\nfrom gpu_jobs.decode_protocol import *\nword = pack(Sealed(()))"
    taken_over(monkeypatch, f"{protocol}\nwhile os.write(1, word): time.sleep(0.3)")
    limits = DecodeLimits(silence_seconds=60, cpu_seconds=1)
    with file.open("rb", buffering=0) as source, Decoder(source, ProbeRequest(), limits) as decoder:
        decoder.expect(Sealed)
        decoder.waited_seconds, decoder._silence_seconds = 0.0, 1.0  # from here on: it took long to begin, maybe
        with pytest.raises(DecodeTimedOut, match="took more than 1 seconds"):
            all(decoder.expect(Sealed) for _ in range(1000))
        assert decoder.waited_seconds > 1


def bomb(path: Path, side_px: int) -> Path:
    """A video of one frame of side² pixels, in a thousandth as many bytes."""
    held = io.BytesIO()
    Image.new("L", (side_px, side_px), 90).save(held, "JPEG", quality=20)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = side_px, side_px, "yuvj420p"
        packet = av.Packet(held.getvalue())
        packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, 0, 0, True
        container.mux(packet)
    return path


def frames_of(path: Path, limits: DecodeLimits) -> int:
    with FootageFrames(path, Sampling(), side_px_max=1920, limits=limits) as frames:
        return sum(1 for _ in frames)


def test_a_frame_too_large_for_the_memory_allowed_costs_its_process_only(tmp_path: Path) -> None:
    limits = DecodeLimits(memory_bytes=400 << 20)
    with pytest.raises((DecodeOverLimit, FootageRefused)):
        frames_of(bomb(tmp_path / "bomb.avi", 14_000), limits)
    assert frames_of(bomb(tmp_path / "small.avi", 400), limits) == 1


def test_the_parent_needs_no_more_memory_for_long_footage_than_for_short(tmp_path: Path) -> None:
    peaks = []
    for minutes in (1, 100):
        file = Making("mpeg4", "mkv", (64, 48)).write(tmp_path / f"{minutes}.mkv", range(0, minutes * 60_000, 1000))
        tracemalloc.start()
        assert frames_of(file, DecodeLimits()) == minutes * 60
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
