"""Every struct's fields are worked out before there are threads.

msgspec does so when a type is first decoded, and hands a half-made answer to a second thread that asks meanwhile, which
then reads memory that is none: two first requests at once ended the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import msgspec

ROOMS = frozenset({"app", "domain", "projections", "search_index", "gpu_jobs"})


def work_out_structs() -> None:
    """Of all modules that are imported by now; those of requests and answers, Litestar works out when it makes the app.
    To be called by one thread, before there are others that decode; again is cheap.
    """
    for kind in _below(msgspec.Struct):
        if kind.__module__.partition(".")[0] in ROOMS:
            with suppress(TypeError):  # its fields are of types that nothing can be decoded into: nobody does
                msgspec.msgpack.Decoder(kind)


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
