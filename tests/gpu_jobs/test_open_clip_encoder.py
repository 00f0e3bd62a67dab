"""The encoder over a tiny open_clip model with random weights: its bits, its manifest, its refusals."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_jobs.colours import WithColours, colours_of
from gpu_jobs.encoders import load_encoder
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.files import CONFIG_FILE, MIRRORED, WEIGHTS_FILE
from gpu_jobs.open_clip_encoder import BATCH, OpenClipEncoder
from search_index.encoder import Encoder, Image
from tests.fakes_gpu import ColourHistograms

CONFIG = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 8, "head_width": 16},
        "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": [32, 32], "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model in a folder, as open_clip's `local-dir:` expects it."""
    import open_clip  # noqa: TID251 (only it can draw the weights that it will load)
    import torch  # noqa: TID251
    from safetensors.torch import save_file

    place = tmp_path_factory.mktemp("model")
    (place / CONFIG_FILE).write_text(json.dumps(CONFIG))
    torch.manual_seed(5)
    network = open_clip.model.CLIP(
        CONFIG["model_cfg"]["embed_dim"], CONFIG["model_cfg"]["vision_cfg"], CONFIG["model_cfg"]["text_cfg"]
    )
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, place / WEIGHTS_FILE)
    return place


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OpenClipEncoder:
    return OpenClipEncoder.load(f"local-dir:{folder}")


def pictures(count: int, seed: int = 0) -> list[Image]:
    """Pictures of all sizes."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(3, 90, (count, 2))
    return [draw.integers(0, 255, (*size, 3)).astype(np.uint8) for size in sizes]


@settings(max_examples=15, deadline=None)
@given(before=st.integers(0, BATCH + 3), after=st.integers(0, BATCH + 3), seed=st.integers(0, 99))
def test_a_row_s_bits_depend_on_its_picture_alone(encoder: OpenClipEncoder, before: int, after: int, seed: int) -> None:
    (picture,) = pictures(1, seed=1000)
    alone = encoder.embed_images([picture])[0]
    among = encoder.embed_images([*pictures(before, seed), picture, *pictures(after, seed + 1)])
    assert among[before].tobytes() == alone.tobytes()


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 5])
def test_rows_are_unit_vectors_in_order(encoder: OpenClipEncoder, count: int) -> None:
    some = pictures(count)
    rows = encoder.embed_images(some)
    assert rows.shape == (count, 32)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    for place in range(0, count, 7):
        assert rows[place].tobytes() == encoder.embed_images([some[place]])[0].tobytes()


def test_other_threads_and_another_load_give_equal_bits(encoder: OpenClipEncoder, folder: Path) -> None:
    some = pictures(5)
    again = OpenClipEncoder.load(f"local-dir:{folder}", threads=2)
    assert again.embed_images(some).tobytes() == encoder.embed_images(some).tobytes()
    assert again.manifest == encoder.manifest


def test_the_whole_picture_is_seen(encoder: OpenClipEncoder) -> None:
    """What lies at the ends of a long crop changes its row: nothing is cut off to make it square."""
    tall = np.full((90, 30, 3), 120, np.uint8)
    top, bottom = tall.copy(), tall.copy()
    top[:12], bottom[-12:] = (250, 0, 0), (250, 0, 0)
    rows = encoder.embed_images([tall, top, bottom])
    assert not np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])


def test_a_model_may_see_each_picture_and_its_mirror_image(folder: Path, tmp_path: Path) -> None:
    """Then which way a thing looks changes nothing; its rows are not to be compared with those of one look."""
    both = tmp_path / folder.name
    shutil.copytree(folder, both)
    config = json.loads((both / CONFIG_FILE).read_text())
    (both / CONFIG_FILE).write_text(json.dumps(config | {MIRRORED: True}))
    once, twice = OpenClipEncoder.load(f"local-dir:{folder}"), OpenClipEncoder.load(f"local-dir:{both}")
    some = [np.random.default_rng(number).integers(0, 256, (32, 32, 3), np.uint8) for number in range(3)]
    turned = [np.ascontiguousarray(picture[:, ::-1]) for picture in some]
    rows, mirrors = once.embed_images(some), once.embed_images(turned)
    assert not np.allclose(rows, mirrors, atol=0.01)
    together = (rows + mirrors) / np.linalg.norm(rows + mirrors, axis=1, keepdims=True)
    assert np.allclose(twice.embed_images(some), together, atol=1e-5)
    assert np.allclose(twice.embed_images(turned), together, atol=1e-5)
    assert twice.manifest.weights_sha256 == once.manifest.weights_sha256
    assert twice.manifest.digest() != once.manifest.digest()


def test_manifest_tells_apart_what_cannot_be_compared(encoder: OpenClipEncoder, folder: Path, tmp_path: Path) -> None:
    manifest = encoder.manifest
    assert (manifest.model, manifest.dimension, manifest.precision) == (folder.name, 32, "float32")
    assert "fitted whole into 32 × 32" in manifest.preprocessing
    half = OpenClipEncoder.load(f"local-dir:{folder}", "bfloat16")
    assert half.manifest.digest() != manifest.digest()
    assert half.manifest.weights_sha256 == manifest.weights_sha256
    other = tmp_path / folder.name
    shutil.copytree(folder, other)
    content = bytearray((other / WEIGHTS_FILE).read_bytes())
    content[-3] ^= 1
    (other / WEIGHTS_FILE).write_bytes(content)
    assert OpenClipEncoder.load(f"local-dir:{other}").manifest.weights_sha256 != manifest.weights_sha256


def test_bfloat16_stays_close(encoder: OpenClipEncoder, folder: Path) -> None:
    some = pictures(4)
    half = OpenClipEncoder.load(f"local-dir:{folder}", "bfloat16")
    assert np.sum(half.embed_images(some) * encoder.embed_images(some), axis=1) == pytest.approx(1, abs=0.01)


def test_bfloat16_rows_depend_on_their_picture_alone(folder: Path) -> None:
    half, some = OpenClipEncoder.load(f"local-dir:{folder}", "bfloat16"), pictures(BATCH + 5)
    together = half.embed_images(some)
    assert together.tobytes() == np.vstack([half.embed_images([picture]) for picture in some]).tobytes()
    assert together.tobytes() == half.embed_images(some[::-1])[::-1].tobytes()
    assert half.embed_text("a red car").vector.dtype == np.float32


def test_rows_are_the_same_from_any_thread(encoder: OpenClipEncoder) -> None:
    some = pictures(9)
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: encoder.embed_images(some).tobytes(), range(9)))
    assert set(made) == {encoder.embed_images(some).tobytes()}


def test_the_faster_arithmetic_is_measured_and_the_manifest_says_which_it_became(folder: Path) -> None:
    model, some = f"local-dir:{folder}", pictures(3)
    chosen = load_encoder(model, "auto")
    explicit = load_encoder(model, chosen.manifest.precision)
    assert chosen.manifest.precision in ("float32", "bfloat16")
    assert chosen.manifest == explicit.manifest
    assert chosen.embed_images(some).tobytes() == explicit.embed_images(some).tobytes()


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_what_an_index_has_recorded_is_not_measured_again_and_an_explicit_setting_wins(
    folder: Path, precision: str
) -> None:
    model = f"local-dir:{folder}"
    recorded = load_encoder(model, precision).manifest
    assert load_encoder(model, "auto", recorded=recorded).manifest == recorded
    assert load_encoder(model, "float32", recorded=recorded).manifest.precision == "float32"


def test_words_become_a_unit_vector(encoder: OpenClipEncoder) -> None:
    one, other = encoder.embed_text("a red car"), encoder.embed_text("a blue van")
    assert one.vector.shape == (32,)
    assert one.vector.dtype == np.float32
    assert np.linalg.norm(one.vector) == pytest.approx(1, abs=1e-6)
    assert one.unknown_words == ()
    assert not np.array_equal(one.vector, other.vector)


@pytest.mark.parametrize("text", ["", "   ", "?!..."])
def test_a_text_without_words_is_refused(encoder: OpenClipEncoder, text: str) -> None:
    with pytest.raises(ValueError, match="text: there is no word in it"):
        encoder.embed_text(text)


def test_a_text_that_would_be_shortened_is_refused(encoder: OpenClipEncoder) -> None:
    encoder.embed_text("one two three four five six seven eight nine ten")
    with pytest.raises(ValueError, match="longer than the 12 tokens"):
        encoder.embed_text("one two three four five six seven eight nine ten eleven twelve")


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("local-dir:/nowhere", "lacks open_clip_config.json"),
        ("no-such-model/tag", "no architecture 'no-such-model'"),
        ("ViT-B-32/no-such-tag", "no pretrained tag 'no-such-tag'"),
        ("ViT-B-32:/weights.pt", "is not a .safetensors file"),
        ("ViT-B-32:/nowhere.safetensors", "is not a .safetensors file that is there"),
    ],
)
def test_a_model_that_is_not_there_is_named(model: str, says: str) -> None:
    with pytest.raises(ModelUnavailable) as refusal:
        load_encoder(model)
    assert says in str(refusal.value)


def test_an_unknown_precision_is_refused(folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match="precision: 'float16' is not one of float32, bfloat16, auto"):
        load_encoder(f"local-dir:{folder}", "float16")


def test_damaged_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / WEIGHTS_FILE).write_bytes((broken / WEIGHTS_FILE).read_bytes()[:1000])
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_encoder(f"local-dir:{broken}")


@pytest.fixture(scope="module")
def offline() -> Encoder:
    return load_encoder()


def test_the_offline_model_s_rows_do_not_depend_on_their_neighbours(offline: Encoder) -> None:
    some = pictures(2 * BATCH + 3)
    together = offline.embed_images(some)
    assert together.tobytes() == offline.embed_images(some[::-1])[::-1].tobytes()
    assert together.tobytes() == np.vstack([offline.embed_images([picture]) for picture in some]).tobytes()


def test_the_offline_model_reads_both_languages_and_names_the_words_it_does_not_know(offline: Encoder) -> None:
    english, ukrainian = offline.embed_text("a person in a red jacket"), offline.embed_text("людина в червоній куртці")
    assert english.vector @ ukrainian.vector > 0.9
    assert offline.embed_text("a car and a zeppelin").unknown_words == ("zeppelin",)
    assert "хмарочосом" in offline.embed_text("людина в червоній куртці з хмарочосом").unknown_words
    assert offline.embed_text("жінка в червоному").widened_words == ("жінка",)
    guessed = offline.embed_text("zeppelin")
    assert guessed.unknown_words == ("zeppelin",), "the text tower makes what it can, and the word is named"
    assert np.linalg.norm(guessed.vector) == pytest.approx(1, abs=1e-5)
    assert offline.embed_text("біжить").unknown_words == ("біжить",), "nobody is said to run: it is guessed at, too"
    assert offline.embed_text("the bench").unknown_words == ("the", "bench")
    misspelt = offline.embed_text("чевона машина")
    assert (misspelt.unknown_words, misspelt.read_as) == ((), (("чевона", "червона"),))
    assert np.array_equal(misspelt.vector, offline.embed_text("червона машина").vector)


def test_colours_beside_a_model_leave_words_as_they_rank(encoder: OpenClipEncoder) -> None:
    both = WithColours(encoder, share=0.25)
    some = pictures(30)
    rows, seen = both.embed_images(some), encoder.embed_images(some)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    said = both.embed_text("a red car").vector
    assert np.linalg.norm(said) == pytest.approx(1, abs=1e-6)
    assert rows @ said == pytest.approx(0.5 * (seen @ encoder.embed_text("a red car").vector), abs=1e-6)
    assert both.manifest.dimension == rows.shape[1]
    assert both.manifest.digest() not in {encoder.manifest.digest(), WithColours(encoder).manifest.digest()}


def test_colours_tell_where_a_coat_is_worn() -> None:
    def dressed(above: tuple[int, int, int], below: tuple[int, int, int]) -> Image:
        picture = np.zeros((80, 40, 3), np.uint8)
        picture[:40], picture[40:] = above, below
        return picture

    red, blue = (200, 30, 30), (30, 30, 200)
    worn, same, swapped = colours_of([dressed(red, blue), dressed(red, blue)[10:70], dressed(blue, red)])
    assert worn @ same == pytest.approx(1, abs=1e-6)
    assert worn @ swapped < 0.1
    assert colours_of([]).shape == (0, worn.size)
    assert np.isfinite(colours_of([np.zeros((1, 1, 3), np.uint8)])).all()
    assert WithColours(ColourHistograms()).embed_images([]).shape[0] == 0
