"""Shuts a process in before it touches a file from outside: it keeps its open descriptors and memory, no more.

Linux only, by ctypes. What the kernel does not have is left out and said (`seal` returns what holds), never fatal.
Sources: landlock(7), prctl(2), getrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import socket

from gpu_jobs.system_calls import close_seal, closed

SHUT_IN = ("rlimits", "landlock", "seccomp")  # what keeps a process from reaching anything
PROTECTIONS = (*SHUT_IN, "reports")

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def seal(
    *, memory_bytes: int, cpu_seconds: int, channel: socket.socket | None = None, parent: int | None = None
) -> tuple[str, ...]:
    """From here on: no file, no socket, no other process, bounded memory and time. Returns what of `PROTECTIONS`
    holds. Import and open everything before. An attempt at more ends the process; `channel` is a UNIX socket over
    which its parent gets the means to see what was tried (`gpu_jobs.system_calls.attempt`).
    """
    if platform.system() != "Linux":
        _limit(memory_bytes, cpu_seconds)
        return ("rlimits",)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:  # it died before it could be asked for
        os._exit(1)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    landlock = _landlock(libc)  # these need descriptors, so they come before the limits
    filtered, reported = close_seal(libc, channel)
    _limit(memory_bytes, cpu_seconds)
    seccomp = filtered and closed(libc)
    return ("rlimits",) + ("landlock",) * landlock + ("seccomp",) * seccomp + ("reports",) * (seccomp and reported)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))  # the first ends it with a name: SIGXCPU
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))


def _landlock(libc: ctypes.CDLL) -> bool:
    """Handle every right that this kernel knows, grant none."""
    abi = libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        return False
    file_rights = 13 + (abi >= 2) + (abi >= 3) + (abi >= 5)
    rules = _Ruleset((1 << file_rights) - 1, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(rules), size, 0)
    return bool(ruleset >= 0 and libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0)
