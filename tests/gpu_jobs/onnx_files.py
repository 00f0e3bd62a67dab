"""A tiny real detector as an ONNX file, written by hand (onnx.proto3): every cell that is bright is a thing.

The picture's channels are averaged, then each cell of `CELL` pixels; where that is more than .8, a box round the cell,
with the cell's brightness as its score. A cell of the left half is labelled 3, one of the right half 4.
"""

from __future__ import annotations

import numpy as np

CELL = 16
_FLOAT, _INT64 = 1, 7


def bright_cells(width: int, height: int, *, batched: bool = True, outputs: dict[str, str] | None = None) -> bytes:
    """For pictures of this size; `outputs` renames what it gives."""
    names = {"boxes": "boxes", "labels": "labels", "scores": "scores"} | (outputs or {})
    nodes = [
        _node("ReduceMean", ["picture" if batched else "one"], ["grey"], axes=[1], keepdims=1),
        _node("AveragePool", ["grey"], ["pooled"], kernel_shape=[CELL, CELL], strides=[CELL, CELL]),
        _node("Squeeze", ["pooled"], ["cells"], axes=[0, 1]),
        _node("Greater", ["cells", "threshold"], ["bright"]),
        _node("NonZero", ["bright"], ["places"]),
        _node("Transpose", ["places"], ["row_column"], perm=[1, 0]),
        _node("GatherND", ["cells", "row_column"], [names["scores"]]),
        _node("Gather", ["row_column", "swap"], ["column_row"], axis=1),
        _node("Cast", ["column_row"], ["cell_at"], to=_FLOAT),
        _node("Mul", ["cell_at", "side"], ["near"]),
        _node("Add", ["near", "side"], ["far"]),
        _node("Concat", ["near", "far"], [names["boxes"]], axis=1),
        _node("Gather", ["row_column", "second"], ["column"], axis=1),
        _node("Div", ["column", "half"], ["right"]),
        _node("Add", ["right", "three"], [names["labels"]]),
    ]
    if not batched:
        nodes.insert(0, _node("Unsqueeze", ["picture"], ["one"], axes=[0]))
    constants = [
        _constant("threshold", np.float32(0.8)),
        _constant("side", np.float32(CELL)),
        _constant("swap", np.array([1, 0], np.int64)),
        _constant("second", np.int64(1)),
        _constant("half", np.int64(width // CELL // 2)),
        _constant("three", np.int64(3)),
    ]
    shape = [1, 3, height, width] if batched else [3, height, width]
    declared = [
        (12, _tensor(names["boxes"], _FLOAT, ["n", 4])),
        (12, _tensor(names["labels"], _INT64, ["n"])),
        (12, _tensor(names["scores"], _FLOAT, ["n"])),
    ]
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"bright cells")
    graph += b"".join(_field(5, constant) for constant in constants)
    graph += _field(11, _tensor("picture", _FLOAT, shape)) + b"".join(_field(number, one) for number, one in declared)
    return _number(1, 7) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 12))


def _node(kind: str, inputs: list[str], outputs: list[str], **attributes: int | list[int]) -> bytes:
    parts = [_field(1, name.encode()) for name in inputs] + [_field(2, name.encode()) for name in outputs]
    for name, value in attributes.items():
        if isinstance(value, list):
            content = b"".join(_number(8, one) for one in value) + _number(20, 7)
        else:
            content = _number(3, value) + _number(20, 2)
        parts.append(_field(5, _field(1, name.encode()) + content))
    return b"".join(parts) + _field(4, kind.encode())


def _constant(name: str, value: np.ndarray | np.generic) -> bytes:
    dimensions = b"".join(_number(1, side) for side in value.shape)
    kind = _FLOAT if value.dtype == np.float32 else _INT64
    return dimensions + _number(2, kind) + _field(8, name.encode()) + _field(9, value.tobytes())


def _tensor(name: str, kind: int, sides: list[int] | list[str] | list[str | int]) -> bytes:
    shape = b"".join(
        _field(1, _number(1, side) if isinstance(side, int) else _field(2, side.encode())) for side in sides
    )
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
