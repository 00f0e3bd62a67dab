"""`python -m tests.torture.forgetful_disk MOUNT_POINT STORE`: a disk whose power can be cut.

It starts with what is in the folder STORE, and says "ready". A line on standard input cuts the power: "forget" keeps
only what was synced, "scatter SEED" also random sectors of what was not. Then STORE holds what is left, every request
of a program fails, it says "cut", and it unmounts when standard input ends.
"""

from __future__ import annotations

import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.torture.forgetful_tree import ForgetfulTree
from tests.torture.fuse import CannotMount, Mount


class ForgetfulDisk:
    """The disk as its tests hold it: in a process of its own, because a program that waits for it may hold our GIL."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self.folder = folder  # where programs see it

    def cut(self, whim_seed: int | None = None) -> None:
        """Cut the power; the store holds what is left when this returns."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("forget\n" if whim_seed is None else f"scatter {whim_seed}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if said != "cut\n":
            raise RuntimeError(f"the disk said {said!r} instead of being cut")


@contextmanager
def mounted(store: Path) -> Iterator[ForgetfulDisk]:
    """A disk with the content of `store`. Raises CannotMount where this machine does not let us."""
    mount_point = Path(tempfile.mkdtemp(prefix="forgetful-"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.forgetful_disk", str(mount_point), str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        if said != "ready\n":
            raise CannotMount(said.strip() or "the disk did not start")
        yield ForgetfulDisk(process, mount_point)
    finally:
        process.communicate(timeout=60)
        mount_point.rmdir()


def serve(mount_point: Path, store: Path) -> None:
    tree = ForgetfulTree()
    tree.load(store)
    mount = Mount(tree, mount_point)
    try:
        while True:
            for readable in select.select([mount.descriptor, sys.stdin.fileno()], [], [])[0]:
                if readable == sys.stdin.fileno():
                    order = sys.stdin.readline().split()
                    if not order:
                        return
                    mount.is_cut = True
                    replace_store(tree, store, Random(int(order[1])) if order[0] == "scatter" else None)
                    print("cut", flush=True)
                else:
                    was_ready = mount.is_ready
                    mount.serve_one()
                    if mount.is_ready and not was_ready:
                        print("ready", flush=True)
    finally:
        mount.close()


def replace_store(tree: ForgetfulTree, store: Path, whim: Random | None) -> None:
    for path in store.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    tree.save_after_cut(store, whim)


if __name__ == "__main__":
    try:
        serve(Path(sys.argv[1]), Path(sys.argv[2]))
    except CannotMount as fault:
        print(fault, flush=True)
        sys.exit(1)
