"""Do words find the moment? The demonstration's four films, indexed as a server would, asked for all that passes.

    python -m tests.benchmarks.evaluate_demo [--json FILE]

The district is drawn with the demonstration's own seed, indexed by the real pipeline with its usual settings into a
fresh index, and searched over all cameras and times. Every passage of the script is asked for in both languages.

*Recall@5* of a query: its relevant moments are the passages (camera, from, to) of which all its facts are true. One
counts as found when a returned moment's best frame, of the same camera, lies within [from - 1 s, to + 1 s]. Recall is
the number found, over min(5, number relevant). Figures are means over queries; each interval is the percentile
bootstrap over queries (95 %, fixed seed).

Beside the search, three ways to name five moments that do not look at the question. All choose among the indexed
frames and obey the rule of `search_index.moments` that best frames of a camera lie more than `apart_us` apart; all are
judged as above, by best frames, so that nobody wins by long moments:

- random: frames in random order, the mean over 1,000 orders;
- chronological: the earliest frames;
- motion only: the frames of which the largest part differs from the background (the crops' areas added up).

*Rank* is that of the first relevant moment among the first 100 moments; beyond them its reciprocal counts as 0.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.demo import SEED
from gpu_jobs.encoders import load_encoder
from gpu_jobs.offline_model.demo_footage import CameraScript, DemoMoment, DemoQuery, draw_district, queries
from gpu_jobs.offline_model.demo_script import PLACES
from gpu_jobs.offline_model.reading import parse_query
from gpu_jobs.pipeline import FootagePipeline, Timings
from gpu_jobs.work_queue import Claim
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex
from search_index.footage_unit import CROP, FootageUnit
from search_index.moments import Grouping, bests
from search_index.scope import Interval, Scope

TOP = 5
TOLERANCE_SECONDS = 1.0
RANKED = 100
DRAWS = 1_000
RESAMPLES = 10_000
BOOTSTRAP_SEED, RANDOM_SEED = 1, 2
CHANCE_MAX = 0.15
TIMES_REAL_TIME_MIN = 5.0
MIDNIGHT_US = 1_779_000_000_000_000
SEARCH, RANDOM, CHRONOLOGICAL, MOTION = "Oberih (text)", "random", "chronological", "motion only"
LANGUAGES = {"uk": "Ukrainian", "en": "English"}
LIGHTS = {place.key: place.light + (", rain" if place.rain else "") for place in PLACES}

Vector = NDArray[np.float64]


class Named(msgspec.Struct, frozen=True):
    """A moment that a system names, by its best frame: camera and seconds from its film's start."""

    camera: str
    second: float
    score: float = 0.0


class Seen(msgspec.Struct, frozen=True):
    """An indexed frame. `motion`: the part of the picture that its crops cover, each counted by itself."""

    camera: str
    at_us: int
    motion: float


class Figure(msgspec.Struct, frozen=True):
    """A mean over queries and its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """A query of which a relevant moment is not among the first five, and what was returned instead."""

    language: str
    text: str
    read_as: tuple[str, ...]
    missed: tuple[str, ...]
    rank: int | None
    returned: tuple[str, ...]


class Speed(msgspec.Struct, frozen=True, kw_only=True):
    """Indexing one film after the other in this process, with the decoder in its own. `cpu_seconds` of both together
    and the load average tell what a machine that had nothing else to do would have needed."""

    drawing_seconds: float
    filmed_seconds: float
    indexing_seconds: float
    cpu_seconds: float
    times_real_time: float
    split_seconds: dict[str, float]
    rows: int
    load_average: float
    query_milliseconds_median: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    date: str
    weights_sha256: str
    table: dict[str, dict[str, Figure]]  # group of queries -> system -> recall@5
    queries: dict[str, int]  # group -> number
    by_question: dict[str, Figure]  # system -> recall@5, both languages of a question resampled together
    rank_median: float
    mean_reciprocal_rank: float
    moment_seconds_median: float
    stands: bool
    failed: tuple[Failed, ...]
    speed: Speed


class District:
    """The films, indexed; and every frame that the index saw."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        start = time.perf_counter()
        self.scripts = draw_district(folder / "films", SEED)
        self.drawing_seconds = time.perf_counter() - start
        self.seen: list[Seen] = []
        self.timings: list[Timings] = []
        self.index = FootageIndex(folder / "index", encoder.manifest)
        pipeline, before = FootagePipeline(encoder), _cpu_seconds()
        for script in self.scripts:
            self._take_in(pipeline, script)
        self.cpu_seconds = _cpu_seconds() - before

    def _take_in(self, pipeline: FootagePipeline, script: CameraScript) -> None:
        with pipeline.run(_claim(script)) as run:
            for unit in run.units():
                start = time.perf_counter()
                self.index.commit(unit)
                run.timings.commit += time.perf_counter() - start
                self.seen += _frames(unit, script.width_px * script.height_px)
        self.timings.append(run.timings)

    def second(self, camera: str, at_us: int) -> float:
        """Seconds from the start of a camera's film."""
        return (at_us - _recorded_at_us(next(script for script in self.scripts if script.key == camera))) / 1e6

    def search(self, encoder: Encoder, text: str, moments_max: int) -> tuple[list[Named], list[float]]:
        """What is found, over everything; and how long the moments are, in seconds."""
        scope = Scope(
            frozenset(script.key for script in self.scripts),
            (Interval(MIDNIGHT_US, MIDNIGHT_US + 24 * 3_600_000_000),),
        )
        found = self.index.search(encoder.embed_text(text).vector, scope, moments_max=moments_max).moments
        return (
            [Named(one.camera, self.second(one.camera, one.best.at_us), one.best.score) for one in found],
            [(one.to_us - one.from_us) / 1e6 for one in found],
        )

    def first_of(self, ranking: Sequence[int]) -> list[Named]:
        """The first five moments when the frames are ranked so."""
        ranked = [self.seen[place] for place in ranking]
        chosen = bests([one.camera for one in ranked], [one.at_us for one in ranked], Grouping().apart_us, TOP)
        return [Named(ranked[place].camera, self.second(ranked[place].camera, ranked[place].at_us)) for place in chosen]

    def shown(self, camera: str, second: float) -> str:
        """What passes a camera then, as the script has it."""
        script = next(script for script in self.scripts if script.key == camera)
        passing = [event.caption_en for event in script.events if event.start_s <= second <= event.end_s]
        return f"{camera} {second:.0f} s: {' + '.join(passing) or 'nothing'}"


def _cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _recorded_at_us(script: CameraScript) -> int:
    return MIDNIGHT_US + script.recorded_offset_s * 1_000_000


def _claim(script: CameraScript) -> Claim:
    return Claim(
        footage=hashlib.sha256(script.file.read_bytes()).hexdigest(),
        path=script.file,
        camera=script.key,
        recorded_at_us=_recorded_at_us(script),
        uncertainty_us=0,
        fence=1,
        lease_seconds=3600,
    )


def _frames(unit: FootageUnit, area_px: int) -> list[Seen]:
    motion: dict[int, float] = {}
    for row in unit.rows:
        share = row.box.width * row.box.height / area_px if row.kind == CROP else 0.0
        motion[row.at_us] = motion.get(row.at_us, 0.0) + share
    return [Seen(unit.camera, at_us, share) for at_us, share in motion.items()]


def found(named: Named, wanted: DemoMoment) -> bool:
    """Whether a named moment is the wanted one, by its best frame."""
    from_s, to_s = wanted.start_s - TOLERANCE_SECONDS, wanted.end_s + TOLERANCE_SECONDS
    return named.camera == wanted.camera and from_s <= named.second <= to_s


def recall(named: Sequence[Named], query: DemoQuery) -> float:
    """Of one query, as defined above. Each relevant moment counts once."""
    met = sum(any(found(one, wanted) for one in named[:TOP]) for wanted in query.moments)
    return min(TOP, met) / min(TOP, len(query.moments))


def first_rank(named: Sequence[Named], query: DemoQuery) -> int | None:
    relevant = (any(found(one, wanted) for wanted in query.moments) for one in named)
    return next((rank for rank, is_relevant in enumerate(relevant, 1) if is_relevant), None)


def baselines(district: District, asked: Sequence[DemoQuery]) -> dict[str, Vector]:
    """The recall of each query by each of the ways that do not look at it."""
    seen, draw = district.seen, np.random.default_rng(RANDOM_SEED)
    by_time = district.first_of(sorted(range(len(seen)), key=lambda one: (seen[one].at_us, seen[one].camera)))
    by_motion = district.first_of(sorted(range(len(seen)), key=lambda one: (-seen[one].motion, seen[one].at_us)))
    drawn = [district.first_of(draw.permutation(len(seen)).tolist()) for _ in range(DRAWS)]
    return {
        RANDOM: np.array([np.mean([recall(named, query) for named in drawn]) for query in asked]),
        CHRONOLOGICAL: np.array([recall(by_time, query) for query in asked]),
        MOTION: np.array([recall(by_motion, query) for query in asked]),
    }


def bootstrapped(recalls: Vector, together: Sequence[object] | None = None) -> Figure:
    """The mean and its interval; queries that share a value of `together` are drawn as one."""
    keys = list(together) if together is not None else list(range(len(recalls)))
    groups = [[place for place, key in enumerate(keys) if key == one] for one in dict.fromkeys(keys)]
    totals = np.array([recalls[group].sum() for group in groups])
    sizes = np.array([len(group) for group in groups])
    drawn = np.random.default_rng(BOOTSTRAP_SEED).integers(len(groups), size=(RESAMPLES, len(groups)))
    means = totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Figure(float(recalls.mean()), float(low), float(high))


def groups_of(asked: Sequence[DemoQuery]) -> dict[str, list[int]]:
    """Places of the queries: all, of each language, and of each camera that shows a relevant moment."""
    return {
        "all": list(range(len(asked))),
        **{name: [i for i, one in enumerate(asked) if one.language == key] for key, name in LANGUAGES.items()},
        **{
            f"{camera} ({light})": [i for i, one in enumerate(asked) if any(m.camera == camera for m in one.moments)]
            for camera, light in LIGHTS.items()
        },
    }


def evaluate(folder: Path) -> Report:
    encoder = load_encoder()
    district = District(folder, encoder)
    with district.index:
        return report_of(district, encoder)


def report_of(district: District, encoder: Encoder) -> Report:
    asked = queries(district.scripts)
    answers, lengths, spent = [], [], []
    for query in asked:
        start = time.perf_counter()
        named, seconds = district.search(encoder, query.text, TOP)
        spent.append(time.perf_counter() - start)
        lengths += seconds
        answers.append(named)
    deeper = [district.search(encoder, query.text, RANKED)[0] for query in asked]
    ranks = [first_rank(named, query) for named, query in zip(deeper, asked, strict=True)]
    recalls = {
        SEARCH: np.array([recall(named, query) for named, query in zip(answers, asked, strict=True)]),
        **baselines(district, asked),
    }
    groups = groups_of(asked)
    table = {
        group: {system: bootstrapped(values[places]) for system, values in recalls.items()}
        for group, places in groups.items()
    }
    return Report(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        weights_sha256=encoder.manifest.weights_sha256,
        table=table,
        queries={group: len(places) for group, places in groups.items()},
        by_question={
            system: bootstrapped(values, [query.moments for query in asked]) for system, values in recalls.items()
        },
        rank_median=float(np.median([rank or RANKED + 1 for rank in ranks])),
        mean_reciprocal_rank=float(np.mean([1 / rank if rank else 0.0 for rank in ranks])),
        moment_seconds_median=float(np.median(lengths)),
        stands=_stands(table["all"]),
        failed=tuple(
            _failed(district, query, answer, rank)
            for query, answer, rank in zip(asked, answers, ranks, strict=True)
            if recall(answer, query) < 1
        ),
        speed=_speed(district, spent),
    )


def _stands(figures: dict[str, Figure]) -> bool:
    others = [figure.high for system, figure in figures.items() if system != SEARCH]
    return figures[SEARCH].low > max(others) and figures[RANDOM].mean <= CHANCE_MAX


def _failed(district: District, query: DemoQuery, answer: Sequence[Named], rank: int | None) -> Failed:
    missed = [wanted for wanted in query.moments if not any(found(one, wanted) for one in answer)]
    return Failed(
        language=query.language,
        text=query.text,
        read_as=tuple(sorted(parse_query(query.text).facts)),
        missed=tuple(district.shown(one.camera, (one.start_s + one.end_s) / 2) for one in missed),
        rank=rank,
        returned=tuple(f"{district.shown(one.camera, one.second)} ({one.score:.3f})" for one in answer),
    )


def _speed(district: District, spent: Sequence[float]) -> Speed:
    names = ("decode", "decode_cpu", "motion", "mask", "thumbnails", "embed", "commit")
    indexing = sum(one.total for one in district.timings)
    filmed = sum(script.seconds for script in district.scripts)
    return Speed(
        drawing_seconds=round(district.drawing_seconds, 1),
        filmed_seconds=filmed,
        indexing_seconds=round(indexing, 1),
        cpu_seconds=round(district.cpu_seconds, 1),
        times_real_time=round(filmed / indexing, 1),
        split_seconds={name: round(sum(getattr(one, name) for one in district.timings), 1) for name in names},
        rows=district.index.statistics().rows,
        load_average=round(os.getloadavg()[0], 1),
        query_milliseconds_median=round(1000 * float(np.median(spent)), 1),
    )


def printed(report: Report) -> str:
    """The report as Markdown."""
    systems = list(report.table["all"])
    lines = [
        f"| recall@{TOP} of moments [95 %] | queries | {' | '.join(systems)} |",
        f"|---|--:|{'---|' * len(systems)}",
        *(
            f"| {group} | {report.queries[group]} | {' | '.join(str(figures[system]) for system in systems)} |"
            for group, figures in report.table.items()
        ),
        f"| all, both languages of a question resampled together | {report.queries['all']} "
        f"| {' | '.join(str(report.by_question[system]) for system in systems)} |",
        "",
        f"Lower bound above every baseline's upper bound, and chance at most {CHANCE_MAX}: "
        f"{'yes' if report.stands else 'NO'}.",
        f"Median rank {report.rank_median:g}, mean reciprocal rank {report.mean_reciprocal_rank:.3f}; "
        f"median length of a moment {report.moment_seconds_median:.1f} s.",
        *_speed_in_words(report.speed),
        f"Weights {report.weights_sha256[:16]}…, {report.date}.",
        "",
        f"{len(report.failed)} queries of which not all was found:" if report.failed else "Every query was answered.",
        *(line for one in report.failed for line in _failed_in_words(one)),
    ]
    return "\n".join(lines)


def _speed_in_words(speed: Speed) -> list[str]:
    split = ", ".join(f"{name.replace('_', ' ')} {seconds:g}" for name, seconds in speed.split_seconds.items())
    return [
        f"Indexing: {speed.filmed_seconds:g} s of film in {speed.indexing_seconds:g} s, {speed.times_real_time:g} × "
        f"real time (aim {TIMES_REAL_TIME_MIN:g}), of which {speed.cpu_seconds:g} s on a processor "
        f"({speed.filmed_seconds / speed.cpu_seconds:.1f} × real time), at a load average of {speed.load_average:g}; "
        f"{speed.rows} rows.",
        f"Seconds: {split}. Drawing the films: {speed.drawing_seconds:g} s. "
        f"A query: {speed.query_milliseconds_median:g} ms (median).",
    ]


def _failed_in_words(failed: Failed) -> list[str]:
    rank = f"rank {failed.rank}" if failed.rank else f"not within {RANKED}"
    return [
        f"- «{failed.text}», read as {', '.join(failed.read_as)}: {rank}; missed {'; '.join(failed.missed)}",
        *(f"  {place}. {one}" for place, one in enumerate(failed.returned, 1)),
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", type=Path, metavar="FILE", help="write every figure there, too")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = evaluate(Path(folder))
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    print(printed(report))


if __name__ == "__main__":
    main()
