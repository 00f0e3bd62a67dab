"""How well do words find moments?

    make evaluate [EVALUATE=--write]
    python -m tests.benchmarks.evaluation [--write] [--misses]

Draws films that the offline model never saw the like of and the demonstration's district, indexes them and the real
clips (where they are at hand) as a server would, asks all that was prepared, and compares the figures with the
committed ones (tests/benchmarks/results/evaluation.json): what is off by more than .02 is told, and the exit status is
1. `--write` keeps the figures made now instead. About ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gpu_jobs.encoders import load_encoder
from gpu_jobs.masking import FaceMask
from tests.benchmarks.evaluation.comparison import differences, without_real_clips
from tests.benchmarks.evaluation.corpora import demo_corpus, real_corpus
from tests.benchmarks.evaluation.crops import of_classes
from tests.benchmarks.evaluation.drawn import Size, draw_corpus
from tests.benchmarks.evaluation.evaluating import Misses, on_corpus, variants_on
from tests.benchmarks.evaluation.plot import drawn
from tests.benchmarks.evaluation.questions import Corpus
from tests.benchmarks.evaluation.report import Report, in_words
from tests.benchmarks.real_clips import FOLDER

SEED = 2026  # of the drawn cameras; the demonstration's district has its own
VARIANT_CAMERAS = 4  # of the drawn ones: one in each light
RESULTS = Path(__file__).resolve().parent.parent / "results"
COMMITTED = RESULTS / "evaluation.json"
COMMAND = "make evaluate"


def evaluated(folder: Path, size: Size, told: Callable[[str], None]) -> tuple[Report, Misses]:
    """Every figure, and what was not found."""
    encoder, mask = load_encoder(), FaceMask()
    corpora = [draw_corpus(folder / "films", SEED, size), demo_corpus(folder / "district")]
    told(f"{sum(one.minutes for one in corpora):.0f} minutes of film are drawn")
    few = first_films(corpora[0], VARIANT_CAMERAS)
    corpora += [real_corpus()] if FOLDER.is_dir() else []
    reports, missed = {}, []
    for corpus in corpora:
        reports[corpus.name], misses = on_corpus(corpus, folder / corpus.name, encoder, mask)
        missed += misses
        told(f"{corpus.name}: {len(corpus.questions)} questions asked")
    classes = of_classes(FOLDER, encoder, mask) if FOLDER.is_dir() else {}
    varied = [few, *(one for one in corpora if one.name == "real")]
    report = Report(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=COMMAND,
        machine=machine(),
        model=encoder.manifest.model,
        weights_sha256=encoder.manifest.weights_sha256,
        corpora=reports,
        classes=classes,
        variants={one.name: variants_on(one, folder / f"{one.name} varied", encoder, mask, told) for one in varied},
    )
    return report, missed


def first_films(corpus: Corpus, count: int) -> Corpus:
    """The first films of a corpus, and the questions of which all answers are there."""
    films = corpus.films[:count]
    there = {film.camera for film in films}
    questions = tuple(one for one in corpus.answerable if all(span.camera in there for span in one.truth))
    return Corpus(name=corpus.name, films=films, questions=questions)


def machine() -> str:
    """Cores and processor, as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{len(os.sched_getaffinity(0))} cores of {model or platform.machine()}"


def write(report: Report) -> None:
    COMMITTED.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    (RESULTS / "evaluation.md").write_text(in_words(report), encoding="utf-8")
    (RESULTS / "evaluation.svg").write_text(drawn(report.variants), encoding="utf-8")


def compared(report: Report) -> int:
    """Tells what differs from the committed figures; the exit status."""
    if not COMMITTED.exists():
        sys.exit(f"{COMMITTED.name}: no figures are committed to compare with; keep these with --write")
    committed = msgspec.json.decode(COMMITTED.read_bytes(), type=Report)
    if not FOLDER.is_dir():
        print("left out: the rows of the real clips (shared/footage is not beside the repository)")
        committed = without_real_clips(committed)
    told = differences(report, committed)
    print(*told, sep="\n") if told else print(f"as committed on {committed.date}, within .02")
    return 1 if told else 0


def show(misses: Misses) -> None:
    for question, answer in misses:
        wanted = ", ".join(f"{one.camera} {one.from_s:.0f}–{one.to_s:.0f} s" for one in question.truth)
        print(f"«{question.text}» ({wanted})")
        print("\n".join(f"  {one.camera} {one.at_s:.0f} s ({one.score:.3f})" for one in answer[:5]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the figures in tests/benchmarks/results")
    parser.add_argument("--misses", action="store_true", help="also tell what was not among the first five")
    chosen = parser.parse_args()
    if chosen.write and not FOLDER.is_dir():
        sys.exit("--write: the real clips are absent, so their rows would be lost; put shared/footage beside the clone")
    start = time.monotonic()

    def told(line: str) -> None:
        print(f"{time.monotonic() - start:5.0f} s  {line}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        report, misses = evaluated(Path(folder), Size(), told)
    if chosen.misses:
        show(misses)
    print(in_words(report))
    if chosen.write:
        write(report)
        return 0
    return compared(report)


if __name__ == "__main__":
    sys.exit(main())
