"""A model's files come together in one folder, whole or not at all, and the folder works as the model does."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import open_clip  # noqa: TID251, TID253
import pytest
import torch  # noqa: TID251, TID253
from safetensors.torch import save
from typer.testing import CliRunner

from app.cli import app
from gpu_jobs.decoding import sandbox
from gpu_jobs.encoders import load_encoder
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models import converting
from gpu_jobs.models.card import read_card
from gpu_jobs.models.carrying import PICKLED, Terms, carry
from gpu_jobs.models.catalogue import card_of
from gpu_jobs.models.checkpoints import published_bpe
from gpu_jobs.models.files import BPE_FILE, CARD_FILE, CONFIG_FILE, WEIGHTS_FILE
from gpu_jobs.verifying import verify
from tests.gpu_jobs.models.conftest import REPOSITORY, TINY
from tests.gpu_jobs.models.drawn_models import CONVOLUTION, VISION, draw, state
from tests.gpu_jobs.models.fake_hub import COMMIT, FakeHub

TERMS = Terms(licence="our own", intended_use="tests", languages=("uk", "en"))
WHOLE = {BPE_FILE, CARD_FILE, CONFIG_FILE, WEIGHTS_FILE}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def pickled(content: Any) -> bytes:
    written = io.BytesIO()
    torch.save(content, written)
    return written.getvalue()


def test_a_model_of_the_hub_is_carried_whole_and_says_what_it_is(hub: FakeHub, tiny: str, tmp_path: Path) -> None:
    hub.repositories[REPOSITORY] = {WEIGHTS_FILE: save(state(VISION)), "README.md": b"# tiny"}
    folder = tmp_path / "carried"
    card = carry(tiny, folder)
    assert names(folder) == WHOLE
    assert read_card(folder) == card == card_of(f"local-dir:{folder}")
    assert (card.name, card.revision) == (tiny, COMMIT)
    assert card.source == f"hub: {REPOSITORY}, {WEIGHTS_FILE}"
    assert "not verified" in card.licence
    assert set(card.files) == WHOLE - {CARD_FILE}
    assert (folder / BPE_FILE).read_bytes() == published_bpe().read_bytes()
    found = verify(folder, card_sha256=card.digest())
    assert (found.dimension, found.card) == (32, card)
    assert "mean [0.5, 0.5, 0.5], deviation [0.25, 0.25, 0.25]" in found.preprocessing


def test_a_tokenizer_of_another_repository_is_told_with_its_commit(
    hub: FakeHub, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = VISION["model_cfg"]["text_cfg"] | {"hf_tokenizer_name": "house/words"}
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, TINY, VISION["model_cfg"] | {"text_cfg": text})
    hub.repositories |= {REPOSITORY: {WEIGHTS_FILE: save(state(VISION))}, "house/words": {"tokenizer.json": b"{}"}}
    hub.commits["house/words"] = "2e" * 20
    card = carry(tiny, tmp_path / "carried")
    assert card.source == f"hub: {REPOSITORY}, {WEIGHTS_FILE}; tokenizer: hub: house/words at {'2e' * 20}"
    assert card.revision == COMMIT
    assert "tokenizer.json" in card.files


def test_a_carried_model_makes_the_rows_of_the_model_that_the_hub_s_cache_holds(
    hub: FakeHub, tiny: str, tmp_path: Path
) -> None:
    hub.repositories[REPOSITORY] = {WEIGHTS_FILE: save(state(VISION))}
    carry(tiny, tmp_path / "carried")
    pictures = [np.random.default_rng(2).integers(0, 255, (40, 30, 3)).astype(np.uint8)]
    cached, carried = load_encoder(tiny), load_encoder(f"local-dir:{tmp_path / 'carried'}")
    assert cached.manifest == carried.manifest
    assert cached.embed_images(pictures).tobytes() == carried.embed_images(pictures).tobytes()
    assert cached.embed_text("a van").vector.tobytes() == carried.embed_text("a van").vector.tobytes()


def test_another_architecture_is_carried_and_nothing_of_it_is_comparable(tmp_path: Path) -> None:
    """Dimension, vocabulary, picture size and weights differ; each loads beside the other in one process."""
    made = {}
    for name, config in (("vision", VISION), ("convolution", CONVOLUTION)):
        source = draw(tmp_path / "made" / name, config)
        carry(f"local-dir:{source}", tmp_path / name, terms=TERMS, templates=["{}", "фото: {}"])
        made[name] = verify(tmp_path / name)
    one, other = made["vision"], made["convolution"]
    assert (one.dimension, other.dimension) == (32, 48)
    assert "32 × 32 (bicubic)" in one.preprocessing
    assert "64 × 64 (bilinear)" in other.preprocessing
    for field in ("generation", "weights_sha256", "tokenizer_sha256", "preprocessing", "card_sha256"):
        assert getattr(one, field) != getattr(other, field)
    assert other.card.templates == ("{}", "фото: {}")
    assert other.card.licence == "our own"
    both = [load_encoder(f"local-dir:{tmp_path / name}") for name in made]
    assert [len(each.embed_text("біла машина").vector) for each in both] == [32, 48]


def test_weights_of_one_s_own_are_carried_under_their_terms(tiny: str, tmp_path: Path) -> None:
    (tmp_path / "ours.safetensors").write_bytes(save(state(VISION)))
    name = f"{tiny.partition('/')[0]}:{tmp_path / 'ours.safetensors'}"
    with pytest.raises(ModelUnavailable, match="say its licence and its intended use"):
        carry(name, tmp_path / "carried")
    card = carry(name, tmp_path / "carried", terms=TERMS)
    assert (card.name, card.source) == ("tiny-vision:ours", "file: ours.safetensors")
    assert verify(tmp_path / "carried").dimension == 32


def test_a_pickle_is_converted_only_where_that_was_asked_for(hub: FakeHub, tiny: str, tmp_path: Path) -> None:
    weights = state(VISION)
    hub.repositories[REPOSITORY] = {PICKLED: pickled({"state_dict": {f"module.{k}": v for k, v in weights.items()}})}
    with pytest.raises(ModelUnavailable, match=f"only as {PICKLED}, a format that can run code; --convert"):
        carry(tiny, tmp_path / "carried")
    with pytest.raises(ModelUnavailable, match="a format that can run code"):
        load_encoder(tiny)
    assert not (tmp_path / "carried").exists()
    card = carry(tiny, tmp_path / "carried", converting=True, without=sandbox().missing)
    assert names(tmp_path / "carried") == WHOLE
    assert f"{PICKLED} (SHA-256 {hub.digest(PICKLED, hub.repositories[REPOSITORY][PICKLED])}), converted" in card.source
    hub.repositories[REPOSITORY] = {WEIGHTS_FILE: save(weights)}
    carry(tiny, tmp_path / "from safetensors")
    assert verify(tmp_path / "carried").generation == verify(tmp_path / "from safetensors").generation


class Crafted:
    """A pickle that runs a command when it is read."""

    def __init__(self, proof: Path) -> None:
        self._proof = proof

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self._proof}",)


def test_a_crafted_pickle_runs_nothing_and_leaves_nothing(hub: FakeHub, tiny: str, tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    hub.repositories[REPOSITORY] = {PICKLED: pickled({"weight": Crafted(proof)})}
    with pytest.raises(ModelUnavailable, match="cannot be converted: it holds more than tensors, or is damaged"):
        carry(tiny, tmp_path / "carried", converting=True, without=sandbox().missing)
    assert not proof.exists()
    assert names(tmp_path) == {"cache", "tiny-vision.json"}


def poor_kernel(monkeypatch: pytest.MonkeyPatch, *lacked: str) -> None:
    """The converting process finds a kernel without these."""
    faults = {"landlock": "sandbox._landlock = lambda _: False", "seccomp": "sandbox.closed = lambda _: False"}
    lines = [
        "import sys; sys.path.insert(0, sys.argv[1])",
        "from gpu_jobs import sandbox",
        *(faults[each] for each in lacked),
        "from gpu_jobs.models.checkpoints import convert_sealed; convert_sealed()",
    ]
    monkeypatch.setattr(converting, "_BOOT", "\n".join(lines))


def test_what_the_kernel_cannot_shut_in_reads_no_pickle_unless_that_is_taken_part_by_part(
    hub: FakeHub, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sandbox().missing:
        pytest.skip(f"this kernel lacks {sandbox().missing} itself")
    hub.repositories[REPOSITORY] = {PICKLED: pickled(state(VISION))}
    poor_kernel(monkeypatch, "landlock", "seccomp")
    with pytest.raises(ModelUnavailable, match="is not read: this kernel lacks landlock and seccomp") as refusal:
        carry(tiny, tmp_path / "carried", converting=True)
    assert str(refusal.value).endswith("--convert-without landlock --convert-without seccomp")
    with pytest.raises(ModelUnavailable, match="is not read: this kernel lacks seccomp"):
        carry(tiny, tmp_path / "carried", converting=True, without=["landlock"])
    assert not (tmp_path / "carried").exists()

    taken = ["--convert", "--convert-without", "landlock", "--convert-without", "seccomp"]
    said = CliRunner().invoke(app, ["model", "fetch", tiny, str(tmp_path / "carried"), *taken])
    assert said.exit_code == 0, said.output
    card = read_card(tmp_path / "carried")
    assert card is not None
    assert card.source.endswith("), converted by a process without landlock and seccomp")
    assert f"source: {card.source}" in said.stdout


def test_before_the_seal_is_known_to_hold_nothing_of_the_pickle_is_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights.bin").write_bytes(pickled(state(VISION)))
    poor_kernel(monkeypatch, "landlock")
    with pytest.raises(ModelUnavailable, match="lacks landlock"):
        converting.convert(tmp_path / "weights.bin", tmp_path / "made")
    assert (tmp_path / "made").stat().st_size == 0


def test_a_process_that_cannot_even_be_limited_reads_no_pickle(
    hub: FakeHub, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories[REPOSITORY] = {PICKLED: pickled(state(VISION))}
    monkeypatch.setattr(converting, "_BOOT", "raise SystemExit(7)")
    with pytest.raises(ModelUnavailable, match=r"is not read: the process .* ended with 7 before it was shut in"):
        carry(tiny, tmp_path / "carried", converting=True)


def test_only_parts_of_the_seal_can_be_done_without(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="without: rlimits is no part of the seal that may be missing; name la"):
        carry("ViT-B-32/laion2b_s34b_b79k", tmp_path / "carried", converting=True, without=["rlimits"])


@pytest.mark.parametrize("fault", ["cut", "altered", "absent", "no repository"])
def test_what_the_hub_does_not_send_whole_leaves_nothing(
    hub: FakeHub, tiny: str, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)  # the hub's client waits between its tries
    if fault != "no repository":
        hub.repositories[REPOSITORY] = {"README.md": b""} if fault == "absent" else {WEIGHTS_FILE: save(state(VISION))}
    if fault in ("cut", "altered"):
        getattr(hub, fault).add(WEIGHTS_FILE)
    says = {
        "cut": "cannot be fetched from",
        "altered": "the hub says",
        "absent": "neither",
        "no repository": "cannot be fetched from",
    }[fault]
    with pytest.raises(ModelUnavailable, match=says) as refusal:
        carry(tiny, tmp_path / "carried")
    assert "\n" not in str(refusal.value)
    assert not {"carried", ".carried.part"} & names(tmp_path)


def test_a_hub_that_is_not_there_is_one_clear_line(hub: FakeHub, tiny: str, tmp_path: Path) -> None:
    from huggingface_hub import constants

    constants.ENDPOINT = "http://127.0.0.1:9"  # the fixture puts it back
    with pytest.raises(ModelUnavailable, match="fetch it elsewhere and carry the folder"):
        carry(tiny, tmp_path / "carried")


def test_a_killed_run_leaves_no_folder_and_does_not_stand_in_the_way(hub: FakeHub, tiny: str, tmp_path: Path) -> None:
    """Killed in the middle of the copying, as the last file is about to be written."""
    source = draw(tmp_path / "made", VISION)
    program = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from gpu_jobs.models import carrying\n"
        "whole = carrying._tokenizer\n"
        "carrying._tokenizer = lambda *those: (whole(*those), os.kill(os.getpid(), signal.SIGKILL))\n"
        f"carrying.carry('local-dir:{source}', Path('{tmp_path / 'carried'}'),\n"
        "    terms=carrying.Terms(licence='-', intended_use='-'))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).resolve().parents[3], check=False)
    assert ended.returncode == -9
    assert not (tmp_path / "carried").exists()
    assert WEIGHTS_FILE in names(tmp_path / ".carried.part")
    carry(f"local-dir:{source}", tmp_path / "carried", terms=TERMS)
    assert verify(tmp_path / "carried").dimension == 32
    assert not (tmp_path / ".carried.part").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    source = draw(tmp_path / "made", VISION)
    before = names(source)
    with pytest.raises(ModelUnavailable, match="is there already; name a new one"):
        carry(f"local-dir:{source}", source, terms=TERMS)
    assert names(source) == before


def test_a_template_without_a_place_for_the_words_is_refused(tmp_path: Path) -> None:
    source = draw(tmp_path / "made", VISION)
    with pytest.raises(ModelUnavailable, match="where the searched words go"):
        carry(f"local-dir:{source}", tmp_path / "carried", terms=TERMS, templates=["a photo"])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-such/tag", "no architecture 'no-such'"),
        ("ViT-B-32/no-such", "no pretrained tag 'no-such'"),
        ("ViT-B-32/openai", "another activation than ViT-B-32 has; write ViT-B-32-quickgelu/openai"),
    ],
)
def test_an_unknown_or_unfitting_name_is_refused(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(ModelUnavailable, match=says):
        carry(name, tmp_path / "carried")
    with pytest.raises(ModelUnavailable, match=says):
        load_encoder(name)
