"""Is the right moment found? The four real clips, archived into a fresh index; what moves in frames that were never
sampled is drawn a box around and searched for. Beside it the same with colour histograms instead of a model.

    python -m tests.benchmarks.evaluate_footage [--model offline] [--queries N] [--json] [--sheet sheet.png]

A query is a box round something that moves, in a frame at least 0.3 s from every sampled one; without --queries, all
such frames of the clips are asked (of each one thing, drawn at random). It goes the road of any query picture: its
own decoding process, context, mask, model. It is answered over all cameras and times. A moment is the right one where
its best row's [from, to] comes within a second of the query's frame.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np

from gpu_jobs.decoding import FootageFrames
from gpu_jobs.encoders import load_encoder
from gpu_jobs.masking import FaceMask
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.query_image import QueryImages
from gpu_jobs.settings import PipelineSettings
from search_index.answer import Answer, Moment
from search_index.encoder import Encoder, Image, Vectors
from search_index.footage_index import FootageIndex
from search_index.footage_unit import CROP
from search_index.scope import Interval, Scope
from tests.benchmarks.real_clips import CLIPS, FOLDER, RECORDED_AT_US, Moving, claim_of, moving_things
from tests.fakes_gpu import ColourHistograms

APART_SECONDS = 0.3  # between a query's frame and every sampled one
WITHIN_SECONDS = 1.0
TOP = 5
STILL_LIFE = "bottle-detection.mp4"
WORDS = ("a person in a red jacket", "людина в червоній куртці")
# Where the jacket of the woman in red is in vtest.avi: seconds, x, y; she walks out to the left and comes back.
WOMAN_IN_RED = (
    (
        *((42, 763, 321), (43, 703, 307), (45, 578, 273), (47, 470, 243), (49, 371, 219), (51, 275, 208)),
        *((53, 199, 196), (55, 133, 188), (57, 35, 196)),
    ),
    ((61, 19, 204), (64, 182, 183), (67, 339, 172), (70, 484, 157), (73, 602, 138), (76, 693, 140), (79, 664, 165)),
)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    queries: int
    right_camera_first: float
    within_a_second_in_top: float  # on the clips other than the bottles
    by_clip: dict[str, dict[str, float]]
    moment_seconds_median: float
    rows: int


def everything() -> Scope:
    return Scope(frozenset(CLIPS), (Interval(RECORDED_AT_US, RECORDED_AT_US + 24 * 3_600_000_000),))


def indexed(folder: Path, encoder: Encoder, mask: FaceMask, settings: PipelineSettings) -> FootageIndex:
    index = FootageIndex(folder, encoder.manifest)
    pipeline = FootagePipeline(encoder, settings, mask=mask)
    for clip in CLIPS:
        with pipeline.run(claim_of(clip)) as run:
            for unit in run.units():
                index.commit(unit)
    return index


def sampled_seconds(clip: str, settings: PipelineSettings) -> list[float]:
    with FootageFrames(FOLDER / clip, settings.sampling, side_px_max=settings.frame_side_px_max) as frames:
        base, start = frames.probe.time_base, frames.probe.start_pts
        return [base.us(frame.pts - start) / 1e6 for frame in frames]


class Prepared(ColourHistograms):
    """Keeps what an encoder is given to see: decoding and masking are the same for every model."""

    def __init__(self) -> None:
        self.seen: list[Image] = []

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        self.seen += images
        return super().embed_images(images)


def as_seen(things: list[Moving], mask: FaceMask) -> list[Image]:
    """What a model gets to see of each query."""
    prepared = Prepared()
    for thing in things:
        QueryImages(prepared, mask).vector(thing.picture, thing.box)
    return prepared.seen


def outcome(index: FootageIndex, encoder: Encoder, things: list[Moving], seen: list[Image]) -> Outcome:
    by_clip: dict[str, list[tuple[bool, bool]]] = {clip: [] for clip in CLIPS}
    lengths = []
    for thing, vector in zip(things, encoder.embed_images(seen), strict=True):
        answer = index.search(vector, everything(), moments_max=TOP)
        by_clip[thing.clip].append(_judged(answer, thing))
        lengths += [(moment.to_us - moment.from_us) / 1e6 for moment in answer.moments]
    judged = [(clip, *one) for clip, many in by_clip.items() for one in many]
    return Outcome(
        queries=len(judged),
        right_camera_first=_share([first for _, first, _ in judged]),
        within_a_second_in_top=_share([near for clip, _, near in judged if clip != STILL_LIFE]),
        by_clip={
            clip: {
                "queries": len(many),
                "right_camera_first": _share([first for first, _ in many]),
                "within_a_second_in_top": _share([near for _, near in many]),
            }
            for clip, many in by_clip.items()
        },
        moment_seconds_median=float(np.median(lengths)),
        rows=index.statistics().rows,
    )


def _judged(answer: Answer, thing: Moving) -> tuple[bool, bool]:
    true_us = claim_of(thing.clip).recorded_at_us + thing.at_seconds * 1e6
    near = any(
        moment.camera == thing.clip
        and moment.best.from_us - WITHIN_SECONDS * 1e6 <= true_us <= moment.best.to_us + WITHIN_SECONDS * 1e6
        for moment in answer.moments
    )
    return answer.moments[0].camera == thing.clip, near


def _share(hits: list[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else float("nan")


def words_found(index: FootageIndex, encoder: Encoder) -> dict[str, list[bool]]:
    """For each text, which of the first moments of vtest.avi show the woman in red."""
    scope = Scope(frozenset({CLIPS[0]}), everything().intervals)
    return {
        text: [
            shows_woman_in_red(moment)
            for moment in index.search(encoder.embed_text(text).vector, scope, moments_max=TOP).moments
        ]
        for text in WORDS
    }


def shows_woman_in_red(moment: Moment) -> bool:
    best = moment.best
    at = (best.at_us - claim_of(CLIPS[0]).recorded_at_us) / 1e6
    for path in WOMAN_IN_RED:
        seconds, across, down = zip(*path, strict=True)
        if best.kind == CROP and seconds[0] <= at <= seconds[-1]:
            x, y = np.interp(at, seconds, across), np.interp(at, seconds, down)
            box = best.box
            return bool(box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height)
    return False


def write_sheet(path: Path, index: FootageIndex, encoder: Encoder, things: list[Moving], seen: list[Image]) -> None:
    """A picture to judge by: a query on the left of each line, its best moments beside it."""
    tile, lines = 120, []
    for thing, image, vector in zip(things, seen, encoder.embed_images(seen), strict=True):
        tiles = [cv2.cvtColor(image, cv2.COLOR_RGB2BGR)]
        answer = index.search(vector, everything(), moments_max=TOP)
        for moment in answer.moments:
            jpeg = np.frombuffer(index.thumbnail(moment.best.row), np.uint8)
            tiles.append(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))
        right = _judged(answer, thing)[1]
        lines.append(np.hstack([_fitted(one, tile, right or place > 0) for place, one in enumerate(tiles)]))
    cv2.imwrite(str(path), np.vstack(lines))


def _fitted(image: np.ndarray, side: int, right: bool) -> np.ndarray:
    scale = (side - 8) / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    out = np.full((side, side, 3), (255, 255, 255) if right else (80, 80, 255), np.uint8)
    out[4 : 4 + small.shape[0], 4 : 4 + small.shape[1]] = small
    return out


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--model", default="offline")
    asked.add_argument("--queries", type=int, default=10_000, help="of each clip at most")
    asked.add_argument("--seed", type=int, default=2)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--sheet", type=Path, help="write the first queries and their moments as a picture")
    options = asked.parse_args()
    if not FOLDER.is_dir():
        sys.exit("skipped: the real clips are absent (shared/footage beside the repository)")
    settings, mask, encoder = PipelineSettings(), FaceMask(), load_encoder(options.model)
    things = [
        thing
        for clip in CLIPS
        for thing in moving_things(clip, sampled_seconds(clip, settings), APART_SECONDS, options.queries, options.seed)
    ]
    seen = as_seen(things, mask)
    report: dict[str, object] = {"model": encoder.manifest.model}
    with tempfile.TemporaryDirectory() as folder:
        with indexed(Path(folder) / "model", encoder, mask, settings) as index:
            report["clip"] = outcome(index, encoder, things, seen)
            report["words"] = words_found(index, encoder)
            if options.sheet:
                write_sheet(options.sheet, index, encoder, things[::12], seen[::12])
        histograms = ColourHistograms()
        with indexed(Path(folder) / "colours", histograms, mask, settings) as index:
            report["colour histograms"] = outcome(index, histograms, things, seen)
    if options.json:
        print(json.dumps(msgspec.to_builtins(report), indent=1, ensure_ascii=False))
    else:
        _print(report)


def _print(report: dict[str, object]) -> None:
    for name in ("clip", "colour histograms"):
        result = report[name]
        assert isinstance(result, Outcome)
        print(f"{name if name != 'clip' else report['model']}: {result.queries} queries, {result.rows} rows")
        print(f"  right camera first      {result.right_camera_first:.1%}")
        print(f"  within 1 s in top {TOP}     {result.within_a_second_in_top:.1%}  (without {STILL_LIFE})")
        print(f"  median moment           {result.moment_seconds_median:.1f} s")
        for clip, figures in result.by_clip.items():
            first, near = figures["right_camera_first"], figures["within_a_second_in_top"]
            print(f"    {clip:34} n {figures['queries']:4.0f}  camera {first:6.1%}  within 1 s {near:6.1%}")
    print(f"{CLIPS[0]}, woman in red in the first {TOP} moments:")
    for text, found in msgspec.to_builtins(report["words"]).items():
        print(f"  {text!r}: {'yes, at rank ' + str(found.index(True) + 1) if any(found) else 'no'}  {found}")


if __name__ == "__main__":
    main()
