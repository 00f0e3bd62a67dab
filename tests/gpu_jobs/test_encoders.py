"""The real models behind the port: bits that do not depend on the batch, manifests that tell models apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpu_jobs.encoders import load_encoder
from gpu_jobs.errors import ModelUnavailable
from search_index.encoder import Encoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder("offline")


def pictures(count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    sizes = rng.integers(24, 160, (count, 2))
    return [rng.integers(0, 255, (height, width, 3), dtype=np.uint8) for height, width in sizes]


def test_a_row_never_depends_on_its_neighbours(encoder: Encoder) -> None:
    shown = pictures(40)
    together = encoder.embed_images(shown)
    alone = np.vstack([encoder.embed_images([picture]) for picture in shown])
    backwards = encoder.embed_images(shown[::-1])[::-1]
    assert together.tobytes() == alone.tobytes() == backwards.tobytes()
    assert together.shape == (40, encoder.manifest.dimension)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert encoder.embed_images([]).shape == (0, encoder.manifest.dimension)


def test_words_that_are_not_known_are_named(encoder: Encoder) -> None:
    said = encoder.embed_text("людина в червоній куртці з хмарочосом")
    assert "хмарочосом" in said.unknown_words
    assert said.vector.shape == (encoder.manifest.dimension,)
    assert np.isclose(np.linalg.norm(said.vector), 1, atol=1e-5)
    with pytest.raises(ValueError, match=r"\S"):
        encoder.embed_text("хмарочос")


def test_a_manifest_tells_models_apart(encoder: Encoder) -> None:
    again, other = load_encoder("offline"), load_encoder("offline", "bfloat16")
    assert again.manifest.digest() == encoder.manifest.digest()
    assert other.manifest.digest() != encoder.manifest.digest()
    assert len(encoder.manifest.weights_sha256) == 64


@pytest.mark.parametrize("model", ["", "no-such-model", "ViT-B-32/no-such-tag", "local-dir:/no/such/folder"])
def test_a_model_that_is_not_there_is_named(model: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"\S"):
        load_encoder(model)
