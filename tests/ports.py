"""Ports of loopback for servers that tests start, and for servers that nobody started."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"


def port_for_a_server() -> int:
    """A port that the kernel gives to nobody else for a minute, while a server that sets SO_REUSEADDR may have it.

    One that was only asked for and closed may be given to the next who asks, before the server is up. A connection
    that its server's side closed first leaves the port in TIME_WAIT.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, 0))
        listening.listen(1)
        port = int(listening.getsockname()[1])
        with socket.create_connection((LOOPBACK, port)):
            accepted, _ = listening.accept()
            accepted.close()
    return port


@contextmanager
def nobody_listens() -> Iterator[str]:
    """The address of a port that is taken, so that no server can come to listen there meanwhile."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        yield f"http://{LOOPBACK}:{held.getsockname()[1]}"
