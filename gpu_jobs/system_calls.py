"""What a sealed process may ask of the kernel, as seccomp filters (Linux, x86-64 and arm64).

What FFmpeg, Pillow and Python ask for while they decode was traced over every kind of file of the tests: they read,
move about in the file, take and give back memory, and write the answer. All else ends the process.
Sources: seccomp(2), seccomp_unotify(2), prctl(2); system call numbers from the kernel's tables.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct

_SET_MODE_FILTER, _LISTENER = 1, 1 << 3
_ALLOW, _NOTIFY, _REFUSE, _KILL = 0x7FFF0000, 0x7FC00000, 0x00050000 | errno.EPERM, 0x80000000
_RECEIVE = 0xC0502100  # SECCOMP_IOCTL_NOTIF_RECV
_NOTIFICATION_BYTES = 80

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # machine: (column below, audit architecture)
_ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "getrusage": (98, 165),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "tgkill": (234, 131),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
_REFUSED = {  # harmless, and asked for by honest libraries on rare roads: told "not permitted", without further ado
    "ioctl": (16, 29),  # is this a terminal?
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getcwd": (79, 17),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrlimit": (97, 163),
    "sched_setaffinity": (203, 122),
}
_WHILE_SEALING = {  # allowed until the seal is closed
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    "sendmsg": (46, 211),
    "seccomp": (317, 277),
}
_NAMED = {  # what else a report can name
    "open a file": ((2, 257, 437, 85, 304), (56, 437, 265)),
    "open a socket": ((41, 42, 43, 49, 50, 53, 44), (198, 203, 202, 200, 201, 199, 206)),
    "start a process or a thread": ((56, 57, 58, 435), (220, 435)),
    "run a program": ((59, 322), (221, 281)),
    "signal another process": ((62, 129, 424), (129, 138, 424)),
    "look into another process": ((101, 310, 311, 434, 438), (117, 270, 271, 434, 438)),
    "change files": ((82, 83, 84, 86, 87, 88, 90, 257, 263, 264, 316), (34, 35, 36, 37, 38, 52, 276)),
    "read a folder or a link": ((78, 217, 89, 267, 21, 269, 439, 332), (61, 78, 48, 439, 291)),
}


def close_seal(libc: ctypes.CDLL, channel: socket.socket | None) -> tuple[bool, bool]:
    """The filter of a process that may only read on. Whether it holds, and whether the process's parent is told what
    the process tries: over the UNIX socket `channel` it is sent a descriptor for `attempt`. Where the kernel cannot
    do that, an attempt ends the process with SIGSYS. Call `closed` when the limits are set.
    """
    if platform.machine() not in _MACHINES:
        return False, False
    if channel is not None:
        listener = _install(libc, _by_call({_ALLOW: _ALLOWED | _WHILE_SEALING, _REFUSE: _REFUSED}, _NOTIFY), _LISTENER)
        if listener >= 0:
            socket.send_fds(channel, [b"\0"], [listener])
            os.close(listener)
            return True, True
    return _install(libc, _by_call({_ALLOW: _ALLOWED | _WHILE_SEALING, _REFUSE: _REFUSED}, _KILL), 0) == 0, False


def closed(libc: ctypes.CDLL) -> bool:
    """No more is allowed what sealing needed."""
    limits = {name: _WHILE_SEALING[name] for name in ("prctl", "prlimit64", "setrlimit")}
    rest = {name: numbers for name, numbers in _WHILE_SEALING.items() if name not in limits}
    return _install(libc, _by_call({_REFUSE: limits, _KILL: rest}, _ALLOW), 0) == 0  # of two filters the stricter holds


def attempt(listener: int) -> str | None:
    """In words, what a sealed process asked the kernel for; it stands still until it is killed. None where it is
    gone already."""
    content = bytearray(_NOTIFICATION_BYTES)
    try:
        fcntl.ioctl(listener, _RECEIVE, content)
    except OSError:
        return None
    number = struct.unpack_from("=i", content, 16)[0]
    column = _MACHINES[platform.machine()][0]
    known = [words for words, numbers in _NAMED.items() if number in numbers[column]]
    return f"{known[0]} (system call {number})" if known else f"make system call {number}"


def _install(libc: ctypes.CDLL, program: list[tuple[int, int, int, int]], flags: int) -> int:
    """The listener's descriptor, 0 where there is none, below 0 where the kernel has no such filter."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    number = _WHILE_SEALING["seccomp"][_MACHINES[platform.machine()][0]]
    return int(libc.syscall(number, _SET_MODE_FILTER, flags, ctypes.byref(Program(len(program), code))))


_LOAD, _EQUAL, _ANSWER = 0x20, 0x15, 0x06


def _by_call(answers: dict[int, dict[str, tuple[int, int]]], other: int) -> list[tuple[int, int, int, int]]:
    """A program that gives some calls their answer, and all others another."""
    column, architecture = _MACHINES[platform.machine()]
    checks = [(numbers[column], answer) for answer, calls in answers.items() for numbers in calls.values()]
    ends = [other, *answers]  # one instruction each after the checks
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_ANSWER, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for place, (number, answer) in enumerate(checks):
        program.append((_EQUAL, len(checks) - place - 1 + ends.index(answer, 1), 0, number))
    return program + [(_ANSWER, 0, 0, answer) for answer in ends]
