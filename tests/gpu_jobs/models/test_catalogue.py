"""The documented choices agree with open_clip, and every figure says where it stands."""

from __future__ import annotations

import pytest

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.catalogue import CHOICES, UK_AT_1, Choice, card_of, choice_of
from gpu_jobs.models.checkpoints import checkpoint_of
from gpu_jobs.models.files import OFFLINE_FOLDER, WEIGHTS_FILE
from search_index.durable import record_of


@pytest.mark.parametrize("choice", CHOICES, ids=lambda each: each.name)
def test_a_choice_is_one_that_open_clip_has(choice: Choice) -> None:
    checkpoint = checkpoint_of(choice.name)
    assert checkpoint.repository == choice.repository
    text = checkpoint.config()["model_cfg"]["text_cfg"]
    assert choice.needs_transformers == bool(text.keys() & {"hf_tokenizer_name", "hf_model_name"})


@pytest.mark.parametrize("choice", CHOICES, ids=lambda each: each.name)
def test_a_choice_says_what_must_be_known_before_it_is_accepted(choice: Choice) -> None:
    assert choice.licence
    assert choice.intended_use
    assert choice.figures
    assert all("@" in figure.source for figure in choice.figures), "a source names the commit that was read"
    assert len({figure.what for figure in choice.figures}) == len(choice.figures)
    assert choice.templates[0] == "{}"
    assert ("uk" in choice.languages) == any("фото" in each for each in choice.templates)


def test_what_ukrainian_costs_and_brings_is_told() -> None:
    published = {
        choice.name.partition("/")[0]: figure.value
        for choice in CHOICES
        for figure in choice.figures
        if figure.what == UK_AT_1
    }
    assert published == {
        "xlm-roberta-base-ViT-B-32": 0.569,
        "xlm-roberta-large-ViT-H-14": 0.670,
        "nllb-clip-base-siglip": 0.626,
        "ViT-B-32": 0.005,
    }


def test_cards_are_told_apart_and_unknown_models_have_none() -> None:
    digests = {card_of(choice.name).digest() for choice in CHOICES} | {card_of("offline").digest()}
    assert len(digests) == len(CHOICES) + 1
    assert choice_of("RN50/openai") is None
    with pytest.raises(ModelUnavailable, match="'RN50/openai' has no card; carry it in a folder"):
        card_of("RN50/openai")


def test_the_offline_model_s_card_names_its_bytes_and_says_what_it_is_not_for() -> None:
    card = card_of("offline")
    assert card.files[WEIGHTS_FILE] == record_of(OFFLINE_FOLDER / WEIGHTS_FILE).sha256
    assert set(card.files) >= {"heads.safetensors", "bpe.txt.gz"}
    assert "never casework" in card.intended_use
