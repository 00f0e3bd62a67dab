"""A tree of files that remembers, beside what programs see, what a power cut would leave of it.

The rules are POSIX's strict ones: `fsync` of a file makes its content durable and not its name; `fsync` of a folder
makes durable which names are in it. Everything else is forgotten, or (a disk writes in any order) survives in part.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR_BYTES = 512


@dataclass(eq=False)
class Node:
    """A file (content) or a folder (names), as it is now and as it would be after a cut."""

    number: int
    mode: int
    content: bytearray = field(default_factory=bytearray)
    durable_content: bytes = b""
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)  # (offset, bytes); None: cut off there
    names: dict[str, Node] = field(default_factory=dict)
    durable_names: dict[str, Node] = field(default_factory=dict)

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)


class ForgetfulTree:
    """All nodes of one file system. Errors are OSErrors with the errno that a program would see."""

    def __init__(self) -> None:
        self._nodes: dict[int, Node] = {}
        self.root = self._new(stat.S_IFDIR | 0o700)

    def node(self, number: int) -> Node:
        return self._nodes[number]

    def lookup(self, folder: Node, name: str) -> Node:
        try:
            return folder.names[name]
        except KeyError:
            raise FileNotFoundError(2, "no such name", name) from None

    def make(self, folder: Node, name: str, mode: int) -> Node:
        if name in folder.names:
            raise FileExistsError(17, "the name exists", name)
        made = folder.names[name] = self._new(mode)
        return made

    def write(self, node: Node, offset: int, written: bytes) -> None:
        self._grow(node, offset)
        node.content[offset : offset + len(written)] = written
        node.unsynced.append((offset, written))

    def truncate(self, node: Node, size: int) -> None:
        del node.content[size:]
        self._grow(node, size)
        node.unsynced.append((size, None))

    def rename(self, folder: Node, name: str, new_folder: Node, new_name: str) -> None:
        node = self.lookup(folder, name)
        replaced = new_folder.names.get(new_name)
        if replaced is not None and replaced.is_folder and replaced.names:
            raise OSError(39, "the folder is not empty", new_name)
        del folder.names[name]
        new_folder.names[new_name] = node

    def remove(self, folder: Node, name: str) -> None:
        if self.lookup(folder, name).names:
            raise OSError(39, "the folder is not empty", name)
        del folder.names[name]

    def sync(self, node: Node) -> None:
        node.durable_content = bytes(node.content)
        node.durable_names = dict(node.names)
        node.unsynced.clear()

    def load(self, folder: Path, into: Node | None = None) -> None:
        """Take over a real folder; all of it is durable."""
        into = into or self.root
        for path in folder.iterdir():
            node = self.make(into, path.name, path.stat().st_mode)
            if path.is_dir():
                self.load(path, node)
            else:
                node.content = bytearray(path.read_bytes())
                self.sync(node)
        self.sync(into)

    def save_after_cut(self, folder: Path, whim: Random | None, node: Node | None = None) -> None:
        """Write what a power cut at this moment leaves.

        Args:
            folder: empty, or absent.
            whim: None forgets everything that was not synced; else each unsynced sector, each shortening of a file
                and each folder's changed names survive by the toss of this coin.
        """
        node = node or self.root
        folder.mkdir(exist_ok=True)
        names = node.names if whim is not None and whim.random() < 0.5 else node.durable_names
        for name, child in names.items():
            path = folder / name
            if child.is_folder:
                self.save_after_cut(path, whim, child)
            elif stat.S_ISREG(child.mode):
                path.write_bytes(content_after_cut(child, whim))
                path.chmod(stat.S_IMODE(child.mode))

    def _new(self, mode: int) -> Node:
        number = len(self._nodes) + 1
        self._nodes[number] = Node(number, mode)
        return self._nodes[number]

    @staticmethod
    def _grow(node: Node, size: int) -> None:
        if len(node.content) < size:
            node.content.extend(bytes(size - len(node.content)))


def content_after_cut(node: Node, whim: Random | None) -> bytes:
    if whim is None:
        return node.durable_content
    content = bytearray(node.durable_content)
    for offset, written in node.unsynced:
        if written is None:
            if whim.random() < 0.5:
                del content[offset:]
            continue
        for start in range(0, len(written), SECTOR_BYTES):
            if whim.random() < 0.5:
                sector = written[start : start + SECTOR_BYTES]
                missing = offset + start - len(content)
                content.extend(bytes(max(missing, 0)))
                content[offset + start : offset + start + len(sector)] = sector
    return bytes(content)
