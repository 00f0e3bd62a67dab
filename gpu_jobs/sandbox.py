"""Shuts a process in before it touches a file from outside: it keeps its open descriptors and memory, no more.

Linux only, by ctypes. What the kernel does not have is left out and said (`seal` returns what holds), never fatal.
Sources: landlock(7), seccomp(2), prctl(2); system call numbers from the kernel's tables.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import resource
import signal
import struct

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446

# read, write, close, fstat, newfstatat, lseek, mmap, mprotect, munmap, brk, rt_sigaction, rt_sigprocmask,
# rt_sigreturn, pread64, readv, writev, sched_yield, mremap, madvise, nanosleep, getpid, exit, getrusage, sigaltstack,
# gettid, futex, sched_getaffinity, clock_gettime, clock_nanosleep, exit_group, tgkill, getrandom, membarrier, rseq
_ALLOWED: dict[str, tuple[int, tuple[int, ...]]] = {  # machine: (audit architecture, system calls)
    "x86_64": (
        0xC000003E,
        (0, 1, 3, 5, 262, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 24, 25, 28, 35, 39, 60, 98, 131)
        + (186, 202, 204, 228, 230, 231, 234, 318, 324, 334),
    ),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 80, 79, 62, 222, 226, 215, 214, 134, 135, 139, 67, 65, 66, 124, 216, 233, 101, 172, 93, 165, 132)
        + (178, 98, 123, 113, 115, 94, 131, 278, 283, 293),
    ),
}


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def seal(*, memory_bytes: int, cpu_seconds: int) -> tuple[str, ...]:
    """From here on: no file, no socket, no other process, bounded memory and time. Returns what holds of
    "rlimits", "landlock", "seccomp". Import and open everything before.
    """
    if platform.system() != "Linux":
        _limit(memory_bytes, cpu_seconds)
        return ("rlimits",)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    landlock = _landlock(libc)  # needs a descriptor, so before the limits; the filter forbids setting limits
    _limit(memory_bytes, cpu_seconds)
    return ("rlimits",) + ("landlock",) * landlock + ("seccomp",) * _seccomp(libc)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _landlock(libc: ctypes.CDLL) -> bool:
    """Handle every right that this kernel knows, grant none."""
    abi = libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        return False
    file_rights = 13 + (abi >= 2) + (abi >= 3) + (abi >= 5)
    rules = _Ruleset((1 << file_rights) - 1, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(rules), size, 0)
    return ruleset >= 0 and libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0


def _seccomp(libc: ctypes.CDLL) -> bool:
    """A filter that allows the calls named above and answers every other one with EPERM."""
    if platform.machine() not in _ALLOWED:
        return False
    architecture, calls = _ALLOWED[platform.machine()]
    load, equal, answer = 0x20, 0x15, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
    program = [(load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, kill), (load, 0, 0, 0)]
    program += [(equal, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    program += [(answer, 0, 0, refuse), (answer, 0, 0, allow)]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    return bool(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(_Program(len(program), code)), 0, 0) == 0)

