"""Models whose text tower and tokenizer `transformers` builds: from the carried files alone, or a clear refusal."""

from __future__ import annotations

import importlib.util
import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpu_jobs.encoders import load_encoder
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.carrying import Terms, carry
from gpu_jobs.models.files import CONFIG_FILE, WEIGHTS_FILE
from gpu_jobs.verifying import verify
from tests.gpu_jobs.models.drawn_models import VISION, draw

HERE = importlib.util.find_spec("transformers") is not None
TEXT = {"hf_model_name": "house/xlm", "hf_tokenizer_name": "house/xlm", "hf_pooler_type": "mean_pooler"}
CONFIG = {
    "model_cfg": {
        "embed_dim": 40,
        "vision_cfg": VISION["model_cfg"]["vision_cfg"],
        "text_cfg": {**TEXT, "context_length": 20, "hf_proj_type": "linear"},
    },
    "preprocess_cfg": VISION["preprocess_cfg"],
}
TERMS = Terms(licence="our own", intended_use="tests", languages=("uk", "en"))


@pytest.mark.skipif(HERE, reason="transformers is here: nothing to be told")
@pytest.mark.parametrize("key", ["hf_model_name", "hf_tokenizer_name"])
def test_without_transformers_the_extra_is_named(tmp_path: Path, key: str) -> None:
    folder = draw(tmp_path / "made", VISION)
    config = json.loads((folder / CONFIG_FILE).read_text())
    config["model_cfg"]["text_cfg"][key] = "house/xlm"
    (folder / CONFIG_FILE).write_text(json.dumps(config))
    with pytest.raises(ModelUnavailable, match=r"with transformers; pip install 'oberih\[multilingual\]'"):
        load_encoder(f"local-dir:{folder}")


def test_what_the_text_tower_needs_must_lie_beside_the_weights(tmp_path: Path) -> None:
    folder = draw(tmp_path / "made", VISION)
    config = json.loads((folder / CONFIG_FILE).read_text())
    config["model_cfg"]["text_cfg"] |= TEXT
    (folder / CONFIG_FILE).write_text(json.dumps(config))
    for missing in (r"its tokenizer's files are missing", r"config\.json is missing, which says what its text tower"):
        with pytest.raises(ModelUnavailable, match=missing):
            carry(f"local-dir:{folder}", tmp_path / "carried", terms=TERMS)
        (folder / "tokenizer.json").write_text("{}")
    assert not (tmp_path / "carried").exists()


def write_tokenizer(folder: Path) -> int:
    """A vocabulary of byte pairs learnt from a few sentences of both languages. Returns its size."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    said = ["біла машина біля школи", "хлопець у червоній куртці", "a white van", "a boy in a red jacket", "фото: авто"]
    tokenizer.train_from_iterator(said * 3, trainers.BpeTrainer(vocab_size=300, special_tokens=marks))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    names = ("bos_token", "pad_token", "eos_token", "unk_token", "mask_token")
    told: dict[str, Any] = {"tokenizer_class": "PreTrainedTokenizerFast", **dict(zip(names, marks, strict=True))}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    return int(tokenizer.get_vocab_size())


@pytest.fixture
def multilingual(tmp_path: Path) -> Path:
    """A vision transformer beside a small XLM-RoBERTa, weights drawn at random, as its maker would leave it."""
    import open_clip  # noqa: TID251
    import torch  # noqa: TID251
    from safetensors.torch import save_file

    folder = tmp_path / "multilingual"
    folder.mkdir()
    tower = {
        "model_type": "xlm-roberta", "architectures": ["XLMRobertaModel"], "vocab_size": write_tokenizer(folder),
        "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64,
        "max_position_embeddings": 40, "type_vocab_size": 1, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(tower))
    (folder / CONFIG_FILE).write_text(json.dumps(CONFIG))
    torch.manual_seed(3)
    made = json.loads(json.dumps(CONFIG["model_cfg"]))
    made["text_cfg"] |= {"hf_model_name": str(folder), "hf_model_pretrained": False}
    weights = open_clip.CustomTextCLIP(**made).state_dict()
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / WEIGHTS_FILE)
    return folder


@pytest.mark.skipif(not HERE, reason="needs transformers: pip install 'oberih[multilingual]'")
def test_a_carried_text_tower_asks_nobody(multilingual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    card = carry(f"local-dir:{multilingual}", tmp_path / "carried", terms=TERMS, templates=["{}", "фото: {}"])
    assert {"config.json", "tokenizer.json", "tokenizer_config.json"} <= set(card.files)
    found = verify(tmp_path / "carried")
    assert found.dimension == 40
    model = load_encoder(f"local-dir:{tmp_path / 'carried'}")
    one, other = model.embed_text("біла машина").vector, model.embed_text("a red jacket").vector
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-6)
    assert not np.allclose(one, other, atol=1e-3)
    assert load_encoder(f"local-dir:{tmp_path / 'carried'}").embed_text("біла машина").vector.tobytes() == one.tobytes()


@pytest.mark.skipif(not HERE, reason="needs transformers: pip install 'oberih[multilingual]'")
def test_a_text_longer_than_such_a_tower_takes_is_refused(multilingual: Path) -> None:
    model = load_encoder(f"local-dir:{multilingual}", "bfloat16")
    assert np.isfinite(model.embed_text("a red jacket").vector).all()
    with pytest.raises(ValueError, match="text: longer than the 20 tokens"):
        model.embed_text("машина " * 40)


@pytest.mark.skipif(not HERE, reason="needs transformers: pip install 'oberih[multilingual]'")
def test_an_altered_tokenizer_is_refused(multilingual: Path, tmp_path: Path) -> None:
    folder = tmp_path / "carried"
    carry(f"local-dir:{multilingual}", folder, terms=TERMS)
    (folder / "tokenizer.json").write_text((folder / "tokenizer.json").read_text().replace("<unk>", "<huh>"))
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json has SHA-256"):
        load_encoder(f"local-dir:{folder}")
