"""`oberih model`: what there is to choose, what lies here, and a folder from its making to its verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from gpu_jobs.models.catalogue import CHOICES, card_of
from gpu_jobs.models.files import CARD_FILE, WEIGHTS_FILE
from tests.app.cli.fake_server import FakeServer
from tests.gpu_jobs.models.drawn_models import CONVOLUTION, TERMS, draw


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["model", *words], catch_exceptions=False)


def test_the_choices_are_listed_with_what_is_published_of_them(tmp_path: Path) -> None:
    shown = run("list", "--in", str(tmp_path))
    assert shown.exit_code == 0, shown.stderr
    assert "0.569" in shown.stdout
    listed = json.loads(run("list", "--json").stdout)
    assert [each["name"] for each in listed["items"]] == ["offline", *(choice.name for choice in CHOICES)]
    first = listed["items"][1]
    assert {"licence", "intended_use", "templates", "needs_transformers", "cached", "carried_in"} <= set(first)
    assert {"what", "value", "source"} == set(first["figures"][0])


def test_one_choice_is_shown_whole_and_an_unknown_one_is_one_line() -> None:
    shown = run("list", "ViT-B-32/laion2b_s34b_b79k")
    assert "surveillance and face recognition always, out of scope" in " ".join(shown.stdout.split())
    unknown = run("list", "no-such/model")
    assert unknown.exit_code == 1
    assert unknown.stderr.startswith("oberih: name: 'no-such/model' is not a documented choice")


def test_the_model_that_comes_with_oberih_is_listed_with_the_card_that_is_accepted() -> None:
    (line,) = [line for line in run("list").stdout.splitlines() if "offline" in line]
    assert "built in" in line
    told = json.loads(run("list", "offline", "--json").stdout)
    assert told["card_sha256"] == card_of("offline").digest()
    assert (told["built_in"], told["cached"], told["carried_in"]) == (True, False, [])
    assert "never casework" in told["intended_use"]


def test_whoever_accepts_a_card_is_told_the_generation_that_switch_wants(
    server: FakeServer, oberih: Callable[..., Result]
) -> None:
    receipt = {"id": "models", "version": 1, "position": 5, "command_id": "c", "recorded_at": "2025-11-22T14:00:00Z"}
    server.answers("POST /models/accept", {**receipt, "generation": "9f" * 32})
    words = ["model", "accept", "local-dir:/srv/xlm", "--card", "ab" * 32, "--reason", "Прочитано"]
    said = oberih(*words)
    assert said.exit_code == 0, said.stderr
    assert f"oberih model switch {'9f' * 32}" in said.stdout
    assert json.loads(oberih(*words, "--json").stdout)["generation"] == "9f" * 32


def test_who_asks_how_far_a_switch_is_reads_what_holds_it_up_and_the_ways_out(
    server: FakeServer, oberih: Callable[..., Result]
) -> None:
    switch = {"footages": 9, "footages_left": 1, "to_generation": "9f" * 32, "faults": {"ab" * 32: "gone (tried: 4)"}}
    stand = {"model": "offline", "generation": "3e" * 32, "rows": 5, "bytes": 60, "accepted": []}
    server.answers("GET /models", {**stand, "switch": switch})
    server.answers("GET /models", {**stand, "switch": {**switch, "footages_left": 0, "faults": {}}})
    held_up, free = oberih("model", "status"), oberih("model", "status")
    assert "8 of 9 footages are built" in held_up.stdout
    assert f"{'ab' * 32}: gone (tried: 4)" in held_up.stderr
    for way_out in ("oberih footage reindex SHA256", "oberih footage erase SHA256", "oberih model abandon"):
        assert way_out in held_up.stderr
    assert free.stderr == ""


def test_a_folder_is_made_listed_verified_and_refused_once_it_is_touched(tmp_path: Path) -> None:
    source, folder = draw(tmp_path / "made", CONVOLUTION), tmp_path / "models" / "ours"
    folder.parent.mkdir()
    made = run(
        "fetch", f"local-dir:{source}", str(folder), *TERMS, "--template", "{}", "--template", "фото: {}", "--json"
    )
    assert made.exit_code == 0, made.stderr
    card = json.loads(made.stdout)
    assert (card["licence"], card["languages"], card["templates"]) == ("our own", ["uk", "en"], ["{}", "фото: {}"])
    assert json.loads(run("list", "--in", str(folder.parent), "--json").stdout)["others_carried_in"] == [str(folder)]

    found = run("verify", str(folder), "--digest", card["card_sha256"].upper(), "--json")
    assert found.exit_code == 0, found.stderr
    told = json.loads(found.stdout)
    assert (told["dimension"], told["setting"]) == (48, f"local-dir:{folder}")
    assert {len(told[name]) for name in ("generation", "weights_sha256", "tokenizer_sha256", "card_sha256")} == {64}
    other = run("verify", str(folder), "--digest", "0" * 64)
    assert other.exit_code == 1
    assert other.stderr.startswith(f"oberih: digest: the card of {folder} is {card['card_sha256']}, not 000")

    with (folder / WEIGHTS_FILE).open("ab") as weights:
        weights.write(b"\0")
    spoilt = run("verify", str(folder), "--json")
    assert spoilt.exit_code == 1
    assert f"{WEIGHTS_FILE} has SHA-256" in json.loads(spoilt.stdout)["detail"]
    assert len(spoilt.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["verify", "{}"], ["fetch", "local-dir:{}", "{}/new"], ["list", "--in", "{}/absent"]]
)
def test_what_is_no_model_is_one_line(tmp_path: Path, words: list[str]) -> None:
    done = run(*(word.replace("{}", str(tmp_path)) for word in words))
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_a_folder_whose_card_is_gone_says_how_to_make_one(tmp_path: Path) -> None:
    done = run("verify", str(draw(tmp_path / "made", CONVOLUTION)))
    assert done.stderr.strip().endswith(f"has no {CARD_FILE}; make one with: oberih model fetch MODEL FOLDER")
