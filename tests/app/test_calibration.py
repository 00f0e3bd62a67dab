"""Percentiles, strengths and "no match" through the whole house: the same tomorrow, whatever else happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.backup import back_up
from app.calibrating import Calibrations
from app.matching import match_of
from domain.footage_search import SearchRun
from domain.vocabulary import STRENGTHS
from tests.app.conftest import FILMED_AT, House, film
from tests.benchmarks.evaluate_calibration import percentiles
from tests.domain.examples import RUN
from tests.fakes_gpu import ColourHistograms

QUESTIONS: list[dict[str, Any]] = [{"text": text} for text in ("red", "green", "blue thing", "white", "red blue")]


@pytest.fixture(scope="module")
def searchable(house: House, red_film: bytes) -> str:
    house.register_camera("KYIV-101")
    house.upload("olena", red_film, "KYIV-101", FILMED_AT)
    house.index_all()
    return house.authorise(["KYIV-101"], quota=500)


def test_every_moment_has_kind_percentile_and_strength(house: House, searchable: str) -> None:
    found = house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 5})
    assert {moment["row_kind"] for moment in found["moments"]} <= {"frame", "crop"}
    assert all(0 <= moment["percentile"] < 100 for moment in found["moments"])
    assert all(moment["strength"] in STRENGTHS for moment in found["moments"])
    assert found["match"]["calibration"] == house.services.in_force.now.calibrations.calibration().digest()
    assert house.ask("olena", f"/searches/{found['id']}").json()["match"] == found["match"]


def test_what_is_there_matches_and_what_is_not_is_no_match(house: House, searchable: str) -> None:
    red, white = (
        house.done("olena", "/searches", {"authorisation": searchable, "text": text, "limit": 3})
        for text in ("red", "white")
    )
    assert red["match"]["strength"] == "strong"
    assert red["moments"][0]["strength_words"] == {"uk": "сильний збіг", "en": "strong match"}
    assert white["match"]["strength"] == "none"
    assert white["match"]["words"] == {"uk": "збігу немає", "en": "no match"}
    assert white["match"]["statement"]["en"].startswith("no match: ")
    assert white["moments"], "they are still shown, and said to be none"
    assert {moment["strength"] for moment in white["moments"]} == {"none"}


def test_percentiles_stay_after_other_searches_and_footage_of_other_cameras(
    house: House, searchable: str, tmp_path: Path
) -> None:
    before = percentiles(house, searchable, QUESTIONS)
    for number in range(20):
        house.done("olena", "/searches", {"authorisation": searchable, "text": f"green {number}", "limit": 3})
    house.register_camera("KYIV-102")
    house.upload("olena", film(tmp_path / "blue.mp4", colour=(30, 60, 220)), "KYIV-102", FILMED_AT)
    house.index_all()
    assert percentiles(house, searchable, QUESTIONS) == before
    assert len(before) == len(QUESTIONS)


def test_the_null_rows_are_kept_and_a_damaged_file_is_made_anew_to_the_bit(tmp_path: Path) -> None:
    made = Calibrations(tmp_path / "calibrations", ColourHistograms())
    digest = made.calibration().digest()
    whole = made.path.read_bytes()
    encoder = ColourHistograms()
    again = Calibrations(tmp_path / "calibrations", encoder)
    assert again.calibration().digest() == digest
    assert encoder.embedded == 0, "it was read"
    made.path.write_bytes(whole[:-9])
    assert Calibrations(tmp_path / "calibrations", encoder).calibration().digest() == digest
    assert made.path.read_bytes() == whole


def test_a_backup_holds_the_null_rows(house: House, searchable: str, tmp_path: Path) -> None:
    house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 1})
    back_up(house.folder, tmp_path / "backup")
    path = house.services.in_force.now.calibrations.path
    assert (tmp_path / "backup" / "calibrations" / path.name).read_bytes() == path.read_bytes()


def test_a_search_of_before_calibration_says_nothing_of_a_match() -> None:
    old = SearchRun(
        authorisation=RUN.authorisation,
        searcher=RUN.searcher,
        searcher_unit=RUN.searcher_unit,
        cameras=RUN.cameras,
        from_at=RUN.from_at,
        to_at=RUN.to_at,
        query=RUN.query,
        kind=RUN.kind,
        unknown_words_count=0,
        generation=RUN.generation,
        limit=RUN.limit,
        moments=RUN.moments,
        coverage=RUN.coverage,
    )
    assert match_of(old) is None
    assert old.moments[0].percentile is None


def test_what_is_recorded_is_what_is_answered(house: House, searchable: str) -> None:
    found = house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 2})
    run = house.services.searching.recorded(UUID(found["id"]))
    assert [moment.percentile for moment in run.moments] == [each["percentile"] for each in found["moments"]]
    assert run.strength == found["match"]["strength"]


def test_words_that_were_taken_for_others_or_for_more_are_told_and_on_record(house: House, searchable: str) -> None:
    found = house.done(
        "olena", "/searches", {"authorisation": searchable, "text": "rde scarlet", "minus": ["gren"], "limit": 1}
    )
    assert found["read_as"] == [{"typed": "rde", "read": "red"}, {"typed": "gren", "read": "green"}]
    assert (found["unknown_words"], found["widened_words"]) == ([], ["scarlet"])
    again, sealed = (house.ask(who, f"/searches/{found['id']}").json() for who in ("olena", "oksana"))
    for told in ("read_as", "widened_words"):
        assert (again[told], sealed[told]) == (found[told], []), "sealed, as the words are"
