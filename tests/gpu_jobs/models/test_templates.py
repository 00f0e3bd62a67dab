"""Searched words in several sentences: what a query becomes, and what stays as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpu_jobs.encoders import load_encoder
from gpu_jobs.models.carrying import Terms, carry
from gpu_jobs.models.templates import WithTemplates
from gpu_jobs.open_clip_encoder import OpenClipEncoder
from tests.fakes_gpu import ColourHistograms
from tests.gpu_jobs.models.drawn_models import VISION, draw

SENTENCES = "{}", "a photo of {}", "фото: {}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("models") / "made", VISION)


@pytest.fixture(scope="module")
def plain(folder: Path) -> OpenClipEncoder:
    return OpenClipEncoder.load(f"local-dir:{folder}")


def test_a_query_is_the_normalised_mean_of_its_sentences(plain: OpenClipEncoder) -> None:
    asked = WithTemplates(plain, SENTENCES).embed_text("red van")
    each = [plain.embed_text(words).vector for words in ("red van", "a photo of red van", "фото: red van")]
    mean = np.mean(each, axis=0)
    assert asked.vector == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert asked.vector.dtype == np.float32
    assert not np.allclose(asked.vector, each[0], atol=1e-3)


def test_what_the_model_made_of_the_words_is_told_under_templates_too() -> None:
    bare, asked = ColourHistograms(), WithTemplates(ColourHistograms(), SENTENCES)
    for told in ("unknown_words", "read_as", "widened_words"):
        assert getattr(asked.embed_text("rde scarlet hat"), told) == getattr(bare.embed_text("rde scarlet hat"), told)
        assert getattr(asked.embed_text("rde scarlet hat"), told)


def test_order_and_plain_sentences_decide_nothing(plain: OpenClipEncoder) -> None:
    one = WithTemplates(plain, SENTENCES).embed_text("red van").vector
    assert WithTemplates(plain, SENTENCES[::-1]).embed_text("red van").vector == pytest.approx(one, abs=1e-6)
    only = WithTemplates(plain, ["{}"]).embed_text("red van").vector
    assert only == pytest.approx(plain.embed_text("red van").vector, abs=1e-6)


def test_words_are_judged_as_they_were_typed(plain: OpenClipEncoder) -> None:
    """A sentence lends no word to a query that has none, and braces in a query are words like others."""
    asked = WithTemplates(plain, SENTENCES)
    with pytest.raises(ValueError, match="text: there is no word in it"):
        asked.embed_text("?!")
    with pytest.raises(ValueError, match="longer than the 24 tokens"):
        asked.embed_text("van " * 30)
    assert np.isfinite(asked.embed_text("sign {0} {} van").vector).all()


def test_pictures_and_generation_are_the_same_under_other_templates(
    folder: Path, plain: OpenClipEncoder, tmp_path: Path
) -> None:
    terms = Terms(licence="our own", intended_use="tests")
    for name, templates in (("bare", ()), ("asked", SENTENCES)):
        carry(f"local-dir:{folder}", tmp_path / name, terms=terms, templates=templates)
    bare, asked = (load_encoder(f"local-dir:{tmp_path / name}") for name in ("bare", "asked"))
    picture = np.full((20, 20, 3), 90, np.uint8)
    assert asked.embed_images([picture]).tobytes() == plain.embed_images([picture]).tobytes()
    assert asked.manifest == bare.manifest
    assert bare.embed_text("red van").vector.tobytes() == plain.embed_text("red van").vector.tobytes()
    assert asked.embed_text("red van").vector.tobytes() != bare.embed_text("red van").vector.tobytes()
