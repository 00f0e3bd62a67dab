"""The kernel's side of a file system in user space, as much of its protocol as databases use (linux/fuse.h, 7.31).

No library is needed: requests are read from /dev/fuse and answered there. Mounting needs the right to (root).
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Callable
from pathlib import Path

from tests.torture.forgetful_tree import ForgetfulTree, Node

REQUEST_BYTES_MAX = 256 * 1024
WRITE_BYTES_MAX = 128 * 1024
FOREVER_SECONDS = 3_600  # the kernel may keep names and sizes: nobody changes them behind its back

_REQUEST = struct.Struct("<IIQQIIII")  # length, opcode, unique, node, uid, gid, pid, padding
_ANSWER = struct.Struct("<IiQ")  # length, negative errno, unique
_ATTRIBUTES = struct.Struct("<QQQQQQIIIIIIIIII")
_ENTRY = struct.Struct("<QQQQII")
_OPENED = struct.Struct("<QII")
_NO_ANSWER = {2, 36, 42}  # FORGET, INTERRUPT, BATCH_FORGET

SET_MODE, SET_SIZE = 1, 8
BIG_WRITES = 1 << 5


class CannotMount(Exception):
    """This machine has no /dev/fuse, or we may not mount."""


class Mount:
    """A mounted tree: `serve_one` answers one request. `is_cut` makes every later one fail, as a dead disk does."""

    def __init__(self, tree: ForgetfulTree, mount_point: Path) -> None:
        self._tree = tree
        self._mount_point = str(mount_point).encode()
        self.is_cut = False
        self.is_ready = False
        self._buffer = bytearray(REQUEST_BYTES_MAX)
        try:
            self.descriptor = os.open("/dev/fuse", os.O_RDWR)
        except OSError as error:
            raise CannotMount(f"/dev/fuse: {error.strerror}") from error
        self._libc = ctypes.CDLL(None, use_errno=True)
        options = f"fd={self.descriptor},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}".encode()
        if self._libc.mount(b"forgetful", self._mount_point, b"fuse", 0, options) != 0:
            os.close(self.descriptor)
            raise CannotMount(f"mount: {os.strerror(ctypes.get_errno())}")

    def close(self) -> None:
        self._libc.umount2(self._mount_point, 2)  # MNT_DETACH: also while a killed process still lets go
        os.close(self.descriptor)

    def serve_one(self) -> None:
        length = os.readv(self.descriptor, [self._buffer])
        _, opcode, unique, number, *_ = _REQUEST.unpack_from(self._buffer)
        if opcode in _NO_ANSWER:
            return
        body = bytes(memoryview(self._buffer)[_REQUEST.size : length])
        try:
            if self.is_cut:
                raise OSError(errno.EIO, "the power is off")
            operation = _OPERATIONS.get(opcode)
            if operation is None:
                raise OSError(errno.ENOSYS, "not needed")
            answer, fault = operation(self, self._tree.root if opcode == 26 else self._tree.node(number), body), 0
        except OSError as error:
            answer, fault = b"", -(error.errno or errno.EIO)
        os.write(self.descriptor, _ANSWER.pack(_ANSWER.size + len(answer), fault, unique) + answer)

    # one method an operation: the node it is about, the request's body; what is answered

    def start(self, _node: Node, body: bytes) -> bytes:
        read_ahead = struct.unpack_from("<III", body)[2]
        self.is_ready = True
        return struct.pack("<IIIIHHIIHHI28x", 7, 31, read_ahead, BIG_WRITES, 16, 12, WRITE_BYTES_MAX, 1, 0, 0, 0)

    def lookup(self, node: Node, body: bytes) -> bytes:
        return entry(self._tree.lookup(node, name_in(body)))

    def attributes(self, node: Node, _body: bytes) -> bytes:
        return struct.pack("<QII", FOREVER_SECONDS, 0, 0) + attributes(node)

    def set_attributes(self, node: Node, body: bytes) -> bytes:
        valid, _, _, size = struct.unpack_from("<IIQQ", body)
        if valid & SET_SIZE:
            self._tree.truncate(node, size)
        if valid & SET_MODE:
            node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(struct.unpack_from("<I", body, 68)[0])
        return self.attributes(node, body)

    def make_folder(self, node: Node, body: bytes) -> bytes:
        mode = struct.unpack_from("<I", body)[0]
        return entry(self._tree.make(node, name_in(body[8:]), stat.S_IFDIR | stat.S_IMODE(mode)))

    def make_node(self, node: Node, body: bytes) -> bytes:
        return entry(self._tree.make(node, name_in(body[16:]), struct.unpack_from("<I", body)[0]))

    def create(self, node: Node, body: bytes) -> bytes:
        made = self._tree.make(
            node, name_in(body[16:]), stat.S_IFREG | stat.S_IMODE(struct.unpack_from("<I", body, 4)[0])
        )
        return entry(made) + _OPENED.pack(0, 0, 0)

    def open(self, _node: Node, _body: bytes) -> bytes:
        return _OPENED.pack(0, 0, 0)

    def read(self, node: Node, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("<QQI", body)
        return bytes(memoryview(node.content)[offset : offset + size])

    def write(self, node: Node, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("<QQI", body)
        self._tree.write(node, offset, body[40 : 40 + size])
        return struct.pack("<II", size, 0)

    def sync(self, node: Node, _body: bytes) -> bytes:
        self._tree.sync(node)
        return b""

    def remove(self, node: Node, body: bytes) -> bytes:
        self._tree.remove(node, name_in(body))
        return b""

    def rename(self, node: Node, body: bytes, names_at: int = 8) -> bytes:
        old, new = body[names_at:].split(b"\0")[:2]
        new_folder = self._tree.node(struct.unpack_from("<Q", body)[0])
        self._tree.rename(node, old.decode(), new_folder, new.decode())
        return b""

    def rename_with_flags(self, node: Node, body: bytes) -> bytes:
        if struct.unpack_from("<I", body, 8)[0]:
            raise OSError(errno.EINVAL, "plain renames only")
        return self.rename(node, body, 16)

    def list_folder(self, node: Node, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("<QQI", body)
        listed = b""
        for place, (name, child) in enumerate(list(node.names.items())[offset:], offset + 1):
            encoded = name.encode()
            item = struct.pack("<QQII", child.number, place, len(encoded), stat.S_IFMT(child.mode) >> 12) + encoded
            item += bytes(-len(item) % 8)
            if len(listed) + len(item) > size:
                break
            listed += item
        return listed

    def space(self, _node: Node, _body: bytes) -> bytes:
        return struct.pack("<QQQQQIIII24x", 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 4096, 255, 4096, 0)

    def done(self, _node: Node, _body: bytes) -> bytes:
        return b""


_OPERATIONS: dict[int, Callable[[Mount, Node, bytes], bytes]] = {
    1: Mount.lookup,
    3: Mount.attributes,
    4: Mount.set_attributes,
    8: Mount.make_node,
    9: Mount.make_folder,
    10: Mount.remove,
    11: Mount.remove,
    12: Mount.rename,
    14: Mount.open,
    15: Mount.read,
    16: Mount.write,
    17: Mount.space,
    18: Mount.done,
    20: Mount.sync,
    26: Mount.start,
    27: Mount.open,
    28: Mount.list_folder,
    29: Mount.done,
    30: Mount.sync,
    35: Mount.create,
    38: Mount.done,
    45: Mount.rename_with_flags,
}


def name_in(body: bytes) -> str:
    return body[: body.index(b"\0")].decode()


def attributes(node: Node) -> bytes:
    size, uid, gid = len(node.content), os.getuid(), os.getgid()
    links = 2 if node.is_folder else 1
    blocks = -(-size // 512)
    return _ATTRIBUTES.pack(node.number, size, blocks, 0, 0, 0, 0, 0, 0, node.mode, links, uid, gid, 0, 4096, 0)


def entry(node: Node) -> bytes:
    return _ENTRY.pack(node.number, 0, FOREVER_SECONDS, FOREVER_SECONDS, 0, 0) + attributes(node)
