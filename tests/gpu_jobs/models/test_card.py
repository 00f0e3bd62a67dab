"""A carried folder is what its card says, every byte of it, or it is refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from gpu_jobs.encoders import load_encoder
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.card import ModelCard, read_card
from gpu_jobs.models.carrying import Terms, carry
from gpu_jobs.models.catalogue import card_of
from gpu_jobs.models.files import BPE_FILE, CARD_FILE, CONFIG_FILE, WEIGHTS_FILE
from gpu_jobs.verifying import verify
from tests.gpu_jobs.models.drawn_models import CONVOLUTION, VISION, draw


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    carry(
        f"local-dir:{draw(place / 'made', CONVOLUTION)}",
        place / "carried",
        terms=Terms(licence="our own", intended_use="tests"),
    )
    return place / "carried"


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to be spoilt."""
    shutil.copytree(whole, tmp_path / "carried")
    return tmp_path / "carried"


def refused(folder: Path, says: str) -> None:
    """By whoever loads it, and by whoever verifies it, with the same words."""
    for use in (lambda: load_encoder(f"local-dir:{folder}"), lambda: verify(folder)):
        with pytest.raises(ModelUnavailable, match=says) as refusal:
            use()
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", [WEIGHTS_FILE, CONFIG_FILE, BPE_FILE])
def test_one_flipped_bit_is_noticed(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    refused(folder, f"{name} has SHA-256 [0-9a-f]{{64}}, the card says [0-9a-f]{{64}}: it was altered, or damaged")


@pytest.mark.parametrize("name", [WEIGHTS_FILE, CONFIG_FILE, BPE_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused(folder, f"lacks {name}")


@pytest.mark.parametrize("name", ["added_tokens.json", "open_clip_pytorch_model.bin", "model.py"])
def test_a_file_put_beside_them_is_named(folder: Path, name: str) -> None:
    """Tokenizers read what lies in their folder, whether or not anybody carried it there."""
    (folder / name).write_text("{}")
    refused(folder, f"holds {name}, which its card does not name; take it out")


def test_weights_cut_off_on_the_way_are_noticed(folder: Path) -> None:
    (folder / WEIGHTS_FILE).write_bytes((folder / WEIGHTS_FILE).read_bytes()[:-4096])
    refused(folder, "the card says")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda card: card | {"files": card["files"] | {"weights.bin": "0" * 64}}, "no file of a carried model"),
        (lambda card: card | {"files": card["files"] | {"../../keys.db": "0" * 64}}, "no file of a carried model"),
        (lambda card: card | {"files": card["files"] | {WEIGHTS_FILE: "abc"}}, "has no SHA-256 but 'abc'"),
        (lambda card: card | {"templates": ["a photo"]}, "must have {} in it once"),
        (lambda card: card | {"templates": []}, "must have {} in it once"),
        (lambda card: card | {"accepted": True}, "unknown field"),
        (lambda card: {k: v for k, v in card.items() if k != "licence"}, "missing required field `licence`"),
        (lambda card: [card], "is no card"),
    ],
    ids=["pickle", "path", "digest", "no place", "no template", "unknown field", "no licence", "list"],
)
def test_a_card_that_is_none_is_refused(folder: Path, spoil: object, says: str) -> None:
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps(spoil(card)))  # type: ignore[operator]
    refused(folder, says)


def test_the_digest_covers_every_word_and_no_layout(folder: Path) -> None:
    card = read_card(folder)
    assert card is not None
    (folder / CARD_FILE).write_text(json.dumps(json.loads((folder / CARD_FILE).read_text()), indent=7))
    assert verify(folder).card_sha256 == card.digest()
    others = {
        msgspec.structs.replace(card, **{field: value}).digest()
        for field, value in {
            "name": "other", "source": "other", "revision": "other", "licence": "other", "intended_use": "other",
            "languages": ("de",), "templates": ("{}", "a {}"), "files": {WEIGHTS_FILE: "0" * 64},
        }.items()
    }  # fmt: skip
    assert len(others | {card.digest()}) == len(ModelCard.__struct_fields__) + 1


def test_a_digest_told_by_another_way_must_be_the_card_s(folder: Path) -> None:
    """Files and card replaced together agree with each other; the digest that travelled apart does not."""
    told = verify(folder).card_sha256
    shutil.rmtree(folder)
    made = draw(folder.parent / "made", CONVOLUTION, seed=6)
    carry(f"local-dir:{made}", folder, terms=Terms(licence="our own", intended_use="tests"))
    verify(folder)
    with pytest.raises(ModelUnavailable, match=f"not {told}; bring another copy"):
        verify(folder, card_sha256=told)


def test_the_card_s_name_is_the_model_s_wherever_the_folder_lies(whole: Path, folder: Path) -> None:
    folder = folder.rename(folder.with_name("elsewhere"))
    assert load_encoder(f"local-dir:{folder}").manifest == load_encoder(f"local-dir:{whole}").manifest


def test_a_folder_without_a_card_loads_and_cannot_be_accepted(tmp_path: Path) -> None:
    bare = draw(tmp_path / "bare", VISION)
    assert load_encoder(f"local-dir:{bare}").manifest.model == "bare"
    with pytest.raises(ModelUnavailable, match=r"has no oberih-model\.json; make one with: oberih model fetch"):
        verify(bare)
    with pytest.raises(ModelUnavailable, match="has no card"):
        card_of(f"local-dir:{bare}")
