"""What of the faces in the real clips is filled, by size; and whether a head alone still finds its owner.

    python -m tests.benchmarks.evaluate_masking [--model offline] [--seed 0]

84 heads, labelled by eye in crops drawn at random (labelled_heads.json: box in the frame, which way it faces, and who
it is within the clip, told by clothing). The pipeline's own pictures of those frames are filled as always ("found")
and strictly ("upright"). A head counts as filled where at least 40 % of its box is, in every crop that shows it.

Then each face (of heads from the front and the side, without hair and surroundings), or whole head, is cut out, asked
for, and compared with those of the same clip that are 5 s or more away: is the nearest the same person? By pixels
(16 × 16 greys, brightness and contrast evened out), and by the model. Ties count by their share. Chance is what the
same question answers when the names are dealt out at random (2,000 times).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.encoders import load_encoder
from gpu_jobs.masking import FILL, FaceMask, Masking
from gpu_jobs.pictures import Picture, masked
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.settings import PipelineSettings
from search_index.footage_unit import FRAME
from tests.benchmarks.real_clips import FOLDER, claim_of
from tests.fakes_gpu import ColourHistograms

LABELS = Path(__file__).with_name("labelled_heads.json")
SIZES_PX = ((0, 12), (12, 16), (16, 32), (32, 1000))  # of the head's height in the frame
FILLED_MIN = 0.4
APART_US = 5_000_000
Image = NDArray[np.uint8]


class Head(msgspec.Struct, frozen=True):
    """A labelled head: `head` is left, top, width, height in pixels of the frame."""

    clip: str
    pts: int
    head: tuple[int, int, int, int]
    facing: str
    who: str


class Shown(msgspec.Struct, frozen=True):
    """A head in one of the pipeline's pictures; `part` is its rows and columns there."""

    head: Head
    picture: Picture
    part: tuple[slice, slice]


def pictures_with(heads: list[Head]) -> Iterator[Picture]:
    """The pictures that the pipeline makes of the frames of these heads, all of one clip, before faces are filled."""
    wanted = {head.pts for head in heads}
    pipeline = FootagePipeline(ColourHistograms(), PipelineSettings())
    with pipeline.run(claim_of(heads[0].clip)) as run:
        for _, pictures in run.pictures():
            yield from (picture for picture in pictures if picture.pts in wanted)


def shown(head: Head, picture: Picture) -> Shown | None:
    """The head in the picture, where at least four fifths of it lie within."""
    x, y, width, height = head.head
    box, scale = picture.box, picture.image.shape[1] / picture.box.width
    left, top = max(x, box.x), max(y, box.y)
    right, bottom = min(x + width, box.x + box.width), min(y + height, box.y + box.height)
    if head.pts != picture.pts or max(0, right - left) * max(0, bottom - top) < 0.8 * width * height:
        return None
    rows = slice(round((top - box.y) * scale), max(round((bottom - box.y) * scale), round((top - box.y) * scale) + 1))
    columns = slice(round((left - box.x) * scale), round((right - box.x) * scale))
    return Shown(head, picture, (rows, columns))


def filled_image(one: Shown, mask: FaceMask) -> Image:
    return masked(one.picture, mask)


def filled_share(one: Shown, mask: FaceMask) -> float:
    return float((filled_image(one, mask)[one.part] == FILL).all(axis=2).mean())


def print_recall(views: list[Shown], masks: dict[str, FaceMask]) -> None:
    print(
        f"{'heads filled, of those labelled':36}" + "".join(f"{_range(size):>14}" for size in SIZES_PX) + f"{'all':>14}"
    )
    for name, mask in masks.items():
        for kind in ("crop", "tile", "frame"):
            shares: dict[Head, float] = {}
            for one in views:
                if kind_of(one.picture) == kind:
                    shares[one.head] = min(shares.get(one.head, 1.0), filled_share(one, mask))
            for facing in ("front", "side", "back"):
                cells = [
                    [share >= FILLED_MIN for head, share in shares.items() if head.facing == facing and _in(head, size)]
                    for size in (*SIZES_PX, (0, 1000))
                ]
                print(f"{name:8} {kind:6} {facing:20}" + "".join(f"{_count(cell):>14}" for cell in cells), flush=True)


def kind_of(picture: Picture) -> str:
    return picture.kind if picture.kind == FRAME or not picture.scene else "tile"


def _range(size: tuple[int, int]) -> str:
    return f"{size[0]}–{size[1] - 1} px" if size[1] < 1000 else f"≥ {size[0]} px"


def _in(head: Head, size: tuple[int, int]) -> bool:
    return size[0] <= head.head[3] < size[1]


def _count(cell: list[bool]) -> str:
    return f"{sum(cell)}/{len(cell)}" if cell else "–"


def print_retrieval(views: list[Shown], masks: dict[str, FaceMask], model: str, seed: int) -> None:
    encoder = load_encoder(model)
    ways: dict[str, Callable[[list[Image]], NDArray[np.float32]]] = {
        "pixels": _evened,
        model: encoder.embed_images,
    }
    crops = {one.head: one for one in views if not one.picture.scene}  # one crop for each head
    kinds = {"faces (front and side)": ("front", "side"), "heads from all sides": ("front", "side", "back")}
    print(f"\n{'same person by the head alone':46}{'queries':>9}{'right':>8}{'chance':>8}{'95 % of chance':>18}")
    for title, facings in kinds.items():
        asked = [one for one in crops.values() if one.head.facing in facings]
        for name in ("unmasked", *masks):
            images = [filled_image(one, masks[name]) if name in masks else one.picture.image for one in asked]
            part = (lambda image: image) if "back" in facings else _face
            cuts = [np.ascontiguousarray(part(image[one.part])) for image, one in zip(images, asked, strict=True)]
            for way, rows in ways.items():
                print(f"{title:24}{name:10}{way:12}" + _same_person(rows(cuts), asked, seed), flush=True)


def _face(head: Image) -> Image:
    """Without the hair above and the surroundings at the sides."""
    height, width = head.shape[:2]
    return head[height // 4 :, width // 8 : width - width // 8]


def _evened(cuts: list[Image]) -> NDArray[np.float32]:
    rows = []
    for image in cuts:
        grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (16, 16), interpolation=cv2.INTER_AREA)
        row = grey.astype(np.float32).ravel()
        row -= row.mean()
        rows.append(row / max(1e-3, float(np.linalg.norm(row))))
    return np.stack(rows)


def _same_person(rows: NDArray[np.float32], asked: list[Shown], seed: int) -> str:
    likeness = np.round(rows @ rows.T, 5)
    clips = np.array([one.head.clip for one in asked])
    times = np.array([one.picture.at_us for one in asked])
    others = (clips[:, None] == clips) & (np.abs(times[:, None] - times) >= APART_US)
    names = np.array([one.head.who for one in asked])
    with_match = ((names[:, None] == names) & others).any(axis=1)
    best = np.where(others, likeness, -np.inf)
    nearest = (best == best.max(axis=1, keepdims=True)) & others

    def right(called: NDArray[np.str_]) -> float:
        same = (called[:, None] == called) & nearest
        return float((same.sum(axis=1) / np.maximum(1, nearest.sum(axis=1)))[with_match].mean())

    draw = np.random.default_rng(seed)
    dealt = []
    for _ in range(2000):
        called = names.copy()
        for clip in set(clips):
            called[clips == clip] = draw.permutation(called[clips == clip])
        dealt.append(right(called))
    low, high = np.quantile(dealt, [0.025, 0.975])
    verdict = "above" if right(names) > high else "within"
    return f"{with_match.sum():9}{right(names):8.2f}{np.mean(dealt):8.2f}{f'{low:.2f}–{high:.2f}':>12} {verdict}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="offline")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    if not FOLDER.is_dir():
        sys.exit("skipped: the real clips are absent (shared/footage beside the repository)")
    heads = msgspec.json.decode(LABELS.read_bytes(), type=list[Head])
    masks = {"found": FaceMask(), "upright": FaceMask(Masking(heads="upright"))}
    views = []
    for clip in dict.fromkeys(head.clip for head in heads):
        of_clip = [head for head in heads if head.clip == clip]
        for picture in pictures_with(of_clip):
            views += [view for head in of_clip if (view := shown(head, picture))]
    print(f"{len(heads)} heads, of which {len({view.head for view in views})} are in a picture that the pipeline made")
    print_recall(views, masks)
    print_retrieval(views, masks, chosen.model, chosen.seed)


if __name__ == "__main__":
    main()
