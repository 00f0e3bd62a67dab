"""A picture and its mirror image in one vector, for models whose configuration says so (`files.is_mirrored`)."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional


def looked_at(model: Any, pixels: torch.Tensor, *, mirrored: bool) -> torch.Tensor:
    """What the picture tower makes of `pixels` (N, 3, H, W): rows (N, dimension), not normalised; `mirrored`: of each
    picture together with its mirror image, both counting the same.
    """
    rows: torch.Tensor = model.encode_image(pixels)
    if not mirrored:
        return rows
    mirrors = model.encode_image(pixels.flip(-1))
    return functional.normalize(rows.float()) + functional.normalize(mirrors.float())
