"""The evaluation on a tiny drawn district, whole: drawing, the pipeline, the index, every baseline, the report."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from gpu_jobs.encoders import load_encoder
from gpu_jobs.masking import FaceMask
from gpu_jobs.offline_model.crop_cache import is_held_out
from gpu_jobs.offline_model.demo_footage import script_of
from gpu_jobs.offline_model.demo_script import PLACES
from search_index.footage_unit import CROP, FRAME
from tests.benchmarks.evaluation.baselines import ColourNames, NoColourNamed, chronological, motion_only
from tests.benchmarks.evaluation.corpora import real_questions
from tests.benchmarks.evaluation.drawn import Passing, Size, draw_corpus, draw_places, draw_questions, passings
from tests.benchmarks.evaluation.evaluating import on_corpus
from tests.benchmarks.evaluation.indexing import indexed
from tests.benchmarks.evaluation.metrics import MEASURES
from tests.benchmarks.evaluation.questions import Corpus
from tests.benchmarks.evaluation.report import ALL, OBERIH, RANDOM, SYSTEMS, Report, in_words
from tests.benchmarks.real_queries import real_queries

TINY = Size(cameras=2, passages=3, seconds=20)
SEED = 5


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return draw_corpus(tmp_path_factory.mktemp("films"), SEED, TINY)


def passing(size: Size) -> list[Passing]:
    places = draw_places(SEED, size)
    return passings(places, [script_of(place, SEED, Path(f"{place.key}.mp4"), size.seconds) for place in places])


def test_all_that_passes_is_of_combinations_that_training_never_shows() -> None:
    every = passing(Size())
    assert len(every) == 72
    assert all(is_held_out(figure) for one in every for figure in one.scene.figures)
    assert {"day", "dusk", "night", "rain", "small object", "large object"} <= {
        name for one in every for name in one.strata
    }
    assert {place.key for place in draw_places(SEED, Size())}.isdisjoint({place.key for place in PLACES})


def test_questions_have_the_answers_that_their_facts_have_and_no_others() -> None:
    every = passing(Size())
    asked = draw_questions(every, SEED)
    assert {one.language for one in asked} == {"en", "uk"}
    assert all(len(one.truth) <= 3 for one in asked)
    assert 30 <= sum(not one.truth for one in asked) <= 60
    assert asked == draw_questions(every, SEED)
    assert asked != draw_questions(every, SEED + 1)


def test_the_search_beats_chance_on_films_it_never_saw(corpus: Corpus, tmp_path: Path) -> None:
    found, misses = on_corpus(corpus, tmp_path, load_encoder(), FaceMask())
    assert set(found.figures) == set(SYSTEMS)
    assert set(found.figures[OBERIH][ALL]) == set(MEASURES)
    assert found.questions[ALL] == len(corpus.answerable) == found.questions["English"] + found.questions["Ukrainian"]
    assert found.figures[OBERIH][ALL]["recall@5"].mean > found.figures[RANDOM][ALL]["recall@5"].high
    assert len(misses) < len(corpus.answerable)
    assert found.no_answer is not None
    assert found.no_answer.questions == len(corpus.unanswerable) > 0
    assert 0 <= found.no_answer.false_alarms.mean <= 1
    whole = Report(
        date="", command="", machine="", model="", weights_sha256="", corpora={"drawn": found}, classes={}, variants={}
    )
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Report) == whole
    assert f"| {OBERIH} | {found.figures[OBERIH][ALL]['recall@1']}" in in_words(whole)


def test_colours_and_motion_look_at_what_they_say(corpus: Corpus, tmp_path: Path) -> None:
    with indexed(corpus, tmp_path / "index", ColourNames(), FaceMask()) as coloured:
        seen = coloured.seen()
        assert coloured.cost is not None
        assert coloured.cost.rows == sum(len(unit.rows) for unit in coloured.units)
        assert {row.kind for unit in coloured.units for row in unit.rows} == {FRAME, CROP}
    first = chronological(seen)
    assert [one.at_s for one in first if one.camera == first[0].camera] == sorted(
        one.at_s for one in first if one.camera == first[0].camera
    )
    most = max(seen, key=lambda one: one.motion)
    assert (motion_only(seen)[0].camera, motion_only(seen)[0].at_s) == (most.camera, most.at_s)


def test_colour_names_tell_a_red_jacket_from_a_blue_one() -> None:
    names = ColourNames()
    red, blue = (np.full((60, 60, 3), colour, np.uint8) for colour in ((200, 20, 25), (30, 60, 200)))
    rows = names.embed_images([red, blue])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    asked = names.embed_text("людина у червоній куртці").vector
    assert rows[0] @ asked > rows[1] @ asked == 0
    with pytest.raises(NoColourNamed):
        names.embed_text("велосипедист")


def test_every_labelled_question_of_the_real_clips_is_asked_in_both_languages() -> None:
    labelled = real_queries()
    asked = real_questions(labelled)
    assert len(asked) == 2 * len(labelled.queries) == len({(one.text, one.language) for one in asked})
    assert sum(not one.truth for one in asked) == 2 * sum(not query.moments for query in labelled.queries)
    red = next(one for one in asked if one.about == "red-jacket" and one.language == "uk")
    assert {span.camera for span in red.truth} == {"vtest.avi"}
    assert {span.camera for span in red.unsure} == {"vtest.avi", "bottle-detection.mp4"}
    assert "about clothing colour" in red.strata
