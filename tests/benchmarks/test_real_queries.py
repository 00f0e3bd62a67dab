"""The labelled query set of the real clips is whole and well formed; its faults would be named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import av
import msgspec
import pytest

from tests.benchmarks.real_clips import CLIPS, FOLDER
from tests.benchmarks.real_queries import FILE, RealQueries, RealQuery, faults, real_queries

CLIP = "vtest.avi"
SOUND = RealQuery(
    id="red-jacket",
    en="a red jacket",
    uk="червона куртка",
    about=["person"],
    size="medium",
    still=False,
    moments={CLIP: [(1.0, 2.0), (3.0, 4.0)]},
    unsure={CLIP: [(2.0, 3.0)]},
    reason="She walks by.",
)


def test_it_loads_and_asks_enough_of_every_kind() -> None:
    asked = real_queries().queries
    answered = [query for query in asked if query.moments]
    about = Counter(kind for query in answered for kind in query.about)
    sizes = Counter(query.size for query in answered)
    assert len(asked) >= 70
    assert len(asked) - len(answered) >= 12
    assert {clip for query in answered for clip in query.moments} == set(CLIPS)
    assert min(sizes[size] for size in ("small", "medium", "large")) >= 10
    kinds = ("person", "group", "car", "clothing colour", "vehicle colour", "object", "place", "action")
    assert min(about[kind] for kind in kinds) >= 5, about
    assert not about["cyclist"], "no clip shows one: it can only be asked for in vain"


@pytest.mark.footage
def test_clips_are_as_long_as_it_says() -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"needs the real clips in {FOLDER.name} beside the repository")
    stated = real_queries().clips
    assert set(stated) == set(CLIPS)
    for clip, end in stated.items():
        with av.open(str(FOLDER / clip)) as container:
            times = [frame.time for frame in container.decode(video=0)]
        assert max(time for time in times if time is not None) == pytest.approx(end, abs=0.01), clip


def test_a_sound_query_has_no_fault() -> None:
    assert not list(faults(RealQueries(clips={CLIP: 4.0}, queries=[SOUND])))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"id": "Red jacket"}, "id: use lower-case"),
        ({"uk": ""}, "uk is empty"),
        ({"uk": "a red jacket"}, "write en in English and uk in Ukrainian"),
        ({"en": "червона куртка"}, "write en in English and uk in Ukrainian"),
        ({"reason": ""}, "reason is empty"),
        ({"about": []}, "about is empty"),
        ({"size": None}, "size: give it where there are moments"),
        ({"moments": {}}, "null where there are none"),
        ({"moments": {CLIP: []}}, "no interval"),
        ({"moments": {"other.avi": [(1.0, 2.0)]}}, "moments of other.avi: no such clip"),
        ({"moments": {CLIP: [(2.0, 1.0)]}}, "must begin before it ends"),
        ({"moments": {CLIP: [(3.5, 4.5)]}}, "within 0 and 4.0"),
        ({"moments": {CLIP: [(3.0, 4.0), (1.0, 2.0)]}}, "order and join them"),
        ({"unsure": {CLIP: [(1.5, 2.5)]}}, "unsure of vtest.avi overlaps moments"),
    ],
)
def test_every_fault_is_named(change: dict[str, object], named: str) -> None:
    asked = RealQueries(clips={CLIP: 4.0}, queries=[msgspec.structs.replace(SOUND, **change)])
    assert any(named in fault for fault in faults(asked)), list(faults(asked))


def test_a_question_is_asked_once() -> None:
    twice = RealQueries(clips={CLIP: 4.0}, queries=[SOUND, SOUND])
    assert [fault.split()[0] for fault in faults(twice)] == ["id", "en", "uk"]


def test_a_faulty_file_is_refused_with_its_name_and_faults(tmp_path: Path) -> None:
    content = msgspec.json.decode(FILE.read_bytes())
    content["queries"][1]["id"] = content["queries"][0]["id"]
    file = tmp_path / "queries.json"
    file.write_bytes(msgspec.json.encode(content))
    with pytest.raises(ValueError, match=r"queries\.json: id 'person' is given 2 times"):
        real_queries(file)
