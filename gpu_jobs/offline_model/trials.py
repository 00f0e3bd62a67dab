"""What the offline model is measured on: hand-labelled real crops, search by example, and the demonstration district.

Nothing here knows how embeddings come about: every trial takes functions from crops and texts to unit rows.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.demo_footage import CameraScript, DemoQuery
from gpu_jobs.offline_model.footage_crops import FootageCrop, footage_crops, frames
from gpu_jobs.offline_model.held_out import average_precision
from gpu_jobs.offline_model.solids import Picture
from search_index.moments import Grouping, bests

Rows = NDArray[np.float32]
EmbedCrops = Callable[[Sequence[Picture]], Rows]
LABELS = Path(__file__).parent / "footage_labels.csv"
MOMENTS_SHOWN = 5
GROUPING = Grouping()


@dataclass(frozen=True, slots=True)
class Label:
    """A hand-made label of a real crop; "?" where the eye could not settle it, "" where it does not apply.

    Kinds: person (parts of one too), group, car, object (a bottle, a tripod, a traffic cone), empty. No clip shows a
    cyclist, a white jacket or white trousers, so that nothing can be said about them from these crops.
    """

    clip: str
    second: float
    box: tuple[int, int, int, int]
    kind: str
    upper: str
    lower: str
    colour: str


@dataclass(frozen=True, slots=True)
class RealQuery:
    """A question about real crops: its wordings, and for a label True, False or None (does not count)."""

    name: str
    en: str
    uk: str
    holds: Callable[[Label], bool | None]
    colour: tuple[str, str] | None = None


def _seen(*kinds: str) -> Callable[[Label], bool | None]:
    return lambda label: None if label.kind == "?" else label.kind in kinds


def _worn(part: str, name: str) -> Callable[[Label], bool | None]:
    def holds(label: Label) -> bool | None:
        value: str = getattr(label, part)
        return None if value in ("", "?") else name in value.split("+")

    return holds


def _coloured_car(name: str) -> Callable[[Label], bool | None]:
    return lambda label: None if label.colour == "?" else label.colour == name


REAL_QUERIES: tuple[RealQuery, ...] = (
    RealQuery("person", "a person", "людина", _seen("person", "group")),
    RealQuery("car", "a car", "машина", _seen("car")),
    RealQuery(
        "empty", "an empty scene", "порожньо", lambda x: None if x.kind in ("?", "object") else x.kind == "empty"
    ),
    RealQuery(
        "group, among people",
        "a group of people",
        "група людей",
        lambda x: None if x.kind not in ("person", "group") else x.kind == "group",
    ),
    RealQuery(
        "red jacket", "a person in a red jacket", "людина у червоній куртці", _worn("upper", "red"), ("upper", "red")
    ),
    RealQuery("red jacket, bare", "red jacket", "червона куртка", _worn("upper", "red"), ("upper", "red")),
    RealQuery(
        "black jacket",
        "a person in a black jacket",
        "людина у чорній куртці",
        _worn("upper", "black"),
        ("upper", "black"),
    ),
    RealQuery(
        "blue jacket", "a person in a blue jacket", "людина в синій куртці", _worn("upper", "blue"), ("upper", "blue")
    ),
    RealQuery(
        "grey sweater",
        "a person in a grey sweater",
        "людина у сірому светрі",
        _worn("upper", "grey"),
        ("upper", "grey"),
    ),
    RealQuery(
        "black trousers",
        "a person in black trousers",
        "людина в чорних штанах",
        _worn("lower", "black"),
        ("lower", "black"),
    ),
    RealQuery(
        "blue jeans", "a person in blue jeans", "людина в синіх джинсах", _worn("lower", "blue"), ("lower", "blue")
    ),
    RealQuery(
        "grey trousers", "a person in grey trousers", "людина в сірих штанах", _worn("lower", "grey"), ("lower", "grey")
    ),
    RealQuery("red car", "a red car", "червона машина", _coloured_car("red"), ("colour", "red")),
    RealQuery("red car, accusative", "red auto", "червону машину", _coloured_car("red"), ("colour", "red")),
    RealQuery("red car, of colour", "car, red", "машина червоного кольору", _coloured_car("red"), ("colour", "red")),
    RealQuery("white car", "a white car", "біла машина", _coloured_car("white"), ("colour", "white")),
    RealQuery("white car, accusative", "white automobile", "білу машину", _coloured_car("white"), ("colour", "white")),
)


def labelled_crops(footage: Path) -> tuple[list[Label], list[Picture]]:
    """The labelled crops, cut from the clips beside the repository."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = [
            Label(
                row["clip"],
                float(row["second"]),
                (int(row["left"]), int(row["top"]), int(row["right"]), int(row["bottom"])),
                *(row[name] for name in ("kind", "upper", "lower", "colour")),
            )
            for row in csv.DictReader(file)
        ]
    pictures: dict[tuple[str, float], Picture] = {}
    for clip in sorted({label.clip for label in labels}):
        wanted = {label.second for label in labels if label.clip == clip}
        for second, picture in frames(footage / clip, wanted):
            pictures[clip, second] = picture
    crops = []
    for label in labels:
        left, top, right, bottom = label.box
        crops.append(pictures[label.clip, label.second][top:bottom, left:right])
    return labels, crops


def real_scores(labels: Sequence[Label], scores_of: Callable[[RealQuery], Rows | None]) -> dict[str, float | None]:
    """Average precision of every real query under a way of scoring all crops."""
    figures: dict[str, float | None] = {}
    for query in REAL_QUERIES:
        scores = scores_of(query)
        if scores is None:
            figures[query.name] = None
            continue
        truth = [query.holds(label) for label in labels]
        kept = np.array([value is not None for value in truth])
        relevant = np.array([bool(value) for value in truth])
        figures[query.name] = round(average_precision(relevant[kept], scores[kept]), 3)
    coloured = [q.name for q in REAL_QUERIES if q.colour]
    values = [figures[name] for name in coloured]
    figures["mean of colours"] = round(float(np.mean([v for v in values if v is not None])), 3)
    return figures


def chance_of(labels: Sequence[Label]) -> dict[str, str]:
    """Positives and all crops that count, for each real query."""
    counts = {}
    for query in REAL_QUERIES:
        truth = [query.holds(label) for label in labels]
        counts[query.name] = f"{sum(bool(t) for t in truth)}/{sum(t is not None for t in truth)}"
    return counts


def overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    wide = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = sum((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return wide * high / (areas - wide * high)


def by_example(clips: Sequence[Path], embed: EmbedCrops) -> dict[str, float]:
    """Index: the crops of one frame a second of all clips. Queries: crops half a second from an indexed frame, of
    things that the index holds (a crop at nearly the same place within a second); the rest are counted, not asked."""
    indexed: list[FootageCrop] = []
    between: list[FootageCrop] = []
    for clip in clips:
        for crop in footage_crops(clip, period_s=0.5):
            (between if round(crop.second * 2) % 2 else indexed).append(crop)
    asked = [
        query
        for query in between
        if any(
            c.clip == query.clip and abs(c.second - query.second) <= 1.0 and overlap(c.box, query.box) > 0.35
            for c in indexed
        )
    ]
    scores = embed([q.picture for q in asked]) @ embed([c.picture for c in indexed]).T
    camera = frame = moment = 0
    for query, row in zip(asked, scores, strict=True):
        order = np.argsort(-row, kind="stable").tolist()
        first = indexed[order[0]]
        camera += first.clip == query.clip
        seen = list(dict.fromkeys((indexed[i].clip, indexed[i].second) for i in order[:60]))[:MOMENTS_SHOWN]
        frame += any(clip == query.clip and abs(second - query.second) <= 1.0 for clip, second in seen)
        moment += any(
            clip == query.clip and start - 1.0 <= query.second <= end + 1.0
            for clip, start, end in shown_moments(indexed, row)
        )
    count = max(1, len(asked))
    return {
        "queries": len(asked),
        "left_out": len(between) - len(asked),
        "indexed": len(indexed),
        "right_camera_first": round(camera / count, 3),
        "moment_within_1_s_in_top_5": round(moment / count, 3),
        "frame_within_1_s_in_top_5": round(frame / count, 3),
    }


def shown_moments(crops: Sequence[FootageCrop], scores: Rows) -> list[tuple[str, float, float]]:
    """The first moments (clip, from, to), as the footage index groups its hits (`search_index.moments`)."""
    ranked = np.argsort(-scores, kind="stable").tolist()
    clips = [crops[i].clip for i in ranked]
    instants_us = [round(crops[i].second * 1e6) for i in ranked]
    moments: list[tuple[str, float, float]] = []
    earlier: list[FootageCrop] = []
    for place in bests(clips, instants_us, GROUPING.apart_us, MOMENTS_SHOWN):
        best = crops[ranked[place]]
        least = scores[ranked[place]] - GROUPING.score_margin
        hits = [
            crop.second
            for crop, score in zip(crops, scores, strict=True)
            if score >= least and _together(crop, best) and not any(_together(crop, other) for other in earlier)
        ]
        earlier.append(best)
        moments.append((best.clip, min(hits), max(hits)))
    return moments


def _together(one: FootageCrop, other: FootageCrop) -> bool:
    return one.clip == other.clip and abs(one.second - other.second) * 1e6 <= GROUPING.apart_us


def recall(query: DemoQuery, files: dict[str, str], moments: Sequence[tuple[str, float, float]]) -> float:
    """The share of a query's answers that some shown moment overlaps; `files`: camera key -> file name."""
    found = [
        any(clip == files[m.camera] and start <= m.end_s and end >= m.start_s for clip, start, end in moments)
        for m in query.moments
    ]
    return float(np.mean(found))


def interval(values: Sequence[float], seed: int = 5) -> dict[str, float]:
    """The mean with its 95 % bootstrap interval over queries."""
    rng = np.random.default_rng(seed)
    data = np.array(values)
    means = data[rng.integers(0, len(data), (4000, len(data)))].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return {"mean": round(float(data.mean()), 3), "low": round(float(low), 3), "high": round(float(high), 3)}


def district_recall(
    district: Sequence[CameraScript],
    asked: Sequence[DemoQuery],
    embed: EmbedCrops,
    vectors: dict[str, Callable[[str], Rows]],
) -> dict[str, dict[str, float]]:
    """Recall of the first five moments for each way of making a query vector, and for three baselines."""
    files = {camera.key: camera.file.name for camera in district}
    crops = [crop for camera in district for crop in footage_crops(camera.file, lead_in_s=1.0)]
    rows = embed([crop.picture for crop in crops])
    figures = {}
    for name, vector in vectors.items():
        per_language: dict[str, list[float]] = {"en": [], "uk": []}
        for query in asked:
            moments = shown_moments(crops, rows @ vector(query.text))
            per_language[query.language].append(recall(query, files, moments))
        figures[name] = interval([*per_language["en"], *per_language["uk"]])
        figures[name] |= {k: round(float(np.mean(v)), 3) for k, v in per_language.items()}
    rng = np.random.default_rng(3)
    # Scores of baselines are whole numbers, so that no two hits lie within the margin unless they are equal.
    areas = np.array([(crop.box[2] - crop.box[0]) * (crop.box[3] - crop.box[1]) for crop in crops], np.float32)
    early = -np.array([crop.second for crop in crops], np.float32)
    shuffles = [rng.permutation(len(crops)).astype(np.float32) for _ in range(20)]
    for name, orders in (("random", shuffles), ("chronological", [early]), ("motion only", [areas])):
        shown = [shown_moments(crops, order) for order in orders]
        figures[name] = interval([float(np.mean([recall(q, files, m) for m in shown])) for q in asked])
    figures["crops"] = {"count": len(crops), "queries": len(asked)}
    return figures
